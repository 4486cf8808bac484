//! One event as bytes, made once for everybody.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value, json};
use studio::event::Event;

/// What a run's subscribers are told.
#[derive(Debug, Clone)]
pub(super) enum Frame {
    /// A durable event.
    Event {
        /// Per run, without holes.
        number: i64,
        bytes: Bytes,
        /// Whether the run has ended with it, as far as the event tells.
        ends: bool,
    },
    /// Prose as it is written.
    Delta(Delta),
    /// Whoever works on the run waits for something.
    Progress(Bytes),
    /// The run was deleted.
    Deleted(Bytes),
}

/// Prose as it is written.
#[derive(Debug, Clone)]
pub(super) struct Delta {
    pub(super) step_index: i64,
    pub(super) attempt: i64,
    pub(super) slot: Arc<str>,
    /// Scalar values before this text, and in it.
    pub(super) offset: usize,
    pub(super) length: usize,
    pub(super) bytes: Bytes,
}

impl Frame {
    /// A durable event under an id of the stream that it is for.
    pub(super) fn of(event: &Event, id: &str) -> Self {
        Self::Event { number: event.number, bytes: text(Some(id), &event.name, &event.data), ends: ends(event) }
    }

    pub(super) fn deleted(run_id: &str) -> Self {
        Self::Deleted(text(None, "run.deleted", &json!({ "run_id": run_id })))
    }
}

impl Delta {
    pub(super) fn new(run_id: &str, step_index: i64, attempt: i64, slot: Arc<str>, offset: usize, words: &str) -> Self {
        let data = json!({
            "run_id": run_id, "step_index": step_index, "attempt": attempt, "slot": &*slot, "offset": offset, "text": words,
        });
        Self { step_index, attempt, slot, offset, length: words.chars().count(), bytes: text(None, "step.delta", &data) }
    }
}

/// Whether the run has ended with this event: nothing more happens by itself.
fn ends(event: &Event) -> bool {
    event.name == "run.updated"
        && event.data.pointer("/run/active_step").is_none_or(Value::is_null)
        && matches!(event.data.pointer("/run/status").and_then(Value::as_str), Some("succeeded" | "failed" | "canceled"))
}

/// An event of the stream. JSON has no line breaks, so one line holds it.
pub(super) fn text(id: Option<&str>, name: &str, data: &Value) -> Bytes {
    let head = id.map(|id| format!("id: {id}\n")).unwrap_or_default();
    format!("{head}event: {name}\ndata: {data}\n\n").into()
}
