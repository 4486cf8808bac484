//! Models that are weak, that speak otherwise, or that go away for a while: the books get on.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests say what they did, and stop at what they did not expect")]

mod support;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use llm::{
    ProviderEnv, Providers,
    adversary::{Adversary, Behaviour, Formats},
    rehearsal::Rehearsal,
};
use store::{OpenOptions, Place, Role, Store};
use studio::{
    Studio,
    desk::RunRequest,
    driver::Scope,
    journal::Standing,
    ports::{StepFilter, SystemClock},
    run::{Kind, Run, Status},
    step::StepStatus,
};
use support::{SHORT, Writer};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

#[test]
fn a_weak_model_that_can_write_but_not_read_finishes_its_book() {
    let runtime = runtime();
    let server = runtime.block_on(Adversary::new().with_words(180).that_cannot(&["read", "judge"]).start()).unwrap();
    let writer = Writer::new().with("OPENAI_BASE_URL", &server.base_url()).with("FABULIST_MODEL", "openai/weak");
    writer.file("brief.toml", format!("{SHORT}auto_step_backoff_s = 0.02\nauto_step_retries = 1\n"));
    writer.ok(&["write", "brief.toml"]);
    let run = writer.only_run();
    assert_eq!(run["status"], "succeeded");
    let steps = writer.steps(run["id"].as_str().unwrap());
    let failed: Vec<&str> = steps.iter().filter(|step| step.3 == "failed").map(|step| step.2.as_str()).collect();
    // One attempt too many of each, and then the chapter is kept with the warning.
    assert_eq!(
        failed,
        ["novel.chapter.extract", "novel.chapter.critique", "novel.chapter.extract", "novel.chapter.critique"],
        "only what the book can do without was given up"
    );
    let said = writer.ok(&["write", "brief.toml"]);
    assert!(said.stderr.matches("was kept without").count() == 4, "the chapters say so:\n{}", said.stderr);
}

#[test]
fn a_whole_book_is_written_through_every_protocol() {
    let runtime = runtime();
    for (model, address, key) in [
        ("openai/gpt-5-mini", "OPENAI_BASE_URL", "OPENAI_API_KEY"),
        ("anthropic/claude-sonnet-5-5", "ANTHROPIC_BASE_URL", "ANTHROPIC_API_KEY"),
        ("gemini/gemini-2.5-pro", "GEMINI_BASE_URL", "GEMINI_API_KEY"),
        ("ollama/x:1b", "OLLAMA_HOST", "NOTHING"),
    ] {
        let server = runtime.block_on(Adversary::new().with_words(180).start()).unwrap();
        let base = if model.starts_with("openai") { server.base_url() } else { server.root_url() };
        let writer = Writer::new().with(address, &base).with(key, "k-1").with("FABULIST_MODEL", model);
        writer.file("brief.toml", SHORT);
        let said = writer.ok(&["write", "brief.toml"]);
        let run = writer.only_run();
        assert_eq!(run["status"], "succeeded", "{model}: {}", said.stderr);
        assert_eq!(run["usage"]["cost_usd"].as_f64().map(|cost| cost > 0.0), Some(!model.starts_with("ollama")), "{model}");
        let requests = server.adversary.requests().len();
        assert!((9..=20).contains(&requests) && server.adversary.asked_again().is_empty(), "{model}: {requests} requests");
    }
}

#[test]
fn a_book_is_written_with_a_model_that_knows_json_objects_only() {
    let runtime = runtime();
    let server = runtime.block_on(Adversary::new().with_words(180).with_key("k-1").with_formats(Formats::JsonMode).start()).unwrap();
    let writer = Writer::new()
        .with("DEEPSEEK_BASE_URL", &server.base_url())
        .with("DEEPSEEK_API_KEY", "k-1")
        .with("FABULIST_MODEL", "deepseek/deepseek-flash");
    writer.file("brief.toml", SHORT);
    writer.ok(&["write", "brief.toml"]);
    let run = writer.only_run();
    assert!(run["status"] == "succeeded" && run["usage"]["cost_usd"].as_f64().is_some_and(|cost| cost > 0.0));
    let refused = server.adversary.requests().iter().filter(|r| r.body["response_format"]["type"] == "json_schema").count();
    assert_eq!(refused, 0, "it is never asked for what it does not know");
}

#[test]
fn doctor_and_models_say_which_providers_are_in_reach_and_no_key() {
    let writer = Writer::new().with("GEMINI_API_KEY", "k-very-secret").with("OLLAMA_HOST", "127.0.0.1:9");
    for args in [&["models"][..], &["doctor"], &["models", "--json"], &["doctor", "--json"]] {
        let said = writer.ok(args);
        let all = format!("{}{}", said.stdout, said.stderr);
        assert!(all.contains("gemini") && all.contains("ANTHROPIC_API_KEY") && all.contains("ollama serve"), "{args:?}:\n{all}");
        assert!(!all.contains("k-very-secret"));
    }
}

/// A studio in this process, over a model that we hold in our hands.
async fn studio(folder: &std::path::Path, provider: &str, address: &str) -> Studio {
    let options = OpenOptions { place: Place::Folder(folder.to_owned()), role: Role::Command, clock: Arc::new(SystemClock) };
    let store = Arc::new(Store::open(options).await.unwrap());
    let env = ProviderEnv::default().provider(provider, Some("k-1"), Some(address));
    Studio::open(store, Arc::new(Providers::new(env, Arc::new(Rehearsal))), Arc::new(SystemClock), Scope::All)
}

async fn runs(studio: &Studio, model: &str, count: usize) -> Vec<Run> {
    let brief = documents::read_brief("brief.toml", SHORT.as_bytes()).unwrap();
    let brief = studio.create_brief(brief.title, brief.content).await.unwrap();
    let snapshot = studio.create_snapshot(&brief, None).await.unwrap();
    let mut runs = Vec::new();
    for _ in 0..count {
        let request = RunRequest::new(Kind::Novel, model);
        runs.push(studio.create_run(&snapshot, request).await.unwrap());
    }
    runs
}

#[test]
fn thirty_books_outlive_their_model_going_away_and_do_not_hammer_it() {
    let runtime = runtime();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let server = Adversary::new().with_words(180).with_pause(Duration::from_millis(5)).start().await.unwrap();
        let studio = studio(folder.path(), "openai", &server.base_url()).await;
        let runs = runs(&studio, "openai/gpt-5-mini", 30).await;
        for run in &runs {
            studio.start_autorun(&run.id, None).await.unwrap();
        }
        while server.adversary.requests().len() < 60 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        server.adversary.is_away(true);
        tokio::time::sleep(Duration::from_secs(5)).await;
        let turned_away = server.adversary.turned_away();
        let mut waiting = 0;
        for run in &runs {
            waiting += usize::from(studio.run(&run.id).await.unwrap().retry.is_some_and(|retry| retry.at > 0));
        }
        assert!(waiting > 0, "the rows say until when they wait");
        assert!((1..=45).contains(&turned_away), "{turned_away} requests in five seconds without the model: those in flight, and probes");

        server.adversary.is_away(false);
        let back = Instant::now();
        loop {
            let mut left = 0;
            for run in &runs {
                let run = studio.run(&run.id).await.unwrap();
                assert!(!matches!(run.status, Status::Failed | Status::Paused), "{:?}", run.error);
                left += usize::from(run.status != Status::Succeeded);
            }
            if left == 0 {
                break;
            }
            assert!(back.elapsed() < Duration::from_secs(80), "{left} books are not finished");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        println!("{turned_away} turned away; all 30 books finished {:?} after the model was back", back.elapsed());
        studio.close(Duration::from_secs(5)).await;
    });
}

#[test]
fn a_step_by_hand_waits_for_nobody_and_what_it_finds_out_holds_for_all() {
    let runtime = runtime();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let server = Adversary::new().with_words(180).start().await.unwrap();
        let studio = studio(folder.path(), "openai", &server.base_url()).await;
        let both = runs(&studio, "openai/gpt-5-mini", 2).await;
        let (by_itself, by_hand) = (&both[0].id, &both[1].id);
        server.adversary.is_away(true);
        studio.start_autorun(by_itself, None).await.unwrap();
        // Asked at 0, 0.25, 0.75, 1.75, 3.75 s: the next time comes after eight.
        tokio::time::sleep(Duration::from_secs(5)).await;
        let asked = server.adversary.turned_away();
        assert!((3..=6).contains(&asked), "{asked} times in five seconds");

        let begun = Instant::now();
        let (_, step) = studio.next(by_hand, None).await.unwrap();
        assert_eq!(step.unwrap().status, StepStatus::Failed, "it asks at once, and is told at once");
        server.adversary.is_away(false);
        let (_, step) = studio.next(by_hand, None).await.unwrap();
        assert_eq!(step.unwrap().status, StepStatus::Succeeded);
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
        let back = Instant::now();
        while studio.run(by_itself).await.unwrap().last_index < 2 {
            assert!(back.elapsed() < Duration::from_secs(2), "the other is woken before its time");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        studio.close(Duration::from_secs(5)).await;
    });
}

#[test]
fn what_was_used_before_an_answer_broke_off_is_counted_and_the_answer_is_not_taken() {
    let runtime = runtime();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let server = Adversary::new().with_words(180).start().await.unwrap();
        let studio = studio(folder.path(), "anthropic", &server.root_url()).await;
        let run = runs(&studio, "anthropic/claude-sonnet-5-5", 1).await.remove(0);
        server.adversary.script([Behaviour::EndsEarly(2)]);
        let (broken, step) = studio.next(&run.id, None).await.unwrap();
        assert_eq!(step.unwrap().status, StepStatus::Failed);
        assert!(broken.usage.calls == 1 && broken.usage.input_tokens > 100 && broken.usage.cost.is_some_and(|cost| cost > 0), "{broken:?}");
        let (whole, step) = studio.next(&run.id, None).await.unwrap();
        assert_eq!(step.unwrap().status, StepStatus::Succeeded);
        assert_eq!((whole.usage.calls, whole.usage.input_tokens), (2, 2 * broken.usage.input_tokens), "the same was asked again");
        let attempts = studio.steps(&run.id, StepFilter::default()).await.unwrap();
        assert_eq!(attempts.iter().map(|step| step.usage.calls).collect::<Vec<_>>(), [1, 1]);
        let calls = studio.calls(&run.id, 1).await.unwrap();
        assert_eq!(calls.iter().map(|call| call.standing).collect::<Vec<_>>(), [Standing::Rejected, Standing::Spent]);
        studio.close(Duration::from_secs(5)).await;
    });
}
