//! Indexes without holes, at most one success each, nothing running, claims all let go.

use super::{Found, by, database::Table};

pub(crate) fn check(runs: &Table, steps: &Table, found: &mut Found) {
    let of_run = by(steps, "run_id");
    for run in runs {
        let id = run.text("id");
        for claim in ["claim_node", "claim_kind", "active_id"] {
            if !run.is_null(claim) {
                found.broken(format!("run {id} is still claimed: {claim} {}", run.text(claim)));
            }
        }
        let mut steps = of_run.get(id).cloned().unwrap_or_default();
        steps.sort_by_key(|step| (step.number("step_index"), step.number("attempt")));
        let mut last = (0, 0);
        for step in &steps {
            let (index, attempt) = (step.number("step_index"), step.number("attempt"));
            let follows = if index == last.0 { attempt == last.1 + 1 } else { index == last.0 + 1 && attempt == 1 };
            if !follows {
                found.broken(format!("run {id}: {index}/{attempt} follows {}/{}", last.0, last.1));
            }
            last = (index, attempt);
            if step.text("status") == "running" {
                found.broken(format!("run {id}: {index}/{attempt} is still running"));
            }
            if step.is_null("finished_at") {
                found.broken(format!("run {id}: {index}/{attempt} has no end"));
            }
        }
        if last.0 != run.number("last_index") {
            found.broken(format!("run {id}: its last index is {}, its last step {}", run.number("last_index"), last.0));
        }
        for pair in steps.windows(2) {
            let same = pair[0].number("step_index") == pair[1].number("step_index");
            if same && pair[0].text("status") == "succeeded" {
                found.broken(format!("run {id}: index {} is tried again after its success", pair[0].number("step_index")));
            }
            if same && pair[0].text("name") != pair[1].text("name") {
                found.broken(format!("run {id}: index {} is two pieces of work", pair[0].number("step_index")));
            }
        }
        let status = run.text("status");
        let done = run.json("cursor")["phase"] == "done";
        if (status == "succeeded") != done && status != "canceled" {
            found.broken(format!("run {id} is {status}, and its cursor {}", run.text("cursor")));
        }
        if (status == "paused") == run.is_null("pause") || (status == "failed") == run.is_null("error") {
            found.broken(format!("run {id} is {status}: pause {}, error {}", run.text("pause"), run.text("error")));
        }
    }
}
