//! The bad-luck suite: two server processes on one database, a model that fails one call in five in every way, processes that are killed
//! and stopped at random, and people who press whatever they find. Afterwards nothing may be lost, doubled or stuck.
//!
//! `cargo xtask chaos` runs it for longer. `FABULIST_CHAOS_SEED` replays a schedule, `FABULIST_CHAOS_MINUTES` is the time for each database.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests say what they did, and stop at what they did not expect")]

#[path = "../support/mod.rs"]
mod support;

mod afterwards;
mod check;
mod ledger;
mod model;
mod nodes;
mod people;
mod schedule;
mod world;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use world::{Place, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_on_one_file_lose_nothing() {
    World::begin(Place::file(), seed(), time()).await.live().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_on_one_postgresql_lose_nothing() {
    World::begin(Place::server(), seed(), time()).await.live().await;
}

/// What the schedule is made from: another one each time, unless one is to be replayed.
fn seed() -> u64 {
    match std::env::var("FABULIST_CHAOS_SEED") {
        Ok(said) => said.parse().expect("FABULIST_CHAOS_SEED is a number"),
        Err(_) => u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros() % 1_000_000_000).unwrap(),
    }
}

/// How long the bad luck lasts.
fn time() -> Duration {
    let minutes = std::env::var("FABULIST_CHAOS_MINUTES").map_or(1.0, |said| said.parse().expect("FABULIST_CHAOS_MINUTES is a number"));
    Duration::from_secs_f64(minutes * 60.0)
}
