use std::collections::BTreeSet;

use super::{super::Desk, Place, contradicts};
use crate::finding::{Finding, Severity};

const RULE: &str = "two-places";

/// Words that say that two things happen at once.
const AT_ONCE: [&str; 16] = [
    "at that very moment",
    "at this very moment",
    "at that moment",
    "at the same time",
    "at the very same",
    "at the same moment",
    "at that same",
    "simultaneously",
    "in the same instant",
    "meanwhile",
    "与此同时",
    "同一时刻",
    "此时此刻",
    "同一时间",
    "就在这时",
    "與此同時",
];
/// Words by which somebody is elsewhere without being there, or was there at another time.
const NOT_THERE: [&str; 26] = [
    " ago",
    "years before",
    "earlier",
    "phone",
    "telephone",
    "screen",
    "photograph",
    "dream",
    "portrait",
    "voice on",
    "letter",
    "remember",
    "imagin",
    "hologram",
    "mirror",
    "电话",
    "屏幕",
    "照片",
    "梦",
    "画像",
    "信里",
    "想起",
    "想象",
    "分身",
    "年前",
    "视频",
];

/// Somebody is at one place and, at the same time as the text itself says, at another.
///
/// A place inside of another is the same; whoever moves in between, is remembered, or is heard over a wire is no fault.
pub(super) fn check(desk: &Desk<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (number, page) in desk.pages.iter().enumerate() {
        let Some(told) = page.chapter.extraction else { continue };
        let mut there: Vec<(String, &str, &str, Place)> = Vec::new();
        for presence in told.presence.iter().filter(|p| !p.flashback) {
            let Some(place) = presence.place.as_deref().filter(|place| !place.trim().is_empty()) else { continue };
            if let Some(range) = page.find(&presence.quote) {
                there.push((desk.people.key(&presence.character), &presence.character, place, (number, range)));
            }
        }
        there.sort_by_key(|(_, _, _, (_, range))| range.start);
        for (at, (who, name, place, (_, here))) in there.iter().enumerate() {
            let before = there[..at].iter().rev().find(|(other, ..)| other == who);
            let Some((_, _, first, earlier)) = before.filter(|(_, _, first, _)| are_apart(first, place)) else { continue };
            let moved = told.moves.iter().any(|gone| {
                desk.people.key(&gone.character) == *who
                    && page.find(&gone.quote).is_some_and(|range| range.start >= earlier.1.start && range.start <= here.end)
            });
            let near = page.paragraph_at(here.start) <= page.paragraph_at(earlier.1.start) + 1;
            let sentence = page.sentence_at(here.start);
            let lead = page.text[sentence.start.max(earlier.1.end).min(here.end)..here.end].to_lowercase();
            let around = page.text[earlier.1.start.min(here.end)..here.end].to_lowercase();
            let at_once = AT_ONCE.iter().any(|words| lead.contains(words));
            if moved || !near || !at_once || NOT_THERE.iter().any(|words| around.contains(words)) {
                continue;
            }
            let message = format!("{} lets {name} be in two places at once: {first} and {place}.", page.named());
            let hint = format!("Let {name} go from one to the other, or let somebody else be there.");
            let finding = Finding::new(RULE, Severity::Error, &format!("{who}/{}", &page.text[here.clone()]), message, hint);
            found.push(contradicts(desk, finding, page, here.clone(), earlier));
        }
    }
    found
}

/// Whether neither place is named as a part of the other.
fn are_apart(a: &str, b: &str) -> bool {
    let (a, b) = (a.trim().to_lowercase(), b.trim().to_lowercase());
    let words = |place: &str| -> BTreeSet<String> {
        let words = place.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 3).map(str::to_owned);
        words.collect()
    };
    !a.contains(&b) && !b.contains(&a) && words(&a).is_disjoint(&words(&b))
}
