use super::super::{Desk, page::Page};
use crate::finding::{Finding, Severity};

const RULE: &str = "chapter-numbering";
const EMPTY: &str = "empty-chapter";

/// Numbers that are missing, stand twice or come too late; chapters without words.
///
/// A chapter without a number counts for none; numbers may begin anew with a volume, or at one.
pub(super) fn check(desk: &Desk<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut before: Option<(u32, &Page<'_>)> = None;
    for (at, page) in desk.pages.iter().enumerate() {
        if !page.text.contains(char::is_alphanumeric) {
            found.push(empty(page));
        }
        let Some(number) = page.chapter.number else { continue };
        let last = before.replace((number, page));
        let Some((last, other)) = last else { continue };
        if page.chapter.volume != other.chapter.volume || number == 1 && last > 2 {
            continue;
        }
        let comes_later = |number: u32| {
            let rest = desk.pages[at + 1..].iter().take_while(|p| p.chapter.volume == page.chapter.volume);
            rest.filter_map(|p| p.chapter.number).any(|n| n == number)
        };
        if number == last {
            let message = format!("{} bears the number {number}, as the chapter before it does.", page.named());
            found.push(fault(page, &format!("twice/{number}"), message, "Number the chapters anew, or take out the one too many."));
        } else if number < last {
            let message = format!("{} bears the number {number} and stands behind number {last}.", page.named());
            found.push(fault(page, &format!("order/{number}"), message, "Put the chapters into their order."));
            // What follows is held against the highest number so far.
            before = Some((last, page));
        } else if (last + 1..number).any(|n| !comes_later(n)) {
            let message = format!("{} bears the number {number} and follows number {last}: what is between them is missing.", page.named());
            found.push(fault(page, &format!("gap/{last}"), message, "Add what is missing, or number the chapters anew."));
        }
    }
    found
}

fn fault(page: &Page<'_>, about: &str, message: String, hint: &str) -> Finding {
    let about = format!("{about}/{}", page.key());
    page.over(Finding::new(RULE, Severity::Error, &about, message, hint.into()), page.opening())
}

fn empty(page: &Page<'_>) -> Finding {
    let name = if page.chapter.title.is_empty() { page.chapter.number.map(|n| n.to_string()) } else { Some(page.chapter.title.into()) };
    let about = name.unwrap_or_default();
    let message = format!("{} has no text.", page.named());
    Finding::new(EMPTY, Severity::Error, &about, message, "Write it, or take its heading out.".into())
}
