//! Finding passages of a long book, in either language, in a database with others.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::json;
use store::{OpenOptions, Place, Role, Store as SqlStore};
use story::brief::BriefContent;
use studio::{
    Studio,
    desk::{ImportRequest, NewChapter},
    driver::Scope,
    ports::SystemClock,
};

use crate::{
    bench_studio::Anyhow,
    scripted::Scripted,
    stats::{Runs, verdict},
};

/// Books in the database; the first two are of one brief.
const BOOKS: usize = 5;
/// Chapters of a book, and passages of a chapter.
const CHAPTERS: usize = 200;
const PASSAGES: usize = 100;
/// Questions asked of one book.
const QUESTIONS: usize = 200;

pub(crate) async fn memory() -> Anyhow<()> {
    println!(
        "\n== Finding 8 passages of a book of {} in a database of {} ({QUESTIONS} questions of words that stand in it)",
        CHAPTERS * PASSAGES,
        BOOKS * CHAPTERS * PASSAGES
    );
    let dir = tempfile::tempdir()?;
    on("SQLite", Place::Folder(dir.path().to_owned()), 60.0).await?;
    let server = testbed::Postgres::start()?;
    on("PostgreSQL", Place::Url(server.new_database()?), 150.0).await
}

async fn on(name: &str, place: Place, aim: f64) -> Anyhow<()> {
    let options = OpenOptions { place, role: Role::Command, clock: Arc::new(SystemClock) };
    let store = SqlStore::open(options).await?;
    let studio = Studio::open(Arc::new(store), Arc::new(Scripted::new(Duration::ZERO)), Arc::new(SystemClock), Scope::Nothing);
    let alice: Vec<String> = std::fs::read_to_string("examples/texts/alice.txt")?.split_whitespace().map(str::to_owned).collect();
    let dream: Vec<String> =
        std::fs::read_to_string("examples/texts/hongloumeng_1-12.txt")?.chars().filter(|c| !c.is_whitespace()).map(String::from).collect();
    let begun = Instant::now();
    let mut asked = Vec::new();
    let mut brief = studio.create_brief("A".into(), BriefContent::default()).await?;
    for n in 0..BOOKS {
        if n > 1 {
            brief = studio.create_brief("B".into(), BriefContent::default()).await?;
        }
        let (words, between, size, language) = if n == BOOKS - 1 { (&dream, "", 280, "zh") } else { (&alice, " ", 150, "en") };
        let chapter = |chapter: usize| {
            let passage = |passage: usize| part(words, between, (n * 31 + chapter * PASSAGES + passage) * 7_919, size);
            let text = (0..PASSAGES).map(passage).collect::<Vec<_>>().join("\n\n");
            NewChapter { title: format!("Chapter {}", chapter + 1), text, metadata: json!({}) }
        };
        let request = ImportRequest {
            label: None,
            title: "A".into(),
            language: language.into(),
            model: "scripted/one".into(),
            origin: None,
            chapters: (0..CHAPTERS).map(chapter).collect(),
            encoding: "UTF-8".into(),
            warnings: Vec::new(),
        };
        let imported = studio.import(&brief, request).await?;
        if n == 0 || n == BOOKS - 1 {
            let length = if n == 0 { 5 } else { 10 };
            let questions = (0..QUESTIONS).map(|q| part(words, between, q * 104_729 + 11, length)).collect::<Vec<_>>();
            asked.push((language, imported.snapshot.id, imported.run.id, questions));
        }
    }
    println!("{name}: imported in {:.0} s", begun.elapsed().as_secs_f64());
    for (language, snapshot, run, questions) in asked {
        let mut took = Vec::new();
        let mut none = 0;
        for question in &questions {
            let begun = Instant::now();
            let found = studio.search_memory(&snapshot, Some(&run), question, 8).await?;
            took.push(begun.elapsed().as_secs_f64() * 1e3);
            none += usize::from(found.is_none_or(|(_, passages)| passages.is_empty()));
        }
        let took = Runs::of(took);
        println!(
            "{name}, {language}: p50 {:.1} ms, p95 {:.1} ms, longest {:.1} ms, {none} found nothing; aim for the p95 ≤ {aim:.0} ms: {}",
            took.median(),
            took.quantile(0.95),
            took.quantile(1.0),
            verdict(took.quantile(0.95) <= aim)
        );
    }
    studio.close(Duration::ZERO).await;
    Ok(())
}

/// So many words in a row, wherever that is.
fn part(words: &[String], between: &str, at: usize, size: usize) -> String {
    let start = at % (words.len() - size);
    words[start..start + size].join(between)
}
