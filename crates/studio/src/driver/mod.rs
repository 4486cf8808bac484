//! The local driver: decides who works on which run and when. Keeps nothing that cannot be had again from the rows.

mod breaker;
mod gate;
#[cfg(test)]
mod gate_stories;
mod intervene;
mod permits;
mod reconcile;
mod watched;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::{
    Notify, RwLock,
    mpsc::{UnboundedReceiver, unbounded_channel},
    oneshot,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use self::{
    gate::{Gate, Pass},
    watched::{Gates, Watched},
};
use crate::{
    health::Health,
    meters::Meters,
    ports::StoreError,
    run::{Run, Status},
    runner::{Advanced, Job, Keeps, Runner, Wake},
    step::Step,
    transition::Claim,
};

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
    /// Who may begin a step of which provider, and when.
    gates: Arc<Gates>,
    /// Whether anything may be claimed.
    health: Arc<Health>,
    /// Held for reading by every step, for writing by a run that is tried with nothing beside it.
    beside: RwLock<()>,
}

/// A run after one of its steps, and that step where nothing of it stands in the rows only.
pub(crate) type Stepped = (Run, Option<Box<Step>>);

/// Where the first step's outcome is told.
type Tell = oneshot::Sender<Result<Option<Stepped>, StoreError>>;

#[derive(Default)]
struct Tasks {
    next_id: u64,
    /// Per run: the stop signals of what works on it here.
    of: HashMap<String, Vec<(u64, CancellationToken)>>,
}

impl LocalDriver {
    /// A driver, and its reconciler in the background.
    pub fn start(mut runner: Runner, scope: Scope) -> Self {
        let (wakes, early) = unbounded_channel();
        let gates = Arc::new(Gates::new(wakes));
        runner.models = Arc::new(Watched { models: runner.models, gates: gates.clone() });
        let health = runner.health.clone();
        let inner = Inner {
            runner,
            scope: Mutex::new(scope),
            tasks: Mutex::default(),
            tracker: TaskTracker::new(),
            nudge: Notify::new(),
            ended: CancellationToken::new(),
            gates,
            health,
            beside: RwLock::new(()),
        };
        let driver = Self { inner: Arc::new(inner) };
        tokio::spawn(driver.clone().look_after_the_rows());
        tokio::spawn(driver.clone().wake_early(early));
        driver
    }

    /// Works on the runs that a gate names before their rows are due.
    async fn wake_early(self, mut wakes: UnboundedReceiver<Wake>) {
        loop {
            tokio::select! {
                () = self.inner.ended.cancelled() => return,
                wake = wakes.recv() => match wake {
                    Some(wake) => self.schedule(wake),
                    None => return,
                },
            }
        }
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
        // It stays due in its row, and is found there again.
        if self.inner.health.trouble().is_some() {
            return;
        }
        let Some(place) = self.enter(&wake.run_id, true) else { return };
        let driver = self.clone();
        self.inner.tracker.spawn(async move {
            let parked = driver.work_in_turn(wake, &place.stop).await;
            drop(place);
            if let Some((gate, wake)) = parked {
                gate.park(wake);
            }
        });
    }

    /// Executes one step because a person asked, and answers when it is committed. The step does not end when the caller goes away.
    pub(crate) async fn step(&self, wake: Wake) -> Result<Option<Stepped>, StoreError> {
        let (tell, told) = oneshot::channel();
        let Some(place) = self.enter(&wake.run_id, false) else { return Ok(None) };
        let driver = self.clone();
        self.inner.tracker.spawn(async move {
            // `next` waits for no other: it is one call that a person waits for, and the probe where the provider was away.
            driver.work(&wake, &place.stop, Some(tell), None).await;
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

    /// Reads the meters that only show how things stand now.
    pub(crate) fn measure(&self, meters: &Meters) {
        meters.active(self.active());
        for (provider, at) in self.inner.gates.stand() {
            meters.gate(&provider, at);
        }
    }

    /// What works here.
    pub(crate) fn runner(&self) -> &Runner {
        &self.inner.runner
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

    /// Works on the run, in turn with the others of its provider, until nothing more is to be done now. Returns the gate and the wake of
    /// a run that failed with its provider.
    async fn work_in_turn(&self, mut wake: Wake, stop: &CancellationToken) -> Option<(Arc<Gate>, Wake)> {
        let runner = &self.inner.runner;
        let Some(gate) = self.inner.gates.of(&*runner.models, &wake.model) else {
            self.work(&wake, stop, None, None).await;
            return None;
        };
        loop {
            // Before anything is claimed: who waits here holds nothing.
            let pass = tokio::select! {
                () = stop.cancelled() => return None,
                () = runner.draining.cancelled() => return None,
                pass = gate.enter(&wake.run_id) => pass,
            };
            if self.inner.health.trouble().is_some() {
                return None;
            }
            let run = self.work(&wake, stop, None, Some((&gate, pass))).await?;
            wake.epoch = run.epoch;
            if let Some(retry) = &run.retry {
                // Faults of the provider are tried again without a limit.
                return (retry.of == 0).then_some((gate, wake));
            }
            // It gave way to others: back to the end of the line. Anything else is for the rows to say.
            let goes_on = run.autorun && run.status == Status::Running && run.active_step.is_none() && run.due_at.is_some();
            if !goes_on {
                return None;
            }
        }
    }

    /// Claims, performs and commits until nothing more is to be done here, or others wait for the pass. `tell` hears of the first step.
    /// Returns the run as it was left, where it was not taken away.
    async fn work(&self, wake: &Wake, stop: &CancellationToken, mut tell: Option<Tell>, turn: Option<(&Arc<Gate>, Pass)>) -> Option<Run> {
        let mut job = match self.inner.runner.claim(wake).await {
            Ok(Some(job)) => job,
            Ok(None) => {
                refuse(&mut tell, || Ok(None));
                return None;
            }
            Err(e) => {
                self.inner.health.failed(&e);
                tracing::error!(run = %wake.run_id, error = %e, "the run could not be claimed");
                refuse(&mut tell, || Err(e));
                return None;
            }
        };
        // Who came without a turn goes on only where there are no turns.
        let ungated = turn.is_none() && self.inner.gates.of(&*self.inner.runner.models, &wake.model).is_none();
        loop {
            let keeps = || self.inner.health.trouble().is_none() && turn.as_ref().map_or(ungated, |(_, pass)| pass.may_be_kept());
            let (claim, advanced) = self.advance(job, stop, &keeps).await;
            match advanced {
                Ok(Advanced::Next(next, step)) => {
                    if let Some((gate, _)) = &turn {
                        gate.went_well(&wake.run_id);
                    }
                    answer(&mut tell, || (next.run.clone(), step));
                    job = *next;
                }
                // A scheduled retry is in the row, and woken from there.
                Ok(Advanced::Stopped(run, step)) => {
                    if let Some((gate, _)) = turn.as_ref().filter(|_| run.retry.is_none()) {
                        gate.went_well(&wake.run_id);
                    }
                    answer(&mut tell, || ((*run).clone(), step));
                    return Some(*run);
                }
                Ok(Advanced::Lost) => {
                    self.inner.runner.let_go(&claim).await;
                    refuse(&mut tell, || Ok(None));
                    return None;
                }
                Err(e) => {
                    tracing::error!(run = %claim.run_id, step = claim.index, error = %e, "the step could not be saved");
                    self.inner.runner.let_go(&claim).await;
                    refuse(&mut tell, || Err(e));
                    return None;
                }
            }
        }
    }

    /// One step; beside others, or with nothing beside it where it has killed its process before.
    async fn advance(&self, job: Job, stop: &CancellationToken, keeps: Keeps<'_>) -> (Claim, Result<Advanced, StoreError>) {
        let claim = job.claim.clone();
        let alone = job.run.open.as_ref().is_some_and(|open| open.lost >= crate::transition::LOST_BEFORE_ALONE);
        let advanced = if alone {
            let _alone = self.inner.beside.write().await;
            self.inner.runner.advance(job, stop, keeps).await
        } else {
            let _beside = self.inner.beside.read().await;
            self.inner.runner.advance(job, stop, keeps).await
        };
        (claim, advanced)
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

fn answer(tell: &mut Option<Tell>, with: impl FnOnce() -> Stepped) {
    refuse(tell, || Ok(Some(with())));
}

fn refuse(tell: &mut Option<Tell>, with: impl FnOnce() -> Result<Option<Stepped>, StoreError>) {
    if let Some(tell) = tell.take() {
        // The caller may have gone away; the step is committed all the same.
        let _ = tell.send(with());
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
