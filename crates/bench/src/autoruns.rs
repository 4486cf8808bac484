//! Many autoruns at once, with a model that sleeps in this process.

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use studio::driver::Scope;

use crate::{
    bench_studio::{Anyhow, new_run, open, snapshot, until_all_succeed},
    host::{cpu_seconds, peak_memory_mb},
    scripted::Scripted,
    stats::{Runs, verdict},
};

/// Calls of a book: the outline, then beats, draft, extract and critique for each chapter.
const fn calls(chapters: u32) -> u32 {
    1 + 4 * chapters
}

/// Its steps: the commit of a chapter asks nobody.
const fn steps(chapters: u32) -> usize {
    1 + 5 * chapters as usize
}

/// `count` books of so many `chapters`, each call taking `latency`; the ideal is a book's calls one after the other.
pub(crate) async fn autoruns(
    count: usize,
    chapters: u32,
    latency: Duration,
    aim: Option<f64>,
    memory_aim_mb: Option<f64>,
    times: usize,
) -> Anyhow<()> {
    println!(
        "\n== {count} autoruns × {} ms (books of {chapters} chapters, {} calls each; sleeping in process)",
        latency.as_millis(),
        calls(chapters)
    );
    let mut parts = Vec::new();
    for n in 1..=times {
        let dir = tempfile::tempdir()?;
        let model = Scripted::new(latency);
        let studio = open(dir.path(), model.clone(), Scope::All).await?;
        let snapshot = snapshot(&studio, chapters).await?;
        let mut runs = Vec::new();
        for _ in 0..count {
            runs.push(new_run(&studio, &snapshot).await?);
        }
        let cpu = cpu_seconds("self");
        let begun = Instant::now();
        futures::future::try_join_all(runs.iter().map(|run| studio.start_autorun(&run.id, None))).await?;
        until_all_succeed(&studio, &runs).await?;
        let took = begun.elapsed();
        let cpu = cpu_seconds("self") - cpu;
        studio.close(Duration::ZERO).await;
        let ideal = latency * calls(chapters);
        let part = ideal.as_secs_f64() / took.as_secs_f64();
        let steps = count * steps(chapters);
        println!(
            "run {n}: {:.2} s for {steps} steps, ideal {:.2} s: {:.1} %; {:.0} steps/s, {:.2} ms CPU a step, {} calls, peak {:.0} MB",
            took.as_secs_f64(),
            ideal.as_secs_f64(),
            part * 100.0,
            steps as f64 / took.as_secs_f64(),
            cpu * 1e3 / steps as f64,
            model.calls.load(Ordering::Relaxed),
            peak_memory_mb()
        );
        parts.push(part);
    }
    let part = Runs::of(parts).median();
    match aim {
        Some(aim) => println!("median {:.1} % of the ideal, aim ≥ {:.0} %: {}", part * 100.0, aim * 100.0, verdict(part >= aim)),
        None => println!("median {:.1} % of the ideal (reported, no aim)", part * 100.0),
    }
    if let Some(most) = memory_aim_mb {
        println!("peak memory of this process {:.0} MB, aim ≤ {most:.0} MB: {}", peak_memory_mb(), verdict(peak_memory_mb() <= most));
    }
    Ok(())
}
