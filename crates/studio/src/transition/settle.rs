use serde_json::{Value, json};
use story::workflow::{DONE, Progress};

use super::{Claim, NewAttempt, claim::begin, updated};
use crate::{
    ports::{Advance, Micros, Usage, Write},
    run::{Pause, PauseReason, Run, Status},
    status,
    step::{Step, StepKind, StepStatus},
    views,
};

/// A step that succeeded: what the row is to become, computed before the transaction.
#[derive(Debug, Clone)]
pub struct Settled {
    #[allow(missing_docs)]
    pub claim: Claim,
    #[allow(missing_docs)]
    pub outputs: Value,
    #[allow(missing_docs)]
    pub patch: Value,
    /// The state after the step: key to hash.
    pub state_map: std::collections::BTreeMap<String, String>,
    #[allow(missing_docs)]
    pub context: Option<Value>,
    /// The state's cursor after it.
    pub cursor: Value,
    #[allow(missing_docs)]
    pub progress: Progress,
    /// Why a person must look first.
    pub hold: Option<String>,
    /// State values, versions, journal rows: what goes with it.
    pub writes: Vec<Write>,
    #[allow(missing_docs)]
    pub version_ids: Vec<String>,
    /// The ordinal of the unit that was committed, where one was.
    pub unit: Option<u32>,
    /// The unit that was read again, and the version that was read.
    pub reread: Option<(String, String)>,
    /// Usage that is journaled in this transaction.
    pub usage: Usage,
    #[allow(missing_docs)]
    pub now: Micros,
}

impl Settled {
    /// The attempt's row as it will be.
    pub(crate) fn step(&self) -> Step {
        Step {
            id: self.claim.step_id.clone(),
            run_id: self.claim.run_id.clone(),
            index: self.claim.index,
            attempt: self.claim.attempt,
            name: self.claim.phase.clone(),
            kind: StepKind::Step,
            status: StepStatus::Succeeded,
            outputs: Some(self.outputs.clone()),
            error: None,
            state_patch: Some(self.patch.clone()),
            state_map: Some(self.state_map.clone()),
            context: self.context.clone(),
            partial_text: None,
            usage: self.usage,
            artifact_version_ids: self.version_ids.clone(),
            author: None,
            started_at: self.claim.started_at,
            finished_at: Some(self.now),
        }
    }
}

/// Commits a success, and claims the next step with it where autorun goes on.
///
/// Whether the run goes on is read from the row as it is in this transaction: done, paused meanwhile, held for findings, at a gate, at
/// the end of `until`, or on. Without `next`, as while the process shuts down, a run that goes on is left due instead.
pub fn settle(run: &mut Run, done: &Settled, next: Option<&NewAttempt>) -> Advance {
    done.claim.holds(run)?;
    let mut writes = done.writes.clone();
    run.claim = None;
    run.active_step = None;
    run.open = None;
    run.retry = None;
    run.error = None;
    run.cursor = done.cursor.clone();
    run.progress = done.progress;
    if let Some((unit, version)) = &done.reread
        && run.unread.get(unit) == Some(version)
    {
        run.unread.remove(unit);
    }
    let finished = done.cursor.get("phase").and_then(Value::as_str) == Some(DONE);
    if finished {
        run.status = Status::Succeeded;
        run.autorun = false;
        run.until = None;
        run.pause = None;
    } else if run.status == Status::Paused {
        // A draining pause stays; what holds the chapter is the better reason to show.
        if let Some(detail) = &done.hold {
            run.pause = Some(Pause { reason: PauseReason::Findings, detail: detail.clone(), before_step: None });
        }
    } else if let Some(detail) = &done.hold {
        run.status = Status::Paused;
        run.pause = Some(Pause { reason: PauseReason::Findings, detail: detail.clone(), before_step: None });
    } else {
        run.status = Status::Running;
    }
    if run.autorun && until_reached(run, done) {
        run.autorun = false;
        run.until = None;
    }
    let goes_on = run.status == Status::Running && run.autorun && !status::stand_at_gate(run);

    let step = done.step();
    writes.push(Write::Event { name: "step.succeeded", data: json!({ "run_id": run.id, "step": views::finished_step_event(&step) }) });
    writes.push(Write::UpdateStep(Box::new(step)));
    writes.push(Write::SpendCalls { index: done.claim.index });
    let held = run.hold_until.filter(|until| *until > done.now);
    match next.filter(|_| goes_on && held.is_none()) {
        Some(next) => writes.extend(begin(run, next)),
        None => {
            run.due_at = goes_on.then_some(held.unwrap_or(done.now));
            writes.push(updated(run));
        }
    }
    Ok(writes)
}

fn until_reached(run: &mut Run, done: &Settled) -> bool {
    let Some(until) = &mut run.until else { return false };
    let chapter = until.chapter.is_some_and(|n| done.unit.is_some_and(|kept| kept >= n));
    let step = until.step.as_ref().is_some_and(|name| *name == done.claim.phase);
    let count = match &mut until.count {
        Some(left) => {
            *left = left.saturating_sub(1);
            *left == 0
        }
        None => false,
    };
    chapter || step || count
}
