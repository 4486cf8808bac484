//! What the figures were measured on.

use std::{fs, path::Path, process::Command, time::Instant};

use crate::stats::Runs;

/// Prints the machine, the file system, the load and the cost of an fsync in `dir`.
pub(crate) fn print(dir: &Path) {
    let first = |path: &str, key: &str| {
        let text = fs::read_to_string(path).unwrap_or_default();
        text.lines().find(|l| l.starts_with(key)).and_then(|l| l.split(':').nth(1)).unwrap_or("?").trim().to_owned()
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!("machine      {} × {}, memory {}", cores, first("/proc/cpuinfo", "model name"), first("/proc/meminfo", "MemTotal"));
    println!("load         {}", fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
    let df = Command::new("df").args(["--output=fstype"]).arg(dir).output();
    let kind = df.ok().and_then(|o| String::from_utf8(o.stdout).ok()).and_then(|s| s.lines().last().map(str::to_owned));
    println!("file system  {}", kind.unwrap_or_else(|| "?".into()));
    let mut times = Vec::new();
    if let Ok(file) = fs::File::create(dir.join("fsync-probe")) {
        use std::os::unix::fs::FileExt;
        for i in 0..200_u64 {
            let begun = Instant::now();
            if file.write_all_at(&[1_u8; 4096], i * 4096).and_then(|()| file.sync_data()).is_ok() {
                times.push(begun.elapsed().as_secs_f64() * 1e3);
            }
        }
    }
    let runs = Runs::of(times);
    println!("fsync        p50 {:.3} ms, p95 {:.3} ms (4 KiB, 200 times)", runs.quantile(0.5), runs.quantile(0.95));
}

/// The resident set's high-water mark of this process, in MB.
pub(crate) fn peak_memory_mb() -> f64 {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kb = text.lines().find(|l| l.starts_with("VmHWM")).and_then(|l| l.split_whitespace().nth(1)).and_then(|n| n.parse::<f64>().ok());
    kb.unwrap_or(f64::NAN) / 1024.0
}

/// The processor time of a process so far, in seconds: `self`, or the number of another one.
pub(crate) fn cpu_seconds(process: &str) -> f64 {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let fields: Vec<&str> = text.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |n: usize| fields.get(n).and_then(|f| f.parse::<f64>().ok()).unwrap_or(f64::NAN);
    (ticks(11) + ticks(12)) / 100.0
}
