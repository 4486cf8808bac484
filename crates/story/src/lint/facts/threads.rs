use std::collections::BTreeMap;

use super::{super::Desk, super::people::fold, Place, contradicts};
use crate::{
    extraction::ThreadChange,
    finding::{Finding, Severity},
};

const ORDER: &str = "thread-order";
const OVERDUE: &str = "thread-overdue";

/// One question of the book.
#[derive(Default)]
struct Thread {
    introduced: Option<Place>,
    resolved: Option<Place>,
    told: bool,
}

/// A question is answered before it is put, or is still open when it was to be answered.
pub(super) fn check(desk: &Desk<'_>) -> Vec<Finding> {
    let mut threads: BTreeMap<String, Thread> = BTreeMap::new();
    let mut found = Vec::new();
    for (number, page) in desk.pages.iter().enumerate() {
        let Some(told) = page.chapter.extraction else { continue };
        for moved in &told.threads {
            let Some(range) = page.find(&moved.quote) else { continue };
            let thread = threads.entry(fold(&moved.title)).or_default();
            match moved.change {
                ThreadChange::Resolved => {
                    thread.resolved.get_or_insert((number, range));
                }
                ThreadChange::Introduced => {
                    let answered = thread.resolved.clone().filter(|place| place.0 < number && thread.introduced.is_none() && !thread.told);
                    if let Some(place) = answered {
                        let other = &desk.pages[place.0];
                        let message =
                            format!("{} answers “{}” before {} asks it.", other.named(), moved.title, page.named().to_lowercase());
                        let hint = "Ask before you answer, or call it another question.".into();
                        let finding = Finding::new(ORDER, Severity::Warning, &fold(&moved.title), message, hint);
                        found.push(contradicts(desk, finding, other, place.1.clone(), &(number, range.clone())));
                    }
                    thread.introduced.get_or_insert((number, range));
                }
                ThreadChange::Reinforced => thread.told = true,
            }
        }
    }
    let last = desk.pages.last().map_or(0, |page| page.ordinal);
    for (title, due) in desk.book.asked.due.iter().filter(|(_, due)| **due < last) {
        let Some(thread) = threads.get(&fold(title)) else { continue };
        if thread.resolved.as_ref().is_some_and(|place| desk.pages[place.0].ordinal <= *due) {
            continue;
        }
        let Some((number, range)) = thread.introduced.clone() else { continue };
        let message = match &thread.resolved {
            Some(place) => {
                format!("“{title}” was to be answered by chapter {due} and is answered in chapter {}.", desk.pages[place.0].ordinal)
            }
            None => format!("“{title}” was to be answered by chapter {due} and is still open."),
        };
        let finding = Finding::new(OVERDUE, Severity::Warning, &fold(title), message, "Answer it, or give it more time.".into());
        found.push(desk.pages[number].over(finding, range));
    }
    found
}
