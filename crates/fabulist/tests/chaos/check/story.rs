//! The checker itself: a book that was written in peace has no fault, and each thing that is broken by hand is seen.

use crate::{check, check::database::Database, ledger::Ledger, support::Writer};

/// What each does to the rows of a finished book.
const HARM: [(&str, &str); 14] = [
    ("a hole in the indexes", "UPDATE workflow_steps SET step_index = step_index + 100 WHERE step_index > 4"),
    ("a claim that is held", "UPDATE workflow_runs SET claim_node = 'gone'"),
    ("a step that still runs", "UPDATE workflow_steps SET status = 'running' WHERE step_index = 5"),
    ("an event that is missing", "DELETE FROM events WHERE number = 7"),
    ("an event that tells another end", "UPDATE events SET name = 'step.failed' WHERE name = 'step.succeeded' AND number < 9"),
    ("a call that was not counted", "UPDATE workflow_runs SET calls = calls - 1"),
    ("tokens that were counted twice", "UPDATE workflow_steps SET input_tokens = input_tokens * 2 WHERE calls > 0"),
    ("an answer that stays open", "UPDATE model_calls SET standing = 'open'"),
    ("a patch that is another one", "UPDATE workflow_steps SET state_patch = '{\"x\":1}' WHERE step_index = 3"),
    ("a value of the state that is gone", "DELETE FROM state_values WHERE hash IN (SELECT hash FROM run_state WHERE key = 'digests')"),
    ("a cursor that is elsewhere", "UPDATE workflow_runs SET cursor = '{\"phase\":\"novel.outline\"}'"),
    ("a version that no step made", "UPDATE artifact_versions SET step_index = 2"),
    ("a line with a hole", "UPDATE artifact_versions SET number = 2"),
    (
        "words that nobody refers to",
        "INSERT INTO contents SELECT 'x', brief_id, text, text_hash, extraction, digest, words, chars, created_at FROM contents LIMIT 1",
    ),
];

#[tokio::test]
async fn the_checker_sees_everything_that_is_broken() {
    let writer = Writer::new();
    writer.file("brief.toml", crate::support::SHORT);
    writer.ok(&["write", "brief.toml"]);
    let kept = writer.data().join("fabulist.db");
    let whole = check::all(&open(&kept).await, &Ledger::default()).await;
    assert!(whole.broken.is_empty() && whole.losses.is_empty(), "{whole:?}");
    for (name, harm) in HARM {
        let copy = writer.path("harmed.db");
        std::fs::copy(&kept, &copy).unwrap();
        let database = open(&copy).await;
        database.harm(harm).await;
        let found = check::all(&database, &Ledger::default()).await;
        assert!(!found.broken.is_empty() || !found.losses.is_empty(), "{name} was not seen");
    }
}

async fn open(file: &std::path::Path) -> Database {
    Database::open(format!("sqlite://{}?mode=rw", file.display())).await
}
