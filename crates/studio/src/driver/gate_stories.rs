//! Stories at the gate, on a clock that runs as fast as the stories can be told.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    sync::{
        Notify,
        mpsc::{UnboundedReceiver, unbounded_channel},
    },
    time::{Instant, sleep},
};

use super::gate::Gate;
use crate::{
    ports::{Fault, ModelError},
    runner::Wake,
};

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A provider that can go away, and all that it was asked.
#[derive(Default)]
struct Provider {
    away: Mutex<bool>,
    latency: Duration,
    /// When each call came, and whether it was answered.
    calls: Mutex<Vec<(Instant, bool)>>,
}

impl Provider {
    fn is_away(&self, away: bool) {
        *self.away.lock().unwrap() = away;
    }

    /// One call, as a watched model makes it.
    async fn ask(&self, gate: &Arc<Gate>) -> Result<(), ModelError> {
        let began = gate.call_begins();
        sleep(self.latency).await;
        let away = *self.away.lock().unwrap();
        self.calls.lock().unwrap().push((Instant::now(), !away));
        if away {
            let error =
                ModelError::Unavailable { provider: "x".into(), detail: "gone".into(), status: None, retry_after: None, used: None };
            return Err(gate.failed(began, error));
        }
        gate.life(began);
        Ok(())
    }

    fn calls_since(&self, since: Instant) -> Vec<(Instant, bool)> {
        self.calls.lock().unwrap().iter().filter(|(at, _)| *at >= since).copied().collect()
    }
}

/// A crowd of runs that work as the driver lets them: through the gate, and after a fault when they are woken or their row says so.
struct Crowd {
    gate: Arc<Gate>,
    provider: Arc<Provider>,
    bells: Mutex<BTreeMap<String, Arc<Notify>>>,
    steps: Mutex<BTreeMap<String, Vec<Instant>>>,
}

impl Crowd {
    fn of(runs: usize, concurrency: u32, latency: Duration) -> Arc<Self> {
        let (wakes, early) = unbounded_channel();
        let provider = Arc::new(Provider { latency, ..Provider::default() });
        let crowd = Self { gate: Gate::new(concurrency, wakes), provider, bells: Mutex::default(), steps: Mutex::default() };
        let crowd = Arc::new(crowd);
        tokio::spawn(Self::ring(crowd.clone(), early));
        for n in 0..runs {
            let run = format!("run-{n:03}");
            crowd.bells.lock().unwrap().insert(run.clone(), Arc::default());
            tokio::spawn(Self::work(crowd.clone(), run));
        }
        crowd
    }

    async fn ring(self: Arc<Self>, mut early: UnboundedReceiver<Wake>) {
        while let Some(wake) = early.recv().await {
            let bell = self.bells.lock().unwrap()[&wake.run_id].clone();
            bell.notify_one();
        }
    }

    async fn work(self: Arc<Self>, run: String) {
        let bell = self.bells.lock().unwrap()[&run].clone();
        let mut outages = 0;
        loop {
            let pass = self.gate.enter(&run).await;
            let failed = loop {
                match self.provider.ask(&self.gate).await {
                    Ok(()) => {
                        outages = 0;
                        self.gate.went_well(&run);
                        self.steps.lock().unwrap().entry(run.clone()).or_default().push(Instant::now());
                        if !pass.may_be_kept() {
                            break None;
                        }
                    }
                    Err(error) => break Some(error),
                }
            };
            drop(pass);
            let Some(error) = failed else { continue };
            outages += 1;
            // As the row has it.
            let row = (s(2) * (1 << (outages - 1).min(9))).min(s(600)).max(error.retry_after().unwrap_or_default());
            self.gate.park(Wake { run_id: run.clone(), epoch: 1, model: "x/y".into(), by_hand: false, candidates: None });
            tokio::select! {
                () = bell.notified() => {}
                () = sleep(row) => {}
            }
        }
    }

    /// How many steps each run has made since then.
    fn steps_since(&self, since: Instant) -> Vec<usize> {
        self.steps.lock().unwrap().values().map(|steps| steps.iter().filter(|at| **at >= since).count()).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn a_hundred_runs_outlive_ten_minutes_without_the_model_and_do_not_hammer() {
    let crowd = Crowd::of(100, 256, s(3));
    sleep(s(60)).await;
    let gone = Instant::now();
    crowd.provider.is_away(true);
    sleep(s(600)).await;
    let asked = crowd.provider.calls_since(gone).len();
    assert!(asked <= 100 + 40, "{asked} calls while nobody was there: more than those in flight and a few probes");

    let back = Instant::now();
    crowd.provider.is_away(false);
    sleep(s(75)).await;
    let steps = crowd.steps_since(back);
    assert!(steps.len() == 100 && steps.iter().all(|n| *n >= 1), "all go on by themselves within a minute: {steps:?}");
    let calls = crowd.provider.calls_since(back);
    let first = calls.iter().find(|(_, answered)| *answered).unwrap().0;
    let at_once = calls.iter().filter(|(at, _)| *at < first + s(3) + Duration::from_millis(500)).count();
    assert!(at_once <= 25, "{at_once} calls in half a second: not all at once");
}

#[tokio::test(start_paused = true)]
async fn a_lone_run_finds_the_provider_back_without_anybodys_help() {
    let crowd = Crowd::of(1, 256, s(1));
    sleep(s(10)).await;
    crowd.provider.is_away(true);
    sleep(s(600)).await;
    crowd.provider.is_away(false);
    let back = Instant::now();
    sleep(s(61)).await;
    assert!(crowd.steps_since(back)[0] > 0);
}

#[tokio::test(start_paused = true)]
async fn ten_books_on_two_permits_all_get_on() {
    let crowd = Crowd::of(10, 2, s(30));
    let begun = Instant::now();
    sleep(s(30 * 60)).await;
    let steps = crowd.steps_since(begun);
    // 120 steps in half an hour.
    assert!(steps.len() == 10 && steps.iter().all(|n| (11..=13).contains(n)), "{steps:?}");
}

#[tokio::test(start_paused = true)]
async fn a_pass_is_kept_as_long_as_nobody_waits() {
    let (wakes, _early) = unbounded_channel();
    let gate = Gate::new(1, wakes);
    let first = gate.enter("a").await;
    assert!(first.may_be_kept());
    let waiting = tokio::spawn({
        let gate = gate.clone();
        async move { gate.enter("b").await }
    });
    sleep(s(1)).await;
    assert!(!first.may_be_kept() && !waiting.is_finished());
    drop(first);
    let second = waiting.await.unwrap();
    let gone = tokio::time::timeout(s(1), gate.enter("c")).await;
    assert!(gone.is_err() && second.may_be_kept(), "whoever has stopped waiting is not waited for");
}

#[tokio::test(start_paused = true)]
async fn too_many_requests_halve_what_is_in_flight() {
    let (wakes, _early) = unbounded_channel();
    let gate = Gate::new(256, wakes);
    let mut passes = Vec::new();
    for n in 0..8 {
        passes.push(gate.enter(&n.to_string()).await);
    }
    let error = ModelError::RateLimited { provider: "x".into(), detail: "slow down".into(), retry_after: Some(s(7)) };
    let error = gate.failed(gate.call_begins(), error);
    assert_eq!((error.retry_after(), error.fault()), (Some(s(7)), Fault::Provider));
    passes.clear();
    assert!(tokio::time::timeout(s(6), gate.enter("a")).await.is_err(), "nobody goes before the time");
    let probe = tokio::time::timeout(s(2), gate.enter("a")).await.expect("one goes then");
    assert!(tokio::time::timeout(s(20), gate.enter("b")).await.is_err(), "and only one");
    gate.life(gate.call_begins());
    for n in 1..4 {
        passes.push(tokio::time::timeout(s(1), gate.enter(&n.to_string())).await.expect("four may go"));
    }
    assert!(tokio::time::timeout(s(5), gate.enter("c")).await.is_err(), "but not eight");
    drop(probe);
}

#[tokio::test(start_paused = true)]
async fn the_probe_of_one_outage_is_none_in_the_next() {
    let (wakes, _early) = unbounded_channel();
    let gate = Gate::new(256, wakes);
    let gone = || ModelError::Unavailable { provider: "x".into(), detail: "gone".into(), status: None, retry_after: None, used: None };
    gate.failed(gate.call_begins(), gone());
    let old = gate.enter("a").await;
    gate.life(gate.call_begins());
    assert!(old.may_be_kept(), "it was back");
    gate.failed(gate.call_begins(), gone());
    let probe = gate.enter("b").await;
    drop(old);
    assert!(tokio::time::timeout(s(5), gate.enter("c")).await.is_err(), "one probes, and no other");
    drop(probe);
}

#[tokio::test(start_paused = true)]
async fn one_run_whose_prompt_breaks_the_provider_does_not_keep_asking_because_others_do_well() {
    let (wakes, mut early) = unbounded_channel();
    let gate = Gate::new(256, wakes);
    let wake = || Wake { run_id: "poison".into(), epoch: 1, model: "x/y".into(), by_hand: false, candidates: None };
    let mut woken = 0;
    for _ in 0..6 {
        let pass = gate.enter("poison").await;
        let gone = ModelError::Unavailable { provider: "x".into(), detail: "500".into(), status: Some(500), retry_after: None, used: None };
        gate.failed(gate.call_begins(), gone);
        drop(pass);
        gate.park(wake());
        // Another run does well meanwhile.
        gate.life(gate.call_begins());
        sleep(s(1)).await;
        woken += usize::from(early.try_recv().is_ok());
    }
    assert_eq!(woken, 3, "every other time its own row decides, whose waits grow");
}
