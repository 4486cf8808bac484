//! What a run will take, said before it takes it.

use serde_json::{Value, json};

use crate::server::{Server, brief, id};

/// The middle of a forecast.
fn likely(forecast: &Value, key: &str) -> f64 {
    let range = &forecast[key];
    let [low, likely, high] = ["low", "likely", "high"].map(|part| range[part].as_f64().unwrap());
    assert!(low <= likely && likely <= high, "{key}: {range}");
    likely
}

/// Whether what was foretold is within a part of what came.
#[track_caller]
fn within(part: f64, forecast: &Value, usage: &Value, spent: &Value) {
    for key in ["calls", "input_tokens", "output_tokens"] {
        let came = usage[key].as_f64().unwrap();
        let told = likely(forecast, key) + spent[key].as_f64().unwrap_or(0.0);
        assert!((told - came).abs() <= part * came, "{key}: {told} was foretold, {came} it took: {forecast}");
    }
    let tokens = |of: &dyn Fn(&str) -> f64| of("input_tokens") + of("output_tokens");
    let told = tokens(&|key| likely(forecast, key) + spent[key].as_f64().unwrap_or(0.0));
    let came = tokens(&|key| usage[key].as_f64().unwrap());
    assert!((told - came).abs() <= part * came, "{told} tokens were foretold, {came} it took");
}

async fn snapshot_of(server: &Server, chapters: u32, words: u32) -> String {
    let mut content = brief();
    content["content"]["output_spec"] =
        json!({ "chapter_count": chapters, "chapter_length": { "min": words * 4 / 5, "max": words * 6 / 5, "unit": "words" } });
    let kept = server.post("/briefs", content).await.is(201);
    id(&server.post(&format!("/briefs/{}/snapshots", id(&kept)), Value::Null).await.is(201))
}

async fn written(server: &Server, snapshot: &str) -> Value {
    let run = server.run_of(snapshot).await;
    server.post(&format!("/workflow-runs/{run}/autorun/start"), Value::Null).await.is(202);
    server.until(&run, |run| run["status"] == "succeeded").await
}

#[tokio::test]
async fn a_rehearsal_is_foretold_by_rule_and_then_from_what_was_recorded() {
    let server = Server::start();
    for (chapters, words) in [(6, 400), (12, 900), (2, 1500)] {
        // Another server has no history yet.
        let fresh = Server::start();
        let snapshot = snapshot_of(&fresh, chapters, words).await;
        let asked = json!({ "kind": "novel", "brief_snapshot_id": snapshot });
        let told = fresh.post("/workflow-runs/forecast", asked.clone()).await.is(200);
        assert_eq!((&told["based_on"], &told["units"], &told["seen"]), (&json!("rule"), &json!(chapters), &json!(0)));
        assert_eq!(fresh.get("/workflow-runs").await.is(200)["items"], json!([]), "nothing is created");
        let done = written(&fresh, &snapshot).await;
        within(0.25, &told, &done["usage"], &Value::Null);
        let again = fresh.post("/workflow-runs/forecast", asked).await.is(200);
        assert_eq!(again["based_on"], "other_runs");
        within(0.05, &again, &done["usage"], &Value::Null);
        let left = fresh.get(&format!("/workflow-runs/{}/forecast", id(&done))).await.is(200);
        assert_eq!((&left["units"], likely(&left, "calls")), (&json!(0), 0.0), "nothing is left to be done");
    }
    let half = snapshot_of(&server, 8, 500).await;
    let run = server.run_of(&half).await;
    let path = format!("/workflow-runs/{run}");
    server.post(&format!("{path}/autorun/start"), json!({ "until": { "chapter": 3 } })).await.is(202);
    let so_far = server.until(&run, |run| run["progress"]["done"] == 3 && run["autorun"] == false).await;
    let told = server.get(&format!("{path}/forecast")).await.is(200);
    assert_eq!((&told["based_on"], &told["units"], &told["seen"]), (&json!("own_units"), &json!(5), &json!(3)));
    server.post(&format!("{path}/autorun/start"), Value::Null).await.is(202);
    let done = server.until(&run, |run| run["status"] == "succeeded").await;
    within(0.15, &told, &done["usage"], &so_far["usage"]);
    // Other lengths than those that were recorded.
    let longer = snapshot_of(&server, 4, 1200).await;
    let told = server.post("/workflow-runs/forecast", json!({ "kind": "novel", "brief_snapshot_id": longer })).await.is(200);
    assert_eq!(told["based_on"], "other_runs");
    within(0.25, &told, &written(&server, &longer).await["usage"], &Value::Null);
}

#[tokio::test]
async fn what_costs_money_is_foretold_in_money() {
    let server = Server::start();
    let snapshot = server.snapshot().await;
    let asked = |model: &str| json!({ "kind": "novel", "brief_snapshot_id": snapshot, "model": model });
    let told = server.post("/workflow-runs/forecast", asked("openai/gpt-5-mini")).await.is(200);
    assert!(likely(&told, "cost_usd") > 0.0 && likely(&told, "seconds") > 5.0, "{told}");
    let told = server.post("/workflow-runs/forecast", asked("openai/nobody-knows-this-one")).await.is(200);
    assert_eq!(told["cost_usd"], Value::Null);
    let script = server.post("/workflow-runs/forecast", json!({ "kind": "script", "brief_snapshot_id": snapshot })).await.is(200);
    assert!(likely(&script, "calls") > 12.0, "{script}");
    server.post("/workflow-runs/forecast", json!({ "kind": "novel", "brief_snapshot_id": "nobody" })).await.problem(422, "invalid");
    server.get("/workflow-runs/nobody/forecast").await.problem(404, "not-found");
}
