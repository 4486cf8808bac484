//! The script, step by step: the scene list; then for each scene draft, extract, critique, fix, commit.

mod draft;
pub(crate) mod edit;
pub(crate) mod redo;
mod scene_list;

use super::{
    Act, DONE, Desk, Needs, OutOfTurn, Progress,
    scripted::{self, Phases, Unit},
};
use crate::{
    brief::FrozenBrief,
    plan::{PlannedScene, UnitKind},
    state::{Cursor, ScriptState, hand::InHand as _},
    tasks::{Heard, SceneView},
    text::prints,
};

/// Plans the scenes.
pub const SCENE_LIST: &str = "script.scene_list";
/// Writes one scene.
pub const DRAFT: &str = "script.scene.draft";
/// Reads what it says happens.
pub const EXTRACT: &str = "script.scene.extract";
/// Judges it.
pub const CRITIQUE: &str = "script.scene.critique";
/// Rewrites the pieces that were named.
pub const FIX: &str = "script.scene.fix";
/// Keeps the scene.
pub const COMMIT: &str = "script.scene.commit";

/// Every step of the recipe, in order.
pub const STEPS: [&str; 6] = [SCENE_LIST, DRAFT, EXTRACT, CRITIQUE, FIX, COMMIT];

static PHASES: Phases = Phases { draft: DRAFT, extract: EXTRACT, critique: CRITIQUE, fix: FIX, commit: COMMIT };

/// Scenes planned in one call.
pub const WINDOW: u32 = 40;

/// What the step at the cursor needs from the store.
pub fn needs(state: &ScriptState) -> Needs {
    match (state.cursor.phase.as_str(), &state.draft) {
        (DRAFT | FIX, _) => Needs { locks: true, ..Needs::default() },
        (COMMIT, _) if state.redo.is_some() => Needs { readings: true, ..Needs::default() },
        (CRITIQUE, Some(draft)) => Needs { prints: prints(&draft.text).into_iter().map(|(_, print)| print).collect(), ..Needs::default() },
        _ => Needs::default(),
    }
}

/// What the step at the cursor does next, having heard these answers in this step so far.
pub fn act(desk: Desk<'_, ScriptState>, heard: &[Heard]) -> Result<Act<ScriptState>, OutOfTurn> {
    match desk.state.cursor.phase.as_str() {
        SCENE_LIST => scene_list::act(desk, heard),
        DRAFT => draft::act(desk, &unit(desk)?, heard),
        EXTRACT => scripted::extract(desk, &unit(desk)?, heard, progress),
        CRITIQUE => scripted::critique(desk, &unit(desk)?, heard, progress),
        FIX => scripted::fix(desk, &unit(desk)?, heard, progress),
        COMMIT => {
            let unit = unit(desk)?;
            let next = unit.ordinal + 1;
            scripted::commit(desk, unit, |state, _| approach(state, next), |state, redo, _| redo::put_back(state, redo), progress)
        }
        phase => Err(OutOfTurn::new(phase, "the script has no such step")),
    }
}

/// Whether a step may do without its answer once its attempts are used up.
pub fn may_give_up(phase: &str) -> bool {
    matches!(phase, EXTRACT | CRITIQUE)
}

/// Scenes committed and planned.
pub fn progress(state: &ScriptState) -> Progress {
    let total = state.scene_list.as_ref().map_or(state.output_spec.scene_count, |list| list.count());
    let cursor = state.redo.as_ref().map_or(&state.cursor, |redo| &redo.back);
    let done = if cursor.phase == DONE { total } else { cursor.scene_index.map_or(0, |n| n.saturating_sub(1)) };
    Progress { done, total }
}

/// A held scene is taken as it is.
pub fn accept_held(state: &ScriptState) -> Result<ScriptState, OutOfTurn> {
    if state.draft.is_none() || state.critique.is_none() {
        return Err(OutOfTurn::new(&state.cursor.phase, "no scene is held for findings"));
    }
    let mut next = state.clone();
    next.cursor.phase = COMMIT.into();
    Ok(next)
}

/// The state before scene `ordinal` is begun.
fn approach(state: &mut ScriptState, ordinal: u32) {
    state.hand().clear();
    let planned = state.scene_list.as_ref().is_some_and(|list| list.scene(ordinal).is_some());
    state.cursor = if planned {
        Cursor { phase: DRAFT.into(), scene_index: Some(ordinal), ..Cursor::default() }
    } else {
        Cursor { phase: DONE.into(), ..Cursor::default() }
    };
}

fn unit<'a>(desk: Desk<'a, ScriptState>) -> Result<Unit<'a>, OutOfTurn> {
    let state = desk.state;
    let phase = &state.cursor.phase;
    let ordinal = state.cursor.scene_index.ok_or_else(|| OutOfTurn::new(phase, "the cursor names no scene"))?;
    let list = state.scene_list.as_ref().ok_or_else(|| OutOfTurn::new(phase, "there is no scene list"))?;
    let (id, scene) = list.scene(ordinal).ok_or_else(|| OutOfTurn::new(phase, format!("the plan has no scene {ordinal}")))?;
    Ok(Unit {
        kind: UnitKind::Scene,
        id: id.clone(),
        ordinal,
        title: scene.title.clone(),
        core: scene.summary.clone(),
        opening_hook: String::new(),
        closing_hook: String::new(),
        spec: &state.output_spec,
        length: state.output_spec.chapter_length,
        language: &state.language,
        preset: preset(state),
        source: Vec::new(),
        chapters: Vec::new(),
        key_lines: Vec::new(),
        known: known(desk.brief, state),
        phases: &PHASES,
        provenance: serde_json::Map::new(),
    })
}

/// Everybody whom the brief or the plan names.
fn known(brief: &FrozenBrief, state: &ScriptState) -> Vec<String> {
    let planned = state.scene_list.iter().flat_map(|list| list.scenes.values()).flat_map(|scene| scene.characters.iter().cloned());
    scripted::cast(brief).chain(planned).collect()
}

fn preset(state: &ScriptState) -> &str {
    state.prompt_preset.as_ref().map(|preset| preset.text.as_str()).unwrap_or_default()
}

fn view(state: &ScriptState, ordinal: u32, scene: &PlannedScene) -> SceneView {
    let tongue = crate::language::Tongue::of(&state.language);
    SceneView {
        number: ordinal,
        title: scene.title.clone(),
        heading: scene.heading(state.output_spec.script_format, tongue, ordinal),
        summary: scene.summary.clone(),
        characters: scene.characters.clone(),
    }
}
