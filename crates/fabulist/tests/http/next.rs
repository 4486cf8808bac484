//! Many who press next at once, in one process and in two.

use std::{sync::Arc, time::Duration};

use futures::future::join_all;
use llm::adversary::{Adversary, Behaviour};
use serde_json::{Value, json};

use crate::{scenarios::with_model, server::Server};

async fn slow() -> llm::adversary::Running {
    Adversary::new().with_words(180).with_pause(Duration::from_millis(20)).start().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_sixty_four_who_press_next_exactly_one_wins() {
    let model = slow().await;
    let server = with_model(&model);
    let other = Server::of(server.writer.clone());
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}/next");
    let pressed = (0..64).map(|n| if n % 2 == 0 { server.post(&path, Value::Null) } else { other.post(&path, Value::Null) });
    let answers = join_all(pressed).await;
    let won: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(won.len(), 1);
    assert_eq!(won[0].json()["step"]["status"], "succeeded");
    for lost in answers.iter().filter(|answer| answer.status != 200) {
        let problem = lost.is(409);
        assert!(["/problems/step-in-progress", "/problems/step-moved-on"].contains(&problem["type"].as_str().unwrap()), "{problem}");
    }
    assert_eq!(server.steps(&run).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_expects_the_same_index_gets_the_same_step() {
    let model = slow().await;
    let server = with_model(&model);
    let other = Server::of(server.writer.clone());
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}/next");
    let expected = json!({ "expected_index": 1 });
    let pressed = (0..64).map(|n| if n % 2 == 0 { server.post(&path, expected.clone()) } else { other.post(&path, expected.clone()) });
    let answers: Vec<Value> = join_all(pressed).await.iter().map(|answer| answer.is(200)).collect();
    assert!(answers.iter().all(|answer| answer["step"] == answers[0]["step"]), "all were told of one step");
    assert_eq!(server.steps(&run).await.len(), 1);
    let ahead = server.post(&path, json!({ "expected_index": 3 })).await.problem(409, "step-moved-on");
    assert_eq!(ahead["current_status"], "running");
    assert_eq!(server.post(&path, expected).await.is(200)["step"], answers[0]["step"], "its result, once more");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_no_longer_gets_the_run_and_the_step_goes_on() {
    let model = slow().await;
    let server = with_model(&model);
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}/next");
    let waiting = server.post(&format!("{path}?wait=0"), Value::Null).await;
    if waiting.status == 202 {
        assert_eq!(waiting.json()["id"], json!(run));
    }
    let begun = server.until(&run, |run| !run["active_step"].is_null() || run["cursor"]["phase"] != "novel.outline").await;
    if !begun["active_step"].is_null() {
        server.post(&path, Value::Null).await.problem(409, "step-in-progress");
    }
    let joined = server.post(&path, json!({ "expected_index": 1 })).await.is(200);
    assert_eq!(joined["step"]["status"], "succeeded");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_client_does_not_end_the_step() {
    let model = slow().await;
    let server = with_model(&model);
    let run = server.run().await;
    let request = server.client.post(server.at(&format!("/workflow-runs/{run}/next"))).timeout(Duration::from_millis(100)).send().await;
    assert!(request.unwrap_err().is_timeout());
    let done = server.until(&run, |run| run["active_step"].is_null() && run["status"] == "running").await;
    assert_eq!(done["cursor"]["phase"], "novel.chapter.beats");
    assert_eq!(server.steps(&run).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_drives_runs_of_a_database_that_a_server_uses() {
    let server = Server::start();
    let run = server.run().await;
    let writer = Arc::clone(&server.writer);
    let id = run.clone();
    let made = tokio::task::spawn_blocking(move || {
        let next = writer.json(&["runs", "next", &id]);
        writer.json(&["runs", "pause", &id]);
        (next, writer.json(&["runs", "show", &id]))
    });
    let (next, shown) = made.await.unwrap();
    assert_eq!((&next["step"]["index"], &shown["run"]["status"]), (&json!(1), &json!("paused")));
    assert_eq!(server.get(&format!("/workflow-runs/{run}")).await.is(200), shown["run"]);
    server.post(&format!("/workflow-runs/{run}/resume"), Value::Null).await.is(200);
    server.post(&format!("/workflow-runs/{run}/autorun/start"), Value::Null).await.is(202);
    server.until(&run, |run| run["status"] == "succeeded").await;
}

#[tokio::test]
async fn who_joins_a_step_from_another_process_hears_how_it_ended_though_it_is_tried_again() {
    let adversary = Adversary::new().with_words(180).with_pause(Duration::from_millis(30));
    adversary.script([Behaviour::FailsWithin(10), Behaviour::SlowFirstToken(Duration::from_millis(1500))]);
    let model = adversary.start().await.unwrap();
    let server = with_model(&model);
    let other = Server::of(server.writer.clone());
    let run = server.run().await;
    server.post(&format!("/workflow-runs/{run}/autorun/start"), Value::Null).await.is(202);
    server.until(&run, |run| run["active_step"]["index"] == 1).await;
    let joined = other.post(&format!("/workflow-runs/{run}/next"), json!({ "expected_index": 1 })).await.is(200);
    assert_ne!(joined["step"]["status"], "running", "{joined}");
    assert_eq!(joined["step"]["index"], 1);
    server.until(&run, |run| run["status"] == "succeeded").await;
}
