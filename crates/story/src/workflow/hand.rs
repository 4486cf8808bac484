//! A state that a hand has changed, whatever its kind: read again, or taken back.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    brief::{FieldError, pointer_of},
    patch,
};

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

/// `now` without what turned `was` into `became`, not looked at any further.
pub(crate) fn take_back<S: Serialize + DeserializeOwned>(now: &S, was: &Value, became: &Value) -> Result<S, Undo> {
    let mut value = json!(now);
    let moved = patch::undo(&mut value, was, became);
    if moved.is_empty() { read(value).map_err(Undo::Faults) } else { Err(Undo::MovedOn(moved)) }
}
