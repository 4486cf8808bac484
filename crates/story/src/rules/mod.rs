//! Hard rules: what code decides about a chapter, with the span and the earlier evidence.
//!
//! The model proposes facts; code decides. One file a rule.

mod beats;
mod chinese;
mod dead_character;
mod forbidden;
mod length;
mod mending;
mod meta_text;
mod repetition;
mod script;
mod truncated;

use std::collections::BTreeMap;

pub use beats::beats_told;
pub use chinese::CHINESE;
pub use mending::{aims, in_words, paragraphs_to_fix};
pub use script::{Scripted, check_script, lost_line, stands_in};

use crate::{
    current_state::CurrentState,
    extraction::Extraction,
    finding::{Finding, Severity},
    language::Tongue,
    output_spec::LengthRange,
    plan::UnitKind,
    state::Draft,
    text::Grain,
};

/// A chapter and everything that it is judged against.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// What is judged.
    pub unit: UnitKind,
    /// In which pieces it is mended.
    pub grain: Grain,
    /// The language of word lists.
    pub tongue: Tongue,
    /// The chapter.
    pub draft: &'a Draft,
    /// What it says happened; absent when it could not be read.
    pub extraction: Option<&'a Extraction>,
    /// The world before it.
    pub world: &'a CurrentState,
    /// How long it is to be.
    pub length: LengthRange,
    /// Words and phrases that the brief forbids.
    pub forbidden: &'a [String],
    /// Paragraph prints of this chapter that stand in an earlier one: print to ordinal.
    pub repeated: &'a BTreeMap<String, u32>,
    /// Other names of the cast, to the name that the story uses.
    pub known: &'a BTreeMap<String, String>,
}

impl Judged<'_> {
    /// As a sentence begins with it: `Chapter 7`.
    fn named(&self) -> String {
        format!("{} {}", self.unit.named(), self.draft.ordinal)
    }

    /// What tells this unit from the others wherever it stands: its title, else its first words.
    fn key(&self) -> String {
        unit_key(&self.draft.title, &self.draft.text)
    }
}

/// What tells a unit from the others wherever it stands: its title, else its first words.
pub(crate) fn unit_key(title: &str, text: &str) -> String {
    let title = title.trim();
    if title.is_empty() { text.chars().take(40).collect() } else { title.to_owned() }
}

/// Everything that the rules find, in a fixed order.
pub fn check(judged: &Judged<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(length::check(judged));
    found.extend(repetition::check(judged));
    found.extend(dead_character::check(judged));
    found.extend(meta_text::check(judged));
    found.extend(truncated::check(judged));
    found.extend(forbidden::check(judged));
    found
}

/// The rules whose findings no longer hold a unit once its fix rounds are used up: its craft, not its truth nor its form.
const CRAFT: [&str; 5] = [length::RULE, repetition::RULE, truncated::RULE, script::KEY_LINE_LOST, "not-read"];

/// How `finding` weighs when there is no fix round left: length, repetition and a cut ending are warnings then.
pub fn after_last_round(mut finding: Finding) -> Finding {
    if CRAFT.contains(&finding.rule.as_str()) {
        finding.severity = Severity::Warning;
    }
    finding
}

/// The warning that a chapter was kept although the model could not be brought to read it.
pub fn not_read(unit: UnitKind, ordinal: u32, what: &str) -> Finding {
    Finding::new(
        "not-read",
        Severity::Warning,
        &format!("{ordinal}/{what}"),
        format!("{} {ordinal} was kept without {what}: the model gave no answer that could be used.", unit.named()),
        "Read it yourself, or run it with a stronger model.".into(),
    )
}
