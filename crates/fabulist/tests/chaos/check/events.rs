//! Events: numbered without holes, and telling exactly what the rows say.

use std::collections::BTreeMap;

use super::{Found, by, database::Table};

pub(crate) fn check(runs: &Table, steps: &Table, events: &Table, versions: &Table, found: &mut Found) {
    let (events, steps, versions) = (by(events, "run_id"), by(steps, "run_id"), by(versions, "run_id"));
    for run in runs {
        let id = run.text("id");
        let mut told = events.get(id).cloned().unwrap_or_default();
        told.sort_by_key(|event| event.number("number"));
        let numbers = told.iter().map(|event| event.number("number"));
        if !numbers.eq(1..=run.number("last_event")) {
            let numbers: Vec<_> = told.iter().map(|event| event.number("number")).collect();
            found.broken(format!("run {id}: events {numbers:?}, the last is {}", run.number("last_event")));
        }
        if told.first().is_none_or(|event| event.text("name") != "run.created") {
            found.broken(format!("run {id} begins without run.created"));
        }
        // What was told last of the run is what its row says.
        if let Some(last) = told.iter().rev().find(|event| ["run.created", "run.updated"].contains(&event.text("name"))) {
            let shown = &last.json("data")["run"];
            let same = shown["status"] == run.text("status")
                && shown["cursor"] == run.json("cursor")
                && shown["autorun"] == (run.number("autorun") == 1)
                && shown["progress"]["done"] == run.number("progress_done");
            if !same {
                found.broken(format!(
                    "run {id}: its row says {} at {}, what was told last {shown}",
                    run.text("status"),
                    run.text("cursor")
                ));
            }
        }
        of_steps(id, &told, steps.get(id).map_or(&[], Vec::as_slice), found);
        let committed: Vec<String> = told
            .iter()
            .filter(|event| event.text("name") == "artifact.committed")
            .map(|event| event.json("data")["version"]["id"].as_str().unwrap_or_default().to_owned())
            .collect();
        // Those that a fork was begun with were told where they were made.
        let made = versions.get(id).into_iter().flatten().filter(|version| version.number("since_index") > 0 || run.is_null("forked_from"));
        for version in made {
            let times = committed.iter().filter(|told| *told == version.text("id")).count();
            if times != 1 {
                found.broken(format!("run {id}: version {} was told {times} times", version.text("id")));
            }
        }
    }
}

/// Each attempt was told once, with the end that its row has.
fn of_steps(id: &str, told: &[&super::database::Row], steps: &[&super::database::Row], found: &mut Found) {
    let mut ends: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut begins: BTreeMap<String, usize> = BTreeMap::new();
    for event in told {
        let step = event.json("data")["step"]["id"].as_str().unwrap_or_default().to_owned();
        match event.text("name") {
            "step.started" => *begins.entry(step).or_default() += 1,
            "step.succeeded" | "step.failed" | "step.canceled" => ends.entry(step).or_default().push(event.text("name")),
            _ => {}
        }
    }
    for step in steps {
        let (place, status) = ((step.number("step_index"), step.number("attempt")), step.text("status"));
        let ended = ends.remove(step.text("id")).unwrap_or_default();
        if ended != [format!("step.{status}")] {
            found.broken(format!("run {id}: {place:?} is {status}, and was told as {ended:?}"));
        }
        let begun = begins.remove(step.text("id")).unwrap_or_default();
        if step.text("kind") == "step" && begun != 1 {
            found.broken(format!("run {id}: {place:?} began {begun} times"));
        }
    }
    if !ends.is_empty() || !begins.is_empty() {
        found.broken(format!("run {id}: steps were told that are not there: {ends:?} {begins:?}"));
    }
}
