//! `fabulist lint`: faults that code finds, in a file and in what a run has written.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests say what they did, and stop at what they did not expect")]

mod support;

use serde_json::Value;
use support::{SHORT, Writer};

const FAULTY: &str = "Chapter 1\n\nOn Monday, July 4, 1976, the whole street was out on the roofs.\n\nLena had been given the red rocket to hold.\n\n\
                      Chapter 3\n\nThe porter (a small man with a large bunch of keys went ahead.\n\nHe did not look round.\n";
const CLEAN: &str = "Chapter 1\n\n“Where is the lamp?” asked Mara.\n\nChapter 2\n\n“Gone,” said Holt, and sat down.\n";

fn rules(document: &Value) -> Vec<&str> {
    document["books"][0]["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect()
}

#[test]
fn a_faulty_file_ends_with_three_and_each_fault_is_told_with_its_line_words_and_hint() {
    let writer = Writer::new();
    writer.file("faulty.txt", FAULTY);
    let said = writer.run(&["lint", "faulty.txt"]);
    assert_eq!(said.code, 3, "{}", said.stderr);
    for words in [
        "faulty.txt:3: warning[weekday] Chapter 1 calls “July 4, 1976” a Monday; it was a Sunday.",
        "error[chapter-numbering]",
        "faulty.txt:9: warning[unbalanced-marks]",
        "  hint: Change the day or the date.",
        "  fingerprint: ",
    ] {
        assert!(said.stdout.contains(words), "`{words}` is missing in\n{}", said.stdout);
    }
    assert!(said.stderr.contains("1 errors, 2 warnings."), "{}", said.stderr);
    assert!(!writer.data().exists(), "a file needs no database");

    let zh = writer.run(&["lint", "faulty.txt", "--lang", "zh"]);
    assert_eq!(zh.code, 3);
    for words in ["第 1 章把“July 4, 1976”写成星期一，其实是星期日。", "提示：请改星期或日期。", "错误[chapter-numbering]"]
    {
        assert!(zh.stdout.contains(words), "`{words}` is missing in\n{}", zh.stdout);
    }
    let errors = writer.run(&["lint", "faulty.txt", "--errors-only"]);
    assert!(errors.code == 3 && !errors.stdout.contains("weekday") && errors.stdout.contains("chapter-numbering"), "{}", errors.stdout);
}

#[test]
fn an_honest_file_ends_with_nothing() {
    let writer = Writer::new();
    writer.file("clean.txt", CLEAN);
    let said = writer.ok(&["lint", "clean.txt"]);
    assert_eq!(said.stdout, "clean.txt: nothing found.\n");
    writer.file("brief.toml", "premise = \"x\"\nforbidden = [\"lamp\"]\n");
    let said = writer.run(&["lint", "clean.txt", "--brief", "brief.toml"]);
    assert!(said.code == 3 && said.stdout.contains("warning[forbidden-words]"), "{}", said.stdout);
    let said = writer.run(&["lint", "nowhere.txt"]);
    assert_eq!(said.code, 2, "{}", said.stderr);
}

#[test]
fn json_and_sarif_tell_the_same_findings() {
    let writer = Writer::new();
    writer.file("a book.txt", FAULTY);
    let json = writer.run(&["lint", "a book.txt", "--json"]);
    assert_eq!(json.code, 3);
    let told: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((told["errors"].as_u64(), told["warnings"].as_u64()), (Some(1), Some(2)));
    assert_eq!(rules(&told), ["weekday", "chapter-numbering", "unbalanced-marks"]);

    let sarif = writer.run(&["lint", "a book.txt", "--format", "sarif"]);
    assert_eq!(sarif.code, 3);
    let log: Value = serde_json::from_str(&sarif.stdout).unwrap();
    // What SARIF 2.1.0 asks of a log, a run, a tool and a result.
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "fabulist");
    let known: Vec<&Value> = run["tool"]["driver"]["rules"].as_array().unwrap().iter().map(|rule| &rule["id"]).collect();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 3);
    for (result, rule) in results.iter().zip(rules(&told)) {
        assert_eq!(result["ruleId"], rule);
        assert!(known.contains(&&result["ruleId"]) && result["message"]["text"].is_string());
        assert!(["error", "warning"].contains(&result["level"].as_str().unwrap()));
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20book.txt");
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
        assert_eq!(result["partialFingerprints"]["fabulist/v1"].as_str().unwrap().len(), 16);
    }
}

#[test]
fn a_run_is_held_against_the_rules_with_its_brief() {
    let writer = Writer::new();
    writer.file("brief.toml", SHORT);
    let run = writer.json(&["write", "brief.toml"])["run"]["id"].as_str().unwrap().to_owned();
    let said = writer.run(&["lint", &run, "--json"]);
    assert!([0, 3].contains(&said.code), "{}", said.stderr);
    let told: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(told["books"][0]["workflow_run_id"], run.as_str());
    assert_eq!(told["books"][0]["chapters"].as_array().unwrap().len(), 2);
    assert_eq!(told["errors"], 0, "a rehearsal contradicts nothing: {}", said.stdout);

    // A hand puts a day into chapter 2 that is in no calendar.
    let artifacts = writer.json(&["artifacts", "list", &run]);
    let second = artifacts["items"][1]["id"].as_str().unwrap().to_owned();
    writer.file("two.txt", "The lease ran out on June 31, and nobody noticed.\n");
    writer.json(&["artifacts", "put", &second, "two.txt"]);
    let said = writer.run(&["lint", &run, "--json"]);
    assert_eq!(said.code, 3);
    let told: Value = serde_json::from_str(&said.stdout).unwrap();
    let day = told["books"][0]["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == "weekday").unwrap();
    assert_eq!((day["spans"][0]["chapter"].as_u64(), day["spans"][0]["quote"].as_str()), (Some(2), Some("June 31")));
    assert!(day["spans"][0]["version_id"].is_string());
    assert_eq!(writer.run(&["lint", "0123-4567-89ab"]).code, 5, "no such run");
}
