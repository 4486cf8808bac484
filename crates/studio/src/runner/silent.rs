use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use story::workflow;
use tokio_util::sync::CancellationToken;

use super::{
    Job, Runner, Worker,
    commit::{Done, Thought},
    seen::{self, Outcome},
};
use crate::{
    fail_point::fail_point,
    meters::Meters,
    run::Run,
    transition::{Claim, NewAttempt, settle},
};

/// A step that asks nobody, thought out before the step in front of it is committed.
///
/// It goes into that one's transaction, if the row then goes on with exactly this step: one commit less to wait for. Else it is dropped,
/// and thought out anew whenever it is claimed.
#[derive(Clone)]
pub(super) struct Silent {
    claim: Claim,
    pub(super) thought: Arc<Thought>,
    took: Duration,
}

impl Silent {
    /// Whether this is the step that was just begun on the row.
    pub(super) fn is_next(&self, run: &Run) -> bool {
        Claim::of(run).is_some_and(|claim| claim == self.claim)
    }

    /// Whether it was settled, in the transaction that left the row like this.
    pub(super) fn is_settled(&self, run: &Run) -> bool {
        run.cursor == self.thought.settled.cursor
    }

    /// Counts it, and says so in the log.
    pub(super) fn seen(&self, meters: &Meters) {
        seen::step(&self.claim).in_scope(|| seen::ended(meters, &self.claim, Some(Outcome::Succeeded), self.took));
    }
}

impl Runner {
    /// The step that would follow `first`, thought out, where it asks nobody. None also where anything is in its way: it is met again,
    /// and told, when the step is claimed by itself.
    pub(super) async fn think_silently(&self, job: &Job, stop: &CancellationToken, first: &Thought, next: &NewAttempt) -> Option<Silent> {
        if !workflow::asks_nobody(&first.state.cursor().phase) {
            return None;
        }
        let begun = Instant::now();
        let mut run = job.run.clone();
        settle(&mut run, &first.settled, Some(next)).ok()?;
        let claim = Claim::of(&run).filter(|claim| workflow::asks_nobody(&claim.phase))?;
        let job = job.next(run, claim.clone(), first.state.clone(), first.parts.clone());
        let mut worker = Worker::new(self, &job, stop);
        let performed = worker.perform().await;
        fail_point("performed");
        let (turn, context) = performed.ok()?;
        let done = Done { turn, context, used: worker.used, answers: worker.to_journal };
        let thought = self.thought(&job, stop, done).await.ok()?;
        Some(Silent { claim, thought, took: begun.elapsed() })
    }
}
