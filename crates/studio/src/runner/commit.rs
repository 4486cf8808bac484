use std::sync::Arc;

use serde_json::{Value, json};
use story::{
    context::Context,
    finding::{Finding, Severity},
    state::RunState,
    workflow::{Effect, StepTurn},
};
use tokio_util::sync::CancellationToken;

use super::{
    Advanced, Job, Keeps, Runner,
    fault::StepFault,
    seen::{self, Outcome},
    stored_state::{Parts, difference},
};
use crate::{
    fail_point::fail_point,
    journal::JournaledCall,
    ports::{Fault, StoreError, Usage, Write},
    run::{Kind, PauseReason, Run},
    transition::{Claim, Failure, Settled, fail, settle},
    views,
};

/// What a step came to.
pub(super) struct Done {
    pub(super) turn: StepTurn,
    pub(super) context: Context,
    pub(super) used: Usage,
    /// Answers that no journal row has yet.
    pub(super) answers: Vec<Arc<JournaledCall>>,
}

/// A success that is not committed yet.
pub(super) struct Thought {
    pub(super) settled: Settled,
    pub(super) state: RunState,
    pub(super) parts: Parts,
}

impl Runner {
    /// Commits a success; and, with it, that of the step after it where that one asks nobody.
    pub(super) async fn commit(
        &self,
        (job, keeps): (&Job, Keeps<'_>),
        stop: &CancellationToken,
        done: Done,
    ) -> Result<(Advanced, Outcome), StoreError> {
        let unsaved = done.answers.clone();
        let first = self.thought(job, stop, done).await?;
        let goes_on = || (!self.draining.is_cancelled() && keeps()).then(|| self.attempt());
        let next = goes_on();
        let mut silent = match &next {
            Some(next) => self.think_silently(job, stop, &first, next).await,
            None => None,
        };
        let saved = loop {
            let (first, next, after) = (first.clone(), next.clone(), silent.as_ref().map(|step| (step.clone(), goes_on())));
            let transition = move |run: &mut Run| {
                let mut writes = settle(run, &first.settled, next.as_ref())?;
                if let Some((step, next)) = &after
                    && step.is_next(run)
                {
                    writes.extend(settle(run, &step.thought.settled, next.as_ref())?);
                }
                Ok(writes)
            };
            let saved = self.persist(&job.run.id, stop, Arc::new(transition)).await;
            fail_point("committed");
            match saved {
                Err(StoreError::Refused(_) | StoreError::NotFound { .. }) | Ok(_) => break saved,
                // Whatever keeps the step after this one from being kept is its own affair.
                Err(_) if silent.take().is_some() => {}
                Err(_) => break saved,
            }
        };
        match saved {
            Ok(run) => {
                self.tell(&run);
                let step = Some(Box::new(first.settled.step()));
                let last = match silent.filter(|step| step.is_settled(&run)) {
                    Some(step) => {
                        step.seen(&self.meters);
                        step.thought
                    }
                    None => first,
                };
                let advanced = match Claim::of(&run) {
                    Some(claim) => Advanced::Next(Box::new(job.next(run, claim, last.state.clone(), last.parts.clone())), step),
                    None => Advanced::Stopped(Box::new(run), step),
                };
                Ok((advanced, Outcome::Succeeded))
            }
            Err(StoreError::Locked { locks }) => self.commit_fault(job, stop, StepFault::of_locks(&locks), unsaved).await,
            Err(StoreError::ArtifactMovedOn { latest }) => self.hold_moved_artifact(job, &latest, unsaved).await,
            Err(StoreError::Refused(_) | StoreError::NotFound { .. }) => Ok((Advanced::Lost, Outcome::Lost)),
            Err(e) => Err(e),
        }
    }

    /// What a success makes of its run, before the transaction that does so.
    pub(super) async fn thought(&self, job: &Job, stop: &CancellationToken, done: Done) -> Result<Arc<Thought>, StoreError> {
        let Done { turn, context, used: usage, answers } = done;
        let now = self.clock.now();
        let change = difference(&job.state, &job.parts, &turn.state);
        let mut writes: Vec<Write> = answers.into_iter().map(Write::Journal).collect();
        writes.push(Write::State(change.values.clone()));
        let mut outputs = turn.outputs;
        let mut version_ids = Vec::new();
        let mut unit = None;
        let mut reread = None;
        for effect in turn.effects {
            match effect {
                Effect::KeepUnit(kept) => {
                    let ordinal = kept.draft.ordinal;
                    let (version, number) = self.version_of(job, stop, *kept).await?;
                    if let Value::Object(outputs) = &mut outputs {
                        outputs.insert("artifact_id".into(), json!(version.artifact_id));
                        outputs.insert("version_id".into(), json!(version.version_id));
                    }
                    version_ids.push(version.version_id.clone());
                    unit = Some(ordinal);
                    writes.push(Write::Event { name: "artifact.committed", data: views::committed_event(&job.run, &version, number, now) });
                    writes.push(Write::KeepVersion(Arc::new(version)));
                    writes.extend(job.state.redone().map(|ordinal| later_is_marked(job.run.kind, ordinal)));
                }
                Effect::RereadChapter(read) => {
                    reread = Some((read.chapter_id.clone(), read.version_id.clone()));
                    writes.push(Write::KeepReading(Arc::new(*read)));
                }
            }
        }
        let settled = Settled {
            claim: job.claim.clone(),
            outputs,
            patch: change.patch.clone(),
            state_map: change.map(),
            context: Some(json!(context.record)),
            cursor: json!(turn.state.cursor()),
            progress: turn.progress,
            hold: turn.hold.map(|h| h.detail),
            writes,
            version_ids,
            unit,
            reread,
            usage,
            now,
        };
        Ok(Arc::new(Thought { settled, state: turn.state, parts: change.parts }))
    }

    pub(super) async fn commit_fault(
        &self,
        job: &Job,
        stop: &CancellationToken,
        fault: StepFault,
        calls: Vec<Arc<JournaledCall>>,
    ) -> Result<(Advanced, Outcome), StoreError> {
        seen::fault(&fault);
        let failure = Failure {
            claim: job.claim.clone(),
            fault: fault.fault,
            problem: *fault.problem,
            blamed: fault.blamed,
            retry_after: fault.retry_after,
            pause: fault.budget.then_some(PauseReason::Budget),
            retries: job.state.output_spec().auto_step_retries,
            backoff_s: job.state.output_spec().auto_step_backoff_s,
            now: self.clock.now(),
        };
        let transition = move |run: &mut Run| {
            let mut writes: Vec<Write> = calls.iter().cloned().map(Write::Journal).collect();
            writes.extend(fail(run, &failure)?);
            Ok(writes)
        };
        let saved = self.persist(&job.run.id, stop, Arc::new(transition)).await;
        fail_point("failed");
        match saved {
            Ok(run) => {
                self.tell(&run);
                Ok((Advanced::Stopped(Box::new(run), None), Outcome::Failed))
            }
            Err(StoreError::Refused(_) | StoreError::NotFound { .. }) => Ok((Advanced::Lost, Outcome::Lost)),
            Err(e) => Err(e),
        }
    }

    /// A person wrote a newer version of this text meanwhile: both texts stay, and the run waits.
    async fn hold_moved_artifact(
        &self,
        job: &Job,
        latest: &str,
        calls: Vec<Arc<JournaledCall>>,
    ) -> Result<(Advanced, Outcome), StoreError> {
        let failure = Failure {
            claim: job.claim.clone(),
            fault: Fault::Lasting,
            problem: crate::problem::Problem {
                kind: "/problems/artifact-moved-on".into(),
                title: "Artifact moved on".into(),
                status: 409,
                detail: format!(
                    "A person wrote version {latest} of this text meanwhile; the draft is still in hand. To resume keeps the person's text; \
                     to resume with `accept` puts the draft over it."
                ),
                hint: "Compare the two, then resume the run, with `accept` or without.".into(),
                ..crate::problem::Problem::default()
            },
            blamed: Vec::new(),
            retry_after: None,
            pause: Some(PauseReason::ArtifactMovedOn),
            retries: 0,
            backoff_s: 0.0,
            now: self.clock.now(),
        };
        let moved = move |run: &mut Run| {
            let mut writes: Vec<Write> = calls.iter().cloned().map(Write::Journal).collect();
            writes.extend(fail(run, &failure)?);
            Ok(writes)
        };
        let run = self.store.change(&job.run.id, Arc::new(moved)).await?;
        fail_point("failed");
        self.tell(&run);
        Ok((Advanced::Stopped(Box::new(run), None), Outcome::Failed))
    }
}

/// What comes after a unit that was redone is marked, not rewritten.
fn later_is_marked(kind: Kind, ordinal: u32) -> Write {
    let message = format!("{} {ordinal} was redone after this one was written.", kind.artifact().named());
    let hint = "Read it again: what it takes from there may not be so any more. Redo it too, or leave it.".to_owned();
    let finding = Finding::new("earlier-chapter-redone", Severity::Warning, &ordinal.to_string(), message, hint);
    Write::MarkLater { after: ordinal, finding: Box::new(finding) }
}
