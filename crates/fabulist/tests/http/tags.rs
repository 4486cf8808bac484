//! Entity tags: who has it gets it no second time, and nobody changes what they have not seen.

use reqwest::{Method, header};
use serde_json::{Value, json};

use crate::server::{Answer, Server, id};

async fn known(server: &Server, path: &str, tag: &str) -> Answer {
    server.send(server.client.get(server.at(path)).header(header::IF_NONE_MATCH, tag)).await
}

async fn change(server: &Server, method: Method, path: &str, tag: &str, body: Value) -> Answer {
    let request = server.client.request(method, server.at(path)).header(header::IF_MATCH, tag);
    server.send(request.header(header::CONTENT_TYPE, "application/json").body(body.to_string())).await
}

/// The tag of what is there.
async fn tag(server: &Server, path: &str) -> String {
    let answer = server.get(path).await;
    let tag = answer.header("etag");
    assert!(answer.status == 200 && tag.starts_with('"') && tag.ends_with('"') && tag.len() > 10, "{path}: {}: {tag}", answer.status);
    tag
}

#[tokio::test]
async fn every_single_resource_has_a_tag_that_changes_when_it_does() {
    let server = Server::start();
    let run = server.written().await;
    let row = server.get(&format!("/workflow-runs/{run}")).await.is(200);
    let artifact = server.get(&format!("/artifacts?workflow_run_id={run}")).await.is(200)["items"][0].clone();
    let paths = [
        format!("/briefs/{}", row["brief_id"].as_str().unwrap()),
        format!("/brief-snapshots/{}", row["brief_snapshot_id"].as_str().unwrap()),
        format!("/workflow-runs/{run}"),
        format!("/workflow-runs/{run}/steps/2"),
        format!("/workflow-runs/{run}/steps/2/state"),
        format!("/artifacts/{}", id(&artifact)),
        format!("/artifact-versions/{}", artifact["latest_version_id"].as_str().unwrap()),
        "/settings/output-spec".to_owned(),
        "/settings/prompt-presets".to_owned(),
    ];
    for path in &paths {
        let now = tag(&server, path).await;
        assert_eq!(tag(&server, path).await, now, "{path}: read twice, it is the same");
        for same in [now.clone(), format!("W/{now}"), format!("\"other\", {now}"), "*".into()] {
            let answer = known(&server, path, &same).await;
            assert_eq!((answer.status, answer.text.as_str(), answer.header("etag")), (304, "", now.clone()), "{path} {same}");
        }
        assert_eq!(known(&server, path, "\"other\"").await.status, 200);
        let head = server.send(server.client.head(server.at(path))).await;
        assert_eq!((head.status, head.text.as_str(), head.header("etag")), (200, "", now), "{path}");
    }
    let before = tag(&server, &paths[2]).await;
    server.patch(&paths[2], json!({ "label": "Another" })).await.is(200);
    assert_ne!(tag(&server, &paths[2]).await, before);
    assert_eq!(server.get("/workflow-runs").await.header("etag"), "", "a list has none");
}

#[tokio::test]
async fn a_brief_is_changed_only_as_it_was_seen() {
    let server = Server::start();
    let brief = server.post("/briefs", crate::server::brief()).await.is(201);
    let path = format!("/briefs/{}", id(&brief));
    let seen = tag(&server, &path).await;
    change(&server, Method::PATCH, &path, &seen, json!({ "title": "The first" })).await.is(200);
    let refused = change(&server, Method::PATCH, &path, &seen, json!({ "title": "The second" })).await.problem(412, "changed-meanwhile");
    assert!(!refused["hint"].as_str().unwrap().is_empty());
    assert_eq!(server.get(&path).await.is(200)["title"], "The first");
    let now = tag(&server, &path).await;
    change(&server, Method::PATCH, &path, &format!("W/{now}"), json!({ "title": "x" })).await.problem(412, "changed-meanwhile");
    change(&server, Method::PATCH, &path, "*", json!({ "title": "The third" })).await.is(200);
    let seen = tag(&server, &path).await;
    let both = [1, 2, 3, 4].map(|n| change(&server, Method::PATCH, &path, &seen, json!({ "title": format!("At once {n}") })));
    let statuses: Vec<u16> = futures::future::join_all(both).await.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "one of those who saw the same: {statuses:?}");
    assert!(statuses.iter().all(|status| [200, 412].contains(status)), "{statuses:?}");
}

#[tokio::test]
async fn a_state_is_changed_only_as_it_was_seen() {
    let server = Server::start();
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}");
    server.post(&format!("{path}/next"), Value::Null).await.is(200);
    let seen = tag(&server, &path).await;
    let told = |n: u32| json!({ "guidance": { format!("g{n}"): { "order": n, "text": format!("Told {n}.") } } });
    change(&server, Method::PATCH, &format!("{path}/state"), &seen, told(1)).await.is(200);
    change(&server, Method::PATCH, &format!("{path}/state"), &seen, told(2)).await.problem(412, "changed-meanwhile");
    let state = server.get(&path).await.is(200)["state"].clone();
    assert_eq!(state["guidance"].as_object().unwrap().len(), 1);
    assert_eq!(server.steps(&run).await.len(), 2, "what was refused is no step");
    let seen = tag(&server, &path).await;
    let both = [3, 4, 5].map(|n| {
        let path = format!("{path}/state");
        let (server, seen) = (&server, &seen);
        async move { change(server, Method::PATCH, &path, seen, told(n)).await.status }
    });
    let statuses = futures::future::join_all(both).await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
}

#[tokio::test]
async fn settings_are_changed_only_as_they_were_seen() {
    let server = Server::start();
    let path = "/settings/prompt-presets";
    let shipped = server.get(path).await.is(200);
    let seen = tag(&server, path).await;
    let mut mine = shipped.clone();
    mine["script"]["presets"][0]["name"] = json!("Mine");
    change(&server, Method::PUT, path, &seen, mine.clone()).await.is(200);
    change(&server, Method::PUT, path, &seen, shipped.clone()).await.problem(412, "changed-meanwhile");
    assert_eq!(server.get(path).await.is(200), mine);
    let now = tag(&server, path).await;
    change(&server, Method::PUT, path, &now, shipped.clone()).await.is(200);
    assert_eq!(server.get(path).await.is(200), shipped);
}
