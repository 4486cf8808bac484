//! Project files: a brief with everything under it as one file, and back. The bin's files are of the same kind.
//!
//! A file is a gzip of lines of JSON: first a [`Head`], then one `{table: {column: value}}` for each row, parents before children, at last
//! `{"end": rows}`. What is only of this database (claims, schedules, positions in the feed) is left out, and so are facts: they are made
//! anew of the texts and of what was read of them.

mod columns;
mod export;
mod file;
mod import;
mod lines;
mod restore;
mod rows;

pub(crate) use export::{Scope, export};
pub(crate) use file::head;
pub(crate) use import::{Mode, import};
pub(crate) use rows::Rows;

/// The tables of a project, parents before children.
const TABLES: [&str; 19] = [
    "briefs",
    "brief_snapshots",
    "workflow_runs",
    "contents",
    "paragraph_prints",
    "source_pins",
    "artifacts",
    "artifact_locks",
    "artifact_versions",
    "findings",
    "readings",
    "state_values",
    "run_state",
    "workflow_steps",
    "segments",
    "model_calls",
    "proposals",
    "asides",
    "events",
];

/// Columns that say something of this database alone, or of a deletion.
const LEFT_OUT: [(&str, &[&str]); 5] = [
    ("briefs", &["deleted_at", "binned"]),
    ("brief_snapshots", &["deleted_at", "binned", "keeps_words"]),
    ("workflow_runs", &["claim_node", "claim_kind", "due_at", "hold_until", "deleted_at", "binned"]),
    ("artifacts", &["detached_from"]),
    ("events", &["position", "xid"]),
];
