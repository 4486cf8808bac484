//! Whether this process lives, and whether it can work.

use std::time::Duration;

use axum::{Json, extract::State, http::StatusCode};

use super::{Door, problem::Problem};

/// How it stands.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Health {
    /// `ok`.
    status: &'static str,
}

/// The process lives
#[utoipa::path(get, path = "/healthz", tag = "health", responses((status = 200, body = Health)))]
pub(crate) async fn healthz() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// The database can be read and written
#[utoipa::path(get, path = "/readyz", tag = "health", responses((status = 200, body = Health)))]
pub(crate) async fn readyz(State(door): State<Door>) -> Result<Json<Health>, Problem> {
    let not_ready = |detail: String| {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not-ready", detail, "It becomes ready by itself once the cause is gone.")
    };
    if door.studio.driver().is_draining() {
        return Err(not_ready("The server is shutting down.".into()));
    }
    match tokio::time::timeout(Duration::from_secs(2), door.studio.store().health()).await {
        Ok(Ok(())) => Ok(Json(Health { status: "ok" })),
        Ok(Err(e)) => Err(not_ready(studio::problem::sentence(&e.to_string()))),
        Err(_) => Err(not_ready("The database did not answer within two seconds.".into())),
    }
}
