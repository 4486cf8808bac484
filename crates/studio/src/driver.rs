//! The local driver: decides who works on which run and when. Keeps nothing that cannot be had again from the rows.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures::{StreamExt, TryStreamExt};
use tokio::sync::{Notify, RwLock, Semaphore, oneshot};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    ports::{Refused, StoreError},
    run::Run,
    runner::{Advanced, Job, Runner, Wake},
    transition::{Claim, release, take_over},
};

/// Calls in flight per provider, where its settings say nothing else.
const PROVIDER_CONCURRENCY: usize = 256;
/// How often the rows are looked at anyway.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often it is asked whether another process has written.
const MARK_EVERY: Duration = Duration::from_millis(100);
/// Due runs that are scheduled at one look.
const DUE_AT_ONCE: u32 = 2_000;

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
        let Some((id, stop)) = self.enter(&wake.run_id, true) else { return };
        let driver = self.clone();
        self.inner.tracker.spawn(async move {
            driver.work(&wake, &stop, None).await;
            driver.leave(&wake.run_id, id);
        });
    }

    /// Executes one step because a person asked, and answers when it is committed. The step does not end when the caller goes away.
    pub async fn step(&self, wake: Wake) -> Result<Option<Run>, StoreError> {
        let (tell, told) = oneshot::channel();
        let Some((id, stop)) = self.enter(&wake.run_id, false) else { return Ok(None) };
        let driver = self.clone();
        self.inner.tracker.spawn(async move {
            driver.work(&wake, &stop, Some(tell)).await;
            driver.leave(&wake.run_id, id);
        });
        told.await.unwrap_or(Ok(None))
    }

    /// Stops what works on the run here: its claim was taken away.
    pub fn interrupt(&self, run_id: &str) {
        if let Some(tasks) = lock(&self.inner.tasks).of.get(run_id) {
            tasks.iter().for_each(|(_, stop)| stop.cancel());
        }
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

    fn enter(&self, run_id: &str, only_one: bool) -> Option<(u64, CancellationToken)> {
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
        Some((id, stop))
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
    async fn work(&self, wake: &Wake, stop: &CancellationToken, mut tell: Option<oneshot::Sender<Result<Option<Run>, StoreError>>>) {
        let mut wake = wake.clone();
        loop {
            let Some(_permit) = self.permit(&wake.model, stop).await else { return };
            let mut job = match self.inner.runner.claim(&wake).await {
                Ok(Some(job)) => job,
                Ok(None) => return answer(&mut tell, Ok(None)),
                Err(e) => {
                    if tell.is_none() {
                        tracing::error!(run = %wake.run_id, error = %e, "the run could not be claimed");
                    }
                    return answer(&mut tell, Err(e));
                }
            };
            let retry = loop {
                let (claim, advanced) = self.advance(job, stop).await;
                match advanced {
                    Ok(Advanced::Next(next)) => {
                        answer(&mut tell, Ok(Some(next.run.clone())));
                        job = *next;
                    }
                    Ok(Advanced::RetryIn(wait, run)) => {
                        answer(&mut tell, Ok(Some((*run).clone())));
                        break Some((wait, run));
                    }
                    Ok(Advanced::Stopped(run)) => return answer(&mut tell, Ok(Some(*run))),
                    Ok(Advanced::Lost) => {
                        self.let_go(&claim).await;
                        return answer(&mut tell, Ok(None));
                    }
                    Err(e) => {
                        tracing::error!(run = %claim.run_id, step = claim.index, error = %e, "the step could not be saved");
                        self.let_go(&claim).await;
                        return answer(&mut tell, Err(e));
                    }
                }
            };
            let Some((wait, run)) = retry else { return };
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.inner.runner.draining.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
            }
            wake = Wake { run_id: run.id.clone(), epoch: run.epoch, model: run.model.clone(), by_hand: false };
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

    /// Gives a claim back that is still ours, as at shutdown; where it was taken away there is nothing to give.
    async fn let_go(&self, claim: &Claim) {
        let (claim, now) = (claim.clone(), self.inner.runner.clock.now());
        let run_id = claim.run_id.clone();
        match self.inner.runner.store.change(&run_id, Arc::new(move |run| release(run, &claim, now))).await {
            Ok(_) | Err(StoreError::Refused(_) | StoreError::NotFound { .. }) => {}
            Err(e) => tracing::error!(run = %run_id, error = %e, "a claim could not be given back; the next start takes it over"),
        }
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
            permit = permits.acquire_owned() => Some(permit.ok()),
        }
    }

    /// Looks after the rows: takes over from the dead, wakes what is due, stops what lost its claim, sweeps what was deleted.
    async fn reconcile(self) {
        let mut mark = -1;
        let mut looked = tokio::time::Instant::now() - LOOK_EVERY;
        while !self.inner.ended.is_cancelled() {
            let seen = self.inner.runner.store.change_mark().await.unwrap_or(mark);
            if seen != mark || looked.elapsed() >= LOOK_EVERY {
                let late = looked.elapsed() >= LOOK_EVERY;
                if late {
                    looked = tokio::time::Instant::now();
                }
                mark = seen;
                if let Err(e) = self.look(late).await {
                    tracing::error!(error = %e, "the rows could not be looked at");
                }
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
            while runner.store.sweep().await? {
                tokio::task::yield_now().await;
            }
        }
        let scope = lock(&self.inner.scope).clone();
        if scope != Scope::Nothing {
            for due in runner.store.due(runner.clock.now(), DUE_AT_ONCE).await? {
                if matches!(&scope, Scope::Only(only) if *only != due.run_id) {
                    continue;
                }
                self.schedule(Wake { run_id: due.run_id, epoch: due.epoch, model: due.model, by_hand: false });
            }
        }
        if thorough && self.active() > 0 {
            let held: std::collections::HashSet<String> = runner.store.claims().await?.into_iter().map(|(id, _)| id).collect();
            self.stop_what_is_gone(&held).await;
        }
        Ok(())
    }

    /// Interrupts tasks whose run is claimed by nobody here any more: paused, canceled or deleted from another process.
    async fn stop_what_is_gone(&self, held: &std::collections::HashSet<String>) {
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
            Ok(run) => tracing::info!(run = %run.id, node = %dead_node, "taken over from a process that is gone"),
            Err(StoreError::Refused(Refused::Unchanged) | StoreError::NotFound { .. }) => {}
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

fn answer(tell: &mut Option<oneshot::Sender<Result<Option<Run>, StoreError>>>, with: Result<Option<Run>, StoreError>) {
    if let Some(tell) = tell.take() {
        // The caller may have gone away; the step is committed all the same.
        let _ = tell.send(with);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
