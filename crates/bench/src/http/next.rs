//! One step by `next`, over the wire.

use std::time::{Duration, Instant};

use testbed::model::Model;

use super::{
    client::Client,
    model, ms,
    server::{Place, Server},
};
use crate::{
    bench_studio::Anyhow,
    stats::{Runs, verdict},
};

/// Chapters of the book: a hundred steps and one.
pub(crate) const CHAPTERS: u32 = 20;

pub(crate) async fn next(times: usize) -> Anyhow<()> {
    println!(
        "\n== HTTP: one step by `next` (a book of {CHAPTERS} chapters, one request after the other; the model's own time is subtracted)"
    );
    let mut figures = Figures::default();
    for n in 1..=times {
        let dir = tempfile::tempdir()?;
        let model = model(Duration::ZERO, 0)?;
        let server = Server::start(Place { data: dir.path(), database: None, model: &model }).await?;
        figures.take(n, &by_next(&[&server.client], &model).await?);
    }
    figures.conclude();
    Ok(())
}

/// A step: how long the client waited, and how much of it the model took.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    whole: Duration,
    model: Duration,
    calls: usize,
}

impl Step {
    fn own(&self) -> f64 {
        ms(self.whole.saturating_sub(self.model))
    }
}

/// The p50 and p95 of several measurements.
#[derive(Default)]
pub(crate) struct Figures {
    p50: Vec<f64>,
    p95: Vec<f64>,
}

impl Figures {
    /// Takes one measurement in and prints it.
    pub(crate) fn take(&mut self, n: usize, steps: &[Step]) {
        let own = Runs::of(steps.iter().map(Step::own).collect());
        let silent = Runs::of(steps.iter().filter(|step| step.calls == 0).map(Step::own).collect());
        let whole = Runs::of(steps.iter().map(|step| ms(step.whole)).collect());
        let calls: usize = steps.iter().map(|step| step.calls).sum();
        println!(
            "run {n}: {} steps, {calls} calls; p50 {:.2} ms, p95 {:.2} ms, max {:.2} ms; steps without a call p50 {:.2} ms; with the model p50 {:.2} ms",
            steps.len(),
            own.median(),
            own.quantile(0.95),
            own.quantile(1.0),
            silent.median(),
            whole.median(),
        );
        self.p50.push(own.median());
        self.p95.push(own.quantile(0.95));
    }

    pub(crate) fn conclude(self) {
        let (p50, p95) = (Runs::of(self.p50).median(), Runs::of(self.p95).median());
        println!("median: p50 {p50:.2} ms, aim ≤ 3 ms: {}; p95 {p95:.2} ms, aim ≤ 8 ms: {}", verdict(p50 <= 3.0), verdict(p95 <= 8.0));
    }
}

/// Writes a book for each node by `next`, a step here and a step there; never two at once, so that the model's time is that of the step.
pub(crate) async fn by_next(nodes: &[&Client], model: &Model) -> Anyhow<Vec<Step>> {
    let first = nodes.first().ok_or("there is a node")?;
    let snapshot = first.snapshot(CHAPTERS).await?;
    let paths: Vec<String> = first.new_runs(&snapshot, nodes.len()).await?.iter().map(|run| format!("/workflow-runs/{run}/next")).collect();
    let mut steps = Vec::new();
    let mut ended = vec![false; nodes.len()];
    while ended.contains(&false) {
        for ((node, path), ended) in nodes.iter().zip(&paths).zip(&mut ended).filter(|(_, ended)| !**ended) {
            let before = model.count();
            let begun = Instant::now();
            let told = node.post(path, None).await?;
            let whole = begun.elapsed();
            if told["step"]["status"] != "succeeded" {
                return Err(format!("a step failed: {}", told["step"]).into());
            }
            let calls = model.answered_after(before);
            steps.push(Step { whole, model: calls.iter().map(|call| call.took).sum(), calls: calls.len() });
            *ended = told["run"]["status"] == "succeeded";
        }
    }
    Ok(steps)
}
