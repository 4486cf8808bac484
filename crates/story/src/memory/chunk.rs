use std::collections::BTreeSet;

use super::words;
use crate::text::{Span, tokens};

/// A passage has at most so many tokens: about 300 characters of Chinese, or 200 words of English.
const MOST: u64 = 320;

/// A passage of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// Where it stands.
    pub span: Span,
    /// The words that it is found by, each once, in order.
    pub words: BTreeSet<String>,
}

/// The passages of a text, in order: whole paragraphs, as many as fit; of a paragraph that is too long sentences, of a sentence that is
/// too long clauses. Everything but blanks stands in exactly one of them.
pub fn chunks(text: &str) -> Vec<Chunk> {
    let chars: Vec<char> = text.chars().collect();
    let mut pieces = Vec::new();
    for paragraph in crate::text::paragraph_spans(text) {
        cut(&chars, paragraph, Cut::Sentences, &mut pieces);
    }
    let mut spans: Vec<(Span, u64)> = Vec::new();
    for piece in pieces {
        let weight = weight(&chars, piece);
        match spans.last_mut() {
            Some((span, sum)) if *sum + weight <= MOST => {
                span.end = piece.end;
                *sum += weight;
            }
            _ => spans.push((piece, weight)),
        }
    }
    let chunk = |(span, _): (Span, u64)| {
        let passage: String = chars[span.start..span.end].iter().collect();
        Chunk { span, words: words(&passage).collect() }
    };
    spans.into_iter().map(chunk).collect()
}

/// Where a stretch that is too long may be cut.
#[derive(Debug, Clone, Copy)]
enum Cut {
    Sentences,
    Clauses,
    Anywhere,
}

fn weight(chars: &[char], span: Span) -> u64 {
    tokens(&chars[span.start..span.end].iter().collect::<String>())
}

fn cut(chars: &[char], span: Span, at: Cut, pieces: &mut Vec<Span>) {
    let span = trimmed(chars, span);
    if span.start >= span.end {
        return;
    }
    if weight(chars, span) <= MOST {
        pieces.push(span);
        return;
    }
    let (ends, next): (fn(char) -> bool, _) = match at {
        Cut::Sentences => (|c| matches!(c, '.' | '!' | '?' | '。' | '！' | '？' | '…' | '\n'), Cut::Clauses),
        Cut::Clauses => (|c| !c.is_alphanumeric(), Cut::Anywhere),
        Cut::Anywhere => {
            // A token is a character at least.
            let most = usize::try_from(MOST).unwrap_or(usize::MAX);
            pieces.extend((span.start..span.end).step_by(most).map(|start| Span { start, end: span.end.min(start + most) }));
            return;
        }
    };
    let closes = |c: char| matches!(c, '”' | '’' | '」' | '』' | '）' | ')' | '"' | '\'' | '》');
    let mut start = span.start;
    let mut i = span.start;
    while i < span.end {
        let ended = ends(chars[i]);
        i += 1;
        if !ended {
            continue;
        }
        while i < span.end && (closes(chars[i]) || ends(chars[i])) {
            i += 1;
        }
        cut(chars, Span { start, end: i }, next, pieces);
        start = i;
    }
    cut(chars, Span { start, end: span.end }, next, pieces);
}

fn trimmed(chars: &[char], mut span: Span) -> Span {
    while span.start < span.end && chars[span.start].is_whitespace() {
        span.start += 1;
    }
    while span.start < span.end && chars[span.end - 1].is_whitespace() {
        span.end -= 1;
    }
    span
}
