//! What the store needs to know to fork a run.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::Value;

use crate::run::Run;

/// A run that begins where another one stood after one of its steps.
///
/// Its artifacts and versions get rows of their own, which point to the same contents. It is whole when the source is gone.
#[derive(Clone)]
pub struct Fork {
    /// The run that is forked.
    pub source: String,
    /// The step after which it stood so; 0 for how it began. It must have succeeded.
    pub index: i64,
    /// Whether the source is taken as it stands now. Then `index` is its last success, and versions that a person wrote since come along;
    /// where another step has succeeded meanwhile the fork is not made.
    pub now: bool,
    /// Makes the new row.
    pub make: MakeFork,
}

/// Makes the row of a fork, and what its event `run.created` tells: a pure function over the source's row, as it is in the transaction, and
/// what comes along. It may be called more than once.
pub type MakeFork = Arc<dyn Fn(&Run, &Inherited) -> (Run, Value) + Send + Sync>;

/// What a fork takes over besides the state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inherited {
    /// Units whose latest version a person wrote and no step had read: unit to ordinal and version, the fork's own.
    pub unread: BTreeMap<String, (u32, String)>,
}
