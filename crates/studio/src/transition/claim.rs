use serde_json::json;

use super::updated;
use crate::{
    ports::{Advance, Micros, Refused, Usage, Write},
    run::{ActiveStep, ClaimedBy, OpenIndex, Run, Status},
    status,
    step::{Step, StepKind, StepStatus},
    views,
};

/// The right to commit one attempt: good for one epoch of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    #[allow(missing_docs)]
    pub run_id: String,
    /// The run's epoch since the claim.
    pub epoch: i64,
    /// The attempt's row.
    pub step_id: String,
    #[allow(missing_docs)]
    pub index: i64,
    #[allow(missing_docs)]
    pub attempt: i64,
    /// The step's name.
    pub phase: String,
    #[allow(missing_docs)]
    pub started_at: Micros,
}

/// What an attempt needs that is made before the transaction.
#[derive(Debug, Clone)]
pub struct NewAttempt {
    /// The claiming process.
    pub node: String,
    /// The id of the attempt's row.
    pub step_id: String,
    #[allow(missing_docs)]
    pub now: Micros,
    /// Drafts to choose from, where somebody says how many; else as many as at the attempt before.
    pub candidates: Option<u32>,
}

/// Claims the run's next step: epoch + 1, a new attempt. `epoch` is the wake's; a wake is good for one claim.
///
/// `by_hand` is `next`: it needs no autorun and retries a failed step.
pub fn claim(run: &mut Run, epoch: i64, by_hand: bool, attempt: &NewAttempt) -> Advance {
    if run.epoch != epoch || run.claim.is_some() {
        return Err(Refused::ClaimLost);
    }
    if by_hand {
        status::next(run)?;
    } else if !run.autorun || !matches!(run.status, Status::Queued | Status::Running) || status::is_held(run, attempt.now) {
        return Err(Refused::ClaimLost);
    }
    if run.state_version > story::state::STATE_VERSION {
        return Err(Refused::ClaimLost);
    }
    Ok(begin(run, attempt))
}

/// Begins the next attempt on a row that may be claimed.
pub(super) fn begin(run: &mut Run, attempt: &NewAttempt) -> Vec<Write> {
    let phase = run.next_step().to_owned();
    // Another step than the one that failed is another piece of work.
    run.open = run.open.take().filter(|open| open.name == phase);
    let open = run.open.get_or_insert_with(|| OpenIndex { index: run.last_index + 1, name: phase.clone(), ..OpenIndex::default() });
    open.attempts += 1;
    open.candidates = attempt.candidates.unwrap_or(open.candidates);
    let active =
        ActiveStep { id: attempt.step_id.clone(), index: open.index, attempt: open.attempts, name: phase.clone(), started_at: attempt.now };
    run.last_index = run.last_index.max(open.index);
    run.epoch += 1;
    run.claim = Some(ClaimedBy { node: attempt.node.clone(), kind: "step".into() });
    run.due_at = None;
    run.retry = None;
    run.error = None;
    run.status = Status::Running;
    let step = Step {
        id: active.id.clone(),
        run_id: run.id.clone(),
        index: active.index,
        attempt: active.attempt,
        name: phase,
        kind: StepKind::Step,
        status: StepStatus::Running,
        outputs: None,
        error: None,
        state_patch: None,
        state_map: None,
        context: None,
        partial_text: None,
        usage: Usage::NONE,
        artifact_version_ids: Vec::new(),
        author: None,
        started_at: attempt.now,
        finished_at: None,
    };
    let started =
        Write::Event { name: "step.started", data: json!({ "run_id": run.id, "step": views::started_step_event(&run.id, &active) }) };
    run.active_step = Some(active);
    vec![Write::InsertStep(Box::new(step)), started, updated(run)]
}

impl Claim {
    /// The claim that the row holds, if it holds one.
    pub fn of(run: &Run) -> Option<Self> {
        let active = run.active_step.as_ref().filter(|_| run.claim.is_some())?;
        Some(Self {
            run_id: run.id.clone(),
            epoch: run.epoch,
            step_id: active.id.clone(),
            index: active.index,
            attempt: active.attempt,
            phase: active.name.clone(),
            started_at: active.started_at,
        })
    }

    /// Whether the row still honours this claim.
    pub(crate) fn holds(&self, run: &Run) -> Result<(), Refused> {
        if run.epoch == self.epoch && run.claim.is_some() { Ok(()) } else { Err(Refused::ClaimLost) }
    }
}
