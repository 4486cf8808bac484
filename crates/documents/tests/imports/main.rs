//! Novels come in: every encoding, every way to head a chapter, every nuisance of files from the web.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on has failed; a seed must be seen")]

mod bad_input;
mod encodings;
mod headings;
mod laying_out;
mod not_story;
mod round_trip;

use documents::{ImportOptions, ImportedNovel, import_novel};

const ALICE: &str = include_str!("../../../../examples/texts/alice.txt");
const HONGLOUMENG: &str = include_str!("../../../../examples/texts/hongloumeng_1-12.txt");

fn import(text: &str) -> ImportedNovel {
    import_novel(text.as_bytes(), &ImportOptions::default()).unwrap()
}

/// Title and first words of each chapter, what was left out, and what is to be known.
fn told(novel: &ImportedNovel) -> String {
    let mut out = format!("“{}” {} {}\n", novel.title, novel.language, novel.encoding);
    for (chapter, n) in novel.chapters.iter().zip(1..) {
        let volume = chapter.volume.as_ref().map(|volume| format!(" [{volume}]")).unwrap_or_default();
        let first: String = chapter.text.chars().take(16).collect();
        out += &format!("{n} {}{volume}: {first:?}\n", chapter.title);
    }
    for aside in &novel.not_story {
        out += &format!("not story, line {}: {:?} {:?}\n", aside.line, aside.kind, aside.excerpt);
    }
    for warning in &novel.warnings {
        out += &format!("warning: {warning}\n");
    }
    out
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}
