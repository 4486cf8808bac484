//! What was done is never thrown away because the database does not answer for a while.

use std::{sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use super::{Job, Runner, Worker, fault::Ended};
use crate::{
    fail_point::fail_point,
    feed::Notice,
    journal::JournaledCall,
    ports::{StoreError, Transition},
    run::Run,
};

/// Tries of a fault of the database that nobody can name, half a second apart.
const UNNAMED_TRIES: u32 = 20;

/// Whether the database may answer again by itself: a full disk, a busy file and a server that is away are waited for, anything else for
/// ten seconds.
pub(super) fn is_passing(error: &StoreError, tries: u32) -> bool {
    match error {
        StoreError::DiskFull { .. } | StoreError::Busy { .. } | StoreError::Away { .. } => true,
        StoreError::Database(_) => tries <= UNNAMED_TRIES,
        _ => false,
    }
}

pub(super) async fn pause_for_database(stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(Duration::from_millis(500)) => {}
    }
}

impl Runner {
    /// Changes the run; while the disk is full or the database away, what was done is kept and tried again until somebody says stop.
    pub(super) async fn persist(&self, run_id: &str, stop: &CancellationToken, transition: Transition) -> Result<Run, StoreError> {
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

    /// What was done is kept in hand until it can be written: somebody should know what it waits for.
    pub(super) fn tell_trouble(&self, run_id: &str, error: &StoreError) {
        self.health.failed(error);
        self.meters.kept_in_hand();
        tracing::error!(run = %run_id, error = %error, "what was done is kept in hand until it can be written");
        self.feed.tell(Notice::Trouble { run_id: run_id.into(), detail: error.to_string(), hint: error.hint() });
    }

    /// Writes down, apart, what was answered to a step whose own transaction did not take it: it is paid for, whatever becomes of the step.
    pub(super) async fn keep_answers(&self, job: &Job, stop: &CancellationToken, answers: &[Arc<JournaledCall>]) {
        if job.repeatable {
            return;
        }
        for row in answers {
            match self.journal(row, stop).await {
                Ok(()) | Err(Ended::Store(StoreError::NotFound { .. })) => {}
                Err(_) => {
                    tracing::error!(run = %job.run.id, slot = %row.slot, "an answer could not be written down, and will be asked for again")
                }
            }
        }
        if !answers.is_empty() {
            fail_point("journaled");
        }
    }

    /// Writes a paid answer down. While the disk is full or the database away, it is kept and tried again as long as nobody says stop.
    async fn journal(&self, row: &JournaledCall, stop: &CancellationToken) -> Result<(), Ended> {
        for tries in 1.. {
            match self.store.journal(row.clone()).await {
                Ok(()) => return Ok(()),
                Err(e) if is_passing(&e, tries) => {
                    self.tell_trouble(&row.run_id, &e);
                    pause_for_database(stop).await;
                    if stop.is_cancelled() {
                        return Err(Ended::Interrupted);
                    }
                }
                Err(e) => return Err(e.into()),
            }
        }
        unreachable!("the loop above ends by returning")
    }
}

impl Worker<'_> {
    /// Writes down what was answered before anything more is asked. Answers that can be had again for nothing may wait for the commit.
    pub(super) async fn journal_before_more(&mut self) -> Result<(), Ended> {
        if self.job.repeatable || self.to_journal.is_empty() {
            return Ok(());
        }
        for row in std::mem::take(&mut self.to_journal) {
            self.runner.journal(&row, self.stop).await?;
        }
        fail_point("journaled");
        Ok(())
    }
}
