//! Tables of contents: headings with nothing below them that come again.

use super::{heading::Heading, lines::Line, not_story::is_contents};

/// Whether there is nothing between two lines, both left out.
fn is_empty(lines: &[Line], from: usize, to: usize, passed: &[Heading]) -> bool {
    (from..to).all(|at| lines[at].is_blank() || passed.iter().any(|heading| (heading.at..heading.at + heading.lines).contains(&at)))
}

/// For each heading, whether it is an entry of a table of contents. `volumes` may stand between entries.
pub(super) fn entries(headings: &[Heading], volumes: &[Heading], lines: &[Line]) -> Vec<bool> {
    let mut listed = vec![false; headings.len()];
    let mut start = 0;
    while start < headings.len() {
        let mut end = start;
        while end + 1 < headings.len() && is_empty(lines, headings[end].at + headings[end].lines, headings[end + 1].at, volumes) {
            end += 1;
        }
        mark(headings, lines, start, end, &mut listed);
        start = end + 1;
    }
    listed
}

/// Marks the entries of one run of headings with nothing between them. Its last may have a text below it: the table's end, or a chapter.
fn mark(headings: &[Heading], lines: &[Line], start: usize, end: usize, listed: &mut [bool]) {
    let comes_again = |at: usize, after: usize| headings[after..].iter().any(|other| same(&headings[at], other));
    // The table ends where its first entry comes again, at the latest.
    let again = (start + 1..=end).find(|at| same(&headings[start], &headings[*at]));
    let last = again.map_or(end, |at| at - 1);
    let recurring = (start..=last).filter(|at| comes_again(*at, last + 1)).count();
    let titled = lines[..headings[start].at].iter().rev().find(|line| !line.is_blank()).is_some_and(|line| is_contents(line.trimmed()));
    let long = last - start + 1;
    if recurring * 2 <= long || recurring < 2 && !titled {
        return;
    }
    for (at, listed) in listed.iter_mut().enumerate().take(last + 1).skip(start) {
        // What has a text below it and does not come again is a chapter.
        *listed = at < last || again.is_some() || comes_again(at, last + 1);
    }
}

fn same(a: &Heading, b: &Heading) -> bool {
    let ((a_number, a_title), (b_number, b_title)) = (a.key(), b.key());
    let titles = a_title == b_title || a_number.is_some() && (a_title.is_empty() || b_title.is_empty());
    a_number == b_number && titles
}

/// Whether the heading at `at` says the same as the next one and has nothing below it.
pub(super) fn is_said_again(headings: &[Heading], at: usize, lines: &[Line]) -> bool {
    headings
        .get(at + 1)
        .is_some_and(|next| headings[at].key() == next.key() && is_empty(lines, headings[at].at + headings[at].lines, next.at, &[]))
}
