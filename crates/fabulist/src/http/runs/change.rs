use axum::extract::State;
use serde::Deserialize;
use studio::{
    desk::{BudgetChange, RunChange},
    views::RunView,
};
use utoipa::ToSchema;

use super::{RunQuery, nanos, shown, tokens};
use crate::http::{
    Door,
    extract::{Id, Json, Query, present},
    problem::Problem,
};

/// What is to be different about a run: a merge patch (RFC 7396).
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunPatch {
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 300)]
    label: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<BudgetPatch>)]
    budget: Option<Option<BudgetPatch>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Vec<String>>)]
    pause_before: Option<Option<Vec<String>>>,
    /// `rehearsal`, or `provider/model`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, nullable = false)]
    model: Option<Option<String>>,
}

/// What is to be different about a budget.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BudgetPatch {
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<f64>, minimum = 0, maximum = 1_000_000)]
    max_cost_usd: Option<Option<f64>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<u64>, minimum = 0, maximum = 1_000_000_000_000_u64)]
    max_tokens: Option<Option<u64>>,
}

impl BudgetPatch {
    fn change(&self) -> Result<BudgetChange, Problem> {
        let cost = self.max_cost_usd.map(|cost| cost.map(|dollars| nanos("/budget/max_cost_usd", dollars)).transpose()).transpose()?;
        let most = self.max_tokens.map(|most| most.map(|n| tokens("/budget/max_tokens", n)).transpose()).transpose()?;
        Ok(BudgetChange { max_cost: cost, max_tokens: most })
    }
}

/// Change a run's label, limits, gates or model by a merge patch
///
/// A budget raised above what is spent resumes a run that is paused for it.
#[utoipa::path(patch, path = "/api/v1/workflow-runs/{id}", tag = "runs", params(("id" = String, Path), RunQuery),
    request_body(content((RunPatch = "application/json"), (RunPatch = "application/merge-patch+json"))),
    responses((status = 200, body = RunView), (status = 409)))]
pub(crate) async fn patch_run(
    State(door): State<Door>,
    Id(id): Id,
    Query(query): Query<RunQuery>,
    Json(patch): Json<RunPatch>,
) -> Result<axum::Json<RunView>, Problem> {
    let budget = match &patch.budget {
        None => None,
        Some(None) => Some(None),
        Some(Some(budget)) => Some(Some(budget.change()?)),
    };
    let model = match patch.model {
        Some(None) => return Err(Problem::field("/model", "A run always has a model.", "Name one, or leave the field out.")),
        model => model.flatten(),
    };
    let change = RunChange { label: patch.label, budget, pause_before: patch.pause_before.map(Option::unwrap_or_default), model };
    let run = door.studio.change_run(&id, change).await?;
    Ok(axum::Json(shown(&door, &run, query.include).await?))
}
