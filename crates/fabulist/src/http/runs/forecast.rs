use axum::extract::State;
use studio::views::{self, ForecastView};

use super::NewRun;
use crate::http::{
    Door,
    extract::{Id, Json, Query},
    lists::NoQuery,
    problem::Problem,
};

/// Say what a run would take
///
/// Calls, tokens, cost and time. From finished runs of the same kind with the same model where there are some, else by rule from the lengths
/// that are planned. Nothing is created, no model is called.
#[utoipa::path(post, path = "/api/v1/workflow-runs/forecast", tag = "runs", request_body = NewRun,
    responses((status = 200, body = ForecastView)))]
pub(crate) async fn forecast_new(
    State(door): State<Door>,
    Query(NoQuery {}): Query<NoQuery>,
    Json(new): Json<NewRun>,
) -> Result<axum::Json<ForecastView>, Problem> {
    let (snapshot, request) = new.with_snapshot(&door).await?;
    Ok(axum::Json(views::forecast(&door.studio.forecast_new(&snapshot, request).await?)))
}

/// Say what is still to come of a run
///
/// From its own finished chapters where there are some, else as for a run that would begin.
#[utoipa::path(get, path = "/api/v1/workflow-runs/{id}/forecast", tag = "runs", params(("id" = String, Path)),
    responses((status = 200, body = ForecastView)))]
pub(crate) async fn forecast_run(
    State(door): State<Door>,
    Id(id): Id,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<axum::Json<ForecastView>, Problem> {
    Ok(axum::Json(views::forecast(&door.studio.forecast(&id).await?)))
}
