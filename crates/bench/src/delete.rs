//! Deleting a run of 1,000 steps.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use store::Store as SqlStore;
use studio::{Studio, driver::Scope, ports::SystemClock};

use crate::{
    bench_studio::{Anyhow, new_run, options, snapshot},
    scripted::Scripted,
    stats::{Runs, verdict},
};

pub(crate) async fn delete(times: usize) -> Anyhow<()> {
    println!("\n== Deleting a run of 1,000 steps (200 chapters; a neighbour of the same brief stays)");
    let (mut invisible, mut longest, mut gone) = (Vec::new(), Vec::new(), Vec::new());
    for n in 1..=times {
        let dir = tempfile::tempdir()?;
        let store = Arc::new(SqlStore::open(options(dir.path())).await?);
        let studio = Studio::open(store.clone(), Arc::new(Scripted::new(Duration::ZERO)), Arc::new(SystemClock), Scope::Nothing);
        let snapshot = snapshot(&studio, 200).await?;
        let run = new_run(&studio, &snapshot).await?;
        let neighbour = new_run(&studio, &snapshot).await?;
        let mut steps = 0;
        while steps < 1_000 && !studio.next(&run.id, None).await?.0.status.is_final() {
            steps += 1;
        }
        studio.next(&neighbour.id, None).await?;
        let begun = Instant::now();
        studio.store().delete_run(&run.id, true).await?;
        let hidden = begun.elapsed().as_secs_f64() * 1e3;
        if studio.run(&run.id).await.is_ok() {
            return Err("a deleted run is still seen".into());
        }
        let file = Instant::now();
        while store.bin_deleted().await? {}
        let file = file.elapsed().as_secs_f64() * 1e3;
        let mut slices = Vec::new();
        loop {
            let slice = Instant::now();
            let more = studio.store().sweep().await?;
            slices.push(slice.elapsed().as_secs_f64() * 1e3);
            if !more {
                break;
            }
        }
        let all = begun.elapsed().as_secs_f64();
        studio.run(&neighbour.id).await?;
        studio.close(Duration::ZERO).await;
        let count = slices.len();
        let most = Runs::of(slices).quantile(1.0);
        println!(
            "run {n}: {steps} steps; invisible in {hidden:.1} ms; in the bin after {file:.0} ms; {count} slices, the longest {most:.1} ms; rows gone after {all:.2} s"
        );
        invisible.push(hidden);
        longest.push(most);
        gone.push(all);
    }
    let (a, b, c) = (Runs::of(invisible).median(), Runs::of(longest).median(), Runs::of(gone).median());
    println!(
        "median: invisible {a:.1} ms, aim ≤ 50: {}; longest hold {b:.1} ms, aim ≤ 10: {}; gone {c:.2} s, aim ≤ 5: {}",
        verdict(a <= 50.0),
        verdict(b <= 10.0),
        verdict(c <= 5.0)
    );
    Ok(())
}
