//! What the rules find in a book.

use axum::extract::State;
use serde::Deserialize;
use studio::views::{self, FindingsView};

use super::{
    Door,
    extract::{Id, MaybeJson, Query},
    lists::page_of,
    problem::Problem,
    runs::Nothing,
};

/// Which run of a snapshot, and which part of the list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LintQuery {
    /// This run's texts; when left out, those of the latest novel that succeeded, else of the one with most chapters.
    workflow_run_id: Option<String>,
    /// Findings on a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// `next_cursor` of an earlier page.
    cursor: Option<String>,
}

/// List what the rules find in a book
///
/// The latest texts of one run, and what was read of them, held against the rules of a whole book. Code decides, no model is asked: the same
/// texts give the same findings.
#[utoipa::path(get, path = "/api/v1/brief-snapshots/{id}/lint", tag = "knowledge", params(("id" = String, Path), LintQuery),
    responses((status = 200, body = FindingsView)))]
pub(crate) async fn list(
    State(door): State<Door>,
    Id(id): Id,
    Query(query): Query<LintQuery>,
) -> Result<axum::Json<FindingsView>, Problem> {
    answer(&door, &id, query).await
}

/// Hold a book against the rules now
///
/// Answers as `GET` does: findings are made of what is there, each time.
#[utoipa::path(post, path = "/api/v1/brief-snapshots/{id}/lint", tag = "knowledge", params(("id" = String, Path), LintQuery),
    request_body = Option<Nothing>, responses((status = 200, body = FindingsView)))]
pub(crate) async fn check(
    State(door): State<Door>,
    Id(id): Id,
    Query(query): Query<LintQuery>,
    MaybeJson(Nothing {}): MaybeJson<Nothing>,
) -> Result<axum::Json<FindingsView>, Problem> {
    answer(&door, &id, query).await
}

async fn answer(door: &Door, id: &str, query: LintQuery) -> Result<axum::Json<FindingsView>, Problem> {
    let page = page_of(query.limit, query.cursor)?;
    let linted = door.studio.lint_snapshot(id, query.workflow_run_id.as_deref()).await?;
    Ok(axum::Json(views::findings(linted.as_ref(), &page)))
}
