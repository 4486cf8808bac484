//! Files that cannot be read say so in Chinese.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use documents::{CHINESE, ImportOptions, import_novel, read_brief};
use story::{
    phrases::{Phrases, in_chinese},
    rules,
};

/// What a terminal knows of briefs and novels.
const TABLES: [&Phrases; 2] = [CHINESE, rules::CHINESE];

/// Whether no English word is left, besides names, keys and examples.
fn is_chinese(text: &str) -> bool {
    text.lines().all(|line| {
        line.chars().any(|c| matches!(c, '\u{4E00}'..='\u{9FFF}'))
            && ![" the ", " is ", " be ", "Write ", "Keep "].iter().any(|word| line.contains(word))
    })
}

#[test]
fn briefs_and_novels_that_cannot_be_read_are_told_in_chinese() {
    let briefs: [(&str, &[u8]); 12] = [
        ("b.docx", b"x"),
        ("b.toml", b""),
        ("b.toml", b"title = \"x\""),
        ("b.toml", b"premise = \"x\"\nchapter_cout = 3\n[output_spec]\nchapter_count = \"two\""),
        ("b.toml", b"premis = \"x\""),
        ("b.toml", b"title = \"caf\xe9\""),
        ("b.json", b"[1]"),
        ("b.json", b"{\"premise\": [\"not\"]}"),
        ("b.json", b"{\"premise\": \"a\\u0000b\"}"),
        ("b.json", b"{\"premise\": \"x\", \"language\": \"Chinese\"}"),
        ("b.md", b"---\ntitle: x\n"),
        ("b.toml", b"premise = \"x\"\n[output_spec]\npov = 1\nchapter_count = 3001\n"),
    ];
    for (name, bytes) in briefs {
        let Err(error) = read_brief(name, bytes) else { continue };
        let (said, hint) = (in_chinese(&TABLES, &error.to_string()), in_chinese(&TABLES, &error.hint()));
        assert!(is_chinese(&said) && is_chinese(&hint), "{error} | {}\n{said} | {hint}", error.hint());
    }
    for bytes in [&b""[..], b"\x00\x01\x02\x03\xff\xfe\x00", b"%PDF-1.7", b"PK\x03\x04", b"Chapter 1\n\nChapter 2\n"] {
        let Err(error) = import_novel(bytes, &ImportOptions::default()) else { continue };
        let (said, hint) = (in_chinese(&TABLES, &error.to_string()), in_chinese(&TABLES, &error.hint()));
        assert!(is_chinese(&said) && is_chinese(&hint), "{error}\n{said} | {hint}");
    }
    let novel = import_novel(
        "第3章 甲\n\n话。\n\n第一章 乙\n\n话二。\n\n第一章 丙\n\n话三。\n\n第九章 丁\n\n".as_bytes(),
        &ImportOptions::default(),
    )
    .unwrap();
    for warning in novel.warnings {
        let said = in_chinese(&TABLES, &warning.to_string());
        assert!(is_chinese(&said), "{warning}\n{said}");
    }
}
