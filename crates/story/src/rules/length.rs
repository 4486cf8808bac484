use super::Judged;
use crate::{
    finding::{Finding, Severity},
    text::Unit,
};

pub(super) const RULE: &str = "length";

/// The chapter is shorter or longer than it is to be.
pub(super) fn check(judged: &Judged<'_>) -> Vec<Finding> {
    let (range, draft) = (judged.length, judged.draft);
    if range.holds(draft.length) {
        return Vec::new();
    }
    let actual = draft.length.in_unit(range.unit);
    let unit = match range.unit {
        Unit::Words => "words",
        Unit::Chars => "characters",
    };
    let (fault, hint) = if actual < range.min {
        ("short", "Write its scenes out, or ask for shorter chapters.")
    } else {
        ("long", "Tighten its longest paragraphs, or ask for longer chapters.")
    };
    let message = format!("{} is too {fault}: it has {actual} {unit} and is to have {} to {}.", judged.named(), range.min, range.max);
    vec![Finding::new(RULE, Severity::Error, &format!("{}/{fault}", judged.key()), message, hint.into())]
}
