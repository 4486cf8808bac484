use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use studio::{
    ports::RunFilter,
    run::{Kind, Status},
    views::{self, RunView},
};

use super::{Include, shown};
use crate::http::{
    Door,
    extract::{Id, Query},
    lists::{NoQuery, PageQuery, list, page_of},
    problem::Problem,
};

list! {
    /// Some runs, newest first.
    RunList of RunView
}

/// Which runs to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RunsQuery {
    /// Only runs of this snapshot.
    brief_snapshot_id: Option<String>,
    /// Only runs of this brief.
    brief_id: Option<String>,
    /// Only runs of this kind.
    #[param(inline)]
    kind: Option<Kind>,
    /// Only runs with this status.
    #[param(inline)]
    status: Option<Status>,
    /// `state`: each run comes with its whole state.
    #[param(inline)]
    include: Option<Include>,
    /// Items of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// `next_cursor` of an earlier page.
    cursor: Option<String>,
}

/// Whether what a person wrote goes too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UserEdits {
    /// It stays as a standalone manuscript.
    Keep,
    /// It goes.
    Delete,
}

/// How a brief is deleted.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WaitQuery {
    /// Whether to answer only when every row is gone.
    wait: Option<bool>,
}

impl WaitQuery {
    pub(crate) fn wait(&self) -> bool {
        self.wait.unwrap_or(false)
    }
}

/// How a run, or a snapshot with its runs, is deleted.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeleteQuery {
    /// Whether what a person wrote goes too; `keep` when left out.
    #[param(inline)]
    user_edits: Option<UserEdits>,
    /// Whether to answer only when every row is gone.
    wait: Option<bool>,
}

impl DeleteQuery {
    pub(crate) fn keeps_words(&self) -> bool {
        self.user_edits != Some(UserEdits::Delete)
    }

    pub(crate) fn waits(&self) -> bool {
        self.wait.unwrap_or(false)
    }
}

/// What deleting would remove, and what it would keep.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Deletion {
    /// Counts of rows by name.
    #[schema(value_type = std::collections::BTreeMap<String, u64>)]
    removes: Value,
    /// Counts of rows by name.
    #[schema(value_type = std::collections::BTreeMap<String, u64>)]
    keeps: Value,
}

/// List runs, newest first
#[utoipa::path(get, path = "/api/v1/workflow-runs", tag = "runs", params(RunsQuery), responses((status = 200, body = RunList)))]
pub(crate) async fn list_runs(State(door): State<Door>, Query(query): Query<RunsQuery>) -> Result<axum::Json<RunList>, Problem> {
    let page = page_of(query.limit, query.cursor)?;
    let filter = RunFilter {
        brief_id: query.brief_id,
        snapshot_id: query.brief_snapshot_id,
        kind: query.kind,
        status: query.status,
        limit: page.limit,
        cursor: page.cursor,
        ..RunFilter::default()
    };
    let page = door.studio.runs(filter).await?;
    let mut list = RunList::of(&page, views::run);
    if query.include.is_some() {
        for (view, run) in list.items.iter_mut().zip(&page.items) {
            *view = shown(&door, run, query.include).await?;
        }
    }
    Ok(axum::Json(list))
}

/// List the forks of a run, and forks of those, newest first
#[utoipa::path(get, path = "/api/v1/workflow-runs/{id}/forks", tag = "runs", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = RunList)))]
pub(crate) async fn list_forks(
    State(door): State<Door>,
    Id(id): Id,
    Query(query): Query<PageQuery>,
) -> Result<axum::Json<RunList>, Problem> {
    Ok(axum::Json(RunList::of(&door.studio.forks(&id, query.page()?).await?, views::run)))
}

/// Show a run with its state
#[utoipa::path(get, path = "/api/v1/workflow-runs/{id}", tag = "runs", params(("id" = String, Path), super::RunQuery),
    responses((status = 200, body = RunView)))]
pub(crate) async fn get_run(
    State(door): State<Door>,
    Id(id): Id,
    Query(_): Query<super::RunQuery>,
) -> Result<axum::Json<RunView>, Problem> {
    let run = door.studio.run(&id).await?;
    Ok(axum::Json(shown(&door, &run, Some(Include::State)).await?))
}

/// Say what deleting a run would remove and keep
#[utoipa::path(get, path = "/api/v1/workflow-runs/{id}/deletion", tag = "runs", params(("id" = String, Path)),
    responses((status = 200, body = Deletion)))]
pub(crate) async fn run_deletion(
    State(door): State<Door>,
    Id(id): Id,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<axum::Json<Value>, Problem> {
    Ok(axum::Json(door.studio.deletion_preview(&id).await?))
}

/// Delete a run with everything that it made
///
/// Invisible at once; a step in flight is aborted. What a person wrote stays unless `user_edits=delete`.
#[utoipa::path(delete, path = "/api/v1/workflow-runs/{id}", tag = "runs", params(("id" = String, Path), DeleteQuery), responses((status = 204)))]
pub(crate) async fn delete_run(State(door): State<Door>, Id(id): Id, Query(query): Query<DeleteQuery>) -> Result<StatusCode, Problem> {
    door.studio.delete(&id, query.keeps_words(), query.waits()).await?;
    Ok(StatusCode::NO_CONTENT)
}
