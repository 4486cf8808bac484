use super::{
    Claim,
    intervene::{close, is_intervention},
    step_ended, updated,
};
use crate::{
    ports::{Advance, Micros, Refused, Write},
    problem::Problem,
    run::{OpenIndex, Run, Status},
    step::StepStatus,
};

/// Losses in a row at one index, with no new journal row between, after which a run is tried with nothing beside it.
pub(crate) const LOST_BEFORE_ALONE: i64 = 3;

/// Takes a run over from a process that is gone: its attempt is closed as `worker-lost`; autorun goes on, a manual run waits for its
/// person. No retry is used up.
///
/// A step that kills its process does not loop: once it did so with nothing beside it, the run fails.
pub fn take_over(run: &mut Run, dead_node: &str, now: Micros) -> Advance {
    if run.claim.as_ref().is_none_or(|claim| claim.node != dead_node) {
        return Err(Refused::Unchanged);
    }
    if is_intervention(run) {
        run.epoch += 1;
        let hint = "It is not carried out by itself: its person may have gone. Say it again.".into();
        return Ok(close(run, StepStatus::Failed, Some(&Problem { hint, ..lost_worker() }), now));
    }
    let Some(active) = run.active_step.take() else { return Err(Refused::Unchanged) };
    run.epoch += 1;
    run.claim = None;
    let calls = i64::try_from(run.usage.calls).unwrap_or(i64::MAX);
    let open = run.open.get_or_insert_with(|| OpenIndex {
        index: active.index,
        name: active.name.clone(),
        attempts: active.attempt,
        ..OpenIndex::default()
    });
    open.lost = if open.lost > 0 && calls > open.calls_at_loss { 1 } else { open.lost + 1 };
    open.calls_at_loss = calls;
    let lost = open.lost;
    let problem = lost_worker();
    let mut writes = vec![
        Write::CloseStep {
            step_id: active.id.clone(),
            status: StepStatus::Failed,
            error: Some(Box::new(problem.clone())),
            finished_at: now,
        },
        step_ended("step.failed", run, &active, StepStatus::Failed, Some(&problem), now),
    ];
    if run.status != Status::Paused {
        if lost > LOST_BEFORE_ALONE {
            run.status = Status::Failed;
            run.autorun = false;
            run.until = None;
            run.error = Some(Problem {
                detail: format!("The process died {lost} times in a row at this step."),
                hint: "Read the server's log; then try the step again with `next`.".into(),
                ..problem
            });
        } else {
            run.status = Status::Running;
            run.due_at = run.autorun.then_some(now);
        }
    }
    writes.push(updated(run));
    Ok(writes)
}

fn lost_worker() -> Problem {
    Problem {
        kind: "/problems/worker-lost".into(),
        title: "Worker lost".into(),
        status: 500,
        detail: "The process that worked on this step is gone.".into(),
        hint: "Nothing that was paid for is lost; the step runs again.".into(),
        ..Problem::default()
    }
}

/// Lets go of a claim that this process holds itself, as when it shuts down: the attempt is closed `canceled` and autorun is due again.
pub fn release(run: &mut Run, claim: &Claim, now: Micros) -> Advance {
    claim.holds(run)?;
    if is_intervention(run) {
        run.epoch += 1;
        return Ok(close(run, StepStatus::Canceled, None, now));
    }
    let Some(active) = run.active_step.take() else { return Err(Refused::ClaimLost) };
    run.epoch += 1;
    run.claim = None;
    let mut writes = vec![
        Write::CloseStep { step_id: active.id.clone(), status: StepStatus::Canceled, error: None, finished_at: now },
        step_ended("step.canceled", run, &active, StepStatus::Canceled, None, now),
    ];
    if run.status != Status::Paused {
        run.due_at = run.autorun.then_some(now);
    }
    writes.push(updated(run));
    Ok(writes)
}
