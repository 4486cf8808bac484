//! Forking a long book, and reading the state as it stood after any step.

use std::time::{Duration, Instant};

use studio::{Studio, driver::Scope, run::Run};

use crate::{
    bench_studio::{Anyhow, new_run, open, snapshot, until_all_succeed},
    scripted::Scripted,
    stats::{Runs, verdict},
};

/// Forks of one book for a run of the figure.
const FORKS: i64 = 9;
/// Reads of the state at one step.
const READS: usize = 50;
/// The steps whose states are read.
const EARLY: i64 = 5;
const LATE: i64 = 5_000;

pub(crate) async fn fork(times: usize) -> Anyhow<()> {
    println!("\n== Forking a book of 200 chapters (now, and at steps all over it)");
    let (mut now, mut earlier) = (Vec::new(), Vec::new());
    for n in 1..=times {
        let dir = tempfile::tempdir()?;
        let studio = open(dir.path(), Scripted::new(Duration::ZERO), Scope::All).await?;
        let run = book(&studio, 200).await?;
        let (mut whole, mut parts) = (Vec::new(), Vec::new());
        for nth in 1..=FORKS {
            whole.push(forked(&studio, &run, None).await?);
            parts.push(forked(&studio, &run, Some(run.last_index * nth / (FORKS + 1))).await?);
        }
        studio.close(Duration::ZERO).await;
        let (whole, parts) = (Runs::of(whole), Runs::of(parts));
        println!(
            "run {n}: {} steps; now p50 {:.1} ms, longest {:.1} ms; earlier p50 {:.1} ms, longest {:.1} ms",
            run.last_index,
            whole.median(),
            whole.quantile(1.0),
            parts.median(),
            parts.quantile(1.0)
        );
        now.push(whole.median());
        earlier.push(parts.median());
    }
    let (now, earlier) = (Runs::of(now).median(), Runs::of(earlier).median());
    println!("median of the p50: now {now:.1} ms, earlier {earlier:.1} ms; aim ≤ 100 ms: {}", verdict(now.max(earlier) <= 100.0));
    travel(times).await
}

async fn travel(times: usize) -> Anyhow<()> {
    println!("\n== The state as it stood after step {EARLY} and after step {LATE}, as text (a book of 1,050 chapters)");
    let (mut early, mut late) = (Vec::new(), Vec::new());
    for n in 1..=times {
        let dir = tempfile::tempdir()?;
        let studio = open(dir.path(), Scripted::new(Duration::ZERO), Scope::All).await?;
        let run = book(&studio, 1_050).await?;
        if run.last_index < LATE {
            return Err(format!("the book has only {} steps", run.last_index).into());
        }
        let (first, second) = (read(&studio, &run, EARLY).await?, read(&studio, &run, LATE).await?);
        let size = studio.state_text(&run.id, LATE).await?.len();
        studio.close(Duration::ZERO).await;
        println!(
            "run {n}: {} steps, {} KB of state; step {EARLY} p50 {:.2} ms, longest {:.2} ms; step {LATE} p50 {:.2} ms, longest {:.2} ms",
            run.last_index,
            size / 1024,
            first.median(),
            first.quantile(1.0),
            second.median(),
            second.quantile(1.0)
        );
        early.push(first.median());
        late.push(second.median());
    }
    let (early, late) = (Runs::of(early).median(), Runs::of(late).median());
    println!("median of the p50: step {EARLY} {early:.2} ms, step {LATE} {late:.2} ms; aim ≤ 5 ms: {}", verdict(early.max(late) <= 5.0));
    Ok(())
}

/// A book that was written to its end.
async fn book(studio: &Studio, chapters: u32) -> Anyhow<Run> {
    let snapshot = snapshot(studio, chapters).await?;
    let run = new_run(studio, &snapshot).await?;
    studio.start_autorun(&run.id, None).await?;
    until_all_succeed(studio, std::slice::from_ref(&run)).await?;
    Ok(studio.run(&run.id).await?)
}

/// Milliseconds that a fork takes.
async fn forked(studio: &Studio, run: &Run, at: Option<i64>) -> Anyhow<f64> {
    let begun = Instant::now();
    let fork = studio.fork(&run.id, at, None).await?;
    let ms = begun.elapsed().as_secs_f64() * 1e3;
    let chapters = studio.store().artifacts(&fork.id).await?.len();
    if chapters as u64 != u64::from(fork.progress.done) {
        return Err(format!("the fork has {chapters} chapters instead of {}", fork.progress.done).into());
    }
    Ok(ms)
}

/// Milliseconds that each of many reads takes.
async fn read(studio: &Studio, run: &Run, index: i64) -> Anyhow<Runs> {
    let mut all = Vec::with_capacity(READS);
    for _ in 0..READS {
        let begun = Instant::now();
        studio.state_text(&run.id, index).await?;
        all.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    Ok(Runs::of(all))
}
