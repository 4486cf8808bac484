//! Two old novels, whole: what the rules say of them, which nobody has planted anything in.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test")]

use std::path::Path;

use documents::{ImportOptions, LintedNovel, import_novel, lint_novel};
use story::{lint::Asked, text::Length};

fn linted(name: &str) -> (LintedNovel, u64) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/texts").join(name);
    let bytes = std::fs::read(path).unwrap();
    let novel = import_novel(&bytes, &ImportOptions::default()).unwrap();
    let words = novel.chapters.iter().map(|chapter| Length::of(&chapter.text).words).sum();
    (lint_novel(&bytes, &novel, Asked::default()), words)
}

#[test]
fn old_novels_raise_no_more_than_one_finding_in_ten_thousand_words() {
    let mut most = Vec::new();
    for name in ["alice.txt", "hongloumeng_1-12.txt"] {
        let (linted, words) = linted(name);
        println!("{name}: {} findings in {words} words", linted.findings.len());
        for (finding, line) in &linted.findings {
            let quotes: Vec<String> =
                finding.spans.iter().map(|e| format!("[{}] {}", e.chapter.unwrap_or(0), story::digests::shorten(&e.quote, 120))).collect();
            println!("{line}: {} · {}\n    {}", finding.rule, finding.message, quotes.join("\n    "));
        }
        most.push((name, linted.findings.len() as u64, words));
    }
    for (name, found, words) in most {
        assert!(found * 10_000 <= words, "{name}: {found} findings in {words} words");
    }
}
