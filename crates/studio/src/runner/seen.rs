//! What can be seen of a step while it runs: its span, its line in the log, its meters.

use std::time::{Duration, Instant};

use story::tasks::Call;
use tracing::Span;

use super::fault::StepFault;
use crate::{
    meters::{Called, Meters},
    ports::{Fault, Usage},
    transition::Claim,
};

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// With its commit.
    Succeeded,
    /// With a fault that was committed.
    Failed,
    /// It was told to stop: nothing was committed.
    Interrupted,
    /// The right to commit was gone.
    Lost,
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
            Self::Lost => "lost",
        }
    }
}

/// The span of an attempt: whatever is logged within it names its run and step, on every level.
pub(super) fn step(claim: &Claim) -> Span {
    // One step is never within another, also where two are committed together.
    tracing::error_span!(parent: None, "step", run = %claim.run_id, step = claim.index, attempt = claim.attempt, step_name = %claim.phase)
}

/// The span of one call of a model.
pub(super) fn call(call: &Call, model: &str) -> Span {
    tracing::error_span!("call", task = call.task, slot = %call.slot, model)
}

/// An attempt has ended, or could not be saved.
pub(super) fn ended(meters: &Meters, claim: &Claim, outcome: Option<Outcome>, took: Duration) {
    let outcome = outcome.map_or("unsaved", Outcome::word);
    meters.step(&claim.phase, outcome, took);
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(outcome, ms, "a step has ended");
}

/// A step's fault. What a model or its provider said may hold prose: only whether a provider answers is told on every level.
pub(super) fn fault(fault: &StepFault) {
    let problem = &fault.problem;
    if fault.fault == Fault::Provider {
        tracing::warn!(kind = %problem.kind, provider_status = problem.provider_status, detail = %problem.detail, "step failed");
    } else {
        tracing::warn!(kind = %problem.kind, provider_status = problem.provider_status, "step failed");
        tracing::debug!(detail = %problem.detail, "why the step failed");
    }
}

/// A call that goes on. Dropped without a word, it was interrupted.
pub(super) struct Calling<'a> {
    meters: &'a Meters,
    provider: String,
    task: &'static str,
    begun: Instant,
    told: bool,
}

impl<'a> Calling<'a> {
    pub(super) fn begin(meters: &'a Meters, provider: String, call: &Call) -> Self {
        Self { meters, provider, task: call.task, begun: Instant::now(), told: false }
    }

    /// The journal had the answer.
    pub(super) fn known(mut self) {
        tracing::info!("the answer stands in the journal");
        self.tell(Called::FromJournal, None);
    }

    /// The model answered; this is paid for.
    pub(super) fn answered(mut self, usage: &Usage) {
        let ms = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(ms, input_tokens = usage.input_tokens, output_tokens = usage.output_tokens, "a model has answered");
        self.tell(Called::Answered, Some(*usage));
    }

    /// The model gave no whole answer; this is paid for all the same.
    pub(super) fn failed(mut self, usage: Option<Usage>) {
        self.tell(Called::Failed, usage);
    }

    /// It was cut off; about this much is paid for.
    pub(super) fn interrupted(mut self, usage: Usage) {
        self.tell(Called::Interrupted, Some(usage));
    }

    fn tell(&mut self, outcome: Called, usage: Option<Usage>) {
        self.told = true;
        self.meters.called(&self.provider, self.task, outcome, self.begun.elapsed(), usage);
    }
}

impl Drop for Calling<'_> {
    fn drop(&mut self) {
        if !self.told {
            self.tell(Called::Interrupted, None);
        }
    }
}
