//! The figures of Fabulist. Started by `cargo xtask bench`; prints what it measured on, every run, and the medians.

mod autoruns;
mod bench_studio;
mod delete;
mod fork;
mod host;
mod http;
mod import;
mod kill;
mod memory;
mod scripted;
mod stats;
mod steps;
mod write;

use std::{
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use bench_studio::Anyhow;
use store::Store as SqlStore;

/// The allocator of the product.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How often everything is measured.
const TIMES: usize = 5;

#[tokio::main]
async fn main() -> ExitCode {
    let begun = Instant::now();
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["child", dir] => kill::child(&PathBuf::from(dir), begun).await,
        only => measure(only).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("bench: {e}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(only: &[&str]) -> Anyhow<()> {
    const ALL: [&str; 10] = ["step", "growth", "autoruns", "kill", "delete", "fork", "import", "memory", "write", "http"];
    if let Some(unknown) = only.iter().find(|name| !ALL.contains(name) && !http::FIGURES.contains(name)) {
        return Err(format!("there is no figure `{unknown}`; choose from {}, {}", ALL.join(", "), http::FIGURES.join(", ")).into());
    }
    let wanted = |name: &str| only.is_empty() || only.contains(&name);
    let times = times()?;
    let dir = tempfile::tempdir()?;
    host::print(dir.path());
    let store = SqlStore::open(bench_studio::options(dir.path())).await?;
    let pragmas = store.pragmas().await?;
    println!("pragmas      writer {:?}\n             reader {:?}", pragmas.writer, pragmas.reader);
    studio::ports::Store::close(&store).await;
    if wanted("step") {
        steps::one_step(times).await?;
    }
    if wanted("growth") {
        steps::growth(times).await?;
    }
    if wanted("autoruns") {
        // Books as long as the first example: what starting a thousand at once costs is a part of it, but not the most of it.
        autoruns::autoruns(100, 12, Duration::from_millis(200), Some(0.95), None, times).await?;
        autoruns::autoruns(1_000, 12, Duration::from_secs(2), Some(0.95), Some(250.0), times).await?;
        autoruns::autoruns(1_000, 12, Duration::from_secs(1), None, None, times).await?;
        autoruns::autoruns(1_000, 2, Duration::ZERO, None, None, times).await?;
    }
    if wanted("kill") {
        kill::kill(times).await?;
    }
    if wanted("delete") {
        delete::delete(times).await?;
    }
    if wanted("fork") {
        fork::fork(times).await?;
    }
    if wanted("import") {
        import::import(times).await?;
    }
    if wanted("memory") {
        memory::memory().await?;
    }
    if wanted("write") {
        write::write(&http::binary()?, &PathBuf::from("examples/lighthouse.toml"), times)?;
    }
    for figure in http::FIGURES.into_iter().filter(|figure| wanted("http") || wanted(figure)) {
        http::measure(figure, times).await?;
    }
    Ok(())
}

/// How often everything is measured: `FABULIST_BENCH_TIMES` is for trying things out.
fn times() -> Anyhow<usize> {
    let Ok(said) = std::env::var("FABULIST_BENCH_TIMES") else { return Ok(TIMES) };
    said.parse().ok().filter(|times| *times > 0).ok_or_else(|| format!("FABULIST_BENCH_TIMES is no count: {said}").into())
}
