//! The part of the driver that looks after the rows: whatever nobody has told it, it finds there.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures::{StreamExt, TryStreamExt};

use super::{LocalDriver, Scope, lock};
use crate::{
    fail_point::driver_fails,
    ports::{Micros, StoreError},
    run::Run,
    runner::Wake,
    transition::{Claim, take_over},
};

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

impl LocalDriver {
    /// Looks after the rows until the driver ends; a fault of ours that ends the looking is told, and it is begun anew.
    pub(super) async fn look_after_the_rows(self) {
        while let Err(error) = tokio::spawn(self.clone().reconcile()).await {
            self.inner.health.driver_fell(true);
            tracing::error!(%error, "whoever looks after the rows has come to grief, and begins anew");
            tokio::select! {
                () = self.inner.ended.cancelled() => return,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Looks after the rows: takes over from the dead, wakes what is due, stops what lost its claim, sweeps what was deleted.
    async fn reconcile(self) {
        let health = &self.inner.health;
        let store = &self.inner.runner.store;
        let mut mark = -1;
        let mut looked = None;
        let mut next_due = None;
        while !self.inner.ended.is_cancelled() {
            health.beat();
            driver_fails().await;
            if health.database_is_away() {
                // Whatever else is asked now would only wait.
                health.probe().await;
                if health.database_is_away() {
                    self.pause().await;
                    continue;
                }
            }
            let seen = store.change_mark().await.unwrap_or(mark);
            let thorough = looked.is_none_or(|at: tokio::time::Instant| at.elapsed() >= LOOK_EVERY);
            let due = next_due.is_some_and(|at| at <= self.inner.runner.clock.now());
            if seen != mark || thorough || due {
                if thorough {
                    looked = Some(tokio::time::Instant::now());
                }
                mark = seen;
                if let Err(e) = self.look(thorough).await {
                    health.failed(&e);
                    tracing::error!(error = %e, "the rows could not be looked at");
                }
                next_due = store.next_due(self.inner.runner.clock.now()).await.unwrap_or(None);
            }
            health.driver_fell(false);
            if self.pause().await {
                mark = -1;
            }
        }
    }

    /// Until it is time for the next round. True where somebody asks for a look.
    async fn pause(&self) -> bool {
        tokio::select! {
            () = self.inner.ended.cancelled() => false,
            () = self.inner.nudge.notified() => true,
            () = tokio::time::sleep(MARK_EVERY) => false,
        }
    }

    async fn look(&self, thorough: bool) -> Result<(), StoreError> {
        let runner = &self.inner.runner;
        if thorough {
            self.take_over_from_the_dead().await?;
            if *lock(&self.inner.scope) == Scope::All {
                self.inner.health.look_at_space();
            }
        }
        self.inner.health.beat();
        self.wake_what_is_due().await?;
        if thorough {
            let claims = runner.store.claims().await?;
            self.give_back_what_nobody_works_on(&claims).await?;
            let held: HashSet<String> = claims.into_iter().map(|(id, _)| id).collect();
            self.stop_what_is_gone(&held).await;
        }
        self.inner.health.beat();
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
                    self.schedule(Wake { run_id, epoch: run.epoch, model: run.model, by_hand: false, candidates: None });
                }
            }
            Scope::All => {
                // Those who stand in line at a gate are due for as long as they do: they must not hide the others.
                let most = DUE_AT_ONCE.saturating_add(u32::try_from(self.active()).unwrap_or(u32::MAX));
                let due = runner.store.due(now, LONGEST_SCHEDULE, most).await?;
                runner.meters.queue(due.len());
                for due in due {
                    // A run waits for a process that holds the key or address of its provider; whether that answers is not asked.
                    if runner.models.info(&due.model).is_ok_and(|info| info.configured) {
                        self.schedule(Wake { run_id: due.run_id, epoch: due.epoch, model: due.model, by_hand: false, candidates: None });
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
                Ok(run) => match &run.claim {
                    // Another process took it over while this one was thought dead.
                    Some(claim) => claim.node != self.inner.runner.store.node(),
                    None => run.status.is_final() || run.status == crate::run::Status::Paused,
                },
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
        // Somebody else may have been faster: then the row comes back as it is.
        let changed = Arc::new(AtomicBool::new(false));
        let told = changed.clone();
        let transition = move |run: &mut Run| {
            let taken = take_over(run, &node, now);
            told.store(taken.is_ok(), Ordering::Relaxed);
            taken
        };
        match runner.store.change(&run_id, Arc::new(transition)).await {
            Ok(run) => {
                if changed.load(Ordering::Relaxed) {
                    runner.meters.took_over();
                }
                tracing::info!(run = %run.id, node = %dead_node, "looked after, since its process is gone");
            }
            Err(StoreError::NotFound { .. }) => {}
            Err(e) => return Err(e),
        }
        Ok(())
    }

    /// Takes a run over at once where the process that holds it is known to be dead. True where it was, and nobody holds it so any more.
    pub(crate) async fn take_over_from_its_dead(&self, run: &Run) -> Result<bool, StoreError> {
        let store = &self.inner.runner.store;
        let Some(claim) = run.claim.as_ref().filter(|claim| claim.node != store.node()) else { return Ok(false) };
        let is_dead = store.dead_nodes().await?.iter().any(|dead| dead.node == claim.node);
        if is_dead {
            self.take_over(run.id.clone(), claim.node.clone()).await?;
            return Ok(true);
        }
        // Whoever looks after the rows may have been faster, and the dead process be forgotten already.
        Ok(store.run(&run.id).await?.claim != run.claim)
    }

    async fn take_over_from_the_dead(&self) -> Result<(), StoreError> {
        let runner = &self.inner.runner;
        for dead in runner.store.dead_nodes().await? {
            // Many at once: they share the writer's transactions.
            let taken = futures::stream::iter(dead.runs).map(|run_id| self.take_over(run_id, dead.node.clone()));
            let told = taken.buffer_unordered(TAKEN_AT_ONCE).inspect(|_| self.inner.health.beat());
            told.try_collect::<()>().await?;
            runner.store.forget_node(&dead.node).await?;
        }
        Ok(())
    }
}
