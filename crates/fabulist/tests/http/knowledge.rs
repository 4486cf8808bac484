//! What a story says: the world as of a chapter, the graph, and both made anew.

use serde_json::{Value, json};

use crate::{
    locks::chapter,
    server::{Server, id},
};

/// Every piece of evidence in an answer.
fn evidence(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Object(map) if map.contains_key("quote") => found.push(value.clone()),
        Value::Object(map) => map.values().for_each(|value| evidence(value, found)),
        Value::Array(items) => items.iter().for_each(|value| evidence(value, found)),
        _ => {}
    }
}

fn character<'a>(world: &'a Value, name: &str) -> &'a Value {
    world["characters"].as_array().unwrap().iter().find(|c| c["name"] == name).unwrap_or(&Value::Null)
}

#[tokio::test]
async fn the_world_as_of_a_chapter_is_told_with_the_words_that_say_so() {
    let server = Server::start();
    let run = server.written().await;
    let path = format!("/workflow-runs/{run}/world");
    let last = server.get(&path).await.is(200);
    assert_eq!((&last["workflow_run_id"], &last["chapter"], &last["unread"]), (&json!(run), &json!(2), &json!([])));
    assert_eq!(server.get(&format!("{path}?chapter=2")).await.is(200), last);
    let first = server.get(&format!("{path}?chapter=1")).await.is(200);
    assert_eq!(first["chapter"], 1);
    let ines = character(&first, "Ines");
    assert_eq!((&ines["alive"], &ines["death"], &ines["first_seen"]), (&json!(true), &Value::Null, &json!(1)));

    let mut words = Vec::new();
    evidence(&last, &mut words);
    assert!(!words.is_empty(), "{last}");
    for said in words {
        let version = server.get(&format!("/artifact-versions/{}", said["version_id"].as_str().unwrap())).await.is(200);
        let (start, end) = (said["span"]["start"].as_u64().unwrap() as usize, said["span"]["end"].as_u64().unwrap() as usize);
        let stands: String = version["content_text"].as_str().unwrap().chars().skip(start).take(end - start).collect();
        assert_eq!(said["quote"], json!(stands));
        assert_eq!(said["chapter"], json!(if version["artifact_id"] == chapter(&server, &run, 1).await.1["artifact_id"] { 1 } else { 2 }));
    }

    for wrong in ["3", "0"] {
        let problem = server.get(&format!("{path}?chapter={wrong}")).await.problem(422, "invalid");
        assert!(problem["detail"].as_str().unwrap().contains("2 are written"), "{problem}");
        assert_eq!(problem["errors"][0]["pointer"], "?chapter");
    }
    server.get(&format!("{path}?chapter=x")).await.problem(422, "invalid");
    server.get("/workflow-runs/01a1fa14-b54b-76aa-af0d-ea22d564885d/world").await.problem(404, "not-found");
    let fresh = server.run().await;
    let before = server.get(&format!("/workflow-runs/{fresh}/world")).await.is(200);
    assert_eq!((&before["chapter"], character(&before, "Tomas")["alive"].clone()), (&json!(0), json!(true)), "the cast of the brief");
}

#[tokio::test]
async fn a_chapter_changed_by_hand_changes_the_world_from_there_on_and_only_in_its_own_line() {
    let server = Server::start();
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}");
    server.post(&format!("{path}/autorun/start"), json!({ "until": { "chapter": 1 } })).await.is(202);
    server.until(&run, |run| run["progress"]["done"] == 1 && run["autorun"] == false && run["active_step"].is_null()).await;
    let written = server.get(&format!("{path}/world")).await.is(200);
    let fork = id(&server.post(&format!("{path}/fork"), json!({})).await.is(201));
    let (artifact, version) = chapter(&server, &run, 1).await;

    let mine = "Ines stood in the boatyard at dawn.\n\nTomas died in the harbour that night. Ines wept.";
    let put = json!({ "content_text": mine, "parent_version_id": id(&version) });
    let put = server.post(&format!("/artifacts/{artifact}/versions"), put).await.is(201);
    let waiting = server.get(&format!("{path}/world")).await.is(200);
    assert_eq!((&waiting["unread"], &character(&waiting, "Tomas")["alive"]), (&json!([1]), &json!(true)), "nobody has read it yet");
    let mut words = Vec::new();
    evidence(&waiting, &mut words);
    assert!(words.iter().all(|said| mine.contains(said["quote"].as_str().unwrap())), "what no word of it says any more is gone: {waiting}");

    let reread = server.post(&format!("{path}/next"), Value::Null).await.is(200);
    assert_eq!(reread["step"]["name"], "novel.chapter.reread");
    let now = server.get(&format!("{path}/world?chapter=1")).await.is(200);
    let tomas = character(&now, "Tomas");
    assert_eq!(
        (&tomas["alive"], &tomas["death"]["chapter"], &tomas["death"]["version_id"]),
        (&json!(false), &json!(1), &put["id"]),
        "{now}"
    );
    assert!(tomas["death"]["quote"].as_str().unwrap().contains("Tomas died"));
    server.post(&format!("{path}/autorun/start"), Value::Null).await.is(202);
    server.until(&run, |run| run["status"] == "succeeded").await;
    assert_eq!(character(&server.get(&format!("{path}/world?chapter=2")).await.is(200), "Tomas")["alive"], false, "and stays so");

    let mut theirs = server.get(&format!("/workflow-runs/{fork}/world")).await.is(200);
    let text = |world: &Value| world.to_string();
    assert!(character(&theirs, "Tomas")["alive"] == true && theirs["unread"] == json!([]), "another line");
    // The same facts under versions of its own.
    theirs["workflow_run_id"] = json!(run);
    let own = chapter(&server, &fork, 1).await.1;
    assert_eq!(text(&theirs).replace(&id(&own), &id(&version)), text(&written));
    server.delete(&format!("{path}?wait=true")).await.is(204);
    server.get(&format!("{path}/world")).await.problem(404, "not-found");
    assert_eq!(
        server.get(&format!("/workflow-runs/{fork}/world")).await.is(200)["characters"],
        theirs["characters"],
        "shared, and still there"
    );
}

#[tokio::test]
async fn passages_are_found_in_the_latest_texts_of_their_own_run() {
    let server = Server::start();
    let run = server.written().await;
    let snapshot = server.get(&format!("/workflow-runs/{run}")).await.is(200)["brief_snapshot_id"].as_str().unwrap().to_owned();
    let path = format!("/brief-snapshots/{snapshot}/memory/search");
    let (artifact, version) = chapter(&server, &run, 1).await;
    let fork = id(&server.post(&format!("/workflow-runs/{run}/fork"), json!({})).await.is(201));
    let before = server.get(&format!("{path}?q=zeppelin&workflow_run_id={run}")).await.is(200);
    assert_eq!(before, json!({ "workflow_run_id": run, "items": [], "next_cursor": null }));

    let mine = format!("{}\n\nA zeppelin hung over the yard. 林穗把玉佩藏在灶台下面。", version["content_text"].as_str().unwrap());
    let put = json!({ "content_text": mine, "parent_version_id": id(&version) });
    let put = server.post(&format!("/artifacts/{artifact}/versions"), put).await.is(201);
    for question in ["Where do the Zeppelins hang?", "玉佩藏在哪里", "玉"] {
        let found = server.get(&format!("{path}?workflow_run_id={run}&k=3&q={}", question.replace(' ', "%20"))).await.is(200);
        let best = &found["items"][0];
        assert_eq!((&best["chapter"], &best["version_id"]), (&json!(1), &put["id"]), "{question}: {found}");
        let (start, end) = (best["span"]["start"].as_u64().unwrap() as usize, best["span"]["end"].as_u64().unwrap() as usize);
        assert_eq!(best["quote"], json!(mine.chars().skip(start).take(end - start).collect::<String>()));
        assert!(best["quote"].as_str().unwrap().contains("zeppelin") && best["score"].as_f64().unwrap() > 0.0);
    }
    let theirs = server.get(&format!("{path}?q=zeppelin&workflow_run_id={fork}")).await.is(200);
    assert_eq!(theirs["items"], json!([]), "another line");
    let same = |answer: Value| answer["items"].as_array().unwrap().iter().map(|item| item["content_id"].clone()).collect::<Vec<_>>();
    let (ours, theirs) = (
        server.get(&format!("{path}?q=Ines&workflow_run_id={run}&k=50")).await.is(200),
        server.get(&format!("{path}?q=Ines&workflow_run_id={fork}&k=50")).await.is(200),
    );
    assert!(same(ours.clone()).iter().any(|content| same(theirs.clone()).contains(content)), "the second chapter is shared");
    server.post(&format!("/brief-snapshots/{snapshot}/kg/rebuild"), Value::Null).await.is(200);
    assert_eq!(server.get(&format!("{path}?q=Ines&workflow_run_id={run}&k=50")).await.is(200), ours, "made anew it is the same");

    // What was imported is found at once; nobody has read it.
    let brief = server.get(&format!("/workflow-runs/{run}")).await.is(200)["brief_id"].as_str().unwrap().to_owned();
    let form = "--cut\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nChapter 1\n\nThe zeppelin burned.\r\n--cut--\r\n";
    let import = server.client.post(server.at(&format!("/briefs/{brief}/imports")));
    let import = server.send(import.header("content-type", "multipart/form-data; boundary=cut").body(form)).await.is(201);
    let imported = import["brief_snapshot_id"].as_str().unwrap();
    let found = server.get(&format!("/brief-snapshots/{imported}/memory/search?q=zeppelin")).await.is(200);
    assert_eq!((&found["workflow_run_id"], &found["items"][0]["quote"]), (&import["workflow_run_id"], &json!("The zeppelin burned.")));

    server.get(&path).await.problem(422, "invalid");
    for (wrong, pointer) in [("q=%20", "?q"), ("q=a&k=0", "?k"), ("q=a&k=51", "?k")] {
        let problem = server.get(&format!("{path}?{wrong}")).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
}

#[tokio::test]
async fn the_graph_comes_in_pages_and_is_the_same_when_it_is_made_anew() {
    let server = Server::start();
    let run = server.written().await;
    let snapshot = server.get(&format!("/workflow-runs/{run}")).await.is(200)["brief_snapshot_id"].as_str().unwrap().to_owned();
    let path = format!("/brief-snapshots/{snapshot}/kg");
    let all = server.get(&format!("{path}?limit=200")).await.is(200);
    assert_eq!((&all["workflow_run_id"], &all["next_cursor"]), (&json!(run), &Value::Null));
    let ines = all["entities"].as_array().unwrap().iter().find(|e| e["name"] == "Ines").unwrap();
    assert_eq!((&ines["kind"], &ines["chapters"]), (&json!("person"), &json!(2)));
    let events = all["events"].as_array().unwrap();
    assert!(events.len() > 2 && events.windows(2).all(|two| two[0]["chapter"].as_u64() <= two[1]["chapter"].as_u64()), "{all}");

    let (mut pages, mut cursor) = (json!({ "entities": [], "relations": [], "events": [] }), String::new());
    loop {
        let page = server.get(&format!("{path}?limit=2&workflow_run_id={run}{cursor}")).await.is(200);
        for list in ["entities", "relations", "events"] {
            let items = page[list].as_array().unwrap();
            assert!(items.len() <= 2);
            pages[list].as_array_mut().unwrap().extend(items.clone());
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    for list in ["entities", "relations", "events"] {
        assert_eq!(pages[list], all[list]);
    }

    let rebuilt = server.post(&format!("{path}/rebuild?workflow_run_id={run}"), Value::Null).await.is(200);
    assert_eq!((&rebuilt["workflow_run_ids"], &rebuilt["texts"]), (&json!([run]), &json!(2)));
    assert!(rebuilt["facts"].as_u64().unwrap() > 5, "{rebuilt}");
    assert_eq!(server.get(&format!("{path}?limit=200")).await.is(200), all);
    assert_eq!(server.post(&format!("{path}/rebuild"), json!({})).await.is(200), rebuilt, "all runs of the snapshot are this one");

    let other = server.run().await;
    let theirs = server.get(&format!("/workflow-runs/{other}")).await.is(200)["brief_snapshot_id"].as_str().unwrap().to_owned();
    let nothing = server.get(&format!("/brief-snapshots/{theirs}/kg")).await.is(200);
    assert_eq!((&nothing["workflow_run_id"], &nothing["events"]), (&Value::Null, &json!([])));
    let foreign = server.get(&format!("{path}?workflow_run_id={other}")).await.problem(422, "invalid");
    assert_eq!(foreign["errors"][0]["pointer"], "?workflow_run_id");
    server.get(&format!("{path}?limit=0")).await.problem(422, "invalid");
    server.get("/brief-snapshots/01a1fa14-b54b-76aa-af0d-ea22d564885d/kg").await.problem(404, "not-found");
}
