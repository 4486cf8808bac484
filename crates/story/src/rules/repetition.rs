use std::collections::BTreeMap;

use super::Judged;
use crate::{
    digests::shorten,
    finding::{Finding, Severity},
    text::{paragraph_spans, prints, slice},
};

pub(super) const RULE: &str = "repeated-paragraph";

/// How much of a paragraph is shown, in scalar values.
const SHOWN: usize = 60;

/// A paragraph stands in an earlier chapter, or further up in this one. One finding a paragraph, however often it is said again.
pub(super) fn check(judged: &Judged<'_>) -> Vec<Finding> {
    let draft = judged.draft;
    let spans = paragraph_spans(&draft.text);
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut order = Vec::new();
    for (number, print) in prints(&draft.text) {
        let numbers = places.entry(print.clone()).or_default();
        if numbers.is_empty() {
            order.push(print);
        }
        numbers.push(number);
    }
    let mut found = Vec::new();
    for print in order {
        let numbers = &places[&print];
        let earlier = judged.repeated.get(&print).filter(|chapter| **chapter != draft.ordinal);
        let again = if earlier.is_some() { &numbers[..] } else { &numbers[1..] };
        let (Some(first), Some(opening)) = (again.first(), spans.get(numbers[0] - 1)) else { continue };
        let words = shorten(slice(&draft.text, *opening), SHOWN);
        let source = match earlier {
            Some(chapter) => format!("{} {chapter}: “{words}”", judged.unit.named()),
            None => format!("{}, paragraph {}: “{words}”", judged.named(), numbers[0]),
        };
        let from = match earlier {
            Some(chapter) => format!("{} {chapter}", judged.unit.named().to_lowercase()),
            None => format!("paragraph {}", numbers[0]),
        };
        let message = format!("{}, paragraph {first}, repeats {from}: “{words}”.", judged.named());
        let hint = "Say it anew, or let something else happen there.".into();
        let mut finding = Finding::new(RULE, Severity::Error, &print, message, hint).against(source);
        for span in again.iter().filter_map(|number| spans.get(number - 1)) {
            finding = finding.over(draft.ordinal, &draft.text, *span);
        }
        found.push(finding);
    }
    found
}
