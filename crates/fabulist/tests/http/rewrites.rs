//! A passage in other words, and not one byte beside it.

use llm::adversary::{Adversary, Behaviour};
use serde_json::{Value, json};

use crate::{
    locks::{chapter, text},
    scenarios::with_model,
    server::{Server, id},
};

#[tokio::test]
async fn paragraphs_and_spans_are_rewritten_and_everything_beside_them_stays() {
    let server = Server::start();
    let run = server.written().await;
    let (artifact, first) = chapter(&server, &run, 1).await;
    let before = text(&first);
    let old: Vec<&str> = before.split("\n\n").collect();
    let asked = json!({ "instructions": "Let it be colder.", "paragraphs": [2] });
    let second = server.post(&format!("/artifact-versions/{}/rewrite", id(&first)), asked).await.is(201);
    assert_eq!((&second["number"], &second["source"], &second["parent_version_id"]), (&json!(2), &json!("agent"), &first["id"]));
    let told = &second["metadata"]["rewrite"];
    assert_eq!(
        (&told["instructions"], &told["paragraphs"], &told["of_version_id"]),
        (&json!("Let it be colder."), &json!([2]), &first["id"])
    );
    assert_eq!((&told["usage"]["calls"], &told["usage"]["cost_usd"]), (&json!(1), &json!(0.0)));
    let after = text(&second);
    let (head, tail) = (format!("{}\n\n", old[0]), format!("\n\n{}", old[2..].join("\n\n")));
    assert!(after.starts_with(&head) && after.ends_with(&tail), "{before}\n---\n{after}");
    assert_ne!(&after[head.len()..after.len() - tail.len()], old[1]);
    let artifact = server.get(&format!("/artifacts/{artifact}")).await.is(200);
    assert_eq!(artifact["latest_version_id"], second["id"]);

    let words: Vec<char> = after.chars().collect();
    let (start, end) = (words.iter().position(|c| *c == ' ').unwrap() + 1, words.len() / 2);
    let asked = json!({ "instructions": "Shorter.", "span": { "start": start, "end": end } });
    let third = server.post(&format!("/artifact-versions/{}/rewrite", id(&second)), asked).await.is(201);
    let last = text(&third);
    let (head, tail): (String, String) = (words[..start].iter().collect(), words[end..].iter().collect());
    assert!(last.starts_with(&head) && last.ends_with(&tail) && last != after, "{after}\n---\n{last}");

    let whole = server.post(&format!("/artifact-versions/{}/rewrite", id(&third)), json!({ "instructions": "Anew." })).await.is(201);
    assert_ne!(text(&whole), last);
    let steps = server.steps(&run).await.len();
    assert_eq!(steps, server.steps(&run).await.len());
    assert_eq!(server.get(&format!("/workflow-runs/{run}")).await.is(200)["status"], "succeeded", "it is no step of the run");
}

#[tokio::test]
async fn a_rewritten_chapter_is_read_before_the_run_goes_on() {
    let server = Server::start();
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}");
    server.post(&format!("{path}/autorun/start"), json!({ "until": { "chapter": 1 } })).await.is(202);
    server.until(&run, |run| run["progress"]["done"] == 1 && run["autorun"] == false).await;
    let (_, first) = chapter(&server, &run, 1).await;
    let used = server.get(&path).await.is(200)["usage"].clone();
    let asked = json!({ "instructions": "Let it be colder.", "paragraphs": [1] });
    let version = server.post(&format!("/artifact-versions/{}/rewrite", id(&first)), asked).await.is(201);
    assert_eq!(server.get(&path).await.is(200)["usage"], used, "it counts for no run");
    let at = server.steps(&run).await.last().unwrap()["index"].clone();
    let earlier = id(&server.post(&format!("{path}/fork"), json!({ "at_step": at })).await.is(201));
    let now = id(&server.post(&format!("{path}/fork"), json!({})).await.is(201));
    let read = server.post(&format!("{path}/next"), Value::Null).await.is(200)["step"].clone();
    assert_eq!((&read["name"], &read["outputs"]["version_id"]), (&json!("novel.chapter.reread"), &version["id"]));
    let forked = server.post(&format!("/workflow-runs/{now}/next"), Value::Null).await.is(200)["step"].clone();
    assert_eq!(forked["name"], "novel.chapter.reread", "a fork has it to read, too");
    let forked = server.post(&format!("/workflow-runs/{earlier}/next"), Value::Null).await.is(200)["step"].clone();
    assert_eq!(forked["name"], "novel.chapter.beats", "as it stood before there is nothing to read");
}

#[tokio::test]
async fn a_rewrite_that_fits_nothing_is_refused_with_what_to_do() {
    let server = Server::start();
    let run = server.written().await;
    let (_, first) = chapter(&server, &run, 1).await;
    let path = format!("/artifact-versions/{}/rewrite", id(&first));
    let length = text(&first).chars().count();
    let cases = [
        (json!({ "instructions": "" }), "/instructions"),
        (json!({ "instructions": "x", "paragraphs": [] }), "/paragraphs"),
        (json!({ "instructions": "x", "paragraphs": [0] }), "/paragraphs"),
        (json!({ "instructions": "x", "paragraphs": [1, 999] }), "/paragraphs"),
        (json!({ "instructions": "x", "span": { "start": 9, "end": 3 } }), "/span"),
        (json!({ "instructions": "x", "span": { "start": 0, "end": length + 1 } }), "/span/end"),
        (json!({ "instructions": "x", "span": { "start": 0, "end": 9 }, "paragraphs": [1] }), "/paragraphs"),
    ];
    for (asked, pointer) in cases {
        let refused = server.post(&path, asked.clone()).await.problem(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{asked}: {refused}");
        assert!(!refused["hint"].as_str().unwrap().is_empty());
    }
    let newer = server.post(&path, json!({ "instructions": "Colder.", "paragraphs": [1] })).await.is(201);
    let refused = server.post(&path, json!({ "instructions": "Colder.", "paragraphs": [1] })).await.problem(409, "version-moved-on");
    assert_eq!((&refused["parent_version_id"], &refused["latest_version_id"]), (&first["id"], &newer["id"]));
    server.post(&format!("/artifact-versions/{run}/rewrite"), json!({ "instructions": "x" })).await.problem(404, "not-found");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_changes_nothing_makes_no_version() {
    let model = Adversary::new().with_words(150).start().await.unwrap();
    let server = with_model(&model);
    let run = server.written().await;
    let (artifact, first) = chapter(&server, &run, 1).await;
    let path = format!("/artifact-versions/{}/rewrite", id(&first));
    let same = text(&first).split("\n\n").next().unwrap().to_owned();
    model.adversary.script([Behaviour::Says(format!("⟦1⟧\n{same}"))]);
    server.post(&path, json!({ "instructions": "x", "paragraphs": [1] })).await.problem(502, "unusable-answer");
    model.adversary.script([Behaviour::Says("⟦7⟧\nSomething else.".into())]);
    server.post(&path, json!({ "instructions": "x", "paragraphs": [1] })).await.problem(502, "unusable-answer");
    let versions = server.get(&format!("/artifacts/{artifact}/versions")).await.is(200);
    assert_eq!(versions["items"].as_array().unwrap().len(), 1);
    model.adversary.script([Behaviour::Says("⟦1⟧\nThe tide had other plans.".into())]);
    let done = server.post(&path, json!({ "instructions": "x", "paragraphs": [1] })).await.is(201);
    assert_eq!(text(&done), text(&first).replacen(&same, "The tide had other plans.", 1));
    assert!(done["metadata"]["rewrite"]["usage"]["output_tokens"].as_u64().unwrap() > 0);
}
