use std::{collections::BTreeMap, ops::Range};

use super::super::{
    Desk,
    page::{Page, sentences},
    tokens::tokens,
};
use crate::{
    finding::{Finding, Severity},
    language::Tongue,
};

const OPENING: &str = "same-opening";
const CLOSING: &str = "same-closing";

/// So many chapters that begin alike are too many; two, where the words are many.
const CHAPTERS: usize = 3;
/// So many words or Han signs are held against each other.
const WORDS: usize = 8;
const SIGNS: usize = 11;
/// What storytellers have always said.
const FORMULAS: [&str; 9] = ["下回分解", "话说", "却说", "且说", "且听", "列位看官", "once upon a time", "dear ", "yours"];

/// Chapters begin, or end, with the same words.
///
/// The formulas of storytellers and of letters are none.
pub(super) fn check(desk: &Desk<'_>) -> Vec<Finding> {
    let mut found = frame(desk, OPENING, "begin", |page| sentences_of(page, page.paragraphs.first()).into_iter().next());
    found.extend(frame(desk, CLOSING, "end", |page| sentences_of(page, page.paragraphs.last()).pop()));
    found
}

fn sentences_of(page: &Page<'_>, paragraph: Option<&Range<usize>>) -> Vec<Range<usize>> {
    let Some(range) = paragraph else { return Vec::new() };
    sentences(&page.text[range.clone()]).into_iter().map(|s| s.start + range.start..s.end + range.start).collect()
}

fn frame(desk: &Desk<'_>, rule: &str, verb: &str, sentence: impl Fn(&Page<'_>) -> Option<Range<usize>>) -> Vec<Finding> {
    let size = if desk.tongue == Tongue::Zh { SIGNS } else { WORDS };
    let mut groups: BTreeMap<Vec<u64>, Vec<(usize, Range<usize>)>> = BTreeMap::new();
    let mut order = Vec::new();
    for (at, page) in desk.pages.iter().enumerate() {
        let Some(range) = sentence(page) else { continue };
        let words = &page.text[range.clone()];
        let folded = words.to_lowercase();
        let tokens = tokens(words);
        if tokens.len() < size || FORMULAS.iter().any(|formula| folded.contains(formula)) {
            continue;
        }
        let part = if rule == OPENING { &tokens[..size] } else { &tokens[tokens.len() - size..] };
        let key: Vec<u64> = part.iter().map(|token| token.hash).collect();
        let group = groups.entry(key.clone()).or_default();
        if group.is_empty() {
            order.push(key);
        }
        group.push((at, range));
    }
    let mut found = Vec::new();
    for key in order {
        let group = &groups[&key];
        if group.len() < CHAPTERS {
            continue;
        }
        let (first, range) = &group[0];
        let words = &desk.pages[*first].text[range.clone()];
        let message = format!("{} chapters {verb} with the same words: “{}”.", group.len(), crate::digests::shorten(words, 60));
        let hint = format!("Let each chapter {verb} in its own way.");
        let about: String = words.chars().filter(|c| c.is_alphanumeric()).collect();
        let finding = Finding::new(rule, Severity::Warning, &about, message, hint);
        found.push(group.iter().take(8).fold(finding, |finding, (at, range)| desk.pages[*at].over(finding, range.clone())));
    }
    found
}
