//! What handlers take: strict bodies, strict queries, ids.

use std::{collections::BTreeMap, time::Duration};

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, RawPathParams, Request},
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
};
use futures::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::problem::Problem;

/// The longest body, in bytes.
pub(crate) const MOST_BYTES: usize = 4 << 20;
/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest file, in bytes.
pub(super) const MOST_FILE_BYTES: usize = 64 << 20;
/// How long a file may take to arrive.
const FILE_PATIENCE: Duration = Duration::from_secs(600);
/// How much of a body that is too long is read and thrown away, so that its sender hears why.
const MOST_DISCARDED: usize = 256 << 20;

/// A JSON body. Unknown fields are refused where the type refuses them.
pub(crate) struct Json<T>(pub(crate) T);

/// The same, where no body stands for the default.
pub(crate) struct MaybeJson<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let kind = is_json(request.headers(), request.method());
        let body = read(request).await?;
        kind?;
        parse(&body).map(Self)
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for MaybeJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let kind = is_json(request.headers(), request.method());
        let body = read(request).await?;
        if body.is_empty() {
            return Ok(Self(T::default()));
        }
        kind?;
        parse::<Option<T>>(&body).map(|body| Self(body.unwrap_or_default()))
    }
}

/// A file as a body: whatever it is called, it is read as what it is.
pub(crate) struct File(pub(crate) Bytes);

impl<S: Send + Sync> FromRequest<S> for File {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let body = read_at_most(request, MOST_FILE_BYTES).await?;
        if kind != "application/gzip" && kind != "application/octet-stream" {
            let detail =
                if kind.is_empty() { "The body has no content type.".into() } else { format!("A body of type {kind} is not taken.") };
            let hint = "Send the file as application/octet-stream.";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", detail, hint));
        }
        Ok(Self(body))
    }
}

fn is_json(headers: &HeaderMap, method: &Method) -> Result<(), Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let fits = kind == "application/json" || (method == Method::PATCH && kind == "application/merge-patch+json");
    let plain = headers.get(header::CONTENT_ENCODING).is_none_or(|v| v.as_bytes().eq_ignore_ascii_case(b"identity"));
    if fits && plain {
        return Ok(());
    }
    let detail = if kind.is_empty() { "The body has no content type.".into() } else { format!("A body of type {kind} is not taken.") };
    let detail = if plain { detail } else { "A compressed body is not taken.".into() };
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", detail, "Send application/json, uncompressed."))
}

/// The whole body, no longer than it may be, within the time it may take.
async fn read(request: Request) -> Result<Bytes, Problem> {
    read_at_most(request, MOST_BYTES).await
}

/// The same with another limit.
pub(super) async fn read_at_most(request: Request, most: usize) -> Result<Bytes, Problem> {
    let read = async {
        let mut body = request.into_body().into_data_stream();
        let mut bytes = Vec::new();
        let mut discarded = 0;
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(|_| malformed("The body broke off."))?;
            if discarded == 0 && bytes.len() + chunk.len() <= most {
                bytes.extend_from_slice(&chunk);
            } else {
                // What is thrown away needs no room.
                bytes = Vec::new();
                discarded += chunk.len();
                if discarded > MOST_DISCARDED {
                    break;
                }
            }
        }
        if discarded > 0 {
            let detail = format!("The body has more than {most} bytes.");
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", detail, "Send less, or in pieces."));
        }
        Ok(Bytes::from(bytes))
    };
    // A file gets more time than a form.
    let patience = if most > MOST_BYTES { FILE_PATIENCE } else { PATIENCE };
    tokio::time::timeout(patience, read).await.unwrap_or_else(|_| {
        let detail = format!("The body did not arrive within {} seconds.", patience.as_secs());
        Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "body-too-slow", detail, "Send it again."))
    })
}

fn malformed(detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "malformed", detail, "Send one JSON document in UTF-8.")
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut value: Value = serde_json::from_slice(body).map_err(|e| {
        if e.to_string().starts_with("number out of range") {
            return Problem::field("", format!("The body holds a number out of range: {e}."), "Send a smaller number.");
        }
        malformed(format!("The body is no JSON: {e}."))
    })?;
    if let Some(pointer) = nul_at(&value) {
        return Err(Problem::field(&pointer, "A text holds a NUL character.", "Remove it."));
    }
    if value.is_array() {
        return Err(Problem::field("", "The body is a list, but an object is wanted.", "Send one JSON object."));
    }
    whole_numbers(&mut value);
    serde_path_to_error::deserialize(value).map_err(|e| {
        let mut pointer = String::new();
        for segment in e.path() {
            match segment {
                serde_path_to_error::Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
                serde_path_to_error::Segment::Map { key } => pointer.push_str(&format!("/{}", token(key))),
                _ => {}
            }
        }
        let detail = studio::problem::sentence(&e.inner().to_string());
        let hint = "Correct the field that is named; /api/docs describes what is taken.";
        Problem::field(&pointer, detail, hint)
    })
}

fn token(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Writes `3.0` as `3`: to JSON they are the same number.
fn whole_numbers(value: &mut Value) {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Number(number) if number.is_f64() => {
            if let Some(n) = number.as_f64().filter(|n| n.fract() == 0.0 && n.abs() < EXACT) {
                #[expect(clippy::cast_possible_truncation, reason = "a whole number within 2^53")]
                let whole = n as i64;
                *number = whole.into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(whole_numbers),
        Value::Object(map) => map.values_mut().for_each(whole_numbers),
        _ => {}
    }
}

/// Where the first NUL stands, in a key or a text.
fn nul_at(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then(String::new),
        Value::Array(items) => items.iter().enumerate().find_map(|(i, item)| Some(format!("/{i}{}", nul_at(item)?))),
        Value::Object(map) => map.iter().find_map(|(key, item)| {
            if key.contains('\0') {
                return Some(format!("/{}", token(&key.replace('\0', "␀"))));
            }
            Some(format!("/{}{}", token(key), nul_at(item)?))
        }),
        _ => None,
    }
}

/// A query string. Unknown parameters are refused where the type refuses them.
pub(crate) struct Query<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        if parts.uri.query().is_some_and(|q| q.contains("%00") || q.contains('\0')) {
            return Err(Problem::field("?", "A query parameter holds a NUL character.", "Remove it."));
        }
        axum::extract::Query::<T>::try_from_uri(&parts.uri).map(|query| Self(query.0)).map_err(|e| {
            let text = e.body_text();
            let text = text.trim_start_matches("Failed to deserialize query string: ");
            let name = text.split_once(": ").map(|(name, _)| name).filter(|name| !name.contains(' ')).unwrap_or_default();
            let hint = "Correct or leave out the parameter; /api/docs describes those that there are.";
            Problem::field(&format!("?{name}"), format!("The query cannot be read: {}.", text.trim_end_matches('.')), hint)
        })
    }
}

async fn path_params(parts: &mut Parts) -> BTreeMap<String, String> {
    match <RawPathParams as FromRequestParts<()>>::from_request_parts(parts, &()).await {
        Ok(params) => params.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
        Err(_) => BTreeMap::new(),
    }
}

/// The `{id}` of the path. What is no id is the id of nothing.
pub(crate) struct Id(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let id = path_params(parts).await.remove("id").unwrap_or_default();
        if is_id(&id) { Ok(Self(id)) } else { Err(Problem::not_found("object", &id)) }
    }
}

/// The `{lock_id}` of the path.
pub(crate) struct LockId(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for LockId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let id = path_params(parts).await.remove("lock_id").unwrap_or_default();
        if is_id(&id) { Ok(Self(id)) } else { Err(Problem::not_found("lock", &id)) }
    }
}

/// Whether a text has the form of our ids.
pub(crate) fn is_id(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok() && !text.bytes().any(|b| b.is_ascii_uppercase())
}

/// The `{index}` of the path.
pub(crate) struct Index(pub(crate) i64);

impl<S: Send + Sync> FromRequestParts<S> for Index {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let index = path_params(parts).await.remove("index").unwrap_or_default();
        let plain = !index.is_empty() && index.bytes().all(|b| b.is_ascii_digit());
        index.parse().ok().filter(|_| plain).map(Self).ok_or_else(|| Problem::not_found("step", &index))
    }
}

/// The `{n}` of the path: a chapter's ordinal.
pub(crate) struct Chapter(pub(crate) u32);

impl<S: Send + Sync> FromRequestParts<S> for Chapter {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let n = path_params(parts).await.remove("n").unwrap_or_default();
        let plain = !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit());
        n.parse().ok().filter(|_| plain).map(Self).ok_or_else(|| Problem::not_found("chapter", &n))
    }
}

/// A header as text, where there is one.
pub(crate) struct LastEventId(pub(crate) Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for LastEventId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match parts.headers.get("last-event-id") {
            None => Ok(Self(None)),
            Some(value) => value.to_str().map(|text| Self(Some(text.to_owned()))).map_err(|_| {
                Problem::field("Last-Event-ID", "The header Last-Event-ID cannot be read.", "Send the id of an event of this stream.")
            }),
        }
    }
}

/// A field of a merge patch: absent, null or a value.
pub(crate) fn present<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: serde::Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    serde::Deserialize::deserialize(deserializer).map(Some)
}
