//! What was promised to people is there.

use std::collections::{BTreeMap, BTreeSet};

use super::{Found, database::Table};
use crate::ledger::{Fate, Ledger};

pub(crate) fn check(ledger: &Ledger, (runs, steps, contents): (&Table, &Table, &Table), found: &mut Found) {
    let there: BTreeSet<&str> = runs.iter().map(|run| run.text("id")).collect();
    for (run, fate) in &ledger.runs {
        match fate {
            Fate::Alive if !there.contains(run.as_str()) => found.lost(format!("run {run} was made, and is not there")),
            Fate::Deleted { .. } if there.contains(run.as_str()) => found.broken(format!("run {run} was deleted, and is there")),
            _ => {}
        }
    }
    let mut made: BTreeMap<&str, u32> = BTreeMap::new();
    for run in runs.iter().filter(|run| run.text("label").starts_with("press ")) {
        *made.entry(run.text("label")).or_default() += 1;
    }
    for (label, times) in made.into_iter().filter(|(_, times)| *times > 1) {
        found.broken(format!("`{label}` was asked for once, and made {times} times"));
    }
    let rows: BTreeMap<&str, (i64, &str)> =
        steps.iter().map(|step| (step.text("id"), (step.number("step_index"), step.text("status")))).collect();
    for (run, step, index, status) in &ledger.steps {
        if ledger.fate(run) == Some(Fate::Alive) && rows.get(step.as_str()) != Some(&(*index, status.as_str())) {
            found.lost(format!("run {run}: step {step} was answered as {index} {status}, and is {:?}", rows.get(step.as_str())));
        }
    }
    let words: BTreeSet<&str> = contents.iter().map(|row| row.text("text")).collect();
    for (run, text) in &ledger.texts {
        let kept = matches!(ledger.fate(run), Some(Fate::Alive | Fate::Deleted { words_kept: true }));
        if kept && !words.contains(text.as_str()) {
            found.lost(format!("run {run}: what a person wrote is not there: {text}"));
        }
    }
}
