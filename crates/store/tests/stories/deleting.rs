use serde_json::json;
use studio::ports::{RunFilter, StepFilter, Store as _, StoreError};

use crate::{
    Database,
    desk::{Desk, a_call, a_step, a_told_run, always, by_hand, id, keep, open},
};

pub(crate) async fn a_deleted_run_is_invisible_at_once(database: Database) {
    let desk = Desk::new(database).await;
    let (run, _) = a_told_run(&desk).await;
    let preview = desk.store.deletion_preview(&run.id).await.unwrap();
    assert_eq!(preview["removes"], json!({"steps": 1, "calls": 1, "events": 2, "artifacts": 2, "versions": 2}));
    let step = desk.store.steps(&run.id, StepFilter::default()).await.unwrap().remove(0);
    desk.store.delete_run(&run.id, true).await.unwrap();

    let gone = |error: StoreError| assert!(matches!(error, StoreError::NotFound { .. }), "{error:?}");
    gone(desk.store.run(&run.id).await.unwrap_err());
    gone(desk.store.load(&run.id).await.unwrap_err());
    gone(desk.store.state_after(&run.id, 1).await.unwrap_err());
    gone(desk.store.change(&run.id, always(vec![])).await.unwrap_err());
    gone(desk.store.journal(a_call(&a_step(&run, 1), "x")).await.unwrap_err());
    gone(desk.store.leave_partial_text(&step.id, "x").await.unwrap_err());
    gone(desk.store.deletion_preview(&run.id).await.unwrap_err());
    gone(desk.store.delete_run(&run.id, true).await.unwrap_err());
    assert!(desk.store.runs(RunFilter::default()).await.unwrap().items.is_empty());
    assert!(desk.store.steps(&run.id, StepFilter::default()).await.unwrap().is_empty());
    assert!(desk.store.calls(&run.id, 1).await.unwrap().is_empty());
    assert!(desk.store.events(&run.id, 0, 10).await.unwrap().is_empty());
    assert!(desk.store.artifacts(&run.id).await.unwrap().is_empty());
    assert!(desk.store.latest_versions(&run.id).await.unwrap().is_empty());
    assert!(desk.store.earlier_prints(&run.id, 9, &["x".into()]).await.unwrap().is_empty());
    let told = desk.raw().await.texts("SELECT name FROM events ORDER BY position DESC LIMIT 1").await;
    assert_eq!(told, ["run.deleted"], "the feed tells it");
}

pub(crate) async fn the_sweeper_removes_every_row_and_no_neighbour(database: Database) {
    let desk = Desk::new(database).await;
    let (run, _) = a_told_run(&desk).await;
    let (neighbour, _) = a_told_run(&desk).await;
    let raw = desk.raw().await;
    let about = "'Yes.', '{}', '{}', '{}', 1 FROM workflow_runs";
    raw.run(&format!("INSERT INTO proposals (id, run_id, message, patch, state_map, told, created_at) SELECT id, id, {about}")).await;
    let mut before = raw.rows_of(&neighbour.id).await;
    assert_eq!(before.remove("source_pins"), Some(0), "a novel is made from nothing; its own story tells of pins");
    assert!(before.values().all(|rows| *rows > 0), "the story leaves rows everywhere: {before:?}");
    desk.store.delete_run(&run.id, true).await.unwrap();
    while desk.store.sweep().await.unwrap() {}
    let mut left = raw.rows_of(&run.id).await;
    assert_eq!(left.remove("events"), Some(1), "only `run.deleted` stays in the feed");
    assert!(left.values().all(|rows| *rows == 0), "{left:?}");
    let mut after = raw.rows_of(&neighbour.id).await;
    after.remove("source_pins");
    assert_eq!(after, before);
    assert_eq!(raw.number("SELECT COUNT(*) FROM contents").await, 2, "the neighbour's");
    assert_eq!(raw.number("SELECT COUNT(*) FROM paragraph_prints").await, 4);
    assert_eq!(raw.number("SELECT COUNT(*) FROM findings").await, 1);
    assert_eq!(desk.store.latest_versions(&neighbour.id).await.unwrap().len(), 2);
}

pub(crate) async fn what_a_person_wrote_is_kept(database: Database) {
    let desk = Desk::new(database).await;
    let (run, chapters) = a_told_run(&desk).await;
    let mine = by_hand(&chapters[0], "My own words.");
    desk.write(&run, vec![keep(&mine)]).await;
    assert_eq!(desk.store.deletion_preview(&run.id).await.unwrap()["keeps"], json!({"manuscripts": 1, "versions": 1}));
    desk.store.delete_run(&run.id, true).await.unwrap();
    while desk.store.sweep().await.unwrap() {}
    let raw = desk.raw().await;
    assert_eq!(raw.texts("SELECT text FROM contents").await, ["My own words."]);
    assert_eq!(raw.texts("SELECT latest_version_id FROM artifacts WHERE run_id IS NULL").await, std::slice::from_ref(&mine.version_id));
    assert_eq!(raw.texts("SELECT id FROM artifact_versions WHERE run_id IS NULL AND parent_id IS NULL").await, [mine.version_id]);
    if database == Database::Sqlite {
        // PostgreSQL has no way to be wrong here.
        assert_eq!(raw.number("SELECT COUNT(*) FROM pragma_foreign_key_check").await, 0);
    }
}

pub(crate) async fn what_a_person_wrote_goes_where_that_was_asked(database: Database) {
    let desk = Desk::new(database).await;
    let (run, chapters) = a_told_run(&desk).await;
    desk.write(&run, vec![keep(&by_hand(&chapters[0], "My own words."))]).await;
    desk.store.delete_run(&run.id, false).await.unwrap();
    while desk.store.sweep().await.unwrap() {}
    let raw = desk.raw().await;
    for table in ["contents", "artifacts", "artifact_versions"] {
        assert_eq!(raw.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
}

pub(crate) async fn the_sweeper_goes_on_after_a_restart(database: Database) {
    let desk = Desk::new(database).await;
    let mut runs = Vec::new();
    for _ in 0..3 {
        let (run, _) = a_told_run(&desk).await;
        desk.store.delete_run(&run.id, true).await.unwrap();
        runs.push(run);
    }
    desk.store.close().await;
    let store = open(&desk.place).await;
    while store.sweep().await.unwrap() {}
    let raw = desk.raw().await;
    for run in runs {
        assert_eq!(raw.rows_of(&run.id).await.values().sum::<i64>(), 1, "all but `run.deleted`");
    }
    assert!(!store.sweep().await.unwrap());
}

pub(crate) async fn two_processes_sweep_at_once(database: Database) {
    let desk = Desk::new(database).await;
    let neighbour = desk.neighbour().await;
    let mut runs = Vec::new();
    for _ in 0..6 {
        let (run, _) = a_told_run(&desk).await;
        desk.store.delete_run(&run.id, true).await.unwrap();
        runs.push(run);
    }
    let sweeping = [desk.store.clone(), neighbour].map(|store| tokio::spawn(async move { while store.sweep().await.unwrap() {} }));
    for sweeper in sweeping {
        sweeper.await.unwrap();
    }
    // What one of them held, the other left alone: whoever looks next finishes it.
    while desk.store.sweep().await.unwrap() {}
    let raw = desk.raw().await;
    for run in runs {
        assert_eq!(raw.rows_of(&run.id).await.values().sum::<i64>(), 1, "all but `run.deleted`");
    }
    assert_eq!(raw.number("SELECT COUNT(*) FROM contents").await, 0);
}

pub(crate) async fn a_text_that_a_run_is_made_from_outlives_its_own_run(database: Database) {
    let desk = Desk::new(database).await;
    let (source, chapters) = a_told_run(&desk).await;
    let pins: Vec<String> = chapters.iter().map(|chapter| chapter.content_id.clone()).collect();
    let adaptation =
        studio::run::Run { id: id(), snapshot_id: source.snapshot_id.clone(), brief_id: source.brief_id.clone(), ..desk.run().await };
    let adaptation = desk.store.create_run(adaptation, Vec::new(), pins.clone(), json!({})).await.unwrap();
    let nobody = studio::run::Run { id: id(), ..adaptation.clone() };
    let refused = desk.store.create_run(nobody.clone(), Vec::new(), vec![id()], json!({})).await.unwrap_err();
    assert!(matches!(refused, StoreError::NotFound { what: "content", .. }), "{refused:?}");
    assert!(desk.store.run(&nobody.id).await.is_err(), "nothing of it was stored");

    let sweep = async || while desk.store.sweep().await.unwrap() {};
    desk.store.delete_run(&source.id, false).await.unwrap();
    sweep().await;
    let words = desk.store.contents(&pins).await.unwrap();
    assert_eq!(words.values().map(String::as_str).collect::<std::collections::BTreeSet<_>>(), ["One.\n\nTwo.", "Three.\n\nFour."].into());
    desk.store.delete_run(&adaptation.id, false).await.unwrap();
    sweep().await;
    assert!(desk.store.contents(&pins).await.unwrap().is_empty(), "nobody refers to them any more");
}
