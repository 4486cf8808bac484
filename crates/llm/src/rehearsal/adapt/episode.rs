use story::{language::Tongue, output_spec::LengthRange, screenplay::scenes::Staged, tasks::DraftEpisode};

use super::{
    keep::{Wanted, fitted},
    letters,
    source::{cast_names, hear, tongue_of},
    woven, written,
};

/// Writes an episode from its stretch of the source.
pub(in crate::rehearsal) fn draft(input: &DraftEpisode, draw: u32) -> String {
    let again = u64::from(draw) + u64::from(input.redraft) + input.guidance.len() as u64;
    let cast = cast_names(&input.cast, &input.characters);
    let scenes: Vec<Staged> = input.source.iter().flat_map(|part| hear(part, &cast).scenes).filter(|s| !s.beats.is_empty()).collect();
    let keys: Vec<String> = input.key_lines.iter().map(|line| letters(&line.quote)).filter(|k| !k.is_empty()).collect();
    let wanted = Wanted {
        format: input.script_format,
        length: cut(input.length, again),
        tongue: input.source.first().map_or(Tongue::of(&input.language), tongue_of),
        episode: Some(input.episode.number),
        keys: &keys,
        people: &input.characters,
    };
    woven(&written(&fitted(&scenes, &wanted), input.script_format), &input.keep, input.script_format)
}

/// The range of another try: it ends earlier, so that other lines are kept.
fn cut(range: LengthRange, again: u64) -> LengthRange {
    LengthRange { max: range.max - (range.max - range.min) / 9 * (again % 8), ..range }
}
