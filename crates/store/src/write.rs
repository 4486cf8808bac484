//! The writer: whatever waits goes into one transaction, and is answered after its commit.
//!
//! It has a thread of its own, so that a thousand runs cannot keep it from its work. Never a timer: an idle writer starts at once, a busy
//! one takes what came meanwhile.

use std::{
    collections::VecDeque,
    hash::{BuildHasher, Hasher},
    panic::AssertUnwindSafe,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use futures::{FutureExt as _, future::LocalBoxFuture};
use sea_orm::DatabaseConnection;
use studio::ports::StoreError;
use tokio::sync::{Notify, mpsc, oneshot};

use crate::{
    checkpoint,
    connect::{self, Use},
    fault::{again, closed},
    tx::Tx,
};

/// Most jobs of one transaction.
const MOST_JOBS: usize = 64;
/// After this much work the transaction is committed, whoever waits.
const LONGEST: Duration = Duration::from_millis(10);
/// A transaction works at least this long before it is committed, where jobs wait: on a fast disk a short one answers sooner.
const SHORTEST: Duration = Duration::from_millis(2);
/// For so long another process may keep us from writing.
const PATIENCE: Duration = Duration::from_secs(10);
/// A writer that was busy for so long …
const BUSY: Duration = Duration::from_millis(50);
/// … lets other processes in for so long.
const YIELD: Duration = Duration::from_millis(3);

/// Hands work to the writer's thread.
#[derive(Debug)]
pub(crate) struct Writer {
    jobs: mpsc::UnboundedSender<Message>,
}

pub(crate) enum Message {
    Job(Box<dyn Job>),
    Close(oneshot::Sender<()>),
}

/// Statements that belong together, and somebody who waits for what comes of them.
pub(crate) trait Job: Send {
    /// True where the job did what it was to do.
    fn run<'a>(&'a mut self, tx: &'a Tx) -> LocalBoxFuture<'a, bool>;
    /// The job's own fault.
    fn fault(&self) -> Option<&StoreError>;
    /// Tells the one who waits, with the fault that undid everything, if there was one.
    fn answer(self: Box<Self>, fault: Option<&StoreError>);
}

struct Work<F, T> {
    work: F,
    outcome: Option<Result<T, StoreError>>,
    answer: oneshot::Sender<Result<T, StoreError>>,
}

impl<F, T> Job for Work<F, T>
where
    F: AsyncFn(&Tx) -> Result<T, StoreError> + Send,
    T: Send,
{
    fn run<'a>(&'a mut self, tx: &'a Tx) -> LocalBoxFuture<'a, bool> {
        Box::pin(async move {
            // What an earlier try brought counts no more, however this one ends.
            self.outcome = None;
            let outcome = match (self.work)(tx).await {
                Ok(done) => tx.flush().await.map(|()| done),
                Err(own) => Err(own),
            };
            let fine = outcome.is_ok();
            self.outcome = Some(outcome);
            fine
        })
    }

    fn fault(&self) -> Option<&StoreError> {
        self.outcome.as_ref()?.as_ref().err()
    }

    fn answer(self: Box<Self>, fault: Option<&StoreError>) {
        let outcome = match (self.outcome, fault) {
            (Some(Err(own)), _) => Err(own),
            (_, Some(fault)) => Err(again(fault)),
            (Some(done), None) => done,
            (None, None) => Err(StoreError::Database("the write was given up: a fault of ours".into())),
        };
        // Whoever asked may have left; what was written stays.
        let _ = self.answer.send(outcome);
    }
}

impl Writer {
    /// Starts the writer of the database at `path`, with `log` its write-ahead log.
    pub(crate) fn start(path: PathBuf, log: PathBuf, db: DatabaseConnection, upkeep: DatabaseConnection) -> Result<Self, StoreError> {
        let (jobs, inbox) = mpsc::unbounded_channel();
        let failed = |e: std::io::Error| StoreError::Database(format!("the writer cannot be started: {e}"));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().map_err(failed)?;
        std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || {
                runtime.block_on(async move {
                    let grown = Arc::new(Notify::new());
                    tokio::spawn(checkpoint::whenever(grown.clone(), upkeep, log.clone()));
                    Desk {
                        path,
                        log,
                        db,
                        grown,
                        waiting: VecDeque::new(),
                        inbox,
                        commit_took: Duration::ZERO,
                        broken: false,
                        one_by_one: 0,
                    }
                    .serve()
                    .await;
                });
            })
            .map_err(failed)?;
        Ok(Self { jobs })
    }

    /// Whatever is sent to `jobs` is worked on by somebody who was started already.
    pub(crate) fn working(jobs: mpsc::UnboundedSender<Message>) -> Self {
        Self { jobs }
    }

    /// Writes: all that `work` does, or nothing. Holds statements only, and may be called more than once.
    pub(crate) async fn write<F, T>(&self, work: F) -> Result<T, StoreError>
    where
        F: AsyncFn(&Tx) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        let (answer, outcome) = oneshot::channel();
        let job: Box<dyn Job> = Box::new(Work { work, outcome: None, answer });
        self.jobs.send(Message::Job(job)).map_err(|_| closed())?;
        outcome.await.unwrap_or_else(|_| Err(closed()))
    }

    /// Finishes what is queued, then lets go of the connection.
    pub(crate) async fn close(&self) {
        let (done, wait) = oneshot::channel();
        if self.jobs.send(Message::Close(done)).is_ok() {
            let _ = wait.await;
        }
    }
}

/// Where the writer's thread works.
struct Desk {
    path: PathBuf,
    log: PathBuf,
    db: DatabaseConnection,
    grown: Arc<Notify>,
    waiting: VecDeque<Box<dyn Job>>,
    inbox: mpsc::UnboundedReceiver<Message>,
    /// How long the last commit took. A transaction works as long as its commit will take: then at most half of the time goes to commits,
    /// and nobody waits for longer than that needs.
    commit_took: Duration,
    /// The connection may be left in a state that nobody knows.
    broken: bool,
    /// So many of the next jobs get a transaction each.
    one_by_one: usize,
}

impl Desk {
    async fn serve(mut self) {
        let mut busy_since = Instant::now();
        loop {
            let mut closing = None;
            while self.waiting.len() < MOST_JOBS {
                match self.inbox.try_recv() {
                    Ok(Message::Job(job)) => self.waiting.push_back(job),
                    Ok(Message::Close(done)) => closing = Some(done),
                    Err(_) => break,
                }
                if closing.is_some() {
                    break;
                }
            }
            if let Some(done) = closing {
                self.inbox.close();
                while let Some(message) = self.inbox.recv().await {
                    match message {
                        Message::Job(job) => self.waiting.push_back(job),
                        Message::Close(done) => drop(done),
                    }
                }
                while !self.waiting.is_empty() {
                    self.batch().await;
                }
                let _ = self.db.close().await;
                let _ = done.send(());
                return;
            }
            if self.waiting.is_empty() {
                match self.inbox.recv().await {
                    Some(Message::Job(job)) => self.waiting.push_back(job),
                    Some(Message::Close(done)) => {
                        let _ = self.db.close().await;
                        let _ = done.send(());
                        return;
                    }
                    None => {
                        let _ = self.db.close().await;
                        return;
                    }
                }
                busy_since = Instant::now();
            } else if busy_since.elapsed() > BUSY {
                std::thread::sleep(YIELD);
                busy_since = Instant::now();
            }
            self.batch().await;
        }
    }

    /// Does what waits, or a good part of it, in one transaction.
    async fn batch(&mut self) {
        let tx = match self.begin().await {
            Ok(tx) => tx,
            Err(fault) => {
                for job in self.waiting.drain(..) {
                    job.answer(Some(&fault));
                }
                return;
            }
        };
        let begun = Instant::now();
        let mut done: VecDeque<Box<dyn Job>> = VecDeque::with_capacity(self.waiting.len());
        let mut whole = true;
        let long_enough = self.commit_took.clamp(SHORTEST, LONGEST);
        let one_by_one = self.one_by_one > 0;
        while whole && begun.elapsed() < long_enough {
            let Some(mut job) = self.waiting.pop_front() else { break };
            tx.next_job();
            // A panic in a caller's pure function is that caller's alone: the writer goes on.
            whole = matches!(AssertUnwindSafe(job.run(&tx)).catch_unwind().await, Ok(true)) || !tx.wrote();
            done.push_back(job);
            if one_by_one {
                self.one_by_one -= 1;
                break;
            }
        }
        let fault = if whole {
            let commit = Instant::now();
            let fault = tx.commit().await.err();
            self.commit_took = commit.elapsed();
            self.broken = fault.is_some();
            fault
        } else {
            self.broken = tx.rollback().await.is_err();
            if done.len() > 1 {
                // What one of them did wrong takes back what all have written: each is done again, alone.
                self.one_by_one = done.len();
                done.append(&mut self.waiting);
                self.waiting = done;
                return;
            }
            done.back().and_then(|job| job.fault()).map(again)
        };
        for job in done {
            job.answer(fault.as_ref());
        }
        if checkpoint::is_long(&self.log) {
            self.grown.notify_one();
        }
    }

    /// Begins with the write lock in hand, waiting for other processes.
    async fn begin(&mut self) -> Result<Tx, StoreError> {
        let since = Instant::now();
        loop {
            if self.broken {
                let fresh = connect::sqlite(&self.path, Use::Write).await?;
                let _ = std::mem::replace(&mut self.db, fresh).close().await;
                self.broken = false;
            }
            match Tx::begin(&self.db).await {
                Err(StoreError::Busy { .. }) if since.elapsed() < PATIENCE => std::thread::sleep(jitter()),
                other => return other,
            }
        }
    }
}

/// Between half a millisecond and two.
fn jitter() -> Duration {
    let random = std::hash::RandomState::new().build_hasher().finish();
    Duration::from_micros(500 + random % 1500)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{sql::params, tx::Ask};

    async fn notes(folder: &std::path::Path) -> Arc<Writer> {
        let path = folder.join("notes.db");
        let db = connect::sqlite(&path, Use::Write).await.unwrap();
        let upkeep = connect::sqlite(&path, Use::Upkeep).await.unwrap();
        let writer = Writer::start(path, folder.join("notes.db-wal"), db, upkeep).unwrap();
        let table = "CREATE TABLE notes (id BIGINT NOT NULL PRIMARY KEY, text TEXT NOT NULL)";
        writer.write(async move |tx| tx.run(table, Vec::new()).await).await.unwrap();
        Arc::new(writer)
    }

    fn note(writer: &Arc<Writer>, id: i64, length: usize) -> tokio::task::JoinHandle<Result<u64, StoreError>> {
        let (writer, text) = (writer.clone(), "x".repeat(length));
        tokio::spawn(async move {
            let insert = "INSERT INTO notes (id, text) VALUES ($1, $2)";
            writer.write(async move |tx| tx.run(insert, params![id, text.as_str()]).await).await
        })
    }

    async fn count(writer: &Writer) -> i64 {
        writer.write(async |tx| tx.one("SELECT COUNT(*) FROM notes", Vec::new()).await?.map_or(Ok(0), |mut row| row.int())).await.unwrap()
    }

    #[tokio::test]
    async fn a_full_disk_is_told_to_whom_it_hit_and_passes() {
        let folder = tempfile::tempdir().unwrap();
        let writer = notes(folder.path()).await;
        writer.write(async |tx| tx.all("PRAGMA max_page_count = 12", Vec::new()).await.map(|_| ())).await.unwrap();
        let alone = note(&writer, 1, 100_000).await.unwrap();
        assert!(matches!(alone, Err(StoreError::DiskFull { .. })), "{alone:?}");
        note(&writer, 2, 10).await.unwrap().unwrap();

        writer.write(async |tx| tx.all("PRAGMA max_page_count = 12", Vec::new()).await.map(|_| ())).await.unwrap();
        let mut kept = 1;
        for outcome in futures::future::join_all((3..40).map(|id| note(&writer, id, if id % 4 == 0 { 100_000 } else { 10 }))).await {
            match outcome.unwrap() {
                Ok(_) => kept += 1,
                Err(StoreError::DiskFull { .. }) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(count(&writer).await, kept, "whoever was told yes is there, and nobody else");
        let large = "PRAGMA max_page_count = 1000000";
        writer.write(async move |tx| tx.all(large, Vec::new()).await.map(|_| ())).await.unwrap();
        note(&writer, 99, 100_000).await.unwrap().unwrap();
        assert_eq!(count(&writer).await, kept + 1);
    }

    #[tokio::test]
    async fn a_fault_of_one_job_takes_back_only_what_that_job_wrote() {
        let folder = tempfile::tempdir().unwrap();
        let writer = notes(folder.path()).await;
        let outcomes = futures::future::join_all((0..60).map(|n| note(&writer, n / 2, 10))).await;
        let kept = outcomes.into_iter().filter(|outcome| matches!(outcome, Ok(Ok(1)))).count();
        assert_eq!((kept, count(&writer).await), (30, 30));
    }

    #[tokio::test]
    async fn a_closed_writer_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let writer = notes(folder.path()).await;
        let last = note(&writer, 1, 10);
        tokio::task::yield_now().await;
        writer.close().await;
        last.await.unwrap().unwrap();
        assert!(note(&writer, 2, 10).await.unwrap().is_err());
        writer.close().await;
    }
}
