//! What code decides about a scene or an episode: its form, its length, and whether it is faithful to its source.

mod faithful;
mod form;
mod length;
mod lines;

use super::{Judged, dead_character, forbidden, meta_text, repetition, truncated};
use crate::{
    finding::{Finding, Severity},
    language::Tongue,
    output_spec::ScriptFormat,
    plan::UnitKind,
    tasks::SourcePart,
};
pub(super) use faithful::KEY_LINE_LOST;
pub use faithful::{lost_line, stands_in};

/// What a script is judged against besides.
#[derive(Debug, Clone, Copy)]
pub struct Scripted<'a> {
    /// The form that it is to have.
    pub format: ScriptFormat,
    /// What an episode is made from; empty for a scene.
    pub source: &'a [SourcePart],
    /// The whole chapters that it is made from.
    pub chapters: &'a [&'a str],
    /// Everybody whom the brief or the plan knows, by all their names.
    pub known: &'a [String],
}

/// Everything that the rules find in a scene or an episode, in a fixed order.
pub fn check_script(judged: &Judged<'_>, script: &Scripted<'_>) -> Vec<Finding> {
    let mut found = form::check(judged, script);
    found.extend(length::check(judged, script));
    found.extend(faithful::strangers(judged, script));
    found.extend(repetition::check(judged));
    // What an episode's source tells is told, also where it contradicts itself.
    let of_source = |mut finding: Finding| {
        if judged.unit == UnitKind::Episode {
            finding.severity = Severity::Warning;
        }
        finding
    };
    found.extend(dead_character::check(judged).into_iter().map(of_source));
    found.extend(meta_text::check(judged));
    found.extend(truncated::check(judged));
    found.extend(forbidden::check(judged));
    found
}

/// What the model is told; nothing for a rule that no rewriting mends.
pub(super) fn instruction(tongue: Tongue, rule: &str, finding: &Finding) -> Option<String> {
    faithful::instruction(tongue, rule, finding).or_else(|| form::instruction(tongue, rule, finding))
}
