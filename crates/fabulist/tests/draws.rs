//! Several drafts, and a process that dies between them: every answer is paid for once.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests say what they did, and stop at what they did not expect")]

mod support;

use llm::adversary::Adversary;
use support::{
    SHORT, Writer,
    killing::{Fate, kill_at},
};

#[test]
fn a_kill_between_two_candidates_is_gone_on_with_and_nothing_is_paid_twice() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let mut whole = None;
    // The last answer is written down with its step.
    for nth in 0..3 {
        let server = runtime.block_on(Adversary::new().with_words(150).start()).unwrap();
        let writer = Writer::new()
            .with("OPENAI_BASE_URL", &server.base_url())
            .with("OPENAI_API_KEY", "sk-test")
            .with("FABULIST_MODEL", "openai/gpt-5-mini");
        writer.file("brief.toml", SHORT);
        writer.ok(&["write", "brief.toml", "--plan"]);
        let run = writer.only_run()["id"].as_str().unwrap().to_owned();
        writer.ok(&["runs", "next", &run]);
        let next = ["runs", "next", &run, "--candidates", "3"];
        if nth > 0 {
            assert_eq!(kill_at(&writer, &next, "journaled", nth, |_| ()), Fate::Killed);
            // Whoever goes on need not say again how many there were to be.
            writer.ok(&["runs", "start", &run, "--count", "1"]);
        } else {
            writer.ok(&next);
        }
        let steps = writer.json(&["runs", "show", &run])["steps"].clone();
        let draft =
            steps.as_array().unwrap().iter().find(|s| s["name"] == "novel.chapter.draft" && s["status"] == "succeeded").unwrap().clone();
        let told = draft["outputs"]["candidates"].clone();
        assert_eq!(told.as_array().unwrap().len(), 3, "killed at answer {nth}: {draft}");
        assert!(server.adversary.asked_again().is_empty(), "killed at answer {nth}: paid twice");
        assert_eq!(*whole.get_or_insert_with(|| told.clone()), told, "killed at answer {nth}: other drafts");
    }
}
