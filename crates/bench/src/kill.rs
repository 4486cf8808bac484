//! kill -9 with 1,000 autoruns going: how soon are all back at work?

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use studio::{driver::Scope, ports::RunFilter};

use crate::{
    bench_studio::{Anyhow, new_run, open, snapshot},
    scripted::Scripted,
    stats::{Runs, verdict},
};

const RUNS: usize = 1_000;

/// The child: drives everything in the folder, and says when so many runs are active.
pub(crate) async fn child(dir: &Path, begun: Instant) -> Anyhow<()> {
    let studio = open(dir, Scripted::new(Duration::from_secs(1)), Scope::All).await?;
    loop {
        if studio.driver().active() >= RUNS && studio.store().claims().await?.len() >= RUNS {
            println!("active after {} ms", begun.elapsed().as_millis());
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    std::future::pending().await
}

/// Kills the child with SIGKILL and starts it again, several times.
pub(crate) async fn kill(times: usize) -> Anyhow<()> {
    println!("\n== kill -9 with {RUNS} autoruns going (SIGKILL to a child process; each call takes 1 s)");
    let dir = tempfile::tempdir()?;
    let studio = open(dir.path(), Scripted::new(Duration::ZERO), Scope::Nothing).await?;
    // One call plans forty chapters: every life of the child is long enough for a step or two.
    let snapshot = snapshot(&studio, 40).await?;
    for _ in 0..RUNS {
        let run = new_run(&studio, &snapshot).await?;
        studio.start_autorun(&run.id, None).await?;
    }
    studio.close(Duration::ZERO).await;
    let mut back = Vec::new();
    let mut killed = 0;
    let (mut child, _) = start(dir.path())?;
    for n in 1..=times {
        tokio::time::sleep(Duration::from_secs(3)).await;
        child.kill()?;
        let status = child.wait()?;
        use std::os::unix::process::ExitStatusExt;
        if status.signal() != Some(9) {
            return Err(format!("the child ended by itself: {status}").into());
        }
        killed += 1;
        let (next, ms) = start(dir.path())?;
        child = next;
        println!("run {n}: all {RUNS} claimed again {ms:.0} ms after the start of the process");
        back.push(ms);
    }
    child.kill()?;
    child.wait()?;
    let studio = open(dir.path(), Scripted::new(Duration::ZERO), Scope::Nothing).await?;
    let page = studio.runs(RunFilter { limit: Some(200), ..RunFilter::default() }).await?;
    let failed = page.items.iter().filter(|r| r.error.is_some()).count();
    studio.close(Duration::ZERO).await;
    let median = Runs::of(back).median();
    println!(
        "{killed} children killed; {failed} of {} looked at failed; median {median:.0} ms, aim ≤ 1,000 ms: {}",
        page.items.len(),
        verdict(median <= 1_000.0)
    );
    Ok(())
}

/// Starts the child and waits for its line; the time is measured here, from before the process exists.
fn start(dir: &Path) -> Anyhow<(Child, f64)> {
    let begun = Instant::now();
    let mut child = Command::new(std::env::current_exe()?).arg("child").arg(dir).stdout(Stdio::piped()).spawn()?;
    let stdout = child.stdout.take().ok_or("the child has a stdout")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    if !line.starts_with("active after") {
        return Err(format!("the child said: {line}").into());
    }
    Ok((child, begun.elapsed().as_secs_f64() * 1e3))
}
