//! Problems as they go over the wire: RFC 9457 with a hint, on every 4xx and 5xx.

use std::{
    any::Any,
    ops::{Deref, DerefMut},
};

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use story::brief::FieldError;
use studio::{
    Error,
    ports::{Refused, StoreError},
    problem::sentence,
    run::Status,
    views::{self, LockView},
};

/// A problem on its way to the wire.
#[derive(Debug, Clone)]
pub(crate) struct Problem(Box<Told>);

impl Deref for Problem {
    type Target = Told;

    fn deref(&self) -> &Told {
        &self.0
    }
}

impl DerefMut for Problem {
    fn deref_mut(&mut self) -> &mut Told {
        &mut self.0
    }
}

/// What went wrong, and what to do about it (RFC 9457).
#[derive(Debug, Clone, Default, Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Told {
    /// A stable path such as `/problems/step-in-progress`.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// The problem's name.
    pub(crate) title: String,
    /// The HTTP status.
    pub(crate) status: u16,
    /// What was wrong.
    pub(crate) detail: String,
    /// What to do.
    pub(crate) hint: String,
    /// The path that was asked for.
    pub(crate) instance: String,
    /// What the run's status allows instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) allowed: Option<Vec<String>>,
    /// The run's status.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) current_status: Option<Status>,
    /// What was wrong where.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(crate) errors: Vec<WrongField>,
    /// The version that was given as the parent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) parent_version_id: Option<String>,
    /// The version that is the latest now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) latest_version_id: Option<String>,
    /// The locks that would be touched.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(crate) locks: Vec<LockView>,
    /// How the parts stand that the server needs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) checks: Option<super::health::Checks>,
    /// Seconds after which trying again makes sense: the header `Retry-After`.
    #[serde(skip)]
    pub(crate) retry_after: Option<u32>,
}

/// What was wrong at one place of a request.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(crate) struct WrongField {
    /// A JSON pointer into the body, or `?name` for a query parameter.
    pub(crate) pointer: String,
    /// What is wrong there.
    pub(crate) detail: String,
}

impl Problem {
    /// A problem named by the last part of its path.
    pub(crate) fn new(status: StatusCode, name: &str, detail: impl Into<String>, hint: impl Into<String>) -> Self {
        let words = name.replace('-', " ");
        let mut chars = words.chars();
        let title = chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default();
        Self(Box::new(Told {
            kind: format!("/problems/{name}"),
            title,
            status: status.as_u16(),
            detail: detail.into(),
            hint: hint.into(),
            ..Told::default()
        }))
    }

    /// The same, with the seconds after which trying again makes sense.
    pub(crate) fn after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// A field of the request that does not fit.
    pub(crate) fn field(pointer: &str, detail: impl Into<String>, hint: impl Into<String>) -> Self {
        let detail = detail.into();
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail.clone(), hint);
        problem.errors = vec![WrongField { pointer: pointer.to_owned(), detail }];
        problem
    }

    pub(crate) fn not_found(what: &str, id: &str) -> Self {
        let shown: String = id.chars().filter(|c| !c.is_control()).take(80).collect();
        Self::new(StatusCode::NOT_FOUND, "not-found", format!("There is no {what} {shown}."), "Check the id; it may have been deleted.")
    }

    /// The change was wanted of what was seen, and that is no more.
    pub(crate) fn changed() -> Self {
        let hint = "Read it again, and make the change of what is there now.";
        Self::new(StatusCode::PRECONDITION_FAILED, "changed-meanwhile", "It is not any more what If-Match names.", hint)
    }

    /// A fault of ours: what happened goes to the log, the reader gets an id to quote.
    pub(crate) fn ours(cause: &str) -> Self {
        let id = uuid::Uuid::now_v7();
        tracing::error!(%id, cause, "a request failed");
        let detail = format!("Something went wrong inside of Fabulist. The server's log has it under {id}.");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail, "Try again; if it happens again, report it with this id.")
    }
}

impl IntoResponse for Problem {
    /// Without a body: it is rendered where the path is known, see [`render`].
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let (detail, hint) = (sentence(&error.to_string()), error.hint());
        match error {
            Error::Conflict(conflict) => {
                let mut problem = Self::new(StatusCode::CONFLICT, &conflict.kind, conflict.detail, conflict.hint);
                problem.allowed = Some(conflict.allowed);
                problem.current_status = Some(conflict.current_status);
                problem
            }
            Error::NotFound { what, id } => Self::not_found(what, &id),
            Error::Invalid { .. } => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail, hint),
            Error::Fields { errors, .. } => {
                let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail, hint);
                problem.errors = errors.into_iter().map(|FieldError { pointer, detail }| WrongField { pointer, detail }).collect();
                problem
            }
            Error::VersionMovedOn { parent, latest } => {
                let mut problem = Self::new(StatusCode::CONFLICT, "version-moved-on", detail, hint);
                problem.parent_version_id = Some(parent).filter(|id| !id.is_empty());
                problem.latest_version_id = Some(latest);
                problem
            }
            Error::NotReady { .. } => Self::new(StatusCode::SERVICE_UNAVAILABLE, "not-ready", detail, hint).after(1),
            Error::Failed(problem) => {
                let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::BAD_GATEWAY);
                Self::new(status, problem.kind.trim_start_matches("/problems/"), detail, hint)
            }
            Error::Closing => Self::new(StatusCode::SERVICE_UNAVAILABLE, "shutting-down", detail, hint).after(5),
            Error::Model(model) => {
                let name = model.kind().trim_start_matches("/problems/");
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, name, detail, hint)
            }
            Error::Changed => Self::changed(),
            Error::State(_) => Self::new(StatusCode::CONFLICT, "unreadable-state", detail, hint),
            Error::Store(store) => of_store(&store, detail, hint),
        }
    }
}

fn of_store(error: &StoreError, detail: String, hint: String) -> Problem {
    let unavailable = |name: &str| Problem::new(StatusCode::SERVICE_UNAVAILABLE, name, detail.clone(), hint.clone()).after(1);
    match error {
        StoreError::DiskFull { .. } => {
            tracing::error!(%error, "the disk is full");
            Problem::new(StatusCode::INSUFFICIENT_STORAGE, "disk-full", "The disk is full.", hint)
        }
        StoreError::Busy { .. } => unavailable("database-busy"),
        StoreError::Away { .. } => {
            tracing::error!(%error, "the database is away");
            unavailable("database-away")
        }
        StoreError::Unusable { .. } => {
            tracing::error!(%error, "the database cannot be used");
            unavailable("database-unusable")
        }
        StoreError::Unfit { .. } => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail, hint),
        StoreError::Locked { locks } => {
            let mut problem = Problem::new(StatusCode::CONFLICT, "locked", detail, hint);
            problem.locks = locks.iter().map(views::lock).collect();
            problem
        }
        StoreError::Taken { .. } => Problem::new(StatusCode::CONFLICT, "already-there", detail, hint),
        StoreError::Refused(Refused::ClaimLost | Refused::Unchanged) => {
            Problem::new(StatusCode::CONFLICT, "step-moved-on", "The run has moved on.", "Look at the run again.")
        }
        other => Problem::ours(&other.to_string()),
    }
}

/// The answer with its body, and with what no browser should guess.
pub(crate) fn render(mut response: Response, path: &str) -> Response {
    let status = response.status();
    let told = response.extensions_mut().remove::<Problem>();
    let is_told = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/problem+json");
    if let Some(mut problem) = told.or_else(|| if is_told { None } else { of_status(&response) }) {
        path.clone_into(&mut problem.instance);
        let body = serde_json::to_vec(&*problem).unwrap_or_default();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.remove(header::CONTENT_LENGTH);
        if let Some(seconds) = problem.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        *response.body_mut() = Body::from(body);
        *response.status_mut() = status;
    }
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// An error that nobody of ours told.
fn of_status(response: &Response) -> Option<Problem> {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return None;
    }
    if status.is_server_error() {
        let mut problem = Problem::ours(status.canonical_reason().unwrap_or_default());
        problem.status = status.as_u16();
        return Some(problem);
    }
    let name = status.canonical_reason().unwrap_or("bad request").to_lowercase().replace(' ', "-");
    Some(Problem::new(status, &name, "The request cannot be answered.", "The API is described at /api/docs."))
}

/// No route has this path.
pub(crate) async fn no_such_page() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not-found", "There is nothing at this address.", "The API is described at /api/docs.")
}

/// The route is there, but not with this method.
pub(crate) async fn no_such_method() -> Problem {
    let detail = "This address does not take this method.";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail, "The header Allow names those that it takes.")
}

/// A handler panicked: its caller gets a 500, everybody else goes on.
#[expect(clippy::needless_pass_by_value, reason = "the layer's own signature")]
pub(crate) fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let words = cause.downcast_ref::<String>().map(String::as_str).or_else(|| cause.downcast_ref::<&str>().copied());
    Problem::ours(words.unwrap_or("a panic")).into_response()
}
