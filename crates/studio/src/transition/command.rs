use std::collections::BTreeMap;

use serde_json::{Value, json};
use story::workflow::Progress;

use super::{step_ended, updated};
use crate::{
    ports::{Advance, Micros, Refused, StoredValue, Usage, Write},
    run::{Run, Status},
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
                writes.push(step_ended("step.canceled", run, &active, StepStatus::Canceled, None, now));
            }
            writes.push(updated(run));
            Ok(writes)
        }
    }
}

/// A change of the state by hand, computed before the transaction.
#[derive(Debug, Clone)]
pub struct Edit {
    /// The id of the edit's row.
    pub step_id: String,
    /// Last index and epoch when the state was read: where the run moved on meanwhile, the edit does not fit any more.
    pub read_at: (i64, i64),
    /// The cursor after it.
    pub cursor: Value,
    #[allow(missing_docs)]
    pub progress: Progress,
    #[allow(missing_docs)]
    pub patch: Value,
    #[allow(missing_docs)]
    pub changes: Vec<(String, Option<StoredValue>)>,
    #[allow(missing_docs)]
    pub state_map: BTreeMap<String, String>,
    #[allow(missing_docs)]
    pub now: Micros,
}

/// Carries out an edit: a piece of work with its own index, between two steps.
pub fn edit(run: &mut Run, edit: &Edit) -> Advance {
    status::edit(run, edit.now)?;
    if (run.last_index, run.epoch) != edit.read_at {
        return Err(status::moved_on(run));
    }
    run.open = None;
    run.last_index += 1;
    if run.status == Status::Succeeded && edit.cursor != run.cursor {
        run.status = Status::Running;
    }
    run.cursor = edit.cursor.clone();
    run.progress = edit.progress;
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
    let mut writes = vec![Write::State(edit.changes.clone()), Write::InsertStep(Box::new(step))];
    writes.push(Write::Event { name: "step.succeeded", data: event });
    writes.push(updated(run));
    Ok(writes)
}

/// Takes a held chapter as it is: the edit that moves its cursor on, and the run resumes.
pub fn accept_findings(run: &mut Run, accepted: &Edit) -> Advance {
    let mut writes = edit(run, accepted)?;
    writes.extend(command(run, accepted.now, |run| status::resume(run, accepted.now))?);
    Ok(writes)
}
