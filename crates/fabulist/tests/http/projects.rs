//! Project files from one server to another, and what comes back from the bin.

use serde_json::{Value, json};

use crate::server::{Answer, Server, brief, id};

async fn project(server: &Server, brief: &str) -> Vec<u8> {
    let answer = server.client.get(server.at(&format!("/briefs/{brief}/project"))).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/gzip");
    assert!(answer.headers()["content-disposition"].to_str().unwrap().contains(".fabulist"));
    answer.bytes().await.unwrap().to_vec()
}

async fn import(server: &Server, file: Vec<u8>, kind: &str) -> Answer {
    server.send(server.client.post(server.at("/projects")).header("content-type", kind).body(file)).await
}

/// Everything that can be read of a brief, as it goes over the wire.
async fn everything(server: &Server, brief: &str) -> Vec<String> {
    let mut told = vec![server.get(&format!("/briefs/{brief}")).await.text, server.get(&format!("/briefs/{brief}/snapshots")).await.text];
    let runs = server.get(&format!("/workflow-runs?brief_id={brief}")).await;
    for run in runs.json()["items"].as_array().unwrap() {
        let path = format!("/workflow-runs/{}", id(run));
        for below in ["", "/steps?limit=200", "/forks", "/export", "/events"] {
            told.push(server.get(&format!("{path}{below}")).await.text);
        }
        for step in server.steps(&id(run)).await {
            for below in ["", "/state", "/context", "/calls"] {
                told.push(server.get(&format!("{path}/steps/{}{below}", step["index"])).await.text);
            }
        }
        let artifacts = server.get(&format!("/artifacts?workflow_run_id={}", id(run))).await;
        for artifact in artifacts.json()["items"].as_array().unwrap() {
            told.push(server.get(&format!("/artifacts/{}/versions", id(artifact))).await.text);
        }
        told.push(artifacts.text);
    }
    told.push(runs.text);
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn a_brief_moves_to_another_machine_byte_for_byte() {
    let (here, there) = (Server::start(), Server::start());
    let run = here.written().await;
    let of = here.get(&format!("/workflow-runs/{run}")).await.is(200)["brief_id"].as_str().unwrap().to_owned();
    let artifact = here.get(&format!("/artifacts?workflow_run_id={run}")).await.is(200)["items"][0].clone();
    let mine = json!({ "content_text": "My own words.", "parent_version_id": artifact["latest_version_id"] });
    here.post(&format!("/artifacts/{}/versions", id(&artifact)), mine).await.is(201);
    // A fork that has ended: the stream of one that has not would have no end.
    here.post(&format!("/workflow-runs/{run}/fork"), json!({ "label": "a fork" })).await.is(201);
    there.post("/briefs", brief()).await.is(201);

    let file = project(&here, &of).await;
    let imported = import(&there, file.clone(), "application/gzip").await.is(201);
    assert_eq!((&imported["brief"]["id"], &imported["snapshots"]), (&json!(of), &json!(1)));
    assert_eq!(imported["workflow_run_ids"].as_array().unwrap().len(), 2);
    let (before, after) = (everything(&here, &of).await, everything(&there, &of).await);
    assert!(before.len() > 60, "{}", before.len());
    for (here, there) in before.iter().zip(&after) {
        assert_eq!(here, there);
    }
    assert_eq!(before.len(), after.len());

    let refused = import(&there, file.clone(), "application/octet-stream").await.problem(409, "already-there");
    assert!(refused["detail"].as_str().unwrap().contains(&of), "{refused}");
    assert_eq!(everything(&there, &of).await, after);
    // And it goes on there.
    let fork = there.post(&format!("/workflow-runs/{run}/fork"), json!({ "at_step": 1 })).await.is(201);
    there.post(&format!("/workflow-runs/{}/next", id(&fork)), Value::Null).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_project_is_refused() {
    let server = Server::start();
    let run = server.run().await;
    let of = server.get(&format!("/workflow-runs/{run}")).await.is(200)["brief_id"].as_str().unwrap().to_owned();
    let file = project(&server, &of).await;
    import(&server, file.clone(), "application/json").await.problem(415, "unsupported-media-type");
    for broken in [Vec::new(), b"not a project".to_vec(), file[..file.len() / 2].to_vec()] {
        let problem = import(&server, broken, "application/gzip").await.problem(422, "invalid");
        assert!(problem["hint"].as_str().unwrap().contains("Nothing was changed"), "{problem}");
    }
    import(&server, vec![0; (64 << 20) + 1], "application/gzip").await.problem(413, "body-too-large");
    server.get("/briefs/01900000-0000-7000-8000-000000000000/project").await.problem(404, "not-found");
    assert_eq!(server.get("/briefs").await.is(200)["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_a_run_with_a_persons_version_keeps_that_version_and_the_bin_has_the_rest() {
    let server = Server::start();
    let run = server.written().await;
    let artifact = server.get(&format!("/artifacts?workflow_run_id={run}")).await.is(200)["items"][1].clone();
    let mine = json!({ "content_text": "My own words.", "parent_version_id": artifact["latest_version_id"] });
    let mine = server.post(&format!("/artifacts/{}/versions", id(&artifact)), mine).await.is(201);
    let book = server.get(&format!("/workflow-runs/{run}/export")).await.text;
    let steps = server.steps(&run).await;
    let preview = server.get(&format!("/workflow-runs/{run}/deletion")).await.is(200);
    assert_eq!(preview["keeps"], json!({ "manuscripts": 1, "versions": 1 }));

    server.delete(&format!("/workflow-runs/{run}?user_edits=keep&wait=true")).await.is(204);
    let kept = server.get(&format!("/artifact-versions/{}", id(&mine))).await.is(200);
    assert_eq!((&kept["content_text"], &kept["workflow_run_id"], &kept["source"]), (&json!("My own words."), &Value::Null, &json!("user")));
    let alone = server.get(&format!("/artifacts/{}", id(&artifact))).await.is(200);
    assert_eq!((&alone["workflow_run_id"], &alone["latest_version_id"]), (&Value::Null, &mine["id"]));
    let bin = server.get("/bin").await.is(200);
    assert_eq!((&bin["items"][0]["id"], &bin["items"][0]["holds"]), (&json!(run), &json!("run")));

    let restored = server.post(&format!("/bin/{run}/restore"), Value::Null).await.is(200);
    assert_eq!((&restored["workflow_run_ids"], &restored["snapshots"]), (&json!([run]), &json!(0)));
    assert_eq!(server.steps(&run).await, steps);
    assert_eq!(server.get(&format!("/workflow-runs/{run}/export")).await.text, book);
    assert_eq!(server.get(&format!("/artifacts/{}", id(&artifact))).await.is(200)["workflow_run_id"], json!(run));
    assert_eq!(server.get("/bin").await.is(200)["items"], json!([]));
    server.post(&format!("/bin/{run}/restore"), json!({})).await.problem(404, "not-found");

    server.delete(&format!("/workflow-runs/{run}?user_edits=delete&wait=true")).await.is(204);
    server.get(&format!("/artifact-versions/{}", id(&mine))).await.problem(404, "not-found");
    server.post(&format!("/bin/{run}/restore"), Value::Null).await.is(200);
    assert_eq!(server.get(&format!("/workflow-runs/{run}/export")).await.text, book, "what was deleted with it comes back with it");
}

#[tokio::test(flavor = "multi_thread")]
async fn briefs_and_snapshots_come_back_from_the_bin() {
    let server = Server::start();
    let run = server.written().await;
    let shown = server.get(&format!("/workflow-runs/{run}")).await.is(200);
    let (of, snapshot) = (shown["brief_id"].as_str().unwrap(), shown["brief_snapshot_id"].as_str().unwrap());
    let artifact = server.get(&format!("/artifacts?workflow_run_id={run}")).await.is(200)["items"][0].clone();
    let mine = json!({ "content_text": "My own words.", "parent_version_id": artifact["latest_version_id"] });
    let mine = server.post(&format!("/artifacts/{}/versions", id(&artifact)), mine).await.is(201);
    let book = server.get(&format!("/workflow-runs/{run}/export")).await.text;

    server.delete(&format!("/brief-snapshots/{snapshot}?user_edits=delete&wait=true")).await.is(204);
    server.get(&format!("/artifact-versions/{}", id(&mine))).await.problem(404, "not-found");
    server.get(&format!("/workflow-runs/{run}")).await.problem(404, "not-found");
    server.post(&format!("/bin/{snapshot}/restore"), Value::Null).await.is(200);
    assert_eq!(server.get(&format!("/workflow-runs/{run}/export")).await.text, book);

    let before = server.get(&format!("/briefs/{of}")).await.is(200);
    server.delete(&format!("/briefs/{of}?wait=true")).await.is(204);
    server.get(&format!("/briefs/{of}")).await.problem(404, "not-found");
    server.get(&format!("/workflow-runs/{run}")).await.problem(404, "not-found");
    let bin = server.get("/bin").await.is(200);
    assert_eq!((bin["items"].as_array().unwrap().len(), &bin["items"][0]["title"]), (1, &json!("The Salt Road")));
    server.post(&format!("/bin/{of}/restore"), Value::Null).await.is(200);
    assert_eq!(server.get(&format!("/briefs/{of}")).await.is(200), before);
    assert_eq!(server.get(&format!("/workflow-runs/{run}/export")).await.text, book);
}
