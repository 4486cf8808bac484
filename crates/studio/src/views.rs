//! How rows look to people and programs: the shapes of the contract, the same in events, at the HTTP door and in `--json`.

use serde_json::{Map, Value, json};

use crate::{
    artifact::{Artifact, Version},
    journal::JournaledCall,
    ports::{KeptVersion, Micros, Money, Usage},
    problem::Problem,
    run::{ActiveStep, Budget, Run},
    step::Step,
};

/// A time in RFC 3339, in UTC, to the microsecond.
pub fn time(at: Micros) -> String {
    jiff::Timestamp::from_microsecond(at).map_or_else(|_| "invalid".into(), |t| t.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string())
}

/// Nano-dollars as dollars.
pub fn dollars(money: Money) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a display value")]
    let nanos = money as f64;
    nanos / 1e9
}

/// `usage` of the contract: `cost_usd` is null where a price is unknown.
pub fn usage(usage: &Usage) -> Value {
    json!({
        "calls": usage.calls,
        "input_tokens": usage.input_tokens,
        "cached_input_tokens": usage.cached_input_tokens,
        "output_tokens": usage.output_tokens,
        "cost_usd": usage.cost.map(dollars),
    })
}

fn budget(budget: &Budget) -> Value {
    let mut map = Map::new();
    if let Some(cost) = budget.max_cost {
        map.insert("max_cost_usd".into(), json!(dollars(cost)));
    }
    if let Some(tokens) = budget.max_tokens {
        map.insert("max_tokens".into(), json!(tokens));
    }
    Value::Object(map)
}

/// `run` of the contract, without `state`.
pub fn run(run: &Run) -> Value {
    json!({
        "id": run.id,
        "kind": run.kind,
        "status": run.status,
        "brief_snapshot_id": run.snapshot_id,
        "brief_id": run.brief_id,
        "label": run.label,
        "model": run.model,
        "cursor": run.cursor,
        "autorun": run.autorun,
        "active_step": run.active_step.as_ref().map(|s| json!({ "index": s.index, "attempt": s.attempt, "name": s.name, "started_at": time(s.started_at) })),
        "pause": run.pause,
        "pause_before": run.pause_before,
        "retry": run.retry.as_ref().map(|r| json!({ "step_index": r.step_index, "attempt": r.attempt, "of": r.of, "at": time(r.at), "reason": r.reason })),
        "progress": { "done": run.progress.done, "total": run.progress.total },
        "usage": usage(&run.usage),
        "budget": run.budget.as_ref().map(budget),
        "error": run.error,
        "forked_from": run.forked_from.as_ref().map(|(id, index)| json!({ "workflow_run_id": id, "step_index": index })),
        "created_at": time(run.created_at),
        "updated_at": time(run.updated_at),
    })
}

/// `step` of the contract.
pub fn step(step: &Step) -> Value {
    let mut view = finished_step_event(step);
    if let Value::Object(map) = &mut view {
        map.insert("outputs".into(), step.outputs.clone().unwrap_or(Value::Null));
        map.insert("state_patch".into(), step.state_patch.clone().unwrap_or(Value::Null));
        if let Some(text) = &step.partial_text {
            map.insert("partial_text".into(), json!(text));
        }
    }
    view
}

/// A step that has ended, as events carry it: without outputs and patch.
pub fn finished_step_event(step: &Step) -> Value {
    json!({
        "id": step.id,
        "workflow_run_id": step.run_id,
        "index": step.index,
        "attempt": step.attempt,
        "name": step.name,
        "kind": step.kind,
        "status": step.status,
        "error": step.error,
        "usage": usage(&step.usage),
        "artifact_version_ids": step.artifact_version_ids,
        "started_at": time(step.started_at),
        "finished_at": step.finished_at.map(time),
    })
}

/// A step in flight, or one that ended without a result, as events carry it.
pub fn step_event(run_id: &str, step: &ActiveStep, status: &str, error: Option<&Problem>) -> Value {
    json!({
        "id": step.id,
        "workflow_run_id": run_id,
        "index": step.index,
        "attempt": step.attempt,
        "name": step.name,
        "kind": "step",
        "status": status,
        "error": error,
        "started_at": time(step.started_at),
    })
}

/// `artifact` of the contract.
pub fn artifact(artifact: &Artifact) -> Value {
    json!({
        "id": artifact.id,
        "kind": artifact.kind,
        "ordinal": artifact.ordinal,
        "title": artifact.title,
        "brief_snapshot_id": artifact.snapshot_id,
        "workflow_run_id": artifact.run_id,
        "latest_version_id": artifact.latest_version_id,
        "review": artifact.review,
    })
}

/// `version` of the contract.
pub fn version(version: &Version) -> Value {
    json!({
        "id": version.id,
        "artifact_id": version.artifact_id,
        "number": version.number,
        "source": version.source,
        "title": version.title,
        "parent_version_id": version.parent_id,
        "workflow_run_id": version.run_id,
        "step_index": version.step_index,
        "content_text": version.text,
        "length": version.length,
        "metadata": version.metadata,
        "created_at": time(version.created_at),
    })
}

/// What `artifact.committed` tells: the artifact and its new version, number `number`, without the text.
pub fn committed_event(run: &Run, kept: &KeptVersion, number: i64, now: Micros) -> Value {
    json!({
        "run_id": run.id,
        "step_index": kept.step_index,
        "artifact": {
            "id": kept.artifact_id, "kind": kept.kind, "ordinal": kept.ordinal, "title": kept.draft.title,
            "brief_snapshot_id": run.snapshot_id, "workflow_run_id": run.id, "latest_version_id": kept.version_id, "review": "none",
        },
        "version": {
            "id": kept.version_id, "artifact_id": kept.artifact_id, "number": number, "source": kept.source, "title": kept.draft.title,
            "parent_version_id": kept.expected_latest, "workflow_run_id": run.id, "step_index": kept.step_index,
            "brief_snapshot_id": run.snapshot_id, "length": kept.draft.length, "created_at": time(now),
        },
    })
}

/// A journaled call: what the model saw and said.
pub fn call(call: &JournaledCall, from_journal: bool) -> Value {
    let mut messages = vec![
        json!({ "role": "system", "content": call.prompt.system_text() }),
        json!({ "role": "user", "content": call.prompt.user_text() }),
    ];
    messages
        .extend(call.prompt.turns.iter().map(|t| json!({ "role": if t.from_model { "assistant" } else { "user" }, "content": t.text })));
    json!({
        "id": call.id,
        "task": call.task,
        "slot": call.slot,
        "model": call.model,
        "attempt": call.attempt,
        "standing": call.standing,
        "messages": messages,
        "response": call.response,
        "finish": call.finish,
        "usage": usage(&call.usage),
        "latency_ms": call.latency_ms,
        "from_journal": from_journal,
    })
}
