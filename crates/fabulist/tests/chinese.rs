//! Somebody who reads Chinese meets no English: help, messages, errors.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests say what they did, and stop at what they did not expect")]

mod support;

use std::{fs, path::Path};

use story::phrases::{Phrases, unsaid};
use support::Writer;

/// Names, options, paths and figures aside: whether a line is in Chinese.
fn is_chinese(line: &str) -> bool {
    line.trim().is_empty() || line.chars().any(|c| matches!(c, '\u{4E00}'..='\u{9FFF}')) || !line.chars().any(char::is_alphabetic)
}

#[test]
fn help_is_in_chinese_by_the_option_and_by_the_environment() {
    let (plain, zh) = (Writer::new(), Writer::new().with("LANG", "zh_CN.UTF-8"));
    for args in [&["--help"][..], &["adapt", "-h"], &["runs", "--help"], &["runs", "fork", "--help"], &["help", "presets", "edit"]] {
        let by_env = zh.ok(args).stdout;
        let by_option = plain.ok(&[&["--lang", "zh"], args].concat()).stdout;
        assert_eq!(by_env, by_option);
        assert!(by_env.contains("用法：fabulist") && by_env.contains("选项："), "{by_env}");
        assert!(plain.ok(args).stdout.contains("Usage: fabulist"));
        assert!(zh.ok(&[&["--lang=en"], args].concat()).stdout.contains("Usage: fabulist"));
    }
    assert!(zh.ok(&["adapt", "--help"]).stdout.contains("[默认：out]"));
}

#[test]
fn a_wrong_command_line_is_told_in_chinese() {
    let writer = Writer::new().with("LANG", "zh_CN.UTF-8");
    for (args, words) in [
        (&["fly"][..], &["没有命令 fly"][..]),
        (&["runs", "lst"], &["没有命令 lst", "list"]),
        (&["write", "--fast", "x.toml"], &["没有参数 --fast"]),
        (&["adapt"], &["缺少", "<NOVEL>"]),
        (&["runs", "list", "--limit", "0"], &["--limit", "1..=200"]),
        (&["adapt", "x.txt", "--split", "words"], &["--split", "chapter、length"]),
        (&["adapt", "x.txt", "--split", "length", "--episodes", "3"], &["不能与", "--episodes"]),
        (&["adapt", "x.txt", "--plan"], &["--episodes"]),
    ] {
        let said = writer.run(args);
        assert_eq!(said.code, 2, "{args:?}: {}", said.stderr);
        assert!(said.stderr.starts_with("错误"), "{args:?}: {}", said.stderr);
        for word in words {
            assert!(said.stderr.contains(word), "{args:?}: `{word}` is missing in {}", said.stderr);
        }
    }
    let document = writer.run(&["fly", "--json"]).stdout;
    assert!(document.contains("没有命令"), "{document}");
}

#[test]
fn a_novel_becomes_a_script_without_an_english_word() {
    let writer = Writer::new().with("LANG", "zh_CN.UTF-8");
    let chapter =
        |n: &str| format!("第{n}章 码头\n\n林穗走到码头，天还没亮，陆沉已经等在那里。\n\n林穗问：“灯呢？”\n\n陆沉道：“没了。门开着。”\n\n");
    writer.file("灯.txt", [chapter("一"), chapter("二")].concat());
    let said = writer.ok(&["adapt", "灯.txt"]);
    let english: Vec<&str> = said.stderr.lines().filter(|line| !is_chinese(line)).collect();
    assert!(english.is_empty(), "{english:#?}");
}

#[test]
fn errors_and_their_hints_are_told_in_chinese() {
    let writer = Writer::new().with("LANG", "zh_CN.UTF-8");
    writer.file("brief.toml", support::SHORT.replace("chapter_count = 2", "chapter_count = \"two\""));
    writer.file("novel.txt", "第一章 灯\n\n林穗问：“灯呢？”\n\n第三章 门\n\n陆沉道：“没了。”\n");
    writer.file("empty.txt", "");
    for args in [
        &["write", "brief.toml"][..],
        &["write", "missing.toml"],
        &["write", "novel.txt"],
        &["adapt", "empty.txt"],
        &["adapt", "novel.txt", "--episodes", "500"],
        &["adapt", "novel.txt", "--encoding", "klingon"],
        &["adapt", "novel.txt", "--preset", "none"],
        &["adapt", "novel.txt", "--model", "nobody/x"],
        &["adapt", "novel.txt", "--model", "openai/x"],
        &["runs", "show", "none"],
        &["export", "none"],
        &["export", "none", "--ranges", "5-1"],
        &["export", "none", "--replace", "x"],
    ] {
        let said = writer.run(args);
        assert_ne!(said.code, 0, "{args:?}");
        for line in said.stderr.lines() {
            let left = [" the ", " is ", " be ", " has ", "Write ", "There ", "Choose "].iter().find(|word| line.contains(**word));
            assert!(is_chinese(line) && left.is_none(), "{args:?}: {line}");
        }
        assert!(said.stderr.contains("提示"), "{args:?}: {}", said.stderr);
    }
    assert!(writer.ok(&["adapt", "novel.txt", "--dry-run"]).stderr.contains("中间的缺失"));
}

fn is_table(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("chinese") && name.ends_with(".rs"))
}

fn sources(folder: &Path) -> String {
    let mut all = String::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| !is_table(path)) {
        all += &if path.is_dir() { sources(&path) } else { fs::read_to_string(&path).unwrap() };
    }
    all
}

/// Sentences that are put together from parts which stand apart in the sources: before or behind a place, or behind an `if`.
const JOINED: [&str; 38] = [
    "Take the lock away and try the step again, or put the locked words back into the draft. A redo is given up by removing `redo` from the state.",
    "A person wrote version {} of this text meanwhile; the draft is still in hand. To resume keeps the person's text; to resume with `accept` puts the draft over it.",
    "passages that are probably no part of the story: {}, kept",
    "passages that are probably no part of the story: {}, left out",
    "line {}, column {}: {}",
    "{} has {} characters, but a title has at most {}",
    "{} holds a NUL character",
    "{} is no key of a brief",
    "{} stands beside `content`, where it would not be read",
    "{} must be a language tag (BCP 47), but is \"{}\"",
    "{} must be one of {}, but is \"{}\"",
    "{} must be {}, but is {}",
    "{} is no key of {}",
    "{} is missing: {} needs {}",
    "{} is too short: it has {} {} and is to have {} to {}.",
    "{} is too long: it has {} {} and is to have {} to {}.",
    "{} has a weak opening hook: {} of 100.",
    "{} has a weak closing hook: {} of 100.",
    "{}, paragraph {}, repeats {}: “{}”.",
    "{} holds a NUL character; remove it",
    "{} is missing: every character needs a name",
    "{} chapters begin with the same words: “{}”.",
    "{} chapters end with the same words: “{}”.",
    "Let each chapter begin in its own way.",
    "Let each chapter end in its own way.",
    "{} acts or speaks in chapter {}, but died in chapter {}.",
    "{} acts or speaks in chapter {}, but is dead.",
    "{} ends in the middle of a sentence: “…{}”.",
    "{} ends in the middle of speech: “…{}”.",
    "Chapter {}",
    "Scene {}",
    "Episode {}",
    "the critique",
    "what happens in it",
    "{} is {}, but must be between {} and {}",
    "{} has min {} and max {}: min must be at least 1 and at most max",
    "{} has max {}, but a chapter has at most 100,000",
    "{} is {}, but must be at most 20",
];

#[test]
fn every_sentence_that_has_a_chinese_one_is_still_said() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let tables: [(&str, &Phrases); 5] = [
        ("documents", documents::CHINESE),
        ("studio", studio::CHINESE),
        ("studio", studio::CHINESE_OF_HAND),
        ("story", story::rules::CHINESE),
        ("story", story::lint::CHINESE),
    ];
    for (name, table) in tables {
        let source = sources(&crates.join(name).join("src"));
        let idle: Vec<&str> = unsaid(table, &source).into_iter().filter(|english| !JOINED.contains(english)).collect();
        assert!(idle.is_empty(), "{name} does not say this any more: {idle:#?}");
    }
}
