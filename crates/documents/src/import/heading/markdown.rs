//! Headings as Markdown marks them.

use super::{Chosen, Heading, Unit, tell};
use crate::{
    escape::unescape_line,
    import::{layout::bare, lines::Line},
};

/// Every heading, of either kind.
pub(super) fn headings(lines: &[Line]) -> Vec<Heading> {
    let (mut found, mut fenced) = (Vec::new(), false);
    for (at, line) in lines.iter().enumerate() {
        if line.text.starts_with("```") || line.text.starts_with("~~~") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        if let Some((level, label)) = atx(&line.text) {
            found.push(heading(at, 1, level, label));
        } else if let Some(level) = under(lines, at) {
            found.push(heading(at, 2, level, line.trimmed()));
        }
    }
    found
}

fn heading(at: usize, lines: usize, level: u8, label: &str) -> Heading {
    let label = unescape_line(bare(label));
    let told = tell(&label, level);
    let mut heading = told.at(at, &label);
    heading.lines = lines;
    // The level decides in Markdown; what kind of unit it is says only how it is numbered.
    heading.unit = Unit::Marked(level);
    heading
}

/// `## Title`, with or without signs that close it.
fn atx(line: &str) -> Option<(u8, &str)> {
    let level = line.bytes().take_while(|b| *b == b'#').count();
    let rest = &line[level..];
    if !(1..=6).contains(&level) || !(rest.is_empty() || rest.starts_with([' ', '\t', '\u{3000}'])) {
        return None;
    }
    let label = bare(rest);
    let closed = label.trim_end_matches('#');
    let label = if closed.len() < label.len() && (closed.is_empty() || closed.ends_with([' ', '\t'])) { bare(closed) } else { label };
    Some((u8::try_from(level).ok()?, label))
}

/// A line with a rule of `=` or `-` under it.
fn under(lines: &[Line], at: usize) -> Option<u8> {
    let (line, next) = (&lines[at], lines.get(at + 1)?);
    let before = at.checked_sub(1).is_none_or(|at| lines[at].is_blank());
    if line.is_blank() || !before || line.text.chars().count() > 120 || next.text.len() < 3 {
        return None;
    }
    let all = |sign: u8| next.text.bytes().all(|b| b == sign);
    match () {
        () if all(b'=') => Some(1),
        () if all(b'-') && line.text.chars().any(char::is_alphanumeric) => Some(2),
        () => None,
    }
}

/// The level that heads chapters, and above it what holds them.
pub(super) fn choose(found: Vec<Heading>) -> Chosen {
    let level = |heading: &Heading| match heading.unit {
        Unit::Marked(level) => level,
        _ => 1,
    };
    let count = |wanted: u8| found.iter().filter(|heading| level(heading) == wanted).count();
    let used: Vec<u8> = (1..=6).filter(|level| count(*level) > 0).collect();
    let mut chapters = used.first().copied().unwrap_or(1);
    for next in used.iter().skip(1) {
        // A lone heading above several is the book's title; several that say so are its volumes.
        let volumes = found.iter().filter(|heading| level(heading) == chapters).all(|heading| is_volume(&heading.label));
        if count(chapters) == 1 && count(*next) > 0 && !is_chapter(&found, chapters) || volumes && count(*next) > 0 {
            chapters = *next;
        } else {
            break;
        }
    }
    let (headings, rest): (Vec<Heading>, Vec<Heading>) = found.into_iter().partition(|heading| level(heading) == chapters);
    Chosen { headings, volumes: rest.into_iter().filter(|heading| level(heading) < chapters).collect() }
}

fn is_volume(label: &str) -> bool {
    tell(label, 1).unit == Unit::Volume
}

/// Whether the only heading of this level is a chapter's and not the book's.
fn is_chapter(found: &[Heading], level: u8) -> bool {
    found.iter().find(|heading| heading.unit == Unit::Marked(level)).is_some_and(|heading| tell(&heading.label, 1).unit == Unit::Chapter)
}
