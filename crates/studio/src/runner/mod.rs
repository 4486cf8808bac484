//! The runner: claim, perform, commit. The only place where thinking and doing meet.
//!
//! [`Runner::advance`] is the same for every driver; a driver only decides who calls it and when. After every await stands a fail point,
//! and a test kills the process at each.

mod ask;
/// Faults of a step.
pub mod fault;
mod job;
mod seen;
pub use job::Job;
pub mod stored_state;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use serde_json::{Value, json};
use story::{
    context::{Context, assemble},
    language::Tongue,
    state::NovelState,
    tasks::{Answer, Heard},
    workflow::{
        Act, Effect, Materials, OutOfTurn, Reread, StepTurn,
        novel::{self, Desk},
    },
};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use self::{
    fault::{Ended, StepFault},
    seen::Outcome,
    stored_state::{Outlines, difference},
};
use crate::{
    artifact::{Artifact, ArtifactKind, VersionSource},
    fail_point::fail_point,
    feed::{Feed, Notice},
    health::Health,
    ids::new_id,
    journal::JournaledCall,
    meters::Meters,
    ports::{Clock, Fault, KeptVersion, Models, Refused, Store, StoreError, Transition, Usage, Write},
    run::{Kind, PauseReason, Run},
    transition::{Claim, Failure, NewAttempt, Settled, claim, fail, release, settle},
    views,
};

/// A reason to look at a run: its id and the epoch that the wake is good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wake {
    #[allow(missing_docs)]
    pub run_id: String,
    #[allow(missing_docs)]
    pub epoch: i64,
    /// The run's model, whose provider gives the permit.
    pub model: String,
    /// Whether a person pressed `next`: one step, also without autorun.
    pub by_hand: bool,
}

/// Where a run stands after a step was committed.
#[derive(Debug)]
pub enum Advanced {
    /// The next step was claimed in the same transaction.
    Next(Box<Job>),
    /// Nothing more is to be done now: the run has ended, stands still, or a retry is scheduled in its row.
    Stopped(Box<Run>),
    /// The right to commit was lost: somebody else decides what becomes of the run.
    Lost,
}

/// Says, when a step is committed, whether whoever works on the run may go on with its next step at once.
pub type Keeps<'a> = &'a (dyn Fn() -> bool + Send + Sync);

/// The parts that the runner works with.
#[derive(Clone)]
pub struct Runner {
    /// Cancelled when the process shuts down: what is in flight is finished, nothing further is claimed.
    pub draining: CancellationToken,
    #[allow(missing_docs)]
    pub store: Arc<dyn Store>,
    #[allow(missing_docs)]
    pub models: Arc<dyn Models>,
    #[allow(missing_docs)]
    pub clock: Arc<dyn Clock>,
    #[allow(missing_docs)]
    pub feed: Feed,
    /// Outlines at hand.
    pub outlines: Arc<Outlines>,
    /// What this process counts.
    pub meters: Meters,
    /// Whether the database takes what it is told.
    pub(crate) health: Arc<Health>,
}

/// One attempt in progress.
struct Worker<'a> {
    runner: &'a Runner,
    job: &'a Job,
    stop: &'a CancellationToken,
    /// Used by this attempt so far.
    used: Usage,
    /// Rows that are journaled with the commit.
    to_journal: Vec<Arc<JournaledCall>>,
    /// The journal rows that this attempt heard, in order.
    asked: Vec<String>,
}

impl Runner {
    /// Claims what the wake is for. None when somebody else was faster, or the status does not allow it any more.
    ///
    /// `next` by hand is refused with the conflict that says why.
    pub async fn claim(&self, wake: &Wake) -> Result<Option<Job>, StoreError> {
        let attempt = self.attempt();
        let (epoch, by_hand) = (wake.epoch, wake.by_hand);
        let claimed = self.store.change(&wake.run_id, Arc::new(move |run| claim(run, epoch, by_hand, &attempt))).await;
        fail_point("claimed");
        match claimed {
            Ok(run) => {
                self.tell(&run);
                let loaded = self.store.load(&run.id).await;
                fail_point("loaded");
                match loaded.and_then(|loaded| self.job(loaded)) {
                    Ok(job) => Ok(Some(job)),
                    Err(e) => {
                        // A claim that cannot be worked on is given back, or nobody ever could.
                        if let Some(claim) = Claim::of(&run) {
                            self.let_go(&claim).await;
                        }
                        Err(e)
                    }
                }
            }
            Err(StoreError::Refused(Refused::ClaimLost | Refused::Unchanged) | StoreError::NotFound { .. }) => Ok(None),
            Err(e) => Err(e),
        }
    }

    /// Gives a claim back that is still ours, as at shutdown; where it was taken away there is nothing to give.
    pub async fn let_go(&self, claim: &Claim) {
        let (held, now) = (claim.clone(), self.clock.now());
        let given = self.store.change(&claim.run_id, Arc::new(move |run| release(run, &held, now))).await;
        fail_point("given-back");
        match given {
            Ok(_) | Err(StoreError::Refused(_) | StoreError::NotFound { .. }) => {}
            Err(e) => {
                tracing::error!(run = %claim.run_id, error = %e, "a claim could not be given back; it will be when the rows are looked at")
            }
        }
    }

    /// Performs the claimed step and commits what came of it. `stop` ends it early: nothing is committed then, and what was answered
    /// stays in the journal. A run that goes on is left due instead of claimed where `keeps` says no.
    pub async fn advance(&self, job: Job, stop: &CancellationToken, keeps: Keeps<'_>) -> Result<Advanced, StoreError> {
        let claim = job.claim.clone();
        let span = seen::step(&claim);
        let begun = std::time::Instant::now();
        let advanced = self.perform_and_commit(job, stop, keeps).instrument(span.clone()).await;
        span.in_scope(|| seen::ended(&self.meters, &claim, &advanced, begun.elapsed()));
        advanced.map(|(advanced, _)| advanced)
    }

    async fn perform_and_commit(&self, job: Job, stop: &CancellationToken, keeps: Keeps<'_>) -> Result<(Advanced, Outcome), StoreError> {
        for tries in 1.. {
            let mut worker = Worker { runner: self, job: &job, stop, used: Usage::NONE, to_journal: Vec::new(), asked: Vec::new() };
            let performed = worker.perform().await;
            fail_point("performed");
            let (used, to_journal) = (worker.used, worker.to_journal);
            return match performed {
                Ok((turn, context)) => self.commit((&job, keeps), stop, turn, &context, used, to_journal).await,
                Err(Ended::Fault(fault)) => self.commit_fault(&job, stop, fault, to_journal).await,
                Err(Ended::Interrupted) => Ok((Advanced::Lost, Outcome::Interrupted)),
                Err(Ended::Store(e)) if is_passing(&e, tries) && !stop.is_cancelled() => {
                    self.tell_trouble(&job.run.id, &e);
                    pause_for_database(stop).await;
                    continue;
                }
                Err(Ended::Store(e)) => Err(e),
            };
        }
        unreachable!("the loop above ends by returning")
    }

    /// Changes the run; while the disk is full or the database away, what was done is kept and tried again until somebody says stop.
    async fn persist(&self, run_id: &str, stop: &CancellationToken, transition: Transition) -> Result<Run, StoreError> {
        for tries in 1.. {
            match self.store.change(run_id, transition.clone()).await {
                Err(e) if is_passing(&e, tries) && !stop.is_cancelled() => {
                    self.tell_trouble(run_id, &e);
                    pause_for_database(stop).await;
                }
                answer => return answer,
            }
        }
        unreachable!("the loop above ends by returning")
    }

    /// The chapter's artifact and the number of its latest version, if there is one; waits for the database as [`Self::persist`] does.
    async fn known_chapter(&self, run_id: &str, stop: &CancellationToken, chapter_id: &str) -> Result<Option<(Artifact, i64)>, StoreError> {
        for tries in 1.. {
            let known = self.artifact_and_number(run_id, chapter_id).await;
            match known {
                Err(e) if is_passing(&e, tries) && !stop.is_cancelled() => {
                    self.tell_trouble(run_id, &e);
                    pause_for_database(stop).await;
                }
                answer => return answer,
            }
        }
        unreachable!("the loop above ends by returning")
    }

    async fn artifact_and_number(&self, run_id: &str, chapter_id: &str) -> Result<Option<(Artifact, i64)>, StoreError> {
        let artifact = self.store.artifact_of_unit(run_id, ArtifactKind::NovelChapter, chapter_id).await?;
        let known = match artifact {
            Some(artifact) => self.store.version(&artifact.latest_version_id).await.map(|version| Some((artifact, version.number))),
            None => Ok(None),
        };
        fail_point("artifact");
        known
    }

    async fn commit(
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
        let mut chapter = None;
        let mut reread = None;
        for effect in turn.effects {
            let kept = match effect {
                Effect::KeepChapter(kept) => kept,
                Effect::RereadChapter(read) => {
                    reread = Some((read.chapter_id.clone(), read.version_id.clone()));
                    writes.push(Write::KeepReading(Arc::new(*read)));
                    continue;
                }
            };
            let known = self.known_chapter(&job.run.id, stop, &kept.chapter_id).await?;
            let number = known.as_ref().map_or(1, |(_, last)| last + 1);
            let known = known.map(|(artifact, _)| artifact);
            let version = KeptVersion {
                artifact_id: known.as_ref().map_or_else(new_id, |a| a.id.clone()),
                kind: ArtifactKind::NovelChapter,
                unit_id: kept.chapter_id.clone(),
                ordinal: kept.draft.ordinal,
                version_id: new_id(),
                expected_latest: known.map(|a| a.latest_version_id),
                source: VersionSource::Agent,
                step_index: Some(job.claim.index),
                draft: kept.draft.clone(),
                content_id: new_id(),
                extraction: kept.extraction.clone(),
                digest: json!(kept.digest),
                prints: kept.prints.clone(),
                metadata: json!({ "findings": kept.findings, "model": job.run.model }),
                author: None,
            };
            if let Value::Object(outputs) = &mut outputs {
                outputs.insert("artifact_id".into(), json!(version.artifact_id));
                outputs.insert("version_id".into(), json!(version.version_id));
            }
            version_ids.push(version.version_id.clone());
            chapter = Some(kept.draft.ordinal);
            writes.push(Write::Event { name: "artifact.committed", data: views::committed_event(&job.run, &version, number, now) });
            writes.push(Write::KeepVersion(Arc::new(version)));
        }
        let settled = Settled {
            claim: job.claim.clone(),
            outputs,
            patch: change.patch.clone(),
            state_map: change.map(),
            context: Some(json!(context.record)),
            cursor: json!(turn.state.cursor),
            progress: turn.progress,
            hold: turn.hold.map(|h| h.detail),
            writes,
            version_ids,
            chapter,
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
            Err(StoreError::ArtifactMovedOn { .. }) => self.hold_moved_artifact(job, unsaved).await,
            Err(StoreError::Refused(_) | StoreError::NotFound { .. }) => Ok((Advanced::Lost, Outcome::Lost)),
            Err(e) => Err(e),
        }
    }

    async fn commit_fault(
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
            retries: job.state.output_spec.auto_step_retries,
            backoff_s: job.state.output_spec.auto_step_backoff_s,
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

    /// A person wrote a newer version of this chapter meanwhile: both texts stay, and the run waits.
    async fn hold_moved_artifact(&self, job: &Job, calls: Vec<Arc<JournaledCall>>) -> Result<(Advanced, Outcome), StoreError> {
        let failure = Failure {
            claim: job.claim.clone(),
            fault: Fault::Lasting,
            problem: crate::problem::Problem {
                kind: "/problems/artifact-moved-on".into(),
                title: "Artifact moved on".into(),
                status: 409,
                detail: "A person wrote a newer version of this chapter meanwhile; the draft is still in hand.".into(),
                hint: "Compare the two, keep one, then resume the run.".into(),
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

    fn attempt(&self) -> NewAttempt {
        NewAttempt { node: self.store.node().to_owned(), step_id: new_id(), now: self.clock.now() }
    }

    /// What was done is kept in hand until it can be written: somebody should know what it waits for.
    fn tell_trouble(&self, run_id: &str, error: &StoreError) {
        self.health.failed(error);
        self.meters.kept_in_hand();
        tracing::error!(run = %run_id, error = %error, "what was done is kept in hand until it can be written");
        self.feed.tell(Notice::Trouble { run_id: run_id.into(), detail: error.to_string(), hint: error.hint() });
    }

    fn tell(&self, run: &Run) {
        if self.feed.is_heard() {
            self.feed.changed(run);
        }
    }
}

impl Worker<'_> {
    /// Thinks: reads what the step needs, asks until the step is done.
    async fn perform(&mut self) -> Result<(StepTurn, Context), Ended> {
        if self.job.run.kind != Kind::Novel {
            return Err(StepFault::not_yet(&self.job.claim.phase).into());
        }
        let state: &NovelState = &self.job.state;
        let context = assemble(&self.job.brief, state, self.job.run.context_budget);
        let needs = novel::needs(state);
        let mut materials = Materials::default();
        if !needs.prints.is_empty() {
            let ordinal = state.cursor.chapter_index.unwrap_or(1);
            materials.repeated = self.runner.store.earlier_prints(&self.job.run.id, ordinal, &needs.prints).await?;
            fail_point("materials");
        }
        if self.job.claim.phase == novel::REREAD {
            materials.reread = Some(self.to_reread().await?);
        }
        let desk = Desk { brief: &self.job.brief, state, context: &context, materials: &materials };
        let mut heard: Vec<Heard> = Vec::new();
        loop {
            match novel::act(desk, &heard).map_err(|e| self.out_of_turn(&e))? {
                Act::Done(turn) => return Ok((*turn, context)),
                Act::Ask(call) => {
                    let answer = match self.ask(&call).await {
                        Err(Ended::Fault(fault)) if self.gives_up(&fault) => Answer::NotRead,
                        answer => answer?,
                    };
                    heard.push(Heard { slot: call.slot.clone(), answer });
                }
            }
        }
    }

    /// The first chapter that a person has changed and nobody has read since, and what was read of the others.
    async fn to_reread(&self) -> Result<Reread, Ended> {
        let (run, store) = (&self.job.run, &self.runner.store);
        let mut first: Option<Artifact> = None;
        for unit in run.unread.keys() {
            let artifact = store.artifact_of_unit(&run.id, ArtifactKind::NovelChapter, unit).await?;
            if let Some(artifact) = artifact.filter(|a| first.as_ref().is_none_or(|first| a.ordinal < first.ordinal)) {
                first = Some(artifact);
            }
        }
        let artifact = first.ok_or_else(|| StoreError::Database("a chapter that waits to be read again is gone".into()))?;
        let version = store.version(&artifact.latest_version_id).await?;
        let readings = store.readings(&run.id, self.job.state.cursor.chapter_index.unwrap_or(u32::MAX)).await?;
        fail_point("readings");
        Ok(Reread {
            ordinal: artifact.ordinal,
            chapter_id: artifact.unit_id,
            version_id: version.id,
            content_id: version.content_id,
            title: version.title,
            text: version.text,
            readings,
        })
    }

    /// A state that its step cannot go on from, or answers that it cannot use: those are blamed, and asked for again.
    fn out_of_turn(&self, error: &OutOfTurn) -> StepFault {
        if error.answer { StepFault::of_turn(error).blaming(self.asked.clone()) } else { StepFault::of_turn(error) }
    }

    /// Whether the step goes on without this answer: its attempts are used up and it can do without.
    fn gives_up(&self, fault: &StepFault) -> bool {
        let faults = self.job.run.open.as_ref().map_or(0, |open| open.faults);
        fault.fault == Fault::Answer
            && novel::may_give_up(&self.job.claim.phase)
            && faults >= i64::from(self.job.state.output_spec.auto_step_retries)
    }

    fn tongue(&self) -> Tongue {
        self.job.brief.content.tongue()
    }

    /// Writes a paid answer down. While the disk is full or the database away, it is kept and tried again as long as nobody says stop.
    async fn journal(&self, row: JournaledCall) -> Result<(), Ended> {
        for tries in 1.. {
            match self.runner.store.journal(row.clone()).await {
                Ok(()) => return Ok(()),
                Err(e) if is_passing(&e, tries) => {
                    self.runner.tell_trouble(&self.job.run.id, &e);
                    pause_for_database(self.stop).await;
                    if self.stop.is_cancelled() {
                        return Err(Ended::Interrupted);
                    }
                }
                Err(e) => return Err(e.into()),
            }
        }
        unreachable!("the loop above ends by returning")
    }
}

/// Tries of a fault of the database that nobody can name, half a second apart.
const UNNAMED_TRIES: u32 = 20;

/// Whether the database may answer again by itself: a full disk, a busy file and a server that is away are waited for, anything else for
/// ten seconds.
fn is_passing(error: &StoreError, tries: u32) -> bool {
    match error {
        StoreError::DiskFull { .. } | StoreError::Busy { .. } | StoreError::Away { .. } => true,
        StoreError::Database(_) => tries <= UNNAMED_TRIES,
        _ => false,
    }
}

async fn pause_for_database(stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(Duration::from_millis(500)) => {}
    }
}

/// The state's parts by key, for whoever shows a run's state.
pub fn state_value(parts: &BTreeMap<String, crate::ports::StoredValue>) -> Value {
    Value::Object(parts.iter().filter_map(|(key, value)| Some((key.clone(), serde_json::from_str(&value.json).ok()?))).collect())
}
