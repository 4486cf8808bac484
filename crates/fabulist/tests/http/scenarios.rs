//! One test per scenario of the contract.

use llm::adversary::{Adversary, Behaviour, Running};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

use crate::server::{Server, id};

/// A server whose model is this one.
pub(crate) fn with_model(model: &Running) -> Server {
    let writer = crate::writer()
        .with("OPENAI_BASE_URL", &model.base_url())
        .with("OPENAI_API_KEY", "sk-test")
        .with("FABULIST_MODEL", "openai/gpt-5-mini");
    Server::of(Arc::new(writer))
}

#[tokio::test]
async fn a_run_is_started_from_a_snapshot() {
    let server = Server::start();
    let snapshot = server.snapshot().await;
    let asked = json!({ "kind": "novel", "brief_snapshot_id": snapshot, "label": "first", "pause_before": ["novel.chapter.draft"],
        "budget": { "max_tokens": 100_000 } });
    let run = server.post("/workflow-runs", asked).await.is(201);
    assert_eq!((run["status"].as_str(), run["label"].as_str(), run["model"].as_str()), (Some("queued"), Some("first"), Some("rehearsal")));
    assert_eq!(run["progress"], json!({ "done": 0, "total": 2 }));
    assert_eq!(run["state"]["cursor"]["phase"], "novel.outline");
    let shown = server.get(&format!("/workflow-runs/{}", id(&run))).await.is(200);
    assert_eq!(shown, run);
    let listed = server.get(&format!("/workflow-runs?brief_snapshot_id={snapshot}")).await.is(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0].get("state"), None);
    let wrong = json!({ "kind": "novel", "brief_snapshot_id": "01a1fa14-b54b-76aa-af0d-ea22d564885d" });
    server.post("/workflow-runs", wrong).await.problem(422, "invalid");
}

#[tokio::test]
async fn a_snapshot_does_not_change() {
    let server = Server::start();
    let brief = server.post("/briefs", crate::server::brief()).await.is(201);
    let path = format!("/briefs/{}", id(&brief));
    let before = server.post(&format!("{path}/snapshots"), json!({ "label": "one" })).await.is(201);
    assert_eq!(before["content"]["output_spec"]["scene_count"], 12);
    let changed = server.patch(&path, json!({ "title": "Another", "content": { "premise": null, "tone": "dry" } })).await.is(200);
    assert_eq!((changed["title"].as_str(), changed["content"]["tone"].as_str()), (Some("Another"), Some("dry")));
    assert_eq!(changed["content"].get("premise"), None);
    assert_eq!(server.get(&format!("/brief-snapshots/{}", id(&before))).await.is(200), before);
    let after = server.post(&format!("{path}/snapshots"), Value::Null).await.is(201);
    assert_eq!(after["content"]["tone"], "dry");
    let listed = server.get(&format!("{path}/snapshots")).await.is(200);
    assert_eq!(listed["items"], json!([after, before]));
}

#[tokio::test]
async fn a_run_pauses_and_resumes_with_its_state_kept() {
    let server = Server::start();
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}");
    server.post(&format!("{path}/next"), Value::Null).await.is(200);
    let before = server.get(&path).await.is(200);
    let paused = server.post(&format!("{path}/pause"), Value::Null).await.is(200);
    assert_eq!((paused["status"].as_str(), paused["pause"]["reason"].as_str()), (Some("paused"), Some("person")));
    server.post(&format!("{path}/pause"), json!({})).await.is(200);
    let refused = server.post(&format!("{path}/next"), Value::Null).await.problem(409, "run-paused");
    assert_eq!(refused["current_status"], "paused");
    assert!(refused["allowed"].as_array().unwrap().contains(&json!("resume")), "{refused}");
    let resumed = server.post(&format!("{path}/resume?include=state"), Value::Null).await.is(200);
    assert_eq!((&resumed["status"], &resumed["state"]), (&json!("running"), &before["state"]));
    let done = server.post(&format!("{path}/next"), Value::Null).await.is(200);
    assert_eq!(done["step"]["index"], 2);
}

#[tokio::test]
async fn outputs_and_artifact_references_are_recorded() {
    let server = Server::start();
    let run = server.written().await;
    for step in server.steps(&run).await {
        assert!(step["outputs"].as_object().is_some_and(|outputs| !outputs.is_empty()), "{step}");
        if step["name"] == "novel.chapter.commit" {
            let version = step["outputs"]["version_id"].as_str().unwrap();
            assert_eq!(step["artifact_version_ids"], json!([version]));
            let version = server.get(&format!("/artifact-versions/{version}")).await.is(200);
            assert_eq!((&version["source"], &version["step_index"]), (&json!("agent"), &step["index"]));
            assert!(version["length"]["words"].as_u64().unwrap() > 50);
        }
    }
    let one = server.get(&format!("/workflow-runs/{run}/steps/1")).await.is(200);
    assert_eq!(one["name"], "novel.outline");
    let state = server.get(&format!("/workflow-runs/{run}/steps/1/state")).await.is(200);
    assert_eq!(state["outline"]["chapters"].as_object().unwrap().len(), 2);
    assert_eq!(server.get(&format!("/workflow-runs/{run}/steps/0/state")).await.is(200).get("outline"), None);
    let calls = server.get(&format!("/workflow-runs/{run}/steps/1/calls")).await.is(200);
    assert!(calls["items"][0]["messages"][1]["content"].as_str().unwrap().contains("boatyard"));
    assert!(server.get(&format!("/workflow-runs/{run}/steps/2/context")).await.is(200).is_object());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_recorded_with_its_detail() {
    let model = Adversary::new().with_words(180).start().await.unwrap();
    model.adversary.script([Behaviour::Status(418, None, "{\"error\":{\"message\":\"short and stout\"}}".into())]);
    let server = with_model(&model);
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}");
    let failed = server.post(&format!("{path}/next"), Value::Null).await.is(200);
    assert_eq!((&failed["run"]["status"], &failed["step"]["status"]), (&json!("failed"), &json!("failed")));
    let error = &failed["step"]["error"];
    assert_eq!((&error["provider_status"], &error["slot"]), (&json!(418), &json!("outline/1")), "{error}");
    assert!(error["detail"].as_str().unwrap().contains("short and stout"), "{error}");
    assert!(!failed.to_string().contains("sk-test"));
    assert_eq!(server.get(&format!("{path}/steps/1")).await.is(200)["error"], *error);
    server.post(&format!("{path}/pause"), Value::Null).await.problem(409, "run-failed");
    let again = server.post(&format!("{path}/next"), json!({ "expected_index": 1 })).await.is(200);
    assert_eq!((&again["step"]["index"], &again["step"]["attempt"], &again["step"]["status"]), (&json!(1), &json!(2), &json!("succeeded")));
    let first = server.get(&format!("{path}/steps/1?attempt=1")).await.is(200);
    assert_eq!(first["status"], "failed");
    server.get(&format!("{path}/steps/1?attempt=3")).await.problem(404, "not-found");
}

#[tokio::test]
async fn deleting_a_run_removes_steps_and_versions_and_leaves_its_neighbours() {
    let server = Server::start();
    let run = server.written().await;
    let neighbour = server.written().await;
    let artifacts = server.get(&format!("/artifacts?workflow_run_id={run}")).await.is(200);
    let version = artifacts["items"][0]["latest_version_id"].as_str().unwrap().to_owned();
    let preview = server.get(&format!("/workflow-runs/{run}/deletion")).await.is(200);
    assert_eq!((&preview["removes"]["versions"], &preview["keeps"]["versions"]), (&json!(2), &json!(0)));
    let before = server.get(&format!("/workflow-runs/{neighbour}")).await.is(200);
    server.delete(&format!("/workflow-runs/{run}?wait=true")).await.is(204);
    for path in ["", "/steps", "/steps/1", "/deletion", "/events", "/export"] {
        server.get(&format!("/workflow-runs/{run}{path}")).await.problem(404, "not-found");
    }
    server.get(&format!("/artifact-versions/{version}")).await.problem(404, "not-found");
    server.get(&format!("/artifacts/{}", id(&artifacts["items"][0]))).await.problem(404, "not-found");
    server.delete(&format!("/workflow-runs/{run}")).await.problem(404, "not-found");
    assert_eq!(server.get(&format!("/workflow-runs/{neighbour}")).await.is(200), before);
    assert!(!server.steps(&neighbour).await.is_empty());
    let brief = before["brief_id"].as_str().unwrap();
    let preview = server.get(&format!("/briefs/{brief}/deletion")).await.is(200);
    assert_eq!((&preview["removes"]["runs"], &preview["removes"]["snapshots"]), (&json!(1), &json!(1)));
    server.delete(&format!("/briefs/{brief}")).await.is(204);
    for path in [format!("/briefs/{brief}"), format!("/workflow-runs/{neighbour}"), format!("/briefs/{brief}/snapshots")] {
        server.get(&path).await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn deleting_a_snapshot_keeps_what_a_person_wrote() {
    let server = Server::start();
    let run = server.written().await;
    let artifact = server.get(&format!("/artifacts?workflow_run_id={run}")).await.is(200)["items"][0].clone();
    let mine = json!({ "content_text": "My own words.", "parent_version_id": artifact["latest_version_id"] });
    let version = server.post(&format!("/artifacts/{}/versions", id(&artifact)), mine).await.is(201);
    let snapshot = artifact["brief_snapshot_id"].as_str().unwrap();
    let preview = server.get(&format!("/brief-snapshots/{snapshot}/deletion")).await.is(200);
    assert_eq!(preview["keeps"]["versions"], 1);
    server.delete(&format!("/brief-snapshots/{snapshot}")).await.is(204);
    server.get(&format!("/brief-snapshots/{snapshot}")).await.problem(404, "not-found");
    server.get(&format!("/workflow-runs/{run}")).await.problem(404, "not-found");
    let kept = server.get(&format!("/artifact-versions/{}", id(&version))).await.is(200);
    assert_eq!((&kept["content_text"], &kept["workflow_run_id"]), (&json!("My own words."), &Value::Null));
    let next = json!({ "content_text": "Other words.", "parent_version_id": kept["id"] });
    server.post(&format!("/artifacts/{}/versions", id(&artifact)), next).await.is(201);
}

#[tokio::test]
async fn each_next_is_exactly_one_step_and_the_cursor_moves() {
    let server = Server::start();
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}");
    let mut cursor = server.get(&path).await.is(200)["cursor"].clone();
    for index in 1..=4 {
        let done = server.post(&format!("{path}/next"), Value::Null).await.is(200);
        assert_eq!((&done["step"]["index"], &done["step"]["status"]), (&json!(index), &json!("succeeded")));
        assert_eq!(done["step"]["name"], cursor["phase"]);
        assert_ne!(done["run"]["cursor"], cursor);
        cursor = done["run"]["cursor"].clone();
        assert_eq!(server.steps(&run).await.len(), index);
    }
}

#[tokio::test]
async fn a_loop_over_next_comes_to_the_end() {
    let server = Server::start();
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}/next");
    let mut steps = 0;
    let last = loop {
        let done = server.post(&path, json!({ "expected_index": steps + 1 })).await.is(200);
        steps += 1;
        if done["run"]["status"] == "succeeded" {
            break done;
        }
        assert!(steps < 60);
    };
    assert_eq!((&last["run"]["cursor"]["phase"], &last["run"]["progress"]), (&json!("done"), &json!({ "done": 2, "total": 2 })));
    server.post(&path, Value::Null).await.problem(409, "run-finished");
    // A repeated call returns the step's result, also when the run is finished.
    assert_eq!(server.post(&path, json!({ "expected_index": steps })).await.is(200)["step"], last["step"]);
    let book = server.get(&format!("/workflow-runs/{run}/export")).await;
    assert!(book.text.starts_with("# The Salt Road\n"), "{}", book.text);
    assert!(book.header("content-disposition").contains("filename*=UTF-8''The%20Salt%20Road.md"));
}

#[tokio::test]
async fn autorun_goes_on_to_a_terminal_status() {
    let server = Server::start();
    let run = server.run().await;
    let started =
        server.post(&format!("/workflow-runs/{run}/autorun/start"), json!({ "until": { "step": "novel.outline" } })).await.is(202);
    assert_eq!(started["autorun"], true);
    let planned = server.until(&run, |run| run["autorun"] == false).await;
    assert_eq!((&planned["status"], &planned["cursor"]["phase"]), (&json!("running"), &json!("novel.chapter.beats")));
    server.post(&format!("/workflow-runs/{run}/autorun/start"), json!({ "until": { "chapter": 1 } })).await.is(202);
    let first = server.until(&run, |run| run["autorun"] == false).await;
    assert_eq!(first["progress"]["done"], 1);
    server.post(&format!("/workflow-runs/{run}/autorun/start"), Value::Null).await.is(202);
    let done = server.until(&run, |run| run["status"] == "succeeded").await;
    assert_eq!((&done["autorun"], &done["progress"]["done"]), (&json!(false), &json!(2)));
    server.post(&format!("/workflow-runs/{run}/autorun/start"), Value::Null).await.problem(409, "run-finished");
    server.post(&format!("/workflow-runs/{run}/autorun/stop"), Value::Null).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn autorun_stops_on_pause_and_on_cancel() {
    let model = Adversary::new().with_words(180).with_pause(Duration::from_millis(10)).start().await.unwrap();
    let server = with_model(&model);
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}");
    server.post(&format!("{path}/autorun/start"), Value::Null).await.is(202);
    server.until(&run, |run| run["cursor"]["phase"] == "novel.chapter.draft" && !run["active_step"].is_null()).await;
    server.post(&format!("{path}/pause"), Value::Null).await.is(200);
    let drained = server.until(&run, |run| run["active_step"].is_null()).await;
    assert_eq!(
        (&drained["status"], &drained["cursor"]["phase"]),
        (&json!("paused"), &json!("novel.chapter.extract")),
        "the step was finished"
    );
    let steps = server.steps(&run).await.len();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(server.steps(&run).await.len(), steps, "nothing starts while it is paused");
    server.post(&format!("{path}/resume"), Value::Null).await.is(200);
    server.until(&run, |run| !run["active_step"].is_null()).await;
    let canceled = server.post(&format!("{path}/cancel"), Value::Null).await.is(200);
    assert_eq!((&canceled["status"], &canceled["autorun"], &canceled["active_step"]), (&json!("canceled"), &json!(false), &Value::Null));
    assert_eq!(server.steps(&run).await.last().unwrap()["status"], "canceled");
    server.post(&format!("{path}/resume"), Value::Null).await.problem(409, "run-finished");
}

#[tokio::test]
async fn runs_of_every_kind_are_created_and_keep_their_inputs() {
    let server = Server::start();
    let source = server.written().await;
    let snapshot = server.get(&format!("/workflow-runs/{source}")).await.is(200)["brief_snapshot_id"].clone();
    let inputs = json!({ "source_brief_snapshot_id": snapshot, "source_workflow_run_id": source, "split_mode": "by_episode_count",
        "episode_count": 7, "conversion_output_spec": { "script_format": "custom" } });
    let mut asked = inputs.clone();
    asked["kind"] = json!("novel_to_script");
    asked["brief_snapshot_id"] = snapshot.clone();
    let run = server.post("/workflow-runs", asked).await.is(201);
    for (key, value) in inputs.as_object().unwrap() {
        assert_eq!(run["state"][key], *value, "{key}");
    }
    assert_eq!(run["state"]["output_spec"]["script_format"], "custom");
    let script = server.post("/workflow-runs", json!({ "kind": "script", "brief_snapshot_id": snapshot })).await.is(201);
    for (run, first) in [(run, "adapt.chapter.breakdown"), (script, "script.scene_list")] {
        let done = server.post(&format!("/workflow-runs/{}/next", id(&run)), Value::Null).await.is(200);
        assert_eq!(done["step"]["name"], first);
    }
    let refused = [
        json!({ "kind": "novel", "episode_count": 3 }),
        json!({ "kind": "script", "source_workflow_run_id": source }),
        json!({ "kind": "script", "prompt_preset_id": "none" }),
        json!({ "kind": "novel", "prompt_preset_id": "feature-screenplay-en" }),
        json!({ "kind": "novel_to_script", "split_mode": "by_episode_count", "episode_count": 2000 }),
        json!({ "kind": "novel_to_script", "split_mode": "by_episode_count" }),
        json!({ "kind": "novel_to_script", "source_workflow_run_id": id(&server.post("/briefs", crate::server::brief()).await.is(201)) }),
        json!({ "kind": "novel_to_script", "source_brief_snapshot_id": server.snapshot().await }),
        json!({ "kind": "novel", "model": "nobody/knows" }),
        json!({ "kind": "novel", "model": "openai/unheard-of", "budget": { "max_cost_usd": 1 } }),
        json!({ "kind": "novel", "pause_before": ["novel.fly"] }),
        json!({ "kind": "novel", "label": "x".repeat(301) }),
    ];
    for mut asked in refused {
        asked["brief_snapshot_id"] = snapshot.clone();
        let problem = server.post("/workflow-runs", asked.clone()).await.problem(422, "invalid");
        assert!(problem["errors"][0]["pointer"].as_str().is_some_and(|p| p.starts_with('/')), "{asked}: {problem}");
    }
}
