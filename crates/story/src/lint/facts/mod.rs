//! Rules that look at what was read of the chapters: one extraction each, every item with its quote.

mod ages;
mod aliases;
mod clock;
mod drift;
mod items;
mod knowledge;
mod looks;
mod places;
mod relations;
mod threads;

use std::ops::Range;

use super::{Desk, page::Page};
use crate::finding::Finding;

pub(super) fn check(desk: &Desk<'_>) -> Vec<Finding> {
    let mut found = places::check(desk);
    found.extend(items::check(desk));
    found.extend(clock::check(desk));
    found.extend(looks::check(desk));
    found.extend(relations::check(desk));
    found.extend(aliases::check(desk));
    found.extend(knowledge::check(desk));
    found.extend(threads::check(desk));
    found.extend(drift::check(desk));
    found.extend(ages::check(desk));
    found
}

/// A place in the book: page and bytes.
type Place = (usize, Range<usize>);

/// The finding with the earlier fact that it contradicts.
fn contradicts(desk: &Desk<'_>, finding: Finding, page: &Page<'_>, here: Range<usize>, earlier: &Place) -> Finding {
    let other = &desk.pages[earlier.0];
    let quote = &other.text[earlier.1.clone()];
    let finding = finding.against(format!("{}: “{quote}”", other.named()));
    other.over(page.over(finding, here), earlier.1.clone())
}
