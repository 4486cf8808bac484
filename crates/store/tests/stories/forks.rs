use std::{collections::BTreeMap, sync::Arc};

use serde_json::json;
use story::{digests::ChapterDigest, extraction::Extraction, workflow::ChapterReread};
use studio::{
    artifact::VersionSource,
    ports::{Fork, Inherited, KeptVersion, PageOf, RunFilter, Store as _, StoreError, StoredValue, Write},
    run::{ActiveStep, Run},
    step::{Step, StepStatus},
};

use crate::{
    Database,
    desk::{Desk, a_call, a_run, a_step, a_version, by, by_hand, id, keep, succeeded, value},
};

/// One step from claim to commit: the state after it has this cursor and nothing else that is new.
async fn a_done_step(desk: &Desk, run: &Run, index: i64, cursor: &str, extra: Vec<Write>) {
    let step = a_step(run, index);
    begun(desk, &step).await;
    let cursor = value(&json!({ "phase": cursor }).to_string());
    let outline = value("{\"chapters\":{}}");
    let mut writes = vec![
        Write::State(vec![("cursor".into(), Some(cursor.clone())), ("outline".into(), Some(outline.clone()))]),
        succeeded(&step, &[("cursor", &cursor), ("outline", &outline)]),
    ];
    writes.extend(extra);
    let done = move |run: &mut Run| {
        run.active_step = None;
        Ok(writes.clone())
    };
    desk.store.change(&run.id, by(done)).await.unwrap();
}

async fn begun(desk: &Desk, step: &Step) {
    let inserted = step.clone();
    let begin = move |run: &mut Run| {
        run.last_index = inserted.index;
        let active = ActiveStep { id: inserted.id.clone(), index: inserted.index, attempt: 1, name: inserted.name.clone(), started_at: 7 };
        run.active_step = Some(active);
        Ok(vec![Write::InsertStep(Box::new(inserted.clone()))])
    };
    desk.store.change(&step.run_id, by(begin)).await.unwrap();
}

/// A run of four steps: a plan, chapter 1 at step 2, chapter 2 at step 4. A person changed chapter 1 while step 4 was at work.
async fn a_line(desk: &Desk) -> (Run, [KeptVersion; 3]) {
    let run = desk.run().await;
    let digest = || json!({"title": "A", "fact": "rain", "tone": ""});
    let one = KeptVersion {
        step_index: Some(2),
        digest: digest(),
        metadata: json!({"findings": [{"rule": "length", "severity": "warning"}], "model": "rehearsal"}),
        ..a_version("ch-1", 1, "One.\n\nTwo.")
    };
    let two = KeptVersion { step_index: Some(4), digest: digest(), ..a_version("ch-2", 2, "Three.") };
    a_done_step(desk, &run, 1, "beats", vec![]).await;
    a_done_step(desk, &run, 2, "beats", vec![keep(&one)]).await;
    a_done_step(desk, &run, 3, "draft", vec![]).await;
    let step = a_step(&run, 4);
    begun(desk, &step).await;
    let mine = KeptVersion { digest: digest(), ..by_hand(&one, "My own words.") };
    let (unread, writes) = (mine.version_id.clone(), vec![keep(&mine)]);
    let hand = move |run: &mut Run| {
        run.unread.insert("ch-1".into(), unread.clone());
        Ok(writes.clone())
    };
    desk.store.change(&run.id, by(hand)).await.unwrap();
    let cursor = value("{\"phase\":\"done\"}");
    let writes = vec![Write::State(vec![("cursor".into(), Some(cursor.clone()))]), succeeded(&step, &[("cursor", &cursor)]), keep(&two)];
    let done = move |run: &mut Run| {
        run.active_step = None;
        Ok(writes.clone())
    };
    desk.store.change(&run.id, by(done)).await.unwrap();
    (desk.store.run(&run.id).await.unwrap(), [one, mine, two])
}

/// A fork as the desk asks for it; what waits to be read is taken over as it is.
fn fork_at(source: &Run, index: i64, now: bool) -> (String, Fork) {
    let fork_id = id();
    let made = fork_id.clone();
    let make = move |source: &Run, inherited: &Inherited| {
        let run = Run {
            id: made.clone(),
            label: Some("another way".into()),
            forked_from: Some((source.id.clone(), index)),
            unread: inherited.unread.iter().map(|(unit, (_, version))| (unit.clone(), version.clone())).collect(),
            ..a_run(&source.brief_id, &source.snapshot_id)
        };
        (run, json!({"run": made}))
    };
    (fork_id, Fork { source: source.id.clone(), index, now, make: Arc::new(make) })
}

async fn forked(desk: &Desk, source: &Run, index: i64, now: bool) -> Run {
    let (_, fork) = fork_at(source, index, now);
    desk.store.fork_run(fork).await.unwrap().unwrap()
}

async fn texts(desk: &Desk, run: &Run) -> Vec<String> {
    desk.store.latest_versions(&run.id).await.unwrap().into_iter().map(|(_, version)| version.text).collect()
}

fn bytes(state: &BTreeMap<String, StoredValue>) -> Vec<(String, String)> {
    state.iter().map(|(key, stored)| (key.clone(), stored.json.to_string())).collect()
}

pub(crate) async fn a_fork_has_the_state_and_the_versions_of_its_step(database: Database) {
    let desk = Desk::new(database).await;
    let (source, _) = a_line(&desk).await;
    let before = (desk.store.run(&source.id).await.unwrap(), desk.raw().await.rows_of(&source.id).await);
    let expected: [&[&str]; 5] = [&[], &[], &["One.\n\nTwo."], &["One.\n\nTwo."], &["My own words.", "Three."]];
    for (index, expected) in (0..).zip(expected) {
        let fork = forked(&desk, &source, index, false).await;
        let state = desk.store.load(&fork.id).await.unwrap().state;
        assert_eq!(bytes(&state), bytes(&desk.store.state_after(&source.id, index).await.unwrap()), "step {index}");
        assert_eq!(bytes(&state), bytes(&desk.store.state_after(&fork.id, 0).await.unwrap()), "it begins with that state");
        assert_eq!(texts(&desk, &fork).await, expected, "step {index}");
        assert_eq!((fork.last_index, fork.forked_from.clone(), fork.last_event), (0, Some((source.id.clone(), index)), 1));
        assert!(desk.store.steps(&fork.id, Default::default()).await.unwrap().is_empty());
        assert_eq!(desk.store.events(&fork.id, 0, 9).await.unwrap()[0].name, "run.created");
        assert_eq!(desk.store.run(&fork.id).await.unwrap(), fork);
    }
    assert_eq!((desk.store.run(&source.id).await.unwrap(), desk.raw().await.rows_of(&source.id).await), before, "the source is untouched");
}

pub(crate) async fn a_fork_has_rows_of_its_own_and_shares_the_words(database: Database) {
    let desk = Desk::new(database).await;
    let (source, [one, mine, _]) = a_line(&desk).await;
    let contents = desk.raw().await.number("SELECT COUNT(*) FROM contents").await;
    let fork = forked(&desk, &source, 4, true).await;
    let raw = desk.raw().await;
    assert_eq!(raw.number("SELECT COUNT(*) FROM contents").await, contents, "no text was copied");
    let latest = desk.store.latest_versions(&fork.id).await.unwrap();
    let (artifact, version) = &latest[0];
    assert_ne!((&artifact.id, &version.id), (&one.artifact_id, &mine.version_id));
    assert_eq!((&artifact.unit_id, artifact.ordinal, &artifact.latest_version_id), (&"ch-1".to_owned(), 1, &version.id));
    assert_eq!((version.number, version.source, &version.content_id), (2, VersionSource::User, &mine.content_id));
    assert_eq!((version.author.as_deref(), version.step_index, version.run_id.as_ref()), (Some("anna"), None, Some(&fork.id)));
    let first = desk.store.version(version.parent_id.as_ref().unwrap()).await.unwrap();
    assert_eq!((first.number, &first.metadata, &first.artifact_id), (1, &one.metadata, &artifact.id), "with its findings");
    assert_eq!(fork.unread, [("ch-1".to_owned(), version.id.clone())].into(), "what waits to be read waits here, too");

    // Each goes on alone.
    let next = KeptVersion { artifact_id: artifact.id.clone(), expected_latest: Some(version.id.clone()), ..by_hand(&one, "Another way.") };
    desk.write(&fork, vec![keep(&next), Write::State(vec![("cursor".into(), Some(value("\"x\"")))])]).await;
    assert_eq!(texts(&desk, &fork).await, ["Another way.", "Three."]);
    assert_eq!(texts(&desk, &source).await, ["My own words.", "Three."]);
    assert_eq!(desk.store.load(&source.id).await.unwrap().state["cursor"].json.to_string(), "{\"phase\":\"done\"}");
}

pub(crate) async fn a_fork_is_whole_when_its_source_is_gone(database: Database) {
    let desk = Desk::new(database).await;
    let (source, _) = a_line(&desk).await;
    let fork = forked(&desk, &source, 4, true).await;
    let of_fork = forked(&desk, &fork, 0, false).await;
    let early = forked(&desk, &source, 2, false).await;
    desk.store.delete_run(&source.id, false).await.unwrap();
    while desk.store.sweep().await.unwrap() {}
    for run in [&fork, &of_fork] {
        assert_eq!(texts(&desk, run).await, ["My own words.", "Three."]);
        assert_eq!(desk.store.load(&run.id).await.unwrap().state.len(), 1);
    }
    assert_eq!(texts(&desk, &early).await, ["One.\n\nTwo."]);
    let print = a_version("x", 1, "Two.").prints[0].1.clone();
    assert_eq!(desk.store.earlier_prints(&early.id, 9, std::slice::from_ref(&print)).await.unwrap(), [(print, 1)].into());
    desk.store.delete_run(&fork.id, false).await.unwrap();
    while desk.store.sweep().await.unwrap() {}
    assert_eq!(texts(&desk, &of_fork).await, ["My own words.", "Three."]);
    for run in [&of_fork, &early] {
        desk.store.delete_run(&run.id, false).await.unwrap();
    }
    while desk.store.sweep().await.unwrap() {}
    assert_eq!(desk.raw().await.number("SELECT COUNT(*) FROM contents").await, 0, "the last one takes the words with it");
}

pub(crate) async fn only_a_success_can_be_forked(database: Database) {
    let desk = Desk::new(database).await;
    let (source, _) = a_line(&desk).await;
    let failed = Step { status: StepStatus::Failed, finished_at: Some(9), ..a_step(&source, 5) };
    desk.write(&source, vec![Write::InsertStep(Box::new(failed))]).await;
    begun(&desk, &a_step(&source, 6)).await;
    for index in [5, 6, 7, -1] {
        let refused = desk.store.fork_run(fork_at(&source, index, false).1).await;
        assert!(matches!(refused, Err(StoreError::NotFound { what: "step", .. })), "{index}: {refused:?}");
    }
    assert_eq!(desk.store.last_success(&source.id).await.unwrap(), 4);
    assert_eq!(
        texts(&desk, &forked(&desk, &source, 4, true).await).await,
        ["My own words.", "Three."],
        "what is in flight is no part of it"
    );
    assert!(desk.store.fork_run(fork_at(&source, 3, true).1).await.unwrap().is_none(), "it has moved on since");
    desk.store.delete_run(&source.id, true).await.unwrap();
    let refused = desk.store.fork_run(fork_at(&source, 4, true).1).await;
    assert!(matches!(refused, Err(StoreError::NotFound { what: "run", .. })), "{refused:?}");
}

pub(crate) async fn what_was_read_in_one_line_is_not_read_in_another(database: Database) {
    let desk = Desk::new(database).await;
    let (source, [_, mine, _]) = a_line(&desk).await;
    let before = forked(&desk, &source, 4, false).await;
    assert_eq!(before.unread.len(), 1, "step 4 ended with it unread");
    let reading = |fact: &str, version: &str| {
        let digest = ChapterDigest { title: "A".into(), fact: fact.into(), tone: String::new() };
        let extraction = Some(Arc::new(Extraction { fact_digest: fact.into(), ..Extraction::default() }));
        let (content_id, version_id) = (mine.content_id.clone(), version.to_owned());
        Write::KeepReading(Arc::new(ChapterReread { chapter_id: "ch-1".into(), version_id, content_id, extraction, facts: None, digest }))
    };
    a_done_step(&desk, &source, 5, "draft", vec![reading("sun", &mine.version_id)]).await;
    let facts = async |run: &Run| -> Vec<Option<String>> {
        desk.store.readings(&run.id, 2).await.unwrap().into_iter().map(|r| r.extraction.map(|e| e.fact_digest)).collect()
    };
    assert_eq!((facts(&source).await, facts(&before).await), (vec![Some("sun".into())], vec![None]));
    let (again, after) = (forked(&desk, &source, 4, false).await, forked(&desk, &source, 5, false).await);
    assert_eq!((again.unread.len(), facts(&again).await), (1, vec![None]), "at step 4 nobody had read it");
    assert_eq!((after.unread.len(), facts(&after).await), (0, vec![Some("sun".into())]));
    a_done_step(&desk, &before, 1, "draft", vec![reading("moon", before.unread.values().next().unwrap())]).await;
    assert_eq!((facts(&source).await, facts(&before).await), (vec![Some("sun".into())], vec![Some("moon".into())]));
    assert_eq!(facts(&forked(&desk, &after, 0, false).await).await, vec![Some("sun".into())], "a fork of a fork has read it, too");
}

pub(crate) async fn forks_are_listed_with_their_own_forks(database: Database) {
    let desk = Desk::new(database).await;
    let (source, _) = a_line(&desk).await;
    let (other, _) = a_line(&desk).await;
    let a = forked(&desk, &source, 2, false).await;
    let b = forked(&desk, &a, 0, false).await;
    let c = forked(&desk, &source, 4, true).await;
    forked(&desk, &other, 1, false).await;
    let list = async |run: &Run, page: PageOf| {
        let filter = RunFilter { forks_of: Some(run.id.clone()), limit: page.limit, cursor: page.cursor, ..RunFilter::default() };
        let page = desk.store.runs(filter).await.unwrap();
        (page.items.into_iter().map(|run| run.id).collect::<Vec<_>>(), page.next_cursor)
    };
    assert_eq!(list(&source, PageOf::default()).await.0, [c.id.clone(), b.id.clone(), a.id.clone()]);
    let (first, next) = list(&source, PageOf { limit: Some(2), cursor: None }).await;
    assert_eq!((first.len(), list(&source, PageOf { limit: Some(2), cursor: next }).await.0), (2, vec![a.id.clone()]));
    assert_eq!(list(&a, PageOf::default()).await.0, [b.id]);
    desk.store.delete_run(&c.id, true).await.unwrap();
    assert_eq!(list(&source, PageOf::default()).await.0.len(), 2);
}

pub(crate) async fn a_fork_and_a_deletion_at_once_leave_a_whole_fork_or_none(database: Database) {
    let desk = Desk::new(database).await;
    let neighbour = desk.neighbour().await;
    for _ in 0..8 {
        let (source, _) = a_line(&desk).await;
        desk.write(
            &source,
            vec![Write::Journal(Arc::new(a_call(&Step { id: first_step(&desk, &source).await, ..a_step(&source, 1) }, "x")))],
        )
        .await;
        let (fork_id, fork) = fork_at(&source, 4, true);
        let (store, gone) = (desk.store.clone(), source.id.clone());
        let forking = tokio::spawn(async move { store.fork_run(fork).await });
        let other = neighbour.clone();
        let deleting = tokio::spawn(async move {
            other.delete_run(&gone, false).await.unwrap();
            while other.sweep().await.unwrap() {}
        });
        let (forked, deleted) = (forking.await.unwrap(), deleting.await);
        deleted.unwrap();
        while desk.store.sweep().await.unwrap() {}
        match forked {
            Ok(Some(fork)) => assert_eq!(texts(&desk, &fork).await, ["My own words.", "Three."]),
            Err(StoreError::NotFound { what: "run", .. }) => {
                assert!(matches!(desk.store.run(&fork_id).await, Err(StoreError::NotFound { .. })));
            }
            other => panic!("{other:?}"),
        }
    }
}

async fn first_step(desk: &Desk, run: &Run) -> String {
    desk.store.steps(&run.id, Default::default()).await.unwrap()[0].id.clone()
}
