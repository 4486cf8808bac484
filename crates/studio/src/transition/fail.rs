use super::{Claim, step_ended, updated};
use crate::{
    ports::{Advance, Fault, Micros, Write},
    problem::Problem,
    run::{OpenIndex, Pause, PauseReason, Retry, Run, Status},
    step::StepStatus,
};

/// How long a provider may stay away before its runs fail: 12 h.
const PROVIDER_PATIENCE: Micros = 12 * 3600 * 1_000_000;
/// The longest wait between two tries of a provider: 10 min.
const LONGEST_OUTAGE_WAIT: Micros = 600 * 1_000_000;
/// The longest wait between two tries of a faulty answer: 60 s.
const LONGEST_RETRY_WAIT: Micros = 60 * 1_000_000;

/// A step that failed: what is known before the transaction.
#[derive(Debug, Clone)]
pub struct Failure {
    #[allow(missing_docs)]
    pub claim: Claim,
    #[allow(missing_docs)]
    pub fault: Fault,
    #[allow(missing_docs)]
    pub problem: Problem,
    /// Journal rows that the failure blames.
    pub blamed: Vec<String>,
    /// The least wait that the provider asks for, in microseconds.
    pub retry_after: Option<Micros>,
    /// Why the run pauses instead of failing: a spent budget, an artifact that a person moved on. Autorun stays on and goes on when it is resumed.
    pub pause: Option<PauseReason>,
    /// `output_spec.auto_step_retries`.
    pub retries: u32,
    /// `output_spec.auto_step_backoff_s`.
    pub backoff_s: f64,
    #[allow(missing_docs)]
    pub now: Micros,
}

/// Commits a failure: a scheduled retry where autorun is on and one is left, a pause where the budget is spent, else `failed`.
pub fn fail(run: &mut Run, failure: &Failure) -> Advance {
    failure.claim.holds(run)?;
    let Some(active) = run.active_step.take() else { return Err(crate::ports::Refused::ClaimLost) };
    run.claim = None;
    let mut open = run.open.clone().unwrap_or_else(|| OpenIndex {
        index: active.index,
        name: active.name.clone(),
        attempts: active.attempt,
        ..OpenIndex::default()
    });
    let wait = wait_before_retry(&mut open, failure, &run.id);
    open.lost = 0;
    run.open = Some(open.clone());

    let mut writes = Vec::new();
    if !failure.blamed.is_empty() {
        writes.push(Write::RejectCalls { call_ids: failure.blamed.clone() });
    }
    let status = if failure.pause.is_some() { StepStatus::Canceled } else { StepStatus::Failed };
    writes.push(Write::CloseStep {
        step_id: active.id.clone(),
        status,
        error: Some(Box::new(failure.problem.clone())),
        finished_at: failure.now,
    });
    let name = if failure.pause.is_some() { "step.canceled" } else { "step.failed" };
    writes.push(step_ended(name, run, &active, status, Some(&failure.problem), failure.now));

    if run.status == Status::Paused {
        // A draining pause stays; the step will run again when it is resumed.
    } else if let Some(reason) = failure.pause {
        run.status = Status::Paused;
        run.pause = Some(Pause { reason, detail: failure.problem.detail.clone(), before_step: None });
    } else if let (true, Some(wait)) = (run.autorun, wait) {
        let at = failure.now + wait;
        let of = if failure.fault == Fault::Answer { i64::from(failure.retries) + 1 } else { 0 };
        let retry = Retry { step_index: active.index, attempt: open.attempts + 1, of, at, reason: failure.problem.detail.clone() };
        writes.push(Write::Event {
            name: "step.retry_scheduled",
            data: serde_json::json!({ "run_id": run.id, "step_index": retry.step_index, "attempt": retry.attempt, "retry_at": crate::views::time(at), "reason": retry.reason }),
        });
        run.status = Status::Running;
        run.due_at = Some(at);
        run.retry = Some(retry);
    } else {
        run.status = Status::Failed;
        run.autorun = false;
        run.until = None;
        run.error = Some(failure.problem.clone());
    }
    writes.push(updated(run));
    Ok(writes)
}

/// How long to wait before the next attempt; none when there is none by itself.
fn wait_before_retry(open: &mut OpenIndex, failure: &Failure, run_id: &str) -> Option<Micros> {
    match failure.fault {
        Fault::Answer => {
            open.outage_since = None;
            open.outages = 0;
            open.faults += 1;
            if open.faults > i64::from(failure.retries) {
                return None;
            }
            let doubled = failure.backoff_s * f64::from(1_u32 << u32::try_from(open.faults - 1).unwrap_or(6).min(6));
            let wait = jitter(seconds(doubled).min(LONGEST_RETRY_WAIT), run_id, open.attempts);
            Some(wait.max(failure.retry_after.unwrap_or(0)))
        }
        Fault::Provider => {
            let since = *open.outage_since.get_or_insert(failure.now);
            if failure.now.saturating_sub(since) > PROVIDER_PATIENCE {
                return None;
            }
            open.outages += 1;
            let doubled = seconds(failure.backoff_s.max(0.05)) << u32::try_from(open.outages - 1).unwrap_or(16).min(16);
            let wait = jitter(doubled.min(LONGEST_OUTAGE_WAIT), run_id, open.attempts);
            Some(wait.max(failure.retry_after.unwrap_or(0)))
        }
        Fault::Lasting | Fault::Ours => None,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "at most 60 s, in microseconds")]
fn seconds(s: f64) -> Micros {
    (s.clamp(0.0, 3600.0) * 1e6) as Micros
}

/// ±20 %, from the run and the attempt: the same row gives the same schedule.
fn jitter(wait: Micros, run_id: &str, attempt: i64) -> Micros {
    let hash = story::canonical::hash_text(&format!("{run_id}/{attempt}"));
    let part = i64::from(u8::from_str_radix(&hash[..2], 16).unwrap_or(128));
    wait + wait * (part - 128) / 640
}
