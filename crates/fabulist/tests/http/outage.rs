//! The model is away for a while under a hundred autoruns: all go on by themselves.
//!
//! It is away for as many seconds as `FABULIST_TEST_OUTAGE` says; the waits grow with the outage, so a short one tells the same story.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use testbed::model::{Manner, Model};

use crate::server::{Server, id};

const RUNS: usize = 100;
const SECONDS: u64 = 20;

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_autoruns_outlive_an_outage_of_their_model() {
    let outage = std::env::var("FABULIST_TEST_OUTAGE").map_or(SECONDS, |seconds| seconds.parse().unwrap());
    let manner = Manner { words: 180, latency: Duration::from_millis(50), ..Manner::default() };
    let model = Model::start(manner.clone()).unwrap();
    let writer = crate::writer()
        .with("OPENAI_BASE_URL", &model.base_url())
        .with("OPENAI_API_KEY", "sk-test")
        .with("FABULIST_MODEL", "openai/gpt-5-mini");
    let server = Server::of(Arc::new(writer));
    let snapshot = server.snapshot().await;
    for _ in 0..RUNS {
        server.post("/workflow-runs", json!({ "kind": "novel", "brief_snapshot_id": snapshot, "autorun": true })).await.is(201);
    }
    let begun = Instant::now();
    while model.count() < 2 * RUNS {
        assert!(begun.elapsed() < Duration::from_secs(120), "the books were never begun");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    let address = model.address();
    drop(model);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(outage) {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let gave_up: Vec<Value> =
            runs(&server).await.into_iter().filter(|run| run["status"] == "failed" || run["status"] == "paused").collect();
        assert!(gave_up.is_empty(), "{gave_up:?}");
    }
    let waiting = runs(&server).await.into_iter().filter(|run| !run["retry"].is_null()).count();
    assert!(waiting > 0, "nobody waits for anything");
    // A provider that is away is no trouble of ours.
    server.get("/readyz").await.is(200);

    let _model = Model::start_at(address, manner).unwrap();
    let (back, patience) = (Instant::now(), Duration::from_secs(120 + outage / 5));
    loop {
        let left = runs(&server).await.into_iter().filter(|run| run["status"] != "succeeded").count();
        if left == 0 {
            break;
        }
        assert!(back.elapsed() < patience, "{left} of {RUNS} have not gone on by themselves");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    println!("away for {outage} s; all {RUNS} runs ended {:.1} s after it was back", back.elapsed().as_secs_f64());
    let one = id(&runs(&server).await[0]);
    let steps = server.steps(&one).await;
    assert!(
        steps.iter().all(|step| step["status"] == "succeeded" || step["error"]["type"] == "/problems/provider-unavailable"),
        "{steps:?}"
    );
}

async fn runs(server: &Server) -> Vec<Value> {
    server.get("/workflow-runs?limit=200").await.is(200)["items"].as_array().unwrap().clone()
}
