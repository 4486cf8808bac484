use std::collections::BTreeMap;

use serde_json::json;
use story::{
    brief::{BriefContent, FrozenBrief},
    workflow::Progress,
};
use studio::{
    ports::{NewBrief, NewSnapshot, Refused, RunFilter, StepFilter, Store as _, StoreError, Usage, Write},
    problem::Problem,
    run::{ActiveStep, Budget, ClaimedBy, Kind, OpenIndex, Pause, PauseReason, Retry, Run, Status, Until},
    step::{Step, StepKind, StepStatus},
};

use crate::{
    Database,
    desk::{Desk, a_run, a_step, a_told_run, always, by, event, id, open, succeeded, value},
};

pub(crate) async fn a_run_comes_back_with_every_field(database: Database) {
    let desk = Desk::new(database).await;
    let (brief, snapshot) = desk.snapshot().await;
    let run = Run {
        kind: Kind::NovelToScript,
        label: Some("second try".into()),
        context_budget: 99,
        origin: Some("f00d".into()),
        status: Status::Running,
        epoch: 4,
        claim: Some(ClaimedBy { node: "n".into(), kind: "step".into() }),
        due_at: Some(12),
        hold_until: Some(13),
        autorun: true,
        until: Some(Until { chapter: Some(3), step: None, count: Some(2) }),
        pause_before: vec!["novel.chapter.commit".into()],
        gate_passed: Some(2),
        active_step: Some(ActiveStep { id: "step-2".into(), index: 2, attempt: 1, name: "draft".into(), started_at: 11 }),
        pause: Some(Pause { reason: PauseReason::ArtifactMovedOn, detail: "x".into(), before_step: Some("y".into()) }),
        retry: Some(Retry { step_index: 2, attempt: 2, of: 3, at: 13, reason: "schema".into() }),
        error: Some(Problem { kind: "/problems/x".into(), status: 500, causes: vec!["a".into()], ..Problem::default() }),
        cursor: json!({"phase": "draft", "chapter_index": 2}),
        progress: Progress { done: 1, total: 12 },
        usage: Usage { calls: 1, input_tokens: 2, cached_input_tokens: 1, output_tokens: 3, cost: None },
        budget: Some(Budget { max_cost: Some(5), max_tokens: None }),
        last_index: 2,
        open: Some(OpenIndex { index: 2, attempts: 1, outage_since: Some(3), ..OpenIndex::default() }),
        forked_from: Some((id(), 7)),
        author: Some("anna".into()),
        state_version: 3,
        ..a_run(&brief, &snapshot)
    };
    let created = desk.store.create_run(run.clone(), Vec::new(), Vec::new(), json!({})).await.unwrap();
    assert_eq!(created, Run { created_at: created.created_at, updated_at: created.created_at, last_event: 1, ..run });
    assert_eq!(desk.store.run(&created.id).await.unwrap(), created);

    let plain = desk.store.create_run(a_run(&brief, &snapshot), Vec::new(), Vec::new(), json!({})).await.unwrap();
    assert_eq!(desk.store.run(&plain.id).await.unwrap(), plain);
    let changed = desk
        .store
        .change(
            &plain.id,
            by({
                let like = created.clone();
                move |run| {
                    let own = run.clone();
                    *run = Run { id: own.id, ..like.clone() };
                    Ok(vec![])
                }
            }),
        )
        .await
        .unwrap();
    let expected = Run {
        id: plain.id.clone(),
        usage: Usage::NONE,
        created_at: plain.created_at,
        updated_at: changed.updated_at,
        last_event: 1,
        ..created.clone()
    };
    assert_eq!(changed, expected);
    assert_eq!(desk.store.run(&plain.id).await.unwrap(), changed);

    let empty = desk
        .store
        .change(
            &plain.id,
            by(|run| {
                run.budget = Some(Budget::default());
                Ok(vec![])
            }),
        )
        .await
        .unwrap();
    assert_eq!(desk.store.run(&plain.id).await.unwrap().budget, Some(Budget::default()));
    assert_eq!(empty.budget, Some(Budget::default()));
    assert!(matches!(desk.store.run("nobody").await, Err(StoreError::NotFound { what: "run", .. })));
}

pub(crate) async fn briefs_and_snapshots_come_back(database: Database) {
    let desk = Desk::new(database).await;
    let map = json!({"premise": "A drought.", "characters": [{"name": "Anna", "age": 34}], "mood": "dry"});
    let content = BriefContent::from_map(map.as_object().unwrap().clone()).unwrap();
    let brief = desk.store.create_brief(NewBrief { title: "干旱".into(), content }).await.unwrap();
    assert_eq!(desk.store.brief(&brief.id).await.unwrap(), brief);
    let frozen = FrozenBrief::freeze(&brief.title, brief.content.clone(), &Default::default());
    let new = NewSnapshot { brief_id: brief.id.clone(), label: Some("first".into()), brief: frozen };
    let snapshot = desk.store.create_snapshot(new.clone()).await.unwrap();
    assert_eq!(desk.store.snapshot(&snapshot.id).await.unwrap(), snapshot);
    let lost = desk.store.create_snapshot(NewSnapshot { brief_id: "nobody".into(), ..new }).await;
    assert!(matches!(lost, Err(StoreError::NotFound { what: "brief", .. })));

    let run = a_run(&brief.id, &snapshot.id);
    let state = vec![("a".to_owned(), value("1")), ("b".to_owned(), value("1"))];
    let run = desk.store.create_run(run, state.clone(), Vec::new(), json!({})).await.unwrap();
    let loaded = desk.store.load(&run.id).await.unwrap();
    assert_eq!((loaded.run, loaded.brief.as_ref(), loaded.state), (run, &snapshot.brief, state.into_iter().collect()));
}

pub(crate) async fn runs_are_listed_newest_first_in_pages(database: Database) {
    let desk = Desk::new(database).await;
    let (brief, snapshot) = desk.snapshot().await;
    let mut ids = Vec::new();
    for n in 0..5 {
        let run = Run { origin: (n % 2 == 0).then(|| "even".into()), ..a_run(&brief, &snapshot) };
        ids.push(desk.store.create_run(run, Vec::new(), Vec::new(), json!({})).await.unwrap().id);
    }
    desk.run().await;
    ids.reverse();
    let mut filter = RunFilter { brief_id: Some(brief), limit: Some(2), ..RunFilter::default() };
    let mut listed = Vec::new();
    loop {
        let page = desk.store.runs(filter.clone()).await.unwrap();
        listed.extend(page.items.into_iter().map(|run| run.id));
        filter.cursor = page.next_cursor;
        if filter.cursor.is_none() {
            break;
        }
    }
    assert_eq!(listed, ids);
    let even = RunFilter { origin: Some("even".into()), status: Some(Status::Queued), kind: Some(Kind::Novel), ..RunFilter::default() };
    assert_eq!(desk.store.runs(even).await.unwrap().items.len(), 3);
    let none = RunFilter { status: Some(Status::Failed), ..RunFilter::default() };
    assert!(desk.store.runs(none).await.unwrap().items.is_empty());
}

pub(crate) async fn a_change_is_whole(database: Database) {
    let desk = Desk::new(database).await;
    let (run, chapters) = a_told_run(&desk).await;
    let loaded = desk.store.load(&run.id).await.unwrap();
    assert_eq!(loaded.run, run);
    assert_eq!(loaded.state.keys().collect::<Vec<_>>(), ["cursor", "outline"]);
    assert_eq!(&*loaded.state["outline"].json, "{\"chapters\":2}");
    assert_eq!(desk.store.steps(&run.id, StepFilter::default()).await.unwrap().len(), 1);
    assert_eq!(desk.store.artifacts(&run.id).await.unwrap().len(), chapters.len());
    let events = desk.store.events(&run.id, 0, 100).await.unwrap();
    assert_eq!(events.iter().map(|e| (e.number, e.name.as_str())).collect::<Vec<_>>(), [(1, "run.created"), (2, "step.succeeded")]);
    assert_eq!(desk.store.events(&run.id, 1, 100).await.unwrap(), events[1..]);

    desk.write(&run, vec![Write::State(vec![("outline".into(), None), ("beats".into(), Some(value("7")))])]).await;
    let state = desk.store.load(&run.id).await.unwrap().state;
    assert_eq!(state.keys().collect::<Vec<_>>(), ["beats", "cursor"]);
}

pub(crate) async fn a_change_that_is_refused_leaves_no_trace(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    let unchanged = desk
        .store
        .change(
            &run.id,
            by(|run| {
                run.label = Some("never".into());
                Err(Refused::Unchanged)
            }),
        )
        .await
        .unwrap();
    assert_eq!(unchanged, run);
    // A write that fails in the middle takes back what came before it.
    let twice = a_step(&run, 1);
    let writes = vec![event("step.started"), Write::InsertStep(Box::new(twice.clone())), Write::InsertStep(Box::new(twice))];
    assert!(desk.store.change(&run.id, always(writes)).await.is_err());
    assert_eq!(desk.store.run(&run.id).await.unwrap(), run);
    assert!(desk.store.steps(&run.id, StepFilter::default()).await.unwrap().is_empty());
    assert_eq!(desk.store.events(&run.id, 0, 10).await.unwrap().len(), 1);
}

pub(crate) async fn a_lost_claim_is_told(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    let refused = desk.store.change(&run.id, by(|_| Err(Refused::ClaimLost))).await;
    assert!(matches!(refused, Err(StoreError::Refused(Refused::ClaimLost))), "{refused:?}");
    assert_eq!(desk.store.run(&run.id).await.unwrap(), run);
}

pub(crate) async fn fifty_changes_at_once_leave_no_hole_in_the_events(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    let neighbour = desk.neighbour().await;
    let changes = (0..50).map(|n| {
        let store = if n % 2 == 0 { desk.store.clone() } else { neighbour.clone() };
        let id = run.id.clone();
        tokio::spawn(async move { store.change(&id, always(vec![event("a"), event("b")])).await })
    });
    for change in changes.collect::<Vec<_>>() {
        change.await.unwrap().unwrap();
    }
    let events = desk.store.events(&run.id, 0, 1000).await.unwrap();
    assert_eq!(events.iter().map(|e| e.number).collect::<Vec<_>>(), (1..=101).collect::<Vec<_>>());
    assert!(events.is_sorted_by_key(|e| e.position));
    assert_eq!(desk.store.run(&run.id).await.unwrap().last_event, 101);
}

pub(crate) async fn one_of_two_processes_wins_each_claim(database: Database) {
    let desk = Desk::new(database).await;
    let neighbour = desk.neighbour().await;
    assert_ne!(desk.store.node(), neighbour.node());
    let (brief, snapshot) = desk.snapshot().await;
    let mut runs = Vec::new();
    for _ in 0..100 {
        runs.push(desk.store.create_run(a_run(&brief, &snapshot), Vec::new(), Vec::new(), json!({})).await.unwrap());
    }
    let mut claims = Vec::new();
    for run in &runs {
        for store in [&desk.store, &neighbour] {
            let (store, id, epoch) = (store.clone(), run.id.clone(), run.epoch);
            claims.push(tokio::spawn(async move {
                let node = store.node().to_owned();
                let claim = by(move |run| {
                    if run.epoch != epoch || run.claim.is_some() {
                        return Err(Refused::ClaimLost);
                    }
                    run.epoch += 1;
                    run.claim = Some(ClaimedBy { node: node.clone(), kind: "step".into() });
                    Ok(vec![event("step.started")])
                });
                store.change(&id, claim).await
            }));
        }
    }
    let mut won: BTreeMap<String, usize> = BTreeMap::new();
    for claim in claims {
        match claim.await.unwrap() {
            Ok(run) => *won.entry(run.id).or_default() += 1,
            Err(StoreError::Refused(Refused::ClaimLost)) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(won.len(), 100);
    assert!(won.values().all(|winners| *winners == 1));
}

pub(crate) async fn a_failing_write_does_not_hurt_its_neighbours(database: Database) {
    let desk = Desk::new(database).await;
    let (brief, snapshot) = desk.snapshot().await;
    let mut runs = Vec::new();
    for _ in 0..60 {
        runs.push(desk.store.create_run(a_run(&brief, &snapshot), Vec::new(), Vec::new(), json!({})).await.unwrap());
    }
    let changes: Vec<_> = runs
        .iter()
        .enumerate()
        .map(|(n, run)| {
            let (store, run) = (desk.store.clone(), run.clone());
            tokio::spawn(async move {
                let step = Box::new(a_step(&run, 1));
                let mut writes = vec![event("step.started"), Write::InsertStep(step.clone())];
                if n % 3 == 0 {
                    writes.push(Write::InsertStep(step));
                }
                store.change(&run.id, always(writes)).await
            })
        })
        .collect();
    for (n, change) in changes.into_iter().enumerate() {
        assert_eq!(change.await.unwrap().is_err(), n % 3 == 0, "change {n}");
    }
    for (n, run) in runs.iter().enumerate() {
        let steps = desk.store.steps(&run.id, StepFilter::default()).await.unwrap().len();
        let told = desk.store.events(&run.id, 0, 10).await.unwrap().len();
        assert_eq!((steps, told), if n % 3 == 0 { (0, 1) } else { (1, 2) }, "run {n}");
    }
}

pub(crate) async fn a_panic_in_a_change_is_its_callers_alone(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    let changed = desk.store.change(&run.id, by(|_| panic!("a fault of ours, and part of the story"))).await;
    assert!(matches!(changed, Err(StoreError::Database(_))), "{changed:?}");
    assert_eq!(desk.write(&run, vec![event("a")]).await.last_event, 2);
}

pub(crate) async fn a_caller_who_leaves_breaks_nothing(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    for _ in 0..50 {
        let (store, id) = (desk.store.clone(), run.id.clone());
        let change = tokio::spawn(async move { store.change(&id, always(vec![event("a")])).await });
        tokio::task::yield_now().await;
        change.abort();
    }
    desk.write(&run, vec![event("last")]).await;
    // Closing finishes what was asked for.
    desk.store.close().await;
    let store = open(&desk.place).await;
    let events = store.events(&run.id, 0, 1000).await.unwrap();
    assert_eq!(events.iter().map(|e| e.number).collect::<Vec<_>>(), (1..=store.run(&run.id).await.unwrap().last_event).collect::<Vec<_>>());
    assert_eq!(events.iter().filter(|e| e.name == "last").count(), 1);
}

pub(crate) async fn steps_come_back_with_every_field(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    let step = Step {
        attempt: 2,
        kind: StepKind::Intervention,
        status: StepStatus::Failed,
        outputs: Some(json!({"changed": ["/outline"]})),
        error: Some(Problem { title: "cut off".into(), ..Problem::default() }),
        state_patch: Some(json!({"outline": {"title": null}})),
        state_map: Some([("outline".to_owned(), "hash".to_owned())].into()),
        context: Some(json!({"segments": 3})),
        partial_text: Some("It had".into()),
        usage: Usage { calls: 2, input_tokens: 3, cached_input_tokens: 1, output_tokens: 4, cost: None },
        artifact_version_ids: vec!["v".into()],
        author: Some("anna".into()),
        finished_at: Some(12),
        ..a_step(&run, 1)
    };
    desk.write(&run, vec![Write::InsertStep(Box::new(step.clone()))]).await;
    let second = a_step(&run, 2);
    desk.write(&run, vec![Write::InsertStep(Box::new(second.clone()))]).await;
    assert_eq!(desk.store.steps(&run.id, StepFilter::default()).await.unwrap(), [step.clone(), second.clone()]);
    let only = StepFilter { index: Some(1), ..StepFilter::default() };
    assert_eq!(desk.store.steps(&run.id, only).await.unwrap(), std::slice::from_ref(&step));
    let after = StepFilter { after: Some(1), limit: Some(5), ..StepFilter::default() };
    assert_eq!(desk.store.steps(&run.id, after).await.unwrap(), [second]);
    let changed = Step { error: None, usage: Usage::NONE, ..step.clone() };
    desk.write(&run, vec![Write::UpdateStep(Box::new(changed.clone()))]).await;
    let read = desk.store.steps(&run.id, StepFilter { index: Some(1), ..StepFilter::default() }).await.unwrap();
    assert_eq!(read, [Step { usage: step.usage, ..changed }], "only the journal adds to the usage");
}

pub(crate) async fn the_state_after_each_step_can_be_read(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    let before = value("\"outline\"");
    for index in 1..=3 {
        let step = a_step(&run, index);
        let cursor = value(&format!("\"{index}\""));
        let failed = Step { attempt: 1, status: StepStatus::Failed, ..a_step(&run, index) };
        desk.write(
            &run,
            vec![
                Write::InsertStep(Box::new(failed)),
                Write::InsertStep(Box::new(Step { attempt: 2, ..step.clone() })),
                succeeded(&Step { attempt: 2, ..step }, &[("cursor", &cursor), ("same", &before)]),
                Write::State(vec![("cursor".into(), Some(cursor.clone())), ("same".into(), Some(before.clone()))]),
            ],
        )
        .await;
    }
    let cursor = async |index| {
        let state = desk.store.state_after(&run.id, index).await.unwrap();
        (state.len(), state["cursor"].json.to_string())
    };
    assert_eq!(cursor(0).await, (1, "\"outline\"".into()));
    assert_eq!(cursor(1).await, (2, "\"1\"".into()));
    assert_eq!(cursor(2).await, (2, "\"2\"".into()));
    assert_eq!(cursor(3).await, (2, "\"3\"".into()));
    assert_eq!(desk.store.state_after(&run.id, 3).await.unwrap(), desk.store.load(&run.id).await.unwrap().state);
    assert!(matches!(desk.store.state_after("nobody", 0).await, Err(StoreError::NotFound { .. })));
}

pub(crate) async fn due_runs_come_longest_waiting_first(database: Database) {
    let desk = Desk::new(database).await;
    let (brief, snapshot) = desk.snapshot().await;
    let at = |due_at, autorun| Run { due_at: Some(due_at), autorun, ..a_run(&brief, &snapshot) };
    let claimed = Run { claim: Some(ClaimedBy { node: "n".into(), kind: "step".into() }), ..at(1, true) };
    let (late, soon, later) = (at(30, true), at(20, true), at(99, true));
    for run in [claimed, at(10, false), late.clone(), soon.clone(), later] {
        desk.store.create_run(run, Vec::new(), Vec::new(), json!({})).await.unwrap();
    }
    let due = async |limit| {
        desk.store.due(50, 1_000_000, limit).await.unwrap().into_iter().map(|due| (due.run_id, due.epoch)).collect::<Vec<_>>()
    };
    assert_eq!(due(10).await, [(soon.id.clone(), 0), (late.id, 0)]);
    assert_eq!(due(1).await, [(soon.id, 0)]);
    // The clock was set back by an hour: a schedule that lies further ahead than any can was written before, and is due.
    let hour = 3_600_000_000;
    assert_eq!(desk.store.due(50 - hour, 900_000_000, 10).await.unwrap().len(), 3, "nobody waits an hour for a clock");
    assert_eq!(desk.store.next_due(50).await.unwrap(), Some(99));
    assert_eq!(desk.store.next_due(99).await.unwrap(), None);
}

pub(crate) async fn what_is_loaded_together_is_of_one_moment(database: Database) {
    let desk = Desk::new(database).await;
    let neighbour = desk.neighbour().await;
    let run = desk.run().await;
    let writing = {
        let id = run.id.clone();
        tokio::spawn(async move {
            for n in 1..=60 {
                let step = by(move |run| {
                    run.label = Some(n.to_string());
                    Ok(vec![Write::State(vec![("label".into(), Some(value(&n.to_string())))])])
                });
                neighbour.change(&id, step).await.unwrap();
            }
        })
    };
    let mut loads = 0;
    while !writing.is_finished() || loads < 20 {
        let loaded = desk.store.load(&run.id).await.unwrap();
        assert_eq!(loaded.run.label, loaded.state.get("label").map(|value| value.json.to_string()));
        loads += 1;
    }
    writing.await.unwrap();
}
