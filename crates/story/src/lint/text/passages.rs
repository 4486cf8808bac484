use std::{collections::BTreeSet, ops::Range};

use super::super::{
    Desk,
    page::Page,
    tokens::{Token, shingles, tokens},
};
use crate::{
    finding::{Finding, Severity},
    language::Tongue,
    text::paragraph_print,
};

const RULE: &str = "repeated-passage";

/// So many words or Han signs in a row say the same again.
const WORDS: usize = 18;
const SIGNS: usize = 28;
/// At most so many are told of one chapter.
const MOST: usize = 10;

/// A passage inside of a paragraph stands in an earlier chapter already.
///
/// Whole paragraphs are another rule's business. Every run of words is hashed once, and looked up once.
pub(super) fn check(desk: &Desk<'_>) -> Vec<Finding> {
    let size = if desk.tongue == Tongue::Zh { SIGNS } else { WORDS };
    let words: Vec<Vec<Token>> = desk.pages.iter().map(|page| tokens(page.text)).collect();
    let mut all: Vec<(u64, u32, u32)> = Vec::new();
    for (chapter, words) in words.iter().enumerate() {
        let hashes = shingles(words, size).into_iter().enumerate();
        all.extend(hashes.filter_map(|(at, hash)| Some((hash, u32::try_from(chapter).ok()?, u32::try_from(at).ok()?))));
    }
    all.sort_unstable();
    // For each place, the first one of the same words, where that lies in an earlier chapter.
    let mut earlier: Vec<Vec<Option<(usize, usize)>>> = words.iter().map(|words| vec![None; words.len()]).collect();
    for same in all.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
        let (_, first, at) = same[0];
        for (_, chapter, place) in same.iter().filter(|(_, chapter, _)| *chapter > first) {
            earlier[*chapter as usize][*place as usize] = Some((first as usize, at as usize));
        }
    }
    let whole = whole_paragraphs(desk);
    let mut found = Vec::new();
    for (chapter, page) in desk.pages.iter().enumerate() {
        let mut told = 0;
        let mut at = 0;
        while at < earlier[chapter].len() && told < MOST {
            let Some((from, place)) = earlier[chapter][at] else {
                at += 1;
                continue;
            };
            let mut end = at;
            while earlier[chapter].get(end + 1).copied().flatten() == Some((from, place + end + 1 - at)) {
                end += 1;
            }
            let here = bytes(&words[chapter], at, end + size);
            let there = bytes(&words[from], place, place + end + size - at);
            at = end + size;
            if !whole.contains(&(chapter, page.paragraph_at(here.start))) {
                found.push(finding(page, here, &desk.pages[from], there));
                told += 1;
            }
        }
    }
    found
}

fn bytes(words: &[Token], from: usize, to: usize) -> Range<usize> {
    words[from].start..words[to - 1].end
}

fn finding(page: &Page<'_>, here: Range<usize>, other: &Page<'_>, there: Range<usize>) -> Finding {
    let words = crate::digests::shorten(&page.text[here.clone()], 60);
    let plain: String = page.text[here.clone()].chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let message = format!("{} says again what stands in {}: “{words}”.", page.named(), other.named().to_lowercase());
    let finding = Finding::new(RULE, Severity::Warning, &plain, message, "Say it anew, or let something else happen there.".into())
        .against(format!("{}: “{words}”", other.named()));
    other.over(page.over(finding, here), there)
}

/// Paragraphs that stand in an earlier chapter or further up, word for word.
fn whole_paragraphs(desk: &Desk<'_>) -> BTreeSet<(usize, usize)> {
    let mut seen = BTreeSet::new();
    let mut whole = BTreeSet::new();
    for (chapter, page) in desk.pages.iter().enumerate() {
        for (number, range) in page.paragraphs.iter().enumerate() {
            if paragraph_print(&page.text[range.clone()]).is_some_and(|print| !seen.insert(print)) {
                whole.insert((chapter, number));
            }
        }
    }
    whole
}
