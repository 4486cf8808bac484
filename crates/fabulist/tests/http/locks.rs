//! Locked words stand, whoever writes.

use llm::adversary::{Adversary, Behaviour};
use serde_json::{Value, json};

use crate::{
    scenarios::with_model,
    server::{Server, id},
};

/// The artifact of a chapter, and its latest version.
pub(crate) async fn chapter(server: &Server, run: &str, ordinal: usize) -> (String, Value) {
    let artifacts = server.get(&format!("/artifacts?workflow_run_id={run}")).await.is(200);
    let artifact = artifacts["items"][ordinal - 1].clone();
    let latest = artifact["latest_version_id"].as_str().unwrap();
    (id(&artifact), server.get(&format!("/artifact-versions/{latest}")).await.is(200))
}

pub(crate) fn text(version: &Value) -> String {
    version["content_text"].as_str().unwrap().to_owned()
}

/// Where a paragraph stands, by number, and its words.
fn paragraph(text: &str, number: usize) -> (Value, String) {
    let words = text.split("\n\n").nth(number - 1).unwrap();
    let start = text[..text.find(words).unwrap()].chars().count();
    (json!({ "start": start, "end": start + words.chars().count() }), words.to_owned())
}

#[tokio::test]
async fn a_lock_holds_against_rewrite_a_persons_version_restore_and_redo() {
    let server = Server::start();
    let run = server.written().await;
    let (artifact, first) = chapter(&server, &run, 1).await;
    let (span, words) = paragraph(&text(&first), 2);
    let locks = format!("/artifacts/{artifact}/locks");
    let asked = json!({ "span": span, "reason": "The line that everything turns on." });
    let lock = server.post(&locks, asked.clone()).await.is(201);
    assert_eq!((&lock["quote"], &lock["span"], &lock["reason"]), (&json!(words), &span, &asked["reason"]));
    assert_eq!(server.post(&locks, asked).await.is(200), lock, "it holds already");
    let (from, to) = (span["start"].as_u64().unwrap() - 2, span["end"].as_u64().unwrap());
    let wide = json!({ "span": { "start": from, "end": to }, "reason": "The line that everything turns on." });
    assert_eq!(server.post(&locks, wide).await.is(200), lock, "blanks around them are no words");
    assert_eq!(server.get(&locks).await.is(200), json!({ "items": [lock], "next_cursor": null }));

    let rewrite = format!("/artifact-versions/{}/rewrite", id(&first));
    for scope in [json!({ "paragraphs": [1, 2] }), json!({ "span": span }), json!({})] {
        let mut asked = scope.clone();
        asked["instructions"] = json!("Quieter.");
        let refused = server.post(&rewrite, asked).await.problem(409, "locked");
        assert_eq!(refused["locks"], json!([lock]), "{scope}");
        assert!(refused["detail"].as_str().unwrap().contains("everything turns on"), "{refused}");
        assert!(refused["hint"].as_str().unwrap().contains(&id(&lock)), "{refused}");
    }
    let beside = server.post(&rewrite, json!({ "instructions": "Quieter.", "paragraphs": [1] })).await.is(201);
    let (moved, _) = paragraph(&text(&beside), text(&beside).split("\n\n").position(|p| p == words).unwrap() + 1);
    assert_eq!(server.get(&locks).await.is(200)["items"][0]["span"], moved, "found again where the text before it has changed");

    let versions = format!("/artifacts/{artifact}/versions");
    let without = json!({ "content_text": text(&beside).replace(&words, "Nothing."), "parent_version_id": id(&beside) });
    server.post(&versions, without).await.problem(409, "locked");
    let mine = format!("It had rained for a week.\n\n{}", text(&beside));
    let mine = server.post(&versions, json!({ "content_text": mine, "parent_version_id": id(&beside) })).await.is(201);
    let other = json!({ "content_text": "Another chapter altogether.", "parent_version_id": id(&mine) });
    server.post(&versions, other).await.problem(409, "locked");
    server.post(&format!("/artifact-versions/{}/restore", id(&first)), Value::Null).await.is(201);

    let path = format!("/workflow-runs/{run}");
    let begun = server.post(&format!("{path}/chapters/1/redo"), json!({ "instruction": "Nobody speaks." })).await.is(200);
    server.post(&format!("{path}/autorun/start"), Value::Null).await.is(202);
    server.until(&run, |run| run["status"] == "succeeded").await;
    let (_, redone) = chapter(&server, &run, 1).await;
    assert_eq!(redone["source"], "agent");
    assert_ne!(text(&redone), text(&first));
    assert_eq!(text(&redone).matches(&words).count(), 1, "{redone}");
    let steps = server.steps(&run).await;
    let draft = steps.iter().find(|s| s["name"] == "novel.chapter.draft" && s["index"].as_i64() > begun["step"]["index"].as_i64()).unwrap();
    let calls = server.get(&format!("{path}/steps/{}/calls", draft["index"])).await.is(200);
    let prompt = calls["items"][0]["messages"].to_string();
    assert!(prompt.contains(&words) && prompt.contains("word for word"), "{prompt}");

    server.delete(&format!("{locks}/{}", id(&lock))).await.is(204);
    server.delete(&format!("{locks}/{}", id(&lock))).await.problem(404, "not-found");
    server.post(&versions, json!({ "content_text": "Free.", "parent_version_id": id(&redone) })).await.is(201);
}

#[tokio::test]
async fn sixteen_who_lock_the_same_words_put_one_lock_on() {
    let server = Server::start();
    let run = server.written().await;
    let (artifact, _) = chapter(&server, &run, 1).await;
    let locks = format!("/artifacts/{artifact}/locks");
    let asked = json!({ "span": { "start": 0, "end": 9 }, "reason": "Mine." });
    let answers = futures::future::join_all((0..16).map(|_| server.post(&locks, asked.clone()))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert_eq!(server.get(&locks).await.is(200)["items"], json!([answers[0].json()]));
}

#[tokio::test]
async fn a_locked_chapter_takes_no_version_at_all() {
    let server = Server::start();
    let run = server.written().await;
    let (artifact, first) = chapter(&server, &run, 1).await;
    let locks = format!("/artifacts/{artifact}/locks");
    let lock = server.post(&locks, json!({ "reason": "Printed." })).await.is(201);
    assert_eq!((&lock["span"], &lock["quote"]), (&Value::Null, &Value::Null));
    let path = format!("/workflow-runs/{run}");
    server.post(&format!("{path}/chapters/1/redo"), Value::Null).await.problem(409, "locked");
    let same = json!({ "content_text": text(&first), "title": "Other", "parent_version_id": id(&first) });
    server.post(&format!("/artifacts/{artifact}/versions"), same).await.problem(409, "locked");
    server.post(&format!("/artifact-versions/{}/rewrite", id(&first)), json!({ "instructions": "Shorter." })).await.problem(409, "locked");

    // Locked while it is written anew: the step says so, and goes on once the lock is gone.
    server.delete(&locks).await.is(204);
    server.post(&format!("{path}/chapters/1/redo"), Value::Null).await.is(200);
    server.post(&format!("{path}/next"), Value::Null).await.is(200);
    let lock = server.post(&locks, json!({ "reason": "Printed after all." })).await.is(201);
    let failed = server.post(&format!("{path}/next"), Value::Null).await.is(200);
    assert_eq!((&failed["step"]["status"], &failed["step"]["error"]["type"]), (&json!("failed"), &json!("/problems/locked")));
    assert_eq!(failed["step"]["usage"]["calls"], 0, "nothing is paid for what cannot be kept");
    server.delete(&format!("{locks}/{}", id(&lock))).await.is(204);
    for _ in 0..3 {
        server.post(&format!("{path}/next"), Value::Null).await.is(200);
    }
    server.post(&locks, json!({ "reason": "Now." })).await.is(201);
    server.post(&format!("{path}/autorun/start"), Value::Null).await.is(202);
    let failed = server.until(&run, |run| run["status"] == "failed").await;
    assert_eq!(failed["error"]["type"], "/problems/locked", "held in the commit");
    assert_eq!(chapter(&server, &run, 1).await.1, first);
    server.delete(&locks).await.is(204);
    server.post(&format!("{path}/autorun/start"), Value::Null).await.is(202);
    server.until(&run, |run| run["status"] == "succeeded").await;
    assert_ne!(chapter(&server, &run, 1).await.1, first);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fix_keeps_the_paragraph_that_is_locked_and_a_draft_without_the_words_is_refused() {
    let model = Adversary::new().with_words(90).start().await.unwrap();
    let server = with_model(&model);
    let run = server.written().await;
    let (artifact, first) = chapter(&server, &run, 1).await;
    let words = text(&first).split_inclusive('.').next().unwrap().to_owned();
    let span = json!({ "start": 0, "end": words.chars().count() });
    server.post(&format!("/artifacts/{artifact}/locks"), json!({ "span": span, "reason": "Mine." })).await.is(201);
    let path = format!("/workflow-runs/{run}");
    server.post(&format!("{path}/chapters/1/redo"), Value::Null).await.is(200);
    server.post(&format!("{path}/next"), Value::Null).await.is(200);
    // A model that pays no heed is asked once more, then the step fails and says why.
    let refused = server.post(&format!("{path}/next"), Value::Null).await.is(200);
    assert_eq!(refused["step"]["error"]["type"], "/problems/locked", "{refused}");
    assert_eq!(refused["step"]["usage"]["calls"], 2);
    let calls = server.get(&format!("{path}/steps/{}/calls", refused["step"]["index"])).await.is(200);
    assert_eq!(calls["items"][1]["slot"], "draft/repair/1");

    model.adversary.script([Behaviour::Says(format!("{words}\n\nThe tide went out and did not hurry."))]);
    let drafted = server.post(&format!("{path}/next"), Value::Null).await.is(200);
    assert_eq!(drafted["step"]["status"], "succeeded", "{drafted}");
    for name in ["extract", "critique", "fix"] {
        let step = server.post(&format!("{path}/next"), Value::Null).await.is(200)["step"].clone();
        assert_eq!((&step["name"], &step["status"]), (&json!(format!("novel.chapter.{name}")), &json!("succeeded")), "{step}");
    }
    let state = server.get(&format!("{path}?include=state")).await.is(200)["state"].clone();
    let steps = server.steps(&run).await;
    let fix = steps.last().unwrap();
    let calls = server.get(&format!("{path}/steps/{}/calls", fix["index"])).await.is(200);
    let prompt = calls["items"][0]["messages"].to_string();
    assert!(prompt.contains("These words are locked"), "the locked paragraph was sent back: {prompt}");
    let fixed = state["draft"]["text"].as_str().unwrap();
    assert!(fixed.contains(&words), "it stays: {fixed}");
    server.post(&format!("{path}/autorun/start"), Value::Null).await.is(202);
    server.until(&run, |run| run["status"] == "succeeded").await;
    let (_, redone) = chapter(&server, &run, 1).await;
    assert!(text(&redone).contains(&words) && redone["number"] == 2, "{redone}");
}

#[tokio::test]
async fn locks_come_along_in_forks_and_project_files_and_go_with_their_text() {
    let server = Server::start();
    let run = server.written().await;
    let (artifact, first) = chapter(&server, &run, 1).await;
    let (span, words) = paragraph(&text(&first), 2);
    server.post(&format!("/artifacts/{artifact}/locks"), json!({ "span": span, "reason": "Mine." })).await.is(201);
    let fork = id(&server.post(&format!("/workflow-runs/{run}/fork"), json!({})).await.is(201));
    let (forked, version) = chapter(&server, &fork, 1).await;
    let locks = server.get(&format!("/artifacts/{forked}/locks")).await.is(200);
    assert_eq!((&locks["items"][0]["quote"], &locks["items"][0]["reason"]), (&json!(words), &json!("Mine.")));
    let gone = json!({ "content_text": "Nothing is left.", "parent_version_id": id(&version) });
    server.post(&format!("/artifacts/{forked}/versions"), gone.clone()).await.problem(409, "locked");
    server.delete(&format!("/artifacts/{forked}/locks")).await.is(204);
    server.post(&format!("/artifacts/{forked}/versions"), gone).await.is(201);
    let own = server.get(&format!("/artifacts/{artifact}/locks")).await.is(200);
    assert_eq!(own["items"].as_array().unwrap().len(), 1, "each line has locks of its own");

    let brief = server.get(&format!("/workflow-runs/{run}")).await.is(200)["brief_id"].as_str().unwrap().to_owned();
    let project = server.client.get(server.at(&format!("/briefs/{brief}/project"))).send().await.unwrap().bytes().await.unwrap();
    server.delete(&format!("/briefs/{brief}")).await.is(204);
    server.get(&format!("/artifacts/{artifact}/locks")).await.problem(404, "not-found");
    let elsewhere = Server::start();
    let put = elsewhere.client.post(elsewhere.at("/projects")).header("content-type", "application/gzip").body(project);
    elsewhere.send(put).await.is(201);
    assert_eq!(elsewhere.get(&format!("/artifacts/{artifact}/locks")).await.is(200), own);
}

#[tokio::test]
async fn a_lock_that_fits_nothing_is_refused_with_what_to_do() {
    let server = Server::start();
    let run = server.written().await;
    let (artifact, first) = chapter(&server, &run, 1).await;
    let locks = format!("/artifacts/{artifact}/locks");
    let length = text(&first).chars().count();
    let cases = [
        (json!({ "reason": " " }), "/reason"),
        (json!({ "reason": "x", "span": { "start": 4, "end": 4 } }), "/span"),
        (json!({ "reason": "x", "span": { "start": 0, "end": length + 1 } }), "/span/end"),
    ];
    for (asked, pointer) in cases {
        let refused = server.post(&locks, asked).await.problem(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
    }
    server.post(&locks, json!({ "span": { "start": 0, "end": 4 } })).await.problem(422, "invalid");
    let versions = format!("/artifacts/{artifact}/versions");
    let newer =
        server.post(&versions, json!({ "content_text": "Ines sold the boat. Ines left.", "parent_version_id": id(&first) })).await.is(201);
    let old = json!({ "span": { "start": 0, "end": 4 }, "reason": "x", "version_id": id(&first) });
    let refused = server.post(&locks, old).await.problem(409, "version-moved-on");
    assert_eq!(refused["latest_version_id"], newer["id"]);
    let span = json!({ "start": 20, "end": 24 });
    server.post(&locks, json!({ "span": span, "reason": "x" })).await.is(201);
    server.post(&locks, json!({ "reason": "whole" })).await.is(201);
    let listed = server.get(&format!("{locks}?limit=1")).await.is(200);
    assert_eq!(listed["items"][0]["reason"], "whole", "the whole text first");
    let rest = server.get(&format!("{locks}?cursor={}", listed["next_cursor"].as_str().unwrap())).await.is(200);
    assert_eq!((&rest["items"][0]["span"], &rest["next_cursor"]), (&span, &Value::Null));
    let delete = |body: Value| server.client.delete(server.at(&locks)).header("content-type", "application/json").body(body.to_string());
    server.send(delete(json!({ "span": { "start": 0, "end": 1 } }))).await.problem(404, "not-found");
    server.send(delete(json!({ "span": span }))).await.is(204);
    assert_eq!(server.get(&locks).await.is(200)["items"].as_array().unwrap().len(), 1);
    server.get(&format!("/artifacts/{run}/locks")).await.problem(404, "not-found");
}
