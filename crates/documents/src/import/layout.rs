//! How a file sets its paragraphs, and these as they were meant: lines that were broken to fit a width are joined, verse and shaped text stay.

use unicode_width::UnicodeWidthStr;

use super::lines::{Line, is_blank};

/// How the paragraphs of a file are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    style: Style,
    /// Columns that the first line of a paragraph is indented by, where that is how paragraphs begin.
    indent: Option<usize>,
    /// Whether blanks before a line are meant, as in Markdown that writes them so.
    literal: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// Lines were broken at this width; empty lines or indents part paragraphs.
    Wrapped { width: usize, measure: Measure },
    /// Each line is a paragraph.
    Lines,
    /// Empty lines part paragraphs; a line break inside of one is meant.
    Blocks,
}

/// How wide a text is: in the columns of a terminal, or, where Chinese is counted in signs, in two for each sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    Columns,
    Signs,
}

impl Measure {
    fn of(self, text: &str) -> usize {
        match self {
            Self::Columns => text.width(),
            Self::Signs => text.chars().count() * 2,
        }
    }
}

/// Widths that lines are broken to.
const WIDTHS: std::ops::RangeInclusive<usize> = 36..=132;

impl Layout {
    /// Finds out how the lines of a file are set, headings left out.
    pub(super) fn of<'a>(lines: impl Iterator<Item = &'a Line>, literal: bool) -> Self {
        let lines: Vec<&Line> = lines.collect();
        let full: Vec<&&Line> = lines.iter().filter(|line| !line.is_blank()).collect();
        let indent = usual_indent(&lines).filter(|_| !literal);
        let pairs: Vec<(&Line, &Line)> = lines
            .windows(2)
            .filter(|pair| !pair[0].is_blank() && !pair[1].is_blank() && !pair[0].hard_break)
            .map(|pair| (pair[0], pair[1]))
            .collect();
        let wrapped = |measure| Some((wrapped_at(&pairs, indent, measure)?, measure));
        if let Some((width, measure)) = wrapped(Measure::Columns).or_else(|| wrapped(Measure::Signs)) {
            return Self { style: Style::Wrapped { width, measure }, indent, literal };
        }
        let blocks: Vec<usize> = lines.split(|line| line.is_blank()).map(<[&Line]>::len).filter(|len| *len > 0).collect();
        let in_many: usize = blocks.iter().filter(|len| **len > 1).sum();
        let many = blocks.iter().filter(|len| **len > 1).count();
        let mut widths: Vec<usize> = full.iter().map(|line| line.text.width()).collect();
        widths.sort_unstable();
        let middle = widths.get(widths.len() / 2).copied().unwrap_or(0);
        // Stanzas are short, and so are their lines.
        let stanzas = many > 0 && in_many <= many * 12 && middle <= 60;
        let each = in_many * 2 > full.len() && !stanzas;
        let each = each || indent.is_some_and(|indent| indent >= 4) && in_many > 0 && !stanzas;
        Self { style: if each { Style::Lines } else { Style::Blocks }, indent, literal }
    }

    /// Whether `line` was broken off because what follows did not fit: then the next line begins in mid-sentence.
    pub(super) fn runs_on(&self, line: &Line, next: &Line) -> bool {
        matches!(self.style, Style::Wrapped { width, measure } if is_forced(line, next, width, measure))
    }

    /// The paragraphs of `lines`, each with the number of its first line.
    pub(super) fn paragraphs(&self, lines: &[Line]) -> Vec<(usize, String)> {
        let mut out = Vec::new();
        for block in lines.split(Line::is_blank).filter(|block| !block.is_empty()) {
            match self.style {
                // What a sign of Markdown breaks belongs together all the same.
                Style::Lines => {
                    let parts = block.chunk_by(|line, _| line.hard_break);
                    out.extend(parts.map(|lines| (lines[0].number, self.paragraph(lines, None))));
                }
                Style::Blocks => self.block(block, None, &mut out),
                Style::Wrapped { width, measure } => self.block(block, Some((width, measure)), &mut out),
            }
        }
        out
    }

    fn block(&self, block: &[Line], width: Option<(usize, Measure)>, out: &mut Vec<(usize, String)>) {
        // With indents as the sign of a paragraph, each of them begins one.
        let mut start = 0;
        for at in 1..=block.len() {
            let begins =
                at < block.len() && self.indent.is_some_and(|indent| block[at].indent() == indent && block[at - 1].indent() < indent * 2);
            if at == block.len() || begins {
                out.push((block[start].number, self.paragraph(&block[start..at], width)));
                start = at;
            }
        }
    }

    fn paragraph(&self, lines: &[Line], width: Option<(usize, Measure)>) -> String {
        let mut joins: Vec<bool> = lines.windows(2).map(|pair| width.is_some_and(|width| self.joins(&pair[0], &pair[1], width))).collect();
        let joined = joins.iter().filter(|join| **join).count();
        if joins.len() >= 2 && joined * 2 < joins.len() {
            joins.fill(false);
        } else if joined * 3 >= joins.len() * 2
            && let Some((width, measure)) = width
        {
            // Among lines that were broken for the width, one that was broken a little early was broken for it too.
            for (join, pair) in joins.iter_mut().zip(lines.windows(2)) {
                *join = *join || measure.of(&pair[0].text) * 10 >= width * 7 && pair[1].indent() == 0 && !pair[0].hard_break;
            }
        }
        let mut text = String::new();
        for (at, line) in lines.iter().enumerate() {
            let usual = !self.literal && (self.style == Style::Lines || self.indent.is_some_and(|indent| line.indent() <= indent));
            // A stray blank before prose is no shape.
            let stray = at == 0 && !self.literal && (joins.first() == Some(&true) || lines.len() == 1 && line.indent() == 1);
            let shown = if usual || stray || at > 0 && joins[at - 1] { line.trimmed() } else { line.text.as_str() };
            if at > 0 {
                match (joins[at - 1], seam(&text, shown)) {
                    (false, _) => text.push('\n'),
                    (true, true) => text.push(' '),
                    (true, false) => {}
                }
            }
            text.push_str(shown);
        }
        text
    }

    /// Whether the break between two lines of a block was made for the width alone.
    fn joins(&self, line: &Line, next: &Line, (width, measure): (usize, Measure)) -> bool {
        let usual = self.indent.unwrap_or(0).max(1);
        if line.hard_break || next.indent() > 0 || line.indent() > usual {
            return false;
        }
        let lower = next.text.chars().next().is_some_and(char::is_lowercase);
        is_forced(line, next, width, measure) || lower && measure.of(&line.text) * 2 >= width
    }
}

/// Whether the first word of `next` did not fit any more.
fn is_forced(line: &Line, next: &Line, width: usize, measure: Measure) -> bool {
    let next = next.trimmed();
    let word: usize = match next.chars().next() {
        Some(c) if is_wide(c) => 2 + next.chars().nth(1).filter(|c| is_closing(*c)).map_or(0, |_| 2),
        _ => measure.of(next.split(|c: char| c.is_whitespace() || is_wide(c)).next().unwrap_or_default()) + 1,
    };
    measure.of(&line.text) + word > width
}

/// The width that lines were broken to, if they were.
fn wrapped_at(pairs: &[(&Line, &Line)], indent: Option<usize>, measure: Measure) -> Option<usize> {
    let flush: Vec<&(&Line, &Line)> = pairs
        .iter()
        .filter(|(line, next)| next.indent() == 0 && (line.indent() == 0 || indent.is_some_and(|indent| line.indent() <= indent)))
        .collect();
    if flush.is_empty() || flush.len() * 4 < pairs.len() {
        return None;
    }
    let mut widths: Vec<usize> = flush.iter().map(|(line, _)| measure.of(&line.text)).collect();
    widths.sort_unstable();
    let width = widths[(widths.len() * 19 / 20).min(widths.len() - 1)];
    if !WIDTHS.contains(&width) {
        return None;
    }
    let forced = flush.iter().filter(|(line, next)| is_forced(line, next, width, measure)).count();
    // In verse a line begins like a sentence, or the one before it ends like one.
    let runs_on = flush
        .iter()
        .filter(|(line, next)| {
            let (end, begin) = (line.text.chars().next_back(), next.text.chars().next());
            match begin {
                Some(c) if is_wide(c) => end.is_some_and(|c| !is_closing(c)),
                Some(c) => c.is_lowercase(),
                None => false,
            }
        })
        .count();
    (forced * 5 >= flush.len() * 3 && runs_on * 5 >= flush.len() * 2).then_some(width)
}

/// The indent of most first lines of paragraphs, where most have one.
fn usual_indent(lines: &[&Line]) -> Option<usize> {
    let mut counts = std::collections::BTreeMap::new();
    let (mut all, mut before) = (0_usize, None::<&Line>);
    for line in lines {
        let begins = before.is_none_or(Line::is_blank) || line.indent() > 0;
        before = Some(line);
        if line.is_blank() || !begins {
            continue;
        }
        all += 1;
        if line.indent() > 0 {
            *counts.entry(line.indent()).or_insert(0_usize) += 1;
        }
    }
    let (indent, count) = counts.into_iter().max_by_key(|(indent, count)| (*count, usize::MAX - indent))?;
    (count * 2 > all && indent <= 8).then_some(indent)
}

/// Whether a blank belongs between two lines that are joined.
fn seam(before: &str, after: &str) -> bool {
    let (Some(end), Some(begin)) = (before.chars().next_back(), after.chars().next()) else { return false };
    if is_wide(end) && !is_hangul(end) || is_wide(begin) && !is_hangul(begin) {
        return false;
    }
    // A dash or a compound that was broken after its sign.
    let compound = end == '-' && before.chars().rev().nth(1).is_some_and(char::is_alphanumeric) && begin.is_alphanumeric();
    !(before.ends_with("--") || matches!(end, '—' | '–') || compound)
}

fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11FF}' | '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FF60}' | '\u{20000}'..='\u{323AF}')
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11FF}' | '\u{AC00}'..='\u{D7AF}')
}

/// Signs that no line begins with, and after which a line of verse may end.
fn is_closing(c: char) -> bool {
    matches!(
        c,
        '。' | '，'
            | '、'
            | '；'
            | '：'
            | '！'
            | '？'
            | '”'
            | '’'
            | '」'
            | '』'
            | '）'
            | '》'
            | '】'
            | '…'
            | '.'
            | ','
            | ';'
            | ':'
            | '!'
            | '?'
    )
}

/// A heading's or an advert's text without blanks at its ends.
pub(super) fn bare(text: &str) -> &str {
    text.trim_matches(is_blank)
}
