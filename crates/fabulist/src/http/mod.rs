//! The HTTP door: translates, calls the desk, translates back. No rule lives here.

mod artifacts;
mod briefs;
mod docs;
mod events;
mod export;
mod extract;
mod health;
mod imports;
mod keyed;
mod knowledge;
mod lint;
mod lists;
mod locks;
mod memory;
mod openapi;
mod output_spec;
mod pages;
mod patient;
mod presets;
mod problem;
mod projects;
mod providers;
mod rewrite;
mod runs;
mod safety;
mod seen;
mod server;
mod snapshots;
mod steps;
mod tags;
mod unreadable;

use std::sync::Arc;

use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    response::Response,
    routing::{delete, get, patch, post},
};
use studio::Studio;
use tower_http::catch_panic::CatchPanicLayer;

use self::{events::Hub, safety::Safety};
pub(crate) use self::{
    openapi::document,
    safety::{Public, public_url},
    server::serve,
};

/// What the handlers work with.
#[derive(Clone)]
pub(crate) struct Door {
    studio: Studio,
    hub: Arc<Hub>,
    /// What the door counts.
    meters: seen::DoorMeters,
    /// Whoever can be asked for words.
    providers: Arc<llm::Providers>,
    /// The model of runs that name none.
    model: Arc<str>,
}

/// Every route, with what stands before all of them.
fn router(door: Door, safety: Safety) -> Router {
    let safety = Arc::new(safety);
    let (meters, studio) = (door.meters.clone(), door.studio.clone());
    routes()
        .fallback(pages::page)
        .method_not_allowed_fallback(problem::no_such_method)
        .with_state(door)
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(middleware::from_fn(tags::tagged))
        // A problem is kept as it is told.
        .layer(middleware::from_fn(told))
        .layer(middleware::from_fn(move |request: Request, next: Next| keyed::keyed(studio.clone(), request, next)))
        .layer(middleware::from_fn(move |request: Request, next: Next| {
            let safety = safety.clone();
            async move { safety.check(request, next).await }
        }))
        .layer(middleware::from_fn(told))
        .layer(middleware::from_fn(move |request: Request, next: Next| seen::seen(meters.clone(), request, next)))
}

/// Renders problems, and says what no browser should guess.
async fn told(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    problem::render(next.run(request).await, &path)
}

fn routes() -> Router<Door> {
    Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(seen::metrics))
        .route("/api/docs", get(docs::page))
        .route("/api/docs/docs.css", get(docs::style))
        .route("/api/docs/docs.js", get(docs::script))
        .route("/api/v1/openapi.json", get(openapi::serve))
        .route("/api/v1/briefs", get(briefs::list_briefs).post(briefs::create_brief))
        .route("/api/v1/briefs/{id}", get(briefs::get_brief).patch(briefs::patch_brief).delete(briefs::delete_brief))
        .route("/api/v1/briefs/{id}/deletion", get(briefs::brief_deletion))
        .route("/api/v1/briefs/{id}/project", get(projects::export_project))
        .route("/api/v1/projects", post(projects::import_project))
        .route("/api/v1/bin", get(projects::list_bin))
        .route("/api/v1/bin/{id}/restore", post(projects::restore))
        .route("/api/v1/briefs/{id}/snapshots", get(snapshots::list_snapshots).post(snapshots::create_snapshot))
        .route("/api/v1/briefs/{id}/imports", post(imports::import))
        .route("/api/v1/brief-snapshots/{id}", get(snapshots::get_snapshot).delete(snapshots::delete_snapshot))
        .route("/api/v1/brief-snapshots/{id}/deletion", get(snapshots::snapshot_deletion))
        .route("/api/v1/brief-snapshots/{id}/export", get(export::export_snapshot))
        .route("/api/v1/brief-snapshots/{id}/kg", get(knowledge::graph))
        .route("/api/v1/brief-snapshots/{id}/kg/rebuild", post(knowledge::rebuild))
        .route("/api/v1/brief-snapshots/{id}/lint", get(lint::list).post(lint::check))
        .route("/api/v1/brief-snapshots/{id}/memory/search", get(memory::search))
        .route("/api/v1/workflow-runs/{id}/world", get(knowledge::world))
        .route("/api/v1/workflow-runs", get(runs::list_runs).post(runs::create_run))
        .route("/api/v1/workflow-runs/{id}", get(runs::get_run).patch(runs::patch_run).delete(runs::delete_run))
        .route("/api/v1/workflow-runs/forecast", post(runs::forecast_new))
        .route("/api/v1/workflow-runs/{id}/forecast", get(runs::forecast_run))
        .route("/api/v1/workflow-runs/{id}/deletion", get(runs::run_deletion))
        .route("/api/v1/workflow-runs/{id}/compare", get(runs::compare))
        .route("/api/v1/workflow-runs/{id}/fork", post(runs::fork))
        .route("/api/v1/workflow-runs/{id}/forks", get(runs::list_forks))
        .route("/api/v1/workflow-runs/{id}/next", post(runs::next))
        .route("/api/v1/workflow-runs/{id}/pause", post(runs::pause))
        .route("/api/v1/workflow-runs/{id}/resume", post(runs::resume))
        .route("/api/v1/workflow-runs/{id}/cancel", post(runs::cancel))
        .route("/api/v1/workflow-runs/{id}/interventions", post(runs::intervene))
        .route("/api/v1/workflow-runs/{id}/chapters/{n}/redo", post(runs::redo_chapter))
        .route("/api/v1/artifact-versions/{id}/restore", post(artifacts::restore_version))
        .route("/api/v1/artifact-versions/{id}/rewrite", post(rewrite::rewrite_version))
        .route("/api/v1/artifacts/{id}/locks", get(locks::list_locks).post(locks::create_lock).delete(locks::delete_locks))
        .route("/api/v1/artifacts/{id}/locks/{lock_id}", delete(locks::delete_lock))
        .route("/api/v1/workflow-runs/{id}/steps/{index}/choose", post(runs::choose_candidate))
        .route("/api/v1/workflow-runs/{id}/steps/{index}/candidates", get(runs::list_candidates))
        .route("/api/v1/workflow-runs/{id}/state", patch(runs::patch_state))
        .route("/api/v1/workflow-runs/{id}/steps/{index}/revert", post(runs::revert_step))
        .route("/api/v1/workflow-runs/{id}/autorun/start", post(runs::start_autorun))
        .route("/api/v1/workflow-runs/{id}/autorun/stop", post(runs::stop_autorun))
        .route("/api/v1/workflow-runs/{id}/steps", get(steps::list_steps))
        .route("/api/v1/workflow-runs/{id}/steps/{index}", get(steps::get_step))
        .route("/api/v1/workflow-runs/{id}/steps/{index}/state", get(steps::step_state))
        .route("/api/v1/workflow-runs/{id}/steps/{index}/context", get(steps::step_context))
        .route("/api/v1/workflow-runs/{id}/steps/{index}/calls", get(steps::step_calls))
        .route("/api/v1/workflow-runs/{id}/events", get(events::run_events))
        .route("/api/v1/workflow-runs/{id}/export", get(export::export_run))
        .route("/api/v1/events", get(events::all_events))
        .route("/api/v1/settings/providers", get(providers::get_providers))
        .route("/api/v1/settings/output-spec", get(output_spec::get_output_spec).patch(output_spec::patch_output_spec))
        .route("/api/v1/settings/prompt-presets", get(presets::get_prompt_presets).put(presets::put_prompt_presets))
        .route("/api/v1/artifacts", get(artifacts::list_artifacts).post(artifacts::create_artifact))
        .route("/api/v1/artifacts/{id}", get(artifacts::get_artifact).patch(artifacts::patch_artifact))
        .route("/api/v1/artifacts/{id}/versions", get(artifacts::list_versions).post(artifacts::create_version))
        .route("/api/v1/artifact-versions/{id}", get(artifacts::get_version))
        .route("/api/v1/artifact-versions/{id}/diff", get(artifacts::diff_version))
}
