//! The writer on PostgreSQL: one transaction for each job, several at once.
//!
//! It has a thread of its own with a runtime of its own, as on SQLite: a thousand runs cannot keep it from its work, nor this process from
//! showing that it lives.

use std::{
    hash::{BuildHasher, Hasher},
    panic::AssertUnwindSafe,
    time::{Duration, Instant},
};

use futures::{FutureExt as _, StreamExt as _, stream::FuturesUnordered};
use sea_orm::DatabaseConnection;
use studio::ports::StoreError;
use tokio::sync::{mpsc, oneshot};

use super::{
    address::{Address, Use},
    beside::Beside,
};
use crate::{
    fault::again,
    tx::Tx,
    write::{Job, Message, Writer},
};

/// Transactions at the same time.
const AT_ONCE: u32 = 8;
/// So long a job is done again where others were in its way.
const PATIENCE: Duration = Duration::from_secs(10);
/// So long, where the server is away: whoever waits keeps what was done in hand, and asks again.
const AWAY: Duration = Duration::from_secs(1);
/// No transaction lasts longer, or the way to the server is broken.
const LONGEST: Duration = Duration::from_secs(30);

/// Starts the thread that writes and does what is to be done beside. Fails where no connection can be had.
pub(super) async fn start(address: Address, beside: Beside) -> Result<Writer, StoreError> {
    let (jobs, inbox) = mpsc::unbounded_channel();
    let failed = |e: std::io::Error| StoreError::Database(format!("the writer cannot be started: {e}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let (told, started) = oneshot::channel();
    std::thread::Builder::new()
        .name("writer".into())
        .spawn(move || {
            runtime.block_on(async move {
                let db = match address.connect(Use::Write, AT_ONCE).await {
                    Ok(db) => db,
                    Err(error) => return drop(told.send(Err(error))),
                };
                let tasks = beside.start(&address);
                let _ = told.send(Ok(()));
                let done = serve(&db, inbox, &beside).await;
                tasks.end().await;
                let _ = db.close().await;
                if let Some(done) = done {
                    let _ = done.send(());
                }
            });
        })
        .map_err(failed)?;
    started.await.map_err(|e| StoreError::Database(e.to_string()))??;
    Ok(Writer::working(jobs))
}

/// Works until somebody says to close, and until all that was asked before is done.
async fn serve(db: &DatabaseConnection, mut inbox: mpsc::UnboundedReceiver<Message>, beside: &Beside) -> Option<oneshot::Sender<()>> {
    let mut working = FuturesUnordered::new();
    let mut closing = None;
    loop {
        tokio::select! {
            message = inbox.recv(), if working.len() < AT_ONCE as usize => match message {
                Some(Message::Job(job)) => working.push(work(db, job, beside)),
                Some(Message::Close(done)) => {
                    // What was sent before is still to be done; nothing more comes in.
                    inbox.close();
                    closing.get_or_insert(done);
                }
                None if working.is_empty() => return closing,
                None => drop(working.next().await),
            },
            Some(()) = working.next() => {}
        }
    }
}

/// Does a job, again where that may help, and answers.
async fn work(db: &DatabaseConnection, mut job: Box<dyn Job>, beside: &Beside) {
    let begun = Instant::now();
    loop {
        match once(db, &mut *job).await {
            Ok(wrote) => {
                if wrote {
                    beside.mark.wrote();
                }
                return job.answer(None);
            }
            Err((fault, Then::MayBeDoneAgain)) if begun.elapsed() < patience(&fault) => tokio::time::sleep(jitter()).await,
            Err((fault, _)) => return job.answer(Some(&fault)),
        }
    }
}

/// What a fault leaves behind.
enum Then {
    /// Nothing of the job was kept.
    MayBeDoneAgain,
    /// The server was lost in the middle of the commit.
    NobodyKnows,
}

/// Does a job in one transaction. True where it wrote anything.
async fn once(db: &DatabaseConnection, job: &mut dyn Job) -> Result<bool, (StoreError, Then)> {
    let undone = |fault| (fault, Then::MayBeDoneAgain);
    let too_long = || StoreError::Away { detail: format!("no answer within {} s", LONGEST.as_secs()) };
    let tx = Tx::begin(db).await.map_err(undone)?;
    // A panic in a caller's pure function is that caller's alone: the writer goes on.
    let ran = tokio::time::timeout(LONGEST, AssertUnwindSafe(job.run(&tx)).catch_unwind()).await;
    match ran {
        Ok(Ok(true)) => {}
        Ok(Ok(false)) => {
            let _ = tx.rollback().await;
            return Err(undone(job.fault().map_or_else(too_long, again)));
        }
        Ok(Err(_)) => {
            let _ = tx.rollback().await;
            return Err((StoreError::Database("the write was given up: a fault of ours".into()), Then::NobodyKnows));
        }
        Err(_) => return Err(undone(too_long())),
    }
    let wrote = tx.wrote();
    match tokio::time::timeout(LONGEST, tx.commit()).await {
        Ok(Ok(())) => Ok(wrote),
        Ok(Err(fault @ StoreError::Busy { .. })) => Err(undone(fault)),
        Ok(Err(fault)) => Err((fault, Then::NobodyKnows)),
        Err(_) => Err((too_long(), Then::NobodyKnows)),
    }
}

/// So long it is worth trying again.
fn patience(fault: &StoreError) -> Duration {
    match fault {
        StoreError::Busy { .. } => PATIENCE,
        StoreError::Away { .. } => AWAY,
        _ => Duration::ZERO,
    }
}

/// Between half a millisecond and four.
fn jitter() -> Duration {
    let random = std::hash::RandomState::new().build_hasher().finish();
    Duration::from_micros(500 + random % 3500)
}
