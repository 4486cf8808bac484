//! What the result is to be where a brief leaves it open.

use axum::extract::State;
use serde_json::{Map, Value};
use story::output_spec::PartialOutputSpec;

use super::{
    Door,
    briefs::OutputSpec,
    extract::{Json, Query},
    lists::NoQuery,
    problem::Problem,
    tags::IfMatch,
};

/// Show what the result is to be
///
/// A snapshot takes each key from its brief, else from here, else the default. Keys that nobody has set are left out.
#[utoipa::path(get, path = "/api/v1/settings/output-spec", tag = "settings", responses((status = 200, body = OutputSpec)))]
pub(crate) async fn get_output_spec(
    State(door): State<Door>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<axum::Json<PartialOutputSpec>, Problem> {
    Ok(axum::Json(door.studio.output_spec().await?))
}

/// Change what the result is to be
///
/// A merge patch: null takes a key out. Snapshots that were taken before stay as they are. With `If-Match` and the tag of these settings it is
/// refused where they were changed.
#[utoipa::path(patch, path = "/api/v1/settings/output-spec", tag = "settings",
    request_body(content((OutputSpec = "application/json"), (OutputSpec = "application/merge-patch+json"))),
    responses((status = 200, body = OutputSpec), (status = 412)))]
pub(crate) async fn patch_output_spec(
    State(door): State<Door>,
    Query(NoQuery {}): Query<NoQuery>,
    wanted: IfMatch,
    Json(change): Json<Map<String, Value>>,
) -> Result<axum::Json<PartialOutputSpec>, Problem> {
    let seen = door.studio.output_spec().await?;
    wanted.fits(&seen)?;
    Ok(axum::Json(door.studio.change_output_spec(&change, wanted.is_asked().then_some(&seen)).await?))
}
