use documents::ImportedNovel;
use serde_json::json;
use story::{
    output_spec::LengthRange,
    source::{episodes_for, implied_length},
    state::SplitMode,
    text::{Unit, paragraphs},
};
use studio::Studio;

use super::{AdaptArgs, Preset, chapters_of, source};
use crate::{cli::output::Output, failure::Failure, say};

/// Shows what the file holds and what would be made of it. Nothing is kept and no model asked.
pub(super) async fn show(
    studio: &Studio,
    args: &AdaptArgs,
    novel: &ImportedNovel,
    preset: Option<Preset>,
    output: &Output,
) -> Result<(), Failure> {
    let inputs = args.inputs(studio, preset).await?;
    let resolved = studio.preset_for(&novel.language, &inputs).await?;
    let by_chapter = inputs.length_by_chapter(&resolved);
    let text = resolved.preset.as_ref().map(|preset| preset.text.as_str()).unwrap_or_default();
    let range = implied_length(text, &resolved.language);
    let episodes = episodes(args, novel, range);
    let total: u32 = episodes.iter().sum();
    let total = args.episodes.unwrap_or(total);
    let title = source::title(args, novel);
    let preset = resolved.preset.as_ref().map(|preset| preset.name.clone()).unwrap_or_default();
    for warning in &novel.warnings {
        output.warn(&warning.to_string());
    }
    output.data(
        || {
            json!({
                "title": title, "language": novel.language, "encoding": novel.encoding,
                "chapters": (1..).zip(&novel.chapters).map(|(n, c): (u32, _)| json!({ "ordinal": n, "title": c.title, "length": c.length })).collect::<Vec<_>>(),
                "warnings": novel.warnings, "preset": preset, "script_format": resolved.script_format, "episode_length": (!by_chapter).then_some(range),
                "split_mode": args.split_mode().unwrap_or_default(), "episodes": total,
            })
        },
        || {
            let mut lines = vec![format!("{title} · {} · {}", novel.language, chapters_of(novel))];
            for (n, (chapter, episodes)) in (1..).zip(novel.chapters.iter().zip(&episodes)) {
                let (length, unit) = match range.unit {
                    Unit::Chars => (chapter.length.chars, "字"),
                    Unit::Words => (chapter.length.words, "words"),
                };
                let made = if args.episodes.is_some() { String::new() } else { format!(" → {episodes}") };
                lines.push(format!("{n:>4}. {} · {length} {unit}{made}", chapter.title));
            }
            let unit = if range.unit == Unit::Chars { "字" } else { "words" };
            if by_chapter {
                lines.push(say!("{} episodes, each as long as its chapter, written as: {}" | "{} 集，每集与所据的一章篇幅相当，写法：{}", total, preset));
                return lines;
            }
            lines.push(say!(
                "{} episodes of {}–{} {unit}, written as: {}" | "{} 集，每集 {}–{} {unit}，写法：{}",
                total,
                range.min,
                range.max,
                preset
            ));
            lines
        },
    );
    Ok(())
}

/// How many episodes each chapter becomes, where chapters are taken one by one.
fn episodes(args: &AdaptArgs, novel: &ImportedNovel, range: LengthRange) -> Vec<u32> {
    let by_length = args.split_mode() == Some(SplitMode::AutoByLength);
    let of = |chapter: &documents::ImportedChapter| {
        let count = u32::try_from(paragraphs(&chapter.text).len()).unwrap_or(u32::MAX);
        if by_length { episodes_for(chapter.length, count, range) } else { 1 }
    };
    novel.chapters.iter().map(of).collect()
}
