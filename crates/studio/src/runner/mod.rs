//! The runner: claim, perform, commit. The only place where thinking and doing meet.
//!
//! [`Runner::advance`] is the same for every driver; a driver only decides who calls it and when. After every await stands a fail point,
//! and a test kills the process at each.

mod ask;
mod commit;
/// Faults of a step.
pub mod fault;
pub(crate) mod intervene;
mod job;
mod keep;
mod patience;
mod perform;
mod rewrite;
mod seen;
mod silent;
pub use job::Job;
pub mod stored_state;

use std::{collections::BTreeMap, sync::Arc};

use serde_json::Value;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use self::{
    commit::Done,
    fault::Ended,
    patience::{is_passing, pause_for_database},
    seen::Outcome,
    stored_state::Outlines,
};
use crate::{
    fail_point::fail_point,
    feed::Feed,
    health::Health,
    ids::new_id,
    journal::JournaledCall,
    meters::Meters,
    ports::{Clock, Models, Refused, Store, StoreError, Usage},
    run::Run,
    step::Step,
    transition::{Claim, NewAttempt, claim, release},
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
    /// Drafts to choose from, where somebody says how many.
    pub candidates: Option<u32>,
}

/// Where a run stands after a step was committed, with the attempt's row where all of it is at hand.
#[derive(Debug)]
pub enum Advanced {
    /// The next step was claimed in the same transaction.
    Next(Box<Job>, Option<Box<Step>>),
    /// Nothing more is to be done now: the run has ended, stands still, or a retry is scheduled in its row.
    Stopped(Box<Run>, Option<Box<Step>>),
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
    /// Answers that are not written down yet: they go with the step's transaction, or before the next is asked for.
    to_journal: Vec<Arc<JournaledCall>>,
    /// The journal rows that this attempt heard, in order.
    asked: Vec<String>,
}

impl<'a> Worker<'a> {
    fn new(runner: &'a Runner, job: &'a Job, stop: &'a CancellationToken) -> Self {
        Self { runner, job, stop, used: Usage::NONE, to_journal: Vec::new(), asked: Vec::new() }
    }
}

impl Runner {
    /// Claims what the wake is for. None when somebody else was faster, or the status does not allow it any more.
    ///
    /// `next` by hand is refused with the conflict that says why.
    pub async fn claim(&self, wake: &Wake) -> Result<Option<Job>, StoreError> {
        let attempt = NewAttempt { candidates: wake.candidates, ..self.attempt() };
        let (epoch, by_hand) = (wake.epoch, wake.by_hand);
        let claimed = self.store.change_and_load(&wake.run_id, Arc::new(move |run| claim(run, epoch, by_hand, &attempt))).await;
        fail_point("claimed");
        match claimed {
            Ok(loaded) => {
                self.tell(&loaded.run);
                let claim = Claim::of(&loaded.run);
                match (self.job(loaded), claim) {
                    (Ok(job), _) => Ok(Some(job)),
                    (Err(e), claim) => {
                        // A claim that cannot be worked on is given back, or nobody ever could.
                        if let Some(claim) = claim {
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
        let outcome = advanced.as_ref().ok().map(|(_, outcome)| *outcome);
        span.in_scope(|| seen::ended(&self.meters, &claim, outcome, begun.elapsed()));
        advanced.map(|(advanced, _)| advanced)
    }

    async fn perform_and_commit(&self, job: Job, stop: &CancellationToken, keeps: Keeps<'_>) -> Result<(Advanced, Outcome), StoreError> {
        for tries in 1.. {
            let mut worker = Worker::new(self, &job, stop);
            let performed = worker.perform().await;
            fail_point("performed");
            let (used, answers) = (worker.used, worker.to_journal);
            let mut ended = match performed {
                Ok((turn, context)) => self.commit((&job, keeps), stop, Done { turn, context, used, answers: answers.clone() }).await,
                Err(Ended::Fault(fault)) => self.commit_fault(&job, stop, fault, answers.clone()).await,
                Err(Ended::Interrupted) => Ok((Advanced::Lost, Outcome::Interrupted)),
                Err(Ended::Store(e)) if is_passing(&e, tries) && !stop.is_cancelled() => {
                    self.tell_trouble(&job.run.id, &e);
                    self.keep_answers(&job, stop, &answers).await;
                    pause_for_database(stop).await;
                    continue;
                }
                Err(Ended::Store(e)) => Err(e),
            };
            if !matches!(ended, Ok((Advanced::Next(..) | Advanced::Stopped(..), _))) {
                self.keep_answers(&job, stop, &answers).await;
            }
            // An earlier try may have left answers in the rows that this one took from there: the row knows what all of them cost.
            if let Ok((Advanced::Next(_, step) | Advanced::Stopped(_, step), _)) = &mut ended
                && tries > 1
            {
                *step = None;
            }
            return ended;
        }
        unreachable!("the loop above ends by returning")
    }

    fn attempt(&self) -> NewAttempt {
        NewAttempt { node: self.store.node().to_owned(), step_id: new_id(), now: self.clock.now(), candidates: None }
    }

    fn tell(&self, run: &Run) {
        if self.feed.is_heard() {
            self.feed.changed(run);
        }
    }
}

/// The state's parts by key, for whoever shows a run's state.
pub fn state_value(parts: &BTreeMap<String, crate::ports::StoredValue>) -> Value {
    Value::Object(parts.iter().filter_map(|(key, value)| Some((key.clone(), serde_json::from_str(&value.json).ok()?))).collect())
}
