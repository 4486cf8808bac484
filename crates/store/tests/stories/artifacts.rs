use std::sync::Arc;

use serde_json::json;
use story::{digests::ChapterDigest, extraction::Extraction, workflow::ChapterReread};
use studio::{
    artifact::{ArtifactKind, VersionSource},
    ports::{KeptVersion, Store as _, StoreError, Write},
};

use crate::{
    Database,
    desk::{Desk, a_told_run, a_version, always, by_hand, event, keep, value},
};

pub(crate) async fn a_version_is_kept_only_against_the_latest(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    let first = a_version("ch-1", 1, "It rained.\n\nAll day.");
    desk.write(&run, vec![keep(&first)]).await;
    let second = by_hand(&first, "It did not rain.");
    desk.write(&run, vec![keep(&second)]).await;

    let artifact = desk.store.artifact_of_unit(&run.id, ArtifactKind::NovelChapter, "ch-1").await.unwrap().unwrap();
    assert_eq!((artifact.id.as_str(), artifact.latest_version_id.as_str()), (first.artifact_id.as_str(), second.version_id.as_str()));
    assert_eq!((artifact.run_id.as_deref(), artifact.review.as_str()), (Some(run.id.as_str()), "none"));
    let latest = desk.store.latest_versions(&run.id).await.unwrap();
    let [(listed, version)] = latest.as_slice() else { panic!("{latest:?}") };
    assert_eq!(listed, &artifact);
    assert_eq!((version.number, version.source, version.text.as_str()), (2, VersionSource::User, "It did not rain."));
    assert_eq!(version.parent_id.as_deref(), Some(first.version_id.as_str()));
    assert_eq!((version.author.as_deref(), version.length.words), (Some("anna"), 4));
    assert!(desk.store.artifact_of_unit(&run.id, ArtifactKind::ScriptScene, "ch-1").await.unwrap().is_none());

    for late in [by_hand(&first, "Too late."), a_version("ch-1", 1, "As if there was none.")] {
        let refused = desk.store.change(&run.id, always(vec![keep(&late)])).await;
        assert!(matches!(&refused, Err(StoreError::ArtifactMovedOn { latest }) if *latest == second.version_id), "{refused:?}");
    }
}

pub(crate) async fn a_chapter_that_moved_on_undoes_the_whole_change(database: Database) {
    let desk = Desk::new(database).await;
    let (run, chapters) = a_told_run(&desk).await;
    desk.write(&run, vec![keep(&by_hand(&chapters[0], "Mine."))]).await;
    let before = (desk.store.load(&run.id).await.unwrap().state, desk.store.run(&run.id).await.unwrap());
    let late = by_hand(&chapters[0], "Late.");
    let writes =
        vec![event("a"), Write::State(vec![("outline".into(), Some(value("0")))]), keep(&by_hand(&chapters[1], "Fine.")), keep(&late)];
    assert!(matches!(desk.store.change(&run.id, always(writes)).await, Err(StoreError::ArtifactMovedOn { .. })));
    assert_eq!((desk.store.load(&run.id).await.unwrap().state, desk.store.run(&run.id).await.unwrap()), before);
    let texts: Vec<_> = desk.store.latest_versions(&run.id).await.unwrap().into_iter().map(|(_, v)| v.text).collect();
    assert_eq!(texts, ["Mine.", "Three.\n\nFour."]);
}

pub(crate) async fn repeated_paragraphs_are_found_in_earlier_chapters(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    let other = desk.run().await;
    let first = a_version("ch-1", 1, "Rain.\n\nDust.");
    let second = a_version("ch-2", 2, "Dust.\n\nWind.");
    desk.write(&run, vec![keep(&first), keep(&second)]).await;
    desk.write(&other, vec![keep(&a_version("ch-1", 1, "Snow."))]).await;
    let print = |text: &str| a_version("x", 1, text).prints[0].1.clone();
    let asked: Vec<String> = ["Rain.", "Dust.", "Wind.", "Snow."].map(print).into();
    let found = async |ordinal| desk.store.earlier_prints(&run.id, ordinal, &asked).await.unwrap();
    assert_eq!(found(3).await, [(print("Rain."), 1), (print("Dust."), 1), (print("Wind."), 2)].into());
    assert_eq!(found(2).await, [(print("Rain."), 1), (print("Dust."), 1)].into());
    assert!(found(1).await.is_empty());
    assert!(desk.store.earlier_prints(&run.id, 9, &[]).await.unwrap().is_empty());
    desk.write(&run, vec![keep(&by_hand(&first, "Nothing."))]).await;
    assert_eq!(found(3).await, [(print("Dust."), 2), (print("Wind."), 2)].into(), "only the latest versions count");
}

pub(crate) async fn what_was_read_last_of_a_chapter_stands_for_it(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    let told = |fact: &str| Arc::new(Extraction { fact_digest: fact.into(), ..Extraction::default() });
    let digest = |fact: &str| ChapterDigest { title: "A".into(), fact: fact.into(), tone: String::new() };
    let agent = |unit: &str, n, fact: &str| KeptVersion {
        extraction: Some(told(fact)),
        digest: json!(digest(fact)),
        ..a_version(unit, n, &format!("{fact}."))
    };
    let hand = |of: &KeptVersion, text: &str| KeptVersion { digest: json!(digest(text)), ..by_hand(of, text) };
    let (one, two, three) = (agent("ch-1", 1, "rain"), agent("ch-2", 2, "dust"), agent("ch-3", 3, "wind"));
    let changed = hand(&one, "Sun.");
    let facts = async |end| -> Vec<(u32, Option<String>, String)> {
        let readings = desk.store.readings(&run.id, end).await.unwrap();
        readings.into_iter().map(|r| (r.ordinal, r.extraction.map(|e| e.fact_digest), r.digest.fact)).collect()
    };
    let read = |n: u32, fact: &str| (n, Some(fact.to_owned()), fact.to_owned());

    desk.write(&run, vec![keep(&one), keep(&two), keep(&three), keep(&changed)]).await;
    assert_eq!(facts(3).await, [read(1, "rain"), read(2, "dust")], "until it is read, the old text stands for a changed chapter");
    let reading = ChapterReread {
        chapter_id: "ch-1".into(),
        version_id: changed.version_id.clone(),
        content_id: changed.content_id.clone(),
        extraction: Some(told("sun")),
        facts: None,
        digest: digest("sun"),
    };
    desk.write(&run, vec![Write::KeepReading(Arc::new(reading))]).await;
    desk.write(&run, vec![keep(&hand(&changed, "Snow."))]).await;
    assert_eq!(facts(9).await, [read(1, "sun"), read(2, "dust"), read(3, "wind")]);

    let version = desk.store.version(&changed.version_id).await.unwrap();
    assert_eq!((version.number, version.text.as_str()), (2, "Sun."));
    assert_eq!(desk.store.artifact(&one.artifact_id).await.unwrap().ordinal, 1);
    desk.store.delete_run(&run.id, false).await.unwrap();
    assert!(facts(9).await.is_empty());
    assert!(matches!(desk.store.version(&two.version_id).await, Err(StoreError::NotFound { what: "version", .. })));
    assert!(matches!(desk.store.artifact(&two.artifact_id).await, Err(StoreError::NotFound { what: "artifact", .. })));
}

pub(crate) async fn findings_hang_from_their_version(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    let mut version = a_version("ch-1", 1, "Short.");
    version.metadata = json!({"model": "rehearsal", "findings": [
        {"rule": "length", "severity": "error", "message": "too short"},
        {"rule": "forbidden-words", "severity": "warning", "message": "very"},
    ]});
    desk.write(&run, vec![keep(&version)]).await;
    assert_eq!(desk.store.latest_versions(&run.id).await.unwrap()[0].1.metadata, version.metadata);
    let raw = desk.raw().await;
    assert_eq!(raw.texts("SELECT rule FROM findings ORDER BY number").await, ["length", "forbidden-words"]);
}
