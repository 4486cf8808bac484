//! The journal: every answer counted once, none paid twice while it could be had.

use std::collections::BTreeMap;

use super::{
    Found, by,
    database::{Row, Table},
};

const COUNTED: [&str; 6] = ["calls", "input_tokens", "cached_input_tokens", "output_tokens", "cost_nanos", "cost_unknown"];

pub(crate) fn check(runs: &Table, steps: &Table, calls: &Table, found: &mut Found) {
    let of_run = by(calls, "run_id");
    let none = Vec::new();
    for run in runs {
        let id = run.text("id");
        let calls = of_run.get(id).unwrap_or(&none);
        counted(&format!("run {id}"), run, calls, found);
        paid_twice(id, calls, found);
    }
    let of_step = by(calls, "step_id");
    for step in steps {
        let calls = of_step.get(step.text("id")).unwrap_or(&none);
        let name = format!("run {} step {}/{}", step.text("run_id"), step.number("step_index"), step.number("attempt"));
        counted(&name, step, calls, found);
        if step.text("status") == "succeeded" && calls.iter().any(|call| call.text("standing") == "open") {
            found.broken(format!("{name} has succeeded, and an answer of it is still open"));
        }
    }
}

fn counted(name: &str, row: &Row, calls: &[&Row], found: &mut Found) {
    for column in COUNTED {
        let sum: i64 = calls.iter().map(|call| call.number(column)).sum();
        let said = row.number(column);
        if if column == "cost_unknown" { (sum > 0) != (said > 0) } else { sum != said } {
            found.broken(format!("{name}: {column} is {said}, its calls come to {sum}"));
        }
    }
}

/// Somebody asked again for what stood in the journal already.
fn paid_twice(run: &str, calls: &[&Row], found: &mut Found) {
    let mut same: BTreeMap<(i64, &str, &str), Vec<&Row>> = BTreeMap::new();
    for call in calls.iter().filter(|call| call.text("standing") != "rejected") {
        same.entry((call.number("step_index"), call.text("slot"), call.text("request_hash"))).or_default().push(call);
    }
    for ((index, slot, _), mut answers) in same {
        answers.sort_by_key(|call| call.number("created_at"));
        for pair in answers.windows(2) {
            let asked_at = pair[1].number("created_at") - pair[1].number("latency_ms") * 1000;
            // Whoever had asked before the other answer was there could not know of it.
            if asked_at > pair[0].number("created_at") + 1_000_000 {
                found.lost(format!("run {run}: {slot} of index {index} was paid twice"));
            }
        }
    }
}
