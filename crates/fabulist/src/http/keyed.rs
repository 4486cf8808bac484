//! Requests that carry an `Idempotency-Key`: done once, however often they are sent, by whichever process.
//!
//! The answer is kept for a day. A request whose process died before it answered is looked for by the id that was given out for what it makes,
//! or by what its transaction wrote down; only where nothing was made it is carried out again.

use std::time::{Duration, Instant};

use axum::{
    body::Body,
    extract::{MatchedPath, Request},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use studio::{
    Studio,
    fail_point::fail_point,
    ids::{new_id, with_ticket},
    ports::{KeptAnswer, KeyedRequest, RequestStands},
};
use tracing::Instrument as _;

mod made;

use super::{
    extract::{MOST_FILE_BYTES, read_at_most},
    problem::Problem,
};

/// The header.
pub(crate) const KEY: &str = "idempotency-key";
/// The longest key.
const MOST_CHARS: usize = 255;
/// How long a repeated request waits for the first one.
const PATIENCE: Duration = Duration::from_secs(600);
/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// The route whose key stands for the index of a step.
const NEXT: &str = "/api/v1/workflow-runs/{id}/next";

/// The index that a step has which is asked for by a key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected(pub(crate) i64);

/// Lets a request through that has no key; one that has is carried out once.
pub(crate) async fn keyed(studio: Studio, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !request.headers().contains_key(KEY) {
        return next.run(request).await;
    }
    match once(studio, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn once(studio: Studio, request: Request, next: Next) -> Result<Response, Problem> {
    let key = key(request.headers())?;
    let (parts, body) = request.into_parts();
    let body = read_at_most(Request::new(body), MOST_FILE_BYTES).await?;
    let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
    let run_id = route.contains("/workflow-runs/{id}").then(|| parts.uri.path().split('/').nth(4).unwrap_or_default().to_owned());
    let index = match run_id.as_deref().filter(|_| route == NEXT) {
        Some(run) => studio.next_index(run).await?,
        None => None,
    };
    let ticket = index.map_or_else(new_id, |index| index.to_string());
    let kind = parts.headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let asked =
        Sha256::new().chain_update(parts.uri.to_string()).chain_update([0]).chain_update(kind).chain_update([0]).chain_update(&body);
    let asked: String = asked.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let wanted = KeyedRequest { key: key.clone(), asked, ticket };
    let begun = Instant::now();
    let (ticket, again) = loop {
        match studio.begin_request(wanted.clone()).await? {
            RequestStands::Ours { ticket, again } => break (ticket, again),
            RequestStands::Answered(answer) => return Ok(answered(answer)),
            RequestStands::Another => {
                let hint = "Give each request a key of its own, and the same key only to the same request.";
                return Err(Problem::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "idempotency-key-reused",
                    "This key belongs to another request.",
                    hint,
                ));
            }
            RequestStands::InProgress if begun.elapsed() < PATIENCE => tokio::time::sleep(LOOK_EVERY).await,
            RequestStands::InProgress => {
                let detail = "The request with this key is still being carried out.";
                return Err(Problem::new(StatusCode::CONFLICT, "request-in-progress", detail, "Send it again with the same key.").after(5));
            }
        }
    };
    let mut request = Request::from_parts(parts, Body::from(body));
    if let Ok(index) = ticket.parse() {
        request.extensions_mut().insert(Expected(index));
    }
    // Whoever leaves does not end it: its answer is kept for the next time.
    let work = async move {
        let made = if again { made::answer(&studio, &ticket, &route).await? } else { None };
        let mut response = match made {
            Some(response) => response,
            None => with_ticket(ticket.clone(), next.run(request)).await,
        };
        // Whoever stood still for so long that somebody else did it meanwhile tells what that one made.
        if response.status().is_server_error()
            && let Some(made) = made::answer(&studio, &ticket, &route).await?
        {
            response = made;
        }
        fail_point("unanswered");
        keep(&studio, &key, run_id, response).await
    };
    tokio::spawn(work.in_current_span()).await.map_err(|panic| Problem::ours(&panic.to_string()))?
}

/// The key of a request: a few visible characters.
fn key(headers: &HeaderMap) -> Result<String, Problem> {
    let mut keys = headers.get_all(KEY).iter();
    let first = keys.next().and_then(|key| key.to_str().ok()).unwrap_or_default();
    if keys.next().is_some() || first.is_empty() || first.len() > MOST_CHARS || !first.bytes().all(|byte| byte.is_ascii_graphic()) {
        let detail = format!("An Idempotency-Key has between 1 and {MOST_CHARS} visible characters, and there is one of it.");
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail, "Send a new UUID for each request."));
    }
    Ok(first.to_owned())
}

fn answered(answer: KeptAnswer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Ok(kind) = HeaderValue::from_str(&answer.content_type)
        && !answer.content_type.is_empty()
    {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    response
}

/// Keeps an answer that will not be another one next time. What came to no answer may be asked for again.
async fn keep(studio: &Studio, key: &str, run_id: Option<String>, response: Response) -> Result<Response, Problem> {
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.map_err(|e| Problem::ours(&e.to_string()))?;
    let passing = parts.status.is_server_error()
        || matches!(parts.status, StatusCode::ACCEPTED if parts.extensions.get::<StillWaiting>().is_some())
        || matches!(parts.status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS);
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
    let answer = std::str::from_utf8(&body).ok().filter(|_| !passing).map(|body| KeptAnswer {
        status: parts.status.as_u16(),
        content_type,
        body: body.to_owned(),
        about: about(body, run_id),
    });
    studio.end_request(key, answer).await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// An answer that says only that somebody did not want to wait any longer: it is another one next time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StillWaiting;

/// The run, or else the brief, that an answer tells of.
fn about(body: &str, run_id: Option<String>) -> Option<String> {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let made_run = body.get("brief_snapshot_id").and_then(|_| text("/cursor/phase")).and_then(|_| text("/id"));
    made_run.or(run_id).or_else(|| text("/workflow_run_id")).or_else(|| text("/brief_id")).or_else(|| text("/id"))
}
