//! The status machine: what is allowed when. Pure; see the table in the engine's rules.

use serde::{Deserialize, Serialize};

use crate::run::Status;

/// A command that does not fit the run's status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// The last part of the problem's path: `step-in-progress`, `run-paused`, `run-finished`, `run-failed`.
    pub kind: String,
    /// What was wrong.
    pub detail: String,
    /// What to do.
    pub hint: String,
    /// The run's status.
    pub current_status: Status,
    /// Commands that are allowed instead.
    pub allowed: Vec<String>,
}
