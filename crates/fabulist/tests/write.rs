//! The main job through the terminal: a brief becomes the files of a finished book.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests say what they did, and stop at what they did not expect")]

mod support;

use std::path::Path;

use story::text::{Length, paragraph_print, paragraphs};
use support::{SHORT, Writer, snapshot};

fn example(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name).to_string_lossy().into_owned()
}

#[test]
fn a_writer_types_one_command_and_gets_a_finished_novel_in_a_folder() {
    let writer = Writer::new();
    let said = writer.ok(&["write", &example("lighthouse.toml")]);
    let path = said.stdout.trim();
    let book = std::fs::read_to_string(path).expect("the file that was named");
    assert!(book.starts_with("# "), "the title stands first");
    assert!(book.lines().take(4).any(|line| line.starts_with("> ")), "a rehearsal says so in its head");
    assert_eq!(book.lines().filter(|line| line.starts_with("## Chapter ")).count(), 12);
    assert!(said.stderr.contains("12/12"), "progress is told in plain lines:\n{}", said.stderr);
    assert!(said.stderr.contains("--model openai/"), "it says what to do next:\n{}", said.stderr);

    let run = writer.only_run();
    assert_eq!(run["status"], "succeeded");
    assert_eq!(run["progress"]["done"], run["progress"]["total"]);
    assert!(
        writer
            .steps(run["id"].as_str().unwrap())
            .iter()
            .all(|(_, attempt, name, status)| *attempt == 1 && status == "succeeded" && name != "novel.chapter.fix")
    );
}

#[test]
fn every_chapter_has_its_length_and_no_paragraph_stands_twice_in_either_language() {
    for (name, chapters) in [("lighthouse.toml", 12), ("longmen.toml", 20), ("short.json", 3), ("night-ferry.md", 0)] {
        let writer = Writer::new();
        let written = writer.json(&["write", &example(name)]);
        let run = writer.only_run();
        let state = writer.json(&["runs", "show", run["id"].as_str().unwrap()])["run"]["state"].clone();
        let range = &state["output_spec"]["chapter_length"];
        let (min, max, unit) = (range["min"].as_u64().unwrap(), range["max"].as_u64().unwrap(), range["unit"].as_str().unwrap());
        let text = std::fs::read_to_string(written["files"][0]["path"].as_str().unwrap()).unwrap();
        let bodies: Vec<&str> = text.split("\n## ").skip(1).map(|c| c.split_once('\n').map_or("", |(_, body)| body)).collect();
        if chapters > 0 {
            assert_eq!(bodies.len(), chapters, "{name}");
        }
        let mut seen = std::collections::BTreeSet::new();
        for (n, body) in bodies.iter().enumerate() {
            let length = Length::of(body);
            let length = if unit == "words" { length.words } else { length.chars };
            assert!((min..=max).contains(&length), "{name}, chapter {}: {length} {unit} is not in {min}..={max}", n + 1);
            for paragraph in paragraphs(body.trim()) {
                if let Some(print) = paragraph_print(paragraph) {
                    assert!(seen.insert(print), "{name}, chapter {}: a paragraph stands twice: {paragraph}", n + 1);
                }
            }
        }
    }
}

#[test]
fn the_same_command_again_exports_the_finished_book_and_changes_no_byte() {
    let writer = Writer::new();
    writer.file("brief.toml", SHORT);
    writer.ok(&["write", "brief.toml"]);
    let before = snapshot(&writer.path("out"));
    let said = writer.ok(&["write", "brief.toml"]);
    assert!(said.stderr.contains("finished"), "{}", said.stderr);
    assert_eq!(snapshot(&writer.path("out")), before);
    writer.only_run();
}

#[test]
fn one_snapshot_gives_one_book_on_every_machine_and_another_seed_another() {
    let book = |brief: &str| {
        let writer = Writer::new();
        writer.file("brief.toml", brief);
        let written = writer.json(&["write", "brief.toml"]);
        std::fs::read_to_string(written["files"][0]["path"].as_str().unwrap()).unwrap()
    };
    assert_eq!(book(SHORT), book(SHORT));
    assert_ne!(book(SHORT), book(&format!("{SHORT}seed = 7\n")));
}

#[test]
fn a_file_that_a_person_changed_is_never_overwritten() {
    let writer = Writer::new();
    writer.file("brief.toml", SHORT);
    let written = writer.json(&["write", "brief.toml"]);
    let path = written["files"][0]["path"].as_str().unwrap().to_owned();
    let mine = std::fs::read_to_string(&path).unwrap().replacen("Ines", "Inés", 1);
    std::fs::write(&path, &mine).unwrap();
    let said = writer.ok(&["write", "brief.toml"]);
    assert!(said.stderr.contains("changed by hand"), "{}", said.stderr);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), mine);
    assert!(Path::new(&path.replace(".md", ".new.md")).exists());
}

#[test]
fn new_starts_another_run_and_other_options_do_too() {
    let writer = Writer::new();
    writer.file("brief.toml", SHORT);
    writer.ok(&["write", "brief.toml"]);
    writer.ok(&["write", "brief.toml", "--new"]);
    writer.ok(&["write", "brief.toml", "--chapters", "3"]);
    assert_eq!(writer.json(&["runs", "list"])["items"].as_array().unwrap().len(), 3);
}

#[test]
fn two_calls_of_write_at_once_write_one_book() {
    let writer = Writer::new();
    writer.file("brief.toml", SHORT);
    let children: Vec<_> = (0..3).map(|_| writer.start(&["write", "brief.toml"])).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let run = writer.only_run();
    let steps = writer.steps(run["id"].as_str().unwrap());
    let indexes: Vec<i64> = steps.iter().map(|s| s.0).collect();
    assert_eq!(indexes, (1..=i64::try_from(steps.len()).unwrap()).collect::<Vec<_>>(), "no step twice");
}

#[test]
fn a_plan_is_shown_and_nothing_is_drafted_until_the_command_is_given_without_it() {
    let writer = Writer::new();
    writer.file("brief.toml", SHORT);
    let planned = writer.json(&["write", "brief.toml", "--plan"]);
    assert_eq!(planned["plan"].as_array().unwrap().len(), 2);
    let run = writer.only_run();
    assert_eq!(run["cursor"]["phase"], "novel.chapter.beats");
    assert_eq!(run["autorun"], false);
    writer.ok(&["write", "brief.toml"]);
    assert_eq!(writer.only_run()["status"], "succeeded");
}

#[test]
fn the_terminal_speaks_chinese_when_asked() {
    let writer = Writer::new();
    writer.file("brief.toml", SHORT);
    let said = writer.ok(&["write", "brief.toml", "--lang", "zh"]);
    assert!(said.stderr.contains("完成：2 章"), "{}", said.stderr);
    assert!(writer.ok(&["runs", "list", "--lang", "zh-Hans"]).stdout.contains("succeeded"));
}

#[test]
fn every_prompt_is_the_same_bytes_in_every_process() {
    let prompts = |writer: &Writer| {
        writer.file("brief.toml", SHORT);
        writer.ok(&["write", "brief.toml"]);
        let run = writer.only_run()["id"].as_str().unwrap().to_owned();
        let last = writer.steps(&run).last().unwrap().0;
        let shown = (1..=last).map(|index| writer.json(&["runs", "show", &run, "--step", &index.to_string()]));
        let calls: Vec<_> = shown.flat_map(|step| step["calls"].as_array().unwrap().clone()).collect();
        calls.into_iter().map(|call| (call["task"].clone(), call["slot"].clone(), call["messages"].clone())).collect::<Vec<_>>()
    };
    let (one, other) = (prompts(&Writer::new()), prompts(&Writer::new()));
    let tasks: std::collections::BTreeSet<&str> = one.iter().map(|(task, ..)| task.as_str().unwrap()).collect();
    assert_eq!(tasks.len(), 5, "outline, beats, draft, extract, critique: {tasks:?}");
    assert_eq!(one, other);
}
