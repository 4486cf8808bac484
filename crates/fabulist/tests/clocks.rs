//! Clocks as they are: set back while a run waits, and far ahead after a laptop's sleep.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests say what they did, and stop at what they did not expect")]

mod support;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use llm::{
    ProviderEnv, Providers,
    adversary::{Adversary, Behaviour},
    rehearsal::Rehearsal,
};
use store::{OpenOptions, Place, Role, Store};
use studio::{
    Studio,
    desk::RunRequest,
    driver::Scope,
    ports::{Clock, Micros, StepFilter, SystemClock},
    run::{Kind, Run, Status},
};
use support::SHORT;

const HOUR: Micros = 3_600_000_000;

/// The system's clock, set by hand.
#[derive(Debug, Default)]
struct SetClock(AtomicI64);

impl SetClock {
    fn set(&self, ahead: Micros) {
        self.0.fetch_add(ahead, Ordering::Relaxed);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Micros {
        SystemClock.now() + self.0.load(Ordering::Relaxed)
    }
}

async fn studio(dir: &Path, base_url: &str, clock: Arc<SetClock>) -> Studio {
    let options = OpenOptions { place: Place::Folder(dir.to_owned()), role: Role::Server, clock: clock.clone() };
    let store = Store::open(options).await.unwrap();
    let env = ProviderEnv::default().provider("openai", Some("sk-test"), Some(base_url));
    Studio::open(Arc::new(store), Arc::new(Providers::new(env, Arc::new(Rehearsal))), clock, Scope::All)
}

async fn new_run(studio: &Studio) -> Run {
    let brief = documents::read_brief("brief.toml", SHORT.as_bytes()).unwrap();
    let brief = studio.create_brief(brief.title, brief.content).await.unwrap();
    let snapshot = studio.create_snapshot(&brief, None).await.unwrap();
    studio.create_run(&snapshot, RunRequest::new(Kind::Novel, "openai/gpt-5-mini")).await.unwrap()
}

async fn until(studio: &Studio, run: &str, what: impl Fn(&Run) -> bool) -> Run {
    for _ in 0..600 {
        let now = studio.run(run).await.unwrap();
        if what(&now) {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it never came to that: {:?}", studio.run(run).await.unwrap());
}

/// A run waits for its second attempt; the clock jumps by `jump`; the book is finished soon, without a step twice.
async fn a_jump_while_a_retry_is_scheduled(jump: Micros) {
    let server = Adversary::new().start().await.unwrap();
    server.adversary.script([Behaviour::Competent, Behaviour::RateLimited(Some("2".into()))]);
    let (dir, clock) = (tempfile::tempdir().unwrap(), Arc::new(SetClock::default()));
    let studio = studio(dir.path(), &server.base_url(), clock.clone()).await;
    let run = new_run(&studio).await;
    studio.start_autorun(&run.id, None).await.unwrap();
    until(&studio, &run.id, |run| run.retry.is_some()).await;
    clock.set(jump);
    let done = until(&studio, &run.id, |run| run.status == Status::Succeeded).await;
    let steps = studio.store().steps(&run.id, StepFilter::default()).await.unwrap();
    let indexes: Vec<i64> = steps.iter().filter(|s| s.status == studio::step::StepStatus::Succeeded).map(|s| s.index).collect();
    assert_eq!(indexes, (1..=done.last_index).collect::<Vec<_>>());
    assert!(server.adversary.asked_again().is_empty(), "nothing is paid twice");
    studio.close(Duration::ZERO).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_back_three_hours_holds_no_run_up() {
    a_jump_while_a_retry_is_scheduled(-3 * HOUR).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_laptops_sleep_of_a_night_the_run_goes_on() {
    a_jump_while_a_retry_is_scheduled(9 * HOUR).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_takes_a_run_from_a_process_that_slept() {
    let server = Adversary::new().start().await.unwrap();
    server.adversary.script([Behaviour::Competent, Behaviour::StallsAfter(5)]);
    let (dir, clock) = (tempfile::tempdir().unwrap(), Arc::new(SetClock::default()));
    let first = studio(dir.path(), &server.base_url(), clock.clone()).await;
    let run = new_run(&first).await;
    first.start_autorun(&run.id, None).await.unwrap();
    let held = until(&first, &run.id, |run| run.active_step.as_ref().is_some_and(|step| step.index == 2)).await;
    clock.set(9 * HOUR);
    let second = studio(dir.path(), &server.base_url(), clock.clone()).await;
    tokio::time::sleep(Duration::from_millis(2500)).await;
    let now = second.run(&run.id).await.unwrap();
    assert_eq!((now.epoch, &now.active_step), (held.epoch, &held.active_step), "its process lives, whatever the clocks say");
    second.close(Duration::ZERO).await;
    first.close(Duration::ZERO).await;
}
