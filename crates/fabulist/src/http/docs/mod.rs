//! The API's description for people: a page of our own that needs no other host.

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";

pub(crate) async fn page() -> Response {
    answer(include_str!("docs.html"), "text/html; charset=utf-8")
}

pub(crate) async fn style() -> Response {
    answer(include_str!("docs.css"), "text/css; charset=utf-8")
}

pub(crate) async fn script() -> Response {
    answer(include_str!("docs.js"), "text/javascript; charset=utf-8")
}

fn answer(text: &'static str, kind: &'static str) -> Response {
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(HeaderName::from_static("referrer-policy"), HeaderValue::from_static("no-referrer"));
    response
}
