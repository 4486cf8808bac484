//! The steps of a run: what was done, what the model saw, what it said.

use axum::{
    extract::State,
    http::{HeaderName, header::CONTENT_TYPE},
};
use serde::Deserialize;
use serde_json::Value;
use studio::{
    ports::{Page, StepFilter},
    step::Step,
    views::{self, CallView, StepView},
};

use super::{
    Door,
    extract::{Id, Index, Query},
    lists::{NoQuery, PageQuery, list, page_of},
    problem::Problem,
};

list! {
    /// Some attempts, by index, then attempt.
    StepList of StepView
}

list! {
    /// Some calls, in the order in which they were answered.
    CallList of CallView
}

/// Which attempt.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AttemptQuery {
    /// The last one when left out.
    #[param(minimum = 1)]
    attempt: Option<i64>,
}

/// In which order, and how much of each.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct StepsQuery {
    /// `newest`: the last attempt first.
    #[param(inline)]
    order: Option<StepOrder>,
    /// `true`: `state_patch` is left out, which can be long: it is null.
    brief: Option<bool>,
    /// Items of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// `next_cursor` of an earlier page in the same order.
    cursor: Option<String>,
}

/// Where a list of steps begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StepOrder {
    /// With the first one.
    Oldest,
    /// With the last one.
    Newest,
}

/// List the steps of a run, by index, then attempt
#[utoipa::path(get, path = "/api/v1/workflow-runs/{id}/steps", tag = "steps", params(("id" = String, Path), StepsQuery),
    responses((status = 200, body = StepList)))]
pub(crate) async fn list_steps(
    State(door): State<Door>,
    Id(id): Id,
    Query(query): Query<StepsQuery>,
) -> Result<axum::Json<StepList>, Problem> {
    let asked = page_of(query.limit, query.cursor)?;
    let limit = asked.limit.unwrap_or(50);
    let after = asked.cursor.as_deref().and_then(|c| c.split_once('.')).and_then(|(i, a)| Some((i.parse().ok()?, a.parse().ok()?)));
    door.studio.run(&id).await?;
    let filter = StepFilter {
        after_attempt: after,
        newest_first: query.order == Some(StepOrder::Newest),
        in_brief: query.brief == Some(true),
        limit: Some(limit + 1),
        ..StepFilter::default()
    };
    let mut items = door.studio.steps(&id, filter).await?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next_cursor = items.last().filter(|_| more).map(|step| format!("{}.{}", step.index, step.attempt));
    Ok(axum::Json(StepList::of(&Page { items, next_cursor }, views::step)))
}

/// Show the last attempt at a step
#[utoipa::path(get, path = "/api/v1/workflow-runs/{id}/steps/{index}", tag = "steps",
    params(("id" = String, Path), ("index" = i64, Path, minimum = 1), AttemptQuery), responses((status = 200, body = StepView)))]
pub(crate) async fn get_step(
    State(door): State<Door>,
    Id(id): Id,
    Index(index): Index,
    Query(query): Query<AttemptQuery>,
) -> Result<axum::Json<StepView>, Problem> {
    Ok(axum::Json(views::step(&attempt(&door, &id, index, query.attempt).await?)))
}

/// Show the state as it stood after a step
#[utoipa::path(get, path = "/api/v1/workflow-runs/{id}/steps/{index}/state", tag = "steps",
    params(("id" = String, Path), ("index" = i64, Path, minimum = 0)), responses((status = 200, body = Object)))]
pub(crate) async fn step_state(
    State(door): State<Door>,
    Id(id): Id,
    Index(index): Index,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<([(HeaderName, &'static str); 1], String), Problem> {
    Ok(([(CONTENT_TYPE, "application/json")], door.studio.state_text(&id, index).await?))
}

/// Show what the prompts of a step had in common
#[utoipa::path(get, path = "/api/v1/workflow-runs/{id}/steps/{index}/context", tag = "steps",
    params(("id" = String, Path), ("index" = i64, Path, minimum = 1), AttemptQuery), responses((status = 200, body = Object)))]
pub(crate) async fn step_context(
    State(door): State<Door>,
    Id(id): Id,
    Index(index): Index,
    Query(query): Query<AttemptQuery>,
) -> Result<axum::Json<Value>, Problem> {
    let step = attempt(&door, &id, index, query.attempt).await?;
    Ok(axum::Json(step.context.unwrap_or_else(|| serde_json::json!({}))))
}

/// List the calls of a step: what the model saw and said
#[utoipa::path(get, path = "/api/v1/workflow-runs/{id}/steps/{index}/calls", tag = "steps",
    params(("id" = String, Path), ("index" = i64, Path, minimum = 1), PageQuery), responses((status = 200, body = CallList)))]
pub(crate) async fn step_calls(
    State(door): State<Door>,
    Id(id): Id,
    Index(index): Index,
    Query(query): Query<PageQuery>,
) -> Result<axum::Json<CallList>, Problem> {
    let asked = query.page()?;
    let step = attempt(&door, &id, index, None).await?;
    let mut items = door.studio.calls(&id, index).await?;
    // A step has few calls, and they are read together: a cursor counts those that were shown.
    let (limit, shown) = (asked.limit.unwrap_or(50) as usize, asked.cursor.as_deref().and_then(before).unwrap_or(0));
    items.drain(..shown.min(items.len()));
    let next_cursor = (items.len() > limit).then(|| format!("{}.0", shown + limit));
    items.truncate(limit);
    Ok(axum::Json(CallList::of(&Page { items, next_cursor }, |call| views::call(call, call.step_id != step.id))))
}

fn before(cursor: &str) -> Option<usize> {
    cursor.split_once('.')?.0.parse().ok()
}

async fn attempt(door: &Door, run_id: &str, index: i64, attempt: Option<i64>) -> Result<Step, Problem> {
    if attempt.is_some_and(|attempt| attempt < 1) {
        return Err(Problem::field("?attempt", "Attempts count from 1.", "Leave it out for the last one."));
    }
    door.studio.run(run_id).await?;
    let attempts = door.studio.steps(run_id, StepFilter { index: Some(index), ..StepFilter::default() }).await?;
    let found = match attempt {
        Some(attempt) => attempts.into_iter().find(|step| step.attempt == attempt),
        None => attempts.into_iter().next_back(),
    };
    found.ok_or_else(|| Problem::not_found("step", &index.to_string()))
}
