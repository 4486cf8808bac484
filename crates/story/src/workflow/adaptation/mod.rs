//! The adaptation of a novel, step by step: chapters are broken down and divided into episodes; then for each episode draft, extract,
//! critique, fix, commit.
//!
//! With one episode a chapter, and where each chapter is divided by its length, the chapters are taken one after another. With a fixed
//! number of episodes the whole book is broken down first, and the season planned across chapters.

mod breakdown;
mod draft;
pub(crate) mod edit;
mod onward;
mod plan;
pub(crate) mod redo;
mod season;

use serde_json::{Map, json};

use super::{
    Act, DONE, Desk, Needs, OutOfTurn, Progress,
    scripted::{self, Phases, Unit},
};
use crate::{
    plan::{Place, PlannedEpisode, UnitId, UnitKind},
    source::{PlacedLine, episodes_for},
    state::{AdaptationState, SplitMode},
    tasks::{EpisodeView, Heard},
    text::prints,
};

/// STEP1: what a chapter is made of.
pub const BREAKDOWN: &str = "adapt.chapter.breakdown";
/// Divides a chapter into episodes.
pub const PLAN: &str = "adapt.chapter.plan";
/// Lays exactly as many episodes over the book as were asked for.
pub const SEASON: &str = "adapt.season.plan";
/// STEP2: writes one episode.
pub const DRAFT: &str = "adapt.episode.draft";
/// Reads what it says happens.
pub const EXTRACT: &str = "adapt.episode.extract";
/// Judges it.
pub const CRITIQUE: &str = "adapt.episode.critique";
/// Rewrites the pieces that were named.
pub const FIX: &str = "adapt.episode.fix";
/// Keeps the episode.
pub const COMMIT: &str = "adapt.episode.commit";

/// Every step of the recipe, in order.
pub const STEPS: [&str; 8] = [BREAKDOWN, PLAN, SEASON, DRAFT, EXTRACT, CRITIQUE, FIX, COMMIT];

static PHASES: Phases = Phases { draft: DRAFT, extract: EXTRACT, critique: CRITIQUE, fix: FIX, commit: COMMIT };

/// What the step at the cursor needs from the store.
pub fn needs(state: &AdaptationState) -> Needs {
    let contents = |chapters: &mut dyn Iterator<Item = u32>| {
        chapters.filter_map(|n| state.source.chapters.get(&n)).map(|chapter| chapter.content_id.clone()).collect()
    };
    let in_hand = || {
        let (_, episode) = state.episode_plan.as_ref()?.episode(state.cursor.episode_index?)?;
        Some(contents(&mut (episode.from.chapter..=episode.to.chapter)))
    };
    match state.cursor.phase.as_str() {
        BREAKDOWN | PLAN => Needs { contents: contents(&mut state.cursor.chapter_index.into_iter()), ..Needs::default() },
        SEASON => Needs { contents: contents(&mut state.source.chapters.keys().copied()), ..Needs::default() },
        DRAFT | FIX => Needs { contents: in_hand().unwrap_or_default(), locks: true, ..Needs::default() },
        COMMIT if state.redo.is_some() => Needs { readings: true, ..Needs::default() },
        CRITIQUE => Needs {
            prints: state.draft.iter().flat_map(|draft| prints(&draft.text)).map(|(_, print)| print).collect(),
            contents: in_hand().unwrap_or_default(),
            ..Needs::default()
        },
        _ => Needs::default(),
    }
}

/// What the step at the cursor does next, having heard these answers in this step so far.
pub fn act(desk: Desk<'_, AdaptationState>, heard: &[Heard]) -> Result<Act<AdaptationState>, OutOfTurn> {
    match desk.state.cursor.phase.as_str() {
        BREAKDOWN => breakdown::act(desk, heard),
        PLAN => plan::act(desk, heard),
        SEASON => season::act(desk, heard),
        DRAFT => draft::act(desk, &unit(desk)?, heard),
        EXTRACT => scripted::extract(desk, &unit(desk)?, heard, progress),
        CRITIQUE => scripted::critique(desk, &unit(desk)?, heard, progress),
        FIX => scripted::fix(desk, &unit(desk)?, heard, progress),
        COMMIT => {
            let unit = unit(desk)?;
            let (ordinal, grain) = (unit.ordinal, unit.grain());
            let onward = |state: &mut AdaptationState, text: &str| onward::after(state, ordinal, text, grain);
            scripted::commit(desk, unit, onward, |state, redo, text| redo::kept(state, redo, text, grain), progress)
        }
        phase => Err(OutOfTurn::new(phase, "the adaptation has no such step")),
    }
}

/// Whether a step may do without its answer once its attempts are used up.
pub fn may_give_up(phase: &str) -> bool {
    matches!(phase, EXTRACT | CRITIQUE)
}

/// Episodes committed and planned.
pub fn progress(state: &AdaptationState) -> Progress {
    let planned = state.episode_plan.as_ref().map_or(0, |plan| plan.count());
    let total = match state.split() {
        SplitMode::ByEpisodeCount => state.episode_count.unwrap_or(planned),
        SplitMode::ChapterUnit => u32::try_from(state.source.chapters.len()).unwrap_or(u32::MAX),
        SplitMode::AutoByLength => {
            // Chapters that are divided count as they are, those ahead as their length says.
            let begun = state.episode_plan.iter().flat_map(|plan| plan.episodes.values()).map(|e| e.to.chapter).max();
            let range = state.output_spec.chapter_length;
            let ahead = state.source.chapters.iter().filter(|(n, _)| begun.is_none_or(|begun| **n > begun));
            planned + ahead.map(|(_, chapter)| episodes_for(chapter.length, chapter.paragraphs, range)).sum::<u32>()
        }
    };
    let cursor = state.redo.as_ref().map_or(&state.cursor, |redo| &redo.back);
    let done = match (cursor.phase.as_str(), cursor.episode_index) {
        (DONE, _) => total,
        (_, Some(episode)) => episode.saturating_sub(1),
        // Between two chapters everything that is planned is committed; a season is planned before anything is.
        (_, None) if state.split() == SplitMode::ByEpisodeCount => 0,
        (_, None) => planned,
    };
    Progress { done: done.min(total), total }
}

/// A held episode is taken as it is.
pub fn accept_held(state: &AdaptationState) -> Result<AdaptationState, OutOfTurn> {
    if state.draft.is_none() || state.critique.is_none() {
        return Err(OutOfTurn::new(&state.cursor.phase, "no episode is held for findings"));
    }
    let mut next = state.clone();
    next.cursor.phase = COMMIT.into();
    Ok(next)
}

/// The episode in hand with its id.
fn planned(state: &AdaptationState) -> Result<(u32, &UnitId, &PlannedEpisode), OutOfTurn> {
    let phase = &state.cursor.phase;
    let ordinal = state.cursor.episode_index.ok_or_else(|| OutOfTurn::new(phase, "the cursor names no episode"))?;
    let plan = state.episode_plan.as_ref().ok_or_else(|| OutOfTurn::new(phase, "there is no plan of episodes"))?;
    let (id, episode) = plan.episode(ordinal).ok_or_else(|| OutOfTurn::new(phase, format!("the plan has no episode {ordinal}")))?;
    Ok((ordinal, id, episode))
}

fn unit<'a>(desk: Desk<'a, AdaptationState>) -> Result<Unit<'a>, OutOfTurn> {
    let state = desk.state;
    let (ordinal, id, episode) = planned(state)?;
    let source = state.source.passage(episode.from, episode.to, &desk.materials.contents);
    Ok(Unit {
        kind: UnitKind::Episode,
        id: id.clone(),
        ordinal,
        title: episode.title.clone(),
        core: episode.core.clone(),
        opening_hook: episode.opening_hook.clone(),
        closing_hook: episode.hook.clone(),
        spec: &state.output_spec,
        length: state.length_of(ordinal),
        language: &state.language,
        preset: state.prompt_preset.as_ref().map(|preset| preset.text.as_str()).unwrap_or_default(),
        key_lines: key_lines(state, episode),
        source,
        chapters: desk.materials.contents.values().map(String::as_str).collect(),
        known: scripted::cast(desk.brief).collect(),
        phases: &PHASES,
        provenance: provenance(state, episode),
    })
}

/// The key lines of an episode's stretch, each with its place in it from 0 to 1.
fn key_lines(state: &AdaptationState, episode: &PlannedEpisode) -> Vec<(PlacedLine, f64)> {
    let stretch = state.source.between(episode.from, episode.to);
    let total: u32 = stretch.iter().map(|(_, _, first, last)| last - first + 1).sum();
    let mut lines = Vec::new();
    let mut before = 0;
    for (chapter, _, first, last) in stretch {
        let all = state.broken_down(chapter).map(|b| b.key_lines.as_slice()).unwrap_or_default();
        for line in all.iter().filter(|line| (first..=last).contains(&line.paragraph)) {
            let at = f64::from(before + line.paragraph - first) / f64::from(total.max(1));
            lines.push((line.clone(), at));
        }
        before += last - first + 1;
    }
    lines
}

/// Where an episode comes from: chapters, contents, paragraphs.
fn provenance(state: &AdaptationState, episode: &PlannedEpisode) -> Map<String, serde_json::Value> {
    let chapters: Vec<_> = state
        .source
        .between(episode.from, episode.to)
        .into_iter()
        .map(|(ordinal, chapter, first, last)| {
            json!({
                "chapter": ordinal, "title": chapter.title, "content_id": chapter.content_id, "version_id": chapter.version_id,
                "from_paragraph": first, "to_paragraph": last,
            })
        })
        .collect();
    let mut source = json!({
        "brief_snapshot_id": state.source_brief_snapshot_id, "from": episode.from, "to": episode.to, "chapters": chapters,
    });
    if let Some(run) = &state.source_workflow_run_id {
        source["workflow_run_id"] = json!(run);
    }
    Map::from_iter([("source".to_owned(), source)])
}

fn view(ordinal: u32, episode: &PlannedEpisode) -> EpisodeView {
    EpisodeView {
        number: ordinal,
        title: episode.title.clone(),
        core: episode.core.clone(),
        opening_hook: episode.opening_hook.clone(),
        closing_hook: episode.hook.clone(),
    }
}

/// The text of a source chapter.
fn text_of<'a>(desk: Desk<'a, AdaptationState>, chapter: u32) -> Result<&'a str, OutOfTurn> {
    let pinned = desk.state.source.chapters.get(&chapter);
    let text = pinned.and_then(|pinned| desk.materials.contents.get(&pinned.content_id));
    text.map(String::as_str).ok_or_else(|| OutOfTurn::new(&desk.state.cursor.phase, format!("chapter {chapter} of the source is gone")))
}

fn whole(chapter: u32, paragraphs: u32) -> (Place, Place) {
    (Place { chapter, paragraph: 1 }, Place { chapter, paragraph: paragraphs })
}
