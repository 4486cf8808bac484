//! Lines of a run: forks, and the state as it stood.

use serde_json::{Value, json};

use crate::server::{Server, id};

/// Everything that can be seen of a run and does not move by itself.
async fn whole(server: &Server, run: &str) -> Value {
    let path = format!("/workflow-runs/{run}");
    let artifacts = server.get(&format!("/artifacts?workflow_run_id={run}")).await.is(200);
    let mut versions = Vec::new();
    for artifact in artifacts["items"].as_array().unwrap() {
        versions.push(server.get(&format!("/artifacts/{}/versions", id(artifact))).await.is(200));
    }
    json!([server.get(&path).await.is(200), server.steps(run).await, artifacts, versions, server.get(&format!("{path}/export")).await.text])
}

async fn texts(server: &Server, run: &str) -> Vec<String> {
    let artifacts = server.get(&format!("/artifacts?workflow_run_id={run}")).await.is(200);
    let mut texts = Vec::new();
    for artifact in artifacts["items"].as_array().unwrap() {
        let version = server.get(&format!("/artifact-versions/{}", artifact["latest_version_id"].as_str().unwrap())).await.is(200);
        texts.push(version["content_text"].as_str().unwrap().to_owned());
    }
    texts
}

async fn to_the_end(server: &Server, run: &str) -> Value {
    server.post(&format!("/workflow-runs/{run}/autorun/start"), Value::Null).await.is(202);
    server.until(run, |run| run["status"] == "succeeded").await
}

#[tokio::test]
async fn what_is_no_object_or_no_step_makes_no_fork() {
    let server = Server::start();
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}/fork");
    for body in
        [json!([]), json!([0]), json!({ "at_step": -1 }), json!({ "at_step": 1 }), json!({ "at_step": "0" }), json!({ "at_step": 0.5 })]
    {
        server.post(&path, body).await.problem(422, "invalid");
    }
    assert_eq!(server.get("/workflow-runs").await.is(200)["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn fork_then_next_leaves_the_source_untouched() {
    let server = Server::start();
    let source = server.written().await;
    let before = whole(&server, &source).await;
    let draft = server.steps(&source).await.into_iter().find(|step| step["name"] == "novel.chapter.draft").unwrap();
    let asked = json!({ "at_step": draft["index"], "label": "another way" });
    let fork = server.post(&format!("/workflow-runs/{source}/fork"), asked).await.is(201);
    assert_eq!((&fork["status"], &fork["label"], &fork["autorun"]), (&json!("queued"), &json!("another way"), &json!(false)));
    assert_eq!(fork["forked_from"], json!({ "workflow_run_id": source, "step_index": draft["index"] }));
    assert_eq!((&fork["usage"]["calls"], &fork["cursor"]["phase"]), (&json!(0), &json!("novel.chapter.extract")));
    let then = server.get(&format!("/workflow-runs/{source}/steps/{}/state", draft["index"])).await;
    assert_eq!(fork["state"], then.json());
    let at_first = server.get(&format!("/workflow-runs/{}/steps/0/state", id(&fork))).await;
    assert_eq!(at_first.text, then.text, "byte for byte");
    let done = server.post(&format!("/workflow-runs/{}/next", id(&fork)), json!({ "expected_index": 1 })).await.is(200);
    assert_eq!((&done["step"]["index"], &done["step"]["name"]), (&json!(1), &json!("novel.chapter.extract")));
    assert_eq!(to_the_end(&server, &id(&fork)).await["progress"], json!({ "done": 2, "total": 2 }));
    assert_eq!(whole(&server, &source).await, before);
    assert_eq!(texts(&server, &id(&fork)).await, texts(&server, &source).await, "rehearsal writes the same from the same place");
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_the_source_leaves_the_fork_whole() {
    let server = Server::start();
    let source = server.written().await;
    let commit = server.steps(&source).await.into_iter().find(|step| step["name"] == "novel.chapter.commit").unwrap();
    let path = format!("/workflow-runs/{source}/fork");
    let after_one = server.post(&path, json!({ "at_step": commit["index"] })).await.is(201);
    let done = server.post(&path, Value::Null).await.is(201);
    let of_fork = server.post(&format!("/workflow-runs/{}/fork", id(&done)), json!({ "at_step": 0 })).await.is(201);
    assert_eq!((&after_one["status"], &done["status"], &of_fork["status"]), (&json!("queued"), &json!("succeeded"), &json!("succeeded")));
    assert_eq!(after_one["progress"], json!({ "done": 1, "total": 2 }));
    let listed = server.get(&format!("/workflow-runs/{source}/forks")).await.is(200);
    let ids: Vec<_> = listed["items"].as_array().unwrap().iter().map(id).collect();
    assert_eq!(ids, [id(&of_fork), id(&done), id(&after_one)], "newest first, and forks of forks with them");
    let book = texts(&server, &source).await;
    let mut before = Vec::new();
    for run in [&after_one, &done, &of_fork] {
        before.push(whole(&server, &id(run)).await);
    }
    server.delete(&format!("/workflow-runs/{source}?user_edits=delete&wait=true")).await.is(204);
    for (run, before) in [&after_one, &done, &of_fork].into_iter().zip(&before) {
        assert_eq!(whole(&server, &id(run)).await, *before);
    }
    assert_eq!(texts(&server, &id(&of_fork)).await, book);
    assert_eq!(texts(&server, &id(&after_one)).await, book[..1]);
    to_the_end(&server, &id(&after_one)).await;
    assert_eq!(texts(&server, &id(&after_one)).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_forked_at_each_of_its_steps() {
    let server = Server::start();
    let source = server.written().await;
    let steps = server.steps(&source).await;
    let mut committed = 0;
    for index in 0..=steps.len() {
        let fork = server.post(&format!("/workflow-runs/{source}/fork"), json!({ "at_step": index })).await.is(201);
        let then = server.get(&format!("/workflow-runs/{source}/steps/{index}/state")).await;
        assert_eq!(server.get(&format!("/workflow-runs/{}/steps/0/state", id(&fork))).await.text, then.text, "step {index}");
        if index > 0 && steps[index - 1]["name"] == "novel.chapter.commit" {
            committed += 1;
        }
        assert_eq!(fork["progress"]["done"], committed, "step {index}");
        assert_eq!(texts(&server, &id(&fork)).await, texts(&server, &source).await[..committed], "step {index}");
        assert_eq!(fork["cursor"], fork["state"]["cursor"]);
    }
    let first = server.post(&format!("/workflow-runs/{source}/fork"), json!({ "at_step": 0 })).await.is(201);
    assert_eq!(texts(&server, &id(&to_the_end(&server, &id(&first)).await)).await, texts(&server, &source).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_forked_is_told() {
    let server = Server::start();
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}/fork");
    for (asked, pointer) in [
        (json!({ "at_step": 1 }), "/at_step"),
        (json!({ "at_step": -1 }), "/at_step"),
        (json!({ "at_step": "last" }), "/at_step"),
        (json!({ "label": "x".repeat(301) }), "/label"),
        (json!({ "step": 1 }), ""),
    ] {
        let problem = server.post(&path, asked.clone()).await.problem(422, "invalid");
        assert!(problem["errors"][0]["pointer"].as_str().unwrap().starts_with(pointer), "{asked}: {problem}");
    }
    let fresh = server.post(&path, json!({})).await.is(201);
    assert_eq!(fresh["forked_from"]["step_index"], 0);
    server.post("/workflow-runs/01900000-0000-7000-8000-000000000000/fork", Value::Null).await.problem(404, "not-found");
    server.get("/workflow-runs/01900000-0000-7000-8000-000000000000/forks").await.problem(404, "not-found");
    server.get(&format!("/workflow-runs/{run}/steps/1/state")).await.problem(404, "not-found");
    server.get(&format!("/workflow-runs/{run}/steps/-1/state")).await.problem(404, "not-found");
    server.post(&format!("/workflow-runs/{run}/cancel"), Value::Null).await.is(200);
    server.post(&path, Value::Null).await.is(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fork_keeps_what_was_pinned_and_what_waits_to_be_read() {
    let server = Server::start();
    let snapshot = server.snapshot().await;
    let asked = json!({ "kind": "novel", "brief_snapshot_id": snapshot, "budget": { "max_tokens": 900_000 }, "pause_before": ["novel.chapter.commit"] });
    let source = id(&server.post("/workflow-runs", asked).await.is(201));
    server.post(&format!("/workflow-runs/{source}/autorun/start"), Value::Null).await.is(202);
    server.until(&source, |run| run["status"] == "paused").await;
    server.post(&format!("/workflow-runs/{source}/resume"), Value::Null).await.is(200);
    let held = server.until(&source, |run| run["status"] == "paused" && run["progress"]["done"] == 1).await;
    let artifact = server.get(&format!("/artifacts?workflow_run_id={source}")).await.is(200)["items"][0].clone();
    let mine = json!({ "content_text": "My own words.", "parent_version_id": artifact["latest_version_id"] });
    let mine = server.post(&format!("/artifacts/{}/versions", id(&artifact)), mine).await.is(201);
    let last = server.steps(&source).await.len();
    let fork = server.post(&format!("/workflow-runs/{source}/fork"), Value::Null).await.is(201);
    let before = server.post(&format!("/workflow-runs/{source}/fork"), json!({ "at_step": last })).await.is(201);
    for key in ["budget", "pause_before", "model", "kind", "brief_snapshot_id", "brief_id", "cursor", "progress"] {
        assert_eq!(fork[key], held[key], "{key}");
    }
    assert_eq!((&fork["status"], &fork["pause"], &fork["autorun"]), (&json!("queued"), &Value::Null, &json!(false)));
    assert_eq!(texts(&server, &id(&fork)).await, ["My own words."], "as it stands now, with what was written since");
    assert_ne!(texts(&server, &id(&before)).await, ["My own words."], "as it stood after its last step");
    let next = server.post(&format!("/workflow-runs/{}/next", id(&fork)), Value::Null).await.is(200);
    assert_eq!((&next["step"]["name"], &next["step"]["index"]), (&json!("novel.chapter.reread"), &json!(1)));
    let copies = server.get(&format!("/artifacts?workflow_run_id={}", id(&fork))).await.is(200);
    let version = server.get(&format!("/artifact-versions/{}", copies["items"][0]["latest_version_id"].as_str().unwrap())).await.is(200);
    assert_eq!((&version["source"], &version["number"], &version["created_at"]), (&json!("user"), &json!(2), &mine["created_at"]));
    assert_ne!(version["id"], mine["id"]);
    server.delete(&format!("/workflow-runs/{source}?user_edits=delete&wait=true")).await.is(204);
    assert_eq!(texts(&server, &id(&fork)).await, ["My own words."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_are_shown_side_by_side() {
    let server = Server::start();
    let source = server.written().await;
    let fork = id(&server.post(&format!("/workflow-runs/{source}/fork"), json!({ "label": "mine" })).await.is(201));
    let path = format!("/workflow-runs/{source}/compare?with={fork}");
    let same = server.get(&path).await.is(200);
    assert!(
        same["chapters"].as_array().unwrap().iter().all(|chapter| chapter["same"] == true && chapter["words"]["inserted"] == 0),
        "{same}"
    );
    assert_eq!((&same["state_patch"], &same["state_changes"]), (&json!({}), &json!([])));
    assert_eq!((&same["run"]["length"], &same["run"]["chapters"]), (&same["with"]["length"], &json!(2)));
    assert_eq!((same["run"]["run"]["id"].as_str(), same["with"]["run"]["label"].as_str()), (Some(source.as_str()), Some("mine")));
    assert!(same["run"]["run"]["usage"]["calls"].as_u64().unwrap() > same["with"]["run"]["usage"]["calls"].as_u64().unwrap());

    let artifact = server.get(&format!("/artifacts?workflow_run_id={fork}")).await.is(200)["items"][1].clone();
    let version = server.get(&format!("/artifact-versions/{}", artifact["latest_version_id"].as_str().unwrap())).await.is(200);
    let text = format!("Nobody answered twice. {}", version["content_text"].as_str().unwrap());
    let mine = json!({ "content_text": text, "title": "Mine", "parent_version_id": version["id"] });
    let mine = server.post(&format!("/artifacts/{}/versions", id(&artifact)), mine).await.is(201);
    let early = id(&server.post(&format!("/workflow-runs/{source}/fork"), json!({ "at_step": 1 })).await.is(201));
    let changed = server.get(&path).await.is(200);
    let chapter = &changed["chapters"][1];
    assert_eq!((&chapter["same"], &chapter["ordinal"], &chapter["kind"]), (&json!(false), &json!(2), &json!("novel_chapter")));
    assert_eq!((&chapter["words"]["inserted"], &chapter["words"]["deleted"]), (&json!(3), &json!(0)));
    assert_eq!(
        (&chapter["with"]["version_id"], &chapter["with"]["source"], &chapter["with"]["title"]),
        (&mine["id"], &json!("user"), &json!("Mine"))
    );
    assert_eq!(changed["chapters"][0]["same"], true);
    let back = server.get(&format!("/workflow-runs/{fork}/compare?with={source}")).await.is(200);
    assert_eq!((&back["chapters"][1]["words"]["deleted"], &back["chapters"][1]["words"]["inserted"]), (&json!(3), &json!(0)));

    let apart = server.get(&format!("/workflow-runs/{source}/compare?with={early}")).await.is(200);
    assert_eq!((&apart["chapters"][0]["with"], &apart["with"]["chapters"]), (&Value::Null, &json!(0)));
    assert!(apart["state_changes"].as_array().unwrap().contains(&json!("/cursor/phase")), "{}", apart["state_changes"]);
    let mut patched = server.get(&format!("/workflow-runs/{source}")).await.is(200)["state"].clone();
    story::patch::apply(&mut patched, &apart["state_patch"]);
    assert_eq!(patched, server.get(&format!("/workflow-runs/{early}")).await.is(200)["state"]);
    server.get(&format!("/workflow-runs/{source}/compare?with=nobody")).await.problem(422, "invalid");
    server.get(&format!("/workflow-runs/{source}/compare")).await.problem(422, "invalid");
}
