//! Existing novels come in: read, shown, kept whole or not at all.

use reqwest::header;
use serde_json::{Value, json};

use crate::server::{Answer, Server, id};

const ALICE: &str = include_str!("../../../../examples/texts/alice.txt");
const HONGLOUMENG: &str = include_str!("../../../../examples/texts/hongloumeng_1-12.txt");
const WEB: &str = "第一章 风起\n\n　　夜里下了雨，河水涨上来，渡口没有一个人。\n（求月票！）\n\n第二章 云涌\n\n　　雨停了，天也亮了。\n";

/// Sends a form: name, file name where it is a file, and value.
async fn send(server: &Server, brief: &str, fields: &[(&str, Option<&str>, &[u8])]) -> Answer {
    let mut body = Vec::new();
    for (name, file, value) in fields {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        body.extend_from_slice(format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").as_bytes());
        body.extend_from_slice(value);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--cut--\r\n");
    let request = server.client.post(server.at(&format!("/briefs/{brief}/imports")));
    server.send(request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut").body(body)).await
}

async fn import(server: &Server, brief: &str, name: &str, text: &[u8]) -> Value {
    send(server, brief, &[("file", Some(name), text)]).await.is(201)
}

async fn empty_brief(server: &Server) -> String {
    id(&server.post("/briefs", json!({ "title": "", "content": {} })).await.is(201))
}

#[tokio::test]
async fn a_novel_becomes_a_snapshot_and_a_run_that_has_succeeded() {
    let server = Server::start();
    let brief = empty_brief(&server).await;
    let fields: [(&str, Option<&str>, &[u8]); 2] = [("file", Some("alice.txt"), ALICE.as_bytes()), ("label", None, b"as printed")];
    let made = send(&server, &brief, &fields).await.is(201);
    assert_eq!((made["encoding"].as_str(), made["warnings"].clone(), made["not_story"].clone()), (Some("UTF-8"), json!([]), json!([])));
    let chapters = made["chapters"].as_array().unwrap();
    assert_eq!((chapters.len(), chapters[6]["ordinal"].as_u64(), chapters[6]["title"].as_str()), (12, Some(7), Some("A Mad Tea-Party")));
    assert_eq!(chapters[0]["length"], json!({ "words": 2188, "chars": 8596 }));

    let run = made["workflow_run_id"].as_str().unwrap();
    let shown = server.get(&format!("/workflow-runs/{run}?include=state")).await.is(200);
    assert_eq!(
        (shown["kind"].as_str(), shown["status"].as_str(), shown["label"].as_str()),
        (Some("novel"), Some("succeeded"), Some("as printed"))
    );
    assert_eq!((shown["progress"].clone(), shown["cursor"].clone()), (json!({ "done": 12, "total": 12 }), json!({ "phase": "done" })));
    assert_eq!((shown["usage"]["calls"].as_u64(), shown["brief_snapshot_id"].clone()), (Some(0), made["brief_snapshot_id"].clone()));

    let steps = server.steps(run).await;
    assert_eq!(steps.len(), 1);
    let step = &steps[0];
    assert_eq!(
        (step["index"].as_u64(), step["name"].as_str(), step["kind"].as_str(), step["status"].as_str()),
        (Some(1), Some("import"), Some("import"), Some("succeeded"))
    );
    assert_eq!((step["outputs"]["chapters"].as_u64(), step["outputs"]["encoding"].as_str()), (Some(12), Some("UTF-8")));
    assert_eq!(step["artifact_version_ids"].as_array().unwrap().len(), 12);

    let artifacts = server.get(&format!("/artifacts?workflow_run_id={run}")).await.is(200);
    assert_eq!(artifacts["items"].as_array().unwrap().len(), 12);
    let version = server.get(&format!("/artifact-versions/{}", step["artifact_version_ids"][6].as_str().unwrap())).await.is(200);
    assert_eq!((version["source"].as_str(), version["number"].as_u64(), version["step_index"].as_u64()), (Some("user"), Some(1), Some(1)));
    assert!(version["content_text"].as_str().unwrap().starts_with("There was a table set out under a tree in front of the house,"));
    assert_eq!(version["metadata"]["import"]["heading"], "CHAPTER VII. A Mad Tea-Party");

    let snapshot = server.get(&format!("/brief-snapshots/{}", made["brief_snapshot_id"].as_str().unwrap())).await.is(200);
    assert_eq!((snapshot["content"]["language"].as_str(), snapshot["title"].as_str()), (Some("en"), Some("alice")));
    assert_eq!(snapshot["content"]["output_spec"]["chapter_count"], 12);
    let exported = server.get(&format!("/workflow-runs/{run}/export?format=md")).await;
    assert!(exported.text.contains("## Chapter 7: A Mad Tea-Party\n\nThere was a table"), "{}", &exported.text[..200]);
    assert!(!exported.text.contains("rehearsal"), "the writer's own words are no rehearsal");
    let told = server.follow(&format!("/workflow-runs/{run}/events"), None).await.rest().await;
    let names: Vec<&str> = told.iter().map(|event| event.name.as_str()).collect();
    assert_eq!((names.len(), names[0], names[1], names[13]), (14, "run.created", "artifact.committed", "step.succeeded"));
}

#[tokio::test]
async fn the_chinese_text_comes_in_whole_in_any_encoding() {
    let server = Server::start();
    let brief = empty_brief(&server).await;
    let utf16: Vec<u8> = HONGLOUMENG.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let plain = import(&server, &brief, "红楼梦.txt", HONGLOUMENG.as_bytes()).await;
    let other = import(&server, &brief, "红楼梦.txt", &utf16).await;
    assert_eq!((plain["chapters"].clone(), other["encoding"].as_str()), (other["chapters"].clone(), Some("UTF-16LE")));
    assert_eq!(plain["chapters"].as_array().unwrap().len(), 12);
    assert_eq!(plain["chapters"][2]["title"], "贾雨村夤缘复旧职 林黛玉抛父进京都");
    let snapshot = server.get(&format!("/brief-snapshots/{}", plain["brief_snapshot_id"].as_str().unwrap())).await.is(200);
    assert_eq!((snapshot["content"]["language"].as_str(), snapshot["title"].as_str()), (Some("zh"), Some("红楼梦")));
}

#[tokio::test]
async fn a_dry_run_shows_what_was_found_and_keeps_nothing() {
    let server = Server::start();
    let brief = empty_brief(&server).await;
    let file: (&str, Option<&str>, &[u8]) = ("file", Some("web.txt"), WEB.as_bytes());
    let shown = send(&server, &brief, &[file, ("dry_run", None, b"true")]).await.is(200);
    assert_eq!((shown["brief_snapshot_id"].clone(), shown["workflow_run_id"].clone()), (Value::Null, Value::Null));
    assert_eq!(shown["chapters"][1]["title"], "云涌");
    let aside = &shown["not_story"][0];
    assert_eq!(
        (aside["kind"].as_str(), aside["line"].as_u64(), aside["chapter"].as_u64(), aside["kept"].as_bool()),
        (Some("plea"), Some(4), Some(1), Some(false))
    );
    assert_eq!(shown["warnings"][0]["code"], "not-story");
    for list in ["/workflow-runs", &format!("/briefs/{brief}/snapshots")] {
        assert_eq!(server.get(list).await.is(200)["items"], json!([]));
    }
    let kept = send(&server, &brief, &[file, ("not_story", None, b"keep")]).await.is(201);
    assert_eq!((kept["not_story"][0]["kept"].as_bool(), kept["chapters"][0]["length"]["chars"].as_u64()), (Some(true), Some(20)));
}

#[tokio::test]
async fn what_cannot_be_imported_is_refused_with_a_hint() {
    let server = Server::start();
    let brief = empty_brief(&server).await;
    let text: (&str, Option<&str>, &[u8]) = ("file", Some("a.txt"), b"Chapter 1\n\nIt rained.");
    type Field<'a> = (&'a str, Option<&'a str>, &'a [u8]);
    let cases: [(&[Field<'_>], &str); 9] = [
        (&[], "/file"),
        (&[("file", Some("a.txt"), b"")], "/file"),
        (&[("file", Some("a.epub"), b"PK\x03\x04 and so on")], "/file"),
        (&[("file", Some("a.txt"), &[0, 1, 2, 3, 255, 254, 0, 7, 9])], "/file"),
        (&[text, ("encoding", None, b"klingon")], "/encoding"),
        (&[text, ("chapter_length", None, b"many")], "/chapter_length"),
        (&[text, ("chapter_length", None, b"3")], "/chapter_length"),
        (&[text, ("not_story", None, b"burn")], "/not_story"),
        (&[text, ("colour", None, b"red")], "/colour"),
    ];
    for (fields, pointer) in cases {
        let problem = send(&server, &brief, fields).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    send(&server, &brief, &[text, text]).await.problem(422, "invalid");
    let path = format!("/briefs/{brief}/imports");
    server.post(&path, json!({})).await.problem(415, "unsupported-media-type");
    let broken =
        server.client.post(server.at(&path)).header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut").body("--cut\r\nnonsense");
    server.send(broken).await.problem(400, "malformed");
    send(&server, "01a1fa14-b54b-76aa-af0d-ea22d564885d", &[text]).await.problem(404, "not-found");
    let large = vec![b'a'; (64 << 20) + (128 << 10)];
    send(&server, &brief, &[("file", Some("a.txt"), &large)]).await.problem(413, "body-too-large");
    assert_eq!(server.get("/workflow-runs").await.is(200)["items"], json!([]));
}

#[tokio::test]
async fn a_text_without_headings_is_split_by_length_on_request() {
    let server = Server::start();
    let brief = empty_brief(&server).await;
    let text = "It had rained for a week and nobody came to the harbour any more, not even the gulls.\n\n".repeat(60);
    let file: (&str, Option<&str>, &[u8]) = ("file", Some("rain.txt"), text.as_bytes());
    let whole = send(&server, &brief, &[file, ("dry_run", None, b"1")]).await.is(200);
    assert_eq!((whole["chapters"].as_array().unwrap().len(), whole["warnings"][0]["code"].as_str()), (1, Some("no-headings")));
    let parts = send(&server, &brief, &[file, ("chapter_length", None, b"200")]).await.is(201);
    assert_eq!(parts["chapters"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn what_was_imported_stays_with_the_writer_when_its_run_goes() {
    let server = Server::start();
    let brief = empty_brief(&server).await;
    let made = import(&server, &brief, "web.txt", WEB.as_bytes()).await;
    let run = made["workflow_run_id"].as_str().unwrap();
    let preview = server.get(&format!("/workflow-runs/{run}/deletion")).await.is(200);
    assert_eq!(preview["keeps"], json!({ "manuscripts": 2, "versions": 2 }));
    server.delete(&format!("/workflow-runs/{run}?wait=true")).await.is(204);
    let left = server.get(&format!("/artifacts?brief_snapshot_id={}", made["brief_snapshot_id"].as_str().unwrap())).await.is(200);
    assert_eq!((left["items"].as_array().unwrap().len(), left["items"][0]["workflow_run_id"].clone()), (2, Value::Null));
}
