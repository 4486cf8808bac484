//! Entity tags: a resource's tag is a hash of the bytes that show it, so it changes exactly when they do.

use axum::{
    body::Body,
    extract::{FromRequestParts, MatchedPath, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::problem::Problem;

/// Resources that are one thing and shown as JSON, below `/api/v1`.
pub(crate) const TAGGED: [&str; 9] = [
    "/briefs/{id}",
    "/brief-snapshots/{id}",
    "/workflow-runs/{id}",
    "/workflow-runs/{id}/steps/{index}",
    "/workflow-runs/{id}/steps/{index}/state",
    "/artifacts/{id}",
    "/artifact-versions/{id}",
    "/settings/output-spec",
    "/settings/prompt-presets",
];

/// Puts the tag on what shows one resource; whoever has it already gets no body.
pub(crate) async fn tagged(mut request: Request, next: Next) -> Response {
    let head = request.method() == Method::HEAD;
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let shows = (head || request.method() == Method::GET) && route.strip_prefix("/api/v1").is_some_and(|route| TAGGED.contains(&route));
    if !shows {
        return next.run(request).await;
    }
    let known = listed(request.headers(), &header::IF_NONE_MATCH);
    *request.method_mut() = Method::GET;
    let response = next.run(request).await;
    if response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let bytes = match axum::body::to_bytes(body, usize::MAX).await {
        Ok(bytes) => bytes,
        Err(error) => return Problem::ours(&error.to_string()).into_response(),
    };
    let tag = tag_of(&bytes);
    // It may be kept, as long as it is asked for anew.
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    let same = known.iter().any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag);
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, tag);
    }
    if same {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    Response::from_parts(parts, if head { Body::empty() } else { Body::from(bytes) })
}

fn tag_of(bytes: &[u8]) -> String {
    let hash: String = Sha256::digest(bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hash}\"")
}

/// The tags that a header lists.
fn listed(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect()
}

/// What `If-Match` asks for; nothing where it is not there.
#[derive(Debug, Clone)]
pub(crate) struct IfMatch(Option<Vec<String>>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let there = parts.headers.contains_key(header::IF_MATCH);
        Ok(Self(there.then(|| listed(&parts.headers, &header::IF_MATCH))))
    }
}

impl IfMatch {
    /// Whether a change is only wanted of what was seen.
    pub(crate) fn is_asked(&self) -> bool {
        self.0.is_some()
    }

    /// Whether the resource that is shown so is the one that was seen. A weak tag is none.
    pub(crate) fn fits(&self, shown: &impl Serialize) -> Result<(), Problem> {
        let Some(tags) = &self.0 else { return Ok(()) };
        let tag = tag_of(&serde_json::to_vec(shown).map_err(|e| Problem::ours(&e.to_string()))?);
        if tags.iter().any(|known| known == "*" || *known == tag) { Ok(()) } else { Err(Problem::changed()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(tags: &str) -> IfMatch {
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_MATCH, tags.parse().unwrap());
        IfMatch(Some(listed(&headers, &header::IF_MATCH)))
    }

    #[test]
    fn only_a_strong_tag_of_what_is_shown_fits() {
        let shown = serde_json::json!({ "title": "The Ebb" });
        let tag = tag_of(&serde_json::to_vec(&shown).unwrap());
        assert!(IfMatch(None).fits(&shown).is_ok());
        for fits in [tag.clone(), "*".into(), format!("\"other\", {tag}")] {
            assert!(asked(&fits).fits(&shown).is_ok(), "{fits}");
        }
        for other in ["\"other\"".into(), format!("W/{tag}"), tag.trim_matches('"').to_owned()] {
            assert!(asked(&other).fits(&shown).is_err(), "{other}");
        }
    }
}
