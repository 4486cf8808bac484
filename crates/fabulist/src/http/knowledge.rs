//! What a story says.

use axum::extract::State;
use serde::Deserialize;
use studio::views::{self, GraphView, RebuiltView, WorldView};

use super::{
    Door,
    extract::{Id, MaybeJson, Query},
    lists::page_of,
    problem::Problem,
    runs::Nothing,
};

/// Which chapter.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WorldQuery {
    /// The world as it is after this one; after the last one that is written when left out.
    chapter: Option<u32>,
}

/// Which run of a snapshot, and which part of the lists.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct GraphQuery {
    /// This run's story; when left out, that of the latest novel that succeeded, else of the one with most chapters.
    workflow_run_id: Option<String>,
    /// Items of each list on a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// `next_cursor` of an earlier page.
    cursor: Option<String>,
}

/// Which runs of a snapshot.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RebuildQuery {
    /// Only this one; all when left out.
    workflow_run_id: Option<String>,
}

/// Show the world as of a chapter
///
/// Who lives and where, who holds what, who knows what since when, relations, open questions, and the story's clock: folded from what was
/// read of the chapters of this run, each with the words that say so. Of a script the chapters are its scenes or episodes.
#[utoipa::path(get, path = "/api/v1/workflow-runs/{id}/world", tag = "knowledge", params(("id" = String, Path), WorldQuery),
    responses((status = 200, body = WorldView)))]
pub(crate) async fn world(State(door): State<Door>, Id(id): Id, Query(query): Query<WorldQuery>) -> Result<axum::Json<WorldView>, Problem> {
    Ok(axum::Json(views::world(&door.studio.world(&id, query.chapter).await?)))
}

/// Show who and what there is in a story, and what happens
#[utoipa::path(get, path = "/api/v1/brief-snapshots/{id}/kg", tag = "knowledge", params(("id" = String, Path), GraphQuery),
    responses((status = 200, body = GraphView)))]
pub(crate) async fn graph(State(door): State<Door>, Id(id): Id, Query(query): Query<GraphQuery>) -> Result<axum::Json<GraphView>, Problem> {
    let page = page_of(query.limit, query.cursor)?;
    let graph = door.studio.story_graph(&id, query.workflow_run_id.as_deref()).await?;
    Ok(axum::Json(views::graph(graph.as_ref(), &page)))
}

/// Make what is known of a story anew from its versions
///
/// Asks no model: what was read of each version stays as it was read.
#[utoipa::path(post, path = "/api/v1/brief-snapshots/{id}/kg/rebuild", tag = "knowledge", params(("id" = String, Path), RebuildQuery),
    request_body = Option<Nothing>, responses((status = 200, body = RebuiltView)))]
pub(crate) async fn rebuild(
    State(door): State<Door>,
    Id(id): Id,
    Query(query): Query<RebuildQuery>,
    MaybeJson(Nothing {}): MaybeJson<Nothing>,
) -> Result<axum::Json<RebuiltView>, Problem> {
    let (runs, remade) = door.studio.rebuild_knowledge(&id, query.workflow_run_id.as_deref()).await?;
    Ok(axum::Json(views::rebuilt(runs, remade)))
}
