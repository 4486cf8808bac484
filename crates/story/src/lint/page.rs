use std::ops::Range;

use super::Chapter;
use crate::{
    finding::Finding,
    language::Tongue,
    plan::UnitKind,
    rules::unit_key,
    screenplay::reading::quotes::quotes,
    text::{Span, find_words},
};

/// A chapter made ready for the rules. Places in it are bytes; findings count scalar values.
pub(super) struct Page<'a> {
    pub(super) chapter: &'a Chapter<'a>,
    pub(super) ordinal: u32,
    pub(super) text: &'a str,
    /// The text with blanks for everything between quotation marks, byte for byte.
    pub(super) told: String,
    /// Where its paragraphs stand.
    pub(super) paragraphs: Vec<Range<usize>>,
    unit: UnitKind,
}

impl<'a> Page<'a> {
    pub(super) fn of(chapter: &'a Chapter<'a>, unit: UnitKind, tongue: Tongue) -> Self {
        let text = chapter.text;
        let mut told = String::with_capacity(text.len());
        let mut at = 0;
        for quote in quotes(text, tongue) {
            let from = quote.start.max(at);
            told.push_str(&text[at..from]);
            told.extend(std::iter::repeat_n(' ', quote.end.saturating_sub(from)));
            at = quote.end.max(at);
        }
        told.push_str(&text[at..]);
        let mut paragraphs = Vec::new();
        let mut start = 0;
        for paragraph in text.split("\n\n") {
            if !paragraph.is_empty() {
                paragraphs.push(start..start + paragraph.len());
            }
            start += paragraph.len() + 2;
        }
        Self { chapter, ordinal: chapter.ordinal, text, told, paragraphs, unit }
    }

    /// As a sentence begins with it: `Chapter 7`.
    pub(super) fn named(&self) -> String {
        format!("{} {}", self.unit.named(), self.ordinal)
    }

    /// What tells it from the others wherever it stands.
    pub(super) fn key(&self) -> String {
        unit_key(self.chapter.title, self.text)
    }

    /// The finding with these words as evidence.
    pub(super) fn over(&self, finding: Finding, at: Range<usize>) -> Finding {
        finding.over(self.ordinal, self.text, Span::of_bytes(self.text, at.start, at.end))
    }

    /// Its first words.
    pub(super) fn opening(&self) -> Range<usize> {
        let end = self.text.char_indices().map(|(at, _)| at).nth(40).unwrap_or(self.text.len());
        0..self.text[..end].find('\n').unwrap_or(end)
    }

    pub(super) fn find(&self, quote: &str) -> Option<Range<usize>> {
        find_words(self.text, quote)
    }

    /// The number of the paragraph that holds this byte, from 0.
    pub(super) fn paragraph_at(&self, at: usize) -> usize {
        self.paragraphs.partition_point(|paragraph| paragraph.end <= at).min(self.paragraphs.len().saturating_sub(1))
    }

    /// The sentence that holds this byte.
    pub(super) fn sentence_at(&self, at: usize) -> Range<usize> {
        let Some(paragraph) = self.paragraphs.get(self.paragraph_at(at)) else { return 0..0 };
        sentences(&self.text[paragraph.clone()])
            .into_iter()
            .map(|range| range.start + paragraph.start..range.end + paragraph.start)
            .find(|range| range.end > at)
            .unwrap_or_else(|| paragraph.clone())
    }
}

/// The sentences of a paragraph, with the marks that close them.
pub(super) fn sentences(text: &str) -> Vec<Range<usize>> {
    const TITLES: [&str; 9] = ["Mr", "Mrs", "Ms", "Dr", "St", "Prof", "Capt", "No", "Rev"];
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let ends = match c {
            '。' | '！' | '？' | '!' | '?' | '…' => true,
            '.' => {
                let before = text[start..at].rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
                let next = text[at + 1..].chars().next();
                let short = before.chars().count() == 1 && before != "I" || TITLES.contains(&before);
                !short && next.is_none_or(|n| !n.is_alphanumeric())
            }
            _ => false,
        };
        if !ends {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some((next, c)) = chars.peek().copied() {
            if !"。！？!?.…”’」』\"'）)*_".contains(c) {
                break;
            }
            end = next + c.len_utf8();
            chars.next();
        }
        push(text, start..end, &mut found);
        start = end;
    }
    push(text, start..text.len(), &mut found);
    found
}

fn push(text: &str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let words = &text[range.clone()];
    let start = range.start + (words.len() - words.trim_start().len());
    if words.contains(char::is_alphanumeric) {
        found.push(start..range.end);
    }
}
