//! Budgets and gates: what stops a run before it goes on.

use std::time::Duration;

use llm::adversary::{Adversary, Behaviour};
use serde_json::{Value, json};

use crate::{
    scenarios::with_model,
    server::{Server, id},
};

/// Every call of a run, as the journal has it.
async fn journal(server: &Server, run: &str) -> Vec<Value> {
    let last = server.steps(run).await.last().unwrap()["index"].as_i64().unwrap();
    let mut calls = Vec::new();
    for index in 1..=last {
        let some = server.get(&format!("/workflow-runs/{run}/steps/{index}/calls")).await.is(200);
        calls.extend(some["items"].as_array().unwrap().iter().cloned());
    }
    calls
}

fn cost(calls: &[Value]) -> f64 {
    calls.iter().map(|call| call["usage"]["cost_usd"].as_f64().unwrap()).sum()
}

#[tokio::test]
async fn a_budget_stops_before_it_is_passed_and_goes_on_when_it_is_raised() {
    let model = Adversary::new().with_words(180).start().await.unwrap();
    let server = with_model(&model);
    let snapshot = server.snapshot().await;
    for budget in [0.004, 0.008, 0.012] {
        let asked = json!({ "kind": "novel", "brief_snapshot_id": snapshot, "budget": { "max_cost_usd": budget }, "autorun": true });
        let run = id(&server.post("/workflow-runs", asked).await.is(201));
        let paused = server.until(&run, |run| run["status"] != "queued" && run["active_step"].is_null()).await;
        assert_eq!((&paused["status"], &paused["pause"]["reason"]), (&json!("paused"), &json!("budget")), "{paused}");
        assert!(!paused["pause"]["detail"].as_str().unwrap().is_empty());
        let calls = journal(&server, &run).await;
        let spent = cost(&calls);
        assert!(spent <= budget, "{spent} of {budget}");
        assert!((spent - paused["usage"]["cost_usd"].as_f64().unwrap()).abs() < 1e-9, "the journal and the run say the same");
        let asked_so_far = model.adversary.requests().len();
        server.post(&format!("/workflow-runs/{run}/next"), Value::Null).await.problem(409, "run-paused");
        let still = server.post(&format!("/workflow-runs/{run}/resume"), Value::Null).await.is(200);
        assert_eq!(still["status"], "running");
        server.until(&run, |run| run["status"] == "paused" && run["active_step"].is_null()).await;
        assert_eq!(model.adversary.requests().len(), asked_so_far, "as long as it is not raised, no call is made");

        let raised = server.patch(&format!("/workflow-runs/{run}"), json!({ "budget": { "max_cost_usd": 5 } })).await.is(200);
        assert_eq!(raised["status"], "running");
        let done = server.until(&run, |run| run["status"] == "succeeded").await;
        assert!(done["usage"]["cost_usd"].as_f64().unwrap() > spent);
        server.delete(&format!("/workflow-runs/{run}")).await.is(204);
    }
}

#[tokio::test]
async fn a_budget_in_tokens_is_held_as_well() {
    let server = Server::start();
    let snapshot = server.snapshot().await;
    let asked = json!({ "kind": "novel", "brief_snapshot_id": snapshot, "budget": { "max_tokens": 9_000 }, "autorun": true });
    let run = id(&server.post("/workflow-runs", asked).await.is(201));
    let paused = server.until(&run, |run| run["status"] == "paused" && run["active_step"].is_null()).await;
    assert_eq!(paused["pause"]["reason"], "budget");
    let tokens = |calls: &[Value], key: &str| calls.iter().map(|call| call["usage"][key].as_u64().unwrap()).sum::<u64>();
    let calls = journal(&server, &run).await;
    let spent = tokens(&calls, "input_tokens") + tokens(&calls, "output_tokens");
    assert!(spent > 0 && spent <= 9_000, "{spent}");
    server.patch(&format!("/workflow-runs/{run}"), json!({ "budget": null })).await.is(200);
    server.until(&run, |run| run["status"] == "succeeded").await;
}

#[tokio::test]
async fn a_gate_holds_autorun_before_each_such_step_and_no_person() {
    let server = Server::start();
    let snapshot = server.snapshot().await;
    let asked = json!({ "kind": "novel", "brief_snapshot_id": snapshot, "pause_before": ["novel.chapter.draft"], "autorun": true });
    let run = id(&server.post("/workflow-runs", asked).await.is(201));
    let path = format!("/workflow-runs/{run}");
    for chapter in 1..=2 {
        let held = server.until(&run, |run| run["status"] == "paused").await;
        assert_eq!((&held["pause"]["reason"], &held["pause"]["before_step"]), (&json!("gate"), &json!("novel.chapter.draft")));
        assert_eq!(held["cursor"]["chapter_index"], chapter);
        server.post(&format!("{path}/resume"), Value::Null).await.is(200);
    }
    server.until(&run, |run| run["status"] == "succeeded").await;
    let by_hand = id(&server
        .post("/workflow-runs", json!({ "kind": "novel", "brief_snapshot_id": snapshot, "pause_before": ["novel.chapter.draft"] }))
        .await
        .is(201));
    for _ in 0..3 {
        server.post(&format!("/workflow-runs/{by_hand}/next"), Value::Null).await.is(200);
    }
    assert_eq!(server.steps(&by_hand).await[2]["name"], "novel.chapter.draft", "a person is held by no gate");
}

#[tokio::test]
async fn a_call_that_was_aborted_is_counted_by_estimate() {
    let adversary = Adversary::new().with_words(180);
    adversary.script([Behaviour::Competent, Behaviour::Competent, Behaviour::StallsAfter(8)]);
    let model = adversary.start().await.unwrap();
    let server = with_model(&model);
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}");
    for _ in 0..2 {
        server.post(&format!("{path}/next"), Value::Null).await.is(200);
    }
    server.post(&format!("{path}/autorun/start"), Value::Null).await.is(202);
    while model.adversary.requests().len() < 3 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let before = server.get(&path).await.is(200)["usage"].clone();
    server.post(&format!("{path}/pause"), json!({ "now": true })).await.is(200);
    let paused = server.until(&run, |run| run["usage"]["calls"] == 3).await;
    assert!(paused["usage"]["cost_usd"].as_f64().unwrap() > before["cost_usd"].as_f64().unwrap());
    let calls = server.get(&format!("{path}/steps/3/calls")).await.is(200);
    let call = &calls["items"][0];
    assert_eq!((&call["estimated"], &call["standing"]), (&json!(true), &json!("rejected")), "{call}");
    assert!(call["usage"]["output_tokens"].as_u64().unwrap() > 0 && call["usage"]["input_tokens"].as_u64().unwrap() > 0);
    let step = server.steps(&run).await[2].clone();
    assert_eq!((&step["status"], &step["usage"]["calls"]), (&json!("canceled"), &json!(1)));
    assert!(step["partial_text"].as_str().is_some_and(|text| !text.is_empty()));
    server.post(&format!("{path}/resume"), Value::Null).await.is(200);
    let done = server.until(&run, |run| run["status"] == "succeeded").await;
    let all = journal(&server, &run).await;
    assert_eq!(all.iter().filter(|call| call["estimated"] == true).count(), 1);
    assert!((cost(&all) - done["usage"]["cost_usd"].as_f64().unwrap()).abs() < 1e-9);
}
