use serde_json::json;
use story::{
    context::{STEP_BUDGET, most_tokens},
    output_spec::OutputSpec,
    state::RunState,
    workflow,
};

use crate::{
    ids::made_id,
    ports::{Micros, Usage},
    run::{Budget, Kind, Run, Status},
};

/// What a person asks for when a run is created.
#[derive(Debug, Clone, Default)]
pub struct NewRun {
    #[allow(missing_docs)]
    pub label: Option<String>,
    #[allow(missing_docs)]
    pub model: String,
    /// See [`Run::context_budget`].
    pub context_budget: u64,
    #[allow(missing_docs)]
    pub origin: Option<String>,
    #[allow(missing_docs)]
    pub budget: Option<Budget>,
    #[allow(missing_docs)]
    pub pause_before: Vec<String>,
}

/// Tokens of a step's prompt for a model that reads `window` tokens: what is left beside the longest answer, and never more than a step needs.
pub fn room_for_prompt(window: u64, spec: &OutputSpec) -> u64 {
    let longest_answer = most_tokens(spec.chapter_length) + 400;
    STEP_BUDGET.min(window.saturating_sub(longest_answer))
}

/// The row of a run of this kind that has done nothing yet.
pub fn new_run(kind: Kind, snapshot: &crate::brief::Snapshot, state: &RunState, asked: NewRun, now: Micros) -> Run {
    Run {
        id: made_id(),
        kind,
        brief_id: snapshot.brief_id.clone(),
        snapshot_id: snapshot.id.clone(),
        label: asked.label,
        model: asked.model,
        context_budget: asked.context_budget,
        origin: asked.origin,
        status: Status::Queued,
        epoch: 0,
        claim: None,
        due_at: None,
        hold_until: None,
        autorun: false,
        until: None,
        pause_before: asked.pause_before,
        gate_passed: None,
        active_step: None,
        pause: None,
        retry: None,
        error: None,
        cursor: json!(state.cursor()),
        unread: std::collections::BTreeMap::new(),
        progress: workflow::progress(state),
        usage: Usage::NONE,
        budget: asked.budget,
        last_index: 0,
        open: None,
        forked_from: None,
        author: None,
        state_version: story::state::STATE_VERSION,
        last_event: 0,
        deleted_at: None,
        created_at: now,
        updated_at: now,
    }
}
