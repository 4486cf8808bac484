use std::time::Duration;

use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use studio::views::{self, RunView, StepView};
use utoipa::ToSchema;

use super::{Include, shown};
use crate::http::{
    Door,
    extract::{Id, MaybeJson, Query},
    keyed::{Expected, StillWaiting},
    problem::Problem,
};

/// How long `next` waits when nobody says.
const WAIT_S: u32 = 600;

/// What is expected of the step.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NextStep {
    /// The index that the step will have: with it a repeated call joins the step in flight, or returns its result.
    #[serde(default)]
    #[schema(minimum = 1)]
    expected_index: Option<i64>,
    /// Drafts to choose from, where the next step writes one: the best by what code finds in them is taken, the others are kept.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 8)]
    candidates: Option<u32>,
}

/// How long to wait.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct NextQuery {
    /// Seconds; after them the answer is 202, and the step goes on.
    #[param(minimum = 0, maximum = 3600, default = 600)]
    wait: Option<u32>,
    /// `state`: the run comes with its whole state.
    #[param(inline)]
    include: Option<Include>,
}

/// A run and the step that was executed; none where nothing had to be done.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunAndStep {
    pub(super) run: RunView,
    #[schema(required)]
    pub(super) step: Option<StepView>,
}

/// Execute exactly one step
///
/// Answers when it is committed; a failed step is an answer too. The step belongs to the server: it goes on when the caller leaves.
#[utoipa::path(post, path = "/api/v1/workflow-runs/{id}/next", tag = "runs", params(("id" = String, Path), NextQuery),
    request_body = Option<NextStep>,
    responses((status = 200, body = RunAndStep), (status = 202, body = RunView), (status = 409)))]
pub(crate) async fn next(
    State(door): State<Door>,
    Id(id): Id,
    Query(query): Query<NextQuery>,
    keyed: Option<Extension<Expected>>,
    MaybeJson(asked): MaybeJson<NextStep>,
) -> Result<Response, Problem> {
    let wait = query.wait.unwrap_or(WAIT_S);
    if wait > 3600 {
        return Err(Problem::field("?wait", "The wait must be between 0 and 3,600 seconds.", "Leave it out for 600."));
    }
    if asked.expected_index.is_some_and(|index| index < 1) {
        return Err(Problem::field("/expected_index", "Indexes count from 1.", "Leave it out, or correct it."));
    }
    // A task of its own: who leaves before the step has even begun does not end it either.
    let (studio, of) = (door.studio.clone(), id.clone());
    let (expected, candidates) = (asked.expected_index.or(keyed.map(|Extension(Expected(index))| index)), asked.candidates);
    let step = tokio::spawn(async move { studio.draw(&of, expected, candidates).await });
    match tokio::time::timeout(Duration::from_secs(u64::from(wait)), step).await {
        Ok(done) => {
            let (run, step) = done.map_err(|panic| Problem::ours(&panic.to_string()))??;
            let run = shown(&door, &run, query.include).await?;
            Ok(axum::Json(RunAndStep { run, step: step.as_ref().map(views::step) }).into_response())
        }
        Err(_) => {
            let run = door.studio.run(&id).await?;
            let mut response = (StatusCode::ACCEPTED, axum::Json(shown(&door, &run, query.include).await?)).into_response();
            response.extensions_mut().insert(StillWaiting);
            Ok(response)
        }
    }
}
