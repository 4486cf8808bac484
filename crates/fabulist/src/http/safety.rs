//! Who may ask: nobody but this machine, and no page of another site in its browser.
//!
//! A browser that is tricked into resolving a foreign name to this machine still says that name in `Host`, and a page of another site
//! says its own in `Origin`.

use axum::{
    extract::Request,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::problem::Problem;
use crate::{failure::Failure, say};

/// The names under which this server may be asked.
#[derive(Debug, Default)]
pub(crate) struct Safety {
    /// Scheme, host and port of `--public-url`.
    public: Option<Public>,
}

/// The address that people use: of a proxy in front of this server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Public {
    scheme: String,
    authority: String,
}

/// Reads `--public-url`.
pub(crate) fn public_url(url: &str) -> Result<Public, Failure> {
    let uri = url.trim_end_matches('/').parse::<Uri>().ok();
    let parts = uri.and_then(|uri| Some((uri.scheme_str()?.to_lowercase(), uri.authority()?.as_str().to_lowercase(), uri.path().len())));
    match parts {
        Some((scheme, authority, 0 | 1)) if matches!(scheme.as_str(), "http" | "https") && !authority.contains('@') => {
            Ok(Public { scheme, authority })
        }
        _ => Err(Failure::usage(
            say!("{} is no address of a server." | "{} 不是服务器地址。", url),
            say!("Write it like https://studio.example.org." | "请写成 https://studio.example.org 的形式。"),
        )),
    }
}

impl Public {
    /// As people type it.
    pub(crate) fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.authority)
    }
}

impl Safety {
    pub(crate) fn new(public: Option<Public>) -> Self {
        Self { public }
    }

    /// Lets a request through, or says why not.
    pub(crate) async fn check(&self, request: Request, next: Next) -> Response {
        match self.refusal(request.method(), request.uri(), request.headers()) {
            Some(problem) => problem.into_response(),
            None => next.run(request).await,
        }
    }

    fn refusal(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Problem> {
        let host = match uri.authority() {
            Some(authority) => Some(authority.as_str()),
            None => headers.get(header::HOST).and_then(|value| value.to_str().ok()),
        };
        let host = host.unwrap_or_default().to_lowercase();
        let several = headers.get_all(header::HOST).iter().count() > 1;
        if several || !(is_local(&host) || self.is_public(&host)) {
            let hint = "Ask for it as 127.0.0.1 or localhost; behind a proxy, start the server with --public-url.";
            let detail = "This server does not answer under the name that the request says.";
            return Some(Problem::new(StatusCode::FORBIDDEN, "host-not-allowed", detail, hint));
        }
        let foreign = |detail: &str| {
            let hint = "Open Fabulist itself and try it there.";
            Some(Problem::new(StatusCode::FORBIDDEN, "origin-not-allowed", detail, hint))
        };
        for origin in headers.get_all(header::ORIGIN) {
            let origin = origin.to_str().unwrap_or_default().to_lowercase();
            let ours = origin.split_once("://").is_some_and(|(scheme, authority)| {
                (scheme == "http" && authority == host && is_local(&host))
                    || self.public.as_ref().is_some_and(|public| public.scheme == scheme && public.authority == authority)
            });
            if !ours {
                return foreign("The request comes from a page of another site.");
            }
        }
        let crosses = headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site" || site == "same-site");
        if crosses && !matches!(*method, Method::GET | Method::HEAD) {
            return foreign("The request comes from a page of another site.");
        }
        None
    }

    fn is_public(&self, host: &str) -> bool {
        self.public.as_ref().is_some_and(|public| public.authority == host)
    }
}

/// Whether a host, with or without a port, is this machine by one of the names that nobody else can have.
fn is_local(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(method: &Method, headers: &[(&'static str, &str)], safety: &Safety) -> Option<String> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        safety.refusal(method, &Uri::from_static("/api/v1/briefs"), &map).map(|problem| problem.kind.clone())
    }

    #[test]
    fn only_this_machine_is_answered() {
        let safety = Safety::new(None);
        for host in ["127.0.0.1:4747", "localhost:4747", "LOCALHOST", "[::1]:4747", "127.0.0.1:8080"] {
            assert_eq!(asked(&Method::GET, &[("host", host)], &safety), None, "{host}");
        }
        for host in ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:4747", "", "0.0.0.0:4747", "localhost:", "[::1].x"] {
            assert_eq!(asked(&Method::GET, &[("host", host)], &safety).as_deref(), Some("/problems/host-not-allowed"), "{host}");
        }
        assert!(asked(&Method::GET, &[], &safety).is_some());
        assert!(asked(&Method::GET, &[("host", "localhost"), ("host", "localhost")], &safety).is_some());
    }

    #[test]
    fn no_page_of_another_site_is_answered() {
        let safety = Safety::new(None);
        let from = |origin| asked(&Method::POST, &[("host", "localhost:4747"), ("origin", origin)], &safety);
        assert_eq!(from("http://localhost:4747"), None);
        for origin in
            ["https://localhost:4747", "http://localhost:3000", "http://evil.example", "null", "http://localhost:4747.evil.example"]
        {
            assert_eq!(from(origin).as_deref(), Some("/problems/origin-not-allowed"), "{origin}");
        }
        let crossing = [("host", "localhost"), ("sec-fetch-site", "cross-site")];
        assert!(asked(&Method::POST, &crossing, &safety).is_some());
        assert!(asked(&Method::GET, &crossing, &safety).is_none(), "a link may lead here");
    }

    #[test]
    fn a_proxy_is_answered_under_its_public_address() {
        let safety = Safety::new(Some(public_url("https://Studio.example.org/").unwrap()));
        let from = |host, origin| asked(&Method::POST, &[("host", host), ("origin", origin)], &safety);
        assert_eq!(from("studio.example.org", "https://studio.example.org"), None);
        assert_eq!(from("127.0.0.1:4747", "https://studio.example.org"), None, "a proxy may say its own");
        assert!(from("studio.example.org", "http://studio.example.org").is_some());
        assert!(from("other.example.org", "https://studio.example.org").is_some());
        for wrong in ["studio", "ftp://a", "https://a/b", "https://user@a"] {
            assert!(public_url(wrong).is_err(), "{wrong}");
        }
    }
}
