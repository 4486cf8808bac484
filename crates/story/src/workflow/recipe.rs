//! Which recipe a run follows: the one place that knows all kinds. Everything else works on a state of any kind.

use super::{Act, Desk, Needs, OutOfTurn, Progress, adaptation, novel, script};
use crate::{
    brief::FieldError,
    state::{AdaptationState, NovelState, RunState, ScriptState},
    tasks::Heard,
};

impl From<NovelState> for RunState {
    fn from(state: NovelState) -> Self {
        Self::Novel(Box::new(state))
    }
}

impl From<ScriptState> for RunState {
    fn from(state: ScriptState) -> Self {
        Self::Script(Box::new(state))
    }
}

impl From<AdaptationState> for RunState {
    fn from(state: AdaptationState) -> Self {
        Self::Adaptation(Box::new(state))
    }
}

/// What the step at the cursor needs from the store.
pub fn needs(state: &RunState) -> Needs {
    match state {
        RunState::Novel(state) => novel::needs(state),
        RunState::Script(state) => script::needs(state),
        RunState::Adaptation(state) => adaptation::needs(state),
    }
}

/// What the step at the cursor does next, having heard these answers in this step so far.
///
/// Pure, and begun anew each time: an answer from the journal and one from the wire lead to the same place.
pub fn act(desk: Desk<'_>, heard: &[Heard]) -> Result<Act, OutOfTurn> {
    match desk.state {
        RunState::Novel(state) => novel::act(desk.over(state), heard).map(|act| act.map(RunState::from)),
        RunState::Script(state) => script::act(desk.over(state), heard).map(|act| act.map(RunState::from)),
        RunState::Adaptation(state) => adaptation::act(desk.over(state), heard).map(|act| act.map(RunState::from)),
    }
}

/// Whether the step may do without its answer once its attempts are used up: its unit is then kept with the warning `not-read`.
pub fn may_give_up(phase: &str) -> bool {
    novel::may_give_up(phase) || script::may_give_up(phase) || adaptation::may_give_up(phase)
}

/// Units committed and planned.
pub fn progress(state: &RunState) -> Progress {
    match state {
        RunState::Novel(state) => novel::progress(state),
        RunState::Script(state) => script::progress(state),
        RunState::Adaptation(state) => adaptation::progress(state),
    }
}

/// A held unit is taken as it is: its findings are waived and it is committed next.
pub fn accept_held(state: &RunState) -> Result<RunState, OutOfTurn> {
    match state {
        RunState::Novel(state) => novel::accept_held(state).map(RunState::from),
        RunState::Script(state) => script::accept_held(state).map(RunState::from),
        RunState::Adaptation(state) => adaptation::accept_held(state).map(RunState::from),
    }
}

/// What is wrong with a state that a hand has changed, beyond its shape.
pub fn edit_fault(before: &RunState, edited: &RunState) -> Option<FieldError> {
    match (before, edited) {
        (RunState::Adaptation(before), RunState::Adaptation(edited)) => adaptation::fault_of(before, edited),
        _ => None,
    }
}

/// What an edit by hand entails: a changed draft is counted and read again, whoever changed it. An edit never changes a run's kind.
pub fn after_edit(before: &RunState, edited: RunState) -> RunState {
    match (before, edited) {
        (RunState::Novel(before), RunState::Novel(edited)) => novel::after_edit(before, *edited).into(),
        (RunState::Script(before), RunState::Script(edited)) => script::after_edit(before, *edited).into(),
        (RunState::Adaptation(before), RunState::Adaptation(edited)) => adaptation::after_edit(before, *edited).into(),
        (_, edited) => edited,
    }
}
