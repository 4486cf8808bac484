//! Chapters that bear only a number: `4`, `IV.`, `四`, `4. Title`, `四、标题`.

use story::text::{han_value, roman_value};

use super::{Heading, Told, Unit, one_line};
use crate::import::{
    layout::{Layout, bare},
    lines::{Line, is_blank},
};

/// How a number is written. A book is numbered in one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Arabic { titled: bool },
    Roman { titled: bool },
    Han { titled: bool },
}

const WAYS: [Way; 6] = [
    Way::Arabic { titled: true },
    Way::Roman { titled: true },
    Way::Han { titled: true },
    Way::Arabic { titled: false },
    Way::Roman { titled: false },
    Way::Han { titled: false },
];

/// A line that begins with a number.
pub(super) struct Number {
    way: Way,
    number: u32,
    title: String,
}

impl Number {
    pub(super) fn told(self) -> Told {
        Told { unit: Unit::Numbered, number: Some(self.number), title: self.title, volume: None, weak: false }
    }
}

/// A number alone, or before a title.
pub(super) fn read(label: &str) -> Option<Number> {
    let end = label.find(|c: char| !(c.is_ascii_alphanumeric() || story::text::is_numeral(c))).unwrap_or(label.len());
    let (digits, rest) = label.split_at(end);
    let (number, way): (u32, fn(bool) -> Way) = if digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit()) {
        (digits.parse().ok()?, |titled| Way::Arabic { titled })
    } else if digits.bytes().all(|b| b.is_ascii_uppercase()) {
        (roman_value(digits)?, |titled| Way::Roman { titled })
    } else {
        (han_value(digits)?, |titled| Way::Han { titled })
    };
    let title =
        bare(rest.trim_start_matches(|c: char| is_blank(c) || matches!(c, '.' | '、' | '．' | ':' | '：' | ')' | '）' | '-' | '—' | '·')));
    if title.is_empty() {
        return Some(Number { way: way(false), number, title: String::new() });
    }
    let parted = rest.starts_with(['.', '、', '．', ':', '：', ')', '）', '·'])
        || rest.starts_with(is_blank) && !matches!(way(true), Way::Roman { .. });
    let last = title.chars().next_back()?;
    let stops = matches!(last, '.' | '。' | '，' | ',' | ';' | '；' | ':' | '：' | '"' | '”') && !title.ends_with("...");
    let low = title.chars().next().is_some_and(char::is_lowercase);
    let short = title.chars().count() <= if title.is_ascii() { 80 } else { 40 };
    (parted && !stops && !low && short).then(|| Number { way: way(true), number, title: one_line(title) })
}

/// The headings of the way that numbers the book, if one does: from 0 or 1 upwards, with a text below each.
pub(super) fn headings(lines: &[Line], layout: &Layout) -> Vec<Heading> {
    let mut found: Vec<(Way, Heading)> = Vec::new();
    let spaced = lines.iter().filter(|line| line.is_blank()).count() * 5 >= lines.len();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_blank() && line.text.len() <= 240) {
        let before = at.checked_sub(1).map(|at| &lines[at]).filter(|line| !line.is_blank());
        if before.is_some_and(|before| spaced || layout.runs_on(before, line)) {
            continue;
        }
        if let Some(number) = read(super::without_leader(super::without_frame(line.trimmed()))) {
            let label = one_line(line.trimmed());
            found.push((number.way, number.told().at(at, &label)));
        }
    }
    // A table of contents counts too; what comes later has the texts.
    let runs = WAYS.into_iter().flat_map(|way| starts(&found, way).map(|at| in_order(&found[at..], way)).collect::<Vec<_>>());
    runs.filter(|run| run.len() > 1 && heads_texts(run, lines)).max_by_key(Vec::len).unwrap_or_default()
}

/// Where one way begins to count; at most so many places as a book and its table of contents have.
fn starts(found: &[(Way, Heading)], way: Way) -> impl Iterator<Item = usize> {
    let begins =
        move |(at, (other, heading)): (usize, &(Way, Heading))| (*other == way && heading.number.is_some_and(|n| n <= 1)).then_some(at);
    found.iter().enumerate().filter_map(begins).take(8)
}

/// Those of one way that count upwards.
fn in_order(found: &[(Way, Heading)], way: Way) -> Vec<Heading> {
    let mut run: Vec<Heading> = Vec::new();
    for (_, heading) in found.iter().filter(|(found, _)| *found == way) {
        let follows = match run.last().and_then(|last| last.number) {
            None => heading.number.is_some_and(|n| n <= 1),
            Some(last) => heading.number == Some(last + 1),
        };
        if follows {
            run.push(heading.clone());
        }
    }
    run
}

/// Whether there is a text below each, and each text comes to an end before the next: a list has none, page numbers stand in mid-sentence.
fn heads_texts(run: &[Heading], lines: &[Line]) -> bool {
    let ends = run.iter().skip(1).map(|heading| heading.at).chain([lines.len()]);
    let mut ended = 0;
    for (heading, end) in run.iter().zip(ends) {
        let Some(last) = lines[heading.at + 1..end].iter().rev().find(|line| !line.is_blank()) else { return false };
        ended += usize::from(last.text.chars().next_back().is_some_and(|c| !c.is_alphanumeric() && !matches!(c, ',' | '，' | '-')));
    }
    ended * 10 >= run.len() * 7
}
