use std::sync::Arc;

use serde_json::{Value, json};
use story::{
    context::Context,
    finding::{Finding, Severity},
    workflow::{Effect, StepTurn},
};
use tokio_util::sync::CancellationToken;

use super::{
    Advanced, Job, Keeps, Runner,
    fault::StepFault,
    seen::{self, Outcome},
    stored_state::difference,
};
use crate::{
    fail_point::fail_point,
    journal::JournaledCall,
    ports::{Fault, StoreError, Usage, Write},
    run::{PauseReason, Run},
    transition::{Claim, Failure, Settled, fail, settle},
    views,
};

impl Runner {
    pub(super) async fn commit(
        &self,
        (job, keeps): (&Job, Keeps<'_>),
        stop: &CancellationToken,
        turn: StepTurn,
        context: &Context,
        usage: Usage,
        calls: Vec<Arc<JournaledCall>>,
    ) -> Result<(Advanced, Outcome), StoreError> {
        let now = self.clock.now();
        let change = difference(&job.state, &job.parts, &turn.state);
        let unsaved = calls.clone();
        let mut writes: Vec<Write> = calls.into_iter().map(Write::Journal).collect();
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
                    writes.extend(job.state.redone().map(later_is_marked));
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
        let attempt = (!self.draining.is_cancelled() && keeps()).then(|| self.attempt());
        let saved = self.persist(&job.run.id, stop, Arc::new(move |run| settle(run, &settled, attempt.as_ref()))).await;
        fail_point("committed");
        match saved {
            Ok(run) => {
                self.tell(&run);
                let advanced = match Claim::of(&run) {
                    Some(claim) => Advanced::Next(Box::new(job.next(run, claim, turn.state, change.parts))),
                    None => Advanced::Stopped(Box::new(run)),
                };
                Ok((advanced, Outcome::Succeeded))
            }
            Err(StoreError::Locked { locks }) => self.commit_fault(job, stop, StepFault::of_locks(&locks), unsaved).await,
            Err(StoreError::ArtifactMovedOn { latest }) => self.hold_moved_artifact(job, &latest, unsaved).await,
            Err(StoreError::Refused(_) | StoreError::NotFound { .. }) => Ok((Advanced::Lost, Outcome::Lost)),
            Err(e) => Err(e),
        }
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
                Ok((Advanced::Stopped(Box::new(run)), Outcome::Failed))
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
        Ok((Advanced::Stopped(Box::new(run)), Outcome::Failed))
    }
}

/// What comes after a chapter that was redone is marked, not rewritten.
fn later_is_marked(ordinal: u32) -> Write {
    let message = format!("Chapter {ordinal} was redone after this one was written.");
    let hint = "Read it again: what it takes from that chapter may not be so any more. Redo it too, or leave it.".to_owned();
    let finding = Finding::new("earlier-chapter-redone", Severity::Warning, &ordinal.to_string(), message, hint);
    Write::MarkLater { after: ordinal, finding: Box::new(finding) }
}
