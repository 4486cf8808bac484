//! What a story says hangs from its words: forks share it, a new version brings its own, and it goes when the words go.

use std::sync::Arc;

use serde_json::json;
use story::{
    digests::ChapterDigest,
    extraction::{Death, Entity, Extraction, Presence},
    knowledge::{facts, reading_key},
    workflow::ChapterReread,
};
use studio::{
    ports::{Fork, KeptVersion, Knowledge as _, Store as _, Write},
    run::Run,
};

use crate::{
    Database,
    desk::{Desk, a_run, a_version, by_hand, id, keep, open},
    projects::with_bin,
};

const CHAPTER: &str = "Ines stood on the quay.\n\nOskar went under the ice.";
const OTHER: &str = "Ines stood on the quay.\n\nOskar came home.";

/// What a model reads out of these words.
fn told(text: &str) -> Extraction {
    let death = Death { character: "Oskar".into(), flashback: false, quote: "Oskar went under the ice.".into() };
    Extraction {
        presence: vec![Presence { character: "Ines".into(), place: Some("the quay".into()), flashback: false, quote: "Ines stood".into() }],
        deaths: if text.contains("under the ice") { vec![death] } else { Vec::new() },
        entities: vec![Entity { name: "Ines".into(), kind: "person".into(), aliases: Vec::new(), quote: "Ines".into() }],
        ..Extraction::default()
    }
}

fn read(unit: &str, ordinal: u32, text: &str) -> KeptVersion {
    let told = told(text);
    KeptVersion { facts: facts(text, &told), extraction: Some(Arc::new(told)), digest: digest(), ..a_version(unit, ordinal, text) }
}

fn digest() -> serde_json::Value {
    json!({"title": "A", "fact": "ice", "tone": ""})
}

fn mine(of: &KeptVersion, text: &str) -> KeptVersion {
    KeptVersion { digest: digest(), ..by_hand(of, text) }
}

/// Somebody has read these words of a version of this run so.
fn reading(version_id: &str, content_id: &str, text: &str, told: &Extraction) -> Write {
    Write::KeepReading(Arc::new(ChapterReread {
        chapter_id: "ch-1".into(),
        version_id: version_id.into(),
        content_id: content_id.into(),
        facts: Some((reading_key(told), facts(text, told))),
        extraction: Some(Arc::new(told.clone())),
        digest: ChapterDigest { title: "A".into(), fact: "home".into(), tone: String::new() },
    }))
}

/// Each chapter: its ordinal, whether it waits to be read, and the kinds of its facts.
async fn known(desk: &Desk, run: &Run) -> Vec<(u32, bool, Vec<&'static str>)> {
    let chapters = desk.store.known_chapters(&run.id).await.unwrap();
    chapters.into_iter().map(|c| (c.ordinal, c.is_unread(), c.facts.iter().map(|fact| fact.what.kind()).collect())).collect()
}

async fn forked(desk: &Desk, source: &Run) -> Run {
    let fork = Fork {
        source: source.id.clone(),
        index: 0,
        now: true,
        make: Arc::new(|source, _| (a_run(&source.brief_id, &source.snapshot_id), json!({}))),
    };
    desk.store.fork_run(fork).await.unwrap().unwrap()
}

/// Every row of the table, in one order.
async fn rows(desk: &Desk) -> Vec<String> {
    desk.raw()
        .await
        .texts(
            "SELECT content_id || reading || position || kind || subject || json || span_start || span_end || quote FROM facts \
             ORDER BY content_id, reading, position",
        )
        .await
}

pub(crate) async fn a_version_brings_its_own_facts(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    let (one, two) = (read("ch-1", 1, CHAPTER), read("ch-2", 2, OTHER));
    desk.write(&run, vec![keep(&one), keep(&two)]).await;
    let both = (vec!["entity", "presence", "death"], vec!["entity", "presence"]);
    assert_eq!(known(&desk, &run).await, [(1, false, both.0.clone()), (2, false, both.1.clone())]);
    let chapters = desk.store.known_chapters(&run.id).await.unwrap();
    assert_eq!(chapters[0].facts, one.facts, "word for word and place for place");
    assert_eq!(chapters[0].latest, (one.version_id.clone(), one.content_id.clone()));

    let changed = mine(&one, OTHER);
    desk.write(&run, vec![keep(&changed)]).await;
    assert_eq!(known(&desk, &run).await[0], (1, true, both.0), "until it is read, what was read of the old words is what there is");
    desk.write(&run, vec![reading(&changed.version_id, &changed.content_id, OTHER, &told(OTHER))]).await;
    assert_eq!(known(&desk, &run).await, [(1, false, both.1.clone()), (2, false, both.1.clone())]);
    // Read again, in another way: nothing is left of the first reading.
    let count = rows(&desk).await.len();
    let nothing = Extraction { entities: told(OTHER).entities, ..Extraction::default() };
    desk.write(&run, vec![reading(&changed.version_id, &changed.content_id, OTHER, &nothing)]).await;
    assert_eq!((known(&desk, &run).await[0].2.clone(), rows(&desk).await.len()), (vec!["entity"], count - 1));
}

pub(crate) async fn forks_share_facts_and_diverge(database: Database) {
    let desk = Desk::new(database).await;
    let source = desk.run().await;
    let one = read("ch-1", 1, CHAPTER);
    let changed = mine(&one, OTHER);
    desk.write(&source, vec![keep(&one), keep(&changed)]).await;
    let before = rows(&desk).await;
    let fork = forked(&desk, &source).await;
    assert_eq!(rows(&desk).await, before, "no fact was copied");
    assert_eq!(known(&desk, &fork).await, known(&desk, &source).await);

    let own = desk.store.known_chapters(&fork.id).await.unwrap()[0].latest.clone();
    assert_eq!(own.1, changed.content_id, "the same words");
    desk.write(&source, vec![reading(&changed.version_id, &changed.content_id, OTHER, &told(OTHER))]).await;
    assert!(known(&desk, &fork).await[0].1, "what was read in one line is not read in another");
    let nothing = Extraction { entities: told(OTHER).entities, ..Extraction::default() };
    desk.write(&fork, vec![reading(&own.0, &own.1, OTHER, &nothing)]).await;
    assert_eq!(known(&desk, &source).await[0].2, ["entity", "presence"]);
    assert_eq!(known(&desk, &fork).await[0].2, ["entity"], "and each may read it in its own way");

    let again = forked(&desk, &source).await;
    assert_eq!(known(&desk, &again).await[0].2, ["entity", "presence"]);
    let all = rows(&desk).await.len();
    desk.store.delete_run(&source.id, false).await.unwrap();
    while desk.store.sweep().await.unwrap() {}
    assert_eq!(rows(&desk).await.len(), all, "the forks stand on all of it");
    desk.store.delete_run(&again.id, false).await.unwrap();
    while desk.store.sweep().await.unwrap() {}
    assert_eq!(rows(&desk).await.len(), all - 2, "but for what only that line had read");
    assert_eq!(known(&desk, &fork).await[0].2, ["entity"]);
    desk.store.delete_run(&fork.id, false).await.unwrap();
    while desk.store.sweep().await.unwrap() {}
    assert!(rows(&desk).await.is_empty());
}

pub(crate) async fn facts_go_with_their_run_and_with_no_other(database: Database) {
    let desk = Desk::new(database).await;
    let (run, neighbour) = (desk.run().await, desk.run().await);
    let (one, theirs) = (read("ch-1", 1, CHAPTER), read("ch-1", 1, CHAPTER));
    desk.write(&run, vec![keep(&one), keep(&mine(&one, OTHER))]).await;
    desk.write(&neighbour, vec![keep(&theirs)]).await;
    desk.store.delete_run(&run.id, true).await.unwrap();
    assert!(desk.store.known_chapters(&run.id).await.unwrap().is_empty(), "at once");
    while desk.store.sweep().await.unwrap() {}
    let left = desk.raw().await.texts("SELECT DISTINCT content_id FROM facts").await;
    assert_eq!(left, [theirs.content_id], "the neighbour's");
    assert_eq!(known(&desk, &neighbour).await[0].2.len(), 3);
}

pub(crate) async fn made_anew_from_the_versions_it_is_the_same(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    let (one, two) = (read("ch-1", 1, CHAPTER), read("ch-2", 2, OTHER));
    let changed = mine(&one, OTHER);
    desk.write(&run, vec![keep(&one), keep(&two), keep(&changed)]).await;
    desk.write(&run, vec![reading(&changed.version_id, &changed.content_id, OTHER, &told(OTHER))]).await;
    let grown = (rows(&desk).await, desk.store.known_chapters(&run.id).await.unwrap());
    let raw = desk.raw().await;
    for harm in ["SELECT 1", "DELETE FROM facts", "UPDATE facts SET quote = 'x', span_end = 9", "UPDATE readings SET reading = NULL"] {
        raw.run(harm).await;
        let remade = desk.store.remake_knowledge(std::slice::from_ref(&run.id)).await.unwrap();
        assert_eq!((remade.texts, remade.facts), (3, grown.0.len() as u64), "{harm}");
        assert_eq!((rows(&desk).await, desk.store.known_chapters(&run.id).await.unwrap()), grown, "{harm}");
    }
    let remade = desk.store.remake_knowledge(&[id()]).await.unwrap();
    assert_eq!((remade.texts, remade.facts), (0, 0));
    // A program that knew of no facts has kept these.
    raw.run("DELETE FROM facts").await;
    raw.run("INSERT INTO unmade (content_id) SELECT id FROM contents").await;
    raw.close().await;
    desk.store.close().await;
    let store = open(&desk.place).await;
    assert_eq!(store.known_chapters(&run.id).await.unwrap(), grown.1);
    store.close().await;
}

pub(crate) async fn what_is_known_is_known_elsewhere(database: Database) {
    let desk = with_bin(Desk::new(database).await).await;
    let run = desk.run().await;
    let one = read("ch-1", 1, CHAPTER);
    let changed = mine(&one, OTHER);
    desk.write(&run, vec![keep(&one), keep(&changed)]).await;
    desk.write(&run, vec![reading(&changed.version_id, &changed.content_id, OTHER, &told(OTHER))]).await;
    let (known, all) = (desk.store.known_chapters(&run.id).await.unwrap(), rows(&desk).await);
    let project = desk.store.project(&run.brief_id).await.unwrap();
    let elsewhere = Desk::new(database).await;
    elsewhere.store.import_project(project, None).await.unwrap();
    assert_eq!(elsewhere.store.known_chapters(&run.id).await.unwrap(), known);
    assert_eq!(rows(&elsewhere).await, all);

    // What comes back from the bin is known again, also where a fork has kept the words and not the reading.
    let fork = forked(&desk, &run).await;
    desk.raw()
        .await
        .run(&format!("DELETE FROM readings WHERE version_id IN (SELECT id FROM artifact_versions WHERE run_id = '{}')", fork.id))
        .await;
    desk.store.delete_run(&run.id, false).await.unwrap();
    while desk.store.sweep().await.unwrap() {}
    assert_eq!(rows(&desk).await.len(), all.len() - 2, "the fork has the words, and has not read them");
    desk.store.restore_from_bin(&run.id, None).await.unwrap();
    assert_eq!((desk.store.known_chapters(&run.id).await.unwrap(), rows(&desk).await), (known, all));
}
