//! The same product with its data on a PostgreSQL server: every command, a server that is restarted in the middle, a process that is
//! killed.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests say what they did, and stop at what they did not expect")]

mod support;

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use llm::adversary::{Adversary, Behaviour, Running};
use support::{
    SHORT, Said, Writer,
    killing::{Fate, kill_at},
};
use testbed::Postgres;

const WRITE: [&str; 2] = ["write", "brief.toml"];

fn writer_at(url: &str) -> Writer {
    let writer = Writer::new().with("FABULIST_DATABASE_URL", url);
    writer.file("brief.toml", SHORT);
    writer
}

/// The only book in a writer's folder.
fn book(writer: &Writer) -> String {
    let books: Vec<PathBuf> = std::fs::read_dir(writer.path("out")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(books.len(), 1, "{books:?}");
    std::fs::read_to_string(&books[0]).unwrap()
}

/// The book of the same brief, as SQLite keeps it.
fn on_sqlite() -> String {
    let writer = Writer::new();
    writer.file("brief.toml", SHORT);
    writer.ok(&WRITE);
    book(&writer)
}

#[test]
fn every_command_works_on_a_server_and_the_book_is_the_same() {
    let url = Postgres::shared().unwrap().new_database().unwrap();
    let writer = writer_at(&url);
    writer.ok(&WRITE);
    assert_eq!(book(&writer), on_sqlite());
    let run = writer.only_run();
    let id = run["id"].as_str().unwrap();
    assert_eq!(run["status"], "succeeded");
    assert!(writer.steps(id).iter().all(|(_, attempt, _, status)| *attempt == 1 && status == "succeeded"));
    assert!(!writer.data().join("fabulist.db").exists(), "there is no file beside the server");

    let said = writer.ok(&["doctor", "--offline"]);
    assert!(said.stdout.contains("PostgreSQL 1") && said.stdout.contains(" ms"), "{}", said.stdout);
    writer.ok(&["export", id, "--out", "again"]);
    writer.run(&["backup", "copy.db"]).failed(1, &["pg_dump"]);
    writer.run(&["restore", "brief.toml"]).failed(2, &["pg_restore"]);
    writer.run(&["runs", "pause", id]).failed(4, &[]);
    writer.ok(&["runs", "delete", id, "--yes"]);
    assert!(writer.json(&["runs", "list"])["items"].as_array().unwrap().is_empty());
}

#[test]
fn a_server_that_cannot_be_used_is_told_with_a_hint_and_without_the_password() {
    let writer = writer_at("postgres://anna:s3cret@127.0.0.1:1/x");
    for said in [writer.run(&WRITE), writer.run(&["runs", "list"])] {
        said.failed(1, &["127.0.0.1:1/x"]);
        assert!(!said.stderr.contains("s3cret"), "{}", said.stderr);
    }
    let doctor = writer.run(&["doctor", "--offline"]);
    assert_eq!(doctor.code, 1);
    assert!(doctor.stdout.contains("127.0.0.1:1/x") && !doctor.stdout.contains("s3cret"), "{}", doctor.stdout);
    writer_at("mysql://localhost/x").run(&WRITE).failed(1, &["mysql://"]);
}

#[test]
fn a_killed_process_is_taken_over_within_25_seconds_and_nothing_is_done_twice() {
    let writer = writer_at(&Postgres::shared().unwrap().new_database().unwrap());
    assert_eq!(kill_at(&writer, &WRITE, "performed", 3, |_| {}), Fate::Killed);
    let killed = Instant::now();
    writer.ok(&WRITE);
    let back = killed.elapsed();
    println!("killed, and finished {:.1} s later", back.as_secs_f64());
    assert!(back < Duration::from_secs(26), "{back:?}");
    assert_eq!(book(&writer), on_sqlite());
    let run = writer.only_run();
    let steps = writer.steps(run["id"].as_str().unwrap());
    let lost: Vec<_> = steps.iter().filter(|step| step.3 != "succeeded").map(|step| (step.1, step.3.as_str())).collect();
    assert_eq!(lost, [(1, "failed")], "{steps:?}");
}

fn slow_model(runtime: &tokio::runtime::Runtime) -> Running {
    let model = runtime.block_on(Adversary::new().with_words(180).start()).expect("a server on loopback");
    model.adversary.script(vec![Behaviour::SlowFirstToken(Duration::from_millis(300)); 40]);
    model
}

fn writer_on(model: &Running, writer: Writer) -> Writer {
    writer.with("OPENAI_BASE_URL", &model.base_url()).with("OPENAI_API_KEY", "sk-test").with("FABULIST_MODEL", "openai/gpt-5-mini")
}

#[test]
fn a_server_that_is_restarted_in_the_middle_costs_no_answer_and_no_word() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let model = slow_model(&runtime);
    let undisturbed = writer_on(&model, writer_at(&Postgres::shared().unwrap().new_database().unwrap()));
    undisturbed.ok(&WRITE);

    let server = Postgres::start().unwrap();
    let model = slow_model(&runtime);
    let writer = writer_on(&model, writer_at(&server.new_database().unwrap()));
    let child = writer.start(&WRITE);
    for crash in [false, true] {
        std::thread::sleep(Duration::from_millis(900));
        if crash {
            server.kill().unwrap();
            std::thread::sleep(Duration::from_secs(7));
            server.boot().unwrap();
        } else {
            server.restart().unwrap();
        }
    }
    let said = Said::of(child.wait_with_output().unwrap());
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert_eq!(book(&writer), book(&undisturbed));
    assert!(model.adversary.asked_again().is_empty(), "paid twice: {:?}", model.adversary.asked_again());
    let run = writer.only_run();
    assert_eq!(run["status"], "succeeded");
    let steps = writer.steps(run["id"].as_str().unwrap());
    println!("{steps:?}\n{}", said.stderr);
    assert!(steps.iter().all(|step| step.3 != "running"), "{steps:?}");
}

#[test]
fn a_process_that_was_thought_dead_loses_its_claim_and_both_see_the_book_finished() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let model = slow_model(&runtime);
    let server = Postgres::shared().unwrap();
    let url = server.new_database().unwrap();
    let (first, second) = (writer_on(&model, writer_at(&url)), writer_on(&model, writer_at(&url)));
    let silent = first.start(&WRITE);
    std::thread::sleep(Duration::from_millis(1200));
    // As if it had been stopped, or cut off from the server, for half a minute.
    server.sql_in(&url, "UPDATE nodes SET seen_at = seen_at - 30000000").unwrap();
    let taking = second.start(&WRITE);
    for child in [taking, silent] {
        let said = Said::of(child.wait_with_output().unwrap());
        assert_eq!(said.code, 0, "{}", said.stderr);
    }
    assert_eq!(book(&first), book(&second));
    let run = first.only_run();
    assert_eq!(run["status"], "succeeded");
    let steps = first.steps(run["id"].as_str().unwrap());
    let mut done: Vec<i64> = steps.iter().filter(|step| step.3 == "succeeded").map(|step| step.0).collect();
    let indexes = done.clone();
    done.dedup();
    assert_eq!(done, indexes, "no index succeeded twice: {steps:?}");
    assert!(steps.iter().any(|step| step.3 == "failed"), "its attempt was closed when it was taken over: {steps:?}");
    assert!(steps.iter().all(|step| step.3 != "running"), "{steps:?}");
}
