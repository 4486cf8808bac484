use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use studio::{run::Until, views::RunView};
use utoipa::ToSchema;

use super::{RunQuery, shown};
use crate::http::{
    Door,
    extract::{Id, MaybeJson, Query},
    problem::Problem,
};

/// How to pause.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pausing {
    /// Whether the step in flight is aborted; it will run again.
    #[serde(default)]
    now: Option<bool>,
}

/// How to go on.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Resuming {
    /// Whether a chapter that is held for findings is taken as it is.
    #[serde(default)]
    accept: Option<bool>,
}

/// Nothing, or an empty object.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// How far to go.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Autorun {
    #[serde(default)]
    until: Option<AutorunUntil>,
}

/// Where autorun ends by itself: at the first of these.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AutorunUntil {
    /// After this chapter is committed.
    #[serde(default)]
    #[schema(minimum = 1)]
    chapter: Option<u32>,
    /// After the first commit of this step.
    #[serde(default)]
    step: Option<String>,
    /// After so many successful steps.
    #[serde(default)]
    #[schema(minimum = 1)]
    count: Option<u32>,
}

/// Start no further step
///
/// The one in flight is finished, or aborted with `now`.
#[utoipa::path(post, path = "/api/v1/workflow-runs/{id}/pause", tag = "runs", params(("id" = String, Path), RunQuery),
    request_body = Option<Pausing>, responses((status = 200, body = RunView), (status = 409)))]
pub(crate) async fn pause(
    State(door): State<Door>,
    Id(id): Id,
    Query(query): Query<RunQuery>,
    MaybeJson(asked): MaybeJson<Pausing>,
) -> Result<axum::Json<RunView>, Problem> {
    let run = door.studio.pause(&id, asked.now.unwrap_or(false)).await?;
    Ok(axum::Json(shown(&door, &run, query.include).await?))
}

/// Let a paused run go on
#[utoipa::path(post, path = "/api/v1/workflow-runs/{id}/resume", tag = "runs", params(("id" = String, Path), RunQuery),
    request_body = Option<Resuming>, responses((status = 200, body = RunView), (status = 409)))]
pub(crate) async fn resume(
    State(door): State<Door>,
    Id(id): Id,
    Query(query): Query<RunQuery>,
    MaybeJson(asked): MaybeJson<Resuming>,
) -> Result<axum::Json<RunView>, Problem> {
    let run = door.studio.resume(&id, asked.accept.unwrap_or(false)).await?;
    Ok(axum::Json(shown(&door, &run, query.include).await?))
}

/// End a run; what was committed stays
#[utoipa::path(post, path = "/api/v1/workflow-runs/{id}/cancel", tag = "runs", params(("id" = String, Path), RunQuery),
    request_body = Option<Nothing>, responses((status = 200, body = RunView), (status = 409)))]
pub(crate) async fn cancel(
    State(door): State<Door>,
    Id(id): Id,
    Query(query): Query<RunQuery>,
    MaybeJson(Nothing {}): MaybeJson<Nothing>,
) -> Result<axum::Json<RunView>, Problem> {
    let run = door.studio.cancel(&id).await?;
    Ok(axum::Json(shown(&door, &run, query.include).await?))
}

/// Let the server execute steps by itself
#[utoipa::path(post, path = "/api/v1/workflow-runs/{id}/autorun/start", tag = "runs", params(("id" = String, Path), RunQuery),
    request_body = Option<Autorun>, responses((status = 202, body = RunView), (status = 409)))]
pub(crate) async fn start_autorun(
    State(door): State<Door>,
    Id(id): Id,
    Query(query): Query<RunQuery>,
    MaybeJson(asked): MaybeJson<Autorun>,
) -> Result<(StatusCode, axum::Json<RunView>), Problem> {
    let until = asked.until.map(|until| Until { chapter: until.chapter, step: until.step, count: until.count });
    let run = door.studio.start_autorun(&id, until.filter(|until| *until != Until::default())).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(shown(&door, &run, query.include).await?)))
}

/// Start nothing further by itself
///
/// The step in flight is finished.
#[utoipa::path(post, path = "/api/v1/workflow-runs/{id}/autorun/stop", tag = "runs", params(("id" = String, Path), RunQuery),
    request_body = Option<Nothing>, responses((status = 200, body = RunView), (status = 409)))]
pub(crate) async fn stop_autorun(
    State(door): State<Door>,
    Id(id): Id,
    Query(query): Query<RunQuery>,
    MaybeJson(Nothing {}): MaybeJson<Nothing>,
) -> Result<axum::Json<RunView>, Problem> {
    let run = door.studio.stop_autorun(&id).await?;
    Ok(axum::Json(shown(&door, &run, query.include).await?))
}
