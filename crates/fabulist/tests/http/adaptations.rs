//! Scripts and adaptations: one test per scenario of the contract.

use serde_json::{Value, json};

use crate::server::{Server, id};

/// A written novel of two chapters: its run and its snapshot.
async fn novel(server: &Server) -> (String, String) {
    let run = server.written().await;
    let snapshot = server.get(&format!("/workflow-runs/{run}")).await.is(200)["brief_snapshot_id"].as_str().unwrap().to_owned();
    (run, snapshot)
}

async fn create(server: &Server, snapshot: &str, more: Value) -> Value {
    let mut asked = json!({ "kind": "novel_to_script", "brief_snapshot_id": snapshot });
    asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    server.post("/workflow-runs", asked).await.is(201)
}

/// Every step of a run, one call of `next` each; the names in order.
async fn step_by_step(server: &Server, run: &str) -> Vec<String> {
    let mut names = Vec::new();
    loop {
        let done = server.post(&format!("/workflow-runs/{run}/next"), Value::Null).await.is(200);
        assert_eq!(done["step"]["status"], "succeeded", "{done}");
        assert_eq!(done["step"]["index"], names.len() + 1);
        assert!(done["step"]["outputs"].as_object().is_some_and(|outputs| !outputs.is_empty()), "{done}");
        names.push(done["step"]["name"].as_str().unwrap().to_owned());
        if done["run"]["status"] == "succeeded" {
            return names;
        }
    }
}

/// What the model read at a step.
async fn seen(server: &Server, run: &str, index: usize) -> String {
    server.get(&format!("/workflow-runs/{run}/steps/{index}/calls")).await.is(200)["items"].to_string()
}

#[tokio::test]
async fn an_adaptation_goes_step_by_step_and_each_call_does_one_step() {
    let server = Server::start();
    let (source, snapshot) = novel(&server).await;
    let run = create(&server, &snapshot, json!({})).await;
    let state = &run["state"];
    assert_eq!(state.get("split_mode"), None, "one chapter is one episode where nobody says otherwise");
    assert_eq!((&state["source_workflow_run_id"], &state["source_brief_snapshot_id"]), (&json!(source), &json!(snapshot)));
    assert_eq!(state["source"]["chapters"].as_object().unwrap().len(), 2);
    assert_eq!(run["progress"], json!({ "done": 0, "total": 2 }));
    let run = id(&run);
    let names = step_by_step(&server, &run).await;
    let without_fixes: Vec<&str> = without_fixes(&names);
    let chapter =
        ["adapt.chapter.breakdown", "adapt.episode.draft", "adapt.episode.extract", "adapt.episode.critique", "adapt.episode.commit"];
    assert_eq!(without_fixes, [chapter, chapter].concat());

    let artifacts = server.get(&format!("/artifacts?workflow_run_id={run}")).await.is(200)["items"].clone();
    assert_eq!(artifacts.as_array().unwrap().len(), 2);
    for (n, artifact) in (1..).zip(artifacts.as_array().unwrap()) {
        assert_eq!((&artifact["kind"], &artifact["ordinal"]), (&json!("script_episode"), &json!(n)));
        let version = server.get(&format!("/artifact-versions/{}", artifact["latest_version_id"].as_str().unwrap())).await.is(200);
        let from = &version["metadata"]["source"];
        assert_eq!((&from["workflow_run_id"], &from["brief_snapshot_id"]), (&json!(source), &json!(snapshot)));
        assert_eq!((&from["chapters"][0]["chapter"], &from["chapters"][0]["from_paragraph"]), (&json!(n), &json!(1)));
        assert_eq!(from["chapters"][0]["content_id"], server_state(&server, &run).await["source"]["chapters"][n.to_string()]["content_id"]);
    }
}

/// The steps as they come where nothing has to be mended.
fn without_fixes(names: &[String]) -> Vec<&str> {
    let mut clean: Vec<&str> = Vec::new();
    for name in names {
        if name.ends_with(".fix") {
            // Read and judged again: the first reading and judgement do not count.
            clean.truncate(clean.len() - 2);
        } else {
            clean.push(name);
        }
    }
    clean
}

async fn server_state(server: &Server, run: &str) -> Value {
    server.get(&format!("/workflow-runs/{run}")).await.is(200)["state"].clone()
}

#[tokio::test]
async fn another_snapshot_of_the_brief_can_be_the_source() {
    let server = Server::start();
    let (source, snapshot) = novel(&server).await;
    let brief = server.get(&format!("/brief-snapshots/{snapshot}")).await.is(200)["brief_id"].as_str().unwrap().to_owned();
    let other = id(&server.post(&format!("/briefs/{brief}/snapshots"), json!({ "label": "for the script" })).await.is(201));
    let nothing = json!({ "kind": "novel_to_script", "brief_snapshot_id": other });
    let problem = server.post("/workflow-runs", nothing).await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["pointer"], "/brief_snapshot_id");
    let run = create(&server, &other, json!({ "source_brief_snapshot_id": snapshot })).await;
    assert_eq!(run["brief_snapshot_id"], json!(other));
    assert_eq!((&run["state"]["source_brief_snapshot_id"], &run["state"]["source_workflow_run_id"]), (&json!(snapshot), &json!(source)));
    let wrong = json!({ "kind": "novel_to_script", "brief_snapshot_id": other, "source_brief_snapshot_id": other, "source_workflow_run_id": source });
    let problem = server.post("/workflow-runs", wrong).await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["pointer"], "/source_workflow_run_id", "the two that are named belong together");
}

#[tokio::test]
async fn a_foreign_source_is_refused() {
    let server = Server::start();
    let (source, snapshot) = novel(&server).await;
    let foreign = server.snapshot().await;
    let cases = [
        (json!({ "brief_snapshot_id": foreign, "source_workflow_run_id": source }), "/source_workflow_run_id"),
        (json!({ "brief_snapshot_id": foreign, "source_brief_snapshot_id": snapshot }), "/source_brief_snapshot_id"),
        (json!({ "brief_snapshot_id": foreign }), "/brief_snapshot_id"),
        (json!({ "brief_snapshot_id": snapshot, "source_workflow_run_id": "none" }), "/source_workflow_run_id"),
        (json!({ "brief_snapshot_id": snapshot, "prompt_preset_id": "none" }), "/prompt_preset_id"),
        (json!({ "brief_snapshot_id": snapshot, "episode_count": 3 }), "/episode_count"),
        (json!({ "brief_snapshot_id": snapshot, "split_mode": "by_episode_count", "episode_count": 1999 }), "/episode_count"),
    ];
    for (mut asked, pointer) in cases {
        asked["kind"] = json!("novel_to_script");
        let problem = server.post("/workflow-runs", asked.clone()).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{asked}: {problem}");
        assert!(!problem["hint"].as_str().unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_preset_is_kept_and_stands_in_what_the_model_saw() {
    let server = Server::start();
    let (_, snapshot) = novel(&server).await;
    let run = create(&server, &snapshot, json!({ "prompt_preset_id": "duanju-500-800-en" })).await;
    let preset = &run["state"]["prompt_preset"];
    assert_eq!((&run["state"]["prompt_preset_id"], &preset["id"]), (&json!("duanju-500-800-en"), &json!("duanju-500-800-en")));
    assert_eq!(run["state"]["output_spec"]["script_format"], "custom", "the preset's own form");
    assert_eq!(run["state"]["output_spec"]["chapter_length"], json!({ "min": 320, "max": 500, "unit": "words" }));
    let words = preset["text"].as_str().unwrap().lines().next().unwrap();
    let run = id(&run);
    for _ in 0..2 {
        server.post(&format!("/workflow-runs/{run}/next"), Value::Null).await.is(200);
    }
    assert!(seen(&server, &run, 2).await.contains(words), "the words of the preset were asked with");
}

#[tokio::test]
async fn the_split_mode_is_kept_and_followed() {
    let server = Server::start();
    let (_, snapshot) = novel(&server).await;
    let season = create(&server, &snapshot, json!({ "split_mode": "by_episode_count", "episode_count": 3 })).await;
    assert_eq!((&season["state"]["split_mode"], &season["state"]["episode_count"]), (&json!("by_episode_count"), &json!(3)));
    assert_eq!(season["progress"]["total"], 3);
    let path = format!("/workflow-runs/{}", id(&season));
    server.post(&format!("{path}/autorun/start"), json!({ "until": { "step": "adapt.season.plan" } })).await.is(202);
    let planned = server.until(&id(&season), |run| run["autorun"] == false && run["active_step"].is_null()).await;
    assert_eq!((&planned["status"], &planned["cursor"]["phase"]), (&json!("running"), &json!("adapt.episode.draft")));
    assert_eq!(planned["state"]["episode_plan"]["episodes"].as_object().unwrap().len(), 3);

    server.post(&format!("{path}/autorun/start"), Value::Null).await.is(202);
    server.until(&id(&season), |run| run["status"] == "succeeded").await;
    let artifacts = server.get(&format!("/artifacts?workflow_run_id={}", id(&season))).await.is(200)["items"].clone();
    assert_eq!(artifacts.as_array().unwrap().iter().map(|a| a["ordinal"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 2, 3]);

    let by_length = create(
        &server,
        &snapshot,
        json!({ "split_mode": "auto_by_length",
        "conversion_output_spec": { "chapter_length": { "min": 60, "max": 120, "unit": "words" } } }),
    )
    .await;
    let total = by_length["progress"]["total"].as_u64().unwrap();
    assert!(total > 2, "{by_length}");
    let names = step_by_step(&server, &id(&by_length)).await;
    assert_eq!(names.iter().filter(|name| *name == "adapt.chapter.plan").count(), 2);
    assert_eq!(names.iter().filter(|name| *name == "adapt.episode.commit").count() as u64, total);
}

#[tokio::test]
async fn a_script_is_written_with_a_preset() {
    let server = Server::start();
    let mut brief = crate::server::brief();
    brief["content"]["output_spec"] = json!({ "scene_count": 2 });
    let brief = id(&server.post("/briefs", brief).await.is(201));
    let snapshot = id(&server.post(&format!("/briefs/{brief}/snapshots"), Value::Null).await.is(201));
    let asked = json!({ "kind": "script", "brief_snapshot_id": snapshot, "prompt_preset_id": "stage-play-en" });
    let run = server.post("/workflow-runs", asked).await.is(201);
    assert_eq!(run["state"]["prompt_preset"]["id"], "stage-play-en");
    let words = run["state"]["prompt_preset"]["text"].as_str().unwrap().lines().next().unwrap().to_owned();
    let run = id(&run);
    let names = step_by_step(&server, &run).await;
    let scene = ["script.scene.draft", "script.scene.extract", "script.scene.critique", "script.scene.commit"];
    assert_eq!(without_fixes(&names), [&["script.scene_list"][..], &scene, &scene].concat());
    assert!(seen(&server, &run, 1).await.contains(&words) && seen(&server, &run, 2).await.contains(&words));
    let artifacts = server.get(&format!("/artifacts?workflow_run_id={run}&kind=script_scene")).await.is(200)["items"].clone();
    assert_eq!(artifacts.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn an_adaptation_is_finished_after_its_source_was_deleted() {
    let server = Server::start();
    let (source, snapshot) = novel(&server).await;
    let run = id(&create(&server, &snapshot, json!({})).await);
    server.delete(&format!("/workflow-runs/{source}?user_edits=delete&wait=true")).await.is(204);
    server.post(&format!("/workflow-runs/{run}/autorun/start"), Value::Null).await.is(202);
    server.until(&run, |run| run["status"] == "succeeded").await;
}

#[tokio::test]
async fn a_season_is_changed_by_hand_before_a_word_is_drafted() {
    let server = Server::start();
    let (_, snapshot) = novel(&server).await;
    let run = id(&create(&server, &snapshot, json!({ "split_mode": "by_episode_count", "episode_count": 3 })).await);
    let until = json!({ "until": { "step": "adapt.season.plan" } });
    server.post(&format!("/workflow-runs/{run}/autorun/start"), until).await.is(202);
    server.until(&run, |run| run["autorun"] == false).await;
    let path = format!("/workflow-runs/{run}/state");
    let plan = server_state(&server, &run).await["episode_plan"].clone();
    assert_eq!(plan["episodes"].as_object().unwrap().len(), 3);

    // An episode gets another title and hook, and ends a paragraph earlier: what nobody tells then is cut.
    let place = |episode: &Value, end: &str, key: &str| episode[end][key].as_u64().unwrap();
    let long = |episode: &Value| {
        place(episode, "from", "chapter") == place(episode, "to", "chapter")
            && place(episode, "from", "paragraph") < place(episode, "to", "paragraph")
    };
    let (changed, episode) = plan["episodes"].as_object().unwrap().iter().find(|(_, episode)| long(episode)).unwrap();
    let to = json!({ "chapter": episode["to"]["chapter"], "paragraph": place(episode, "to", "paragraph") - 1 });
    let patch = json!({ "episode_plan": { "episodes": { changed: { "title": "The Letter", "hook": "The door opens.", "to": to } } } });
    let edited = server.patch(&path, patch).await.is(200);
    assert_eq!(edited["step"]["kind"], "edit");
    let after = server_state(&server, &run).await["episode_plan"].clone();
    assert_eq!((&after["episodes"][changed]["title"], &after["episodes"][changed]["to"]), (&json!("The Letter"), &to));
    let cuts: Vec<_> = after["cuts"].as_object().unwrap().values().collect();
    assert!(cuts.iter().any(|cut| cut["from"] == episode["to"] && cut["reason"] == "left out by hand"), "{after}");

    // What cannot be made is refused with its place, and nothing is changed.
    let far = json!({ "episode_plan": { "episodes": { "e0002": { "to": { "chapter": 99, "paragraph": 1 } } } } });
    let problem = server.patch(&path, far).await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["pointer"], "/episode_plan/episodes/e0002/to");
    let fewer = json!({ "episode_plan": { "episodes": { "e0003": null } } });
    assert!(server.patch(&path, fewer).await.problem(422, "invalid")["detail"].as_str().unwrap().contains("3"));
    assert_eq!(server_state(&server, &run).await["episode_plan"], after);

    server.post(&format!("/workflow-runs/{run}/autorun/start"), Value::Null).await.is(202);
    server.until(&run, |run| run["status"] == "succeeded").await;
    let written = server.get(&format!("/artifacts?workflow_run_id={run}")).await.is(200);
    assert!(written["items"].as_array().unwrap().iter().any(|artifact| artifact["title"] == "The Letter"), "{written}");
}

#[tokio::test]
async fn a_script_is_exported_in_every_form_in_part_and_under_other_names() {
    let server = Server::start();
    let (_, snapshot) = novel(&server).await;
    let run = id(&create(&server, &snapshot, json!({ "autorun": true })).await);
    server.until(&run, |run| run["status"] == "succeeded").await;
    let path = format!("/workflow-runs/{run}/export");
    for (format, kind, end) in [
        ("fountain", "text/plain", ".fountain"),
        ("screenplay", "text/plain", ".screenplay.txt"),
        ("txt", "text/plain", ".txt"),
        ("md", "text/markdown", ".md"),
    ] {
        let file = server.get(&format!("{path}?format={format}")).await;
        assert!(file.status == 200 && file.header("content-type").starts_with(kind), "{format}: {}", file.text);
        assert!(file.header("content-disposition").ends_with(end), "{}", file.header("content-disposition"));
    }
    let second = server.get(&format!("{path}?ranges=2")).await.text;
    assert!(second.contains("# Episode 2") && !second.contains("# Episode 1"), "{second}");
    let front = server.get(&format!("{path}?front=true&replacements=Episode%3DPart%3BCast%3DPeople")).await.text;
    assert!(front.contains("# Synopsis") && front.find("# Cast") < front.find("# Episode 1"), "labels are ours: {front}");
    let by_snapshot = server.get(&format!("/brief-snapshots/{snapshot}/export?kind=novel_to_script&front=true&ranges=1")).await.text;
    assert!(by_snapshot.contains("# Cast") && !by_snapshot.contains("# Episode 2"));
    for (wrong, pointer) in [
        ("ranges=3-1", "?ranges"),
        ("ranges=9", "?ranges"),
        ("replacements=x", "?replacements"),
        ("replacements=a%3Db%3Ba%3Dc", "?replacements"),
        ("format=docx", "?format"),
        ("front=maybe", "?front"),
    ] {
        let problem = server.get(&format!("{path}?{wrong}")).await.problem(422, "invalid");
        assert!(problem["errors"][0]["pointer"].as_str().unwrap().starts_with(pointer), "{wrong}: {problem}");
    }
    let source = server_state(&server, &run).await["source_workflow_run_id"].as_str().unwrap().to_owned();
    server.get(&format!("/workflow-runs/{source}/export?front=true")).await.problem(422, "invalid");
    server.get(&format!("/workflow-runs/{source}/export?format=screenplay")).await.problem(422, "invalid");
}
