//! Places where a test stops the process to kill it: one after every await of the runner.
//!
//! Costs a comparison where `FABULIST_STOP_AT` is not set. With `FABULIST_STOP_AT=name#3` the process says so on stderr at the third time
//! it comes past `name` and then stands still until it is killed.

use std::sync::{
    OnceLock,
    atomic::{AtomicU32, Ordering},
};

struct Stop {
    name: String,
    at: u32,
    seen: AtomicU32,
}

static STOP: OnceLock<Option<Stop>> = OnceLock::new();

/// Every fail point of the runner, for the tests that stop at each. Two more stand where the driver comes round: see [`driver_fails`].
pub const ALL: &[&str] = &[
    "claimed",
    "window",
    "materials",
    "contents",
    "readings",
    "looked-up",
    "answered",
    "journaled",
    "performed",
    "artifact",
    "committed",
    "failed",
    "left-partial",
    "given-back",
];

/// Stands still here if the environment says so.
pub fn fail_point(name: &str) {
    if reached(name) {
        stand_still(name);
    }
}

/// Where the driver comes round: at `round` it stands still for ever and everything else goes on, at `fall` it panics.
///
/// # Panics
/// Where the environment says so.
pub async fn driver_fails() {
    if reached("round") {
        std::future::pending::<()>().await;
    }
    assert!(!reached("fall"), "a test wants it");
}

/// Whether this is the place, and the time, that the environment names.
fn reached(name: &str) -> bool {
    let stop = STOP.get_or_init(|| {
        let value = std::env::var("FABULIST_STOP_AT").ok()?;
        let (name, at) = value.split_once('#').unwrap_or((&value, "1"));
        Some(Stop { name: name.to_owned(), at: at.parse().ok()?, seen: AtomicU32::new(0) })
    });
    stop.as_ref().is_some_and(|stop| stop.name == name && stop.seen.fetch_add(1, Ordering::Relaxed) + 1 == stop.at)
}

#[expect(clippy::print_stderr, reason = "the parent that is to kill this process waits for this line")]
fn stand_still(name: &str) {
    eprintln!("fail point {name}: waiting to be killed");
    loop {
        std::thread::park();
    }
}
