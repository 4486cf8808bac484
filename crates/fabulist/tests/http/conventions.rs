//! The conventions of the contract, row by row.

use reqwest::Method;
use serde_json::{Value, json};

use crate::server::{Answer, Server, id};

const NOBODY: &str = "01a1fa14-b54b-76aa-af0d-ea22d564885d";

#[tokio::test]
async fn every_error_is_a_problem_with_a_hint() {
    let server = Server::start();
    let full = |answer: &Answer, path: &str| {
        let problem = answer.json();
        for key in ["type", "title", "detail", "hint"] {
            assert!(problem[key].as_str().is_some_and(|text| !text.is_empty()), "{key} is missing: {problem}");
        }
        assert_eq!((problem["status"].as_u64(), problem["instance"].as_str()), (Some(u64::from(answer.status)), Some(path)));
    };
    let missing = server.get("/nothing").await;
    missing.problem(404, "not-found");
    full(&missing, "/api/v1/nothing");
    server.get("/api/").await.problem(404, "not-found");
    server.send(server.client.get(format!("{}/nothing", server.url))).await.problem(404, "not-found");
    let method = server.delete("/briefs").await;
    method.problem(405, "method-not-allowed");
    full(&method, "/api/v1/briefs");
    assert_eq!(method.header("allow"), "GET,HEAD,POST");
    let plain = server.send(server.client.post(server.at("/briefs")).header("content-type", "text/plain").body("{}")).await;
    plain.problem(415, "unsupported-media-type");
    full(&plain, "/api/v1/briefs");
    server.send(server.client.post(server.at("/briefs")).body("{}")).await.problem(415, "unsupported-media-type");
    let patching = server.client.post(server.at("/briefs")).header("content-type", "application/merge-patch+json").body("{}");
    server.send(patching).await.problem(415, "unsupported-media-type");
}

#[tokio::test]
async fn a_body_is_json_and_only_what_is_known() {
    let server = Server::start();
    let raw = async |path: &str, body: &'static [u8]| {
        server.send(server.client.post(server.at(path)).header("content-type", "application/json; charset=utf-8").body(body)).await
    };
    for body in [&b"{"[..], b"", b"{\"title\":\"a\",}", b"\xff\xfe", b"nul", b"{\"content\":{}} x"] {
        raw("/briefs", body).await.problem(400, "malformed");
    }
    let unknown = raw("/briefs", b"{\"content\":{},\"colour\":1}").await.problem(422, "invalid");
    assert_eq!(unknown["errors"][0]["pointer"], "/colour", "{unknown}");
    for (body, pointer) in [
        (&b"{\"content\":{\"premise\":\"a\\u0000b\"}}"[..], "/content/premise"),
        (b"{\"content\":{\"x\":1e999}}", ""),
        (b"{\"content\":{\"output_spec\":{\"chapter_count\":0}}}", "/content/output_spec/chapter_count"),
        (b"{\"content\":{\"output_spec\":{\"chapter_count\":99999999999999999999}}}", "/content/output_spec/chapter_count"),
        (b"{\"content\":{\"characters\":[{\"name\":\" \"}]}}", "/content/characters/0/name"),
        (b"{\"content\":[]}", "/content"),
        (b"{\"title\":7,\"content\":{}}", "/title"),
        (b"{}", ""),
        (b"[]", ""),
        (b"null", ""),
    ] {
        let problem = raw("/briefs", body).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    let kept = raw("/briefs", b"{\"content\":{\"prmise\":\"p\",\"mood\":{\"a\":[1]}}}").await.is(201);
    let pointers: Vec<&Value> = kept["warnings"].as_array().unwrap().iter().map(|w| &w["pointer"]).collect();
    assert_eq!(pointers, [&json!("/content/mood"), &json!("/content/prmise")]);
    assert_eq!(kept["content"]["mood"], json!({ "a": [1] }));
    assert_eq!(server.post("/briefs", json!({ "title": "x".repeat(300), "content": {} })).await.status, 201);
    server.post("/briefs", json!({ "title": "x".repeat(301), "content": {} })).await.problem(422, "invalid");
}

#[tokio::test]
async fn a_body_has_at_most_four_mebibytes() {
    let server = Server::start();
    let text = |length: usize| json!({ "content": { "premise": "x".repeat(length) } });
    assert_eq!(server.post("/briefs", text((4 << 20) - 100)).await.status, 201);
    server.post("/briefs", text(4 << 20)).await.problem(413, "body-too-large");
    server.post("/briefs", text(20 << 20)).await.problem(413, "body-too-large");
    server.get("/healthz").await.is(200);
}

#[tokio::test]
async fn what_is_no_id_is_the_id_of_nothing() {
    let server = Server::start();
    for of in ["briefs", "brief-snapshots", "workflow-runs", "artifacts", "artifact-versions"] {
        for wrong in [
            NOBODY,
            "7",
            "%00",
            "%FF%FE",
            "..%2f..",
            "01A1FA14-B54B-76AA-AF0D-EA22D564885D",
            "01a1",
            "%F0%9F%92%A9",
            "'; DROP TABLE briefs; --",
        ] {
            server.get(&format!("/{of}/{wrong}")).await.problem(404, "not-found");
        }
    }
    let run = server.run().await;
    server.get(&format!("/workflow-runs/{}", &run[..8])).await.problem(404, "not-found");
    for wrong in ["0", "1", "-1", "x", "99999999999999999999", "+1"] {
        server.get(&format!("/workflow-runs/{run}/steps/{wrong}")).await.problem(404, "not-found");
    }
    for command in ["next", "pause", "resume", "cancel", "autorun/start", "autorun/stop"] {
        server.post(&format!("/workflow-runs/{NOBODY}/{command}"), Value::Null).await.problem(404, "not-found");
    }
    server.patch(&format!("/workflow-runs/{NOBODY}"), json!({})).await.problem(404, "not-found");
    server.patch(&format!("/briefs/{NOBODY}"), json!({})).await.problem(404, "not-found");
    server.post(&format!("/briefs/{NOBODY}/snapshots"), Value::Null).await.problem(404, "not-found");
}

#[tokio::test]
async fn query_parameters_are_those_that_there_are() {
    let server = Server::start();
    let run = server.run().await;
    let wrong = [
        "/briefs?limit=0",
        "/briefs?limit=201",
        "/briefs?limit=-1",
        "/briefs?limit=x",
        "/briefs?limit=",
        "/briefs?limit=1&limit=2",
        "/briefs?colour=blue",
        "/briefs?cursor=garbage",
        "/briefs?cursor=1.2.3",
        "/briefs?cursor=",
        "/briefs?cursor=%00",
        "/workflow-runs?status=asleep",
        "/workflow-runs?kind=poem",
        "/workflow-runs?include=everything",
        "/workflow-runs?Status=queued",
        &format!("/workflow-runs/{run}?wait=1"),
        &format!("/workflow-runs/{run}/steps?attempt=1"),
        &format!("/workflow-runs/{run}/steps/1?attempt=0"),
        &format!("/workflow-runs/{run}/export?format=docx"),
        &format!("/workflow-runs/{run}/export?ranges=5-1"),
        &format!("/workflow-runs/{run}/events?after=-1"),
        &format!("/workflow-runs/{run}/events?after=x"),
        "/events?after=x",
        "/events?runs=x",
        "/events?deltas=x",
        "/artifacts?kind=poem",
        "/api/v1/openapi.json?x=1",
    ];
    for path in wrong {
        let problem = server.get(path).await.problem(422, "invalid");
        assert!(problem["errors"][0]["pointer"].as_str().unwrap().starts_with('?'), "{path}: {problem}");
    }
    for path in ["wait=-1", "wait=3601", "wait=x", "include=x", "x=1"] {
        server.post(&format!("/workflow-runs/{run}/next?{path}"), Value::Null).await.problem(422, "invalid");
    }
    for body in [json!({ "expected_index": 0 }), json!({ "candidates": 0 }), json!({ "candidates": 9 }), json!({ "x": 1 })] {
        server.post(&format!("/workflow-runs/{run}/next"), body).await.problem(422, "invalid");
    }
    server.post(&format!("/workflow-runs/{run}/next"), json!({ "candidates": 3 })).await.problem(422, "invalid");
    for until in [json!({ "chapter": 0 }), json!({ "count": 0 }), json!({ "step": "novel.fly" }), json!({ "x": 1 })] {
        server.post(&format!("/workflow-runs/{run}/autorun/start"), json!({ "until": until })).await.problem(422, "invalid");
    }
    server.delete(&format!("/workflow-runs/{run}?user_edits=burn")).await.problem(422, "invalid");
    server.delete(&format!("/workflow-runs/{run}?wait=maybe")).await.problem(422, "invalid");
    assert_eq!(server.steps(&run).await.len(), 0, "nothing was executed");
}

#[tokio::test]
async fn lists_come_in_pages_newest_first() {
    let server = Server::start();
    let mut briefs = Vec::new();
    for n in 0..7 {
        briefs.insert(0, id(&server.post("/briefs", json!({ "title": n.to_string(), "content": {} })).await.is(201)));
    }
    let mut seen = Vec::new();
    let mut path = "/briefs?limit=3".to_owned();
    loop {
        let page = server.get(&path).await.is(200);
        let items = page["items"].as_array().unwrap();
        assert!((1..=3).contains(&items.len()));
        seen.extend(items.iter().map(id));
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/briefs?limit=3&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen, briefs);
    let snapshot = server.snapshot().await;
    let mut runs = Vec::new();
    for _ in 0..4 {
        runs.insert(0, server.run_of(&snapshot).await);
    }
    let first = server.get("/workflow-runs?limit=2").await.is(200);
    let second = server.get(&format!("/workflow-runs?limit=2&cursor={}", first["next_cursor"].as_str().unwrap())).await.is(200);
    let listed: Vec<String> = [&first, &second].iter().flat_map(|page| page["items"].as_array().unwrap()).map(id).collect();
    assert_eq!((listed, &second["next_cursor"]), (runs.clone(), &Value::Null));
    server.post(&format!("/workflow-runs/{}/cancel", runs[1]), Value::Null).await.is(200);
    let canceled = server.get("/workflow-runs?status=canceled&include=state").await.is(200);
    assert_eq!((id(&canceled["items"][0]), canceled["items"].as_array().unwrap().len()), (runs[1].clone(), 1));
    assert!(canceled["items"][0]["state"].is_object());
    let run = server.written().await;
    let all = server.steps(&run).await;
    let one = server.get(&format!("/workflow-runs/{run}/steps?limit=4")).await.is(200);
    let cursor = one["next_cursor"].as_str().unwrap();
    let two = server.get(&format!("/workflow-runs/{run}/steps?cursor={cursor}")).await.is(200);
    let both: Vec<Value> = [&one, &two].iter().flat_map(|page| page["items"].as_array().unwrap()).cloned().collect();
    assert_eq!(both, all);
    let newest = server.get(&format!("/workflow-runs/{run}/steps?order=newest&brief=true&limit=4")).await.is(200);
    let cursor = newest["next_cursor"].as_str().unwrap();
    let older = server.get(&format!("/workflow-runs/{run}/steps?order=newest&brief=true&cursor={cursor}")).await.is(200);
    let mut turned: Vec<Value> = all.iter().rev().cloned().collect();
    turned.iter_mut().for_each(|step| step["state_patch"] = Value::Null);
    let both: Vec<Value> = [&newest, &older].iter().flat_map(|page| page["items"].as_array().unwrap()).cloned().collect();
    assert_eq!(both, turned);
}

#[tokio::test]
async fn a_patch_is_a_merge_patch_under_both_names() {
    let server = Server::start();
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}");
    for kind in ["application/json", "application/merge-patch+json", "Application/Merge-Patch+JSON; charset=utf-8"] {
        let body = json!({ "label": kind, "budget": { "max_tokens": 9, "max_cost_usd": 0.5 } }).to_string();
        let patched = server.send(server.client.patch(server.at(&path)).header("content-type", kind).body(body)).await.is(200);
        assert_eq!((&patched["label"], &patched["budget"]), (&json!(kind), &json!({ "max_tokens": 9, "max_cost_usd": 0.5 })));
    }
    let merged = server.patch(&path, json!({ "label": null, "budget": { "max_cost_usd": null } })).await.is(200);
    assert_eq!((&merged["label"], &merged["budget"]), (&Value::Null, &json!({ "max_tokens": 9 })));
    let gone = server.patch(&path, json!({ "budget": null, "pause_before": ["novel.outline"] })).await.is(200);
    assert_eq!((&gone["budget"], &gone["pause_before"]), (&Value::Null, &json!(["novel.outline"])));
    for wrong in [
        json!({ "status": "queued" }),
        json!({ "model": null }),
        json!({ "model": "nobody/knows" }),
        json!({ "budget": { "max_cost_usd": -1 } }),
    ] {
        server.patch(&path, wrong).await.problem(422, "invalid");
    }
    let brief = gone["brief_id"].as_str().unwrap();
    for wrong in [json!([]), json!({ "content": [] }), json!({ "id": "x" }), json!({ "content": { "pov": "omniscient" } })] {
        server.patch(&format!("/briefs/{brief}"), wrong).await.problem(422, "invalid");
    }
    let empty = server.patch(&format!("/briefs/{brief}"), json!({ "title": null, "content": null })).await.is(200);
    assert_eq!((&empty["title"], &empty["content"]), (&json!(""), &json!({})));
}

#[tokio::test]
async fn a_raised_budget_resumes_a_run_that_is_paused_for_it() {
    let server = Server::start();
    let snapshot = server.snapshot().await;
    let asked = json!({ "kind": "novel", "brief_snapshot_id": snapshot, "budget": { "max_tokens": 10 }, "autorun": true });
    let run = id(&server.post("/workflow-runs", asked).await.is(201));
    let paused = server.until(&run, |run| run["status"] == "paused").await;
    assert_eq!((&paused["pause"]["reason"], &paused["autorun"]), (&json!("budget"), &json!(true)));
    server.patch(&format!("/workflow-runs/{run}"), json!({ "budget": { "max_tokens": 1_000_000 } })).await.is(200);
    server.until(&run, |run| run["status"] == "succeeded").await;
}

#[tokio::test]
async fn health_and_readiness_are_told_and_heads_are_answered() {
    let server = Server::start();
    assert_eq!(server.get("/healthz").await.is(200), json!({ "status": "ok" }));
    let well = json!({ "status": "ok" });
    assert_eq!(
        server.get("/readyz").await.is(200),
        json!({ "status": "ok", "checks": { "database": well, "disk": well, "driver": well } })
    );
    let head = server.client.request(Method::HEAD, server.at("/briefs")).send().await.unwrap();
    assert_eq!((head.status().as_u16(), head.headers()["x-content-type-options"].to_str().unwrap()), (200, "nosniff"));
}

#[tokio::test]
async fn what_is_no_http_at_all_is_told_so_in_a_problem() {
    use std::io::{Read, Write};
    let server = Server::start();
    let many: String = (0..300).map(|n| format!("x-{n}: 1\r\n")).collect();
    for (asked, status, name) in [
        ("SO IT GOES\r\n\r\n".to_owned(), 400, "malformed-request"),
        ("GET / HTTP/1.1\r\nhost localhost\r\n\r\n".to_owned(), 400, "malformed-request"),
        (format!("GET / HTTP/1.1\r\nhost: localhost\r\n{many}\r\n"), 431, "headers-too-large"),
    ] {
        let mut line = std::net::TcpStream::connect(server.address()).unwrap();
        // It may be refused before it was sent to its end.
        let _ = line.write_all(asked.as_bytes());
        let mut told = Vec::new();
        let _ = line.read_to_end(&mut told);
        let told = String::from_utf8(told).unwrap();
        let (head, body) = told.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{name}: {told}"));
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")) && head.contains("content-type: application/problem+json"), "{head}");
        let problem: Value = serde_json::from_str(body).unwrap();
        assert_eq!((&problem["type"], &problem["status"]), (&json!(format!("/problems/{name}")), &json!(status)), "{told}");
        server.get("/briefs").await.is(200);
    }
}
