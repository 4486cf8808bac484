//! Two old novels, whole: what the rules say of them, which nobody has planted anything in.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test")]

use std::{fs, path::Path, time::Instant};

use documents::{ImportOptions, LintedNovel, import_novel, lint_novel};
use story::{
    extraction::{Extraction, Presence, StoryEvent},
    language::Tongue,
    lint::{Asked, Book, Chapter, check},
    text::{Length, normalize},
};

fn linted(name: &str) -> (LintedNovel, u64) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/texts").join(name);
    let bytes = fs::read(path).unwrap();
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

#[test]
fn a_hundred_chapters_are_held_against_the_rules_in_a_moment() {
    let source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/texts/hongloumeng_1-12.txt")).unwrap();
    let written: Vec<(String, Extraction)> = (0..100).map(|n| chapter(&source, n)).collect();
    let chapters = (1..).zip(&written);
    let chapters = chapters.map(|(ordinal, (text, told))| Chapter { ordinal, text, extraction: Some(told), ..Chapter::default() });
    let book = Book { tongue: Some(Tongue::Zh), chapters: chapters.collect(), ..Book::default() };
    let begun = Instant::now();
    let found = check(&book).len();
    let took = begun.elapsed();
    println!("100 chapters of 3,000 characters: {took:.3?}, {found} findings");
    // The aim is one second in release; a busy machine is given time.
    assert!(took.as_secs() < 20, "{took:?}");
}

/// 3,000 characters of the old novel, every seventh sign another one in each chapter, so that no chapter repeats another.
fn chapter(source: &str, n: u32) -> (String, Extraction) {
    let from = (n as usize * 2_900) % (source.chars().count() - 4_000);
    let (mut text, mut length) = (String::new(), 0);
    for (at, c) in source.chars().skip(from).enumerate() {
        let other = ('\u{4E00}'..='\u{9000}').contains(&c) && at % 7 == 0;
        text.push(if other { char::from_u32(u32::from(c) + n).unwrap() } else { c });
        length += u32::from(c.is_alphanumeric());
        if length == 3_000 {
            break;
        }
    }
    let text = normalize(&text.replace('\n', "\n\n"));
    let mut told = Extraction::default();
    for (at, paragraph) in text.split("\n\n").filter(|paragraph| paragraph.chars().count() > 12).take(12).enumerate() {
        let (character, quote): (String, String) = (format!("人物{at}"), paragraph.chars().take(12).collect());
        let place = Some(format!("地方{at}"));
        told.presence.push(Presence { character: character.clone(), place, quote: quote.clone(), ..Presence::default() });
        told.events.push(StoryEvent { text: quote.clone(), characters: vec![character], quote, ..StoryEvent::default() });
    }
    (text, told)
}
