use std::sync::Arc;

use serde_json::json;
use story::brief::{BriefContent, FrozenBrief};
use studio::{
    artifact::ArtifactKind,
    brief::Snapshot,
    ports::{NewBrief, NewImport, PageOf, RunFilter, Store as _, StoreError},
    run::Status,
};

use crate::{
    Database,
    desk::{Desk, a_run, a_step, a_version, id, value},
};

/// An import of so many chapters into a brief of its own.
async fn an_import(desk: &Desk, chapters: u32) -> NewImport {
    let brief = desk.store.create_brief(NewBrief { title: "Salt".into(), content: BriefContent::default() }).await.unwrap();
    let frozen = FrozenBrief { title: brief.title.clone(), content: brief.content.clone() };
    let snapshot = Snapshot { id: id(), brief_id: brief.id.clone(), label: None, brief: frozen, author: None, created_at: 1 };
    let mut run = a_run(&brief.id, &snapshot.id);
    (run.status, run.last_index) = (Status::Succeeded, 1);
    let step = a_step(&run, 1);
    let chapters = (1..=chapters).map(|n| Arc::new(a_version(&format!("c{n:04}"), n, &format!("Chapter {n}.\n\nIt rained.")))).collect();
    let events = vec![("run.created", json!({ "n": 1 })), ("step.succeeded", json!({ "n": 2 }))];
    NewImport { snapshot, run, state: vec![("cursor".into(), value("\"done\""))], step, chapters, events, ticket: None }
}

pub(crate) async fn an_import_is_there_whole(database: Database) {
    let desk = Desk::new(database).await;
    let import = an_import(&desk, 60).await;
    let run = desk.store.import(import.clone()).await.unwrap();
    assert_eq!((run.id.as_str(), run.status, run.last_event, run.deleted_at), (import.run.id.as_str(), Status::Succeeded, 2, None));
    assert_eq!(desk.store.run(&run.id).await.unwrap(), run);
    assert_eq!(desk.store.snapshot(&import.snapshot.id).await.unwrap().brief, import.snapshot.brief);
    assert_eq!(desk.store.load(&run.id).await.unwrap().state["cursor"], value("\"done\""));
    assert_eq!(desk.store.state_after(&run.id, 0).await.unwrap()["cursor"], value("\"done\""));
    let latest = desk.store.latest_versions(&run.id).await.unwrap();
    assert_eq!((latest.len(), latest[59].1.text.as_str()), (60, "Chapter 60.\n\nIt rained."));
    let prints: Vec<String> = import.chapters[4].prints.iter().map(|(_, print)| print.clone()).collect();
    assert_eq!(desk.store.earlier_prints(&run.id, 61, &prints).await.unwrap().len(), prints.len());
    let events = desk.store.events(&run.id, 0, 10).await.unwrap();
    assert_eq!(events.iter().map(|event| event.number).collect::<Vec<_>>(), [1, 2]);
    while desk.store.sweep().await.unwrap() {}
    assert_eq!(desk.store.artifacts(&run.id).await.unwrap().len(), 60, "the sweeper leaves it alone");
}

pub(crate) async fn an_import_that_breaks_off_is_never_seen_and_is_swept(database: Database) {
    let desk = Desk::new(database).await;
    let mut import = an_import(&desk, 60).await;
    // The last chapter has an id that is taken: its slice cannot be written.
    let taken = import.chapters[0].version_id.clone();
    Arc::make_mut(&mut import.chapters[59]).version_id = taken;
    assert!(desk.store.import(import.clone()).await.is_err());
    let gone = |error: StoreError| assert!(matches!(error, StoreError::NotFound { .. }), "{error:?}");
    gone(desk.store.run(&import.run.id).await.unwrap_err());
    gone(desk.store.snapshot(&import.snapshot.id).await.unwrap_err());
    assert!(desk.store.runs(RunFilter::default()).await.unwrap().items.is_empty());
    assert!(desk.store.snapshots(&import.snapshot.brief_id, PageOf::default()).await.unwrap().items.is_empty());
    assert!(desk.store.artifact_of_unit(&import.run.id, ArtifactKind::NovelChapter, "c0001").await.unwrap().is_none());
    assert!(desk.store.feed(None, 10).await.unwrap().events.is_empty());
    let raw = desk.raw().await;
    assert!(raw.number("SELECT COUNT(*) FROM contents").await > 0, "some of it was written");
    tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    while desk.store.sweep().await.unwrap() {}
    for table in ["workflow_runs", "brief_snapshots", "artifacts", "artifact_versions", "contents", "paragraph_prints"] {
        assert_eq!(raw.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
}

pub(crate) async fn an_import_into_a_deleted_brief_is_refused(database: Database) {
    let desk = Desk::new(database).await;
    let import = an_import(&desk, 2).await;
    desk.store.delete_brief(&import.snapshot.brief_id).await.unwrap();
    let refused = desk.store.import(import).await;
    assert!(matches!(&refused, Err(StoreError::NotFound { what: "brief", .. })), "{refused:?}");
    assert_eq!(desk.raw().await.number("SELECT COUNT(*) FROM workflow_runs").await, 0);
}

pub(crate) async fn while_an_import_is_written_others_write_too(database: Database) {
    let desk = Desk::new(database).await;
    let import = an_import(&desk, 400).await;
    let store = desk.store.clone();
    let importing = tokio::spawn(async move { store.import(import).await });
    let mut between = 0;
    while !importing.is_finished() {
        desk.run().await;
        between += 1;
    }
    importing.await.unwrap().unwrap();
    assert!(between >= 3, "{between} runs were created meanwhile");
}

pub(crate) async fn a_setting_is_what_was_put_down_last(database: Database) {
    let desk = Desk::new(database).await;
    assert_eq!(desk.store.setting("prompt_presets").await.unwrap(), None);
    for value in [json!({ "a": 1 }), json!({ "b": "短剧" })] {
        desk.store.put_setting("prompt_presets", value.clone()).await.unwrap();
        assert_eq!(desk.neighbour().await.setting("prompt_presets").await.unwrap(), Some(value));
    }
    assert_eq!(desk.store.setting("other").await.unwrap(), None);
}
