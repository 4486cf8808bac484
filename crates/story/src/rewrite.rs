//! A finished text in part written anew: what a model is asked for, and how its words come to stand in the place of the old ones.
//! Everything beside them stays, byte for byte.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    brief::{FieldError, FrozenBrief},
    context::Context,
    language::Tongue,
    plan::UnitKind,
    tasks::{BriefView, Call, Passage, PassageScope, RewritePassages, ask_prose, read_marked, render},
    text::{Span, normalize, paragraph_spans, slice, tokens},
    workflow::numbered,
};

/// The slot of the call.
pub const SLOT: &str = "rewrite";

/// Which part of a text is written anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All of it.
    Text,
    /// A stretch.
    Span(Span),
    /// Whole paragraphs, by number from 1.
    Paragraphs(BTreeSet<u32>),
}

/// A text, and what is written anew in it.
#[derive(Debug, Clone)]
pub struct Rewrite<'a> {
    text: &'a str,
    scope: Scope,
    /// By number; without the white space at their ends.
    passages: BTreeMap<u32, Span>,
}

/// What is rewritten: for the prompt.
#[derive(Debug, Clone, Copy)]
pub struct Rewritten<'a> {
    #[allow(missing_docs)]
    pub unit: UnitKind,
    #[allow(missing_docs)]
    pub number: u32,
    #[allow(missing_docs)]
    pub title: &'a str,
    /// BCP 47.
    pub language: &'a str,
    #[allow(missing_docs)]
    pub instructions: &'a str,
}

impl<'a> Rewrite<'a> {
    /// What `scope` is of `text`, which is normalised; or what does not fit.
    pub fn new(text: &'a str, scope: Scope) -> Result<Self, FieldError> {
        let length = text.chars().count();
        let fault = |pointer: &str, detail: String| FieldError { pointer: pointer.into(), detail };
        let spans = match &scope {
            Scope::Text => vec![(1, Span { start: 0, end: length })],
            Scope::Span(span) if span.start >= span.end => {
                return Err(fault("/span", "The span is empty: its end must be beyond its start.".into()));
            }
            Scope::Span(span) if span.end > length => {
                return Err(fault("/span/end", format!("The span ends at {}; the text has {length} characters.", span.end)));
            }
            Scope::Span(span) => vec![(1, *span)],
            Scope::Paragraphs(numbers) => {
                let all = paragraph_spans(text);
                let place = |number: &u32| Some((*number, *all.get(usize::try_from(*number).ok()?.checked_sub(1)?)?));
                if numbers.is_empty() {
                    return Err(fault("/paragraphs", "No paragraph is named.".into()));
                }
                if let Some(beyond) = numbers.iter().find(|number| place(number).is_none()) {
                    let detail = format!("There is no paragraph {beyond}: the text has {}, counted from 1.", all.len());
                    return Err(fault("/paragraphs", detail));
                }
                numbers.iter().filter_map(place).collect()
            }
        };
        let passages: BTreeMap<u32, Span> = spans.into_iter().map(|(number, span)| (number, trimmed(text, span))).collect();
        if passages.values().any(|span| span.start >= span.end) {
            return Err(fault("/span", "The span holds nothing but white space.".into()));
        }
        Ok(Self { text, scope, passages })
    }

    /// Where the words stand that are written anew.
    pub fn spans(&self) -> Vec<Span> {
        self.passages.values().copied().collect()
    }

    /// What a model is asked.
    pub fn ask(&self, brief: &FrozenBrief, context: &Context, of: Rewritten<'_>, seed: u64) -> Call {
        let tongue = Tongue::of(of.language);
        let passages = self.passages.iter().map(|(number, span)| Passage { number: *number, text: slice(self.text, *span).to_owned() });
        let (scope, shown) = match &self.scope {
            Scope::Text => (PassageScope::Text, self.text.to_owned()),
            Scope::Span(_) => (PassageScope::Span, self.marked()),
            Scope::Paragraphs(_) => {
                let pieces: Vec<&str> = paragraph_spans(self.text).into_iter().map(|span| slice(self.text, span)).collect();
                (PassageScope::Paragraphs, numbered(&pieces))
            }
        };
        let input = RewritePassages {
            brief: BriefView::of(brief),
            language: of.language.to_owned(),
            unit: of.unit,
            number: of.number,
            title: of.title.to_owned(),
            instructions: of.instructions.trim().to_owned(),
            scope,
            passages: passages.collect(),
        };
        let longest = input.passages.iter().map(|passage| tokens(&passage.text)).sum::<u64>() * 3 + 800;
        let shown = crate::workflow::shown(tongue, of.unit, &shown);
        ask_prose(SLOT, &input, context.with(Some(&shown), render(&input, tongue)), longest, seed)
    }

    /// The text with the passages as they were told; every other byte stays. Fails, in a sentence, where the answer changes nothing or does not
    /// join what stands around it.
    pub fn take(&self, told: &str) -> Result<String, String> {
        let new: BTreeMap<u32, String> = match &self.scope {
            Scope::Paragraphs(_) => read_marked(told, &self.passages.keys().copied().collect::<Vec<_>>())?,
            Scope::Span(_) => BTreeMap::from([(1, normalize(told.trim().trim_start_matches('⟦').trim_end_matches('⟧')))]),
            Scope::Text => BTreeMap::from([(1, normalize(told))]),
        };
        let text = self.with(&new);
        if text == self.text {
            return Err("the model gave the text back as it was".into());
        }
        if normalize(&text) != text {
            return Err("the new words do not join those around them".into());
        }
        Ok(text)
    }

    /// The text with new words in the place of passages; an empty passage, or none, keeps the old ones.
    fn with(&self, new: &BTreeMap<u32, String>) -> String {
        let mut out = String::with_capacity(self.text.len());
        let mut at = 0;
        for (number, span) in &self.passages {
            out.push_str(slice(self.text, Span { start: at, end: span.start }));
            let words = new.get(number).map(|words| words.trim()).filter(|words| !words.is_empty());
            out.push_str(words.unwrap_or_else(|| slice(self.text, *span)));
            at = span.end;
        }
        out.push_str(slice(self.text, Span { start: at, end: self.text.chars().count() }));
        out
    }

    /// The text with marks around the passage.
    fn marked(&self) -> String {
        let marked = self.passages.iter().map(|(number, span)| (*number, format!("⟦{}⟧", slice(self.text, *span))));
        self.with(&marked.collect())
    }
}

/// A span without the white space at its ends.
fn trimmed(text: &str, span: Span) -> Span {
    let words = slice(text, span);
    let before = words.chars().take_while(|c| c.is_whitespace()).count();
    let after = words.chars().rev().take_while(|c| c.is_whitespace()).count();
    Span { start: (span.start + before).min(span.end), end: span.end.saturating_sub(after).max(span.start) }
}
