//! The whole command tree: every command has help, `--json` prints one document, and nothing but data goes to stdout.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests say what they did, and stop at what they did not expect")]

mod support;

use std::io::{BufRead, BufReader};

use support::{
    SHORT, Writer,
    killing::{Signal, signal},
};

/// The subcommands that a command's own help names.
fn subcommands(writer: &Writer, path: &[&str]) -> Vec<String> {
    let help = writer.ok(&[path, &["--help"]].concat()).stdout;
    let mut found = Vec::new();
    let mut inside = false;
    for line in help.lines() {
        if line.starts_with("Commands:") {
            inside = true;
        } else if inside && line.trim().is_empty() {
            break;
        } else if inside
            && line.starts_with("  ")
            && let Some(name) = line.split_whitespace().next()
            && !line.starts_with("     ")
            && name != "help"
        {
            found.push(name.to_owned());
        }
    }
    found
}

#[test]
fn every_command_explains_itself_and_answers_with_one_json_document() {
    let writer = Writer::new();
    writer.file("brief.toml", SHORT);
    writer.file("brief3.toml", SHORT.replace("chapter_count = 2", "chapter_count = 3"));
    writer.file("novel.txt", "Chapter 1\n\n“Where is the lamp?” asked Mara.\n\nChapter 2\n\n“Gone,” said Holt.\n");
    writer.file("honest.txt", "Chapter 1\n\n“Where is the lamp?” asked Mara.\n\nChapter 2\n\n“Gone,” said Holt.\n");
    let made = writer.json(&["write", "brief.toml"]);
    let run = made["run"]["id"].as_str().unwrap().to_owned();
    writer.json(&["write", "brief3.toml", "--plan"]);
    let other = writer.json(&["runs", "list"])["items"][0]["id"].as_str().unwrap().to_owned();
    assert_ne!(run, other);

    writer.file("brief1.toml", SHORT.replace("chapter_count = 2", "chapter_count = 1"));
    writer.json(&["write", "brief1.toml", "--plan"]);
    let drawn = writer.json(&["runs", "list"])["items"][0]["id"].as_str().unwrap().to_owned();
    writer.json(&["runs", "next", &drawn]);
    writer.json(&["runs", "next", &drawn, "--candidates", "2"]);
    let brief = made["run"]["brief_id"].as_str().unwrap().to_owned();
    writer.file("patch.json", r#"{"guidance": {"rain": {"order": 1, "text": "It rains."}}}"#);
    let artifact = writer.json(&["artifacts", "list", &run])["items"][0]["id"].as_str().unwrap().to_owned();

    let version = writer.json(&["artifacts", "show", &artifact])["version"]["id"].as_str().unwrap().to_owned();

    // How each command is called so that it succeeds. A command that is not here fails the test.
    let calls: Vec<(&str, Vec<&str>)> = vec![
        ("write", vec!["brief.toml"]),
        ("adapt", vec!["novel.txt", "--dry-run"]),
        ("runs list", vec![]),
        ("runs show", vec![&run]),
        ("runs next", vec![&other]),
        ("runs pause", vec![&other]),
        ("runs resume", vec![&other]),
        ("runs start", vec![&other, "--count", "2"]),
        ("runs watch", vec![&run]),
        ("runs forecast", vec![&other]),
        ("runs fork", vec![&run, "--at-step", "3"]),
        ("runs compare", vec![&run, &other]),
        ("runs edit", vec![&other, "patch.json"]),
        ("runs choose", vec![&drawn, "3", "2"]),
        ("runs intervene", vec![&other, "It rains in chapter 2."]),
        ("runs revert", vec![&other, "4"]),
        ("runs redo", vec![&run, "1", "Quieter."]),
        ("runs cancel", vec![&other]),
        ("runs delete", vec![&other, "--yes"]),
        ("bin list", vec![]),
        ("bin restore", vec![&other]),
        ("project export", vec!["brief.fabulist", "--brief", &brief]),
        ("project import", vec!["brief.fabulist", "--data-dir", "elsewhere"]),
        ("artifacts list", vec![&run]),
        ("artifacts show", vec![&artifact]),
        ("artifacts diff", vec![&version]),
        ("artifacts review", vec![&artifact]),
        ("artifacts restore", vec![&version]),
        ("artifacts rewrite", vec![&artifact, "Colder.", "--paragraphs", "1"]),
        ("artifacts lock", vec![&artifact, "--reason", "Mine."]),
        ("artifacts locks", vec![&artifact]),
        ("artifacts unlock", vec![&artifact, "--all"]),
        ("artifacts put", vec![&artifact, "brief.toml"]),
        ("lint", vec!["honest.txt"]),
        ("serve", vec!["--listen", "127.0.0.1:0"]),
        ("openapi", vec![]),
        ("export", vec![&run, "--format", "txt"]),
        ("world", vec![&run, "--chapter", "1"]),
        ("kg show", vec![&run]),
        ("memory", vec![&run, "the boatyard"]),
        ("kg rebuild", vec![&run]),
        ("backup", vec!["copy.db"]),
        ("restore", vec!["copy.db"]),
        ("models", vec![]),
        ("presets list", vec![]),
        ("presets show", vec!["短剧 500-800字"]),
        ("presets edit", vec!["house", "--file", "brief.toml", "--name", "House", "--default"]),
        ("presets reset", vec![]),
        ("doctor", vec![]),
        ("completions", vec!["bash"]),
    ];
    let mut leaves = Vec::new();
    for top in subcommands(&writer, &[]) {
        let below = subcommands(&writer, &[&top]);
        if below.is_empty() {
            leaves.push(top);
        } else {
            leaves.extend(below.iter().map(|sub| format!("{top} {sub}")));
        }
    }
    let called: Vec<String> = calls.iter().map(|(name, _)| (*name).to_owned()).collect();
    for leaf in &leaves {
        assert!(called.contains(leaf), "the command `{leaf}` is not called by this test");
    }
    assert_eq!(leaves.len(), calls.len());
    for (name, args) in &calls {
        let words: Vec<&str> = name.split(' ').chain(args.iter().copied()).collect();
        if *name == "runs watch" {
            let said = writer.ok(&[&words[..], &["--json"]].concat());
            assert!(said.stdout.lines().count() > 10);
            for line in said.stdout.lines() {
                serde_json::from_str::<serde_json::Value>(line).unwrap_or_else(|e| panic!("{name}: {e}: {line}"));
            }
        } else if *name == "serve" {
            let mut child = writer.start(&[&words[..], &["--json"]].concat());
            let mut line = String::new();
            BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
            let told: serde_json::Value = serde_json::from_str(&line).unwrap();
            assert!(told["url"].as_str().unwrap().starts_with("http://127.0.0.1:"), "{line}");
            signal(&child, Signal::Terminate);
            assert_eq!(child.wait().unwrap().code(), Some(0));
        } else {
            writer.json(&words);
        }
    }
}

#[test]
fn a_wrong_command_line_ends_with_two() {
    let writer = Writer::new();
    for args in [vec!["fly"], vec!["write"], vec!["runs"], vec!["runs", "fly"], vec!["write", "--color", "mauve", "x.toml"]] {
        let said = writer.run(&args);
        assert_eq!(said.code, 2, "{args:?}: {}", said.stderr);
        assert!(said.stdout.is_empty(), "{args:?} wrote to stdout: {}", said.stdout);
    }
}

#[test]
fn completions_are_written_for_every_shell() {
    let writer = Writer::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(writer.ok(&["completions", shell]).stdout.contains("fabulist"), "{shell}");
    }
}

#[test]
fn no_colour_goes_to_a_pipe_unless_it_is_asked_for() {
    let writer = Writer::new();
    let plain = writer.run(&["runs", "show", "none"]);
    assert!(!plain.stderr.contains('\u{1b}'));
    assert!(writer.run(&["runs", "show", "none", "--color", "always"]).stderr.contains('\u{1b}'));
}
