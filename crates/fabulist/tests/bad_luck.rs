//! A model that misbehaves in every way, and signals: a book is finished through it, or goes on with one call.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests say what they did, and stop at what they did not expect")]

mod support;

use std::time::{Duration, Instant};

use llm::adversary::{Adversary, Behaviour, Formats, Running};
use support::{
    SHORT, Said, Writer,
    killing::{Signal, signal},
};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime")
}

fn writer_on(server: &Running, extra: &str) -> Writer {
    let writer = Writer::new()
        .with("OPENAI_BASE_URL", &server.base_url())
        .with("OPENAI_API_KEY", "sk-test")
        .with("FABULIST_MODEL", "openai/gpt-5-mini");
    writer.file("brief.toml", format!("{SHORT}auto_step_backoff_s = 0.02\n{extra}"));
    writer
}

fn start(runtime: &tokio::runtime::Runtime, adversary: Adversary) -> Running {
    runtime.block_on(adversary.start()).expect("a server on loopback")
}

#[test]
fn a_book_is_finished_through_a_model_that_fails_in_every_way() {
    let runtime = runtime();
    let server = start(&runtime, Adversary::new().with_words(180).with_formats(Formats::JsonMode));
    server.adversary.script([
        Behaviour::RateLimited(Some("0".into())),
        Behaviour::ServerError,
        Behaviour::Garbage,
        Behaviour::NotJson,
        Behaviour::WrongSchema,
        Behaviour::Competent,
        Behaviour::Blanks,
        Behaviour::CutAfter(1),
        Behaviour::Competent,
        Behaviour::CutByLength(60),
        Behaviour::Competent,
        Behaviour::EndsEarly(2),
        Behaviour::FailsWithin(1),
        Behaviour::SlowFirstToken(Duration::from_millis(400)),
    ]);
    let writer = writer_on(&server, "");
    let said = writer.ok(&["write", "brief.toml"]);
    assert!(said.stderr.contains("Trying again"), "{}", said.stderr);
    let run = writer.only_run();
    assert_eq!(run["status"], "succeeded");
    assert!(run["usage"]["cost_usd"].as_f64().unwrap() > 0.0);
    // Blanks are an answer that cannot be used: that one request may be asked again, and no other.
    let again: std::collections::BTreeSet<String> = server.adversary.asked_again().into_iter().collect();
    assert!(again.len() <= 1, "answered calls were paid twice: {again:?}");
    let steps = writer.steps(run["id"].as_str().unwrap());
    assert!(steps.iter().any(|s| s.3 == "failed"), "the failures are in the history");
}

#[test]
fn a_model_that_is_gone_for_good_fails_the_run_and_one_call_goes_on() {
    let runtime = runtime();
    let server = start(&runtime, Adversary::new().with_words(180).with_key("sk-right"));
    let writer = writer_on(&server, "");
    let said = writer.run(&["write", "brief.toml"]);
    said.failed(6, &["refused the API key"]);
    assert!(!said.stderr.contains("sk-test"));
    let said = Said::of(writer.command(&["write", "brief.toml"]).env("OPENAI_API_KEY", "sk-right").output().unwrap());
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert!(said.stderr.contains("going on"), "{}", said.stderr);
}

#[test]
fn a_hanging_model_is_left_with_ctrl_c_twice_and_the_same_command_goes_on() {
    let runtime = runtime();
    let server = start(&runtime, Adversary::new().with_words(180));
    server.adversary.script([Behaviour::Competent, Behaviour::Hangs]);
    let writer = writer_on(&server, "");
    let child = writer.start(&["write", "brief.toml"]);
    while server.adversary.requests().len() < 2 {
        std::thread::sleep(Duration::from_millis(10));
    }
    signal(&child, Signal::Interrupt);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(writer.only_run()["status"], "paused", "once: no further step, the one in flight may finish");
    let begun = Instant::now();
    signal(&child, Signal::Interrupt);
    let said = Said::of(child.wait_with_output().unwrap());
    assert_eq!(said.code, 130, "{}", said.stderr);
    assert!(begun.elapsed() < Duration::from_secs(5), "twice: at once");
    assert!(said.stderr.contains("The same command goes on"), "{}", said.stderr);
    writer.ok(&["write", "brief.toml"]);
    assert_eq!(writer.only_run()["status"], "succeeded");
}

#[test]
fn ctrl_c_once_finishes_the_step_and_pauses() {
    let runtime = runtime();
    let server = start(&runtime, Adversary::new().with_words(180));
    server.adversary.script([Behaviour::Competent, Behaviour::SlowFirstToken(Duration::from_millis(900))]);
    let writer = writer_on(&server, "");
    let child = writer.start(&["write", "brief.toml"]);
    while server.adversary.requests().len() < 2 {
        std::thread::sleep(Duration::from_millis(10));
    }
    signal(&child, Signal::Interrupt);
    let said = Said::of(child.wait_with_output().unwrap());
    assert_eq!(said.code, 130, "{}", said.stderr);
    let run = writer.only_run();
    assert_eq!(run["status"], "paused");
    let steps = writer.steps(run["id"].as_str().unwrap());
    assert_eq!(steps.iter().map(|s| s.3.as_str()).collect::<Vec<_>>(), ["succeeded", "succeeded"]);
    writer.ok(&["write", "brief.toml"]);
    assert!(server.adversary.asked_again().is_empty());
}

#[test]
fn sigterm_drains_ends_with_zero_and_pauses_no_run() {
    let runtime = runtime();
    let server = start(&runtime, Adversary::new().with_words(180));
    server.adversary.script([Behaviour::Competent, Behaviour::SlowFirstToken(Duration::from_millis(900))]);
    let writer = writer_on(&server, "");
    let child = writer.start(&["write", "brief.toml"]);
    while server.adversary.requests().len() < 2 {
        std::thread::sleep(Duration::from_millis(10));
    }
    signal(&child, Signal::Terminate);
    let said = Said::of(child.wait_with_output().unwrap());
    assert_eq!(said.code, 0, "{}", said.stderr);
    let run = writer.only_run();
    assert_eq!((run["status"].as_str().unwrap(), run["autorun"].as_bool().unwrap()), ("running", true), "autorun stays on");
    let steps = writer.steps(run["id"].as_str().unwrap());
    assert!(steps.iter().all(|s| s.3 == "succeeded"), "the step in flight was finished: {steps:?}");
    writer.ok(&["write", "brief.toml"]);
    assert!(server.adversary.asked_again().is_empty());
}

#[test]
fn a_budget_stops_before_the_call_that_would_pass_it_and_goes_on_when_raised() {
    let runtime = runtime();
    let server = start(&runtime, Adversary::new().with_words(180));
    let writer = writer_on(&server, "");
    let said = writer.run(&["write", "brief.toml", "--budget", "0.008"]);
    said.failed(1, &["budget"]);
    let run = writer.only_run();
    assert_eq!(run["pause"]["reason"], "budget");
    assert!(run["usage"]["cost_usd"].as_f64().unwrap() <= 0.008);
    writer.ok(&["write", "brief.toml", "--budget", "50"]);
    assert_eq!(writer.only_run()["status"], "succeeded");
    assert!(server.adversary.asked_again().is_empty());
}

#[test]
fn a_model_of_unknown_price_takes_no_budget_in_money() {
    // An address of documentation (RFC 5737): nothing is asked there, the price is missing before.
    let writer = Writer::new().with("OPENAI_BASE_URL", "http://192.0.2.1/v1").with("OPENAI_API_KEY", "sk-test");
    writer.file("brief.toml", SHORT);
    let said = writer.run(&["write", "brief.toml", "--model", "openai/nobody-knows-this-one", "--budget", "5"]);
    said.failed(2, &["price", "openai/nobody-knows-this-one"]);
}

#[test]
fn what_the_model_saw_is_shown_word_by_word() {
    let writer = Writer::new();
    writer.file("brief.toml", SHORT);
    writer.ok(&["write", "brief.toml"]);
    let run = writer.only_run()["id"].as_str().unwrap().to_owned();
    let shown = writer.json(&["runs", "show", &run, "--step", "3"]);
    assert_eq!(shown["step"]["name"], "novel.chapter.draft");
    let call = &shown["calls"][0];
    assert_eq!((call["task"].as_str().unwrap(), call["slot"].as_str().unwrap()), ("draft_chapter", "draft"));
    assert!(call["messages"][1]["content"].as_str().unwrap().contains("Ines comes home to sell her father's boatyard"));
    let sections: Vec<&str> = shown["context"]["sections"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
    assert_eq!(&sections[..3], ["brief", "cast", "plan"]);
    let said = writer.ok(&["runs", "show", &run, "--step", "3"]);
    assert!(said.stdout.contains("draft_chapter") && said.stdout.contains("The cast"));
    writer.run(&["runs", "show", &run, "--step", "999"]).failed(5, &["999"]);
}

#[test]
fn steps_can_be_taken_one_by_one_by_a_second_process() {
    let writer = Writer::new();
    writer.file("brief.toml", SHORT);
    writer.json(&["write", "brief.toml", "--plan"]);
    let run = writer.only_run()["id"].as_str().unwrap().to_owned();
    for expected in
        ["novel.chapter.beats", "novel.chapter.draft", "novel.chapter.extract", "novel.chapter.critique", "novel.chapter.commit"]
    {
        let next = writer.json(&["runs", "next", &run]);
        assert_eq!((next["step"]["name"].as_str().unwrap(), next["step"]["status"].as_str().unwrap()), (expected, "succeeded"));
    }
    assert_eq!(writer.only_run()["progress"]["done"], 1);
    writer.ok(&["runs", "pause", &run]);
    writer.run(&["runs", "next", &run]).failed(4, &["paused"]);
    writer.ok(&["runs", "resume", &run]);
    writer.ok(&["runs", "start", &run]);
    assert_eq!(writer.only_run()["status"], "succeeded");
    writer.run(&["runs", "next", &run]).failed(4, &["finished"]);
    writer.ok(&["runs", "delete", &run, "--yes"]);
    writer.run(&["runs", "show", &run]).failed(5, &["no run"]);
}

#[test]
fn many_processes_press_next_and_each_step_is_done_once() {
    let writer = Writer::new();
    writer.file("brief.toml", SHORT);
    writer.json(&["write", "brief.toml", "--plan"]);
    let run = writer.only_run()["id"].as_str().unwrap().to_owned();
    let children: Vec<_> = (0..8).map(|_| writer.start(&["runs", "next", &run, "--json"])).collect();
    let codes: Vec<i32> = children.into_iter().map(|c| Said::of(c.wait_with_output().unwrap()).code).collect();
    assert!(codes.iter().all(|code| [0, 4].contains(code)), "{codes:?}");
    let steps = writer.steps(&run);
    let indexes: Vec<i64> = steps.iter().map(|s| s.0).collect();
    assert_eq!(indexes, (1..=i64::try_from(steps.len()).unwrap()).collect::<Vec<_>>());
    assert!(steps.len() > 1);
}

#[test]
fn a_backup_brings_everything_back() {
    let writer = Writer::new();
    writer.file("brief.toml", SHORT);
    writer.ok(&["write", "brief.toml"]);
    let run = writer.only_run();
    writer.ok(&["backup", "copy.db"]);
    writer.run(&["backup", "copy.db"]).failed(1, &["copy.db"]);
    writer.ok(&["runs", "delete", run["id"].as_str().unwrap(), "--yes"]);
    writer.ok(&["restore", "copy.db"]);
    assert_eq!(writer.only_run()["id"], run["id"]);
    writer.file("no.db", "not a backup");
    writer.run(&["restore", "no.db"]).failed(1, &["no.db"]);
    assert_eq!(writer.only_run()["id"], run["id"], "a bad backup changes nothing");
}
