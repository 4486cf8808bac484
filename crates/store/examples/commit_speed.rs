//! How fast steps are committed: alone, and by a hundred callers at once.
//!
//! `cargo run --release -p store --example commit_speed [folder]`

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::json;
use store::{OpenOptions, Place, Role, Store};
use story::{
    brief::{BriefContent, FrozenBrief},
    canonical::hash_text,
    tasks::{Prompt, Segment},
    workflow::Progress,
};
use studio::{
    journal::{JournaledCall, Standing},
    ports::{Finish, NewBrief, NewSnapshot, Store as _, StoredValue, SystemClock, Transition, Usage, Write},
    run::{ClaimedBy, Kind, Run, Status},
    step::{Step, StepKind, StepStatus},
};
use uuid::Uuid;

const ALONE: i64 = 1000;
const CALLERS: usize = 100;
const EACH: i64 = 60;

fn value(json: String) -> StoredValue {
    StoredValue { hash: hash_text(&json), json: json.into() }
}

fn a_step(run: &str, index: i64) -> Step {
    Step {
        id: Uuid::now_v7().to_string(),
        run_id: run.into(),
        index,
        attempt: 1,
        name: "novel.chapter.draft".into(),
        kind: StepKind::Step,
        status: StepStatus::Running,
        outputs: None,
        error: None,
        state_patch: None,
        state_map: None,
        context: None,
        partial_text: None,
        usage: Usage::NONE,
        artifact_version_ids: Vec::new(),
        author: None,
        started_at: 1,
        finished_at: None,
    }
}

/// What the commit of one step does, with the claim of the next in it: two step rows, a call with its prompt, the state, three events.
fn fused(run: &str, done: &Step, next: &Step) -> Transition {
    let prose = "It had not rained on Anna's farm for ten years. ".repeat(60);
    let draft = value(format!("{{\"ordinal\":1,\"text\":\"{prose}{}\"}}", done.index));
    let cursor = value(format!("{{\"phase\":\"critique\",\"n\":{}}}", done.index));
    let succeeded = Step {
        status: StepStatus::Succeeded,
        outputs: Some(json!({"length": {"words": 1500}})),
        state_patch: Some(json!({"cursor": {"phase": "critique"}})),
        state_map: Some([("cursor".to_owned(), cursor.hash.clone()), ("draft".to_owned(), draft.hash.clone())].into()),
        finished_at: Some(2),
        ..done.clone()
    };
    let call = JournaledCall {
        id: Uuid::now_v7().to_string(),
        run_id: run.into(),
        step_id: done.id.clone(),
        step_index: done.index,
        attempt: 1,
        slot: "draft".into(),
        task: "draft_chapter".into(),
        model: "rehearsal".into(),
        request_hash: hash_text(&done.id),
        prompt: Prompt {
            system: vec![Segment::new("system", "You write novels.")],
            user: vec![Segment::new("brief", prose.clone()), Segment::new("task", format!("Write {}.", done.index))],
            turns: Vec::new(),
        },
        settings: json!({"seed": 0}),
        response: prose,
        finish: Finish::Stop,
        standing: Standing::Spent,
        usage: Usage { calls: 1, input_tokens: 900, cached_input_tokens: 0, output_tokens: 500, cost: Some(0) },
        latency_ms: 1,
        created_at: 1,
    };
    let event = |name, index: i64| Write::Event { name, data: json!({"step": {"index": index, "name": "novel.chapter.draft"}}) };
    let writes = vec![
        Write::Journal(Arc::new(call)),
        Write::UpdateStep(Box::new(succeeded)),
        Write::State(vec![("cursor".into(), Some(cursor)), ("draft".into(), Some(draft))]),
        Write::InsertStep(Box::new(next.clone())),
        event("step.succeeded", done.index),
        event("run.updated", done.index),
        event("step.started", next.index),
    ];
    let index = next.index;
    Arc::new(move |run| {
        run.epoch += 1;
        run.claim = Some(ClaimedBy { node: "bench".into(), kind: "step".into() });
        run.last_index = index;
        Ok(writes.clone())
    })
}

async fn a_run(store: &Store, brief: &str, snapshot: &str) -> (String, Step) {
    let run = Run {
        id: Uuid::now_v7().to_string(),
        kind: Kind::Novel,
        brief_id: brief.into(),
        snapshot_id: snapshot.into(),
        label: None,
        model: "rehearsal".into(),
        context_budget: 16_000,
        origin: None,
        status: Status::Running,
        epoch: 0,
        claim: None,
        due_at: None,
        hold_until: None,
        autorun: true,
        until: None,
        pause_before: Vec::new(),
        gate_passed: None,
        active_step: None,
        pause: None,
        retry: None,
        error: None,
        cursor: json!({"phase": "draft"}),
        unread: std::collections::BTreeMap::new(),
        progress: Progress { done: 0, total: 12 },
        usage: Usage::NONE,
        budget: None,
        last_index: 0,
        open: None,
        forked_from: None,
        author: None,
        state_version: 1,
        last_event: 0,
        deleted_at: None,
        created_at: 0,
        updated_at: 0,
    };
    let first = a_step(&run.id, 1);
    let insert = first.clone();
    let run = store.create_run(run, Vec::new(), Vec::new(), json!({})).await.expect("a run");
    let claim: Transition = Arc::new(move |_| Ok(vec![Write::InsertStep(Box::new(insert.clone()))]));
    store.change(&run.id, claim).await.expect("a first step");
    (run.id, first)
}

async fn commit(store: &Store, run: &str, mut done: Step, times: i64) -> Vec<Duration> {
    let mut took = Vec::new();
    for _ in 0..times {
        let next = a_step(run, done.index + 1);
        let transition = fused(run, &done, &next);
        let since = Instant::now();
        store.change(run, transition).await.expect("a commit");
        took.push(since.elapsed());
        done = next;
    }
    took
}

fn at(took: &mut [Duration], percent: usize) -> f64 {
    took.sort_unstable();
    took[(took.len() - 1) * percent / 100].as_secs_f64() * 1000.0
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "the figures are the purpose")]
async fn main() {
    let folder = std::env::args().nth(1).map_or_else(|| std::env::temp_dir().join("fabulist-commit-speed"), Into::into);
    let _ = std::fs::remove_dir_all(&folder);
    let options = OpenOptions { place: Place::Folder(folder.clone()), role: Role::Command, clock: Arc::new(SystemClock) };
    let store = Arc::new(Store::open(options).await.expect("a store"));
    let brief = store.create_brief(NewBrief { title: "Bench".into(), content: BriefContent::default() }).await.expect("a brief");
    let frozen = FrozenBrief { title: brief.title, content: brief.content };
    let snapshot = NewSnapshot { brief_id: brief.id.clone(), label: None, brief: frozen };
    let snapshot = store.create_snapshot(snapshot).await.expect("a snapshot").id;

    let (run, first) = a_run(&store, &brief.id, &snapshot).await;
    let mut took = commit(&store, &run, first, ALONE).await;
    println!("alone: p50 {:.3} ms, p95 {:.3} ms, p99 {:.3} ms", at(&mut took, 50), at(&mut took, 95), at(&mut took, 99));

    let mut runs = Vec::new();
    for _ in 0..CALLERS {
        runs.push(a_run(&store, &brief.id, &snapshot).await);
    }
    let since = Instant::now();
    let callers: Vec<_> = runs
        .into_iter()
        .map(|(run, first)| {
            let store = store.clone();
            tokio::spawn(async move { commit(&store, &run, first, EACH).await })
        })
        .collect();
    let mut took = Vec::new();
    for caller in callers {
        took.extend(caller.await.expect("a caller"));
    }
    let rate = took.len() as f64 / since.elapsed().as_secs_f64();
    println!("{CALLERS} callers: {rate:.0} changes/s, p50 {:.1} ms, p99 {:.1} ms", at(&mut took, 50), at(&mut took, 99));
    store.close().await;
    let _ = std::fs::remove_dir_all(&folder);
}
