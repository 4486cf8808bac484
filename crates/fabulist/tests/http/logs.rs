//! The log as a program reads it: JSON, with run and step, and never a key.

use std::{collections::BTreeSet, sync::Arc};

use llm::adversary::{Adversary, Behaviour};
use serde_json::Value;

use crate::{server::Server, support::Writer};

const KEY: &str = "sk-very-secret-0123456789";

fn writer(level: &str, model: &llm::adversary::Running) -> Writer {
    let writer =
        Writer::new().with("OPENAI_BASE_URL", &model.base_url()).with("OPENAI_API_KEY", KEY).with("FABULIST_MODEL", "openai/gpt-5-mini");
    writer.with("FABULIST_LOG", level).with("FABULIST_LOG_FORMAT", "json")
}

/// The lines of a log, each of which must be a JSON object.
fn lines(log: &str) -> Vec<Value> {
    let parsed = |line: &str| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
    log.lines().filter(|line| line.starts_with('{')).map(parsed).collect()
}

/// The span of this name that a line was logged in.
fn within<'a>(line: &'a Value, name: &str) -> Option<&'a Value> {
    line["spans"].as_array()?.iter().find(|span| span["name"] == name)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_and_call_can_be_found_by_its_run_and_no_prose_is_told() {
    let model = Adversary::new().with_words(180).start().await.unwrap();
    model.adversary.script([Behaviour::Competent, Behaviour::WrongSchema, Behaviour::WrongSchema, Behaviour::ServerError]);
    let server = Server::of(Arc::new(writer("info", &model)));
    let run = server.written().await;
    let steps = server.steps(&run).await;
    let chapters = server.get(&format!("/workflow-runs/{run}/export?format=txt")).await.text;
    let (_, log) = server.end();
    let lines = lines(&log);
    let seen: BTreeSet<(i64, i64, String)> = lines
        .iter()
        .filter_map(|line| within(line, "step").filter(|_| line["message"] == "a step has ended"))
        .filter(|span| span["run"] == run.as_str())
        .map(|span| (span["step"].as_i64().unwrap(), span["attempt"].as_i64().unwrap(), span["step_name"].as_str().unwrap().to_owned()))
        .collect();
    let made: BTreeSet<_> = steps
        .iter()
        .map(|step| (step["index"].as_i64().unwrap(), step["attempt"].as_i64().unwrap(), step["name"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(seen, made, "{log}");
    assert!(made.iter().any(|(_, attempt, _)| *attempt > 1), "some were tried again: {made:?}");
    let call = lines.iter().find(|line| line["message"] == "a model has answered").unwrap();
    let span = within(call, "call").unwrap();
    assert!(span["task"].is_string() && span["slot"].is_string() && span["model"] == "openai/gpt-5-mini", "{call}");
    assert!(within(call, "step").is_some_and(|step| step["run"] == run.as_str()));
    for paragraph in chapters.lines().filter(|line| line.split_whitespace().count() > 8) {
        let words: Vec<&str> = paragraph.split_whitespace().take(8).collect();
        assert!(!log.contains(&words.join(" ")), "prose in the log: {paragraph}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_never_stands_in_the_log_however_much_is_logged() {
    for format in ["json", "text"] {
        let model = Adversary::new().with_words(180).with_key(KEY).start().await.unwrap();
        let server = Server::of(Arc::new(writer("trace", &model).with("FABULIST_LOG_FORMAT", format)));
        let run = server.run().await;
        for _ in 0..3 {
            server.post(&format!("/workflow-runs/{run}/next"), Value::Null).await.is(200);
        }
        let answer = server.send(server.client.get(server.at("/briefs")).header("x-request-id", "mine-7")).await;
        assert_eq!(answer.header("x-request-id"), "mine-7");
        let answer = server.send(server.client.get(server.at("/briefs")).header("x-request-id", "not mine \"7\"")).await;
        assert_eq!(answer.header("x-request-id").len(), 36, "one of ours");
        let (_, log) = server.end();
        assert!(log.contains("TRACE") && log.lines().count() > 15, "everything is logged: {log}");
        assert!(!log.contains(KEY), "the key stands in the log");
        assert!(log.contains("mine-7"));
        if format == "json" {
            let asked =
                lines(&log).into_iter().find(|line| within(line, "request").is_some_and(|span| span["request"] == "mine-7")).unwrap();
            let span = within(&asked, "request").unwrap();
            assert_eq!((&span["method"], &span["route"]), (&"GET".into(), &"/api/v1/briefs".into()));
        }
    }
}

#[test]
fn an_environment_that_is_no_text_does_not_keep_a_command_from_its_work() {
    use std::os::unix::ffi::OsStrExt as _;
    let odd = std::ffi::OsStr::from_bytes(b"caf\xe9");
    let said = Writer::new().command(&["openapi"]).env("ODD_API_KEY", odd).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
}
