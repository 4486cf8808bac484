//! Requests that carry a key: done once, however often they are sent.

use std::time::Duration;

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

/// Sends a request to a process that dies once it is carried out and before its answer is kept, then the same to another process. Returns
/// what that one answers.
async fn asked_again(server: Server, path: &str, kind: &str, body: Vec<u8>) -> (Server, Answer) {
    killed_at("unanswered", server, path, kind, body).await
}

/// The same for a process that dies at this fail point.
async fn killed_at(point: &str, server: Server, path: &str, kind: &str, body: Vec<u8>) -> (Server, Answer) {
    let writer = server.writer.clone();
    drop(server);
    let mut command = writer.command(&["serve", "--listen", "127.0.0.1:0", "--json"]);
    command.env("FABULIST_STOP_AT", point);
    let mut dying = Server::by(writer.clone(), command);
    let request = |server: &Server| {
        let request = server.client.post(server.at(path)).header("Idempotency-Key", "k");
        request.header(header::CONTENT_TYPE, kind).body(body.clone())
    };
    let asked = tokio::spawn(request(&dying).send());
    dying.stands_at(point).await;
    signal(&dying.child, Signal::Kill);
    assert!(asked.await.unwrap().is_err(), "it died without an answer");
    let other = Server::of(writer);
    // A server of PostgreSQL is known to be dead after 20 s.
    let answer = other.send(request(&other)).await;
    let again = other.send(request(&other)).await;
    assert_eq!((again.status, &again.text), (answer.status, &answer.text), "and now it is kept");
    (other, answer)
}

const JSON: &str = "application/json";

#[tokio::test]
async fn a_run_whose_maker_dies_is_made_once() {
    let server = Server::start();
    let snapshot = server.snapshot().await;
    let body = json!({ "kind": "novel", "brief_snapshot_id": snapshot }).to_string();
    let (server, answer) = asked_again(server, "/workflow-runs", JSON, body.into()).await;
    assert_eq!(ids(&server).await, vec![id(&answer.is(201))], "what was made is told, not made again");
}

#[tokio::test]
async fn a_novel_whose_importer_dies_comes_in_once() {
    let server = Server::start();
    let brief = id(&server.post("/briefs", json!({ "content": {} })).await.is(201));
    let text = "Chapter 1\n\nIt rained on the harbour.\n\nChapter 2\n\nIt rained on.\n";
    let form = format!("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"salt.txt\"\r\n\r\n{text}\r\n--x--\r\n");
    let path = format!("/briefs/{brief}/imports");
    let (server, answer) = asked_again(server, &path, "multipart/form-data; boundary=x", form.into()).await;
    let told = answer.is(201);
    assert_eq!(told["chapters"].as_array().unwrap().len(), 2);
    assert_eq!(json!(ids(&server).await), json!([told["workflow_run_id"]]));
    let snapshots = server.get(&format!("/briefs/{brief}/snapshots")).await.is(200);
    assert_eq!(snapshots["items"].as_array().unwrap().iter().map(|s| &s["id"]).collect::<Vec<_>>(), [&told["brief_snapshot_id"]]);
}

#[tokio::test]
async fn an_instruction_whose_server_dies_is_carried_out_once() {
    let server = Server::start();
    let run = server.run().await;
    server.post(&format!("/workflow-runs/{run}/next"), Value::Null).await.is(200);
    let body = json!({ "instruction": "In chapter 2 it snows." }).to_string();
    let path = format!("/workflow-runs/{run}/interventions");
    let (server, answer) = asked_again(server, &path, JSON, body.into()).await;
    let told = answer.is(200);
    assert_eq!(told["step"]["kind"], "intervention");
    assert_eq!(told["step"]["status"], "succeeded");
    assert_ne!(told["assistant_message"], "");
    assert_ne!(told["state_patch"], json!({}));
    let steps = server.steps(&run).await;
    assert_eq!(steps.iter().map(|step| &step["name"]).collect::<Vec<_>>(), ["novel.outline", "intervention"]);
    assert_eq!(steps[1]["id"], told["step"]["id"]);
}

#[tokio::test]
async fn an_instruction_whose_server_dies_at_work_is_not_carried_out_behind_its_persons_back() {
    let server = Server::start();
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}/interventions");
    let body = json!({ "instruction": "It snows." }).to_string();
    let (server, answer) = killed_at("claimed", server, &path, JSON, body.into()).await;
    let told = answer.is(200);
    assert_eq!(told["step"]["status"], "failed");
    assert_eq!(told["step"]["error"]["type"], "/problems/worker-lost");
    assert_eq!(told["state_patch"], json!({}));
    assert_eq!(server.steps(&run).await.len(), 1);
}

#[tokio::test]
async fn a_proposal_whose_server_dies_is_the_same_proposal() {
    let server = Server::start();
    let run = server.run().await;
    let body = json!({ "instruction": "It snows.", "dry_run": true }).to_string();
    let path = format!("/workflow-runs/{run}/interventions");
    let (server, answer) = asked_again(server, &path, JSON, body.into()).await;
    let told = answer.is(200);
    assert_eq!(told["step"], Value::Null);
    let applied = server.post(&path, json!({ "proposal_id": told["proposal_id"] })).await.is(200);
    assert_eq!(applied["state_patch"], told["state_patch"]);
}

#[tokio::test]
async fn a_project_whose_importer_dies_comes_in_once() {
    let server = Server::start();
    let run = server.written().await;
    let brief = server.get("/briefs").await.is(200)["items"][0]["id"].as_str().unwrap().to_owned();
    let file = server.client.get(server.at(&format!("/briefs/{brief}/project"))).send().await.unwrap().bytes().await.unwrap();
    server.delete(&format!("/briefs/{brief}?wait=true")).await.is(204);
    let (server, answer) = asked_again(server, "/projects", "application/octet-stream", file.to_vec()).await;
    let told = answer.is(201);
    assert_eq!(told["workflow_run_ids"], json!([run]));
    assert_eq!(told["snapshots"], 1);
    assert_eq!(ids(&server).await, [run]);
}

#[tokio::test]
async fn what_comes_back_from_the_bin_comes_back_once() {
    let server = Server::start();
    let run = server.written().await;
    server.delete(&format!("/workflow-runs/{run}?wait=true")).await.is(204);
    let (server, answer) = asked_again(server, &format!("/bin/{run}/restore"), JSON, b"{}".to_vec()).await;
    assert_eq!(answer.is(200)["workflow_run_ids"], json!([run]));
    assert_eq!(ids(&server).await, [run]);
}

#[tokio::test]
async fn a_lock_whose_server_dies_is_put_on_once() {
    let server = Server::start();
    let run = server.written().await;
    let artifact = id(&server.get(&format!("/artifacts?workflow_run_id={run}")).await.is(200)["items"][0]);
    let body = json!({ "span": { "start": 0, "end": 5 }, "reason": "mine" }).to_string();
    let path = format!("/artifacts/{artifact}/locks");
    let (server, answer) = asked_again(server, &path, JSON, body.into()).await;
    let locks = server.get(&path).await.is(200);
    assert_eq!(locks["items"], json!([answer.is(201)]));
}

#[tokio::test]
async fn autorun_that_was_to_end_after_one_step_ends_after_one_step() {
    let server = Server::start();
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}/autorun/start");
    let (server, answer) = asked_again(server, &path, JSON, json!({ "until": { "count": 1 } }).to_string().into()).await;
    answer.is(202);
    server.until(&run, |run| run["autorun"] == false).await;
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(server.steps(&run).await.iter().filter(|step| step["status"] == "succeeded").count(), 1);
}

async fn ids(server: &Server) -> Vec<String> {
    server.get("/workflow-runs").await.is(200)["items"].as_array().unwrap().iter().map(id).collect()
}
