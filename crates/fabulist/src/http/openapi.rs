//! The API's description, made from the code.

use std::sync::LazyLock;

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use super::{
    artifacts, briefs, events, export, extract::Query, health, imports, knowledge, lint, lists::NoQuery, locks, memory, output_spec,
    presets, problem, projects, providers, rewrite, runs, seen, snapshots, steps, tags::TAGGED,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Fabulist",
        description = "A durable writing studio: from a Creative Brief to a finished novel, with every word versioned and every step resumable.",
        license(name = "MIT OR Apache-2.0")
    ),
    paths(
        health::healthz,
        health::readyz,
        seen::metrics,
        serve,
        briefs::list_briefs,
        briefs::create_brief,
        briefs::get_brief,
        briefs::patch_brief,
        briefs::delete_brief,
        briefs::brief_deletion,
        snapshots::list_snapshots,
        snapshots::create_snapshot,
        imports::import,
        snapshots::get_snapshot,
        snapshots::delete_snapshot,
        snapshots::snapshot_deletion,
        export::export_snapshot,
        projects::export_project,
        projects::import_project,
        projects::list_bin,
        projects::restore,
        knowledge::world,
        knowledge::graph,
        knowledge::rebuild,
        lint::list,
        lint::check,
        memory::search,
        runs::list_runs,
        runs::create_run,
        runs::get_run,
        runs::patch_run,
        runs::delete_run,
        runs::run_deletion,
        runs::compare,
        runs::forecast_new,
        runs::forecast_run,
        runs::fork,
        runs::list_forks,
        runs::next,
        runs::intervene,
        runs::patch_state,
        runs::redo_chapter,
        artifacts::restore_version,
        rewrite::rewrite_version,
        locks::list_locks,
        locks::create_lock,
        locks::delete_locks,
        locks::delete_lock,
        runs::choose_candidate,
        runs::list_candidates,
        runs::revert_step,
        runs::pause,
        runs::resume,
        runs::cancel,
        runs::start_autorun,
        runs::stop_autorun,
        steps::list_steps,
        steps::get_step,
        steps::step_state,
        steps::step_context,
        steps::step_calls,
        events::run_events,
        events::all_events,
        export::export_run,
        providers::get_providers,
        output_spec::get_output_spec,
        output_spec::patch_output_spec,
        presets::get_prompt_presets,
        presets::put_prompt_presets,
        artifacts::list_artifacts,
        artifacts::create_artifact,
        artifacts::get_artifact,
        artifacts::patch_artifact,
        artifacts::list_versions,
        artifacts::create_version,
        artifacts::get_version,
        artifacts::diff_version
    ),
    components(schemas(
        problem::Told,
        briefs::BriefContent,
        briefs::Character,
        briefs::OutputSpec,
        briefs::LengthRange,
        briefs::Unit,
        briefs::Pov,
        briefs::ScriptFormat,
        runs::BudgetPatch,
        runs::AutorunUntil,
        runs::Patience
    ))
)]
struct Api;

static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
    let mut document = serde_json::to_value(Api::openapi()).unwrap_or_default();
    complete(&mut document);
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
});

/// The description as it is published.
pub(crate) fn document() -> &'static str {
    &DOCUMENT
}

/// This description
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "health", responses((status = 200, body = Object)))]
pub(crate) async fn serve(Query(NoQuery {}): Query<NoQuery>) -> Response {
    let mut response = document().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Problems that any operation of its kind may answer with, said once.
fn complete(document: &mut Value) {
    bound(document);
    let Some(paths) = document.pointer_mut("/paths").and_then(Value::as_object_mut) else { return };
    for (path, item) in paths.iter_mut() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            let Some(operation) = operation.as_object_mut() else { continue };
            describe_ids(operation);
            describe_headers(operation, path, method);
            let takes_body = operation.contains_key("requestBody");
            let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { continue };
            let mut statuses = vec![("403", "Another host or origin"), ("500", "A fault of ours"), ("503", "Not now")];
            if path.starts_with("/api/v1") {
                statuses.push(("422", "Something does not fit"));
            }
            if path.contains('{') {
                statuses.push(("404", "There is no such thing"));
            }
            if takes_body {
                statuses.extend([
                    ("400", "Malformed"),
                    ("408", "The body came too slowly"),
                    ("413", "The body is too long"),
                    ("415", "Another content type"),
                ]);
            }
            if method == "post" && path.starts_with("/api/v1") {
                statuses.push(("409", "A request with this key is still being carried out"));
            }
            if method == "get" && is_tagged(path) {
                statuses.push(("304", "As it is known already"));
            }
            if method != "get" {
                statuses.push(("507", "The disk is full"));
            }
            for (status, description) in statuses {
                responses.entry(status).or_insert_with(|| json!({ "description": description }));
            }
            for (status, response) in responses.iter_mut() {
                finish(status, response);
            }
        }
    }
}

/// Every 4xx and 5xx is a problem; every answer says something of itself.
fn finish(status: &str, response: &mut Value) {
    let Some(response) = response.as_object_mut() else { return };
    if status.starts_with(['4', '5']) {
        let schema = json!({ "schema": { "$ref": "#/components/schemas/Problem" } });
        response.insert("content".into(), json!({ "application/problem+json": schema }));
    }
    let described = response.get("description").and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    if !described {
        let words = match status {
            "200" => "Done",
            "201" => "Created",
            "202" => "Going on",
            "204" => "Gone",
            "409" => "It does not fit how things stand",
            _ => "An answer",
        };
        response.insert("description".into(), json!(words));
    }
}

/// Whole numbers that are never below zero reach as far as their types do, not as far as the signed format that is written for them.
fn bound(value: &mut Value) {
    if let Some(schema) = value.as_object_mut()
        && schema.get("minimum") == Some(&json!(0))
        && !schema.contains_key("maximum")
        && let Some(most) = match schema.get("format").and_then(Value::as_str) {
            Some("int32") => Some(u64::from(u32::MAX)),
            Some("int64") => Some(u64::MAX),
            _ => None,
        }
    {
        schema.remove("format");
        schema.insert("maximum".into(), json!(most));
    }
    match value {
        Value::Object(map) => map.values_mut().for_each(bound),
        Value::Array(items) => items.iter_mut().for_each(bound),
        _ => {}
    }
}

fn is_tagged(path: &str) -> bool {
    path.strip_prefix("/api/v1").is_some_and(|path| TAGGED.contains(&path))
}

/// Headers that whole kinds of operations take and give.
fn describe_headers(operation: &mut Map<String, Value>, path: &str, method: &str) {
    let text = || json!({ "type": "string" });
    let takes = |name: &str, description: &str, schema: Value| json!({ "name": name, "in": "header", "required": false, "description": description, "schema": schema });
    let mut taken = Vec::new();
    if method == "post" && path.starts_with("/api/v1") {
        let description = "The same key and the same request are carried out once and answered alike for a day; another request under the \
                           same key is refused.";
        taken.push(takes("Idempotency-Key", description, json!({ "type": "string", "pattern": "^[!-~]{1,255}$" })));
    }
    let changes = operation["responses"].get("412").is_some();
    if changes {
        taken.push(takes("If-Match", "Tags of what the change is wanted of: refused with 412 where it is another one by now.", text()));
    }
    if method == "get" && is_tagged(path) {
        taken.push(takes("If-None-Match", "Tags that are known: where one of them still fits the answer is 304.", text()));
        let tag = json!({ "description": "Changes exactly when the body does.", "schema": { "type": "string" } });
        operation["responses"]["200"]["headers"] = json!({ "ETag": tag });
    }
    if !taken.is_empty() {
        let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
        parameters.as_array_mut().into_iter().for_each(|list| list.append(&mut taken));
    }
}

fn describe_ids(operation: &mut Map<String, Value>) {
    for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        if (parameter["name"] == "id" || parameter["name"] == "lock_id") && parameter["in"] == "path" {
            parameter["description"] = json!("A UUID.");
            parameter["schema"]["format"] = json!("uuid");
        }
    }
}
