//! Which recipe a run follows: the one place that knows all kinds. Everything else works on a state of any kind.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    Act, Desk, Needs, OutOfTurn, Progress,
    hand::{Instruction, Intervened, Undo, patched},
    novel,
};
use crate::{
    brief::{FieldError, FrozenBrief},
    plan::UnitId,
    refold::Reading,
    state::RunState,
    tasks::Heard,
};

/// What the step at the cursor needs from the store.
pub fn needs(state: &RunState) -> Needs {
    match state {
        RunState::Novel(state) => novel::needs(state),
    }
}

/// What the step at the cursor does next, having heard these answers in this step so far.
///
/// Pure, and begun anew each time: an answer from the journal and one from the wire lead to the same place.
pub fn act(desk: Desk<'_>, heard: &[Heard]) -> Result<Act, OutOfTurn> {
    match desk.state {
        RunState::Novel(state) => novel::act(desk.over(state), heard).map(|act| act.map(RunState::Novel)),
    }
}

/// Whether the step may do without its answer once its attempts are used up: its unit is then kept with the warning `not-read`.
pub fn may_give_up(phase: &str) -> bool {
    novel::may_give_up(phase)
}

/// Units committed and planned.
pub fn progress(state: &RunState) -> Progress {
    match state {
        RunState::Novel(state) => novel::progress(state),
    }
}

/// A held unit is taken as it is: its findings are waived and it is committed next.
pub fn accept_held(state: &RunState) -> Result<RunState, OutOfTurn> {
    match state {
        RunState::Novel(state) => novel::accept_held(state).map(RunState::Novel),
    }
}

/// The state that a merge patch makes of this one, with what follows from it by code; or every place that does not fit.
///
/// `written` are the planned units that have a text.
pub fn edited(before: &RunState, patch: &Value, written: &BTreeSet<UnitId>) -> Result<RunState, Vec<FieldError>> {
    match before {
        RunState::Novel(before) => novel::edit::edited(before, patch, written).map(RunState::Novel),
    }
}

/// The state that exactly this patch makes of this one, as it was thought out before.
pub fn exactly(before: &RunState, patch: &Value) -> Result<RunState, Vec<FieldError>> {
    match before {
        RunState::Novel(before) => patched(before, patch).map(RunState::Novel),
    }
}

/// This state without what turned `was` into `became`.
pub fn undone(now: &RunState, was: &Value, became: &Value, written: &BTreeSet<UnitId>) -> Result<RunState, Undo> {
    match now {
        RunState::Novel(now) => novel::edit::undone(now, was, became, written).map(RunState::Novel),
    }
}

/// What an instruction of a person makes of the state, having heard these answers so far. Pure, and begun anew each time.
pub fn intervene(desk: Desk<'_>, asked: &Instruction, written: &BTreeSet<UnitId>, heard: &[Heard]) -> Result<Intervened, OutOfTurn> {
    match desk.state {
        RunState::Novel(state) => novel::intervene::act(desk.over(state), asked, written, heard).map(|done| done.map(RunState::Novel)),
    }
}

/// Begins a committed unit anew, in the place of `version_id`; `earlier` is what was read of those before it.
pub fn redo(
    brief: &FrozenBrief,
    before: &RunState,
    ordinal: u32,
    instruction: Option<&str>,
    version_id: &str,
    earlier: &[Reading],
) -> RunState {
    match before {
        RunState::Novel(before) => RunState::Novel(novel::redo::begin(brief, before, ordinal, instruction, version_id, earlier)),
    }
}

/// A person's text stands for the unit in hand.
pub fn keep_theirs(before: &RunState, title: &str, text: &str) -> RunState {
    match before {
        RunState::Novel(before) => RunState::Novel(novel::redo::keep_theirs(before, title, text)),
    }
}

/// The draft in hand is to come after this version.
pub fn put_over(before: &RunState, version_id: &str) -> RunState {
    match before {
        RunState::Novel(before) => RunState::Novel(novel::redo::put_over(before, version_id)),
    }
}
