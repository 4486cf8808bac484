//! A workflow run: where it stands, who holds it, what it has used.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use story::workflow::Progress;

use crate::{
    artifact::ArtifactKind,
    ports::{Micros, Money, Usage},
    problem::Problem,
};

/// What a run makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Kind {
    /// A brief becomes a novel.
    Novel,
    /// A brief becomes a script.
    Script,
    /// A novel becomes a script.
    NovelToScript,
}

impl Kind {
    /// What a run of this kind makes its units into.
    pub fn artifact(self) -> ArtifactKind {
        match self {
            Self::Novel => ArtifactKind::NovelChapter,
            Self::Script => ArtifactKind::ScriptScene,
            Self::NovelToScript => ArtifactKind::ScriptEpisode,
        }
    }
}

/// Where a run stands, as people see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Status {
    /// Never executed.
    Queued,
    /// Begun and not ended; a retry that is scheduled is running too.
    Running,
    /// Nothing starts; a draining step may still be active.
    Paused,
    /// Ended by a step that is not tried again by itself.
    Failed,
    /// Everything is committed.
    Succeeded,
    /// Given up by a person.
    Canceled,
}

/// The step in flight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveStep {
    /// The attempt's row.
    pub id: String,
    /// Its index.
    pub index: i64,
    /// Its attempt, from 1.
    pub attempt: i64,
    /// Its name.
    pub name: String,
    /// When it was claimed.
    pub started_at: Micros,
}

/// Why a run is paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PauseReason {
    /// Somebody asked.
    Person,
    /// The next step stands in `pause_before`.
    Gate,
    /// The budget would be passed.
    Budget,
    /// The cap of the day would be passed.
    DailyCap,
    /// A chapter holds an error that code will not wave through.
    Findings,
    /// A person wrote a newer version of the artifact meanwhile.
    #[serde(rename = "artifact-moved-on")]
    ArtifactMovedOn,
}

/// A pause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pause {
    /// Why.
    pub reason: PauseReason,
    /// In words.
    #[serde(default)]
    pub detail: String,
    /// The step that the gate stands before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_step: Option<String>,
}

/// A scheduled retry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retry {
    /// The index that is tried again.
    pub step_index: i64,
    /// The attempt that comes next.
    pub attempt: i64,
    /// Attempts at the most; 0 while a provider is waited for, which uses none up.
    pub of: i64,
    /// When.
    pub at: Micros,
    /// Why.
    pub reason: String,
}

/// Limits of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// In nano-dollars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_cost: Option<Money>,
    /// Input and output together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u64>,
}

/// Where autorun ends by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Until {
    /// After this chapter is committed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chapter: Option<u32>,
    /// After the first success of this step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// After so many successful steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
}

/// The piece of work that another attempt would go on with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenIndex {
    /// Its index.
    pub index: i64,
    /// The step that was tried: another one is another piece of work.
    #[serde(default)]
    pub name: String,
    /// Attempts begun so far.
    pub attempts: i64,
    /// Of these, ended by a fault of the answer: what `auto_step_retries` counts.
    pub faults: i64,
    /// Ended in a row by the loss of the worker, with no journal row between.
    pub lost: i64,
    /// The journal's size when the worker was lost last.
    pub calls_at_loss: i64,
    /// When the provider was first out of reach, while it still is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outage_since: Option<Micros>,
    /// How often in a row.
    #[serde(default)]
    pub outages: i64,
    /// Drafts to choose from; 0 where nobody has asked for more than one.
    #[serde(default)]
    pub candidates: u32,
}

/// Who works on a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimedBy {
    /// The node.
    pub node: String,
    /// `step`, `intervention` or `edit`.
    pub kind: String,
}

/// A workflow run. Stored field by field; changed only by the pure transitions of this crate.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// UUIDv7.
    pub id: String,
    /// What it makes.
    pub kind: Kind,
    /// The brief that it belongs to.
    pub brief_id: String,
    /// The snapshot that it was started from.
    pub snapshot_id: String,
    /// What a person calls it.
    pub label: Option<String>,
    /// Pinned when it was created.
    pub model: String,
    /// Tokens of a step's prompt at the most, pinned when it was created. Nobody was asked then: a model may turn out to read less.
    pub context_budget: u64,
    /// The hash of the file and the options that `write` was called with.
    pub origin: Option<String>,
    /// See [`Status`].
    pub status: Status,
    /// Rises whenever a worker must lose its right to commit.
    pub epoch: i64,
    /// Who works on it.
    pub claim: Option<ClaimedBy>,
    /// When the driver is to wake it next; absent while nothing is to start by itself.
    pub due_at: Option<Micros>,
    /// Until when autorun begins no further step, because a person waits for a turn.
    pub hold_until: Option<Micros>,
    /// Whether the server goes on by itself.
    pub autorun: bool,
    /// Where autorun ends.
    pub until: Option<Until>,
    /// Steps that autorun stops before.
    pub pause_before: Vec<String>,
    /// The step index before which the gate was passed already.
    pub gate_passed: Option<i64>,
    /// The step in flight.
    pub active_step: Option<ActiveStep>,
    /// Why it is paused.
    pub pause: Option<Pause>,
    /// What is scheduled.
    pub retry: Option<Retry>,
    /// Why it failed.
    pub error: Option<Problem>,
    /// The state's cursor.
    pub cursor: Value,
    /// Committed units whose latest version a person wrote and no step has read yet: unit to version.
    pub unread: BTreeMap<String, String>,
    /// Units committed and planned.
    pub progress: Progress,
    /// Added to by the journal, never by a transition.
    pub usage: Usage,
    /// Limits.
    pub budget: Option<Budget>,
    /// The last index that was begun; 0 for none.
    pub last_index: i64,
    /// The last index, while another attempt at it may come.
    pub open: Option<OpenIndex>,
    /// The run and the step index that it was forked from.
    pub forked_from: Option<(String, i64)>,
    /// Who started it; absent without accounts.
    pub author: Option<String>,
    /// The shape of its state.
    pub state_version: u32,
    /// The number of its last event.
    pub last_event: i64,
    /// When it was deleted; no read sees it from then on.
    pub deleted_at: Option<Micros>,
    #[allow(missing_docs)]
    pub created_at: Micros,
    #[allow(missing_docs)]
    pub updated_at: Micros,
}

impl Run {
    /// The name of the step that runs next, or `done`.
    pub fn next_step(&self) -> &str {
        let phase = self.cursor.get("phase").and_then(Value::as_str).unwrap_or_default();
        match self.kind {
            Kind::Novel => story::workflow::novel::next_step(phase, !self.unread.is_empty() && !self.is_redoing()),
            Kind::Script | Kind::NovelToScript => phase,
        }
    }

    /// Whether a committed chapter is in hand: what waits to be read again waits for it.
    fn is_redoing(&self) -> bool {
        self.cursor.get("chapter_index").and_then(Value::as_u64).is_some_and(|at| at <= u64::from(self.progress.done))
    }
}
