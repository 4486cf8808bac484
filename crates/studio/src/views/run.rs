use serde::Serialize;
use serde_json::Value;

use super::{dollars, time};
use crate::{
    ports::Usage,
    problem::Problem,
    run::{Budget, Kind, Pause, Run, Status},
};

/// `run` of the contract.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Run))]
#[allow(missing_docs, reason = "the contract's own names")]
pub struct RunView {
    pub id: String,
    pub kind: Kind,
    pub status: Status,
    pub brief_snapshot_id: String,
    pub brief_id: String,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub label: Option<String>,
    /// `rehearsal`, or `provider/model`.
    pub model: String,
    /// `phase` is the name of the step that runs next, or `done`.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub cursor: Value,
    pub autorun: bool,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub active_step: Option<ActiveStepView>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub pause: Option<Pause>,
    /// Steps before which autorun stops.
    pub pause_before: Vec<String>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub retry: Option<RetryView>,
    pub progress: ProgressView,
    pub usage: UsageView,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub budget: Option<BudgetView>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub error: Option<Problem>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub forked_from: Option<ForkedFromView>,
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub created_at: String,
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub updated_at: String,
    /// The whole state, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>, nullable = false))]
    pub state: Option<Value>,
}

/// The step in flight.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ActiveStep))]
#[allow(missing_docs, reason = "the contract's own names")]
pub struct ActiveStepView {
    pub index: i64,
    pub attempt: i64,
    pub name: String,
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub started_at: String,
}

/// A scheduled retry.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Retry))]
#[allow(missing_docs, reason = "the contract's own names")]
pub struct RetryView {
    pub step_index: i64,
    pub attempt: i64,
    /// Attempts at the most; 0 while a provider is waited for.
    pub of: i64,
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub at: String,
    pub reason: String,
}

/// Units committed and planned: chapters, scenes, episodes.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Progress))]
#[allow(missing_docs, reason = "the contract's own names")]
pub struct ProgressView {
    pub done: u32,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub total: Option<u32>,
}

/// What models were asked so far.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Usage))]
#[allow(missing_docs, reason = "the contract's own names")]
pub struct UsageView {
    pub calls: u64,
    pub input_tokens: u64,
    pub cached_input_tokens: u64,
    pub output_tokens: u64,
    /// Null where a price is unknown.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub cost_usd: Option<f64>,
}

/// Limits of a run.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Budget))]
#[allow(missing_docs, reason = "the contract's own names")]
pub struct BudgetView {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub max_cost_usd: Option<f64>,
    /// Input and output together.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub max_tokens: Option<u64>,
}

/// Where a run was forked from.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ForkedFrom))]
#[allow(missing_docs, reason = "the contract's own names")]
pub struct ForkedFromView {
    pub workflow_run_id: String,
    pub step_index: i64,
}

/// `usage` of the contract.
pub fn usage(usage: &Usage) -> UsageView {
    UsageView {
        calls: usage.calls,
        input_tokens: usage.input_tokens,
        cached_input_tokens: usage.cached_input_tokens,
        output_tokens: usage.output_tokens,
        cost_usd: usage.cost.map(dollars),
    }
}

fn budget(budget: &Budget) -> BudgetView {
    BudgetView { max_cost_usd: budget.max_cost.map(dollars), max_tokens: budget.max_tokens }
}

/// `run` of the contract, without `state`.
pub fn run(run: &Run) -> RunView {
    RunView {
        id: run.id.clone(),
        kind: run.kind,
        status: run.status,
        brief_snapshot_id: run.snapshot_id.clone(),
        brief_id: run.brief_id.clone(),
        label: run.label.clone(),
        model: run.model.clone(),
        cursor: run.cursor.clone(),
        autorun: run.autorun,
        active_step: run.active_step.as_ref().map(|s| ActiveStepView {
            index: s.index,
            attempt: s.attempt,
            name: s.name.clone(),
            started_at: time(s.started_at),
        }),
        pause: run.pause.clone(),
        pause_before: run.pause_before.clone(),
        retry: run.retry.as_ref().map(|r| RetryView {
            step_index: r.step_index,
            attempt: r.attempt,
            of: r.of,
            at: time(r.at),
            reason: r.reason.clone(),
        }),
        progress: ProgressView { done: run.progress.done, total: Some(run.progress.total) },
        usage: usage(&run.usage),
        budget: run.budget.as_ref().map(budget),
        error: run.error.clone(),
        forked_from: run.forked_from.as_ref().map(|(id, index)| ForkedFromView { workflow_run_id: id.clone(), step_index: *index }),
        created_at: time(run.created_at),
        updated_at: time(run.updated_at),
        state: None,
    }
}

impl RunView {
    /// The same with the run's state.
    #[must_use]
    pub fn with_state(mut self, state: Value) -> Self {
        self.state = Some(state);
        self
    }
}
