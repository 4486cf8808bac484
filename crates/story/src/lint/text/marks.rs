use std::ops::Range;

use super::super::{Desk, page::Page};
use crate::{
    finding::{Finding, Severity},
    language::Tongue,
};

const RULE: &str = "unbalanced-marks";

const PAIRS: [(char, char); 9] =
    [('(', ')'), ('（', '）'), ('[', ']'), ('【', '】'), ('《', '》'), ('「', '」'), ('『', '』'), ('“', '”'), ('〔', '〕')];
/// A Chinese speech that goes on in the next paragraph is longer than this.
const SHORT_SPEECH: usize = 30;

/// A bracket or quotation mark is opened and never closed.
///
/// A speech that goes on over several paragraphs opens each of them; `a)` and `:)` close nothing; what is closed without having been opened
/// says too little.
pub(super) fn check(desk: &Desk<'_>, page: &Page<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (open, close) in PAIRS {
        if page.text.contains(open) {
            for at in left_open(desk, page, open, close) {
                let sentence = page.sentence_at(at);
                let words = &page.text[at..sentence.end.max(at + open.len_utf8())];
                let message = format!("{} opens {open} and does not close it: “{}”.", page.named(), crate::digests::shorten(words, 60));
                let hint = format!("Set the {close} where it belongs.");
                let finding = Finding::new(RULE, Severity::Warning, words, message, hint);
                // The words behind it are what the place is known by.
                let end = words.char_indices().map(|(at, _)| at).nth(24).unwrap_or(words.len());
                found.push(page.over(finding, at..at + end));
            }
        }
    }
    found
}

/// Where `open` stands that nothing closes.
fn left_open(desk: &Desk<'_>, page: &Page<'_>, open: char, close: char) -> Vec<usize> {
    let speech = matches!(open, '“' | '「');
    let nests = matches!(open, '(' | '（' | '[' | '【' | '《');
    let mut faults = Vec::new();
    let mut stack: Vec<usize> = Vec::new();
    for (number, range) in page.paragraphs.iter().enumerate() {
        let paragraph = &page.text[range.clone()];
        // As many of both: one quotation inside of another, in the same marks.
        if stack.is_empty() && paragraph.matches(open).count() == paragraph.matches(close).count() {
            continue;
        }
        let lead = range.start + (paragraph.len() - paragraph.trim_start().len());
        for (at, c) in paragraph.char_indices().filter(|(_, c)| *c == open || *c == close) {
            let at = range.start + at;
            if c == close {
                stack.pop();
            } else {
                let goes_on = speech && at == lead && !stack.is_empty();
                if goes_on {
                    stack.clear();
                } else if let Some(before) = stack.last().copied().filter(|_| !nests || stack.len() > 3) {
                    // Used for both ends, or opened anew in one breath: the second one closes.
                    let closes = speech && ends_words(&page.text[..at]);
                    if closes {
                        stack.pop();
                        continue;
                    }
                    faults.push(before);
                    stack.clear();
                }
                if !is_smiley(page.text, at, open) {
                    stack.push(at);
                }
            }
        }
        if !speech || stack.is_empty() {
            if !speech && page.paragraphs.get(number + 1).is_none_or(|_| !closed_soon(page, number, close, open)) {
                faults.append(&mut stack);
            }
            continue;
        }
        let next = page.paragraphs.get(number + 1).map(|range| page.text[range.clone()].trim_start());
        let single = paragraph.matches(open).count() == 1 && !paragraph.contains(close);
        let broken_off = desk.tongue == Tongue::Zh
            && single
            && stack.len() == 1
            && paragraph.chars().count() <= SHORT_SPEECH
            && next.is_some_and(|next| next.starts_with(open) && next.contains(close) && !next.ends_with(close))
            && paragraph.matches(['。', '！', '？']).count() > 1;
        if broken_off || next.is_none_or(|next| !next.starts_with(open)) && !runs_on(page, number, open, close) {
            // At the end of a chapter the rule of its ending has the word.
            if next.is_some() {
                faults.append(&mut stack);
            }
            stack.clear();
        }
    }
    faults.sort_unstable();
    faults
}

/// Whether the text before ends a sentence, so that an opening mark there was meant to close.
fn ends_words(before: &str) -> bool {
    before.ends_with(['。', '！', '？', '!', '?', '…', '.', ','])
}

fn is_smiley(text: &str, at: usize, open: char) -> bool {
    open == '(' && (text[..at].ends_with([':', ';', '-', '=']) || text[at + 1..].starts_with([':', ';']))
}

/// Whether what is open at the end of paragraph `number` is closed within the next three, before another is opened.
fn closed_soon(page: &Page<'_>, number: usize, close: char, open: char) -> bool {
    following(page, number, 3).any(|range| {
        let text = &page.text[range];
        text.find(close).is_some_and(|at| !text[..at].contains(open))
    })
}

/// Whether a speech that is open goes on without a mark, as over a song, and is closed within the next paragraphs before another is opened.
fn runs_on(page: &Page<'_>, number: usize, open: char, close: char) -> bool {
    for range in following(page, number, 4) {
        let text = &page.text[range];
        match (text.find(close), text.find(open)) {
            (Some(end), start) => return start.is_none_or(|start| end < start),
            (None, Some(_)) => return false,
            (None, None) => {}
        }
    }
    false
}

fn following<'p>(page: &'p Page<'_>, number: usize, most: usize) -> impl Iterator<Item = Range<usize>> + 'p {
    page.paragraphs.iter().skip(number + 1).take(most).cloned()
}
