use axum::extract::State;
use serde::Deserialize;
use studio::desk::compare::Comparison;

use crate::http::{
    Door,
    extract::{Id, Query},
    problem::Problem,
};

/// What to compare with.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CompareQuery {
    /// The other run.
    with: String,
}

/// Compare a run with another one
///
/// Text by chapter, state, length, findings and cost, told from this run to the other.
#[utoipa::path(get, path = "/api/v1/workflow-runs/{id}/compare", tag = "runs", params(("id" = String, Path), CompareQuery),
    responses((status = 200, body = Comparison)))]
pub(crate) async fn compare(
    State(door): State<Door>,
    Id(id): Id,
    Query(query): Query<CompareQuery>,
) -> Result<axum::Json<Comparison>, Problem> {
    Ok(axum::Json(door.studio.compare(&id, &query.with).await?))
}
