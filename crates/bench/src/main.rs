//! The figures of Fabulist. Started by `cargo xtask bench`; prints what it measured on, every run, and the medians.

mod autoruns;
mod bench_studio;
mod delete;
mod host;
mod kill;
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
    const ALL: [&str; 6] = ["step", "growth", "autoruns", "kill", "delete", "write"];
    if let Some(unknown) = only.iter().find(|name| !ALL.contains(name)) {
        return Err(format!("there is no figure `{unknown}`; choose from {}", ALL.join(", ")).into());
    }
    let wanted = |name: &str| only.is_empty() || only.contains(&name);
    let dir = tempfile::tempdir()?;
    host::print(dir.path());
    let store = SqlStore::open(bench_studio::options(dir.path())).await?;
    let pragmas = store.pragmas().await?;
    println!("pragmas      writer {:?}\n             reader {:?}", pragmas.writer, pragmas.reader);
    studio::ports::Store::close(&store).await;
    if wanted("step") {
        steps::one_step(TIMES).await?;
    }
    if wanted("growth") {
        steps::growth(TIMES).await?;
    }
    if wanted("autoruns") {
        // Books as long as the first example: what starting a thousand at once costs is a part of it, but not the most of it.
        autoruns::autoruns(100, 12, Duration::from_millis(200), Some(0.95), None, TIMES).await?;
        autoruns::autoruns(1_000, 12, Duration::from_secs(2), Some(0.95), Some(250.0), TIMES).await?;
        autoruns::autoruns(1_000, 12, Duration::from_secs(1), None, None, TIMES).await?;
        autoruns::autoruns(1_000, 2, Duration::ZERO, None, None, TIMES).await?;
    }
    if wanted("kill") {
        kill::kill(TIMES).await?;
    }
    if wanted("delete") {
        delete::delete(TIMES).await?;
    }
    if wanted("write") {
        let binary = std::env::current_exe()?.with_file_name("fabulist");
        if !binary.exists() {
            return Err("build the product first: cargo build --release".into());
        }
        write::write(&binary, &PathBuf::from("examples/lighthouse.toml"), TIMES)?;
    }
    Ok(())
}
