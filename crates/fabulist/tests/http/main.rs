//! The HTTP door, asked as a client asks it: a server process of its own, over a socket.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests say what they did, and stop at what they did not expect")]

#[path = "../support/mod.rs"]
mod support;

mod adaptations;
mod artifacts;
mod bare;
mod budgets;
mod conventions;
mod description;
mod draws;
mod edits;
mod events;
mod exposition;
mod forecasts;
mod forks;
mod fuzz;
mod imports;
mod interventions;
mod keys;
mod knowledge;
mod lint;
mod locks;
mod logs;
mod metrics;
mod next;
mod outage;
mod output_spec;
mod presets;
mod projects;
mod ready;
mod redo;
mod restart;
mod rewrites;
mod safety;
mod scenarios;
mod schema;
mod schemathesis;
mod scripts_by_hand;
mod server;
mod sse;
mod stranger;
mod tags;

/// A writer with an empty database: a file.
fn writer() -> support::Writer {
    support::Writer::new()
}
