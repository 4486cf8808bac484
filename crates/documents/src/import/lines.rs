//! A text as lines that can be looked at.

use super::ImportWarning;

/// Lines longer than this, in characters, are parted where sentences end.
const LONGEST_LINE: usize = 20_000;
/// What such a line is parted into, in characters.
const PART: usize = 1_500;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// In the file, from 1.
    pub(super) number: usize,
    /// Without blanks at its end.
    pub(super) text: String,
    /// Whether a sign of Markdown says that the line ends here.
    pub(super) hard_break: bool,
}

impl Line {
    pub(super) fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    /// Without blanks at either end.
    pub(super) fn trimmed(&self) -> &str {
        self.text.trim_start_matches(is_blank)
    }

    /// Columns of blanks before the first sign; an ideographic space has two.
    pub(super) fn indent(&self) -> usize {
        self.text
            .chars()
            .take_while(|c| is_blank(*c))
            .map(|c| match c {
                '\t' => 4,
                '\u{3000}' => 2,
                _ => 1,
            })
            .sum()
    }
}

/// White space, and signs that show nothing.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200B}' | '\u{2060}')
}

/// The lines of `text`, with signs left out that no text has.
pub(super) fn lines(text: &str, markdown: bool, warnings: &mut Vec<ImportWarning>) -> Vec<Line> {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{85}', '\u{0B}'], "\n").replace(['\u{2029}', '\u{0C}'], "\n\n");
    let (mut out, mut controls, mut first) = (Vec::new(), 0, 0);
    for (line, number) in text.split('\n').zip(1..) {
        let found = line.chars().filter(|c| is_control(*c)).count();
        if found > 0 {
            controls += found;
            first = if first == 0 { number } else { first };
        }
        let clean: String = line.chars().filter(|c| !is_control(*c) && *c != '\u{AD}').collect();
        let hard_break = markdown && clean.ends_with("  ") && !clean.trim().is_empty();
        let clean = clean.trim_end_matches(is_blank);
        let chars = if clean.len() > LONGEST_LINE { clean.chars().count() } else { 0 };
        if chars > LONGEST_LINE {
            warnings.push(ImportWarning::LongLine { line: number, chars });
            for part in part(clean) {
                out.push(Line { number, text: part.to_owned(), hard_break: false });
                out.push(Line { number, text: String::new(), hard_break: false });
            }
        } else {
            out.push(Line { number, text: clean.to_owned(), hard_break });
        }
    }
    if controls > 0 {
        warnings.push(ImportWarning::ControlCharacters { count: controls, line: first });
    }
    out
}

/// Whether so much of `text` is control signs that it is none.
pub(super) fn is_binary(text: &str) -> bool {
    let (controls, all) = text.chars().fold((0_usize, 0_usize), |(controls, all), c| (controls + usize::from(is_control(c)), all + 1));
    controls * 100 > all
}

fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}')
}

/// A long line as pieces that each end a sentence, where there is an end of one.
fn part(line: &str) -> Vec<&str> {
    let (mut parts, mut start, mut count, mut ends) = (Vec::new(), 0, 0, false);
    for (at, c) in line.char_indices() {
        // What closes speech belongs to the sentence before it.
        let closes = matches!(c, '”' | '’' | '"' | '\'' | '」' | '』' | '）' | ')');
        if ends && !closes && (count >= PART && (c.is_whitespace() || !c.is_ascii()) || count >= LONGEST_LINE) {
            parts.push(line[start..at].trim());
            (start, count) = (at, 0);
        }
        ends = matches!(c, '。' | '！' | '？' | '…' | '.' | '!' | '?') || ends && closes || count + 1 >= LONGEST_LINE;
        count += 1;
    }
    parts.push(line[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}
