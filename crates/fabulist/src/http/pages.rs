//! The studio: the pages that people work in, as the build embedded them.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::problem;

/// Nothing from anywhere else, and no script that stands in a page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
     manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// What stands at `/` where the binary was built without Node.
const WITHOUT: &str = include_str!("without_studio.html");

/// A file of the studio.
struct File {
    path: &'static str,
    kind: &'static str,
    /// Its `ETag`.
    tag: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/studio.rs"));

/// Whatever no other route serves: a file of the studio, or its page, which finds its own way from the address.
pub(super) async fn page(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads || path.starts_with("api/") {
        return problem::no_such_page().await.into_response();
    }
    if let Some(file) = FILES.iter().find(|file| file.path == path) {
        return served(file, request.headers());
    }
    // A browser asks for pages; whoever asks for anything else has the wrong address.
    if !path.is_empty() && (path.starts_with("assets/") || !wants_page(request.headers())) {
        return problem::no_such_page().await.into_response();
    }
    match FILES.iter().find(|file| file.path == "index.html") {
        Some(index) => served(index, request.headers()),
        None => answer("text/html; charset=utf-8", WITHOUT.as_bytes()),
    }
}

fn wants_page(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
}

fn served(file: &'static File, asked: &HeaderMap) -> Response {
    // Names below `assets/` hold a hash of what is in them.
    let hashed = file.path.starts_with("assets/");
    let known = asked.get(header::IF_NONE_MATCH).is_some_and(|tag| tag == file.tag);
    let (bytes, encoding) = match (file.brotli, file.gzip) {
        (Some(bytes), _) if takes(asked, "br") => (bytes, Some("br")),
        (_, Some(bytes)) if takes(asked, "gzip") => (bytes, Some("gzip")),
        _ => (file.plain, None),
    };
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { answer(file.kind, bytes) };
    let headers = response.headers_mut();
    if let (Some(encoding), false) = (encoding, known) {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::ETAG, HeaderValue::from_static(file.tag));
    let kept = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    response
}

fn answer(kind: &'static str, bytes: &'static [u8]) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    response
}

/// Whether an encoding is among those that are accepted.
fn takes(headers: &HeaderMap, encoding: &str) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|one| {
        let (name, quality) = one.split_once(';').unwrap_or((one, ""));
        name.trim().eq_ignore_ascii_case(encoding) && !matches!(quality.replace(' ', "").as_str(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_taken_where_it_is_accepted() {
        for (accepted, takes_it) in [
            ("br", true),
            ("gzip, deflate, br;q=0.5", true),
            ("gzip", false),
            ("br;q=0, gzip", false),
            ("BR", true),
            ("", false),
            ("brotli", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, accepted.parse().unwrap());
            assert_eq!(takes(&headers, "br"), takes_it, "{accepted}");
        }
    }
}
