//! Several drafts to choose from.

use serde_json::{Value, json};

use crate::{
    locks::{chapter, text},
    server::{Server, id},
};

/// A run whose first chapter is to be drafted next.
async fn before_a_draft(server: &Server) -> (String, String) {
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}");
    for _ in 0..2 {
        server.post(&format!("{path}/next"), Value::Null).await.is(200);
    }
    (run, path)
}

#[tokio::test]
async fn the_best_of_several_drafts_is_taken_and_another_can_be_chosen_until_the_chapter_is_kept() {
    let server = Server::start();
    let (run, path) = before_a_draft(&server).await;
    let drawn = server.post(&format!("{path}/next?include=state"), json!({ "candidates": 3 })).await.is(200);
    let (step, state) = (&drawn["step"], &drawn["run"]["state"]);
    assert_eq!((&step["name"], &step["usage"]["calls"]), (&json!("novel.chapter.draft"), &json!(3)));
    let told = step["outputs"]["candidates"].as_array().unwrap();
    let mut ranks: Vec<_> = told.iter().map(|c| c["rank"].as_u64().unwrap()).collect();
    ranks.sort_unstable();
    assert_eq!(ranks, [1, 2, 3]);
    let best = told.iter().find(|c| c["chosen"] == true).unwrap();
    assert_eq!(best["rank"], 1);
    for candidate in told {
        assert!(candidate["beats"].as_u64().unwrap() > 0 && candidate["reasons"].is_array() && candidate["length"]["words"].is_u64());
        assert!(candidate.get("draft").is_none() && candidate.get("content_text").is_none(), "no prose in a step's row");
    }
    let index = &step["index"];
    let listed = server.get(&format!("{path}/steps/{index}/candidates")).await.is(200)["items"].clone();
    let texts: Vec<String> = listed.as_array().unwrap().iter().map(text).collect();
    assert!(texts[0] != texts[1] && texts[1] != texts[2] && texts[0] != texts[2], "three draws");
    let taken = best["candidate"].as_u64().unwrap();
    assert_eq!(state["draft"]["text"], json!(texts[usize::try_from(taken).unwrap() - 1]));
    let calls = server.get(&format!("{path}/steps/{index}/calls")).await.is(200);
    let slots: Vec<_> = calls["items"].as_array().unwrap().iter().map(|c| c["slot"].as_str().unwrap().to_owned()).collect();
    assert_eq!(slots, ["candidate/1", "candidate/2", "candidate/3"]);

    // Judged already; then another one is taken.
    server.post(&format!("{path}/next"), Value::Null).await.is(200);
    server.post(&format!("{path}/next"), Value::Null).await.is(200);
    let other = taken % 3 + 1;
    let choose = format!("{path}/steps/{index}/choose?include=state");
    let chosen = server.post(&choose, json!({ "candidate": other })).await.is(200);
    assert_eq!((&chosen["step"]["kind"], &chosen["step"]["outputs"]["chosen"]), (&json!("edit"), &json!(other)));
    let state = &chosen["run"]["state"];
    let words = texts[usize::try_from(other).unwrap() - 1].clone();
    assert_eq!((&state["draft"]["text"], &state["cursor"]["phase"]), (&json!(words), &json!("novel.chapter.extract")));
    assert_eq!((state.get("extraction"), state.get("critique")), (None, None));
    assert_eq!(server.post(&choose, json!({ "candidate": other })).await.is(200)["step"], Value::Null, "it is in hand already");
    let now = server.get(&format!("{path}/steps/{index}/candidates")).await.is(200)["items"].clone();
    assert_eq!(
        now.as_array().unwrap().iter().filter(|c| c["chosen"] == true).map(|c| c["candidate"].as_u64().unwrap()).collect::<Vec<_>>(),
        [other]
    );
    let back = server.post(&format!("{path}/steps/{}/revert?include=state", chosen["step"]["index"]), Value::Null).await.is(200);
    assert_eq!(back["run"]["state"]["draws"]["chosen"], json!(taken), "an edit like any other");
    server.post(&choose, json!({ "candidate": other })).await.is(200);

    server.post(&choose, json!({ "candidate": 9 })).await.problem(422, "invalid");
    server.post(&format!("{path}/steps/1/choose"), json!({ "candidate": 1 })).await.problem(422, "invalid");
    server.get(&format!("{path}/steps/1/candidates")).await.problem(422, "invalid");
    server.post(&format!("{path}/autorun/start"), json!({ "until": { "chapter": 1 } })).await.is(202);
    server.until(&run, |run| run["progress"]["done"] == 1 && run["autorun"] == false).await;
    server.post(&choose, json!({ "candidate": taken })).await.problem(409, "not-in-hand");
    assert_eq!(server.get(&format!("{path}/steps/{index}/candidates")).await.is(200)["items"].as_array().unwrap().len(), 3, "kept");
    assert_eq!(server.get(&path).await.is(200)["state"].get("draws"), None);
    chapter(&server, &run, 1).await;
}

#[tokio::test]
async fn the_same_draws_give_the_same_drafts() {
    let server = Server::start();
    let snapshot = server.snapshot().await;
    let mut books = Vec::new();
    for _ in 0..2 {
        let run = server.run_of(&snapshot).await;
        for asked in [json!({}), json!({}), json!({ "candidates": 2 })] {
            server.post(&format!("/workflow-runs/{run}/next"), asked).await.is(200);
        }
        books.push(server.get(&format!("/workflow-runs/{run}/steps/3/candidates")).await.is(200));
    }
    assert_eq!(books[0], books[1]);
}

#[tokio::test]
async fn several_candidates_are_for_drafts_alone() {
    let server = Server::start();
    let run = server.run().await;
    let next = format!("/workflow-runs/{run}/next");
    let refused = server.post(&next, json!({ "candidates": 2 })).await.problem(422, "invalid");
    assert!(refused["detail"].as_str().unwrap().contains("novel.outline"), "{refused}");
    for wrong in [0, 9] {
        let refused = server.post(&next, json!({ "candidates": wrong })).await.problem(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], "/candidates");
    }
    let done = server.post(&next, json!({ "candidates": 1 })).await.is(200);
    assert_eq!(done["step"]["index"], 1);
    assert_eq!(id(&done["run"]), run);
}

#[tokio::test]
async fn scenes_of_a_script_are_drawn_too() {
    let server = Server::start();
    let snapshot = server.snapshot().await;
    let run = id(&server.post("/workflow-runs", json!({ "kind": "script", "brief_snapshot_id": snapshot })).await.is(201));
    let path = format!("/workflow-runs/{run}");
    server.post(&format!("{path}/next"), Value::Null).await.is(200);
    let drawn = server.post(&format!("{path}/next"), json!({ "candidates": 2 })).await.is(200);
    assert_eq!(drawn["step"]["outputs"]["candidates"].as_array().unwrap().len(), 2, "{drawn}");
    server.post(&format!("{path}/autorun/start"), Value::Null).await.is(202);
    server.until(&run, |run| run["status"] == "succeeded").await;
}
