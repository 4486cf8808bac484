//! A type-checker for stories: what code decides about a whole book, with no model.
//!
//! Rules of the text need nothing but the chapters. Rules of the story look at what was read of each chapter before, too, and at what the
//! brief asks. One file a rule; each says what it takes for a fault, and what not.

mod chinese;
mod facts;
mod page;
mod people;
mod single;
mod text;
mod tokens;

use std::collections::BTreeMap;

pub use chinese::CHINESE;

use crate::{
    brief::{BriefContent, Character, Pov},
    canonical::hash_text,
    extraction::Extraction,
    finding::Finding,
    language::Tongue,
    output_spec::LengthRange,
    plan::UnitKind,
};
use page::Page;
use people::People;

/// A book as the rules look at it.
#[derive(Debug, Clone, Default)]
pub struct Book<'a> {
    /// The language of word lists; English where none is given.
    pub tongue: Option<Tongue>,
    /// What its units are.
    pub unit: UnitKind,
    /// In order.
    pub chapters: Vec<Chapter<'a>>,
    /// What the brief asks.
    pub asked: Asked<'a>,
}

/// One chapter of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Chapter<'a> {
    /// Its place, from 1.
    pub ordinal: u32,
    /// The number that its heading bears, where it bears one.
    pub number: Option<u32>,
    /// The volume that it belongs to: numbers begin anew in each.
    pub volume: Option<&'a str>,
    /// Without its number; empty where it has none.
    pub title: &'a str,
    /// The body, normalised.
    pub text: &'a str,
    /// The version, where it is kept.
    pub version_id: Option<&'a str>,
    /// What was read of it, where it was read.
    pub extraction: Option<&'a Extraction>,
}

/// What a brief asks; whatever it leaves open is not checked.
#[derive(Debug, Clone, Default)]
pub struct Asked<'a> {
    /// How long a chapter is to be.
    pub length: Option<LengthRange>,
    /// Words that are not to stand in it.
    pub forbidden: &'a [String],
    /// The cast.
    pub cast: &'a [Character],
    /// Who tells it.
    pub pov: Option<Pov>,
    /// The tense, in the brief's words.
    pub tense: Option<&'a str>,
    /// By which chapter an open question is to be answered, by its title.
    pub due: BTreeMap<String, u32>,
}

impl<'a> Asked<'a> {
    /// What a brief asks. A length counts only where the brief itself names one.
    pub fn of(brief: &'a BriefContent) -> Self {
        Self {
            length: brief.output_spec.as_ref().and_then(|spec| spec.chapter_length),
            forbidden: &brief.forbidden,
            cast: &brief.characters,
            pov: brief.pov,
            tense: brief.tense.as_deref(),
            due: BTreeMap::new(),
        }
    }
}

/// Every rule of a book: those of a single chapter, then those of the text, then those of the story.
pub const RULES: [&str; 34] = [
    "length",
    "truncated-ending",
    "meta-text",
    "forbidden-words",
    "repeated-paragraph",
    "dead-character-acts",
    "chapter-numbering",
    "empty-chapter",
    "duplicate-title",
    "unbalanced-marks",
    "wrong-script",
    "mixed-han",
    "repeated-passage",
    "repeated-phrase",
    "same-opening",
    "same-closing",
    "monotone-rhythm",
    "one-sentence-paragraphs",
    "overused-pattern",
    "pov-slip",
    "tense-slip",
    "near-miss-name",
    "weekday",
    "two-places",
    "item-not-held",
    "clock-backwards",
    "attribute-flip",
    "relation-contradiction",
    "alias-of-two",
    "knowledge-leak",
    "thread-order",
    "thread-overdue",
    "name-drift",
    "age-contradiction",
];

/// What every rule is given.
struct Desk<'a> {
    book: &'a Book<'a>,
    tongue: Tongue,
    pages: Vec<Page<'a>>,
    people: People,
}

/// Everything that the rules find in a book: by chapter, then by place, then by rule. The same book gives the same findings, and a finding
/// keeps its fingerprint whatever is written elsewhere.
pub fn check(book: &Book<'_>) -> Vec<Finding> {
    let tongue = book.tongue.unwrap_or(Tongue::En);
    let pages: Vec<Page<'_>> = book.chapters.iter().map(|chapter| Page::of(chapter, book.unit, tongue)).collect();
    let desk = Desk { people: People::of(book), book, tongue, pages };
    let mut found = single::check(&desk);
    found.extend(text::check(&desk));
    found.extend(facts::check(&desk));
    in_order(&desk, found)
}

fn in_order(desk: &Desk<'_>, mut found: Vec<Finding>) -> Vec<Finding> {
    let versions: BTreeMap<u32, &str> =
        desk.book.chapters.iter().filter_map(|chapter| Some((chapter.ordinal, chapter.version_id?))).collect();
    for evidence in found.iter_mut().flat_map(|finding| &mut finding.spans) {
        evidence.version_id = evidence.chapter.and_then(|chapter| versions.get(&chapter)).map(|id| (*id).to_owned());
    }
    found.sort_by(|a, b| {
        let place = |finding: &Finding| finding.spans.first().map(|evidence| (evidence.chapter, evidence.span));
        place(a).cmp(&place(b)).then_with(|| a.rule.cmp(&b.rule)).then_with(|| a.message.cmp(&b.message))
    });
    // The same fault twice in the same words is two findings: the second one is the second wherever both stand.
    let mut times: BTreeMap<String, u32> = BTreeMap::new();
    for finding in &mut found {
        let again = times.entry(finding.fingerprint.clone()).or_default();
        *again += 1;
        if *again > 1 {
            finding.fingerprint = hash_text(&format!("{}\n{again}", finding.fingerprint))[..16].to_owned();
        }
    }
    found
}
