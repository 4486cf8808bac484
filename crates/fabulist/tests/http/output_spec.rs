//! What the result is to be where a brief leaves it open: a brief comes first, then these settings, then the defaults.

use reqwest::{Method, header};
use serde_json::{Value, json};

use crate::server::Server;

const PATH: &str = "/settings/output-spec";

async fn spec_of(server: &Server, content: Value) -> Value {
    let brief = server.post("/briefs", json!({ "title": "The Ebb", "content": content })).await.is(201);
    let snapshot = server.post(&format!("/briefs/{}/snapshots", brief["id"].as_str().unwrap()), Value::Null).await.is(201);
    snapshot["content"]["output_spec"].clone()
}

#[tokio::test]
async fn a_snapshot_takes_what_its_brief_leaves_open_from_the_settings() {
    let server = Server::start();
    assert_eq!(server.get(PATH).await.is(200), json!({}));
    let before = spec_of(&server, json!({ "premise": "A boat." })).await;
    assert_eq!((&before["chapter_count"], &before["chapter_length"]["max"]), (&json!(12), &json!(2500)));

    let set = json!({ "chapter_count": 30, "chapter_length": { "min": 900, "max": 1100, "unit": "words" }, "max_fix_rounds": 1 });
    assert_eq!(server.patch(PATH, set.clone()).await.is(200), set);
    let after = spec_of(&server, json!({ "premise": "A boat.", "output_spec": { "chapter_count": 3 } })).await;
    assert_eq!((&after["chapter_count"], &after["chapter_length"]["max"], &after["max_fix_rounds"]), (&json!(3), &json!(1100), &json!(1)));
    assert_eq!(after["auto_step_retries"], before["auto_step_retries"], "nobody has set it");

    // A merge patch: what is not named stays, null takes out.
    let kept = server.patch(PATH, json!({ "chapter_length": { "max": 1200 }, "chapter_count": null })).await.is(200);
    assert_eq!(kept, json!({ "chapter_length": { "min": 900, "max": 1200, "unit": "words" }, "max_fix_rounds": 1 }));
}

#[tokio::test]
async fn settings_that_make_no_sense_are_refused_at_their_place_and_change_nothing() {
    let server = Server::start();
    server.patch(PATH, json!({ "scene_count": 8 })).await.is(200);
    for (change, pointer) in [
        (json!({ "chapters": 3 }), "/chapters"),
        (json!({ "chapter_count": "many" }), "/chapter_count"),
        (json!({ "chapter_count": 0 }), "/chapter_count"),
        (json!({ "chapter_length": { "min": 5 } }), "/chapter_length"),
        (json!({ "chapter_length": { "min": 9, "max": 5, "unit": "words" } }), "/chapter_length"),
    ] {
        let problem = server.patch(PATH, change).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    assert_eq!(server.get(PATH).await.is(200), json!({ "scene_count": 8 }));
}

#[tokio::test]
async fn settings_change_only_where_they_are_what_was_seen() {
    let server = Server::start();
    let seen = server.get(PATH).await.header("etag");
    let change = |tag: &str, count: u32| {
        server.client.request(Method::PATCH, server.at(PATH)).header(header::IF_MATCH, tag).json(&json!({ "chapter_count": count }))
    };
    server.send(change(&seen, 5)).await.is(200);
    server.send(change(&seen, 6)).await.problem(412, "changed-meanwhile");
    assert_eq!(server.get(PATH).await.is(200)["chapter_count"], 5);
}
