//! What can be seen of a request: its id, its span, its line in the log, its meters.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, core::Collector};
use tracing::Instrument as _;
use uuid::Uuid;

use super::{Door, extract::Query, lists::NoQuery};

/// The header that names a request, here and in whatever stands before us.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// From an answer out of memory to a `next` that waits for a whole step, in seconds.
const REQUEST_SECONDS: &[f64] = &[0.001, 0.005, 0.02, 0.1, 0.5, 1.0, 5.0, 30.0, 120.0, 600.0];

/// What only the HTTP door counts. Routes are those of the description, never the path that was asked for.
#[derive(Clone)]
pub(crate) struct DoorMeters {
    requests: IntCounterVec,
    seconds: HistogramVec,
    streams: IntGauge,
}

impl DoorMeters {
    pub(super) fn new(registry: &Registry) -> Self {
        let requests = Opts::new("fabulist_http_requests_total", "Requests that were answered, by route, method and status.");
        let seconds = HistogramOpts::new("fabulist_http_request_seconds", "Time from a request's head to its answer's head.");
        Self {
            requests: added(registry, IntCounterVec::new(requests, &["route", "method", "status"])),
            seconds: added(registry, HistogramVec::new(seconds.buckets(REQUEST_SECONDS.to_vec()), &["route", "method"])),
            streams: added(registry, IntGauge::new("fabulist_sse_streams", "Streams of events that are open.")),
        }
    }
}

#[expect(clippy::expect_used, reason = "constants of this file, which every start of a server goes through")]
fn added<M: Collector + Clone + 'static>(registry: &Registry, made: prometheus::Result<M>) -> M {
    let meter = made.expect("the name and the labels of a meter fit");
    registry.register(Box::new(meter.clone())).expect("no two meters have one name");
    meter
}

/// Names the request, and sees it through. No address that was asked for is told below debug: it may hold what a person typed.
pub(super) async fn seen(meters: DoorMeters, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("other", |path| path.as_str()).to_owned();
    let method = known(request.method());
    let id = request.headers().get(&REQUEST_ID).and_then(given).unwrap_or_else(|| Uuid::now_v7().to_string());
    let span = tracing::error_span!("request", request = %id, method, route);
    let begun = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let took = begun.elapsed();
    let status = response.status();
    meters.requests.with_label_values(&[&route, method, status.as_str()]).inc();
    meters.seconds.with_label_values(&[&*route, method]).observe(took.as_secs_f64());
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| {
        if status.is_server_error() {
            tracing::info!(status = status.as_u16(), ms, "a request was answered");
        } else {
            tracing::debug!(status = status.as_u16(), ms, "a request was answered");
        }
    });
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// An id that was given is kept where it can stand in a log as it is.
fn given(value: &HeaderValue) -> Option<String> {
    let id = value.to_str().ok()?;
    let fits = (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b));
    fits.then(|| id.to_owned())
}

/// A client may invent methods: they are one to the meters.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// What this process counts, as Prometheus reads it
#[utoipa::path(get, path = "/metrics", tag = "health", responses((status = 200, body = String, content_type = "text/plain")))]
pub(crate) async fn metrics(State(door): State<Door>, Query(NoQuery {}): Query<NoQuery>) -> Response {
    door.meters.streams.set(i64::try_from(door.hub.streams()).unwrap_or(i64::MAX));
    let text = door.studio.metrics().await;
    let mut response = text.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(studio::meters::TEXT_FORMAT));
    response
}
