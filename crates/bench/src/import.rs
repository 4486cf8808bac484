//! Importing a novel of 1 MB, in either language, and what others wait meanwhile.

use std::time::{Duration, Instant};

use documents::{ImportOptions, import_novel};
use serde_json::json;
use studio::{
    Studio,
    desk::{ImportRequest, NewChapter},
    driver::Scope,
};

use crate::{
    bench_studio::{Anyhow, open},
    scripted::Scripted,
    stats::{Runs, verdict},
};

/// About so many bytes.
const SIZE: usize = 1_000_000;

pub(crate) async fn import(times: usize) -> Anyhow<()> {
    println!(
        "\n== Importing a novel of 1 MB (reading: bytes to chapters; keeping: chapters to rows, while another writes a brief over and over)"
    );
    for name in ["alice.txt", "hongloumeng_1-12.txt"] {
        let one = std::fs::read_to_string(format!("examples/texts/{name}"))?;
        // The same words again would be doubled chapters: each copy has its own.
        let text: String = (0..SIZE.div_ceil(one.len()))
            .map(|n| one.replace(". ", &format!(". {n} ")).replace('。', &format!("。{n}")) + "\n\n")
            .collect();
        let (mut reading, mut keeping, mut waiting) = (Vec::new(), Vec::new(), Vec::new());
        let mut found = 0;
        for _ in 0..times {
            let begun = Instant::now();
            let novel = import_novel(text.as_bytes(), &ImportOptions::default())?;
            reading.push(begun.elapsed().as_secs_f64() * 1e3);
            found = novel.chapters.len();
            let chapters = novel.chapters.into_iter().map(|c| NewChapter { title: c.title, text: c.text, metadata: json!({}) }).collect();
            let (kept, waited) = keep(chapters).await?;
            keeping.push(kept);
            waiting.push(waited);
        }
        let (read, kept, waited) = (Runs::of(reading).median(), Runs::of(keeping).median(), Runs::of(waiting).median());
        println!(
            "{name}: {} bytes, {found} chapters; read in {read:.0} ms, aim ≤ 300: {}; kept in {kept:.0} ms; another write waited {waited:.1} ms at the longest",
            text.len(),
            verdict(read <= 300.0)
        );
    }
    Ok(())
}

/// How long keeping takes, and the longest that another write takes meanwhile, both in milliseconds.
async fn keep(chapters: Vec<NewChapter>) -> Anyhow<(f64, f64)> {
    let dir = tempfile::tempdir()?;
    let studio = open(dir.path(), Scripted::new(Duration::ZERO), Scope::Nothing).await?;
    let brief = studio.create_brief("A".into(), story::brief::BriefContent::default()).await?;
    let request = ImportRequest {
        label: None,
        title: "A".into(),
        language: "en".into(),
        model: "scripted/one".into(),
        origin: None,
        chapters,
        encoding: "UTF-8".into(),
        warnings: Vec::new(),
    };
    let other = tokio::spawn(write_on(studio.clone()));
    let begun = Instant::now();
    studio.import(&brief, request).await?;
    let kept = begun.elapsed().as_secs_f64() * 1e3;
    other.abort();
    let longest = LONGEST.swap(0, std::sync::atomic::Ordering::Relaxed);
    studio.close(Duration::ZERO).await;
    #[expect(clippy::cast_precision_loss, reason = "microseconds of a short while")]
    Ok((kept, longest as f64 / 1e3))
}

/// The longest write of [`write_on`], in microseconds.
static LONGEST: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);

async fn write_on(studio: Studio) {
    loop {
        let begun = Instant::now();
        if studio.create_brief("B".into(), story::brief::BriefContent::default()).await.is_err() {
            return;
        }
        let took = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        LONGEST.fetch_max(took, std::sync::atomic::Ordering::Relaxed);
    }
}
