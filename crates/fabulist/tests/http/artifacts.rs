//! Artifacts, a person's versions, differences, files.

use serde_json::{Value, json};

use crate::server::{Server, id};

#[tokio::test]
async fn a_persons_version_is_kept_against_the_latest_one_only() {
    let server = Server::start();
    let run = server.written().await;
    let artifact = server.get(&format!("/artifacts?workflow_run_id={run}&kind=novel_chapter")).await.is(200)["items"][0].clone();
    let path = format!("/artifacts/{}", id(&artifact));
    let first = artifact["latest_version_id"].clone();
    let before = server.get(&format!("/artifact-versions/{}", first.as_str().unwrap())).await.is(200);
    let text = format!("{}\r\n\r\n\r\nAnd then it rained.  ", before["content_text"].as_str().unwrap());
    let mine = server.post(&format!("{path}/versions"), json!({ "content_text": text, "parent_version_id": first })).await.is(201);
    assert_eq!((&mine["number"], &mine["source"], &mine["parent_version_id"]), (&json!(2), &json!("user"), &first));
    assert!(mine["content_text"].as_str().unwrap().ends_with("\n\nAnd then it rained."), "normalised");
    let late = server.post(&format!("{path}/versions"), json!({ "content_text": "Late.", "parent_version_id": first })).await;
    let late = late.problem(409, "version-moved-on");
    assert_eq!((&late["parent_version_id"], &late["latest_version_id"]), (&first, &mine["id"]));
    assert_eq!(server.get(&path).await.is(200)["latest_version_id"], mine["id"]);
    let versions = server.get(&format!("{path}/versions")).await.is(200);
    assert_eq!(versions["items"], json!([mine, before]), "newest first, nothing overwritten");
    let events = server.follow(&format!("/workflow-runs/{run}/events"), None).await.rest().await;
    let last = events.iter().rfind(|event| event.name == "artifact.committed").unwrap();
    assert_eq!(
        (last.name.as_str(), &last.data["version"]["id"], &last.data["version"]["number"]),
        ("artifact.committed", &mine["id"], &json!(2))
    );
    let diff = server.get(&format!("/artifact-versions/{}/diff", id(&mine))).await.is(200);
    assert_eq!(diff["against"], first);
    let added: String =
        diff["changes"].as_array().unwrap().iter().filter(|c| c["op"] == "insert").map(|c| c["text"].as_str().unwrap()).collect();
    assert_eq!(added.trim(), "And then it rained.");
    let back = server.get(&format!("/artifact-versions/{}/diff?against={}", first.as_str().unwrap(), id(&mine))).await.is(200);
    assert!(back["changes"].as_array().unwrap().iter().any(|c| c["op"] == "delete"));
    server.get(&format!("/artifact-versions/{}/diff?against=x", id(&mine))).await.problem(422, "invalid");
    for wrong in [json!({ "content_text": " \n ", "parent_version_id": mine["id"] }), json!({ "content_text": "x" })] {
        server.post(&format!("{path}/versions"), wrong).await.problem(422, "invalid");
    }
}

#[tokio::test]
async fn a_chapter_that_a_person_changed_is_read_before_anything_goes_on() {
    let server = Server::start();
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}");
    server.post(&format!("{path}/autorun/start"), json!({ "until": { "chapter": 1 } })).await.is(202);
    server.until(&run, |run| run["progress"]["done"] == 1 && run["autorun"] == false).await;
    let artifact = server.get(&format!("/artifacts?workflow_run_id={run}")).await.is(200)["items"][0].clone();
    let mine = json!({ "content_text": "Ines burned the boat, and was glad.", "parent_version_id": artifact["latest_version_id"] });
    server.post(&format!("/artifacts/{}/versions", id(&artifact)), mine).await.is(201);
    let next = server.post(&format!("{path}/next"), Value::Null).await.is(200);
    assert_eq!((&next["step"]["name"], &next["step"]["status"]), (&json!("novel.chapter.reread"), &json!("succeeded")));
    server.post(&format!("{path}/autorun/start"), Value::Null).await.is(202);
    server.until(&run, |run| run["status"] == "succeeded").await;
    assert!(server.get(&format!("{path}/export")).await.text.contains("Ines burned the boat, and was glad."));
}

#[tokio::test]
async fn of_many_who_edit_at_once_one_wins() {
    let server = Server::start();
    let run = server.written().await;
    let artifact = server.get(&format!("/artifacts?workflow_run_id={run}")).await.is(200)["items"][1].clone();
    let path = format!("/artifacts/{}/versions", id(&artifact));
    let edits = (0..16)
        .map(|n| server.post(&path, json!({ "content_text": format!("Edit {n}."), "parent_version_id": artifact["latest_version_id"] })));
    let answers = futures::future::join_all(edits).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert!(
        answers
            .iter()
            .filter(|answer| answer.status != 201)
            .all(|answer| answer.problem(409, "version-moved-on")["latest_version_id"].is_string())
    );
}

#[tokio::test]
async fn a_chapter_is_written_by_a_person_before_any_step_did() {
    let server = Server::start();
    let run = server.run().await;
    let chapter = |ordinal: u32| json!({ "workflow_run_id": run, "kind": "novel_chapter", "ordinal": ordinal, "title": "Mine", "content_text": "My words." });
    server.post("/artifacts", chapter(2)).await.problem(422, "invalid");
    server.post(&format!("/workflow-runs/{run}/next"), Value::Null).await.is(200);
    let version = server.post("/artifacts", chapter(2)).await.is(201);
    assert_eq!((&version["number"], &version["title"], &version["workflow_run_id"]), (&json!(1), &json!("Mine"), &json!(run)));
    let again = server.post("/artifacts", chapter(2)).await.problem(409, "version-moved-on");
    assert_eq!(again["latest_version_id"], version["id"]);
    server.post("/artifacts", chapter(3)).await.problem(422, "invalid");
    server
        .post("/artifacts", json!({ "workflow_run_id": "x", "kind": "novel_chapter", "ordinal": 1, "title": "", "content_text": "x" }))
        .await
        .problem(422, "invalid");
    let mut scene = chapter(1);
    scene["kind"] = json!("script_scene");
    server.post("/artifacts", scene).await.problem(422, "invalid");
}

#[tokio::test]
async fn a_book_is_exported_by_its_run_and_by_its_snapshot() {
    let server = Server::start();
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}");
    server.get(&format!("{path}/export")).await.problem(409, "nothing-to-export");
    let snapshot = server.get(&path).await.is(200)["brief_snapshot_id"].as_str().unwrap().to_owned();
    server.get(&format!("/brief-snapshots/{snapshot}/export")).await.problem(409, "nothing-to-export");
    server.patch(&path, json!({ "label": "二稿" })).await.is(200);
    server.post(&format!("{path}/autorun/start"), Value::Null).await.is(202);
    server.until(&run, |run| run["status"] == "succeeded").await;
    let text = server.get(&format!("{path}/export?format=txt")).await;
    assert_eq!((text.status, text.header("content-type")), (200, "text/plain; charset=utf-8".into()));
    assert!(text.header("content-disposition").ends_with("filename*=UTF-8''The%20Salt%20Road%20%28%E4%BA%8C%E7%A8%BF%29.txt"));
    let by_snapshot = server.get(&format!("/brief-snapshots/{snapshot}/export?kind=novel&format=txt")).await;
    assert_eq!((by_snapshot.text.as_str(), by_snapshot.header("fabulist-workflow-run")), (text.text.as_str(), run.clone()));
    let second = server.get(&format!("{path}/export?ranges=2,7-9")).await;
    assert!(second.text.contains("## Chapter 2:") && !second.text.contains("## Chapter 1:"), "{}", second.text);
    server.get(&format!("{path}/export?ranges=7")).await.problem(422, "invalid");
    server.get(&format!("/brief-snapshots/{snapshot}/export?workflow_run_id=x")).await.problem(422, "invalid");
    server.get(&format!("/brief-snapshots/{snapshot}/export?kind=script")).await.problem(409, "nothing-to-export");
}
