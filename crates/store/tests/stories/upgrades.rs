//! Databases that earlier versions have left behind.

use studio::ports::{Fork, Store as _};

use crate::{
    Database,
    desk::{Desk, a_run, open},
};

const FIRST: &str = include_str!("../../src/migrate/0001_first.sql");
const FIRST_SQLITE: &str = include_str!("../../src/migrate/0001_first.sqlite.sql");
const FIRST_POSTGRES: &str = include_str!("../../src/migrate/0001_first.postgres.sql");

/// One run of the first version: chapter 1 written at step 1, changed by a person while step 2 was at work, and again after step 3 had
/// read it.
const ROWS: &str = "
    INSERT INTO briefs (id, title, content, created_at, updated_at) VALUES ('b', 'Old', '{}', 1, 1);
    INSERT INTO brief_snapshots (id, brief_id, title, content, created_at) VALUES ('s', 'b', 'Old', '{}', 1);
    INSERT INTO workflow_runs (id, kind, brief_id, snapshot_id, model, context_budget, status, epoch, autorun, pause_before, cursor, unread,
        progress_done, progress_total, calls, input_tokens, cached_input_tokens, output_tokens, cost_nanos, cost_unknown, has_budget,
        last_index, state_version, last_event, base_map, created_at, updated_at)
        VALUES ('r', 'novel', 'b', 's', 'rehearsal', 1000, 'running', 3, 0, '[]', '{\"phase\":\"x\"}', '{\"u\":\"v3\"}', 1, 3, 0, 0, 0, 0, 0, 0, 0, 3, 1, 0,
        '{}', 1, 1);
    INSERT INTO contents (id, brief_id, text, text_hash, extraction, digest, words, chars, created_at) VALUES
        ('c1', 'b', 'One.', 'h1', NULL, '{\"title\":\"A\",\"fact\":\"one\",\"tone\":\"\"}', 1, 3, 1),
        ('c2', 'b', 'Two.', 'h2', '{\"fact_digest\":\"two\"}', '{\"title\":\"A\",\"fact\":\"two\",\"tone\":\"\"}', 1, 3, 1),
        ('c3', 'b', 'Three.', 'h3', NULL, '{\"title\":\"A\",\"fact\":\"three\",\"tone\":\"\"}', 1, 5, 1);
    INSERT INTO artifacts (id, brief_id, snapshot_id, run_id, kind, unit_id, ordinal, title, latest_version_id, review)
        VALUES ('a', 'b', 's', 'r', 'novel_chapter', 'u', 1, 'A', 'v3', 'none');
    INSERT INTO artifact_versions (id, artifact_id, run_id, number, source, title, content_id, step_index, metadata, created_at) VALUES
        ('v1', 'a', 'r', 1, 'agent', 'A', 'c1', 1, '{}', 100),
        ('v2', 'a', 'r', 2, 'user', 'A', 'c2', NULL, '{}', 150),
        ('v3', 'a', 'r', 3, 'user', 'A', 'c3', NULL, '{}', 350);
    ";

pub(crate) async fn a_database_of_the_first_version_is_taken_along(database: Database) {
    let desk = Desk::empty(database).await;
    let raw = desk.raw().await;
    let own = if database == Database::Sqlite { FIRST_SQLITE } else { FIRST_POSTGRES };
    raw.run(&format!(
        "CREATE TABLE migrations (version BIGINT NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL); {FIRST}; {own}; \
         INSERT INTO migrations (version, applied_at) VALUES (1, 0); {ROWS}"
    ))
    .await;
    for index in 1..=3 {
        raw.run(&format!(
            "INSERT INTO workflow_steps (id, run_id, step_index, attempt, name, kind, status, state_map, calls, input_tokens, \
             cached_input_tokens, output_tokens, cost_nanos, cost_unknown, artifact_version_ids, started_at, finished_at) \
             VALUES ('t{index}', 'r', {index}, 1, 'x', 'step', 'succeeded', '{{}}', 0, 0, 0, 0, 0, 0, '[]', 1, {})",
            index * 100
        ))
        .await;
    }
    raw.close().await;

    let store = open(&desk.place).await;
    assert_eq!(store.run("r").await.unwrap().unread.len(), 1);
    let facts: Vec<_> = store.readings("r", 9).await.unwrap().into_iter().map(|reading| reading.digest.fact).collect();
    assert_eq!(facts, ["two"], "what was read stays read");
    for (index, expected) in [(0, &[][..]), (1, &["One."]), (2, &["Two."]), (3, &["Two."])] {
        let fork = Fork {
            source: "r".into(),
            index,
            now: false,
            make: std::sync::Arc::new(|source, _| (a_run(&source.brief_id, &source.snapshot_id), serde_json::json!({}))),
        };
        let fork = store.fork_run(fork).await.unwrap().unwrap();
        let texts: Vec<_> = store.latest_versions(&fork.id).await.unwrap().into_iter().map(|(_, version)| version.text).collect();
        assert_eq!(texts, expected, "step {index}");
    }
    store.close().await;
}
