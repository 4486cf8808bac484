//! A model that was not made for us: it fills any schema with nonsense. Books get to their end on it, and nothing has to be mended.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use serde_json::{Value, json};
use testbed::model::{Manner, Model};

use crate::{
    server::{Server, id},
    support::Writer,
};

fn server(model: &Model) -> Server {
    let writer = Writer::new()
        .with("OPENAI_BASE_URL", &model.base_url())
        .with("OPENAI_API_KEY", "sk-test")
        .with("FABULIST_MODEL", "openai/nonsense");
    Server::of(Arc::new(writer))
}

fn brief(chapters: u32) -> Value {
    json!({
        "title": "The Ebb",
        "content": {
            "premise": "Mara waits for a boat that never came home.",
            "setting": "the flats",
            "characters": [{ "name": "Mara", "goal": "to find the boat" }, { "name": "Oren", "secret": "he sank it" }],
            "output_spec": {
                "chapter_count": chapters, "chapter_length": { "min": 300, "max": 900, "unit": "words" }, "auto_step_backoff_s": 0.02,
            },
        },
    })
}

/// Writes a book of so many chapters to its end. Returns the run, and how many successful steps there were of each name.
async fn write(server: &Server, chapters: u32) -> (Value, BTreeMap<String, u32>) {
    let brief = server.post("/briefs", brief(chapters)).await.is(201);
    let snapshot = server.post(&format!("/briefs/{}/snapshots", id(&brief)), Value::Null).await.is(201);
    let run = server.run_of(&id(&snapshot)).await;
    server.post(&format!("/workflow-runs/{run}/autorun/start"), Value::Null).await.is(202);
    let ended = server.until(&run, |run| !["queued", "running"].contains(&run["status"].as_str().unwrap())).await;
    let mut names = BTreeMap::new();
    for step in server.steps(&run).await {
        assert_eq!((&step["status"], &step["attempt"]), (&json!("succeeded"), &json!(1)), "{step}");
        *names.entry(step["name"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    (ended, names)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_book_is_written_on_a_model_that_knows_nothing_of_us_and_nothing_is_mended() {
    let model = Model::start(Manner::default()).unwrap();
    let server = server(&model);
    let (run, steps) = write(&server, 4).await;
    assert_eq!(run["status"], "succeeded", "{run}");
    let expected = ["beats", "draft", "extract", "critique", "commit"].map(|name| (format!("novel.chapter.{name}"), 4));
    assert_eq!(steps, expected.into_iter().chain([("novel.outline".to_owned(), 1)]).collect::<BTreeMap<_, _>>());
    assert_eq!(model.count(), 17, "one call for the outline, four for each chapter");
    assert_eq!(run["usage"]["calls"], 17);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_plan_comes_whole_from_a_model_that_gives_all_chapters_each_time() {
    let model = Model::start(Manner::default()).unwrap();
    let server = server(&model);
    let brief = server.post("/briefs", brief(150)).await.is(201);
    let snapshot = server.post(&format!("/briefs/{}/snapshots", id(&brief)), Value::Null).await.is(201);
    let run = server.run_of(&id(&snapshot)).await;
    let step = server.post(&format!("/workflow-runs/{run}/next"), Value::Null).await.is(200);
    assert_eq!(step["step"]["status"], "succeeded", "{step}");
    let state = server.get(&format!("/workflow-runs/{run}/steps/1/state")).await.is(200);
    assert_eq!(state["outline"]["chapters"].as_object().unwrap().len(), 150);
    assert!(model.answered_after(0).iter().all(|answered| answered.took < Duration::from_secs(5)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_book_comes_to_its_end_on_a_model_that_writes_the_same_prose_every_time() {
    let model = Model::start(Manner { repeats_itself: true, ..Manner::default() }).unwrap();
    let server = server(&model);
    let (run, steps) = write(&server, 3).await;
    assert_eq!(run["status"], "succeeded", "{run}");
    assert_eq!(steps["novel.chapter.commit"], 3, "it is kept as it is, once the rounds are used up: {steps:?}");
}
