//! Which recipe a run follows: the one place that knows all kinds. Everything else works on a state of any kind.

use std::{collections::BTreeSet, sync::Arc};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    Act, Desk, Needs, OutOfTurn, Progress, adaptation,
    hand::{Instruction, Intervened, Undo, patched, take_back},
    novel,
    revise::redo::Redoing,
    script,
};
use crate::{
    brief::{FieldError, FrozenBrief},
    plan::UnitId,
    state::{AdaptationState, Draws, NovelState, RunState, ScriptState, hand::InHand},
    tasks::{Answer, Heard},
    text::{normalize, prints},
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

/// Whether the step asks no model: all that it does follows from the state by code.
pub fn asks_nobody(phase: &str) -> bool {
    [novel::COMMIT, script::COMMIT, adaptation::COMMIT].contains(&phase)
}

/// Whether the step writes a unit, so that several drafts of it may be asked for.
pub fn is_draft(phase: &str) -> bool {
    [novel::DRAFT, script::DRAFT, adaptation::DRAFT].contains(&phase)
}

/// The prints of the paragraphs of one of several drafts, as it was heard.
pub fn drawn_prints(heard: &Heard) -> Vec<String> {
    match &heard.answer {
        Answer::Text(prose) => prints(&normalize(prose)).into_iter().map(|(_, print)| print).collect(),
        Answer::Json(_) | Answer::NotRead => Vec::new(),
    }
}

/// The state with another of its drafts in hand, to be read and judged anew; the same where it is in hand already. None where there is no
/// such draft.
pub fn chosen(before: &RunState, number: u32) -> Option<RunState> {
    fn of<S: InHand>(before: &S, number: u32, extract: &str) -> Option<S> {
        let mut next = before.clone();
        let hand = next.hand();
        let mut draws = Draws::clone(hand.draws.as_ref()?);
        let draft = draws.candidates.get(&number)?.draft.clone();
        if draws.chosen == number && hand.draft.as_ref().is_some_and(|in_hand| **in_hand == draft) {
            return Some(next);
        }
        draws.chosen = number;
        *hand.draws = Some(Arc::new(draws));
        next.hand().take(draft, extract);
        Some(next)
    }
    match before {
        RunState::Novel(before) => of(&**before, number, novel::EXTRACT).map(RunState::from),
        RunState::Script(before) => of(&**before, number, script::EXTRACT).map(RunState::from),
        RunState::Adaptation(before) => of(&**before, number, adaptation::EXTRACT).map(RunState::from),
    }
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

/// The state that a merge patch makes of this one, with what follows from it by code; or every place that does not fit.
///
/// `written` are the planned units that have a text. An edit never changes a run's kind.
pub fn edited(before: &RunState, patch: &Value, written: &BTreeSet<UnitId>) -> Result<RunState, Vec<FieldError>> {
    match before {
        RunState::Novel(before) => novel::edit::edited(before, patch, written).map(RunState::from),
        RunState::Script(before) => script::edit::edited(before, patched(&**before, patch)?, written).map(RunState::from),
        RunState::Adaptation(before) => adaptation::edit::edited(before, patched(&**before, patch)?, written).map(RunState::from),
    }
}

/// The state that exactly this patch makes of this one, as it was thought out before.
pub fn exactly(before: &RunState, patch: &Value) -> Result<RunState, Vec<FieldError>> {
    fn of<S: Serialize + DeserializeOwned + Into<RunState>>(before: &S, patch: &Value) -> Result<RunState, Vec<FieldError>> {
        patched(before, patch).map(Into::into)
    }
    match before {
        RunState::Novel(before) => of(&**before, patch),
        RunState::Script(before) => of(&**before, patch),
        RunState::Adaptation(before) => of(&**before, patch),
    }
}

/// This state without what turned `was` into `became`.
pub fn undone(now: &RunState, was: &Value, became: &Value, written: &BTreeSet<UnitId>) -> Result<RunState, Undo> {
    match now {
        RunState::Novel(now) => novel::edit::undone(now, was, became, written).map(RunState::from),
        RunState::Script(now) => take_back::<ScriptState>(now, was, became).map(RunState::from),
        RunState::Adaptation(now) => take_back::<AdaptationState>(now, was, became).map(RunState::from),
    }
}

/// What an instruction of a person makes of the state, having heard these answers so far. Pure, and begun anew each time.
///
/// In a script it is a standing instruction for everything that is still to be written.
pub fn intervene(desk: Desk<'_>, asked: &Instruction, written: &BTreeSet<UnitId>, heard: &[Heard]) -> Result<Intervened, OutOfTurn> {
    let tongue = desk.brief.content.tongue();
    match desk.state {
        RunState::Novel(state) => novel::intervene::act(desk.over(state), asked, written, heard).map(|done| done.map(RunState::from)),
        RunState::Script(state) => {
            let mut state = ScriptState::clone(state);
            Ok(Intervened::standing(&mut state.guidance, asked, tongue).over(state.into()))
        }
        RunState::Adaptation(state) => {
            let mut state = AdaptationState::clone(state);
            Ok(Intervened::standing(&mut state.guidance, asked, tongue).over(state.into()))
        }
    }
}

/// Begins a committed unit anew.
pub fn redo(brief: &FrozenBrief, before: &RunState, of: Redoing<'_>) -> RunState {
    match before {
        RunState::Novel(before) => novel::redo::begin(brief, before, of).into(),
        RunState::Script(before) => script::redo::begin(brief, before, of).into(),
        RunState::Adaptation(before) => adaptation::redo::begin(brief, before, of).into(),
    }
}

/// A person's text stands for the unit in hand.
pub fn keep_theirs(before: &RunState, title: &str, text: &str) -> RunState {
    match before {
        RunState::Novel(before) => novel::redo::keep_theirs(before, title, text).into(),
        RunState::Script(before) => script::redo::keep_theirs(before, title, text).into(),
        RunState::Adaptation(before) => adaptation::redo::keep_theirs(before, title, text).into(),
    }
}

/// The draft in hand is to come after this version.
pub fn put_over(before: &RunState, version_id: &str) -> RunState {
    fn of<S: InHand + Into<RunState>>(before: &S, version_id: &str) -> RunState {
        let mut next = before.clone();
        *next.hand().replaces = Some(Arc::new(version_id.to_owned()));
        next.into()
    }
    match before {
        RunState::Novel(before) => of(&**before, version_id),
        RunState::Script(before) => of(&**before, version_id),
        RunState::Adaptation(before) => of(&**before, version_id),
    }
}
