//! A hundred autoruns over the wire, against a client that only asks the model.

use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::future::try_join_all;
use testbed::model::Model;

use super::{
    client::micros,
    model,
    server::{Place, Server},
};
use crate::{
    bench_studio::Anyhow,
    stats::{Runs, verdict},
};

/// Autoruns at once.
const RUNS: usize = 100;
/// Chapters of each book: with the bare client after it, one measurement takes less than a minute.
const CHAPTERS: u32 = 6;
/// What the model takes for each answer.
const LATENCY: Duration = Duration::from_secs(1);
/// More bodies than there are.
const KEEPS: usize = 10_000;

pub(crate) async fn autoruns(times: usize) -> Anyhow<()> {
    title("");
    let mut parts = Vec::new();
    for n in 1..=times {
        let dir = tempfile::tempdir()?;
        let model = patient_model()?;
        let server = Server::start(Place { data: dir.path(), database: None, model: &model }).await?;
        parts.push(against_bare(n, &[&server], &model).await?);
    }
    conclude(parts);
    Ok(())
}

pub(crate) fn title(on: &str) {
    println!(
        "\n== HTTP: {RUNS} autoruns × {} s{on} (books of {CHAPTERS} chapters; right after it a bare client with the same requests)",
        LATENCY.as_secs()
    );
}

/// The model that these are measured with.
pub(crate) fn patient_model() -> Anyhow<Model> {
    model(LATENCY, KEEPS)
}

pub(crate) fn conclude(parts: Vec<f64>) {
    let part = Runs::of(parts).median();
    println!("median {:.1} % of the bare client, aim ≥ 90 %: {}", part * 100.0, verdict(part >= 0.9));
}

/// Writes the books, spread over the nodes, then asks the same directly. Returns the part of the bare client's pace that was reached.
pub(crate) async fn against_bare(n: usize, nodes: &[&Server], model: &Model) -> Anyhow<f64> {
    let first = &nodes.first().ok_or("there is a node")?.client;
    let snapshot = first.snapshot(CHAPTERS).await?;
    let runs = first.new_runs(&snapshot, RUNS).await?;
    let cpu_seconds = || nodes.iter().map(|node| node.cpu_seconds()).sum::<f64>();
    let cpu = cpu_seconds();
    let begun = jiff::Timestamp::now().as_microsecond();
    try_join_all(runs.iter().zip(nodes.iter().cycle()).map(|(run, node)| node.client.start_autorun(run))).await?;
    let ended = first.until_all_succeed(&snapshot).await?;
    let last = ended.iter().filter_map(|run| micros(run["updated_at"].as_str()?)).max().ok_or("there are runs")?;
    let took = Duration::from_micros(u64::try_from(last - begun)?);
    let cpu = cpu_seconds() - cpu;
    let bodies = model.kept();
    let bare = bare(&model.base_url(), &bodies).await?;
    let part = bare.as_secs_f64() / took.as_secs_f64();
    println!(
        "run {n}: {} of {RUNS} succeeded, {} calls in {:.2} s ({:.1} a second, {:.2} ms CPU each); the bare client {:.2} s: {:.1} %",
        ended.len(),
        bodies.len(),
        took.as_secs_f64(),
        bodies.len() as f64 / took.as_secs_f64(),
        cpu * 1e3 / bodies.len() as f64,
        bare.as_secs_f64(),
        part * 100.0
    );
    Ok(part)
}

/// How long it takes to ask all of this, as many at once as there were runs.
async fn bare(base_url: &str, bodies: &[Bytes]) -> Anyhow<Duration> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let url = format!("{base_url}/chat/completions");
    let begun = Instant::now();
    let tasks: Vec<_> = (0..RUNS)
        .map(|n| {
            let (client, url) = (client.clone(), url.clone());
            let mine: Vec<Bytes> = bodies.iter().skip(n).step_by(RUNS).cloned().collect();
            tokio::spawn(async move {
                for body in mine {
                    let request = client.post(&url).header("content-type", "application/json").body(body);
                    request.send().await?.error_for_status()?.bytes().await?;
                }
                Ok::<_, reqwest::Error>(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    Ok(begun.elapsed())
}
