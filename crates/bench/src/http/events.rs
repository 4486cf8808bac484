//! Events: how soon they come, and how many bytes they are.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use reqwest::Response;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::{
    client::{Client, micros},
    model,
    server::{Place, Server},
};
use crate::{
    bench_studio::Anyhow,
    stats::{Runs, verdict},
};

const RUNS: usize = 20;
const SUBSCRIBERS: usize = 10;
/// Commits of one measurement, and the time from one to the next.
const COMMITS: usize = 500;
const EVERY: Duration = Duration::from_millis(20);
/// How long events may be on their way before they count as lost.
const PATIENCE: Duration = Duration::from_secs(10);
/// Chapters of the book whose events are counted.
const CHAPTERS: u32 = 100;

/// From the time that stands in a commit, which is taken before its transaction begins, until the event has reached a client.
pub(crate) async fn latency(times: usize) -> Anyhow<()> {
    let pace = 1_000 / EVERY.as_millis();
    println!(
        "\n== HTTP: from a commit to its event at a client ({RUNS} runs × {SUBSCRIBERS} subscribers, {pace} commits/s in sum; the commit itself is in it)"
    );
    let (mut p50s, mut p99s) = (Vec::new(), Vec::new());
    for n in 1..=times {
        let dir = tempfile::tempdir()?;
        let model = model(Duration::ZERO, 0)?;
        let server = Server::start(Place { data: dir.path(), database: None, model: &model }).await?;
        let client = &server.client;
        let snapshot = client.snapshot(1).await?;
        let runs = client.new_runs(&snapshot, RUNS).await?;
        let mut followers = Vec::new();
        for run in &runs {
            for _ in 0..SUBSCRIBERS {
                let stream = client.stream(&format!("/workflow-runs/{run}/events?after=latest")).await?;
                followers.push(tokio::spawn(follow(stream, COMMITS / RUNS)));
            }
        }
        commit(client, &runs).await?;
        let mut all = Vec::new();
        for follower in followers {
            all.extend(follower.await??);
        }
        let (count, all) = (all.len(), Runs::of(all));
        println!(
            "run {n}: {count} events, p50 {:.2} ms, p95 {:.2} ms, p99 {:.2} ms, max {:.2} ms",
            all.median(),
            all.quantile(0.95),
            all.quantile(0.99),
            all.quantile(1.0)
        );
        p50s.push(all.median());
        p99s.push(all.quantile(0.99));
    }
    let (p50, p99) = (Runs::of(p50s).median(), Runs::of(p99s).median());
    println!("median: p50 {p50:.2} ms, p99 {p99:.2} ms, aim ≤ 10 ms: {}", verdict(p99 <= 10.0));
    Ok(())
}

/// Changes the runs' labels in turn, at an even pace, whether or not the answers are there.
async fn commit(client: &Client, runs: &[String]) -> Anyhow<()> {
    let mut tick = tokio::time::interval(EVERY);
    let mut asked: Vec<JoinHandle<Anyhow<Value>>> = Vec::new();
    for (n, run) in runs.iter().cycle().take(COMMITS).enumerate() {
        tick.tick().await;
        let (client, path) = (client.clone(), format!("/workflow-runs/{run}"));
        asked.push(tokio::spawn(async move { client.patch(&path, json!({ "label": format!("label {n}") })).await }));
    }
    for answer in asked {
        answer.await??;
    }
    Ok(())
}

/// Milliseconds of so many events; an error when they do not come.
async fn follow(stream: Response, count: usize) -> Anyhow<Vec<f64>> {
    let mut stream = Lines { stream, rest: Vec::new() };
    let begun = Instant::now();
    let mut times = Vec::with_capacity(count);
    while times.len() < count {
        let most = EVERY * u32::try_from(COMMITS)? + PATIENCE;
        let line = tokio::time::timeout(most.saturating_sub(begun.elapsed()), stream.next()).await;
        let line = line.map_err(|_| format!("of {count} events {} came", times.len()))??.ok_or("a stream ended")?;
        let arrived = Timestamp::now().as_microsecond();
        let Some(data) = line.strip_prefix("data: ") else { continue };
        let event: Value = serde_json::from_str(data)?;
        if let Some(at) = event["run"]["updated_at"].as_str().and_then(micros) {
            times.push((arrived - at) as f64 / 1e3);
        }
    }
    Ok(times)
}

/// The bytes of all events of a long book, as they are replayed.
pub(crate) async fn size(times: usize) -> Anyhow<()> {
    println!("\n== HTTP: the events of a run of {CHAPTERS} chapters, without deltas");
    let mut sizes = Vec::new();
    for n in 1..=times {
        let dir = tempfile::tempdir()?;
        let model = model(Duration::ZERO, 0)?;
        let server = Server::start(Place { data: dir.path(), database: None, model: &model }).await?;
        let snapshot = server.client.snapshot(CHAPTERS).await?;
        let run = server.client.new_run(&snapshot).await?;
        server.client.start_autorun(&run).await?;
        server.client.until_all_succeed(&snapshot).await?;
        let stream = server.client.stream(&format!("/workflow-runs/{run}/events?after=0")).await?;
        let mut stream = Lines { stream, rest: Vec::new() };
        let (mut bytes, mut events) = (0, 0);
        while let Some(line) = stream.next().await? {
            bytes += line.len() + 1;
            events += usize::from(line.starts_with("id: "));
            if line == "event: step.delta" {
                return Err("a delta is replayed".into());
            }
        }
        let mb = bytes as f64 / 1e6;
        println!("run {n}: {events} events, {mb:.2} MB, {:.0} bytes each", bytes as f64 / f64::from(u32::try_from(events)?));
        sizes.push(mb);
    }
    let mb = Runs::of(sizes).median();
    println!("median {mb:.2} MB, aim ≤ 3 MB: {}", verdict(mb <= 3.0));
    Ok(())
}

/// A stream, line by line.
struct Lines {
    stream: Response,
    rest: Vec<u8>,
}

impl Lines {
    async fn next(&mut self) -> Anyhow<Option<String>> {
        loop {
            if let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.rest.drain(..=end).collect();
                return Ok(Some(String::from_utf8(line)?.trim_end_matches('\n').to_owned()));
            }
            match self.stream.chunk().await? {
                Some(chunk) => self.rest.extend_from_slice(&chunk),
                None => return Ok(None),
            }
        }
    }
}
