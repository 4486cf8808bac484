//! The journal of model calls: an answer that was paid for is never paid for again.

use serde::{Deserialize, Serialize};
use story::tasks::{Prompt, Segment};

use crate::ports::{Finish, Micros, Usage};

/// What an answer may still be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Standing {
    /// Its step is not committed: whoever asks the same again takes it.
    Open,
    /// Its step is committed.
    Spent,
    /// A failure blamed it: it is never used again.
    Rejected,
}

/// One call and its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct JournaledCall {
    /// UUIDv7.
    pub id: String,
    #[allow(missing_docs)]
    pub run_id: String,
    /// The attempt that asked.
    pub step_id: String,
    #[allow(missing_docs)]
    pub step_index: i64,
    #[allow(missing_docs)]
    pub attempt: i64,
    /// The place in the step: `draft`, `outline/3`, `draft/continue/1`.
    pub slot: String,
    /// [`story::tasks::Task::NAME`].
    pub task: String,
    #[allow(missing_docs)]
    pub model: String,
    /// The SHA-256 of everything that decides the answer.
    pub request_hash: String,
    /// The request as segments; each is stored once a run.
    pub prompt: Prompt,
    /// Schema, longest answer, seed, draw: what is not in the prompt.
    pub settings: serde_json::Value,
    /// The answer's text.
    pub response: String,
    #[allow(missing_docs)]
    pub finish: Finish,
    #[allow(missing_docs)]
    pub standing: Standing,
    #[allow(missing_docs)]
    pub usage: Usage,
    /// From asking to the last word.
    pub latency_ms: i64,
    #[allow(missing_docs)]
    pub created_at: Micros,
}

/// The segments of a prompt, in order, for storing.
pub fn segments(prompt: &Prompt) -> impl Iterator<Item = &Segment> {
    prompt.system.iter().chain(&prompt.user)
}
