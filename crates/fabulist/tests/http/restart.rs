//! PostgreSQL is killed and started again while books are written: nobody has to press anything.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use llm::adversary::Adversary;
use serde_json::{Value, json};
use testbed::Postgres;

use crate::{server::Server, support::Writer};

const RUNS: usize = 6;
const RESTARTS: u32 = 3;

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_restarted_in_the_middle_of_runs_costs_no_step_and_no_answer() {
    let postgres = Postgres::start().unwrap();
    let url = postgres.new_database().unwrap();
    let model = Adversary::new().with_words(180).with_pause(Duration::from_millis(15)).start().await.unwrap();
    let writer = Writer::new()
        .with("FABULIST_DATABASE_URL", &url)
        .with("OPENAI_BASE_URL", &model.base_url())
        .with("OPENAI_API_KEY", "sk-test")
        .with("FABULIST_MODEL", "openai/gpt-5-mini");
    let server = Server::of(Arc::new(writer));
    let mut runs = Vec::new();
    for n in 0..RUNS {
        // Each its own book: two that were asked the same would look like one that paid twice.
        let content = json!({
            "premise": format!("Ines comes home for the {n}th time to sell a boatyard."),
            "output_spec": { "chapter_count": 2, "chapter_length": { "min": 100, "max": 400, "unit": "words" }, "auto_step_backoff_s": 0.02 }
        });
        let brief = server.post("/briefs", json!({ "title": "The Salt Road", "content": content })).await.is(201);
        let snapshot = server.post(&format!("/briefs/{}/snapshots", brief["id"].as_str().unwrap()), Value::Null).await.is(201);
        runs.push(server.run_of(snapshot["id"].as_str().unwrap()).await);
    }
    for run in &runs {
        server.post(&format!("/workflow-runs/{run}/autorun/start"), Value::Null).await.is(202);
    }
    let mut caught = 0;
    for _ in 0..RESTARTS {
        let answered = model.adversary.answered();
        while model.adversary.answered() < answered + 4 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        for run in &runs {
            caught += u32::from(!server.get(&format!("/workflow-runs/{run}")).await.is(200)["active_step"].is_null());
        }
        postgres.kill().unwrap();
        // Answers that are on the wire come while nobody can write them down.
        tokio::time::sleep(Duration::from_millis(1500)).await;
        postgres.boot().unwrap();
    }
    assert!(caught >= RESTARTS, "only {caught} steps were caught in the middle");
    for run in &runs {
        server.until(run, |run| run["status"] == "succeeded").await;
        let mut done: BTreeMap<i64, u32> = BTreeMap::new();
        for step in server.steps(run).await {
            assert_ne!(step["status"], "running", "{step}");
            *done.entry(step["index"].as_i64().unwrap()).or_default() += u32::from(step["status"] == "succeeded");
        }
        assert!(done.values().all(|successes| *successes == 1), "{done:?}");
        assert_eq!(done.keys().copied().collect::<Vec<_>>(), (1..=i64::try_from(done.len()).unwrap()).collect::<Vec<_>>());
    }
    assert!(model.adversary.asked_again().is_empty(), "paid twice: {:?}", model.adversary.asked_again());
}
