//! Changes of the state by hand.

use llm::adversary::Adversary;
use serde_json::{Value, json};
use std::time::Duration;

use crate::{
    scenarios::with_model,
    server::{Server, id},
};

/// A run whose plan stands.
async fn planned(server: &Server) -> String {
    let run = server.run().await;
    server.post(&format!("/workflow-runs/{run}/next"), Value::Null).await.is(200);
    run
}

#[tokio::test]
async fn a_change_by_hand_is_a_step_with_exactly_its_patch() {
    let server = Server::start();
    let run = planned(&server).await;
    let path = format!("/workflow-runs/{run}");
    let before = server.get(&path).await.is(200);
    let patch = json!({ "guidance": { "rain": { "order": 1, "text": "It rains in every scene." } } });
    let done = server.patch(&format!("{path}/state?include=state"), patch.clone()).await.is(200);
    let step = &done["step"];
    assert_eq!(
        (&step["kind"], &step["index"], &step["attempt"], &step["status"]),
        (&json!("edit"), &json!(2), &json!(1), &json!("succeeded"))
    );
    assert_eq!(step["outputs"]["changed"], json!(["/guidance/rain/order", "/guidance/rain/text"]));
    assert_eq!(step["state_patch"], patch);
    let mut expected = before["state"].clone();
    expected["guidance"] = patch["guidance"].clone();
    assert_eq!((&done["run"]["state"], &done["run"]["status"]), (&expected, &json!("running")));
    assert_eq!(server.get(&format!("{path}/steps/2")).await.is(200), *step);
    assert_eq!(server.get(&format!("{path}/steps/2/state")).await.is(200), expected);
    assert_eq!(server.patch(&format!("{path}/state"), patch).await.is(200)["step"], Value::Null, "nothing had to be done");
    assert_eq!(server.get(&path).await.is(200)["progress"], before["progress"]);

    server.post(&format!("{path}/next"), Value::Null).await.is(200);
    let calls = server.get(&format!("{path}/steps/3/calls")).await.is(200);
    assert!(calls["items"][0]["messages"].to_string().contains("It rains in every scene."), "{calls}");
    let reverted = server.post(&format!("{path}/steps/2/revert?include=state"), Value::Null).await.is(200);
    assert_eq!((&reverted["step"]["kind"], &reverted["step"]["index"]), (&json!("edit"), &json!(4)));
    assert_eq!(reverted["run"]["state"].get("guidance"), None);
    assert_eq!(reverted["run"]["state"]["beats"], server.get(&format!("{path}/steps/3/state")).await.is(200)["beats"], "the rest stays");
}

#[tokio::test]
async fn a_draft_by_hand_is_read_anew_and_an_edit_names_what_does_not_fit() {
    let server = Server::start();
    let run = planned(&server).await;
    let path = format!("/workflow-runs/{run}");
    for _ in 0..3 {
        server.post(&format!("{path}/next"), Value::Null).await.is(200);
    }
    let done = server.patch(&format!("{path}/state?include=state"), json!({ "draft": { "text": "Ines burned the boat." } })).await.is(200);
    let state = &done["run"]["state"];
    assert_eq!((&state["cursor"]["phase"], &state["draft"]["length"]["words"]), (&json!("novel.chapter.extract"), &json!(4)));
    assert_eq!((state.get("extraction"), state.get("critique")), (None, None));
    let cases = [
        (json!({ "cursor": { "phase": "novel.chapter.fly" } }), "/cursor/phase"),
        (json!({ "outline": { "chapters": { "c0002": { "order": "x" } } } }), "/outline/chapters/c0002/order"),
        (json!({ "unheard_of": 1 }), "/unheard_of"),
    ];
    for (patch, pointer) in cases {
        let problem = server.patch(&format!("{path}/state"), patch).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    server.patch(&format!("{path}/state"), json!([])).await.problem(422, "invalid");
    server.patch(&format!("{path}/state?wait=4000"), json!({})).await.problem(422, "invalid");
    let steps = server.steps(&run).await;
    assert_eq!(steps.last().unwrap()["kind"], "edit", "what was refused left nothing behind");
    server.post(&format!("{path}/steps/99/revert"), Value::Null).await.problem(404, "not-found");
    server.post(&format!("{path}/autorun/start"), Value::Null).await.is(202);
    server.until(&run, |run| run["status"] == "succeeded").await;
    let book = server.get(&format!("{path}/export")).await.text;
    assert!(book.contains("Ines burned the boat."), "{book}");
    let commit = server.steps(&run).await.into_iter().find(|step| step["name"] == "novel.chapter.commit").unwrap();
    server.post(&format!("{path}/steps/{}/revert", commit["index"]), Value::Null).await.problem(409, "made-versions");
}

#[tokio::test]
async fn chapters_added_to_a_finished_novel_are_written() {
    let server = Server::start();
    let run = server.written().await;
    let path = format!("/workflow-runs/{run}");
    let chapter = json!({ "order": 9000, "title": "The Tide Table", "summary": "Ines reads her father's tide table." });
    let patch = json!({ "outline": { "chapters": { "tide": chapter } } });
    let done = server.patch(&format!("{path}/state"), patch).await.is(200);
    assert_eq!((&done["run"]["status"], &done["run"]["progress"]), (&json!("running"), &json!({ "done": 2, "total": 3 })));
    server.post(&format!("{path}/autorun/start"), Value::Null).await.is(202);
    server.until(&run, |run| run["status"] == "succeeded").await;
    let book = server.get(&format!("{path}/export")).await.text;
    assert!(book.contains("## Chapter 3: The Tide Table"), "{book}");
    let dropped = json!({ "outline": { "chapters": { "tide": null } } });
    let refused = server.patch(&format!("{path}/state"), dropped).await.problem(422, "invalid");
    assert_eq!(refused["errors"][0]["pointer"], "/outline/chapters/tide");
}

#[tokio::test]
async fn an_edited_sentence_stands_in_the_next_chapters_prompt() {
    let server = Server::start();
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}");
    server.post(&format!("{path}/autorun/start"), json!({ "until": { "chapter": 1 } })).await.is(202);
    server.until(&run, |run| run["progress"]["done"] == 1 && run["autorun"] == false).await;
    let artifact = server.get(&format!("/artifacts?workflow_run_id={run}")).await.is(200)["items"][0].clone();
    let latest = artifact["latest_version_id"].as_str().unwrap();
    let text = server.get(&format!("/artifact-versions/{latest}")).await.is(200)["content_text"].as_str().unwrap().to_owned();
    let mine = format!("Ines gave the brass compass to Tomas.\n\n{text}");
    let mine = json!({ "content_text": mine, "parent_version_id": latest });
    server.post(&format!("/artifacts/{}/versions", id(&artifact)), mine).await.is(201);
    let reread = server.post(&format!("{path}/next"), Value::Null).await.is(200);
    assert_eq!(reread["step"]["name"], "novel.chapter.reread");
    for name in ["novel.chapter.beats", "novel.chapter.draft"] {
        let step = server.post(&format!("{path}/next"), Value::Null).await.is(200)["step"].clone();
        assert_eq!(step["name"], name);
        let calls = server.get(&format!("{path}/steps/{}/calls", step["index"])).await.is(200);
        let prompt = calls["items"][0]["messages"].to_string();
        assert!(prompt.contains("brass compass"), "{name}: {prompt}");
    }
}

#[tokio::test]
async fn a_text_written_ahead_goes_where_its_chapter_goes() {
    let server = Server::start();
    let run = planned(&server).await;
    let mine = json!({ "workflow_run_id": run, "kind": "novel_chapter", "ordinal": 2, "title": "Mine", "content_text": "My words." });
    let version = server.post("/artifacts", mine).await.is(201);
    let chapter = json!({ "order": 1500, "title": "Between", "summary": "A walk." });
    server.patch(&format!("/workflow-runs/{run}/state"), json!({ "outline": { "chapters": { "between": chapter } } })).await.is(200);
    let artifact = server.get(&format!("/artifacts/{}", version["artifact_id"].as_str().unwrap())).await.is(200);
    assert_eq!(artifact["ordinal"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_gets_a_turn_between_two_steps_of_autorun() {
    let model = Adversary::new().with_words(150).with_pause(Duration::from_millis(8)).start().await.unwrap();
    let server = with_model(&model);
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}");
    server.post(&format!("{path}/autorun/start"), Value::Null).await.is(202);
    server.until(&run, |run| run["cursor"]["phase"] == "novel.chapter.draft" && !run["active_step"].is_null()).await;
    let patch = json!({ "guidance": { "rain": { "order": 1, "text": "It rains." } } });
    let refused = server.patch(&format!("{path}/state"), patch.clone()).await.problem(409, "step-in-progress");
    assert_eq!(refused["current_status"], "running");
    let done = server.patch(&format!("{path}/state?wait=60"), patch).await.is(200);
    let index = done["step"]["index"].as_i64().unwrap();
    assert_eq!(done["run"]["autorun"], true, "it goes on");
    server.until(&run, |run| run["progress"]["done"] == 2).await;
    let steps = server.steps(&run).await;
    let indexes: Vec<i64> = steps.iter().map(|step| step["index"].as_i64().unwrap()).collect();
    assert_eq!(indexes, (1..=i64::try_from(steps.len()).unwrap()).collect::<Vec<_>>());
    assert!(index < i64::try_from(steps.len()).unwrap() - 2, "in the midst of the run, not after it: {index} of {}", steps.len());
}
