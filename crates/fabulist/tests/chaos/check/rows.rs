//! Nothing hangs in the air: what refers to something finds it, and what nobody refers to is gone.

use std::collections::BTreeSet;

use super::{
    Found,
    database::{Database, Table},
};
use crate::ledger::{Fate, Ledger};

/// Each with the column that says whose it is, and where that must be found.
const OF: [(&str, &str, &str, &str); 21] = [
    ("brief_snapshots", "brief_id", "briefs", "id"),
    ("workflow_runs", "brief_id", "briefs", "id"),
    ("workflow_runs", "snapshot_id", "brief_snapshots", "id"),
    ("state_values", "run_id", "workflow_runs", "id"),
    ("run_state", "run_id", "workflow_runs", "id"),
    ("workflow_steps", "run_id", "workflow_runs", "id"),
    ("segments", "run_id", "workflow_runs", "id"),
    ("model_calls", "run_id", "workflow_runs", "id"),
    ("model_calls", "step_id", "workflow_steps", "id"),
    ("contents", "brief_id", "briefs", "id"),
    ("paragraph_prints", "content_id", "contents", "id"),
    ("artifacts", "run_id", "workflow_runs", "id"),
    ("artifacts", "latest_version_id", "artifact_versions", "id"),
    ("artifact_versions", "artifact_id", "artifacts", "id"),
    ("artifact_versions", "run_id", "workflow_runs", "id"),
    ("artifact_versions", "content_id", "contents", "id"),
    ("findings", "version_id", "artifact_versions", "id"),
    ("readings", "version_id", "artifact_versions", "id"),
    ("proposals", "run_id", "workflow_runs", "id"),
    ("source_pins", "run_id", "workflow_runs", "id"),
    ("source_pins", "content_id", "contents", "id"),
];

pub(crate) async fn check(database: &Database, ledger: &Ledger, found: &mut Found) {
    for (table, column, other, key) in OF {
        let sql = format!(
            "SELECT COUNT(*) FROM {table} t WHERE t.{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {other} o WHERE o.{key} = t.{column})"
        );
        let orphans = database.count(&sql).await;
        if orphans > 0 {
            found.broken(format!("{orphans} rows of {table} belong to no row of {other}"));
        }
    }
    let unused = "SELECT COUNT(*) FROM contents c WHERE NOT EXISTS (SELECT 1 FROM artifact_versions v WHERE v.content_id = c.id) \
                  AND NOT EXISTS (SELECT 1 FROM source_pins p WHERE p.content_id = c.id)";
    let unused = database.count(unused).await;
    if unused > 0 {
        found.broken(format!("{unused} contents are left that nobody refers to"));
    }
    of_the_deleted(&database.table("events").await, ledger, found);
}

/// Only that it was deleted is still told of a deleted run.
fn of_the_deleted(events: &Table, ledger: &Ledger, found: &mut Found) {
    let deleted: BTreeSet<&str> =
        ledger.runs.iter().filter(|(_, fate)| matches!(fate, Fate::Deleted { .. })).map(|(run, _)| run.as_str()).collect();
    for run in &deleted {
        let told: Vec<&str> = events.iter().filter(|event| event.text("run_id") == *run).map(|event| event.text("name")).collect();
        if told != ["run.deleted"] {
            found.broken(format!("run {run} was deleted, and these events are left of it: {told:?}"));
        }
    }
}
