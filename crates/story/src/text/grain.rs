use std::collections::BTreeMap;

use super::{Span, paragraph_spans, slice};

/// In which pieces a text is judged and mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// Paragraphs, with an empty line between them.
    Paragraph,
    /// Lines that are not empty.
    Line,
}

impl Grain {
    /// Where the pieces of a normalised text stand, in order. Counted from 1 wherever a person or a model sees them.
    pub fn spans(self, text: &str) -> Vec<Span> {
        match self {
            Self::Paragraph => paragraph_spans(text),
            Self::Line => {
                let mut at = 0;
                let mut spans = Vec::new();
                for line in text.split('\n') {
                    let end = at + line.chars().count();
                    if !line.trim().is_empty() {
                        spans.push(Span { start: at, end });
                    }
                    at = end + 1;
                }
                spans
            }
        }
    }

    /// The pieces of a normalised text, in order.
    pub fn pieces(self, text: &str) -> Vec<&str> {
        self.spans(text).into_iter().map(|span| slice(text, span)).collect()
    }

    /// `text` with some pieces, by number, in other words. Everything else stays as it is, byte for byte.
    pub fn with(self, text: &str, new: &BTreeMap<u32, String>) -> String {
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for (number, span) in (1_u32..).zip(self.spans(text)) {
            out.push_str(slice(text, Span { start: at, end: span.start }));
            out.push_str(new.get(&number).map_or_else(|| slice(text, span), String::as_str));
            at = span.end;
        }
        out.push_str(slice(text, Span { start: at, end: text.chars().count() }));
        out
    }
}
