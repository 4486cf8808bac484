//! The same stories of the HTTP door, with the data on a PostgreSQL server.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests say what they did, and stop at what they did not expect")]
#![allow(dead_code, reason = "the stories of the door alone are told on a file")]

mod support;

#[path = "http/adaptations.rs"]
mod adaptations;
#[path = "http/artifacts.rs"]
mod artifacts;
#[path = "http/budgets.rs"]
mod budgets;
#[path = "http/conventions.rs"]
mod conventions;
#[path = "http/draws.rs"]
mod draws;
#[path = "http/edits.rs"]
mod edits;
#[path = "http/events.rs"]
mod events;
#[path = "http/forecasts.rs"]
mod forecasts;
#[path = "http/forks.rs"]
mod forks;
#[path = "http/imports.rs"]
mod imports;
#[path = "http/interventions.rs"]
mod interventions;
#[path = "http/keys.rs"]
mod keys;
#[path = "http/knowledge.rs"]
mod knowledge;
#[path = "http/lint.rs"]
mod lint;
#[path = "http/locks.rs"]
mod locks;
#[path = "http/next.rs"]
mod next;
#[path = "http/output_spec.rs"]
mod output_spec;
#[path = "http/presets.rs"]
mod presets;
#[path = "http/projects.rs"]
mod projects;
#[path = "http/redo.rs"]
mod redo;
#[path = "http/rewrites.rs"]
mod rewrites;
#[path = "http/scenarios.rs"]
mod scenarios;
#[path = "http/schema.rs"]
mod schema;
#[path = "http/scripts_by_hand.rs"]
mod scripts_by_hand;
#[path = "http/server.rs"]
mod server;
#[path = "http/sse.rs"]
mod sse;
#[path = "http/tags.rs"]
mod tags;

/// A writer with an empty database of its own on the server.
fn writer() -> support::Writer {
    let url = testbed::Postgres::shared().unwrap().new_database().unwrap();
    support::Writer::new().with("FABULIST_DATABASE_URL", &url)
}
