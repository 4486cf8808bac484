use std::{collections::BTreeMap, sync::Arc};

use serde_json::json;

use super::{BREAKDOWN, PLAN, SEASON, onward::begin, progress, text_of, whole};
use crate::{
    language::Tongue,
    plan::{EpisodePlan, PlannedEpisode},
    source::{Breakdown, PlacedLine, SourceChapter, numbered},
    state::{AdaptationState, Cursor, SplitMode},
    tasks::{Answer, BreakDownChapter, BreakdownAnswer, Heard, MomentView, SourceParagraph, SourcePart, ask, read_answer, render},
    text::{Length, tokens},
    workflow::{
        Act, Desk, OutOfTurn,
        revise::answer,
        scripted::{done, shown_source},
    },
};

/// So many tokens of a chapter are read in one call; longer chapters are read in parts.
const PART: u64 = 6_000;
/// So much of each kind is kept of a chapter.
const MOST_KEY_LINES: usize = 16;
const MOST_CONFLICTS: usize = 12;
const MOST_PEOPLE: usize = 40;
const MOST_MOMENTS: usize = 60;

/// Breaks the chapter in hand down, part by part.
pub(super) fn act(desk: Desk<'_, AdaptationState>, heard: &[Heard]) -> Result<Act<AdaptationState>, OutOfTurn> {
    let phase = &desk.state.cursor.phase;
    let ordinal = desk.state.cursor.chapter_index.ok_or_else(|| OutOfTurn::new(phase, "the cursor names no chapter"))?;
    let chapter =
        desk.state.source.chapters.get(&ordinal).ok_or_else(|| OutOfTurn::new(phase, format!("the source has no chapter {ordinal}")))?;
    let all = numbered(text_of(desk, ordinal)?, 1, u32::MAX);
    let parts = parts(all);
    let mut told = Vec::new();
    for (n, part) in parts.iter().enumerate() {
        let slot = format!("breakdown/{}", n + 1);
        let Some(Answer::Json(heard)) = answer(heard, &slot) else {
            let tongue = Tongue::of(&desk.state.language);
            let source = SourcePart { chapter: ordinal, title: chapter.title.clone(), paragraphs: part.clone() };
            let input = BreakDownChapter {
                book: desk.brief.title.clone(),
                language: desk.state.language.clone(),
                source,
                part: u32::try_from(n + 1).unwrap_or(1),
                parts: u32::try_from(parts.len()).unwrap_or(1),
                cast: desk.brief.content.characters.clone(),
            };
            let shown = shown_source(tongue, std::slice::from_ref(&input.source));
            let prompt = desk.context.with_source(shown.as_deref(), None, render(&input, tongue));
            return Ok(Act::Ask(Box::new(ask(slot, &input, prompt, 3_000, desk.state.output_spec.seed))));
        };
        told.push((part, read_answer::<BreakDownChapter>(heard).unwrap_or_default()));
    }
    let breakdown = gathered(desk.state, ordinal, told);
    let outputs = json!({
        "chapter": ordinal, "moments": breakdown.moments.len(), "key_lines": breakdown.key_lines.len(), "conflicts": breakdown.conflicts.len(),
    });
    let mut state = desk.state.clone();
    onward(&mut state, ordinal, chapter, Arc::new(breakdown));
    Ok(done(state, outputs, Vec::new(), None, progress))
}

/// Where the run stands after a chapter was broken down.
fn onward(state: &mut AdaptationState, ordinal: u32, chapter: &SourceChapter, breakdown: Arc<Breakdown>) {
    state.breakdown = Some(breakdown.clone());
    if let Some(redone) = state.redo.as_ref().map(|redo| redo.chapter) {
        let plan = state.episode_plan.clone().unwrap_or_default();
        begin(state, &plan, redone);
        return;
    }
    match state.split() {
        SplitMode::ChapterUnit => {
            let mut plan: EpisodePlan = state.episode_plan.as_deref().cloned().unwrap_or_default();
            let (from, to) = whole(ordinal, chapter.paragraphs);
            let hook = breakdown.moments.last().map(|m| m.text.clone()).unwrap_or_default();
            let core = breakdown.core_plot.clone();
            plan.push(PlannedEpisode { title: chapter.title.clone(), from, to, core, hook, ..PlannedEpisode::default() });
            let episode = plan.count();
            begin(state, &plan, episode);
            state.episode_plan = Some(Arc::new(plan));
        }
        SplitMode::AutoByLength => state.cursor = Cursor { phase: PLAN.into(), chapter_index: Some(ordinal), ..Cursor::default() },
        SplitMode::ByEpisodeCount => {
            let mut all: BTreeMap<u32, Arc<Breakdown>> = state.breakdowns.as_deref().cloned().unwrap_or_default();
            all.insert(ordinal, breakdown);
            state.breakdowns = Some(Arc::new(all));
            state.cursor = match state.source.after(ordinal) {
                Some(next) => Cursor { phase: BREAKDOWN.into(), chapter_index: Some(next), ..Cursor::default() },
                None => {
                    state.breakdown = None;
                    Cursor { phase: SEASON.into(), ..Cursor::default() }
                }
            };
        }
    }
}

/// A chapter in parts that can be read in one call each; at least one.
fn parts(all: Vec<SourceParagraph>) -> Vec<Vec<SourceParagraph>> {
    let mut parts: Vec<Vec<SourceParagraph>> = vec![Vec::new()];
    let mut used = 0;
    for paragraph in all {
        let cost = tokens(&paragraph.text);
        if used + cost > PART && used > 0 {
            parts.push(Vec::new());
            used = 0;
        }
        used += cost;
        if let Some(part) = parts.last_mut() {
            part.push(paragraph);
        }
    }
    parts
}

/// One breakdown from what was told of the parts. Only lines that stand in the text are kept, under the paragraph in which they stand.
fn gathered(state: &AdaptationState, chapter: u32, told: Vec<(&Vec<SourceParagraph>, BreakdownAnswer)>) -> Breakdown {
    let mut breakdown = Breakdown { chapter, ..Breakdown::default() };
    let mut plots = Vec::new();
    let add = |list: &mut Vec<String>, text: &str| {
        let text = text.trim().to_owned();
        if !text.is_empty() && !list.contains(&text) {
            list.push(text);
        }
    };
    for (part, answer) in told {
        add(&mut plots, &answer.core_plot);
        answer.conflicts.iter().for_each(|text| add(&mut breakdown.conflicts, text));
        answer.characters.iter().for_each(|name| add(&mut breakdown.characters, name));
        for line in &answer.key_lines {
            let quote = line.quote.trim().trim_matches(['"', '“', '”', '「', '」']).trim();
            let place = part.iter().find(|p| !quote.is_empty() && crate::rules::stands_in(&p.text, quote));
            if let Some(place) = place.filter(|_| !breakdown.key_lines.iter().any(|known| known.quote == quote)) {
                let speaker = line.speaker.trim().to_owned();
                breakdown.key_lines.push(PlacedLine { paragraph: place.number, speaker, quote: quote.to_owned() });
            }
        }
        let unit = state.output_spec.chapter_length.unit;
        breakdown.moments.extend(moments(part, &answer, |text| Length::of(text).in_unit(unit)));
    }
    breakdown.core_plot = plots.join(" ");
    breakdown.key_lines.sort_by_key(|line| line.paragraph);
    breakdown.key_lines.truncate(MOST_KEY_LINES);
    breakdown.conflicts.truncate(MOST_CONFLICTS);
    breakdown.characters.truncate(MOST_PEOPLE);
    breakdown
}

/// The moments of one part: in order, together the whole part, whatever numbers were told.
fn moments(part: &[SourceParagraph], answer: &BreakdownAnswer, length: impl Fn(&str) -> u64) -> Vec<MomentView> {
    let (Some(first), Some(last)) = (part.first().map(|p| p.number), part.last().map(|p| p.number)) else { return Vec::new() };
    let mut begins: Vec<(u32, &str)> = answer
        .moments
        .iter()
        .filter_map(|m| Some((u32::try_from(m.from).ok()?, m.text.trim())))
        .filter(|(from, text)| (first..=last).contains(from) && !text.is_empty())
        .collect();
    begins.sort_by_key(|(from, _)| *from);
    begins.dedup_by_key(|(from, _)| *from);
    begins.truncate(MOST_MOMENTS);
    match begins.first_mut() {
        Some(begin) => begin.0 = first,
        None => begins.push((first, answer.core_plot.trim())),
    }
    let ends = begins.iter().skip(1).map(|(from, _)| from - 1).chain([last]);
    begins
        .iter()
        .zip(ends)
        .map(|((from, text), to)| {
            let inside = part.iter().filter(|p| (*from..=to).contains(&p.number));
            MomentView { from: *from, to, text: (*text).to_owned(), length: inside.map(|p| length(&p.text)).sum() }
        })
        .collect()
}
