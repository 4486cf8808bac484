//! Project files, and the bin.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use documents::file_name;
use serde::Serialize;
use studio::{
    project::Imported,
    views::{self, BinnedView, ImportedView},
};

use super::{
    Door,
    export::disposition,
    extract::{File, Id, MaybeJson, Query},
    lists::NoQuery,
    problem::Problem,
    runs::Nothing,
};

/// What is in the bin: all of it, since it is never much.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct BinList {
    items: Vec<BinnedView>,
    /// Always null.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Write a brief with everything under it to one file
///
/// Snapshots, runs, steps, the state after each, calls, events, versions: `POST /projects` on another machine has them all again.
#[utoipa::path(get, path = "/api/v1/briefs/{id}/project", tag = "projects", params(("id" = String, Path)),
    responses((status = 200, content_type = "application/gzip", body = String)))]
pub(crate) async fn export_project(State(door): State<Door>, Id(id): Id, Query(NoQuery {}): Query<NoQuery>) -> Result<Response, Problem> {
    let brief = door.studio.brief(&id).await?;
    let mut response = door.studio.project(&id).await?.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/gzip"));
    if let Ok(name) = HeaderValue::from_str(&disposition(&file_name(&brief.title, None, "fabulist"))) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// Take a project file in
///
/// Everything keeps its id. 409 `already-there` where one of them is here already; nothing is changed then. Autorun is off in all its runs.
#[utoipa::path(post, path = "/api/v1/projects", tag = "projects", request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 201, body = ImportedView), (status = 409)))]
pub(crate) async fn import_project(
    State(door): State<Door>,
    Query(NoQuery {}): Query<NoQuery>,
    File(file): File,
) -> Result<(StatusCode, axum::Json<ImportedView>), Problem> {
    let imported = door.studio.import_project(file.into()).await?;
    Ok((StatusCode::CREATED, axum::Json(shown(&door, &imported).await?)))
}

/// List what was deleted and can be had back, the last one first
#[utoipa::path(get, path = "/api/v1/bin", tag = "projects", responses((status = 200, body = BinList)))]
pub(crate) async fn list_bin(State(door): State<Door>, Query(NoQuery {}): Query<NoQuery>) -> Result<axum::Json<BinList>, Problem> {
    let items = door.studio.bin().await?.iter().map(views::binned).collect();
    Ok(axum::Json(BinList { items, next_cursor: None }))
}

/// Put back what was deleted
///
/// By the id of the brief, the snapshot or the run. What a person wrote and what was kept goes back into its run.
#[utoipa::path(post, path = "/api/v1/bin/{id}/restore", tag = "projects", params(("id" = String, Path)),
    request_body = Option<Nothing>, responses((status = 200, body = ImportedView), (status = 409)))]
pub(crate) async fn restore(
    State(door): State<Door>,
    Id(id): Id,
    Query(NoQuery {}): Query<NoQuery>,
    MaybeJson(Nothing {}): MaybeJson<Nothing>,
) -> Result<axum::Json<ImportedView>, Problem> {
    let restored = door.studio.restore_from_bin(&id).await?;
    Ok(axum::Json(shown(&door, &restored).await?))
}

async fn shown(door: &Door, imported: &Imported) -> Result<ImportedView, Problem> {
    Ok(views::imported(&door.studio.brief(&imported.brief_id).await?, imported))
}
