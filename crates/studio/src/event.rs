//! What happened to a run, numbered from 1 without holes.

use serde_json::Value;

use crate::ports::Micros;

/// One durable event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Rises from event to event of a run. No place in the feed of all runs: see `Store::feed`.
    pub position: i64,
    #[allow(missing_docs)]
    pub run_id: String,
    /// Per run from 1, without holes.
    pub number: i64,
    /// `run.created`, `run.updated`, `run.deleted`, `step.started` …
    pub name: String,
    /// What the stream carries.
    pub data: Value,
    #[allow(missing_docs)]
    pub created_at: Micros,
}
