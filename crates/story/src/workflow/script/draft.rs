use super::{preset, progress, view};
use crate::{
    context::{guidance_for, most_tokens},
    state::ScriptState,
    tasks::{BriefView, DraftScene, Heard, ask_prose, render},
    workflow::{
        Act, Desk, OutOfTurn,
        revise::MOST_DEAD_TOLD,
        scripted::{self, Unit},
    },
};

/// Writes the scene in hand.
pub(super) fn act(desk: Desk<'_, ScriptState>, unit: &Unit<'_>, heard: &[Heard]) -> Result<Act<ScriptState>, OutOfTurn> {
    let ask = |round, slot: &str| {
        let length = unit.length;
        let list = desk.state.scene_list.as_ref();
        let scene = |n: u32| list.and_then(|list| list.scene(n)).map(|(_, scene)| view(desk.state, n, scene));
        let input = DraftScene {
            brief: BriefView::of(desk.brief),
            language: unit.language.to_owned(),
            script_format: unit.format(),
            preset: preset(desk.state).to_owned(),
            scene: scene(unit.ordinal).unwrap_or_default(),
            scene_count: progress(desk.state).total,
            next: scene(unit.ordinal + 1),
            length,
            aim: length.middle(),
            dead: desk.state.current_state.last_dead(MOST_DEAD_TOLD).into_iter().map(str::to_owned).collect(),
            guidance: guidance_for(&desk.state.guidance, Some(unit.ordinal)),
            redraft: round,
            keep: desk.materials.locked.clone(),
        };
        let prompt = desk.context.with(None, render(&input, unit.tongue()));
        Ok(ask_prose(slot, &input, prompt, most_tokens(length) + 400, unit.spec.seed))
    };
    scripted::draft(desk, unit, heard, ask, progress)
}
