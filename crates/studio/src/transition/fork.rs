use serde_json::{Value, json};
use story::workflow::{DONE, Progress};

use crate::{
    ids::made_id,
    ports::{Inherited, Micros, Usage},
    run::{Run, Status},
    views,
};

/// What the row of a fork is made from, besides its source.
#[derive(Debug, Clone)]
pub struct Forked {
    /// The fork's id.
    pub id: String,
    #[allow(missing_docs)]
    pub label: Option<String>,
    /// The step of the source after which it begins.
    pub index: i64,
    /// The state's cursor there.
    pub cursor: Value,
    #[allow(missing_docs)]
    pub progress: Progress,
    #[allow(missing_docs)]
    pub now: Micros,
}

impl Forked {
    /// A fork that begins after step `index`, with an id of its own.
    pub fn new(label: Option<String>, index: i64, cursor: Value, progress: Progress, now: Micros) -> Self {
        Self { id: made_id(), label, index, cursor, progress, now }
    }

    /// The new row, and what its event `run.created` tells. What is pinned, the budget and the gates are the source's; nothing was used
    /// yet, nothing goes on by itself, and the first step has index 1.
    pub fn row(&self, source: &Run, inherited: &Inherited) -> (Run, Value) {
        let done = self.cursor.get("phase").and_then(Value::as_str) == Some(DONE);
        let at = self.cursor.get("chapter_index").and_then(Value::as_u64);
        // A chapter that is still to come is not read again, but written.
        let behind = |ordinal: u32| at.is_none_or(|at| u64::from(ordinal) < at);
        let unread = inherited.unread.iter().filter(|(_, (ordinal, _))| behind(*ordinal));
        let run = Run {
            id: self.id.clone(),
            label: self.label.clone(),
            origin: None,
            status: if done { Status::Succeeded } else { Status::Queued },
            epoch: 0,
            claim: None,
            due_at: None,
            hold_until: None,
            autorun: false,
            until: None,
            gate_passed: None,
            active_step: None,
            pause: None,
            retry: None,
            error: None,
            cursor: self.cursor.clone(),
            unread: unread.map(|(unit, (_, version))| (unit.clone(), version.clone())).collect(),
            progress: self.progress,
            usage: Usage::NONE,
            last_index: 0,
            open: None,
            forked_from: Some((source.id.clone(), self.index)),
            author: None,
            last_event: 0,
            deleted_at: None,
            created_at: self.now,
            updated_at: self.now,
            kind: source.kind,
            brief_id: source.brief_id.clone(),
            snapshot_id: source.snapshot_id.clone(),
            model: source.model.clone(),
            context_budget: source.context_budget,
            pause_before: source.pause_before.clone(),
            budget: source.budget,
            state_version: source.state_version,
        };
        let created = json!({ "run": views::run(&run) });
        (run, created)
    }
}
