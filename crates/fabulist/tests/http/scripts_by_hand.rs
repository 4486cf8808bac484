//! Scenes and episodes under a hand: redone, locked, drawn, written by a person.

use serde_json::{Value, json};

use crate::{
    locks::{chapter, text},
    server::{Server, id},
};

/// A new script of two scenes.
async fn script(server: &Server) -> String {
    let content = json!({
        "premise": "Ines comes home to sell her father's boatyard and finds that his last boat was never meant to float.",
        "setting": "a harbour town on the North Sea",
        "characters": [{ "name": "Ines", "goal": "to sell the boatyard" }, { "name": "Tomas", "role": "her brother" }],
        "output_spec": { "scene_count": 2, "chapter_length": { "min": 80, "max": 220, "unit": "words" }, "auto_step_backoff_s": 0.02 },
    });
    let brief = id(&server.post("/briefs", json!({ "title": "The Salt Road", "content": content })).await.is(201));
    let snapshot = id(&server.post(&format!("/briefs/{brief}/snapshots"), Value::Null).await.is(201));
    id(&server.post("/workflow-runs", json!({ "kind": "script", "brief_snapshot_id": snapshot })).await.is(201))
}

/// An adaptation of a novel of two chapters.
async fn adaptation(server: &Server) -> String {
    let novel = server.written().await;
    let snapshot = server.get(&format!("/workflow-runs/{novel}")).await.is(200)["brief_snapshot_id"].clone();
    id(&server.post("/workflow-runs", json!({ "kind": "novel_to_script", "brief_snapshot_id": snapshot })).await.is(201))
}

async fn to_the_end(server: &Server, run: &str) -> Value {
    server.post(&format!("/workflow-runs/{run}/autorun/start"), Value::Null).await.is(202);
    server.until(run, |run| run["status"] == "succeeded").await
}

/// Locks the third piece of the first unit's text, and tells its words.
async fn locked(server: &Server, run: &str) -> String {
    let (artifact, version) = chapter(server, run, 1).await;
    let words = text(&version).split("\n\n").nth(2).unwrap().to_owned();
    let start = text(&version).find(&words).map(|at| text(&version)[..at].chars().count()).unwrap();
    let span = json!({ "start": start, "end": start + words.chars().count() });
    server.post(&format!("/artifacts/{artifact}/locks"), json!({ "span": span, "reason": "Mine." })).await.is(201);
    words
}

/// The names of the steps that succeeded behind `index`, without fixes and what comes again after them.
async fn names_after(server: &Server, run: &str, index: &Value) -> Vec<String> {
    let steps = server.steps(run).await;
    let done = steps.iter().filter(|s| s["index"].as_i64() > index.as_i64() && s["status"] == "succeeded");
    let mut names: Vec<String> = done.map(|s| s["name"].as_str().unwrap().rsplit('.').next().unwrap().to_owned()).collect();
    names.dedup();
    names.retain(|name| name != "fix");
    names
}

#[tokio::test]
async fn a_scene_is_redone_with_its_locked_words_and_the_next_one_is_marked() {
    let server = Server::start();
    let run = script(&server).await;
    let before = to_the_end(&server, &run).await;
    let (_, first) = chapter(&server, &run, 1).await;
    let (_, second) = chapter(&server, &run, 2).await;
    let words = locked(&server, &run).await;
    let path = format!("/workflow-runs/{run}");
    let begun = server.post(&format!("{path}/chapters/1/redo?include=state"), json!({ "instruction": "Nobody shouts." })).await.is(200);
    assert_eq!(begun["run"]["state"]["cursor"], json!({ "phase": "script.scene.draft", "scene_index": 1 }));
    assert_eq!(begun["run"]["state"]["digests"]["near"], json!({}), "it sees the script as it was before it");
    server.post(&format!("{path}/chapters/2/redo"), Value::Null).await.problem(409, "redo-in-progress");
    let draft = server.post(&format!("{path}/next"), Value::Null).await.is(200);
    let calls = server.get(&format!("{path}/steps/{}/calls", draft["step"]["index"])).await.is(200);
    let prompt = calls["items"][0]["messages"].to_string();
    assert!(prompt.contains("Nobody shouts.") && prompt.contains("word for word"), "{prompt}");
    let done = to_the_end(&server, &run).await;
    assert_eq!(names_after(&server, &run, &begun["step"]["index"]).await[..3], ["draft", "extract", "critique"]);
    assert_eq!(done["progress"], before["progress"]);
    assert_eq!((done["state"].get("redo"), done["state"].get("replaces"), done["state"].get("guidance")), (None, None, None));
    assert_eq!(done["state"]["digests"]["near"]["2"], before["state"]["digests"]["near"]["2"]);
    let (_, redone) = chapter(&server, &run, 1).await;
    assert_eq!((&redone["number"], &redone["parent_version_id"]), (&json!(2), &first["id"]));
    assert!(text(&redone).contains(&words), "{redone}");
    let (artifact, later) = chapter(&server, &run, 2).await;
    assert_eq!(later["id"], second["id"]);
    assert!(later["metadata"]["findings"].to_string().contains("Scene 1 was redone"), "{later}");
    assert_eq!(server.get(&format!("/artifacts/{artifact}")).await.is(200)["review"], "wanted");
}

#[tokio::test]
async fn an_episode_is_redone_from_its_chapter_with_its_locked_words() {
    let server = Server::start();
    let run = adaptation(&server).await;
    let before = to_the_end(&server, &run).await;
    let words = locked(&server, &run).await;
    let path = format!("/workflow-runs/{run}");
    let begun = server.post(&format!("{path}/chapters/1/redo"), json!({ "instruction": "More rain." })).await.is(200);
    let done = to_the_end(&server, &run).await;
    let names = names_after(&server, &run, &begun["step"]["index"]).await;
    assert_eq!(names[..3], ["breakdown", "draft", "extract"], "the breakdown had been put away");
    assert_eq!((&done["progress"], &done["state"]["episode_plan"]), (&before["progress"], &before["state"]["episode_plan"]));
    assert_eq!((done["state"].get("redo"), done["state"].get("replaces")), (None, None));
    let (_, redone) = chapter(&server, &run, 1).await;
    assert_eq!((&redone["number"], &redone["source"]), (&json!(2), &json!("agent")));
    assert!(text(&redone).contains(&words), "{redone}");
    assert_eq!(redone["metadata"]["source"]["chapters"][0]["chapter"], 1);
}

#[tokio::test]
async fn a_redo_of_a_scene_is_given_up_and_what_was_in_hand_is_there_again() {
    let server = Server::start();
    let run = script(&server).await;
    let path = format!("/workflow-runs/{run}");
    server.post(&format!("{path}/autorun/start"), json!({ "until": { "chapter": 1 } })).await.is(202);
    server.until(&run, |run| run["autorun"] == false).await;
    server.post(&format!("{path}/next"), Value::Null).await.is(200);
    let held = server.get(&path).await.is(200)["state"].clone();
    assert_eq!(held["draft"]["ordinal"], 2);
    server.post(&format!("{path}/chapters/2/redo"), Value::Null).await.problem(409, "not-committed");
    let begun = server.post(&format!("{path}/chapters/1/redo?include=state"), Value::Null).await.is(200);
    assert_eq!(begun["run"]["state"].get("draft"), None);
    let problem = server.patch(&format!("{path}/state"), json!({ "redo": { "chapter": 2 } })).await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["pointer"], "/redo");
    server.patch(&format!("{path}/state"), json!({ "redo": null })).await.is(200);
    assert_eq!(server.get(&path).await.is(200)["state"], held);
}

#[tokio::test]
async fn what_a_person_wrote_of_a_scene_beforehand_is_not_put_aside_unasked() {
    let server = Server::start();
    for accept in [false, true] {
        let run = script(&server).await;
        let path = format!("/workflow-runs/{run}");
        server.post(&format!("{path}/next"), Value::Null).await.is(200);
        let mine = json!({ "workflow_run_id": run, "kind": "script_scene", "ordinal": 1, "title": "Mine", "content_text": "INT. YARD - DAY\n\nNobody." });
        let mine = server.post("/artifacts", mine).await.is(201);
        server.post(&format!("{path}/autorun/start"), Value::Null).await.is(202);
        let held = server.until(&run, |run| run["status"] == "paused").await;
        assert_eq!(held["pause"]["reason"], "artifact-moved-on");
        assert_eq!(chapter(&server, &run, 1).await.1["id"], mine["id"]);
        server.post(&format!("{path}/resume"), json!({ "accept": accept })).await.is(200);
        server.until(&run, |run| run["status"] == "succeeded").await;
        let latest = chapter(&server, &run, 1).await.1;
        assert_eq!(latest["source"], if accept { "agent" } else { "user" }, "{latest}");
        assert_eq!(latest["id"] == mine["id"], !accept);
    }
}

#[tokio::test]
async fn the_best_of_several_drafts_of_an_episode_is_taken_and_another_chosen_later() {
    let server = Server::start();
    let run = adaptation(&server).await;
    let path = format!("/workflow-runs/{run}");
    server.post(&format!("{path}/next"), json!({ "candidates": 2 })).await.problem(422, "invalid");
    server.post(&format!("{path}/next"), Value::Null).await.is(200);
    let drawn = server.post(&format!("{path}/next?include=state"), json!({ "candidates": 3 })).await.is(200);
    assert_eq!((&drawn["step"]["name"], &drawn["step"]["usage"]["calls"]), (&json!("adapt.episode.draft"), &json!(3)));
    let index = &drawn["step"]["index"];
    let told = drawn["step"]["outputs"]["candidates"].as_array().unwrap();
    let best = told.iter().find(|c| c["chosen"] == true).unwrap();
    assert_eq!(best["rank"], 1);
    assert!(told.iter().all(|c| c["reasons"].is_array() && c["length"]["words"].is_u64()));
    let listed = server.get(&format!("{path}/steps/{index}/candidates")).await.is(200)["items"].clone();
    let texts: Vec<String> = listed.as_array().unwrap().iter().map(text).collect();
    let taken = best["candidate"].as_u64().unwrap();
    assert_eq!(drawn["run"]["state"]["draft"]["text"], json!(texts[usize::try_from(taken).unwrap() - 1]));
    server.post(&format!("{path}/next"), Value::Null).await.is(200);
    server.post(&format!("{path}/next"), Value::Null).await.is(200);
    let other = taken % 3 + 1;
    let chosen = server.post(&format!("{path}/steps/{index}/choose?include=state"), json!({ "candidate": other })).await.is(200);
    let state = &chosen["run"]["state"];
    assert_eq!((&state["cursor"]["phase"], &state["draws"]["chosen"]), (&json!("adapt.episode.extract"), &json!(other)));
    assert_eq!(state["draft"]["text"], json!(texts[usize::try_from(other).unwrap() - 1]));
    to_the_end(&server, &run).await;
    let gone = server.post(&format!("{path}/steps/{index}/choose"), json!({ "candidate": taken })).await.problem(409, "not-in-hand");
    assert!(gone["hint"].as_str().unwrap().contains("fork"), "{gone}");
    assert_eq!(
        server.get(&format!("{path}/steps/{index}/candidates")).await.is(200)["items"].as_array().unwrap().len(),
        3,
        "losers are kept"
    );
}

#[tokio::test]
async fn a_state_that_a_script_could_not_go_on_from_is_refused() {
    let server = Server::start();
    let run = script(&server).await;
    let path = format!("/workflow-runs/{run}/state");
    server.post(&format!("/workflow-runs/{run}/next"), Value::Null).await.is(200);
    let before = server.get(&format!("/workflow-runs/{run}")).await.is(200)["state"].clone();
    let scenes: Vec<String> = before["scene_list"]["scenes"].as_object().unwrap().keys().cloned().collect();
    for (patch, pointer) in [
        (json!({ "cursor": { "phase": "nonsense" } }), "/cursor/phase"),
        (json!({ "cursor": { "phase": "script.scene_list" } }), "/cursor/phase"),
        (json!({ "cursor": { "phase": "done" } }), "/cursor/phase"),
        (json!({ "cursor": { "scene_index": 2 } }), "/cursor"),
        (json!({ "cursor": { "scene_index": -1 } }), "/cursor/scene_index"),
        (json!({ "cursor": { "phase": "script.scene.commit" } }), "/cursor/phase"),
        (json!({ "version": 2 }), "/version"),
        (json!({ "language": "zh" }), "/language"),
        (json!({ "scene_list": { "scenes": { &scenes[0]: null, &scenes[1]: null } } }), "/scene_list/scenes"),
        (json!({ "scene_list": null }), "/scene_list/scenes"),
        (json!({ "replaces": "x" }), "/replaces"),
        (json!({ "guidance": { "a": { "order": 1, "text": " " } } }), "/guidance/a/text"),
        (json!({ "output_spec": { "max_fix_rounds": -1 } }), "/output_spec/max_fix_rounds"),
        (json!({ "current_state": 7 }), "/current_state"),
        (json!({ "nothing": 7 }), "/nothing"),
    ] {
        let problem = server.patch(&path, patch.clone()).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{patch}: {problem}");
    }
    assert_eq!(server.get(&format!("/workflow-runs/{run}")).await.is(200)["state"], before);
    let added = json!({ "scene_list": { "scenes": { "s9": { "order": 9000, "title": "Ebb", "int_ext": "EXT", "place": "QUAY", "time": "DAY", "summary": "Ines leaves.", "characters": ["Ines"] } } } });
    let edited = server.patch(&path, added).await.is(200);
    assert_eq!(edited["run"]["progress"]["total"], 3);
    to_the_end(&server, &run).await;
    assert_eq!(chapter(&server, &run, 3).await.1["title"], "Ebb");
}
