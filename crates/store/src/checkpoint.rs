//! Folding the write-ahead log into the database, beside the writer.

use std::{path::PathBuf, sync::Arc, time::Duration};

use sea_orm::{ConnectionTrait, DatabaseConnection};
use studio::ports::StoreError;
use tokio::sync::Notify;

use crate::{fault::from_db, sql, tx::Ask};

/// A reader may keep us from folding everything in; then it is tried again, but not at once.
const PAUSE: Duration = Duration::from_millis(50);

/// Folds the log in whenever it has grown.
pub(crate) async fn whenever(grown: Arc<Notify>, upkeep: DatabaseConnection, log: PathBuf) {
    loop {
        grown.notified().await;
        // Closing drops the connection under us; then there is nothing left to do.
        if let Err(error) = passive(&upkeep).await {
            tracing::debug!(%error, log = %log.display(), "the log was not folded in");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Folds in what can be had without waiting for anybody.
async fn passive(upkeep: &DatabaseConnection) -> Result<(), StoreError> {
    upkeep.one("PRAGMA wal_checkpoint(PASSIVE)", Vec::new()).await.map(|_| ())
}

/// Folds everything in and empties the log, where no other process is in the way.
pub(crate) async fn last(upkeep: &DatabaseConnection) -> Result<(), StoreError> {
    upkeep.execute_raw(sql::statement(upkeep.backend(), "PRAGMA wal_checkpoint(TRUNCATE)", Vec::new())).await.map(|_| ()).map_err(from_db)
}
