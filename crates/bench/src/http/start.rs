//! How soon a server is ready on a database that is there already, and what it holds when nobody asks for anything.

use std::time::Duration;

use super::{
    model, ms,
    server::{Place, Server},
};
use crate::{
    bench_studio::Anyhow,
    stats::{Runs, verdict},
};

/// Runs in the database, beside a book that is finished.
const RUNS: usize = 200;
/// When the memory is read.
const IDLE: Duration = Duration::from_secs(5);

pub(crate) async fn start(times: usize) -> Anyhow<()> {
    println!(
        "\n== HTTP: from the start of the process to ready, and its memory {} s later (a finished book of 12 chapters, {RUNS} more runs)",
        IDLE.as_secs()
    );
    let dir = tempfile::tempdir()?;
    let model = model(Duration::ZERO, 0)?;
    let place = Place { data: dir.path(), database: None, model: &model };
    let server = Server::start(place).await?;
    let snapshot = server.client.snapshot(12).await?;
    let book = server.client.new_run(&snapshot).await?;
    server.client.start_autorun(&book).await?;
    server.client.until_all_succeed(&snapshot).await?;
    server.client.new_runs(&snapshot, RUNS).await?;
    server.end()?;
    let (mut ready, mut memory) = (Vec::new(), Vec::new());
    for n in 1..=times {
        let server = Server::start(place).await?;
        tokio::time::sleep(IDLE).await;
        let (mb, own) = server.memory_mb();
        println!("run {n}: ready after {:.0} ms; {mb:.1} MB resident, {own:.1} MB of it no file", ms(server.ready));
        ready.push(ms(server.ready));
        memory.push(mb);
        server.end()?;
    }
    let (ready, memory) = (Runs::of(ready).median(), Runs::of(memory).median());
    println!(
        "median: ready {ready:.0} ms, aim ≤ 150 ms: {}; idle {memory:.1} MB, aim ≤ 40 MB: {}",
        verdict(ready <= 150.0),
        verdict(memory <= 40.0)
    );
    Ok(())
}
