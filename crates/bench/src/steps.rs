//! One step from claim to commit, over a whole book; and whether it stays flat.

use std::time::{Duration, Instant};

use studio::{Studio, brief::Snapshot, driver::Scope, ports::StepFilter};

use crate::{
    bench_studio::{Anyhow, new_run, open, snapshot, until_all_succeed},
    scripted::Scripted,
    stats::{Runs, verdict},
};

/// Every step of one book, from claim to commit, as autorun goes through it; and by `next`, with what a person's call reads around it.
pub(crate) async fn one_step(times: usize) -> Anyhow<()> {
    println!("\n== One step from claim to commit (a book of 20 chapters, model without latency)");
    let mut medians = Vec::new();
    for n in 1..=times {
        let dir = tempfile::tempdir()?;
        let studio = open(dir.path(), Scripted::new(Duration::ZERO), Scope::All).await?;
        let snapshot = snapshot(&studio, 20).await?;
        let run = new_run(&studio, &snapshot).await?;
        studio.start_autorun(&run.id, None).await?;
        until_all_succeed(&studio, std::slice::from_ref(&run)).await?;
        // The commit of a step claims the next one: from one claim to the next is a whole step.
        let steps = studio.steps(&run.id, StepFilter::default()).await?;
        let mut whole = Vec::new();
        let mut chapters = Vec::new();
        for pair in steps.windows(2) {
            let ms = (pair[1].started_at - pair[0].started_at) as f64 / 1e3;
            whole.push(ms);
            if pair[0].name == "novel.chapter.commit" {
                chapters.push(ms);
            }
        }
        let by_hand = by_next(&studio, &snapshot).await?;
        studio.close(Duration::ZERO).await;
        let count = whole.len();
        let (whole, chapters) = (Runs::of(whole), Runs::of(chapters));
        println!(
            "run {n}: {count} steps, p50 {:.2} ms, p95 {:.2} ms; the step that commits a chapter p50 {:.2} ms; by next p50 {:.2} ms",
            whole.median(),
            whole.quantile(0.95),
            chapters.median(),
            by_hand.median()
        );
        medians.push(whole.median());
    }
    let median = Runs::of(medians).median();
    println!("median of the p50: {median:.2} ms; aim ≤ 2 ms: {}", verdict(median <= 2.0));
    Ok(())
}

/// The same book by `next`, one call after the other: milliseconds of each.
async fn by_next(studio: &Studio, snapshot: &Snapshot) -> Anyhow<Runs> {
    let run = new_run(studio, snapshot).await?;
    let mut all = Vec::new();
    loop {
        let begun = Instant::now();
        let (now, _) = studio.next(&run.id, None).await?;
        all.push(begun.elapsed().as_secs_f64() * 1e3);
        if now.status.is_final() {
            return Ok(Runs::of(all));
        }
    }
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
            let (now, step) = studio.next(&run.id, None).await?;
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
