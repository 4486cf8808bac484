//! Folding the write-ahead log into the database, beside the writer.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use sea_orm::{ConnectionTrait, DatabaseConnection};
use studio::ports::StoreError;
use tokio::{sync::Notify, time::timeout};

use crate::{connect::LOG, fault::from_db, sql, tx::Ask};

/// At most so often is the log folded in where little was written since: each time costs flushes that the writer has to share the disk with.
const CALM: Duration = Duration::from_millis(400);
/// At most so often where much was. A reader may keep us from folding everything in; then it is tried again, but not at once.
const BUSY: Duration = Duration::from_millis(50);
/// Much, in pages: as long as the log may grow.
const MUCH: i64 = (LOG / 4096).cast_signed();
/// What was written meanwhile is folded in after it, at most so many times in a row. Once nothing is left, the log is written from its start.
const ROUNDS: usize = 4;
/// A log that nobody has written to for so long gives its room back.
const IDLE: Duration = Duration::from_secs(2);

/// Whether the log's file is long enough to be folded in. It keeps what it has grown to until the writer rests.
pub(crate) fn is_long(log: &Path) -> bool {
    std::fs::metadata(log).is_ok_and(|log| log.len() > LOG)
}

/// Folds the log in whenever it has grown.
pub(crate) async fn whenever(grown: Arc<Notify>, upkeep: DatabaseConnection, log: PathBuf) {
    loop {
        if timeout(IDLE, grown.notified()).await.is_err() {
            if is_long(&log)
                && let Err(error) = last(&upkeep).await
            {
                tracing::debug!(%error, log = %log.display(), "the log was not emptied");
            }
            grown.notified().await;
        }
        let mut much = false;
        for _ in 0..ROUNDS {
            match passive(&upkeep).await {
                Ok((long, folded)) => {
                    much |= long >= MUCH;
                    if folded >= long {
                        break;
                    }
                }
                // Closing drops the connection under us; then there is nothing left to do.
                Err(error) => {
                    tracing::debug!(%error, log = %log.display(), "the log was not folded in");
                    break;
                }
            }
        }
        tokio::time::sleep(if much { BUSY } else { CALM }).await;
    }
}

/// Folds in what can be had without waiting for anybody. Tells how many pages the log has, and how many of them are folded in.
async fn passive(upkeep: &DatabaseConnection) -> Result<(i64, i64), StoreError> {
    let Some(mut row) = upkeep.one("PRAGMA wal_checkpoint(PASSIVE)", Vec::new()).await? else { return Ok((0, 0)) };
    let _busy = row.int()?;
    Ok((row.int()?, row.int()?))
}

/// Folds everything in and empties the log, where no other process is in the way.
pub(crate) async fn last(upkeep: &DatabaseConnection) -> Result<(), StoreError> {
    upkeep.execute_raw(sql::statement(upkeep.backend(), "PRAGMA wal_checkpoint(TRUNCATE)", Vec::new())).await.map(|_| ()).map_err(from_db)
}
