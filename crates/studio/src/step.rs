//! A workflow step run: one attempt at one piece of work.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

use crate::{
    ports::{Micros, Usage},
    problem::Problem,
};

/// What kind of work a step row records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum StepKind {
    /// A step of the workflow.
    Step,
    /// An instruction of a person, turned into a patch.
    Intervention,
    /// A change by hand.
    Edit,
    /// A text that came in.
    Import,
}

impl StepKind {
    /// The name of work of this kind. Steps of a workflow have names of their own.
    pub fn name(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Intervention => "intervention",
            Self::Edit => "edit",
            Self::Import => "import",
        }
    }

    /// The kind of work that has this name.
    pub fn of(name: &str) -> Self {
        [Self::Intervention, Self::Edit, Self::Import].into_iter().find(|kind| kind.name() == name).unwrap_or(Self::Step)
    }
}

/// How an attempt stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum StepStatus {
    /// A live claim works on it.
    Running,
    /// Committed.
    Succeeded,
    /// Ended without a result.
    Failed,
    /// Ended by a person.
    Canceled,
}

/// What was said in an intervention: the row's `context.said`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// By the person.
    pub instruction: String,
    /// To the person.
    #[serde(default)]
    pub assistant_message: String,
}

impl Step {
    /// What was said, where this is an intervention.
    pub fn said(&self) -> Option<Said> {
        Said::deserialize(self.context.as_ref()?.get("said")?).ok()
    }
}

/// One attempt, as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// UUIDv7.
    pub id: String,
    /// The run.
    pub run_id: String,
    /// Pieces of work from 1, without holes.
    pub index: i64,
    /// From 1.
    pub attempt: i64,
    /// `novel.chapter.draft` …
    pub name: String,
    /// See [`StepKind`].
    pub kind: StepKind,
    /// See [`StepStatus`].
    pub status: StepStatus,
    /// Counts and references; absent until it succeeded.
    pub outputs: Option<Value>,
    /// Why it failed.
    pub error: Option<Problem>,
    /// RFC 7396: what it did to the state.
    pub state_patch: Option<Value>,
    /// The state after it: top-level key to the hash of the stored value. Only for a success.
    pub state_map: Option<BTreeMap<String, String>>,
    /// What the model's prompts had in common: see [`story::context::ContextRecord`]. Of an instruction also what was said: [`Said`].
    pub context: Option<Value>,
    /// Prose that an abort left behind.
    pub partial_text: Option<String>,
    /// What this attempt used.
    pub usage: Usage,
    /// The versions that it made.
    pub artifact_version_ids: Vec<String>,
    /// The person who caused it; absent without accounts.
    pub author: Option<String>,
    #[allow(missing_docs)]
    pub started_at: Micros,
    #[allow(missing_docs)]
    pub finished_at: Option<Micros>,
}
