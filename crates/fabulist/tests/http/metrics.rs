//! What the process counts, read as Prometheus reads it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use llm::adversary::{Adversary, Behaviour};
use serde_json::{Value, json};

use crate::{
    exposition::Exposition,
    scenarios::with_model,
    server::Server,
    support::{
        Writer,
        killing::{Signal, signal},
    },
};

/// What the server has counted so far.
pub(crate) async fn scrape(server: &Server) -> Exposition {
    let answer = server.get("/metrics").await;
    assert_eq!((answer.status, &*answer.header("content-type")), (200, "text/plain; version=0.0.4; charset=utf-8"));
    Exposition::read(&answer.text)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_is_counted_step_by_step() {
    let server = Server::start();
    let before = scrape(&server).await;
    assert_eq!(before.samples["fabulist_steps_total{name=\"novel.chapter.draft\",outcome=\"succeeded\"}"], 0.0, "there from the start");
    assert_eq!(before.sum("fabulist_build_info", &[("version", env!("CARGO_PKG_VERSION"))]), 1.0);
    let run = server.written().await;
    let stream = server.follow(&format!("/workflow-runs/{run}/events"), None).await;
    drop(stream);
    let steps = server.steps(&run).await;
    let after = scrape(&server).await;
    for name in ["novel.outline", "novel.chapter.draft", "novel.chapter.commit"] {
        let made = steps.iter().filter(|step| step["name"] == name).count();
        assert!(made > 0);
        let counted = after.sum("fabulist_steps_total", &[("name", name), ("outcome", "succeeded")]);
        assert_eq!((counted, after.sum("fabulist_step_seconds_count", &[("name", name)])), (made as f64, made as f64), "{name}");
    }
    assert_eq!(after.sum("fabulist_steps_total", &[("outcome", "failed")]), 0.0);
    assert!(after.sum("fabulist_model_calls_total", &[("provider", "rehearsal"), ("outcome", "answered")]) >= 5.0);
    assert_eq!(after.sum("fabulist_model_cost_usd_total", &[("provider", "rehearsal")]), 0.0);
    assert_eq!((after.sum("fabulist_runs_active", &[]), after.sum("fabulist_queue_runs", &[])), (0.0, 0.0));
    assert_eq!(after.sum("fabulist_http_requests_total", &[("route", "/api/v1/briefs"), ("method", "POST"), ("status", "201")]), 1.0);
    assert!(after.sum("fabulist_http_request_seconds_count", &[("route", "/api/v1/workflow-runs/{id}"), ("method", "GET")]) >= 1.0);
    for check in ["database", "disk", "driver"] {
        assert_eq!(after.sum("fabulist_ready", &[("check", check)]), 1.0, "{check}");
    }
    let guide = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/running.md")).unwrap();
    for name in after.types.keys() {
        assert!(guide.contains(&format!("`{name}")), "docs/running.md does not explain {name}");
    }
    // Nobody can fill the meters up from outside.
    for n in 0..20 {
        server.get(&format!("/no/such/page/{n}")).await.is(404);
    }
    let told = scrape(&server).await;
    assert_eq!(told.sum("fabulist_http_requests_total", &[("route", "other"), ("status", "404")]), 20.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_that_cost_money_are_counted_with_their_tokens_and_the_provider_with_its_moods() {
    let model = Adversary::new().with_words(180).start().await.unwrap();
    let server = with_model(&model);
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}/next");
    server.post(&path, Value::Null).await.is(200);
    model.adversary.script([Behaviour::ServerError]);
    assert_eq!(server.post(&path, Value::Null).await.is(200)["step"]["status"], "failed");
    let used = server.get(&format!("/workflow-runs/{run}")).await.is(200)["usage"].clone();
    let seen = scrape(&server).await;
    for (kind, key) in [("input", "input_tokens"), ("output", "output_tokens"), ("cached_input", "cached_input_tokens")] {
        let counted = seen.sum("fabulist_model_tokens_total", &[("provider", "openai"), ("kind", kind)]);
        assert_eq!(Some(counted), used[key].as_f64(), "{kind}");
    }
    let cost = seen.sum("fabulist_model_cost_usd_total", &[("provider", "openai")]);
    assert!(cost > 0.0 && (cost - used["cost_usd"].as_f64().unwrap()).abs() < 1e-9, "{cost} {used}");
    assert_eq!(seen.sum("fabulist_model_calls_total", &[("outcome", "failed")]), 1.0);
    assert_eq!(seen.sum("fabulist_steps_total", &[("outcome", "failed")]), 1.0);
    assert_eq!(seen.sum("fabulist_provider_away", &[("provider", "openai")]), 1.0, "its breaker is open");
    server.post(&path, Value::Null).await.is(200);
    let seen = scrape(&server).await;
    assert_eq!(seen.sum("fabulist_provider_away", &[("provider", "openai")]), 0.0, "and closed by its first word");
    assert_eq!(seen.sum("fabulist_model_call_seconds_count", &[("provider", "openai")]), 3.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_that_were_taken_over_and_results_that_came_too_late_are_counted() {
    let model = Adversary::new().with_words(180).start().await.unwrap();
    model.adversary.script([Behaviour::Competent, Behaviour::Hangs]);
    let mut first = with_model(&model);
    let run = first.run().await;
    first.post(&format!("/workflow-runs/{run}/autorun/start"), Value::Null).await.is(202);
    first.until(&run, |run| run["active_step"]["name"] == "novel.chapter.beats").await;
    let writer: Arc<Writer> = first.writer.clone();
    first.child.kill().unwrap();
    first.child.wait().unwrap();
    let second = Server::of(writer);
    second.until(&run, |run| run["status"] == "succeeded").await;
    assert_eq!(scrape(&second).await.sum("fabulist_takeovers_total", &[]), 1.0);

    // A step that is told to stop is interrupted. `next` by hand is nobody else's.
    model.adversary.script([Behaviour::Hangs]);
    let other = second.run().await;
    let pressed = press(&second, &other);
    second.until(&other, |run| !run["active_step"].is_null()).await;
    second.post(&format!("/workflow-runs/{other}/cancel"), Value::Null).await.is(200);
    pressed.await.unwrap();
    counted(&second, "fabulist_steps_total", &[("outcome", "interrupted")]).await;

    // One that another process took the claim of while this one stood still, its answer on the way, comes too late: unless it hears of
    // that before it reads the answer.
    let third = Server::of(second.writer.clone());
    let begun = Instant::now();
    let answers_after = Duration::from_secs(1);
    while scrape(&second).await.sum("fabulist_claims_lost_total", &[]) < 1.0 {
        assert!(begun.elapsed() < Duration::from_secs(120), "no claim was ever lost");
        model.adversary.script([Behaviour::SlowFirstToken(answers_after)]);
        let run = second.run().await;
        let pressed = press(&second, &run);
        third.until(&run, |run| run["status"] != "queued").await;
        signal(&second.child, Signal::Stop);
        third.post(&format!("/workflow-runs/{run}/pause"), json!({ "now": true })).await.is(200);
        tokio::time::sleep(answers_after * 2).await;
        signal(&second.child, Signal::Continue);
        pressed.await.unwrap();
    }
    counted(&second, "fabulist_steps_total", &[("outcome", "lost")]).await;
}

/// Presses next and does not wait for the answer.
fn press(server: &Server, run: &str) -> tokio::task::JoinHandle<()> {
    let request = server.client.post(server.at(&format!("/workflow-runs/{run}/next")));
    tokio::spawn(async move { drop(request.send().await.unwrap()) })
}

/// Waits until something was counted.
async fn counted(server: &Server, name: &str, labels: &[(&str, &str)]) {
    let begun = Instant::now();
    while scrape(server).await.sum(name, labels) < 1.0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "{name} {labels:?} was never counted");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
