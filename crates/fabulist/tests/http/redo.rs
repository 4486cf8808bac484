//! A committed chapter once more, an old text again, and the choice between two texts.

use serde_json::{Value, json};

use crate::server::{Server, id};

async fn artifacts(server: &Server, run: &str) -> Vec<Value> {
    server.get(&format!("/artifacts?workflow_run_id={run}")).await.is(200)["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_chapter_is_redone_with_an_instruction_and_those_behind_it_are_marked_not_rewritten() {
    let server = Server::start();
    let run = server.written().await;
    let path = format!("/workflow-runs/{run}");
    let before = server.get(&path).await.is(200);
    let (first, second) = (artifacts(&server, &run).await[0].clone(), artifacts(&server, &run).await[1].clone());
    let asked = json!({ "instruction": "Ines never raises her voice." });
    let begun = server.post(&format!("{path}/chapters/1/redo?include=state"), asked).await.is(200);
    assert_eq!((&begun["step"]["kind"], &begun["step"]["outputs"]["redone"]), (&json!("edit"), &json!(1)));
    assert_eq!((&begun["run"]["status"], &begun["run"]["progress"]["done"]), (&json!("running"), &json!(2)));
    assert_eq!(begun["run"]["state"]["cursor"], json!({ "phase": "novel.chapter.beats", "chapter_index": 1 }));
    assert_eq!(begun["run"]["state"]["digests"]["near"], json!({}), "it sees the book as it was before it");
    server.post(&format!("{path}/chapters/2/redo"), Value::Null).await.problem(409, "redo-in-progress");
    let beats = server.post(&format!("{path}/next"), Value::Null).await.is(200);
    let calls = server.get(&format!("{path}/steps/{}/calls", beats["step"]["index"])).await.is(200);
    assert!(calls.to_string().contains("Ines never raises her voice."));
    server.post(&format!("{path}/autorun/start"), Value::Null).await.is(202);
    let done = server.until(&run, |run| run["status"] == "succeeded").await;
    assert_eq!(done["progress"], before["progress"]);
    assert_eq!((done["state"].get("redo"), done["state"].get("replaces"), done["state"].get("guidance")), (None, None, None));
    assert_ne!(done["state"]["digests"]["near"]["1"], Value::Null);
    assert_eq!(done["state"]["digests"]["near"]["2"], before["state"]["digests"]["near"]["2"]);

    let now = artifacts(&server, &run).await;
    assert_ne!(now[0]["latest_version_id"], first["latest_version_id"]);
    assert_eq!((&now[1]["latest_version_id"], &now[1]["review"]), (&second["latest_version_id"], &json!("wanted")));
    let later = server.get(&format!("/artifact-versions/{}", second["latest_version_id"].as_str().unwrap())).await.is(200);
    assert!(later["metadata"]["findings"].to_string().contains("earlier-chapter-redone"), "{later}");
    let redone = server.get(&format!("/artifact-versions/{}", now[0]["latest_version_id"].as_str().unwrap())).await.is(200);
    assert_eq!(
        (&redone["number"], &redone["source"], &redone["parent_version_id"]),
        (&json!(2), &json!("agent"), &first["latest_version_id"])
    );

    let later = format!("/artifacts/{}", id(&second));
    for wrong in [json!({}), json!({ "review": "later" }), json!({ "review": null }), json!({ "review": "none", "title": "x" })] {
        server.patch(&later, wrong).await.problem(422, "invalid");
    }
    let read = server.patch(&later, json!({ "review": "approved" })).await.is(200);
    assert_eq!((&read["review"], &read["latest_version_id"]), (&json!("approved"), &second["latest_version_id"]), "and no new version");
    assert_eq!(server.get(&later).await.is(200), read);
    server.patch(&format!("/artifacts/{run}"), json!({ "review": "approved" })).await.problem(404, "not-found");

    let old = first["latest_version_id"].as_str().unwrap();
    let back = server.post(&format!("/artifact-versions/{old}/restore"), Value::Null).await.is(201);
    let text = server.get(&format!("/artifact-versions/{old}")).await.is(200)["content_text"].clone();
    assert_eq!((&back["number"], &back["source"], &back["content_text"]), (&json!(3), &json!("user"), &text));
    assert_eq!(
        server.post(&format!("/artifact-versions/{}/restore", id(&back)), Value::Null).await.is(200),
        back,
        "it is the latest already"
    );
    server.post(&format!("{path}/chapters/9/redo"), Value::Null).await.problem(404, "not-found");
    server.post(&format!("{path}/chapters/x/redo"), Value::Null).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_redo_is_given_up_by_taking_it_back_and_only_a_kept_chapter_is_redone() {
    let server = Server::start();
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}");
    server.post(&format!("{path}/autorun/start"), json!({ "until": { "chapter": 1 } })).await.is(202);
    server.until(&run, |run| run["progress"]["done"] == 1 && run["autorun"] == false).await;
    server.post(&format!("{path}/next"), Value::Null).await.is(200);
    server.post(&format!("{path}/chapters/2/redo"), Value::Null).await.problem(409, "not-committed");
    let before = server.get(&path).await.is(200);
    let begun = server.post(&format!("{path}/chapters/1/redo"), Value::Null).await.is(200);
    let index = &begun["step"]["index"];
    let back = server.post(&format!("{path}/steps/{index}/revert?include=state"), Value::Null).await.is(200);
    assert_eq!(back["run"]["state"], before["state"], "the beats of the second chapter are in hand again");
    server.post(&format!("{path}/chapters/1/redo"), Value::Null).await.is(200);
    server.post(&format!("{path}/next"), Value::Null).await.is(200);
    let given_up = server.patch(&format!("{path}/state?include=state"), json!({ "redo": null })).await.is(200);
    assert_eq!(given_up["run"]["state"], before["state"]);
}

#[tokio::test]
async fn a_fork_in_the_midst_of_a_redo_is_written_to_its_end_in_its_own_line() {
    let server = Server::start();
    let run = server.written().await;
    let path = format!("/workflow-runs/{run}");
    server.post(&format!("{path}/chapters/1/redo"), Value::Null).await.is(200);
    server.post(&format!("{path}/next"), Value::Null).await.is(200);
    let fork = id(&server.post(&format!("{path}/fork"), json!({})).await.is(201));
    let before = artifacts(&server, &run).await;
    let own = artifacts(&server, &fork).await[0]["latest_version_id"].clone();
    let state = server.get(&format!("/workflow-runs/{fork}?include=state")).await.is(200)["state"].clone();
    assert_eq!(state["replaces"], own, "the fork's own version is the one to come after");
    server.post(&format!("/workflow-runs/{fork}/autorun/start"), Value::Null).await.is(202);
    server.until(&fork, |run| run["status"] == "succeeded").await;
    let redone = artifacts(&server, &fork).await[0]["latest_version_id"].as_str().unwrap().to_owned();
    let version = server.get(&format!("/artifact-versions/{redone}")).await.is(200);
    assert_eq!((&version["number"], &version["parent_version_id"]), (&json!(2), &own));
    assert_eq!(artifacts(&server, &run).await, before, "the source is left alone");
}

/// A run whose first chapter is drafted, when a person writes that chapter.
async fn written_meanwhile(server: &Server) -> String {
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}");
    for _ in 0..3 {
        server.post(&format!("{path}/next"), Value::Null).await.is(200);
    }
    let mine =
        json!({ "workflow_run_id": run, "kind": "novel_chapter", "ordinal": 1, "title": "Mine", "content_text": "Ines sold the boat." });
    server.post("/artifacts", mine).await.is(201);
    server.post(&format!("{path}/autorun/start"), Value::Null).await.is(202);
    let paused = server.until(&run, |run| run["status"] == "paused" && run["active_step"].is_null()).await;
    assert_eq!(paused["pause"]["reason"], "artifact-moved-on");
    assert!(paused["state"]["draft"]["text"].is_string(), "the draft is still in hand");
    let version = artifacts(server, &run).await[0]["latest_version_id"].as_str().unwrap().to_owned();
    assert!(paused["pause"]["detail"].as_str().unwrap().contains(&version), "both texts are offered: {paused}");
    run
}

#[tokio::test]
async fn what_a_person_wrote_meanwhile_stands_where_the_run_is_resumed() {
    let server = Server::start();
    let run = written_meanwhile(&server).await;
    server.post(&format!("/workflow-runs/{run}/resume"), Value::Null).await.is(200);
    server.until(&run, |run| run["status"] == "succeeded").await;
    let first = artifacts(&server, &run).await[0].clone();
    let version = server.get(&format!("/artifact-versions/{}", first["latest_version_id"].as_str().unwrap())).await.is(200);
    assert_eq!((&version["number"], &version["content_text"]), (&json!(1), &json!("Ines sold the boat.")));
    let steps = server.steps(&run).await;
    assert!(steps.iter().any(|step| step["name"] == "novel.chapter.reread"), "it is read before the run goes on");
    let drafted = steps.iter().rfind(|step| step["name"] == "novel.chapter.draft").unwrap()["index"].clone();
    let calls = server.get(&format!("/workflow-runs/{run}/steps/{drafted}/calls")).await.is(200);
    assert!(calls.to_string().contains("Ines sold the boat"), "the next chapter knows of it");
}

#[tokio::test]
async fn a_draft_is_put_over_what_a_person_wrote_where_that_is_accepted() {
    let server = Server::start();
    let run = written_meanwhile(&server).await;
    server.post(&format!("/workflow-runs/{run}/resume"), json!({ "accept": true })).await.is(200);
    server.until(&run, |run| run["status"] == "succeeded").await;
    let first = artifacts(&server, &run).await[0].clone();
    let versions = server.get(&format!("/artifacts/{}/versions", id(&first))).await.is(200)["items"].clone();
    let told: Vec<_> = versions.as_array().unwrap().iter().map(|v| (v["number"].clone(), v["source"].clone())).collect();
    assert_eq!(told, [(json!(2), json!("agent")), (json!(1), json!("user"))], "nothing is lost");
}
