use serde::Serialize;
use serde_json::{Value, json};

use super::{UsageView, time, usage};
use crate::{
    ports::{Micros, Usage},
    problem::Problem,
    run::ActiveStep,
    step::{Step, StepKind, StepStatus},
};

/// `step` of the contract: one attempt at one piece of work.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Step))]
#[allow(missing_docs, reason = "the contract's own names")]
pub struct StepView {
    pub id: String,
    pub workflow_run_id: String,
    /// Pieces of work from 1, without holes.
    pub index: i64,
    /// From 1.
    pub attempt: i64,
    pub name: String,
    pub kind: StepKind,
    pub status: StepStatus,
    /// Counts and references; null until it succeeded.
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<Object>))]
    pub outputs: Option<Value>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub error: Option<Problem>,
    /// What the person said, of an intervention.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub instruction: Option<String>,
    /// What the person was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub assistant_message: Option<String>,
    /// RFC 7396: what it did to the state.
    #[cfg_attr(feature = "openapi", schema(required, value_type = Option<Object>))]
    pub state_patch: Option<Value>,
    /// Prose that an abort left behind.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub partial_text: Option<String>,
    pub usage: UsageView,
    pub artifact_version_ids: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub author: Option<String>,
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub started_at: String,
    #[cfg_attr(feature = "openapi", schema(required, format = DateTime))]
    pub finished_at: Option<String>,
}

/// `step` of the contract.
pub fn step(step: &Step) -> StepView {
    let (instruction, assistant_message) = step.said().map(|said| (said.instruction, said.assistant_message)).unzip();
    StepView {
        id: step.id.clone(),
        workflow_run_id: step.run_id.clone(),
        index: step.index,
        attempt: step.attempt,
        name: step.name.clone(),
        kind: step.kind,
        status: step.status,
        outputs: step.outputs.clone(),
        error: step.error.clone(),
        instruction,
        assistant_message,
        state_patch: step.state_patch.clone(),
        partial_text: step.partial_text.clone(),
        usage: usage(&step.usage),
        artifact_version_ids: step.artifact_version_ids.clone(),
        author: step.author.clone(),
        started_at: time(step.started_at),
        finished_at: step.finished_at.map(time),
    }
}

/// A step that has ended, as events carry it: without outputs and patch.
pub fn finished_step_event(step: &Step) -> Value {
    json!({
        "id": step.id,
        "workflow_run_id": step.run_id,
        "index": step.index,
        "attempt": step.attempt,
        "name": step.name,
        "kind": step.kind,
        "status": step.status,
        "error": step.error,
        "usage": usage(&step.usage),
        "artifact_version_ids": step.artifact_version_ids,
        "started_at": time(step.started_at),
        "finished_at": step.finished_at.map(time),
    })
}

/// A step in flight, as events carry it.
pub fn started_step_event(run_id: &str, step: &ActiveStep) -> Value {
    json!({
        "id": step.id,
        "workflow_run_id": run_id,
        "index": step.index,
        "attempt": step.attempt,
        "name": step.name,
        "kind": StepKind::of(&step.name),
        "status": StepStatus::Running,
        "error": null,
        "usage": usage(&Usage::NONE),
        "artifact_version_ids": [],
        "started_at": time(step.started_at),
        "finished_at": null,
    })
}

/// A step that ended without a result, as events carry it. What it used stands in its row.
pub fn ended_step_event(run_id: &str, step: &ActiveStep, status: StepStatus, error: Option<&Problem>, finished_at: Micros) -> Value {
    json!({
        "id": step.id,
        "workflow_run_id": run_id,
        "index": step.index,
        "attempt": step.attempt,
        "name": step.name,
        "kind": StepKind::of(&step.name),
        "status": status,
        "error": error,
        "artifact_version_ids": [],
        "started_at": time(step.started_at),
        "finished_at": time(finished_at),
    })
}
