//! Artifacts and their versions.

use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use studio::{
    artifact::{ArtifactKind, Review},
    desk::diff::Diff,
    ports::ArtifactFilter,
    views::{self, ArtifactView, VersionView},
};
use utoipa::ToSchema;

use super::{
    Door,
    extract::{Id, Json, MaybeJson, Query},
    lists::{NoQuery, PageQuery, list, page_of},
    problem::Problem,
    runs::Nothing,
};

list! {
    /// Some artifacts, by ordinal.
    ArtifactList of ArtifactView
}

list! {
    /// Some versions, newest first.
    VersionList of VersionView
}

/// Which artifacts to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ArtifactsQuery {
    /// Only those of this run.
    workflow_run_id: Option<String>,
    /// Only those of this snapshot.
    brief_snapshot_id: Option<String>,
    /// Only those of this kind.
    #[param(inline)]
    kind: Option<ArtifactKind>,
    /// Items of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// `next_cursor` of an earlier page.
    cursor: Option<String>,
}

/// A chapter that a person wrote before any step did.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewArtifact {
    workflow_run_id: String,
    kind: ArtifactKind,
    /// Its place in the plan, from 1.
    #[schema(minimum = 1)]
    ordinal: u32,
    #[schema(max_length = 300)]
    title: String,
    #[schema(min_length = 1)]
    content_text: String,
}

/// A text by a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewVersion {
    #[schema(min_length = 1)]
    content_text: String,
    /// As it was, when left out.
    #[serde(default)]
    #[schema(max_length = 300)]
    title: Option<String>,
    /// The version that it was written against: must be the latest.
    parent_version_id: String,
}

/// What to compare with.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DiffQuery {
    /// Another version; the version's parent when left out.
    against: Option<String>,
}

/// List artifacts by ordinal
#[utoipa::path(get, path = "/api/v1/artifacts", tag = "artifacts", params(ArtifactsQuery), responses((status = 200, body = ArtifactList)))]
pub(crate) async fn list_artifacts(
    State(door): State<Door>,
    Query(query): Query<ArtifactsQuery>,
) -> Result<axum::Json<ArtifactList>, Problem> {
    let page = page_of(query.limit, query.cursor)?;
    let filter = ArtifactFilter { run_id: query.workflow_run_id, snapshot_id: query.brief_snapshot_id, kind: query.kind, page };
    Ok(axum::Json(ArtifactList::of(&door.studio.artifacts(filter).await?, views::artifact)))
}

/// Keep a chapter that a person wrote
#[utoipa::path(post, path = "/api/v1/artifacts", tag = "artifacts", request_body = NewArtifact,
    responses((status = 201, body = VersionView), (status = 409)))]
pub(crate) async fn create_artifact(
    State(door): State<Door>,
    Query(NoQuery {}): Query<NoQuery>,
    Json(new): Json<NewArtifact>,
) -> Result<(StatusCode, axum::Json<VersionView>), Problem> {
    let written = door.studio.write_artifact(&new.workflow_run_id, new.kind, new.ordinal, &new.title, &new.content_text).await;
    let version = match written {
        Err(studio::Error::NotFound { what: "run", id }) => {
            let detail = format!("There is no run {id}.");
            return Err(Problem::field("/workflow_run_id", detail, "Name the run whose plan has the chapter."));
        }
        version => version?,
    };
    Ok((StatusCode::CREATED, axum::Json(views::version(&version))))
}

/// Show an artifact
#[utoipa::path(get, path = "/api/v1/artifacts/{id}", tag = "artifacts", params(("id" = String, Path)),
    responses((status = 200, body = ArtifactView)))]
pub(crate) async fn get_artifact(
    State(door): State<Door>,
    Id(id): Id,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<axum::Json<ArtifactView>, Problem> {
    Ok(axum::Json(views::artifact(&door.studio.artifact(&id).await?)))
}

/// What is to be different about an artifact.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ArtifactPatch {
    /// `approved`: it was read and stands as it is. `wanted`: it is to be read. `none`: neither.
    #[schema(inline)]
    review: Review,
}

/// Say how the review of an artifact stands
///
/// What comes after a chapter that was redone is marked `wanted`: whoever has read it lets it stand so, without a new version.
#[utoipa::path(patch, path = "/api/v1/artifacts/{id}", tag = "artifacts", params(("id" = String, Path)),
    request_body(content((ArtifactPatch = "application/json"), (ArtifactPatch = "application/merge-patch+json"))),
    responses((status = 200, body = ArtifactView)))]
pub(crate) async fn patch_artifact(
    State(door): State<Door>,
    Id(id): Id,
    Query(NoQuery {}): Query<NoQuery>,
    Json(patch): Json<ArtifactPatch>,
) -> Result<axum::Json<ArtifactView>, Problem> {
    Ok(axum::Json(views::artifact(&door.studio.review(&id, patch.review).await?)))
}

/// List the versions of an artifact, newest first
#[utoipa::path(get, path = "/api/v1/artifacts/{id}/versions", tag = "artifacts", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = VersionList)))]
pub(crate) async fn list_versions(
    State(door): State<Door>,
    Id(id): Id,
    Query(query): Query<PageQuery>,
) -> Result<axum::Json<VersionList>, Problem> {
    Ok(axum::Json(VersionList::of(&door.studio.versions(&id, query.page()?).await?, views::version)))
}

/// Keep a text by a person as the next version
///
/// 409 `version-moved-on` where the parent is not the latest version; the problem names both.
#[utoipa::path(post, path = "/api/v1/artifacts/{id}/versions", tag = "artifacts", params(("id" = String, Path)), request_body = NewVersion,
    responses((status = 201, body = VersionView), (status = 409)))]
pub(crate) async fn create_version(
    State(door): State<Door>,
    Id(id): Id,
    Query(NoQuery {}): Query<NoQuery>,
    Json(new): Json<NewVersion>,
) -> Result<(StatusCode, axum::Json<VersionView>), Problem> {
    let version = door.studio.write_version(&id, &new.parent_version_id, new.title, &new.content_text).await?;
    Ok((StatusCode::CREATED, axum::Json(views::version(&version))))
}

/// Show a version with its text
#[utoipa::path(get, path = "/api/v1/artifact-versions/{id}", tag = "artifacts", params(("id" = String, Path)),
    responses((status = 200, body = VersionView)))]
pub(crate) async fn get_version(
    State(door): State<Door>,
    Id(id): Id,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<axum::Json<VersionView>, Problem> {
    Ok(axum::Json(views::version(&door.studio.version(&id).await?)))
}

/// Say word by word what turns another version into this one
#[utoipa::path(get, path = "/api/v1/artifact-versions/{id}/diff", tag = "artifacts", params(("id" = String, Path), DiffQuery),
    responses((status = 200, body = Diff)))]
pub(crate) async fn diff_version(
    State(door): State<Door>,
    Id(id): Id,
    Query(query): Query<DiffQuery>,
) -> Result<axum::Json<Diff>, Problem> {
    Ok(axum::Json(door.studio.diff(&id, query.against.as_deref()).await?))
}

/// Make an old text the latest version again
///
/// The new version is a person's, and its chapter is read before the run goes on. 200 with the version itself where it is the latest one.
#[utoipa::path(post, path = "/api/v1/artifact-versions/{id}/restore", tag = "artifacts", params(("id" = String, Path)),
    request_body = Option<Nothing>, responses((status = 201, body = VersionView), (status = 200, body = VersionView), (status = 409)))]
pub(crate) async fn restore_version(
    State(door): State<Door>,
    Id(id): Id,
    Query(NoQuery {}): Query<NoQuery>,
    MaybeJson(Nothing {}): MaybeJson<Nothing>,
) -> Result<(StatusCode, axum::Json<VersionView>), Problem> {
    Ok(match door.studio.restore(&id).await? {
        Some(version) => (StatusCode::CREATED, axum::Json(views::version(&version))),
        None => (StatusCode::OK, axum::Json(views::version(&door.studio.version(&id).await?))),
    })
}
