use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A stretch of text in Unicode scalar values from 0, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// The first scalar value.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

impl Span {
    /// Where the byte range `start..end` of `text` lies in scalar values.
    pub fn of_bytes(text: &str, start: usize, end: usize) -> Self {
        let before = text[..start].chars().count();
        Self { start: before, end: before + text[start..end].chars().count() }
    }

    /// The first place where `needle` stands in `text`, if it does.
    pub fn find(text: &str, needle: &str) -> Option<Self> {
        if needle.is_empty() {
            return None;
        }
        text.find(needle).map(|at| Self::of_bytes(text, at, at + needle.len()))
    }

    /// The first place where the words of `quote` stand in `text`, any white space taken for one blank: a quote over a
    /// line end is found too.
    pub fn find_words(text: &str, quote: &str) -> Option<Self> {
        find_words(text, quote).map(|bytes| Self::of_bytes(text, bytes.start, bytes.end))
    }

    /// Whether the two share a scalar value.
    pub fn meets(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// Where the words of `quote` stand in `text`, in bytes, any white space taken for one blank.
pub(crate) fn find_words(text: &str, quote: &str) -> Option<Range<usize>> {
    let words: Vec<&str> = quote.split_whitespace().collect();
    let first = *words.first()?;
    text.match_indices(first).find_map(|(start, _)| {
        let mut end = start + first.len();
        for word in &words[1..] {
            let rest = text[end..].trim_start();
            if rest.len() == text.len() - end || !rest.starts_with(word) {
                return None;
            }
            end = text.len() - rest.len() + word.len();
        }
        Some(start..end)
    })
}

/// The words of `text` that `span` covers; what lies beyond the end is left out.
pub fn slice(text: &str, span: Span) -> &str {
    let mut at = text.char_indices().map(|(i, _)| i).chain([text.len()]);
    let start = at.by_ref().nth(span.start).unwrap_or(text.len());
    let end = match span.end.checked_sub(span.start) {
        None | Some(0) => start,
        Some(n) => at.nth(n - 1).unwrap_or(text.len()),
    };
    &text[start..end]
}
