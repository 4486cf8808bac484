//! The published description: current, complete, and what the server really answers.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::server::{Server, id};

#[test]
fn the_committed_description_is_current() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let printed = crate::support::Writer::new().ok(&["openapi"]).stdout;
    if std::env::var_os("FABULIST_UPDATE").is_some() {
        std::fs::write(&path, &printed).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == printed, "docs/openapi.json is not current: write it anew with `cargo run -- openapi > docs/openapi.json`");
}

#[test]
fn the_description_is_complete() {
    let description = crate::schema::Description::published();
    let document = &description.document;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = format!("{method} {path}");
            assert!(operation["summary"].as_str().is_some_and(|s| !s.is_empty()), "{name} has no summary");
            assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{name} has an id that another one has");
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                assert!(parameter["description"].is_string() || parameter["in"] == "path", "{name}: {parameter}");
            }
            for status in ["403", "500", "503"] {
                assert!(operation["responses"][status]["content"]["application/problem+json"].is_object(), "{name} lacks {status}");
            }
        }
    }
    // Every reference leads somewhere.
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn the_page_needs_no_other_host() {
    let server = Server::start();
    let page = server.get("/api/docs").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    for part in ["docs.css", "docs.js"] {
        let part = server.get(&format!("/api/docs/{part}")).await;
        assert_eq!(part.status, 200);
        assert!(!part.text.contains("http://") && !part.text.contains("https://"));
    }
    assert!(!page.text.contains("https://") && !page.text.contains("<style") && !page.text.contains("onclick"));
    let served = server.get("/api/v1/openapi.json").await.is(200);
    assert_eq!(served, server.description.document);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answers_as_it_is_described() {
    let server = Server::start();
    let run = server.written().await;
    let shown = server.get(&format!("/workflow-runs/{run}?include=state")).await.is(200);
    let (brief, snapshot) = (shown["brief_id"].as_str().unwrap().to_owned(), shown["brief_snapshot_id"].as_str().unwrap().to_owned());
    let artifacts = server.get(&format!("/artifacts?workflow_run_id={run}&brief_snapshot_id={snapshot}&limit=1")).await.is(200);
    let (artifact, version) = (id(&artifacts["items"][0]), artifacts["items"][0]["latest_version_id"].as_str().unwrap().to_owned());
    for path in ["/briefs", "/workflow-runs", "/healthz", "/readyz", "/api/v1/openapi.json"] {
        server.get(path).await.is(200);
    }
    assert_eq!(server.get("/metrics").await.status, 200);
    for path in ["", "/deletion", "/snapshots"] {
        server.get(&format!("/briefs/{brief}{path}")).await.is(200);
    }
    assert_eq!(server.get(&format!("/briefs/{brief}/project")).await.status, 200);
    let no_project = server.client.post(server.at("/projects")).header("content-type", "application/gzip").body("none");
    server.send(no_project).await.problem(422, "invalid");
    server.patch(&format!("/briefs/{brief}"), json!({ "title": "Anew" })).await.is(200);
    for path in ["", "/deletion"] {
        server.get(&format!("/brief-snapshots/{snapshot}{path}")).await.is(200);
    }
    assert_eq!(server.get(&format!("/brief-snapshots/{snapshot}/export")).await.status, 200);
    server.get(&format!("/brief-snapshots/{snapshot}/kg")).await.is(200);
    server.post(&format!("/brief-snapshots/{snapshot}/kg/rebuild"), Value::Null).await.is(200);
    server.get(&format!("/brief-snapshots/{snapshot}/lint")).await.is(200);
    server.post(&format!("/brief-snapshots/{snapshot}/lint"), Value::Null).await.is(200);
    server.get(&format!("/brief-snapshots/{snapshot}/memory/search?q=boat")).await.is(200);
    for path in ["/world", "/deletion", "/steps", "/steps/1", "/steps/1/state", "/steps/1/context", "/steps/1/calls"] {
        server.get(&format!("/workflow-runs/{run}{path}")).await.is(200);
    }
    for path in ["/export", "/events"] {
        assert_eq!(server.get(&format!("/workflow-runs/{run}{path}")).await.status, 200);
    }
    server.patch(&format!("/workflow-runs/{run}"), json!({ "label": "x" })).await.is(200);
    for command in ["pause", "resume", "cancel", "next", "autorun/start"] {
        server.post(&format!("/workflow-runs/{run}/{command}"), Value::Null).await.problem(409, "run-finished");
    }
    server.post(&format!("/workflow-runs/{run}/autorun/stop"), Value::Null).await.is(200);
    let fresh = server.run().await;
    for (command, status) in [("pause", 200), ("resume", 200), ("next", 200), ("autorun/start", 202), ("autorun/stop", 200)] {
        server.post(&format!("/workflow-runs/{fresh}/{command}"), json!({})).await.is(status);
    }
    server.post(&format!("/workflow-runs/{run}/fork"), json!({ "at_step": 1 })).await.is(201);
    server.get(&format!("/workflow-runs/{run}/compare?with={fresh}")).await.is(200);
    server.get(&format!("/workflow-runs/{run}/forks")).await.is(200);
    server.get(&format!("/workflow-runs/{run}/forecast")).await.is(200);
    server.post("/workflow-runs/forecast", json!({ "kind": "novel", "brief_snapshot_id": snapshot })).await.is(200);
    server.until(&fresh, |run| run["active_step"].is_null()).await;
    let edit =
        server.patch(&format!("/workflow-runs/{fresh}/state"), json!({ "guidance": { "a": { "order": 1, "text": "x" } } })).await.is(200);
    server.post(&format!("/workflow-runs/{fresh}/steps/{}/revert", edit["step"]["index"]), Value::Null).await.is(200);
    server.post(&format!("/workflow-runs/{fresh}/interventions"), json!({ "instruction": "It rains." })).await.is(200);
    let other = server.run().await;
    server.post(&format!("/workflow-runs/{other}/cancel"), json!({})).await.is(200);
    server.delete(&format!("/workflow-runs/{other}?wait=true")).await.is(204);
    server.get("/bin").await.is(200);
    server.post(&format!("/bin/{other}/restore"), Value::Null).await.is(200);
    for path in [
        format!("/artifacts/{artifact}"),
        format!("/artifacts/{artifact}/versions"),
        format!("/artifact-versions/{version}"),
        format!("/artifact-versions/{version}/diff"),
    ] {
        server.get(&path).await.is(200);
    }
    server.patch(&format!("/artifacts/{artifact}"), json!({ "review": "approved" })).await.is(200);
    let rewritten = server.post(&format!("/artifact-versions/{version}/rewrite"), json!({ "instructions": "Colder." })).await.is(201);
    server
        .post(&format!("/artifacts/{artifact}/versions"), json!({ "content_text": "x", "parent_version_id": id(&rewritten) }))
        .await
        .is(201);
    let lock = server.post(&format!("/artifacts/{artifact}/locks"), json!({ "reason": "Mine." })).await.is(201);
    server.get(&format!("/artifacts/{artifact}/locks")).await.is(200);
    server.delete(&format!("/artifacts/{artifact}/locks/{}", id(&lock))).await.is(204);
    server.delete(&format!("/artifacts/{artifact}/locks")).await.is(204);
    server.post(&format!("/artifact-versions/{version}/restore"), Value::Null).await.is(201);
    server.post(&format!("/workflow-runs/{run}/chapters/1/redo"), Value::Null).await.is(200);
    let planned = server.run().await;
    server.post(&format!("/workflow-runs/{planned}/next"), Value::Null).await.is(200);
    let chapter =
        json!({ "workflow_run_id": planned, "kind": "novel_chapter", "ordinal": 1, "title": "Mine", "content_text": "My words." });
    server.post("/artifacts", chapter).await.is(201);
    server.post(&format!("/workflow-runs/{planned}/next"), Value::Null).await.is(200);
    let drawn = server.post(&format!("/workflow-runs/{planned}/next"), json!({ "candidates": 2 })).await.is(200);
    let index = &drawn["step"]["index"];
    server.get(&format!("/workflow-runs/{planned}/steps/{index}/candidates")).await.is(200);
    server.post(&format!("/workflow-runs/{planned}/steps/{index}/choose"), json!({ "candidate": 2 })).await.is(200);
    let form = "--cut\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nChapter 1\n\nIt rained.\r\n--cut--\r\n";
    let import = server.client.post(server.at(&format!("/briefs/{brief}/imports")));
    server.send(import.header("content-type", "multipart/form-data; boundary=cut").body(form)).await.is(201);
    server.get("/settings/providers").await.is(200);
    let spec = server.get("/settings/output-spec").await.is(200);
    server.patch("/settings/output-spec", spec).await.is(200);
    let presets = server.get("/settings/prompt-presets").await.is(200);
    server.ask(reqwest::Method::PUT, "/settings/prompt-presets", Some(&presets)).await.is(200);
    let mut stream = server.follow("/events", None).await;
    stream.until(|event| event.name == "run.created").await;
    server.delete(&format!("/brief-snapshots/{snapshot}")).await.is(204);
    server.delete(&format!("/briefs/{brief}")).await.is(204);

    let mut called: BTreeSet<(String, String)> = server.called.lock().unwrap().iter().map(|(m, p, _)| (m.clone(), p.clone())).collect();
    called.insert(("get".into(), "/api/v1/events".into()));
    let described: BTreeSet<(String, String)> = server.description.document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| item.as_object().unwrap().keys().map(move |method| (method.clone(), path.clone())))
        .collect();
    assert_eq!(called, described, "every operation was called");
}
