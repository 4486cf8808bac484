//! A state that a hand has changed, whatever its kind: read again, or taken back.

use std::collections::BTreeMap;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    brief::{FieldError, pointer_of},
    guidance::Guidance,
    language::Tongue,
    patch,
    state::RunState,
    tasks::Call,
};

/// What a person asks of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Instruction {
    /// In their own words.
    pub text: String,
    /// The step that it is about, in a few words; empty where it is about none.
    pub about: String,
}

/// What an instruction comes to.
#[derive(Debug)]
pub enum Intervened<S = RunState> {
    /// Ask a model; the answer is heard under the call's slot.
    Ask(Box<Call>),
    /// The state becomes this one, and the person is told so.
    Done {
        #[allow(missing_docs)]
        state: Box<S>,
        /// To the person.
        message: String,
    },
}

impl<S> Intervened<S> {
    /// The same, with the next state as `into` makes it.
    pub(crate) fn map<T>(self, into: impl FnOnce(S) -> T) -> Intervened<T> {
        match self {
            Self::Ask(call) => Intervened::Ask(call),
            Self::Done { state, message } => Intervened::Done { state: Box::new(into(*state)), message },
        }
    }
}

/// What is told to the person, and nothing asked of a model.
pub(crate) struct Told(String);

impl Told {
    /// The state becomes this one.
    pub(crate) fn over(self, state: RunState) -> Intervened {
        Intervened::Done { state: Box::new(state), message: self.0 }
    }
}

impl Intervened {
    /// The instruction stands from now on.
    pub(crate) fn standing(guidance: &mut BTreeMap<String, Guidance>, asked: &Instruction, tongue: Tongue) -> Told {
        let order = guidance.values().map(|one| one.order).max().unwrap_or(0) + 1;
        let key = (1..).map(|n| format!("instruction-{n}")).find(|key| !guidance.contains_key(key)).unwrap_or_default();
        guidance.insert(key, Guidance { order, text: asked.text.trim().to_owned(), chapter: None });
        Told(match tongue {
            Tongue::En => "This is a standing instruction now, for everything that is still to be written.".to_owned(),
            Tongue::Zh => "这已成为常设要求，此后要写的一切都照此办理。".to_owned(),
        })
    }
}

/// Why a step cannot be undone.
#[derive(Debug, Clone, PartialEq)]
pub enum Undo {
    /// What it changed was changed again since: JSON pointers.
    MovedOn(Vec<String>),
    /// The state would not fit.
    Faults(Vec<FieldError>),
}

/// The typed state, or the place that cannot be read.
pub(crate) fn read<S: DeserializeOwned>(value: Value) -> Result<S, Vec<FieldError>> {
    serde_path_to_error::deserialize(value)
        .map_err(|e| vec![FieldError { pointer: pointer_of(e.path()), detail: format!("does not fit: {}", e.inner()) }])
}

/// `before` with a patch, not looked at any further.
pub(crate) fn patched<S: Serialize + DeserializeOwned>(before: &S, patch: &Value) -> Result<S, Vec<FieldError>> {
    let mut value = json!(before);
    patch::apply(&mut value, patch);
    read(value)
}

/// `now` without what turned `was` into `became`, not looked at any further.
pub(crate) fn take_back<S: Serialize + DeserializeOwned>(now: &S, was: &Value, became: &Value) -> Result<S, Undo> {
    let mut value = json!(now);
    let moved = patch::undo(&mut value, was, became);
    if moved.is_empty() { read(value).map_err(Undo::Faults) } else { Err(Undo::MovedOn(moved)) }
}
