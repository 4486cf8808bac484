//! Lines that head a chapter, and lines that only begin as if they did.

mod chinese;
mod choose;
mod english;
mod markdown;
mod numbered;

use story::text::han_value;

use super::{
    layout::{Layout, bare},
    lines::{Line, is_blank},
};

pub(in crate::import) use chinese::is_talk;
pub(in crate::import) use choose::Chosen;
use choose::choose;

/// What a heading numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unit {
    /// 卷, 部, 集; Book, Part: holds chapters where there are any.
    Volume,
    /// 章, 回; Chapter, Letter.
    Chapter,
    /// 节, 话: stands in chapters where there are any.
    Section,
    /// 序章, 楔子; Prologue: bears a name and no number.
    Named,
    /// A bare number, or one before a title.
    Numbered,
    /// A heading of Markdown of this level that says nothing of the above.
    Marked(u8),
}

/// A line, or two, that look like a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    /// Index of its first line.
    pub(super) at: usize,
    /// How many lines it takes.
    pub(super) lines: usize,
    pub(super) unit: Unit,
    pub(super) number: Option<u32>,
    /// Without unit and number; a named one is all title.
    pub(super) title: String,
    /// The whole heading in one line.
    pub(super) label: String,
    /// The volume that is named on the same line.
    pub(super) volume: Option<String>,
    /// Whether it could as well begin a sentence.
    pub(super) weak: bool,
}

impl Heading {
    /// What tells that two headings are the same: in a table of contents and above the chapter.
    pub(super) fn key(&self) -> (Option<u32>, String) {
        let title: String = self.title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        (self.number, title)
    }
}

/// Everything in plain text that looks like a heading by its words.
pub(super) fn candidates(lines: &[Line], layout: &Layout) -> Vec<Heading> {
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        // A heading is never as long, whatever it says.
        if line.is_blank() || line.text.len() > 400 {
            continue;
        }
        let before = at.checked_sub(1).map(|at| &lines[at]).filter(|line| !line.is_blank());
        if before.is_some_and(|before| layout.runs_on(before, line) && !is_headed(&found, at)) {
            continue;
        }
        let label = without_leader(without_frame(line.trimmed()));
        let told = chinese::read(label).or_else(|| {
            let alone = before.is_none() || is_headed(&found, at);
            english::read(label).filter(|told| alone && (!told.weak || lines.get(at + 1).is_none_or(Line::is_blank)))
        });
        if let Some(told) = told {
            found.push(told.at(at, label));
        }
    }
    found
}

/// Whether the line before `at` is a heading itself.
fn is_headed(found: &[Heading], at: usize) -> bool {
    found.last().is_some_and(|heading| heading.at + heading.lines == at)
}

/// A heading as its line tells it.
struct Told {
    unit: Unit,
    number: Option<u32>,
    title: String,
    volume: Option<String>,
    weak: bool,
}

impl Told {
    fn at(self, at: usize, label: &str) -> Heading {
        let Self { unit, number, title, volume, weak } = self;
        Heading { at, lines: 1, unit, number, title, label: one_line(label), volume, weak }
    }
}

/// What a heading of Markdown says, whatever it says.
fn tell(label: &str, level: u8) -> Told {
    let label = without_frame(label);
    let strong = |told: &Told| !told.weak;
    let told =
        chinese::read(label).or_else(|| english::read(label)).filter(strong).or_else(|| numbered::read(label).map(numbered::Number::told));
    told.unwrap_or_else(|| Told { unit: Unit::Marked(level), number: None, title: one_line(label), volume: None, weak: false })
}

/// Without rules and brackets around it: `【第一章 风起】`, `=== 第一章 ===`, `*** CHAPTER I ***`.
fn without_frame(line: &str) -> &str {
    let inner = line
        .trim_matches(|c: char| is_blank(c) || matches!(c, '=' | '*' | '~' | '_' | '#' | '＝' | '☆' | '★' | '◆' | '◇' | '■' | '□' | '●'));
    let inner = inner.trim_matches(|c: char| is_blank(c) || matches!(c, '-' | '—' | '–' | '─'));
    for (open, close) in [('【', '】'), ('[', ']'), ('〖', '〗'), ('［', '］'), ('「', '」'), ('《', '》'), ('<', '>')] {
        if let Some(text) = inner.strip_prefix(open).and_then(|rest| rest.strip_suffix(close))
            && !text.contains([open, close])
        {
            return bare(text);
        }
    }
    inner
}

/// Without the dots and the page number that a table of contents has.
fn without_leader(line: &str) -> &str {
    let rest = line.trim_end_matches(|c: char| c.is_ascii_digit());
    if rest.len() == line.len() {
        return line;
    }
    let dots = rest.trim_end_matches(|c: char| is_blank(c) || matches!(c, '.' | '·' | '…' | '。' | '-' | '—' | '_'));
    let leader = rest[dots.len()..].chars().filter(|c| !is_blank(*c)).count();
    let wide = rest[dots.len()..].contains('\t') || rest[dots.len()..].chars().count() >= 4;
    if !dots.is_empty() && (leader >= 3 || wide || leader > 0 && rest[dots.len()..].contains('…')) { dots } else { line }
}

fn one_line(text: &str) -> String {
    text.split(is_blank).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The Chinese or Arabic number that `text` begins with, and what follows.
fn number_first(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|c| !story::text::is_numeral(c)).unwrap_or(text.len());
    Some((han_value(&text[..end])?, &text[end..]))
}

/// Plain text is looked at for headings by their words; Markdown for its own.
pub(in crate::import) fn find(lines: &[Line], layout: &Layout, markdown: bool) -> Chosen {
    if markdown {
        let marked = markdown::headings(lines);
        if !marked.is_empty() {
            return markdown::choose(marked);
        }
    }
    let mut found = candidates(lines, layout);
    choose::join_titles(&mut found, lines);
    let chosen = choose(&found, lines);
    if chosen.headings.iter().any(|heading| heading.unit != Unit::Named) {
        return chosen;
    }
    let numbered = numbered::headings(lines, layout);
    if !numbered.is_empty() {
        // A prologue stands before 1 and an epilogue after the last.
        let mut all: Vec<Heading> = numbered.into_iter().chain(chosen.headings).collect();
        all.sort_by_key(|heading| heading.at);
        return Chosen { headings: all, volumes: Vec::new() };
    }
    if chosen.headings.is_empty() && !markdown {
        let marked = markdown::headings(lines);
        if marked.len() > 1 {
            return markdown::choose(marked);
        }
    }
    chosen
}
