use std::collections::BTreeMap;

use serde::Deserialize as _;
use serde_json::{Value, json};
use story::workflow::Progress;

use super::{step_ended, updated};
use crate::{
    ports::{Advance, Micros, Refused, StoredValue, Usage, Write},
    run::{Run, Status},
    status::{self, After, Decision},
    step::{Said, Step, StepKind, StepStatus},
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
    /// `edit`, or `intervention` where a proposal is applied.
    pub kind: StepKind,
    /// Last index and epoch when the state was read: where the run moved on meanwhile, the edit does not fit any more.
    pub read_at: (i64, i64),
    /// The cursor after it.
    pub cursor: Value,
    #[allow(missing_docs)]
    pub progress: Progress,
    #[allow(missing_docs)]
    pub patch: Value,
    /// What its row tells besides the pointers of what has changed: an object. What was said ([`Said`]) goes to the row's context.
    pub told: Value,
    #[allow(missing_docs)]
    pub changes: Vec<(String, Option<StoredValue>)>,
    #[allow(missing_docs)]
    pub state_map: BTreeMap<String, String>,
    /// What else is written with it.
    pub writes: Vec<Write>,
    /// A unit whose version waits to be read from now on.
    pub unread: Option<(String, String)>,
    #[allow(missing_docs)]
    pub now: Micros,
}

impl Edit {
    /// What its row tells.
    pub(super) fn outputs(&self) -> Value {
        changed(&self.patch, &self.told)
    }

    /// The row's context: what the prompts had in common, and what was said.
    pub(super) fn context(&self, record: Option<&Value>) -> Option<Value> {
        let Ok(said) = Said::deserialize(&self.told) else { return record.cloned() };
        let mut context = record.cloned().unwrap_or_else(|| json!({}));
        context["said"] = json!(said);
        Some(context)
    }
}

/// What the row of a change tells: the pointers of what has changed, and `told`.
fn changed(patch: &Value, told: &Value) -> Value {
    let pointers = if patch.as_object().is_some_and(serde_json::Map::is_empty) { Vec::new() } else { story::patch::pointers(patch) };
    let mut outputs = json!({ "changed": pointers });
    if let (Value::Object(outputs), Value::Object(told)) = (&mut outputs, told) {
        outputs.extend(
            told.iter()
                .filter(|(key, _)| !matches!(key.as_str(), "instruction" | "assistant_message"))
                .map(|(k, v)| (k.clone(), v.clone())),
        );
    }
    outputs
}

/// Carries out an edit: a piece of work with its own index, between two steps.
pub fn edit(run: &mut Run, edit: &Edit) -> Advance {
    status::may_edit(run)?;
    if (run.last_index, run.epoch) != edit.read_at {
        return Err(status::moved_on(run));
    }
    run.last_index += 1;
    let mut writes = edit.writes.clone();
    writes.push(Write::State(edit.changes.clone()));
    let step = Step {
        id: edit.step_id.clone(),
        run_id: run.id.clone(),
        index: run.last_index,
        attempt: 1,
        name: edit.kind.name().into(),
        kind: edit.kind,
        status: StepStatus::Succeeded,
        outputs: Some(edit.outputs()),
        error: None,
        state_patch: Some(edit.patch.clone()),
        state_map: Some(edit.state_map.clone()),
        context: edit.context(None),
        partial_text: None,
        usage: Usage::NONE,
        artifact_version_ids: Vec::new(),
        author: None,
        started_at: edit.now,
        finished_at: Some(edit.now),
    };
    run.unread.extend(edit.unread.clone());
    status::edited(run, edit.cursor.clone(), edit.progress, edit.now);
    let event = json!({ "run_id": run.id, "step": views::finished_step_event(&step) });
    writes.push(Write::InsertStep(Box::new(step)));
    writes.push(Write::Event { name: "step.succeeded", data: event });
    writes.push(updated(run));
    Ok(writes)
}

/// Takes a held chapter as it is: the edit that moves its cursor on, and the run resumes.
pub fn accept_findings(run: &mut Run, accepted: &Edit) -> Advance {
    let mut writes = edit(run, accepted)?;
    if run.status == Status::Paused {
        writes.extend(command(run, accepted.now, |run| status::resume(run, accepted.now))?);
    }
    Ok(writes)
}
