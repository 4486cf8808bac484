//! The gate of one provider: who may begin a step, and when. Everything in it can be lost: whoever waits here stands in a row that is due.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{mpsc::UnboundedSender, oneshot},
    time::Instant,
};

use super::{
    breaker::{Admission, Breaker},
    permits::Permits,
};
use crate::{
    meters::AtGate,
    ports::{Fault, ModelError},
    runner::Wake,
};

/// How far apart runs go on after an outage.
const SPREAD: Duration = Duration::from_millis(25);

/// The gate of one provider.
pub(super) struct Gate {
    began: Instant,
    state: Mutex<State>,
    /// Where runs are named that should be looked at now, before their rows say so.
    wakes: UnboundedSender<Wake>,
}

struct State {
    breaker: Breaker,
    permits: Permits,
    queue: VecDeque<oneshot::Sender<Pass>>,
    /// Runs whose step has failed with the provider, and whose rows say when to try again at the latest.
    parked: BTreeMap<String, Wake>,
    /// Runs that others' success has woken early. Where that did not help, the fault may be with the run: it waits for its own time.
    woken: BTreeSet<String>,
    /// Nobody is let through before then.
    next_at: Duration,
    /// Until then those who wait are let through one by one.
    spread_until: Duration,
    /// When the gate looks again by itself.
    alarm: Option<Duration>,
}

/// The right to work on one step after another until others want to. Given back when dropped.
pub(super) struct Pass {
    gate: Arc<Gate>,
    is_probe: AtomicBool,
}

impl Gate {
    pub(super) fn new(concurrency: u32, wakes: UnboundedSender<Wake>) -> Arc<Self> {
        let state = State {
            breaker: Breaker::default(),
            permits: Permits::new(concurrency),
            queue: VecDeque::new(),
            parked: BTreeMap::new(),
            woken: BTreeSet::new(),
            next_at: Duration::ZERO,
            spread_until: Duration::ZERO,
            alarm: None,
        };
        Arc::new(Self { began: Instant::now(), state: Mutex::new(state), wakes })
    }

    /// Waits for its turn, behind all who came before. Whoever stops waiting loses the turn and nothing else.
    pub(super) async fn enter(self: &Arc<Self>, run_id: &str) -> Pass {
        loop {
            let (pass, turn) = oneshot::channel();
            {
                let mut state = self.lock();
                state.parked.remove(run_id);
                state.queue.push_back(pass);
            }
            self.look();
            if let Ok(pass) = turn.await {
                return pass;
            }
        }
    }

    /// The run's step has failed with the provider: it may go on before its row says so, as soon as the provider is back.
    pub(super) fn park(self: &Arc<Self>, wake: Wake) {
        {
            let mut state = self.lock();
            if !state.woken.remove(&wake.run_id) && state.breaker.is_open() {
                state.parked.insert(wake.run_id.clone(), wake);
            }
        }
        self.look();
    }

    /// The run has come through a step.
    pub(super) fn went_well(&self, run_id: &str) {
        self.lock().woken.remove(run_id);
    }

    /// How things stand here.
    pub(super) fn stands(&self) -> AtGate {
        let state = self.lock();
        let in_line = state.queue.iter().filter(|waiting| !waiting.is_closed()).count();
        AtGate {
            waiting: in_line + state.parked.len(),
            steps: state.permits.in_use(),
            limit: state.permits.limit(),
            away: state.breaker.is_open(),
        }
    }

    /// A call begins. What it says later about the provider counts from here.
    pub(super) fn call_begins(&self) -> Duration {
        self.began.elapsed()
    }

    /// The provider has said something to a call that began at `began`.
    pub(super) fn life(self: &Arc<Self>, began: Duration) {
        {
            let mut guard = self.lock();
            let state = &mut *guard;
            if !state.breaker.life(began) {
                return;
            }
            tracing::info!(waiting = state.queue.len(), parked = state.parked.len(), "the provider is back");
            let waiting = state.queue.len() + state.parked.len();
            state.spread_until = self.began.elapsed() + SPREAD * u32::try_from(waiting).unwrap_or(u32::MAX);
            for (run_id, wake) in std::mem::take(&mut state.parked) {
                state.woken.insert(run_id);
                // Nobody listens any more when the process ends.
                let _ = self.wakes.send(wake);
            }
        }
        self.look();
    }

    /// A call that began at `began` ended with `error`. Returns it, with how long its run has to wait: as long as the breaker
    /// does, which heeds what the provider asks for within reason.
    pub(super) fn failed(self: &Arc<Self>, began: Duration, error: ModelError) -> ModelError {
        match (&error, error.fault()) {
            (ModelError::NotConfigured { .. } | ModelError::UnknownProvider { .. }, _) => error,
            (_, Fault::Provider) => {
                let now = self.began.elapsed();
                let wait = {
                    let mut state = self.lock();
                    if matches!(error, ModelError::RateLimited { .. }) {
                        state.permits.too_many(began, now);
                    }
                    state.breaker.fault(began, now, error.retry_after())
                };
                self.look();
                error.waiting(wait)
            }
            _ => {
                self.life(began);
                error
            }
        }
    }

    /// Lets through who may go.
    fn look(self: &Arc<Self>) {
        let mut admitted = Vec::new();
        {
            let mut guard = self.lock();
            let state = &mut *guard;
            let now = self.began.elapsed();
            state.queue.retain(|waiting| !waiting.is_closed());
            while !state.queue.is_empty() {
                if now < state.next_at {
                    self.look_again_at(state, state.next_at);
                    break;
                }
                if !state.permits.is_free(now) {
                    if let Some(at) = state.permits.wins_back_at() {
                        self.look_again_at(state, at);
                    }
                    break;
                }
                let is_probe = match state.breaker.admit(now) {
                    Admission::Free => false,
                    Admission::Probe => true,
                    Admission::Wait(until) => {
                        self.look_again_at(state, until);
                        break;
                    }
                    Admission::Probing => break,
                };
                let Some(waiting) = state.queue.pop_front() else { break };
                state.permits.take();
                if now < state.spread_until {
                    state.next_at = now + SPREAD;
                }
                admitted.push((waiting, Pass { gate: self.clone(), is_probe: is_probe.into() }));
            }
            if state.queue.is_empty() {
                self.find_a_probe(state, now);
            }
        }
        for (waiting, pass) in admitted {
            // Whoever has gone away in between drops the pass, which gives it back.
            drop(waiting.send(pass));
        }
    }

    /// With nobody in the queue, one of those whose rows wait is woken to probe.
    fn find_a_probe(self: &Arc<Self>, state: &mut State, now: Duration) {
        if state.parked.is_empty() {
            return;
        }
        match state.breaker.admit(now) {
            Admission::Wait(until) => self.look_again_at(state, until),
            Admission::Probe => {
                // It comes through the queue, and becomes the probe there.
                state.breaker.probed();
                if let Some((_, wake)) = state.parked.pop_first() {
                    let _ = self.wakes.send(wake);
                }
            }
            Admission::Free | Admission::Probing => {}
        }
    }

    fn look_again_at(self: &Arc<Self>, state: &mut State, at: Duration) {
        if state.alarm.is_some_and(|alarm| alarm <= at) {
            return;
        }
        state.alarm = Some(at);
        let (gate, at_instant) = (Arc::downgrade(self), self.began + at);
        tokio::spawn(async move {
            tokio::time::sleep_until(at_instant).await;
            if let Some(gate) = gate.upgrade() {
                let mut state = gate.lock();
                if state.alarm == Some(at) {
                    state.alarm = None;
                }
                drop(state);
                gate.look();
            }
        });
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pass {
    /// Whether its holder may go on with the next step, instead of standing in line for it: nobody waits, and nothing is wrong.
    pub(super) fn may_be_kept(&self) -> bool {
        let state = self.gate.lock();
        let kept = !state.breaker.is_open() && !state.permits.are_too_many() && state.queue.iter().all(oneshot::Sender::is_closed);
        // What it was let through to find out is known: the next outage has a probe of its own.
        self.is_probe.fetch_and(!kept, Ordering::Relaxed);
        kept
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        {
            let mut state = self.gate.lock();
            state.permits.give_back();
            if self.is_probe.load(Ordering::Relaxed) {
                state.breaker.probed();
            }
        }
        self.gate.look();
    }
}
