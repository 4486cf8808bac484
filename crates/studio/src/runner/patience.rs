//! What was done is never thrown away because the database does not answer for a while.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Runner, Worker, fault::Ended};
use crate::{
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
}

impl Worker<'_> {
    /// Writes a paid answer down. While the disk is full or the database away, it is kept and tried again as long as nobody says stop.
    pub(super) async fn journal(&self, row: JournaledCall) -> Result<(), Ended> {
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
