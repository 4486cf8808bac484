//! Rules that need nothing but the words.

mod date;
mod frames;
mod han;
mod marks;
mod names;
mod numbering;
mod paragraphs;
mod passages;
mod patterns;
mod phrases;
mod pov;
mod rhythm;
mod script;
mod tense;
mod titles;
mod weekday;

use super::Desk;
use crate::finding::Finding;
pub(super) use date::dates;

pub(super) fn check(desk: &Desk<'_>) -> Vec<Finding> {
    let mut found = titles::check(desk);
    if !desk.book.unit.is_chapter() {
        // A script is no prose: only what holds for any text.
        found.extend(desk.pages.iter().flat_map(weekday::check));
        return found;
    }
    found.extend(numbering::check(desk));
    found.extend(passages::check(desk));
    found.extend(frames::check(desk));
    found.extend(names::check(desk));
    found.extend(tense::check(desk));
    for page in &desk.pages {
        found.extend(marks::check(desk, page));
        found.extend(script::check(desk, page));
        found.extend(han::check(desk, page));
        found.extend(phrases::check(desk, page));
        found.extend(rhythm::check(desk, page));
        found.extend(paragraphs::check(page));
        found.extend(patterns::check(desk, page));
        found.extend(pov::check(desk, page));
        found.extend(weekday::check(page));
    }
    found
}

/// One word for every word or Han sign, without its case: `words("Don't go")` are `don't` and `go`.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’'))).filter(|word| word.contains(char::is_alphanumeric))
}

/// Whether a paragraph is verse: several short lines.
pub(super) fn is_verse(paragraph: &str) -> bool {
    let lines = paragraph.lines().count();
    lines > 1 && paragraph.lines().filter(|line| line.chars().count() <= 60).count() == lines && lines >= 3
        || lines > 1 && paragraph.lines().all(|line| line.starts_with([' ', '　']) || line.chars().count() <= 45)
}

/// Whether a paragraph holds speech, or is part of it.
pub(super) fn has_speech(paragraph: &str) -> bool {
    paragraph.contains(['“', '”', '"', '「', '『', '‘', '«']) || paragraph.trim_start().starts_with(['—', '–', '\'', '-'])
}
