//! Which recipe a run follows: the one place that knows all kinds. Everything else works on a state of any kind.

use super::{Act, Desk, Needs, OutOfTurn, Progress, novel};
use crate::{state::RunState, tasks::Heard};

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

/// What an edit by hand entails: a changed draft is counted and read again, whoever changed it. An edit never changes a run's kind.
pub fn after_edit(before: &RunState, edited: RunState) -> RunState {
    match (before, edited) {
        (RunState::Novel(before), RunState::Novel(edited)) => RunState::Novel(novel::after_edit(before, edited)),
    }
}
