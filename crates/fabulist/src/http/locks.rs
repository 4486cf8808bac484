//! Locks of artifacts.

use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use story::text::Span;
use studio::views::{self, LockView};
use utoipa::ToSchema;

use super::{
    Door,
    extract::{Id, Json, LockId, MaybeJson, Query},
    lists::{NoQuery, PageQuery, list},
    problem::Problem,
};

list! {
    /// Some locks: of the whole text first, then in the order of the words.
    LockList of LockView
}

/// A stretch of text in Unicode scalar values from 0, end exclusive.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SpanOfText)]
pub(crate) struct SpanBody {
    start: u32,
    end: u32,
}

impl From<SpanBody> for Span {
    fn from(span: SpanBody) -> Self {
        Self { start: span.start as usize, end: span.end as usize }
    }
}

/// What is to be locked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLock {
    /// The words of the latest version that are locked; the whole text when left out.
    #[serde(default)]
    span: Option<SpanBody>,
    /// Why: whoever is stopped by it reads this.
    #[schema(min_length = 1, max_length = 1_000)]
    reason: String,
    /// The version that the span was counted in: must be the latest. Not looked at when left out.
    #[serde(default)]
    version_id: Option<String>,
}

/// Which locks are taken away: those that are on this span and for this reason, all of them where nothing is said.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Unlocking {
    /// Where the words stand in the latest version.
    #[serde(default)]
    span: Option<SpanBody>,
    #[serde(default)]
    reason: Option<String>,
}

/// List the locks of an artifact
#[utoipa::path(get, path = "/api/v1/artifacts/{id}/locks", tag = "artifacts", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = LockList)))]
pub(crate) async fn list_locks(
    State(door): State<Door>,
    Id(id): Id,
    Query(query): Query<PageQuery>,
) -> Result<axum::Json<LockList>, Problem> {
    Ok(axum::Json(LockList::of(&door.studio.locks(&id, query.page()?).await?, views::lock)))
}

/// Lock a text, or words of it
///
/// Locked words stand in every later version, whoever writes it, and are found again where the text around them has grown or shrunk. What would
/// touch them is refused with 409 `locked`. 200 with the lock itself where the very same is locked already.
#[utoipa::path(post, path = "/api/v1/artifacts/{id}/locks", tag = "artifacts", params(("id" = String, Path)), request_body = NewLock,
    responses((status = 201, body = LockView), (status = 200, body = LockView), (status = 409)))]
pub(crate) async fn create_lock(
    State(door): State<Door>,
    Id(id): Id,
    Query(NoQuery {}): Query<NoQuery>,
    Json(new): Json<NewLock>,
) -> Result<(StatusCode, axum::Json<LockView>), Problem> {
    let (lock, is_new) = door.studio.lock(&id, new.span.map(Span::from), &new.reason, new.version_id.as_deref()).await?;
    Ok((if is_new { StatusCode::CREATED } else { StatusCode::OK }, axum::Json(views::lock(&lock))))
}

/// Take locks of an artifact away
#[utoipa::path(delete, path = "/api/v1/artifacts/{id}/locks", tag = "artifacts", params(("id" = String, Path)),
    request_body = Option<Unlocking>, responses((status = 204)))]
pub(crate) async fn delete_locks(
    State(door): State<Door>,
    Id(id): Id,
    Query(NoQuery {}): Query<NoQuery>,
    MaybeJson(which): MaybeJson<Unlocking>,
) -> Result<StatusCode, Problem> {
    door.studio.unlock_all(&id, which.span.map(Span::from), which.reason.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take one lock away
#[utoipa::path(delete, path = "/api/v1/artifacts/{id}/locks/{lock_id}", tag = "artifacts",
    params(("id" = String, Path), ("lock_id" = String, Path)), responses((status = 204)))]
pub(crate) async fn delete_lock(
    State(door): State<Door>,
    Id(id): Id,
    LockId(lock_id): LockId,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<StatusCode, Problem> {
    door.studio.unlock(&id, &lock_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
