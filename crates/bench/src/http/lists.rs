//! Pages of a long list.

use std::time::{Duration, Instant};

use super::{
    client::Client,
    model, ms,
    server::{Place, Server},
};
use crate::{
    bench_studio::Anyhow,
    stats::{Runs, verdict},
};

const RUNS: usize = 10_000;
/// The usual page and the longest one.
const LIMITS: [usize; 2] = [50, 200];

pub(crate) async fn lists(times: usize) -> Anyhow<()> {
    println!("\n== HTTP: the list of {RUNS} runs, page by page to its end");
    let dir = tempfile::tempdir()?;
    let model = model(Duration::ZERO, 0)?;
    let server = Server::start(Place { data: dir.path(), database: None, model: &model }).await?;
    let snapshot = server.client.snapshot(12).await?;
    server.client.new_runs(&snapshot, RUNS).await?;
    for limit in LIMITS {
        let mut p95s = Vec::new();
        for n in 1..=times {
            let pages = walk(&server.client, limit).await?;
            let (count, pages) = (pages.len(), Runs::of(pages));
            println!(
                "run {n}: {count} pages of {limit}, p50 {:.2} ms, p95 {:.2} ms, max {:.2} ms",
                pages.median(),
                pages.quantile(0.95),
                pages.quantile(1.0)
            );
            p95s.push(pages.quantile(0.95));
        }
        let p95 = Runs::of(p95s).median();
        println!("median of the p95, pages of {limit}: {p95:.2} ms, aim ≤ 20 ms: {}", verdict(p95 <= 20.0));
    }
    Ok(())
}

/// Milliseconds of each page.
async fn walk(client: &Client, limit: usize) -> Anyhow<Vec<f64>> {
    let mut times = Vec::new();
    let mut seen = 0;
    let mut cursor = String::new();
    loop {
        let begun = Instant::now();
        let page = client.get(&format!("/workflow-runs?limit={limit}{cursor}")).await?;
        times.push(ms(begun.elapsed()));
        seen += page["items"].as_array().map_or(0, Vec::len);
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None if seen == RUNS => return Ok(times),
            None => return Err(format!("the list has {seen} runs").into()),
        }
    }
}
