//! Requests that carry a key: done once, however often they are sent.

use std::{sync::Arc, time::Duration};

use llm::adversary::{Adversary, Behaviour};
use reqwest::header;
use serde_json::{Value, json};

use crate::{
    scenarios::with_model,
    server::{Answer, Server, id},
    support::killing::{Signal, signal},
};

/// Sends a request with a key.
async fn with_key(server: &Server, key: &str, path: &str, body: Value) -> Answer {
    let mut request = server.client.post(server.at(path)).header("Idempotency-Key", key);
    if !body.is_null() {
        request = request.header(header::CONTENT_TYPE, "application/json").body(body.to_string());
    }
    server.send(request).await
}

async fn runs(server: &Server) -> usize {
    server.get("/workflow-runs?limit=200").await.is(200)["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn sixteen_clients_with_one_key_make_one_run() {
    let server = Server::start();
    let snapshot = server.snapshot().await;
    let body = json!({ "kind": "novel", "brief_snapshot_id": snapshot, "label": "once" });
    let answers = futures::future::join_all((0..16).map(|_| with_key(&server, "one-run", "/workflow-runs", body.clone()))).await;
    let first = answers[0].is(201);
    for answer in &answers {
        assert_eq!(answer.is(201), first);
    }
    assert_eq!(runs(&server).await, 1);
    let other = with_key(&server, "another-run", "/workflow-runs", body.clone()).await.is(201);
    assert_ne!(other["id"], first["id"]);
    assert_eq!(runs(&server).await, 2);
}

#[tokio::test]
async fn a_key_belongs_to_one_request() {
    let server = Server::start();
    let snapshot = server.snapshot().await;
    let body = json!({ "kind": "novel", "brief_snapshot_id": snapshot });
    let run = id(&with_key(&server, "k", "/workflow-runs", body).await.is(201));
    let other = json!({ "kind": "novel", "brief_snapshot_id": snapshot, "label": "another" });
    with_key(&server, "k", "/workflow-runs", other).await.problem(422, "idempotency-key-reused");
    with_key(&server, "k", &format!("/workflow-runs/{run}/pause"), Value::Null).await.problem(422, "idempotency-key-reused");
    with_key(&server, "a key", &format!("/workflow-runs/{run}/pause"), Value::Null).await.problem(422, "invalid");
    with_key(&server, &"k".repeat(256), &format!("/workflow-runs/{run}/pause"), Value::Null).await.problem(422, "invalid");
    assert_eq!(runs(&server).await, 1);
}

#[tokio::test]
async fn what_was_refused_is_refused_again_and_what_was_done_is_told_again() {
    let server = Server::start();
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}");
    with_key(&server, "pause", &format!("{path}/pause"), Value::Null).await.is(200);
    let refused = with_key(&server, "next", &format!("{path}/next"), Value::Null).await.problem(409, "run-paused");
    server.post(&format!("{path}/resume"), Value::Null).await.is(200);
    let paused = with_key(&server, "pause", &format!("{path}/pause"), Value::Null).await.is(200);
    assert_eq!(paused["status"], "paused", "as the first time");
    assert_eq!(server.get(&path).await.is(200)["status"], "queued", "it was not done again");
    assert_eq!(with_key(&server, "next", &format!("{path}/next"), Value::Null).await.problem(409, "run-paused"), refused);
    let step = with_key(&server, "first", &format!("{path}/next"), Value::Null).await.is(200);
    assert_eq!(with_key(&server, "first", &format!("{path}/next"), Value::Null).await.is(200), step);
    assert_eq!(server.steps(&run).await.len(), 1);
}

#[tokio::test]
async fn what_a_run_was_told_with_a_key_goes_with_it() {
    let server = Server::start();
    let snapshot = server.snapshot().await;
    let body = json!({ "kind": "novel", "brief_snapshot_id": snapshot });
    let first = id(&with_key(&server, "k", "/workflow-runs", body.clone()).await.is(201));
    server.delete(&format!("/workflow-runs/{first}?wait=true")).await.is(204);
    assert_ne!(id(&with_key(&server, "k", "/workflow-runs", body).await.is(201)), first);
}

#[tokio::test]
async fn a_step_that_somebody_did_not_wait_for_is_joined_by_its_key() {
    let adversary = Adversary::new().with_words(180);
    adversary.script([Behaviour::SlowFirstToken(Duration::from_millis(700))]);
    let model = adversary.start().await.unwrap();
    let server = with_model(&model);
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}/next");
    with_key(&server, "k", &format!("{path}?wait=0"), Value::Null).await.is(202);
    let step = with_key(&server, "k", &format!("{path}?wait=0"), Value::Null).await;
    assert_eq!(step.status, 202, "it is still at work, and nothing else is begun");
    server.until(&run, |run| run["active_step"].is_null()).await;
    let step = with_key(&server, "k", &format!("{path}?wait=0"), Value::Null).await;
    if step.status == 200 {
        assert_eq!(step.json()["step"]["index"], 1);
    }
    assert_eq!(server.steps(&run).await.len(), 1);
    assert_eq!(model.adversary.answered(), 1);
}

#[tokio::test]
async fn a_key_holds_for_all_processes_of_a_database() {
    let server = Server::start();
    let snapshot = server.snapshot().await;
    let other = Server::of(server.writer.clone());
    let body = json!({ "kind": "novel", "brief_snapshot_id": snapshot });
    let pairs = (0..8).map(|n| with_key(if n % 2 == 0 { &server } else { &other }, "k", "/workflow-runs", body.clone()));
    let answers = futures::future::join_all(pairs).await;
    let first = answers[0].is(201);
    assert!(answers.iter().all(|answer| answer.is(201) == first));
    assert_eq!(runs(&other).await, 1);
}

#[tokio::test]
async fn a_process_that_dies_before_it_answers_leaves_no_key_stuck_and_does_nothing_twice() {
    let server = Server::start();
    let snapshot = server.snapshot().await;
    let writer = server.writer.clone();
    drop(server);
    let mut command = writer.command(&["serve", "--listen", "127.0.0.1:0", "--json"]);
    command.env("FABULIST_STOP_AT", "unanswered#1");
    let dying = Arc::new(Server::by(writer.clone(), command));
    let body = json!({ "kind": "novel", "brief_snapshot_id": snapshot });
    let asked = {
        let (dying, body) = (dying.clone(), body.clone());
        let request = dying.client.post(dying.at("/workflow-runs")).header("Idempotency-Key", "k");
        tokio::spawn(request.header(header::CONTENT_TYPE, "application/json").body(body.to_string()).send())
    };
    let other = Server::of(writer);
    while runs(&other).await == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let made = ids(&other).await;
    signal(&dying.child, Signal::Kill);
    assert!(asked.await.unwrap().is_err(), "it died without an answer");
    // A server of PostgreSQL is known to be dead after 20 s.
    let again = with_key(&other, "k", "/workflow-runs", body).await.is(201);
    assert_eq!(vec![id(&again)], made, "what was made is told, not made again");
    assert_eq!(runs(&other).await, 1);
}

async fn ids(server: &Server) -> Vec<String> {
    server.get("/workflow-runs").await.is(200)["items"].as_array().unwrap().iter().map(id).collect()
}
