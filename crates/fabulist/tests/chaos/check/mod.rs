//! The engine's invariants, read from the rows.

pub(crate) mod database;
mod events;
mod journal;
mod promises;
mod rows;
mod state;
mod steps;
mod story;
mod versions;

use std::collections::BTreeMap;

use database::{Database, Table};

use crate::ledger::Ledger;

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Something that was promised, or paid for, is not there.
    pub(crate) losses: Vec<String>,
    /// A rule does not hold.
    pub(crate) broken: Vec<String>,
}

impl Found {
    pub(crate) fn broken(&mut self, what: String) {
        self.broken.push(what);
    }

    pub(crate) fn lost(&mut self, what: String) {
        self.losses.push(what);
    }
}

/// Looks at everything. Nobody may be at work.
pub(crate) async fn all(database: &Database, ledger: &Ledger) -> Found {
    let mut found = Found::default();
    let runs = database.table("workflow_runs").await;
    let steps = database.table("workflow_steps").await;
    let calls = database.table("model_calls").await;
    let events = database.table("events").await;
    let artifacts = database.table("artifacts").await;
    let versions = database.table("artifact_versions").await;
    let values = database.table("state_values").await;
    let run_state = database.table("run_state").await;
    let contents = database.table("contents").await;
    steps::check(&runs, &steps, &mut found);
    events::check(&runs, &steps, &events, &versions, &mut found);
    journal::check(&runs, &steps, &calls, &mut found);
    state::check((&runs, &steps, &versions), &values, &run_state, &mut found);
    versions::check(&steps, &artifacts, &versions, &contents, &mut found);
    promises::check(ledger, (&runs, &steps, &contents), &mut found);
    rows::check(database, ledger, &mut found).await;
    found
}

/// The rows with the same value in `column`.
pub(crate) fn by<'t>(table: &'t Table, column: &str) -> BTreeMap<&'t str, Vec<&'t database::Row>> {
    let mut groups: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for row in table {
        groups.entry(row.text(column)).or_default().push(row);
    }
    groups
}
