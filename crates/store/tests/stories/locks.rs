use story::text::Span;
use studio::{
    artifact::Artifact,
    lock::{Lock, LockedWords},
    ports::{Fork, KeptVersion, PageOf, Store as _, StoreError},
};

use crate::{
    Database,
    desk::{Desk, a_run, a_version, always, by_hand, keep},
};

fn a_lock(artifact: &str, words: Option<(&str, usize)>) -> Lock {
    Lock {
        id: uuid::Uuid::now_v7().to_string(),
        artifact_id: artifact.into(),
        words: words.map(|(text, start)| LockedWords { text: text.into(), start }),
        reason: "It stays.".into(),
        author: Some("anna".into()),
        created_at: 0,
    }
}

pub(crate) async fn locked_words_stand_in_every_version(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    let first = a_version("ch-1", 1, "It rained.\n\nAll day.");
    desk.write(&run, vec![keep(&first)]).await;
    let other = a_version("ch-2", 2, "All day.");
    desk.write(&run, vec![keep(&other)]).await;
    let lock = desk.store.lock(a_lock(&first.artifact_id, Some(("All day.", 12))), &first.version_id).await.unwrap();
    assert_eq!(desk.store.locks(&first.artifact_id).await.unwrap(), std::slice::from_ref(&lock));
    assert!(desk.store.locks(&other.artifact_id).await.unwrap().is_empty());

    let refused = desk.store.change(&run.id, always(vec![keep(&by_hand(&first, "It rained."))])).await;
    assert!(matches!(&refused, Err(StoreError::Locked { locks }) if *locks == std::slice::from_ref(&lock)), "{refused:?}");
    let second = by_hand(&first, "How it rained that year.\n\nAll day.");
    desk.write(&run, vec![keep(&second)]).await;
    let moved = desk.store.locks(&first.artifact_id).await.unwrap()[0].words.clone().unwrap();
    assert_eq!(moved.span(), Span { start: 26, end: 34 });
    desk.write(&run, vec![keep(&by_hand(&other, "Another one."))]).await;

    let late = desk.store.lock(a_lock(&first.artifact_id, None), &first.version_id).await;
    assert!(matches!(&late, Err(StoreError::ArtifactMovedOn { latest }) if *latest == second.version_id), "{late:?}");
    let whole = desk.store.lock(a_lock(&first.artifact_id, None), &second.version_id).await.unwrap();
    let all = by_hand(&second, "How it rained that year.\n\nAll day. And on.");
    let refused = desk.store.change(&run.id, always(vec![keep(&all)])).await;
    assert!(matches!(&refused, Err(StoreError::Locked { locks }) if *locks == std::slice::from_ref(&whole)), "{refused:?}");
    let page = desk.store.lock_page(&first.artifact_id, PageOf { limit: Some(1), cursor: None }).await.unwrap();
    assert_eq!(page.items, std::slice::from_ref(&whole));
    let rest = desk.store.lock_page(&first.artifact_id, PageOf { limit: Some(1), cursor: page.next_cursor }).await.unwrap();
    assert_eq!((rest.items[0].id.as_str(), rest.next_cursor), (lock.id.as_str(), None));
    assert_eq!(desk.store.unlock(&other.artifact_id, vec![whole.id.clone()]).await.unwrap(), 0, "not there");
    assert_eq!(desk.store.unlock(&first.artifact_id, vec![whole.id]).await.unwrap(), 1);
    desk.write(&run, vec![keep(&all)]).await;
}

pub(crate) async fn a_lock_outlives_the_run_that_its_words_were_in(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    let first = a_version("ch-1", 1, "It rained.");
    let mine = by_hand(&first, "It rained.\n\nAll day.");
    let gone = a_version("ch-2", 2, "Dust.");
    desk.write(&run, vec![keep(&first), keep(&mine), keep(&gone)]).await;
    desk.store.lock(a_lock(&first.artifact_id, Some(("All day.", 12))), &mine.version_id).await.unwrap();
    desk.store.lock(a_lock(&gone.artifact_id, None), &gone.version_id).await.unwrap();
    desk.store.delete_run(&run.id, true).await.unwrap();
    while desk.store.sweep().await.unwrap() {}
    let kept = KeptVersion { expected_latest: Some(mine.version_id.clone()), ..by_hand(&mine, "Nothing.") };
    let refused = desk.store.keep_manuscript(kept).await;
    assert!(matches!(refused, Err(StoreError::Locked { .. })), "{refused:?}");
    let raw = desk.raw().await;
    assert_eq!(raw.texts("SELECT artifact_id FROM artifact_locks").await, [first.artifact_id]);
}

pub(crate) async fn a_fork_keeps_the_locks_whose_words_it_has(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    let first = a_version("ch-1", 1, "It rained.\n\nAll day.");
    let second = a_version("ch-2", 2, "Dust.");
    desk.write(&run, vec![keep(&first), keep(&second)]).await;
    let newer = by_hand(&first, "How it rained.\n\nAll day.\n\nAnd all night.");
    desk.write(&run, vec![keep(&newer)]).await;
    for words in [("All day.", 16), ("And all night.", 26)] {
        desk.store.lock(a_lock(&first.artifact_id, Some(words)), &newer.version_id).await.unwrap();
    }
    desk.store.lock(a_lock(&second.artifact_id, None), &second.version_id).await.unwrap();
    // Back to where only the first version was.
    desk.raw().await.run("UPDATE artifact_versions SET since_index = 9 WHERE number = 2").await;
    let locks = async |now: bool| {
        let make =
            std::sync::Arc::new(|source: &studio::run::Run, _: &_| (a_run(&source.brief_id, &source.snapshot_id), serde_json::json!({})));
        let fork = desk.store.fork_run(Fork { source: run.id.clone(), index: 0, now, make }).await.unwrap().unwrap();
        let mut told = Vec::new();
        let artifacts: Vec<Artifact> = desk.store.artifacts(&fork.id).await.unwrap();
        for artifact in artifacts {
            let locks = desk.store.locks(&artifact.id).await.unwrap();
            told.extend(locks.into_iter().map(|lock| (artifact.ordinal, lock.words.map(|words| (words.text, words.start)))));
        }
        told
    };
    let told = |words: &str, start| (1, Some((words.to_owned(), start)));
    assert_eq!(locks(true).await, [told("All day.", 16), told("And all night.", 26), (2, None)]);
    desk.raw().await.run("UPDATE artifact_versions SET since_index = 0 WHERE number = 1").await;
    assert_eq!(locks(false).await, [told("All day.", 12), (2, None)], "found where they stood then");
}
