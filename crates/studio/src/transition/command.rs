use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{step_ended, updated};
use crate::{
    ports::{Advance, Micros, Refused, StoredValue, Usage, Write},
    run::{PauseReason, Run, Status},
    status::{self, After, Decision},
    step::{Step, StepKind, StepStatus},
    views,
};

/// Carries out what `decide` says, with its events; an aborted attempt is closed `canceled`.
pub fn command(run: &mut Run, now: Micros, decide: impl FnOnce(&mut Run) -> Decision) -> Advance {
    match decide(run)? {
        After::Unchanged => Err(Refused::Unchanged),
        After::Changed => Ok(vec![updated(run)]),
        After::Aborted => {
            let mut writes = Vec::new();
            if let Some(active) = run.active_step.take() {
                writes.push(Write::CloseStep { step_id: active.id.clone(), status: StepStatus::Canceled, error: None, finished_at: now });
                writes.push(step_ended("step.canceled", run, &active, "canceled", None));
            }
            writes.push(updated(run));
            Ok(writes)
        }
    }
}

/// An edit that takes a held chapter as it is: its own index, then the run goes on.
pub struct AcceptFindings {
    /// The id of the edit's row.
    pub step_id: String,
    /// The state before was this, by key: where it moved meanwhile, the edit does not fit any more.
    pub cursor_before: Value,
    #[allow(missing_docs)]
    pub cursor: Value,
    #[allow(missing_docs)]
    pub patch: Value,
    #[allow(missing_docs)]
    pub changes: Vec<(String, Option<StoredValue>)>,
    #[allow(missing_docs)]
    pub state_map: BTreeMap<String, String>,
    #[allow(missing_docs)]
    pub now: Micros,
}

/// Waives the findings that hold the run and resumes it.
pub fn accept_findings(run: &mut Run, edit: &AcceptFindings) -> Advance {
    let held = run.status == Status::Paused && run.pause.as_ref().is_some_and(|p| p.reason == PauseReason::Findings);
    if !held || run.active_step.is_some() || run.cursor != edit.cursor_before {
        return command(run, edit.now, |run| status::resume(run, edit.now));
    }
    run.open = None;
    run.last_index += 1;
    run.cursor = edit.cursor.clone();
    let step = Step {
        id: edit.step_id.clone(),
        run_id: run.id.clone(),
        index: run.last_index,
        attempt: 1,
        name: "edit".into(),
        kind: StepKind::Edit,
        status: StepStatus::Succeeded,
        outputs: Some(json!({ "changed": story::patch::pointers(&edit.patch) })),
        error: None,
        state_patch: Some(edit.patch.clone()),
        state_map: Some(edit.state_map.clone()),
        context: None,
        partial_text: None,
        usage: Usage::NONE,
        artifact_version_ids: Vec::new(),
        author: None,
        started_at: edit.now,
        finished_at: Some(edit.now),
    };
    let event = json!({ "run_id": run.id, "step": views::finished_step_event(&step) });
    let mut writes =
        vec![Write::State(edit.changes.clone()), Write::InsertStep(Box::new(step)), Write::Event { name: "step.succeeded", data: event }];
    writes.extend(command(run, edit.now, |run| status::resume(run, edit.now))?);
    Ok(writes)
}
