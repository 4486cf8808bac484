//! One step from claim to commit, over a whole book; and whether it stays flat.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use studio::driver::Scope;

use crate::{
    bench_studio::{Anyhow, new_run, open, snapshot},
    scripted::Scripted,
    stats::{Runs, verdict},
};

/// Steps of one book by `next`, one after the other.
pub(crate) async fn one_step(times: usize) -> Anyhow<()> {
    println!("\n== One step from claim to commit (next by next over a book of 20 chapters, model without latency)");
    let mut medians = Vec::new();
    for n in 1..=times {
        let dir = tempfile::tempdir()?;
        let studio = open(dir.path(), Scripted::new(Duration::ZERO), Scope::Nothing).await?;
        let snapshot = snapshot(&studio, 20).await?;
        let run = new_run(&studio, &snapshot).await?;
        let mut by_name: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        let mut all = Vec::new();
        loop {
            let begun = Instant::now();
            let (now, step) = studio.next(&run.id).await?;
            let ms = begun.elapsed().as_secs_f64() * 1e3;
            all.push(ms);
            by_name.entry(step.map(|s| s.name).unwrap_or_default()).or_default().push(ms);
            if now.status.is_final() {
                break;
            }
        }
        studio.close(Duration::ZERO).await;
        let steps = all.len();
        let all = Runs::of(all);
        let commit = Runs::of(by_name.remove("novel.chapter.commit").unwrap_or_default());
        println!(
            "run {n}: {steps} steps, p50 {:.2} ms, p95 {:.2} ms; commit of a chapter p50 {:.2} ms, p95 {:.2} ms",
            all.median(),
            all.quantile(0.95),
            commit.median(),
            commit.quantile(0.95)
        );
        medians.push(all.median());
    }
    let median = Runs::of(medians).median();
    println!("median of the p50: {median:.2} ms; aim ≤ 2 ms: {}", verdict(median <= 2.0));
    Ok(())
}

/// A book of 520 chapters: a step and its prompt at chapter 500 against chapter 20.
pub(crate) async fn growth(times: usize) -> Anyhow<()> {
    println!("\n== Growth in one run of 520 chapters (steps of chapters 15–25 against 495–505, by next)");
    let (mut step_ratios, mut prompt_ratios) = (Vec::new(), Vec::new());
    for n in 1..=times {
        let dir = tempfile::tempdir()?;
        let studio = open(dir.path(), Scripted::new(Duration::ZERO), Scope::Nothing).await?;
        let snapshot = snapshot(&studio, 520).await?;
        let run = new_run(&studio, &snapshot).await?;
        let (mut early, mut late) = (Vec::new(), Vec::new());
        let (mut early_prompt, mut late_prompt) = (Vec::new(), Vec::new());
        let mut before = 0;
        loop {
            let begun = Instant::now();
            let (now, step) = studio.next(&run.id).await?;
            let ms = begun.elapsed().as_secs_f64() * 1e3;
            let chapter = now.progress.done;
            let tokens = now.usage.input_tokens - before;
            before = now.usage.input_tokens;
            let planning = step.is_some_and(|s| s.name == "novel.outline");
            if !planning && (15..=25).contains(&chapter) {
                early.push(ms);
                early_prompt.push(tokens as f64);
            } else if !planning && (495..=505).contains(&chapter) {
                late.push(ms);
                late_prompt.push(tokens as f64);
            }
            if now.status.is_final() {
                break;
            }
        }
        studio.close(Duration::ZERO).await;
        let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
        let prompts = (mean(&early_prompt), mean(&late_prompt));
        let steps = (Runs::of(early).median(), Runs::of(late).median());
        println!(
            "run {n}: step p50 {:.2} → {:.2} ms ({:.2} ×); prompt {:.0} → {:.0} tokens a step ({:.2} ×)",
            steps.0,
            steps.1,
            steps.1 / steps.0,
            prompts.0,
            prompts.1,
            prompts.1 / prompts.0
        );
        step_ratios.push(steps.1 / steps.0);
        prompt_ratios.push(prompts.1 / prompts.0);
    }
    let (step, prompt) = (Runs::of(step_ratios).median(), Runs::of(prompt_ratios).median());
    println!("median: step {step:.2} ×, aim ≤ 1.2: {}; prompt {prompt:.2} ×, aim ≤ 1.1: {}", verdict(step <= 1.2), verdict(prompt <= 1.1));
    Ok(())
}
