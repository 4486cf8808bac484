use super::{super::length::RULE, Judged, Scripted};
use crate::{
    finding::{Finding, Severity},
    text::{Length, Unit},
};

/// An episode up to a tenth over its maximum may stand, and one below its minimum whose source says no more.
pub(super) fn check(judged: &Judged<'_>, script: &Scripted<'_>) -> Vec<Finding> {
    let mut found = super::super::length::check(judged);
    let range = judged.length;
    let actual = judged.draft.length.in_unit(range.unit);
    let source: u64 = script.source.iter().flat_map(|part| &part.paragraphs).map(|p| Length::of(&p.text).in_unit(range.unit)).sum();
    let nearly = actual > range.max && actual <= range.max + range.max / 10;
    let no_more = actual < range.min && !script.source.is_empty() && source < range.min;
    for finding in &mut found {
        if nearly || no_more {
            finding.severity = Severity::Warning;
        }
        finding.hint = match range.unit {
            Unit::Chars | Unit::Words if actual > range.max => "Tighten its longest speeches and actions, or ask for longer units.".into(),
            _ => "Show more of what happens, or ask for shorter units.".into(),
        };
        debug_assert_eq!(finding.rule, RULE);
    }
    found
}
