//! The local driver: decides who works on which run and when. Keeps nothing that cannot be had again from the rows.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures::{StreamExt, TryStreamExt};
use tokio::sync::{Notify, RwLock, Semaphore, oneshot};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    ports::{Micros, StoreError},
    run::Run,
    runner::{Advanced, Job, Runner, Wake},
    transition::{Claim, take_over},
};

/// Calls in flight per provider, where its settings say nothing else.
const PROVIDER_CONCURRENCY: usize = 256;
/// How often the rows are looked at anyway.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often it is asked whether another process has written.
const MARK_EVERY: Duration = Duration::from_millis(100);
/// Due runs that are scheduled at one look.
const DUE_AT_ONCE: u32 = 2_000;

/// No schedule reaches further ahead than this: one that does was written before the clock was set back, and is due.
const LONGEST_SCHEDULE: Micros = 15 * 60 * 1_000_000;
/// Runs of a dead process that are taken over at the same time.
const TAKEN_AT_ONCE: usize = 128;

/// Which runs this process works on by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All that are due: a server.
    All,
    /// Only this one: a command for one run.
    Only(String),
    /// None: a command that only looks.
    Nothing,
}

/// The driver of one process.
#[derive(Clone)]
pub struct LocalDriver {
    inner: Arc<Inner>,
}

struct Inner {
    runner: Runner,
    scope: Mutex<Scope>,
    tasks: Mutex<Tasks>,
    tracker: TaskTracker,
    nudge: Notify,
    /// Cancelled when the reconciler is to end.
    ended: CancellationToken,
    permits: Mutex<HashMap<String, Arc<Semaphore>>>,
    /// Held for reading by every step, for writing by a run that is tried with nothing beside it.
    beside: RwLock<()>,
}

/// Where the first step's outcome is told.
type Tell = oneshot::Sender<Result<Option<Run>, StoreError>>;

#[derive(Default)]
struct Tasks {
    next_id: u64,
    /// Per run: the stop signals of what works on it here.
    of: HashMap<String, Vec<(u64, CancellationToken)>>,
}

impl LocalDriver {
    /// A driver, and its reconciler in the background.
    pub fn start(runner: Runner, scope: Scope) -> Self {
        let inner = Inner {
            runner,
            scope: Mutex::new(scope),
            tasks: Mutex::default(),
            tracker: TaskTracker::new(),
            nudge: Notify::new(),
            ended: CancellationToken::new(),
            permits: Mutex::default(),
            beside: RwLock::new(()),
        };
        let driver = Self { inner: Arc::new(inner) };
        tokio::spawn(driver.clone().reconcile());
        driver
    }

    /// Works on these runs from now on.
    pub fn set_scope(&self, scope: Scope) {
        *lock(&self.inner.scope) = scope;
        self.nudge();
    }

    /// Looks at the rows now instead of at the next tick.
    pub fn nudge(&self) {
        self.inner.nudge.notify_one();
    }

    /// Works on the run in the background, unless something here does already.
    pub fn schedule(&self, wake: Wake) {
        let Some(place) = self.enter(&wake.run_id, true) else { return };
        let driver = self.clone();
        self.inner.tracker.spawn(async move {
            driver.work(&wake, &place.stop, None).await;
            drop(place);
        });
    }

    /// Executes one step because a person asked, and answers when it is committed. The step does not end when the caller goes away.
    pub async fn step(&self, wake: Wake) -> Result<Option<Run>, StoreError> {
        let (tell, told) = oneshot::channel();
        let Some(place) = self.enter(&wake.run_id, false) else { return Ok(None) };
        let driver = self.clone();
        self.inner.tracker.spawn(async move {
            driver.work(&wake, &place.stop, Some(tell)).await;
            drop(place);
        });
        told.await.unwrap_or(Ok(None))
    }

    /// Stops what works on the run here: its claim was taken away.
    pub fn interrupt(&self, run_id: &str) {
        if let Some(tasks) = lock(&self.inner.tasks).of.get(run_id) {
            tasks.iter().for_each(|(_, stop)| stop.cancel());
        }
    }

    /// Whether this process shuts down: nothing further is claimed.
    pub fn is_draining(&self) -> bool {
        self.inner.runner.draining.is_cancelled()
    }

    /// How many runs are worked on here.
    pub fn active(&self) -> usize {
        lock(&self.inner.tasks).of.len()
    }

    /// Finishes the steps in flight for at most `grace`, then lets go of them; autorun stays on in the rows.
    pub async fn shutdown(&self, grace: Duration) {
        self.inner.runner.draining.cancel();
        self.inner.ended.cancel();
        self.inner.tracker.close();
        if tokio::time::timeout(grace, self.inner.tracker.wait()).await.is_err() {
            lock(&self.inner.tasks).of.values().flatten().for_each(|(_, stop)| stop.cancel());
            self.inner.tracker.wait().await;
        }
    }

    fn enter(&self, run_id: &str, only_one: bool) -> Option<Place> {
        if self.inner.runner.draining.is_cancelled() {
            return None;
        }
        let mut tasks = lock(&self.inner.tasks);
        if only_one && tasks.of.contains_key(run_id) {
            return None;
        }
        tasks.next_id += 1;
        let (id, stop) = (tasks.next_id, CancellationToken::new());
        tasks.of.entry(run_id.to_owned()).or_default().push((id, stop.clone()));
        Some(Place { driver: self.clone(), run_id: run_id.to_owned(), id, stop })
    }

    fn leave(&self, run_id: &str, id: u64) {
        let mut tasks = lock(&self.inner.tasks);
        if let Some(of) = tasks.of.get_mut(run_id) {
            of.retain(|(other, _)| *other != id);
            if of.is_empty() {
                tasks.of.remove(run_id);
            }
        }
    }

    /// Claims, performs and commits until nothing more is to be done here. `tell` hears of the first step.
    async fn work(&self, wake: &Wake, stop: &CancellationToken, mut tell: Option<Tell>) {
        // `next` never waits for others: it is one call that a person waits for.
        let _permit = if wake.by_hand {
            None
        } else {
            match self.permit(&wake.model, stop).await {
                Some(permit) => permit,
                None => return,
            }
        };
        let mut job = match self.inner.runner.claim(wake).await {
            Ok(Some(job)) => job,
            Ok(None) => return answer(&mut tell, Ok(None)),
            Err(e) => {
                tracing::error!(run = %wake.run_id, error = %e, "the run could not be claimed");
                return answer(&mut tell, Err(e));
            }
        };
        loop {
            let (claim, advanced) = self.advance(job, stop).await;
            match advanced {
                Ok(Advanced::Next(next)) => {
                    answer(&mut tell, Ok(Some(next.run.clone())));
                    job = *next;
                }
                // A scheduled retry is in the row, and woken from there.
                Ok(Advanced::Stopped(run)) => return answer(&mut tell, Ok(Some(*run))),
                Ok(Advanced::Lost) => {
                    self.inner.runner.let_go(&claim).await;
                    return answer(&mut tell, Ok(None));
                }
                Err(e) => {
                    tracing::error!(run = %claim.run_id, step = claim.index, error = %e, "the step could not be saved");
                    self.inner.runner.let_go(&claim).await;
                    return answer(&mut tell, Err(e));
                }
            }
        }
    }

    /// One step; beside others, or with nothing beside it where it has killed its process before.
    async fn advance(&self, job: Job, stop: &CancellationToken) -> (Claim, Result<Advanced, StoreError>) {
        let claim = job.claim.clone();
        let alone = job.run.open.as_ref().is_some_and(|open| open.lost >= crate::transition::LOST_BEFORE_ALONE);
        let advanced = if alone {
            let _alone = self.inner.beside.write().await;
            self.inner.runner.advance(job, stop).await
        } else {
            let _beside = self.inner.beside.read().await;
            self.inner.runner.advance(job, stop).await
        };
        (claim, advanced)
    }

    /// A permit of the run's provider, before anything is claimed. Models that answer from this process need none.
    async fn permit(&self, model: &str, stop: &CancellationToken) -> Option<Option<tokio::sync::OwnedSemaphorePermit>> {
        let Ok(info) = self.inner.runner.models.info(model) else { return Some(None) };
        if info.repeatable {
            return Some(None);
        }
        let permits =
            lock(&self.inner.permits).entry(info.provider).or_insert_with(|| Arc::new(Semaphore::new(PROVIDER_CONCURRENCY))).clone();
        tokio::select! {
            () = stop.cancelled() => None,
            () = self.inner.runner.draining.cancelled() => None,
            permit = permits.acquire_owned() => Some(permit.ok()),
        }
    }

    /// Looks after the rows: takes over from the dead, wakes what is due, stops what lost its claim, sweeps what was deleted.
    async fn reconcile(self) {
        let store = &self.inner.runner.store;
        let mut mark = -1;
        let mut looked = None;
        let mut next_due = None;
        while !self.inner.ended.is_cancelled() {
            let seen = store.change_mark().await.unwrap_or(mark);
            let thorough = looked.is_none_or(|at: tokio::time::Instant| at.elapsed() >= LOOK_EVERY);
            let due = next_due.is_some_and(|at| at <= self.inner.runner.clock.now());
            if seen != mark || thorough || due {
                if thorough {
                    looked = Some(tokio::time::Instant::now());
                }
                mark = seen;
                if let Err(e) = self.look(thorough).await {
                    tracing::error!(error = %e, "the rows could not be looked at");
                }
                next_due = store.next_due(self.inner.runner.clock.now()).await.unwrap_or(None);
            }
            tokio::select! {
                () = self.inner.ended.cancelled() => {}
                () = self.inner.nudge.notified() => mark = -1,
                () = tokio::time::sleep(MARK_EVERY) => {}
            }
        }
    }

    async fn look(&self, thorough: bool) -> Result<(), StoreError> {
        let runner = &self.inner.runner;
        if thorough {
            self.take_over_from_the_dead().await?;
        }
        self.wake_what_is_due().await?;
        if thorough {
            let claims = runner.store.claims().await?;
            self.give_back_what_nobody_works_on(&claims).await?;
            let held: HashSet<String> = claims.into_iter().map(|(id, _)| id).collect();
            self.stop_what_is_gone(&held).await;
        }
        // One slice at a time: what was deleted is invisible already, and nobody waits for its rows to go.
        runner.store.sweep().await?;
        Ok(())
    }

    async fn wake_what_is_due(&self) -> Result<(), StoreError> {
        let runner = &self.inner.runner;
        let now = runner.clock.now();
        let scope = lock(&self.inner.scope).clone();
        match scope {
            Scope::Nothing => {}
            Scope::Only(run_id) => {
                let run = match runner.store.run(&run_id).await {
                    Err(StoreError::NotFound { .. }) => return Ok(()),
                    run => run?,
                };
                let due = run.due_at.is_some_and(|at| at <= now || at > now + LONGEST_SCHEDULE);
                if due && run.autorun && run.claim.is_none() {
                    self.schedule(Wake { run_id, epoch: run.epoch, model: run.model, by_hand: false });
                }
            }
            Scope::All => {
                for due in runner.store.due(now, LONGEST_SCHEDULE, DUE_AT_ONCE).await? {
                    // A run waits for a process that holds the key or address of its provider; whether that answers is not asked.
                    if runner.models.info(&due.model).is_ok_and(|info| info.configured) {
                        self.schedule(Wake { run_id: due.run_id, epoch: due.epoch, model: due.model, by_hand: false });
                    }
                }
            }
        }
        Ok(())
    }

    /// Gives claims of this process back that no task of it works on any more: a worker that panicked, a commit that only seemed to fail.
    async fn give_back_what_nobody_works_on(&self, claims: &[(String, i64)]) -> Result<(), StoreError> {
        for (run_id, epoch) in claims {
            if lock(&self.inner.tasks).of.contains_key(run_id) {
                continue;
            }
            let run = self.inner.runner.store.run(run_id).await?;
            // Read again: a task may have begun, or have ended, since the claims were listed.
            if run.epoch == *epoch
                && !lock(&self.inner.tasks).of.contains_key(run_id)
                && let Some(claim) = Claim::of(&run)
            {
                tracing::error!(run = %run_id, step = claim.index, "a claim that nobody works on is given back");
                self.inner.runner.let_go(&claim).await;
            }
        }
        Ok(())
    }

    /// Interrupts tasks whose run is claimed by nobody here any more: paused, canceled or deleted from another process.
    async fn stop_what_is_gone(&self, held: &HashSet<String>) {
        let ours: Vec<String> = lock(&self.inner.tasks).of.keys().filter(|id| !held.contains(*id)).cloned().collect();
        for run_id in ours {
            // A task between two claims holds none either: only a run that cannot be claimed again is a reason to stop.
            let gone = match self.inner.runner.store.run(&run_id).await {
                Ok(run) => run.claim.is_none() && (run.status.is_final() || run.status == crate::run::Status::Paused),
                Err(StoreError::NotFound { .. }) => true,
                Err(_) => false,
            };
            if gone {
                self.interrupt(&run_id);
            }
        }
    }

    async fn take_over(&self, run_id: String, dead_node: String) -> Result<(), StoreError> {
        let runner = &self.inner.runner;
        let (node, now) = (dead_node.clone(), runner.clock.now());
        match runner.store.change(&run_id, Arc::new(move |run| take_over(run, &node, now))).await {
            Ok(run) => tracing::info!(run = %run.id, node = %dead_node, "looked after, since its process is gone"),
            Err(StoreError::NotFound { .. }) => {}
            Err(e) => return Err(e),
        }
        Ok(())
    }

    async fn take_over_from_the_dead(&self) -> Result<(), StoreError> {
        let runner = &self.inner.runner;
        for dead in runner.store.dead_nodes().await? {
            // Many at once: they share the writer's transactions.
            let taken = futures::stream::iter(dead.runs).map(|run_id| self.take_over(run_id, dead.node.clone()));
            taken.buffer_unordered(TAKEN_AT_ONCE).try_collect::<()>().await?;
            runner.store.forget_node(&dead.node).await?;
        }
        Ok(())
    }
}

/// A task's place among those that work here, given up when it ends, however it ends.
struct Place {
    driver: LocalDriver,
    run_id: String,
    id: u64,
    stop: CancellationToken,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.driver.leave(&self.run_id, self.id);
    }
}

fn answer(tell: &mut Option<Tell>, with: Result<Option<Run>, StoreError>) {
    if let Some(tell) = tell.take() {
        // The caller may have gone away; the step is committed all the same.
        let _ = tell.send(with);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
