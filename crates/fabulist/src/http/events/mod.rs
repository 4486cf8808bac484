//! Events: what happened to runs, replayed and then as it happens.

mod frame;
mod hub;
mod stream;
mod world;

pub(crate) use hub::Hub;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::Response,
};
use serde::Deserialize;

use super::{
    Door,
    extract::{Id, LastEventId, Query, is_id},
    problem::Problem,
};

/// Where the replay begins.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventsQuery {
    /// After this event, or `latest`: from now. The header `Last-Event-ID` wins.
    #[param(pattern = r"^([0-9]{1,18}|latest)$")]
    after: Option<String>,
}

/// Where the replay begins, and of which runs.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AllEventsQuery {
    /// After this event, or `latest`: from now. The header `Last-Event-ID` wins.
    #[param(pattern = r"^([0-9][0-9.:_-]{0,60}|latest)$")]
    after: Option<String>,
    /// Only of these runs: ids with commas between them.
    runs: Option<String>,
    /// Also the prose of this run as it is written.
    deltas: Option<String>,
}

/// Follow a run
///
/// Durable events carry an id and are replayed after it; prose as it is written does not. The stream of an ended run is replayed and closed.
#[utoipa::path(get, path = "/api/v1/workflow-runs/{id}/events", tag = "events",
    params(("id" = String, Path), EventsQuery, ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that was seen.")),
    responses((status = 200, body = String, content_type = "text/event-stream")))]
pub(crate) async fn run_events(
    State(door): State<Door>,
    Id(id): Id,
    Query(query): Query<EventsQuery>,
    LastEventId(last): LastEventId,
) -> Result<Response, Problem> {
    let run = door.studio.run(&id).await?;
    let after = match (last.as_deref(), query.after.as_deref()) {
        (Some(id), _) => number("Last-Event-ID", id)?,
        (None, Some("latest")) => run.last_event,
        (None, Some(after)) => number("?after", after)?,
        (None, None) => 0,
    };
    let place = door.hub.place()?;
    let body = stream::follow(door.hub.clone(), &id, after, place).await?;
    Ok(answer(body))
}

/// Follow all runs
///
/// With positions of its own: opaque, and good for this stream only.
#[utoipa::path(get, path = "/api/v1/events", tag = "events",
    params(AllEventsQuery, ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that was seen.")),
    responses((status = 200, body = String, content_type = "text/event-stream")))]
pub(crate) async fn all_events(
    State(door): State<Door>,
    Query(query): Query<AllEventsQuery>,
    LastEventId(last): LastEventId,
) -> Result<Response, Problem> {
    let runs = match query.runs.as_deref() {
        None => None,
        Some(ids) => Some(
            ids.split(',')
                .map(|id| if is_id(id.trim()) { Ok(id.trim().to_owned()) } else { Err(Problem::field("?runs", "This is no id.", IDS)) })
                .collect::<Result<std::collections::HashSet<_>, _>>()?,
        ),
    };
    if let Some(id) = &query.deltas
        && !is_id(id)
    {
        return Err(Problem::field("?deltas", "This is no id.", "Send the id of one run."));
    }
    let after = match (last, query.after.as_deref()) {
        (Some(id), _) => Some(position("Last-Event-ID", &id)?),
        (None, Some("latest")) => Some(door.studio.store().feed_latest().await.map_err(studio::Error::from)?),
        (None, Some(after)) => Some(position("?after", after)?),
        (None, None) => None,
    };
    let place = door.hub.place()?;
    Ok(answer(world::follow(door.hub.clone(), after, runs, query.deltas, place).await?))
}

const IDS: &str = "Send ids of runs with commas between them.";

fn number(pointer: &str, text: &str) -> Result<i64, Problem> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| plain).ok_or_else(|| Problem::field(pointer, "This is no id of an event.", "Send a number, or `latest`."))
}

/// Positions are opaque, but never longer or stranger than this.
fn position(pointer: &str, text: &str) -> Result<String, Problem> {
    let fits = text.len() <= 61
        && text.bytes().next().is_some_and(|b| b.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_digit() || b".:_-".contains(&b));
    if fits {
        Ok(text.to_owned())
    } else {
        Err(Problem::field(pointer, "This is no id of an event.", "Send an id of this stream, or `latest`."))
    }
}

fn answer(body: Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, no-transform"));
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}
