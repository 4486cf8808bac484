use axum::extract::State;
use serde::{Deserialize, Serialize};
use studio::views::CandidateView;
use utoipa::ToSchema;

use super::{RunAndStep, TurnQuery, edit::answer};
use crate::http::{
    Door,
    extract::{Id, Index, Json, Query},
    lists::NoQuery,
    problem::Problem,
};

/// Which draft to take.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Choice {
    /// Its number, from 1, as the step lists it.
    #[schema(minimum = 1)]
    candidate: u32,
}

/// The drafts of a step.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CandidateList {
    items: Vec<CandidateView>,
    /// Always null: there are at most 8.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Take another of a step's drafts
///
/// Recorded as a step of kind `edit`; the draft is read and judged anew. 409 `not-in-hand` once its chapter is committed.
#[utoipa::path(post, path = "/api/v1/workflow-runs/{id}/steps/{index}/choose", tag = "steps",
    params(("id" = String, Path), ("index" = i64, Path, minimum = 1), TurnQuery), request_body = Choice,
    responses((status = 200, body = RunAndStep), (status = 409)))]
pub(crate) async fn choose_candidate(
    State(door): State<Door>,
    Id(id): Id,
    Index(index): Index,
    Query(query): Query<TurnQuery>,
    Json(choice): Json<Choice>,
) -> Result<axum::Json<RunAndStep>, Problem> {
    let done = door.studio.choose(&id, index, choice.candidate, query.turn()?).await?;
    answer(&door, done, query.include).await
}

/// List the drafts that a step had to choose from
///
/// Those that were not taken are kept as long as the run is.
#[utoipa::path(get, path = "/api/v1/workflow-runs/{id}/steps/{index}/candidates", tag = "steps",
    params(("id" = String, Path), ("index" = i64, Path, minimum = 1)), responses((status = 200, body = CandidateList)))]
pub(crate) async fn list_candidates(
    State(door): State<Door>,
    Id(id): Id,
    Index(index): Index,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<axum::Json<CandidateList>, Problem> {
    Ok(axum::Json(CandidateList { items: door.studio.candidates(&id, index).await?, next_cursor: None }))
}
