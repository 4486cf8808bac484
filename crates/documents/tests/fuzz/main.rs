//! Whatever is done to a file, reading it ends: with what it holds, or with an error that says why. Never with a panic.
//!
//! Each target mangles true files for a while; what it finds can be had again by its seed.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on has failed; a seed must be seen")]

mod dice;
mod importer;
mod scripts;
mod texts;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use dice::Dice;

const ALICE: &str = include_str!("../../../../examples/texts/alice.txt");
const HONGLOUMENG: &str = include_str!("../../../../examples/texts/hongloumeng_1-12.txt");

/// A target: one case by the dice. True where the file could be read.
type Target = fn(&mut Dice) -> bool;

const TARGETS: [(&str, Target); 7] = [
    ("novels that come in", importer::novel),
    ("Fountain", scripts::fountain_text),
    ("短剧", scripts::duanju_text),
    ("novels in Markdown", texts::novel_markdown),
    ("briefs", texts::brief_file),
    ("numerals", texts::numeral),
    ("ranges and replacements", texts::choice),
];

/// `FABULIST_FUZZ_SECONDS` says for how long each target goes on (3; a minute in CI), `FABULIST_FUZZ_SEED` with which seed (the clock's).
#[test]
fn whatever_is_done_to_a_file_it_is_read_or_refused() {
    let told = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    let seed = told("FABULIST_FUZZ_SEED").unwrap_or_else(|| u64::try_from(now).unwrap_or(1));
    let until = Instant::now() + Duration::from_secs(told("FABULIST_FUZZ_SECONDS").unwrap_or(3));
    println!("FABULIST_FUZZ_SEED={seed}");
    // All at once: a minute for each is a minute for all.
    thread::scope(|scope| {
        let running: Vec<_> = TARGETS.iter().map(|(name, target)| (name, scope.spawn(move || run(name, *target, seed, until)))).collect();
        let failed: Vec<_> = running.into_iter().filter_map(|(name, target)| target.join().is_err().then_some(name)).collect();
        assert!(failed.is_empty(), "{failed:?} with FABULIST_FUZZ_SEED={seed}");
    });
}

fn run(name: &str, target: Target, seed: u64, until: Instant) {
    let (mut dice, mut count, mut read) = (Dice(seed), 0_u64, 0_u64);
    while Instant::now() < until {
        let outcome = catch_unwind(AssertUnwindSafe(|| target(&mut dice)));
        read += u64::from(outcome.unwrap_or_else(|_| panic!("{name}: case {count} with seed {seed}")));
        count += 1;
    }
    println!("{name}: {count} files, {read} of them read");
    assert!(read * 20 > count && read > 0, "{name}: too few can be read to try anything");
}
