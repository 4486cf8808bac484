//! The main job, as a person starts it: `fabulist write examples/lighthouse.toml`.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use crate::{
    bench_studio::Anyhow,
    stats::{Runs, verdict},
};

pub(crate) fn write(binary: &Path, brief: &Path, times: usize) -> Anyhow<()> {
    println!("\n== {} write {} (rehearsal, a fresh data folder each time)", binary.display(), brief.display());
    let (mut first_output, mut whole, mut again) = (Vec::new(), Vec::new(), Vec::new());
    for n in 1..=times {
        let dir = tempfile::tempdir()?;
        let command = || {
            let mut command = Command::new(binary);
            command.arg("write").arg(brief).arg("--out").arg(dir.path().join("out")).arg("--data-dir").arg(dir.path().join("data"));
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).env_remove("FABULIST_MODEL");
            command
        };
        let begun = Instant::now();
        let mut child = command().spawn()?;
        let mut lines = BufReader::new(child.stderr.take().ok_or("the child has a stderr")?).lines();
        lines.next().ok_or("the child says something")??;
        let first = begun.elapsed().as_secs_f64() * 1e3;
        for line in lines {
            line?;
        }
        if !child.wait()?.success() {
            return Err("write failed".into());
        }
        let all = begun.elapsed().as_secs_f64();
        let begun = Instant::now();
        if !command().status()?.success() {
            return Err("the second write failed".into());
        }
        let second = begun.elapsed().as_secs_f64();
        println!("run {n}: first output after {first:.0} ms; finished after {all:.2} s; a second time {second:.2} s");
        first_output.push(first);
        whole.push(all);
        again.push(second);
    }
    let (a, b, c) = (Runs::of(first_output).median(), Runs::of(whole).median(), Runs::of(again).median());
    println!(
        "median: first output {a:.0} ms, aim ≤ 300: {}; whole {b:.2} s, aim ≤ 5: {}; again {c:.2} s, aim ≤ 1: {}",
        verdict(a <= 300.0),
        verdict(b <= 5.0),
        verdict(c <= 1.0)
    );
    Ok(())
}
