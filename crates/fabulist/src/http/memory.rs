//! What stands in a story's own words, and is found by them.

use axum::extract::State;
use serde::Deserialize;
use studio::views::{self, PassagesView};

use super::{
    Door,
    extract::{Id, Query},
    problem::Problem,
};

/// What is looked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MemoryQuery {
    /// A question, or a few words, in the language of the story.
    #[param(min_length = 1, max_length = 1_000)]
    q: String,
    /// At most so many passages.
    #[param(minimum = 1, maximum = 50, default = 8)]
    k: Option<u32>,
    /// This run's story; when left out, that of the latest novel that succeeded, else of the one with most chapters.
    workflow_run_id: Option<String>,
}

/// Find passages of a story
///
/// In the latest texts of one run, never of another: the best first, of equals the earlier one. The same texts give the same answer whatever
/// else is stored.
#[utoipa::path(get, path = "/api/v1/brief-snapshots/{id}/memory/search", tag = "knowledge", params(("id" = String, Path), MemoryQuery),
    responses((status = 200, body = PassagesView)))]
pub(crate) async fn search(
    State(door): State<Door>,
    Id(id): Id,
    Query(query): Query<MemoryQuery>,
) -> Result<axum::Json<PassagesView>, Problem> {
    let run = query.workflow_run_id.as_deref();
    let found = door.studio.search_memory(&id, run, &query.q, query.k.unwrap_or(8)).await?;
    Ok(axum::Json(views::passages(found.as_ref())))
}
