//! Snapshots of briefs.

use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::Value;
use studio::views::{self, SnapshotView};
use utoipa::ToSchema;

use super::{
    Door,
    extract::{Id, MaybeJson, Query},
    lists::{NoQuery, PageQuery, list},
    problem::Problem,
};

list! {
    /// Some snapshots, newest first.
    SnapshotList of SnapshotView
}

/// A snapshot to be made.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSnapshot {
    #[serde(default)]
    #[schema(max_length = 300)]
    label: Option<String>,
}

/// Freeze a brief with everything that it leaves open
#[utoipa::path(post, path = "/api/v1/briefs/{id}/snapshots", tag = "briefs", params(("id" = String, Path)),
    request_body = Option<NewSnapshot>, responses((status = 201, body = SnapshotView)))]
pub(crate) async fn create_snapshot(
    State(door): State<Door>,
    Id(id): Id,
    Query(NoQuery {}): Query<NoQuery>,
    MaybeJson(new): MaybeJson<NewSnapshot>,
) -> Result<(StatusCode, axum::Json<SnapshotView>), Problem> {
    let brief = door.studio.brief(&id).await?;
    let snapshot = door.studio.create_snapshot(&brief, new.label).await?;
    Ok((StatusCode::CREATED, axum::Json(views::snapshot(&snapshot))))
}

/// List the snapshots of a brief, newest first
#[utoipa::path(get, path = "/api/v1/briefs/{id}/snapshots", tag = "briefs", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = SnapshotList)))]
pub(crate) async fn list_snapshots(
    State(door): State<Door>,
    Id(id): Id,
    Query(query): Query<PageQuery>,
) -> Result<axum::Json<SnapshotList>, Problem> {
    let page = door.studio.snapshots(&id, query.page()?).await?;
    Ok(axum::Json(SnapshotList::of(&page, views::snapshot)))
}

/// Show a snapshot
#[utoipa::path(get, path = "/api/v1/brief-snapshots/{id}", tag = "briefs", params(("id" = String, Path)),
    responses((status = 200, body = SnapshotView)))]
pub(crate) async fn get_snapshot(
    State(door): State<Door>,
    Id(id): Id,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<axum::Json<SnapshotView>, Problem> {
    Ok(axum::Json(views::snapshot(&door.studio.snapshot(&id).await?)))
}

/// Say what deleting a snapshot would remove and keep
#[utoipa::path(get, path = "/api/v1/brief-snapshots/{id}/deletion", tag = "briefs", params(("id" = String, Path)),
    responses((status = 200, body = super::runs::Deletion)))]
pub(crate) async fn snapshot_deletion(
    State(door): State<Door>,
    Id(id): Id,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<axum::Json<Value>, Problem> {
    Ok(axum::Json(door.studio.snapshot_deletion(&id).await?))
}

/// Delete a snapshot with its runs
///
/// What a person wrote stays with the brief unless `user_edits=delete`.
#[utoipa::path(delete, path = "/api/v1/brief-snapshots/{id}", tag = "briefs", params(("id" = String, Path), super::runs::DeleteQuery),
    responses((status = 204)))]
pub(crate) async fn delete_snapshot(
    State(door): State<Door>,
    Id(id): Id,
    Query(query): Query<super::runs::DeleteQuery>,
) -> Result<StatusCode, Problem> {
    door.studio.delete_snapshot(&id, query.keeps_words(), query.waits()).await?;
    Ok(StatusCode::NO_CONTENT)
}
