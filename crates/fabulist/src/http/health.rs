//! Whether this process lives, and whether it can work.

use axum::{Json, extract::State, http::StatusCode};
use studio::health::Readiness;

use super::{Door, problem::Problem};

/// How it stands.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Health {
    /// `ok`.
    status: &'static str,
}

/// How this process stands, part by part.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Ready {
    /// `ok`.
    status: &'static str,
    #[allow(missing_docs)]
    checks: Checks,
}

/// The parts that this process needs.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Checks {
    /// A row was written and read.
    database: Check,
    /// There is room where the data is kept.
    disk: Check,
    /// Whoever looks after the runs comes round.
    driver: Check,
}

/// One part.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Check {
    /// `ok` or `failing`.
    status: &'static str,
    /// What is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    detail: Option<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    hint: Option<String>,
}

impl From<&Readiness> for Checks {
    fn from(readiness: &Readiness) -> Self {
        let [database, disk, driver] = readiness.checks().map(|(_, ill)| Check {
            status: if ill.is_none() { "ok" } else { "failing" },
            detail: ill.map(|ill| ill.detail.clone()),
            hint: ill.map(|ill| ill.hint.clone()),
        });
        Self { database, disk, driver }
    }
}

/// The process lives
#[utoipa::path(get, path = "/healthz", tag = "health", responses((status = 200, body = Health)))]
pub(crate) async fn healthz() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// The database, the disk and the driver are well
///
/// While they are not, nothing new is begun; what was paid for is kept. It becomes ready by itself once the cause is gone.
#[utoipa::path(get, path = "/readyz", tag = "health", responses((status = 200, body = Ready)))]
pub(crate) async fn readyz(State(door): State<Door>) -> Result<Json<Ready>, Problem> {
    let readiness = door.studio.readiness().await;
    let checks = Checks::from(&readiness);
    match readiness.first() {
        None => Ok(Json(Ready { status: "ok", checks })),
        Some(ill) => {
            let mut problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not-ready", &*ill.detail, &*ill.hint).after(1);
            problem.checks = Some(checks);
            Err(problem)
        }
    }
}
