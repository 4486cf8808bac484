//! What the doors ask of the store: lists in pages, changes of briefs, single texts, the feed of all runs.

use serde_json::json;
use story::brief::{BriefContent, FrozenBrief};
use studio::{
    artifact::ArtifactKind,
    event::Event,
    ports::{ArtifactFilter, NewBrief, NewSnapshot, Page, PageOf, RunFilter, StepFilter, Store as _, StoreError, Write},
};

use crate::{
    Database,
    desk::{Desk, a_run, a_step, a_told_run, by_hand, keep},
};

fn page(limit: u32, cursor: Option<String>) -> PageOf {
    PageOf { limit: Some(limit), cursor }
}

fn brief(title: &str) -> NewBrief {
    NewBrief { title: title.into(), content: BriefContent::default() }
}

fn gone<T: std::fmt::Debug>(answer: Result<T, StoreError>) {
    assert!(matches!(answer, Err(StoreError::NotFound { .. })), "{answer:?}");
}

pub(crate) async fn briefs_and_snapshots_are_listed_newest_first_in_pages(database: Database) {
    let desk = Desk::new(database).await;
    let mut briefs = Vec::new();
    let mut snapshots = Vec::new();
    for n in 0..5 {
        briefs.insert(0, desk.store.create_brief(brief(&n.to_string())).await.unwrap());
    }
    for n in 0..5 {
        let frozen = FrozenBrief { title: n.to_string(), content: BriefContent::default() };
        let new = NewSnapshot { brief_id: briefs[0].id.clone(), label: Some(n.to_string()), brief: frozen };
        snapshots.insert(0, desk.store.create_snapshot(new).await.unwrap());
    }
    let (mut listed, mut frozen) = (Vec::new(), Vec::new());
    let mut cursor = None;
    loop {
        let Page { items, next_cursor } = desk.store.briefs(page(2, cursor)).await.unwrap();
        listed.extend(items);
        cursor = next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    loop {
        let Page { items, next_cursor } = desk.store.snapshots(&briefs[0].id, page(2, cursor)).await.unwrap();
        frozen.extend(items);
        cursor = next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!((listed, frozen), (briefs.clone(), snapshots));
    assert!(desk.store.snapshots(&briefs[1].id, PageOf::default()).await.unwrap().items.is_empty());
}

pub(crate) async fn a_brief_is_changed_only_as_it_was_seen(database: Database) {
    let desk = Desk::new(database).await;
    let first = desk.store.create_brief(brief("One")).await.unwrap();
    let second = desk.store.save_brief(&first.id, first.updated_at, brief("Two")).await.unwrap().unwrap();
    assert_eq!((second.title.as_str(), second.created_at), ("Two", first.created_at));
    assert!(second.updated_at > first.updated_at);
    assert_eq!(desk.store.save_brief(&first.id, first.updated_at, brief("Late")).await.unwrap(), None);
    assert_eq!(desk.store.brief(&first.id).await.unwrap(), second);
    gone(desk.store.save_brief("none", 0, brief("x")).await);
}

pub(crate) async fn a_deleted_brief_takes_everything_under_it(database: Database) {
    let desk = Desk::new(database).await;
    let (run, chapters) = a_told_run(&desk).await;
    let (neighbour, _) = a_told_run(&desk).await;
    desk.write(&run, vec![keep(&by_hand(&chapters[0], "My own words."))]).await;
    let raw = desk.raw().await;
    let before = raw.rows_of(&neighbour.id).await;
    let preview = desk.store.brief_deletion(&run.brief_id).await.unwrap();
    assert_eq!(preview["removes"], json!({"snapshots": 1, "runs": 1, "steps": 1, "versions": 3, "manuscripts": 0}));
    desk.store.delete_brief(&run.brief_id).await.unwrap();
    gone(desk.store.brief(&run.brief_id).await);
    gone(desk.store.snapshot(&run.snapshot_id).await);
    gone(desk.store.create_run(a_run(&run.brief_id, &run.snapshot_id), Vec::new(), Vec::new(), json!({})).await);
    assert_eq!(desk.store.delete_orphans().await.unwrap(), std::slice::from_ref(&run.id));
    assert!(desk.store.delete_orphans().await.unwrap().is_empty());
    gone(desk.store.run(&run.id).await);
    gone(desk.store.delete_brief(&run.brief_id).await);
    gone(desk.store.brief_deletion(&run.brief_id).await);
    assert_eq!(desk.store.briefs(PageOf::default()).await.unwrap().items.len(), 1);
    let frozen = FrozenBrief { title: String::new(), content: BriefContent::default() };
    gone(desk.store.create_snapshot(NewSnapshot { brief_id: run.brief_id.clone(), label: None, brief: frozen }).await);
    while desk.store.sweep().await.unwrap() {}
    for table in ["briefs", "brief_snapshots", "workflow_runs"] {
        assert_eq!(raw.number(&format!("SELECT COUNT(*) FROM {table}")).await, 1, "{table}");
    }
    assert_eq!(raw.number("SELECT COUNT(*) FROM contents").await, 2, "the neighbour's");
    assert_eq!(raw.rows_of(&neighbour.id).await, before);
}

pub(crate) async fn a_deleted_snapshot_leaves_what_a_person_wrote(database: Database) {
    let desk = Desk::new(database).await;
    let (run, chapters) = a_told_run(&desk).await;
    let mine = by_hand(&chapters[0], "My own words.");
    desk.write(&run, vec![keep(&mine)]).await;
    let preview = desk.store.snapshot_deletion(&run.snapshot_id).await.unwrap();
    assert_eq!((&preview["removes"]["versions"], &preview["keeps"]["versions"]), (&json!(2), &json!(1)));
    desk.store.delete_snapshot(&run.snapshot_id, true).await.unwrap();
    gone(desk.store.snapshot(&run.snapshot_id).await);
    // Whoever deleted it died at once: the sweeper goes on with its runs.
    while desk.store.sweep().await.unwrap() {}
    gone(desk.store.run(&run.id).await);
    let kept = desk.store.version(&mine.version_id).await.unwrap();
    assert_eq!((kept.text.as_str(), kept.run_id, kept.snapshot_id), ("My own words.", None, None));

    let next = by_hand(&mine, "Better words.");
    desk.store.keep_manuscript(next.clone()).await.unwrap();
    let late = desk.store.keep_manuscript(by_hand(&mine, "Late words.")).await;
    assert!(matches!(late, Err(StoreError::ArtifactMovedOn { ref latest }) if *latest == next.version_id), "{late:?}");
    let artifact = desk.store.artifact(&mine.artifact_id).await.unwrap();
    assert_eq!((artifact.latest_version_id, artifact.run_id), (next.version_id, None));
    desk.store.delete_brief(&run.brief_id).await.unwrap();
    gone(desk.store.artifact(&mine.artifact_id).await);
    gone(desk.store.version(&mine.version_id).await);
    while desk.store.sweep().await.unwrap() {}
    assert_eq!(desk.raw().await.number("SELECT COUNT(*) FROM contents").await, 0);
}

pub(crate) async fn artifacts_and_versions_are_listed_and_read(database: Database) {
    let desk = Desk::new(database).await;
    let (run, chapters) = a_told_run(&desk).await;
    let (other, _) = a_told_run(&desk).await;
    let mine = by_hand(&chapters[1], "My own words.");
    desk.write(&run, vec![keep(&mine)]).await;
    let of_run = ArtifactFilter { run_id: Some(run.id.clone()), page: page(1, None), ..ArtifactFilter::default() };
    let first = desk.store.artifact_page(of_run.clone()).await.unwrap();
    let second = desk.store.artifact_page(ArtifactFilter { page: page(1, first.next_cursor.clone()), ..of_run }).await.unwrap();
    let ids: Vec<&str> = first.items.iter().chain(&second.items).map(|artifact| artifact.id.as_str()).collect();
    assert_eq!((ids, second.next_cursor), (vec![chapters[0].artifact_id.as_str(), &chapters[1].artifact_id], None));
    let of_snapshot =
        ArtifactFilter { snapshot_id: Some(other.snapshot_id), kind: Some(ArtifactKind::NovelChapter), ..ArtifactFilter::default() };
    assert_eq!(desk.store.artifact_page(of_snapshot).await.unwrap().items.len(), 2);
    let scenes = ArtifactFilter { kind: Some(ArtifactKind::ScriptScene), ..ArtifactFilter::default() };
    assert!(desk.store.artifact_page(scenes).await.unwrap().items.is_empty());

    let versions = desk.store.versions(&mine.artifact_id, page(1, None)).await.unwrap();
    assert_eq!((versions.items[0].id.as_str(), versions.items[0].number), (mine.version_id.as_str(), 2));
    let older = desk.store.versions(&mine.artifact_id, page(1, versions.next_cursor)).await.unwrap();
    assert_eq!((older.items[0].id.as_str(), older.next_cursor), (chapters[1].version_id.as_str(), None));
    assert_eq!(older.items[0].metadata["findings"][0]["rule"], "length", "findings hang from it");
    assert_eq!(desk.store.version(&chapters[1].version_id).await.unwrap(), older.items[0]);
    assert_eq!(desk.store.artifact(&mine.artifact_id).await.unwrap().latest_version_id, mine.version_id);
    gone(desk.store.artifact("none").await);
    gone(desk.store.version("none").await);
    desk.store.delete_run(&run.id, false).await.unwrap();
    gone(desk.store.artifact(&mine.artifact_id).await);
    gone(desk.store.version(&mine.version_id).await);
    assert!(desk.store.versions(&mine.artifact_id, PageOf::default()).await.unwrap().items.is_empty());
}

pub(crate) async fn attempts_come_in_pages(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    for (index, attempt) in [(1, 1), (1, 2), (1, 3), (2, 1)] {
        let mut step = a_step(&run, index);
        step.attempt = attempt;
        step.status = studio::step::StepStatus::Failed;
        desk.write(&run, vec![Write::InsertStep(Box::new(step))]).await;
    }
    let after = async |after: Option<(i64, i64)>| {
        let filter = StepFilter { after_attempt: after, limit: Some(2), ..StepFilter::default() };
        let steps = desk.store.steps(&run.id, filter).await.unwrap();
        steps.iter().map(|step| (step.index, step.attempt)).collect::<Vec<_>>()
    };
    assert_eq!(after(None).await, [(1, 1), (1, 2)]);
    assert_eq!(after(Some((1, 2))).await, [(1, 3), (2, 1)]);
    assert_eq!(after(Some((2, 1))).await, []);
    let before = StepFilter { after_attempt: Some((2, 1)), newest_first: true, in_brief: true, limit: Some(2), ..StepFilter::default() };
    let steps = desk.store.steps(&run.id, before).await.unwrap();
    assert_eq!(steps.iter().map(|step| (step.index, step.attempt)).collect::<Vec<_>>(), [(1, 3), (1, 2)]);
    assert!(steps.iter().all(|step| step.state_patch.is_none() && step.context.is_none()));
}

pub(crate) async fn the_feed_tells_of_all_runs_in_one_order(database: Database) {
    let desk = Desk::new(database).await;
    assert_eq!(desk.store.feed_latest().await.unwrap(), desk.store.feed(None, 10).await.unwrap().next);
    let (first, _) = a_told_run(&desk).await;
    let (second, _) = a_told_run(&desk).await;
    // On a server the feed holds back what an older transaction, of anybody, might still come before.
    let mut all = desk.store.feed(None, 100).await.unwrap();
    while all.events.len() < 4 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        all = desk.store.feed(None, 100).await.unwrap();
    }
    let of = |events: &[(String, Event)]| events.iter().map(|(_, e)| (e.run_id.clone(), e.number)).collect::<Vec<_>>();
    let told = [&first, &second].iter().flat_map(|run| [(run.id.clone(), 1), (run.id.clone(), 2)]).collect::<Vec<_>>();
    assert_eq!(of(&all.events), told);
    assert_eq!(all.next, desk.store.feed_latest().await.unwrap());
    let mut at = None;
    let mut again = Vec::new();
    loop {
        let piece = desk.store.feed(at, 1).await.unwrap();
        if piece.events.is_empty() {
            break;
        }
        at = Some(piece.next);
        again.extend(piece.events);
    }
    assert_eq!(again, all.events);
    desk.store.delete_run(&first.id, true).await.unwrap();
    let mut left = desk.store.feed(None, 100).await.unwrap();
    while left.events.last().is_none_or(|(_, event)| event.name != "run.deleted") {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        left = desk.store.feed(None, 100).await.unwrap();
    }
    assert_eq!(left.events.last().map(|(_, e)| (e.name.as_str(), e.run_id.as_str())), Some(("run.deleted", first.id.as_str())));
    assert_eq!(left.events.len(), 3, "what was deleted is told no more, but that it was");
    assert!(desk.store.runs(RunFilter::default()).await.unwrap().items.len() == 1);
}
