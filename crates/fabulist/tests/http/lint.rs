//! A book held against the rules, over HTTP.

use serde_json::{Value, json};

use crate::{
    locks::chapter,
    server::{Server, id},
};

#[tokio::test]
async fn what_a_hand_put_in_is_found_with_its_words_and_found_no_more_once_it_is_mended() {
    let server = Server::start();
    let run = server.written().await;
    let snapshot = server.get(&format!("/workflow-runs/{run}")).await.is(200)["brief_snapshot_id"].as_str().unwrap().to_owned();
    let path = format!("/brief-snapshots/{snapshot}/lint");
    let before = server.get(&path).await.is(200);
    assert_eq!((&before["workflow_run_id"], &before["chapters"], &before["errors"]), (&json!(run), &json!(2), &json!(0)), "{before}");
    let (artifact, version) = chapter(&server, &run, 2).await;
    let words = version["content_text"].as_str().unwrap().to_owned();

    let spoilt = format!("Sure, here is the chapter you asked for:\n\n{words}");
    let put = json!({ "content_text": spoilt, "parent_version_id": id(&version) });
    let put = server.post(&format!("/artifacts/{artifact}/versions"), put).await.is(201);
    let found = server.post(&path, Value::Null).await.is(200);
    assert_eq!(found, server.get(&path).await.is(200), "it is made of what is there, whoever asks");
    assert_eq!(found["errors"], 1, "{found}");
    let finding = found["items"].as_array().unwrap().iter().find(|finding| finding["rule"] == "meta-text").unwrap();
    let said = &finding["spans"][0];
    assert_eq!((&finding["severity"], &said["chapter"], &said["version_id"]), (&json!("error"), &json!(2), &put["id"]));
    let (start, end) = (said["span"]["start"].as_u64().unwrap() as usize, said["span"]["end"].as_u64().unwrap() as usize);
    assert_eq!(said["quote"], json!(spoilt.chars().skip(start).take(end - start).collect::<String>()));
    assert!(!finding["hint"].as_str().unwrap().is_empty());

    let page = server.get(&format!("{path}?limit=1&workflow_run_id={run}")).await.is(200);
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    if found["items"].as_array().unwrap().len() > 1 {
        let cursor = page["next_cursor"].as_str().unwrap();
        assert_eq!(server.get(&format!("{path}?limit=1&cursor={cursor}")).await.is(200)["items"][0], found["items"][1]);
    }
    let mended = json!({ "content_text": words, "parent_version_id": put["id"] });
    server.post(&format!("/artifacts/{artifact}/versions"), mended).await.is(201);
    assert_eq!(server.get(&path).await.is(200)["errors"], 0);
}

#[tokio::test]
async fn only_a_run_of_the_snapshot_is_held_against_the_rules() {
    let server = Server::start();
    let (run, other) = (server.written().await, server.run().await);
    let snapshot = |run: Value| run["brief_snapshot_id"].as_str().unwrap().to_owned();
    let theirs = snapshot(server.get(&format!("/workflow-runs/{other}")).await.is(200));
    let own = snapshot(server.get(&format!("/workflow-runs/{run}")).await.is(200));
    let fresh = server.get(&format!("/brief-snapshots/{theirs}/lint?workflow_run_id={other}")).await.is(200);
    assert_eq!((&fresh["chapters"], &fresh["items"]), (&json!(0), &json!([])), "nothing is written yet");
    assert_ne!(own, theirs);
    let wrong = server.get(&format!("/brief-snapshots/{theirs}/lint?workflow_run_id={run}")).await.problem(422, "invalid");
    assert_eq!(wrong["errors"][0]["pointer"], "?workflow_run_id");
    server.get(&format!("/brief-snapshots/{run}/lint")).await.problem(404, "not-found");
    server.get(&format!("/brief-snapshots/{own}/lint?limit=0")).await.problem(422, "invalid");
}
