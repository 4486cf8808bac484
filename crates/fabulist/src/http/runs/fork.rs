use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use studio::views::RunView;
use utoipa::ToSchema;

use super::{Include, shown};
use crate::http::{
    Door,
    extract::{Id, MaybeJson, Query},
    lists::NoQuery,
    problem::Problem,
};

/// Where to fork.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Forking {
    /// The index of a step that succeeded: the fork begins as the run stood after it; 0 as it began; left out as it stands now.
    #[serde(default)]
    #[schema(minimum = 0)]
    at_step: Option<i64>,
    #[serde(default)]
    #[schema(max_length = 300)]
    label: Option<String>,
}

/// Fork a run at any step
///
/// State and versions are those after that step. The fork is independent from then on, also when the run is deleted. A step in flight is not
/// part of it.
#[utoipa::path(post, path = "/api/v1/workflow-runs/{id}/fork", tag = "runs", params(("id" = String, Path)),
    request_body = Option<Forking>, responses((status = 201, body = RunView)))]
pub(crate) async fn fork(
    State(door): State<Door>,
    Id(id): Id,
    Query(NoQuery {}): Query<NoQuery>,
    MaybeJson(asked): MaybeJson<Forking>,
) -> Result<(StatusCode, axum::Json<RunView>), Problem> {
    let run = door.studio.fork(&id, asked.at_step, asked.label).await?;
    Ok((StatusCode::CREATED, axum::Json(shown(&door, &run, Some(Include::State)).await?)))
}
