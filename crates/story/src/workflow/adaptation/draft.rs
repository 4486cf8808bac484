use super::{planned, progress, view};
use crate::{
    context::{guidance_for, most_tokens},
    state::AdaptationState,
    tasks::{DraftEpisode, Heard, ask_prose, render},
    workflow::{
        Act, Desk, OutOfTurn,
        scripted::{self, Unit},
    },
};

/// STEP2: writes the episode in hand from its stretch of the source.
pub(super) fn act(desk: Desk<'_, AdaptationState>, unit: &Unit<'_>, heard: &[Heard]) -> Result<Act<AdaptationState>, OutOfTurn> {
    let ask = |round, slot: &str| {
        if unit.source.is_empty() {
            return Err(OutOfTurn::new(&desk.state.cursor.phase, "the episode's stretch of the source is gone"));
        }
        let (_, _, episode) = planned(desk.state)?;
        let length = unit.length;
        let mut characters: Vec<String> = Vec::new();
        for chapter in &unit.source {
            let told = desk.state.broken_down(chapter.chapter).into_iter().flat_map(|b| &b.characters);
            for name in told {
                if !characters.contains(name) {
                    characters.push(name.clone());
                }
            }
        }
        let input = DraftEpisode {
            book: desk.brief.title.clone(),
            language: unit.language.to_owned(),
            script_format: unit.format(),
            preset: unit.preset.to_owned(),
            episode: view(unit.ordinal, episode),
            episode_count: progress(desk.state).total,
            source: unit.source.clone(),
            cast: desk.brief.content.characters.clone(),
            characters,
            key_lines: unit.key_lines.iter().map(|(line, _)| line.line()).collect(),
            length,
            aim: length.middle(),
            previous_ending: desk.state.ending.clone().unwrap_or_default(),
            guidance: guidance_for(&desk.state.guidance, Some(unit.ordinal)),
            redraft: round,
            keep: desk.materials.locked.clone(),
        };
        let prompt = desk.context.with_source(unit.passage().as_deref(), None, render(&input, unit.tongue()));
        Ok(ask_prose(slot, &input, prompt, most_tokens(length) + 400, unit.spec.seed))
    };
    scripted::draft(desk, unit, heard, ask, progress)
}
