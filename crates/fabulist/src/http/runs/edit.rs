use std::time::Duration;

use axum::extract::State;
use serde::Deserialize;
use serde_json::Value;
use studio::{
    desk::{LONGEST_WAIT, Wait},
    run::Run,
    step::Step,
    views,
};
use utoipa::ToSchema;

use super::{Include, RunAndStep, shown};
use crate::http::{
    Door,
    extract::{Chapter, Id, Index, Json, MaybeJson, Query},
    problem::Problem,
    tags::IfMatch,
};

/// How long to wait for a turn.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TurnQuery {
    /// Seconds to wait for a step in flight; meanwhile autorun begins no further one. Not at all when left out.
    #[param(minimum = 0, maximum = 3600, default = 0)]
    pub(super) wait: Option<u32>,
    /// `state`: the run comes with its whole state.
    #[param(inline)]
    pub(super) include: Option<Include>,
}

impl TurnQuery {
    pub(super) fn turn(&self) -> Result<Wait, Problem> {
        turn("?wait", u64::from(self.wait.unwrap_or(0)))
    }
}

/// Seconds to wait for a turn.
pub(super) fn turn(pointer: &str, seconds: u64) -> Result<Wait, Problem> {
    if seconds > LONGEST_WAIT.as_secs() {
        return Err(Problem::field(pointer, "The wait must be between 0 and 3,600 seconds.", "Leave it out to wait for nothing."));
    }
    Ok(Wait(Duration::from_secs(seconds)))
}

/// The answer of whatever changes a run by hand.
pub(super) async fn answer(
    door: &Door,
    (run, step): (Run, Option<Step>),
    include: Option<Include>,
) -> Result<axum::Json<RunAndStep>, Problem> {
    Ok(axum::Json(RunAndStep { run: shown(door, &run, include).await?, step: step.as_ref().map(views::step) }))
}

/// Change the state by a merge patch
///
/// Recorded as a step of kind `edit` with an index of its own; a patch that changes nothing is no step. A changed draft is read and judged
/// anew. Chapters of the plan are put in, moved and dropped by their `order`; those that have a text stay. With `If-Match` and the tag of the
/// run it is refused where the run has moved on.
#[utoipa::path(patch, path = "/api/v1/workflow-runs/{id}/state", tag = "runs", params(("id" = String, Path), TurnQuery),
    request_body(content((Object = "application/json"), (Object = "application/merge-patch+json"))),
    responses((status = 200, body = RunAndStep), (status = 409), (status = 412)))]
pub(crate) async fn patch_state(
    State(door): State<Door>,
    Id(id): Id,
    Query(query): Query<TurnQuery>,
    wanted: IfMatch,
    Json(patch): Json<Value>,
) -> Result<axum::Json<RunAndStep>, Problem> {
    let mut seen = None;
    if wanted.is_asked() {
        let run = door.studio.run(&id).await?;
        wanted.fits(&shown(&door, &run, Some(Include::State)).await?)?;
        seen = Some((run.last_index, run.epoch));
    }
    let done = door.studio.edit_seen_state(&id, &patch, seen, query.turn()?).await?;
    answer(&door, done, query.include).await
}

/// Take a step back
///
/// What it changed is as it was before; what was changed besides stays. Recorded as a step of kind `edit`.
#[utoipa::path(post, path = "/api/v1/workflow-runs/{id}/steps/{index}/revert", tag = "steps",
    params(("id" = String, Path), ("index" = i64, Path, minimum = 1), TurnQuery), request_body = Option<super::Nothing>,
    responses((status = 200, body = RunAndStep), (status = 409)))]
pub(crate) async fn revert_step(
    State(door): State<Door>,
    Id(id): Id,
    Index(index): Index,
    Query(query): Query<TurnQuery>,
    MaybeJson(super::Nothing {}): MaybeJson<super::Nothing>,
) -> Result<axum::Json<RunAndStep>, Problem> {
    let done = door.studio.revert(&id, index, query.turn()?).await?;
    answer(&door, done, query.include).await
}

/// How a chapter is written anew.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Redoing {
    /// What is to be different.
    #[serde(default)]
    #[schema(max_length = 20_000)]
    instruction: Option<String>,
}

/// Write a committed chapter anew
///
/// Recorded as a step of kind `edit`; the steps that follow write the chapter, which sees the book as it was before it. Then the run goes on
/// where it stood; chapters behind it are marked with a finding, not rewritten.
#[utoipa::path(post, path = "/api/v1/workflow-runs/{id}/chapters/{n}/redo", tag = "runs",
    params(("id" = String, Path), ("n" = u32, Path, minimum = 1), TurnQuery), request_body = Option<Redoing>,
    responses((status = 200, body = RunAndStep), (status = 409)))]
pub(crate) async fn redo_chapter(
    State(door): State<Door>,
    Id(id): Id,
    Chapter(n): Chapter,
    Query(query): Query<TurnQuery>,
    MaybeJson(asked): MaybeJson<Redoing>,
) -> Result<axum::Json<RunAndStep>, Problem> {
    let done = door.studio.redo(&id, n, asked.instruction.as_deref(), query.turn()?).await?;
    answer(&door, done, query.include).await
}
