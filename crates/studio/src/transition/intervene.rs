use serde_json::{Value, json};

use super::{Claim, Edit, NewAttempt, step_ended, updated};
use crate::{
    ports::{Advance, Micros, Usage, Write},
    problem::Problem,
    run::{ActiveStep, ClaimedBy, Run, Status},
    status,
    step::{Step, StepKind, StepStatus},
    views,
};

/// Claims the run for an instruction of a person: a piece of work with an index of its own, between two steps. The run's status stays.
pub fn claim_intervention(run: &mut Run, attempt: &NewAttempt) -> Advance {
    status::may_edit(run)?;
    run.open = None;
    run.last_index += 1;
    run.epoch += 1;
    run.claim = Some(ClaimedBy { node: attempt.node.clone(), kind: StepKind::Intervention.name().into() });
    run.due_at = None;
    run.retry = None;
    let active = ActiveStep {
        id: attempt.step_id.clone(),
        index: run.last_index,
        attempt: 1,
        name: StepKind::Intervention.name().into(),
        started_at: attempt.now,
    };
    let row = row(run, &active, StepStatus::Running);
    let started = json!({ "run_id": run.id, "step": views::started_step_event(&run.id, &active) });
    run.active_step = Some(active);
    Ok(vec![Write::InsertStep(Box::new(row)), Write::Event { name: "step.started", data: started }, updated(run)])
}

fn row(run: &Run, active: &ActiveStep, status: StepStatus) -> Step {
    Step {
        id: active.id.clone(),
        run_id: run.id.clone(),
        index: active.index,
        attempt: active.attempt,
        name: active.name.clone(),
        kind: StepKind::Intervention,
        status,
        outputs: None,
        error: None,
        state_patch: None,
        state_map: None,
        context: None,
        partial_text: None,
        usage: Usage::NONE,
        artifact_version_ids: Vec::new(),
        author: None,
        started_at: active.started_at,
        finished_at: None,
    }
}

/// Commits what an instruction changes: `edit` was thought out against the state as it is under this claim.
pub fn settle_intervention(run: &mut Run, claim: &Claim, edit: &Edit, context: &Value, usage: Usage) -> Advance {
    claim.holds(run)?;
    let Some(active) = run.active_step.take() else { return Err(crate::ports::Refused::ClaimLost) };
    run.claim = None;
    let step = Step {
        status: StepStatus::Succeeded,
        outputs: Some(edit.outputs()),
        state_patch: Some(edit.patch.clone()),
        state_map: Some(edit.state_map.clone()),
        context: edit.context(Some(context)),
        usage,
        finished_at: Some(edit.now),
        ..row(run, &active, StepStatus::Succeeded)
    };
    status::edited(run, edit.cursor.clone(), edit.progress, edit.now);
    let mut writes = edit.writes.clone();
    writes.push(Write::State(edit.changes.clone()));
    writes.push(Write::Event { name: "step.succeeded", data: json!({ "run_id": run.id, "step": views::finished_step_event(&step) }) });
    writes.push(Write::UpdateStep(Box::new(step)));
    writes.push(Write::SpendCalls { index: claim.index });
    writes.push(updated(run));
    Ok(writes)
}

/// An instruction that could not be carried out: its row says why, the run stands as it stood.
pub fn fail_intervention(run: &mut Run, claim: &Claim, problem: &Problem, blamed: &[String], now: Micros) -> Advance {
    claim.holds(run)?;
    let mut writes = close(run, StepStatus::Failed, Some(problem), now);
    if !blamed.is_empty() {
        writes.insert(0, Write::RejectCalls { call_ids: blamed.to_vec() });
    }
    Ok(writes)
}

/// Whether an instruction is worked on.
pub(super) fn is_intervention(run: &Run) -> bool {
    run.claim.as_ref().is_some_and(|claim| claim.kind == StepKind::Intervention.name())
}

/// Ends an instruction without a result; it is never performed again. Autorun goes on.
pub(super) fn close(run: &mut Run, status: StepStatus, problem: Option<&Problem>, now: Micros) -> Vec<Write> {
    let Some(active) = run.active_step.take() else { return Vec::new() };
    run.claim = None;
    run.open = None;
    run.hold_until = None;
    let name = if status == StepStatus::Failed { "step.failed" } else { "step.canceled" };
    let mut writes = vec![Write::CloseStep {
        step_id: active.id.clone(),
        status,
        error: problem.map(|problem| Box::new(problem.clone())),
        finished_at: now,
    }];
    writes.push(step_ended(name, run, &active, status, problem, now));
    if run.autorun && matches!(run.status, Status::Queued | Status::Running) && !status::stand_at_gate(run) {
        run.due_at = Some(now);
    }
    writes.push(updated(run));
    writes
}
