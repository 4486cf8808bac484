//! kill -9 of a server with a hundred autoruns going: how soon are all back at work?

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use futures::future::try_join_all;
use jiff::Timestamp;

use super::{
    client::{Client, micros},
    model,
    server::{Place, Server},
};
use crate::{
    bench_studio::Anyhow,
    stats::{Runs, verdict},
};

const RUNS: usize = 100;
/// No book comes to its end while it is measured, and its outline is soon done.
const CHAPTERS: u32 = 60;
/// Time to work before each kill.
const LIFE: Duration = Duration::from_millis(3_500);
/// Whoever works on another node has begun a new step by then.
const SOON: Duration = Duration::from_secs(2);
/// Longer than any aim.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) async fn kill(times: usize) -> Anyhow<()> {
    title("", "the server");
    let dir = tempfile::tempdir()?;
    let model = model(Duration::from_secs(1), 0)?;
    let place = Place { data: dir.path(), database: None, model: &model };
    let mut server = Server::start(place).await?;
    let snapshot = begin(&[&server.client]).await?;
    let mut back = Vec::new();
    for n in 1..=times {
        tokio::time::sleep(LIFE).await;
        let killed = Timestamp::now().as_microsecond();
        server.kill()?;
        let begun = Instant::now();
        server = Server::start(place).await?;
        back.push(until_back(n, &server.client, &snapshot, killed, begun).await?);
    }
    conclude(&server.client, &snapshot, back, 1.0).await
}

pub(crate) fn title(on: &str, who: &str) {
    println!("\n== HTTP: kill -9 with {RUNS} autoruns going{on} (SIGKILL to {who}, started again at once; each call takes 1 s)");
}

/// Starts the runs, spread over the nodes. Returns their snapshot.
pub(crate) async fn begin(nodes: &[&Client]) -> Anyhow<String> {
    let first = nodes.first().ok_or("there is a node")?;
    let snapshot = first.snapshot(CHAPTERS).await?;
    let runs = first.new_runs(&snapshot, RUNS).await?;
    try_join_all(runs.iter().zip(nodes.iter().cycle()).map(|(run, node)| node.start_autorun(run))).await?;
    Ok(snapshot)
}

/// Waits until every run has a step that was begun after the kill. Returns the seconds from `begun`.
pub(crate) async fn until_back(n: usize, client: &Client, snapshot: &str, killed: i64, begun: Instant) -> Anyhow<f64> {
    let mut back: HashSet<String> = HashSet::new();
    let mut soon = None;
    while back.len() < RUNS {
        for run in client.runs(snapshot).await? {
            let at = run["active_step"]["started_at"].as_str().and_then(micros);
            if at.is_some_and(|at| at > killed) {
                back.extend(run["id"].as_str().map(str::to_owned));
            } else if run["status"] != "running" && run["status"] != "queued" {
                return Err(format!("a run is not running: {run}").into());
            }
        }
        let elapsed = begun.elapsed();
        if elapsed >= SOON {
            soon.get_or_insert(back.len());
        }
        if elapsed > PATIENCE {
            return Err(format!("only {} of {RUNS} runs came back within {} s", back.len(), PATIENCE.as_secs()).into());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!("run {n}: {} runs back within {:.1} s, all {RUNS} after {seconds:.2} s", soon.unwrap_or(RUNS), SOON.as_secs_f64());
    Ok(seconds)
}

/// The verdict, with how many were killed and how many runs came to harm by it.
pub(crate) async fn conclude(client: &Client, snapshot: &str, back: Vec<f64>, aim: f64) -> Anyhow<()> {
    let killed = back.len();
    if killed == 0 {
        return Err("nobody was killed".into());
    }
    let failed = client.runs(snapshot).await?.iter().filter(|run| !run["error"].is_null()).count();
    let median = Runs::of(back).median();
    println!(
        "{killed} servers killed; {failed} of {RUNS} runs have an error; median {median:.2} s, aim ≤ {aim:.0} s: {}",
        verdict(failed == 0 && median <= aim)
    );
    Ok(())
}
