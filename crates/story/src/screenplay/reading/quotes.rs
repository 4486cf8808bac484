//! Where somebody's words stand between quotation marks: curly and straight, British single ones, 「」『』 and “”.

use crate::language::Tongue;

/// A quotation: byte offsets of its words, without the marks, and of the whole with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quote {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) inner_start: usize,
    pub(crate) inner_end: usize,
    /// Left open at the end of its paragraph: the next one goes on with the same speech.
    pub(crate) goes_on: bool,
}

impl Quote {
    pub(crate) fn words(self, text: &str) -> &str {
        text[self.inner_start..self.inner_end].trim()
    }
}

/// How many paragraphs a speech may run on without a mark of its own: a song in the middle of it.
const LONGEST_RUN: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Double,
    Single,
    Corner,
    WhiteCorner,
}

struct Scan<'a> {
    text: &'a str,
    chars: Vec<(usize, char)>,
    /// Single marks are the outer ones here.
    single: bool,
    /// What parts two paragraphs.
    paragraph: &'static str,
}

/// Every outer quotation of `text`, in order. What is quoted inside of one belongs to it.
pub(crate) fn quotes(text: &str, tongue: Tongue) -> Vec<Quote> {
    let mut scan =
        Scan { text, chars: text.char_indices().collect(), single: true, paragraph: if tongue == Tongue::Zh { "\n" } else { "\n\n" } };
    let double = scan.chars.iter().filter(|(_, c)| matches!(c, '“' | '"')).count();
    let single = (0..scan.chars.len()).filter(|i| scan.opens_single(*i)).count();
    scan.single = tongue == Tongue::En && single > double;
    scan.run()
}

impl Scan<'_> {
    fn run(&self) -> Vec<Quote> {
        let mut found = Vec::new();
        let mut open: Option<(usize, Kind)> = None;
        let mut i = 0;
        while i < self.chars.len() {
            let (at, c) = self.chars[i];
            if let Some((from, kind)) = open {
                if let Some(end) = self.left_open(i, from, kind) {
                    found.push(self.quote(from, end, end, false));
                    open = Some((i, kind));
                } else if self.text[at..].starts_with(self.paragraph) && !self.runs_on(i, kind) {
                    let goes_on = self.next_opens(i, kind);
                    found.push(self.quote(from, i, i, goes_on));
                    open = None;
                } else if self.closes(i, kind) {
                    found.push(self.quote(from, i, i + 1, false));
                    open = None;
                }
            } else if let Some(kind) = self.opens(i, c) {
                open = Some((i, kind));
            }
            i += 1;
        }
        if let Some((from, _)) = open {
            found.push(self.quote(from, self.chars.len(), self.chars.len(), false));
        }
        found.retain(|q| !q.words(self.text).is_empty());
        found
    }

    fn at(&self, i: usize) -> usize {
        self.chars.get(i).map_or(self.text.len(), |(at, _)| *at)
    }

    fn char(&self, i: usize) -> Option<char> {
        self.chars.get(i).map(|(_, c)| *c)
    }

    fn before(&self, i: usize) -> Option<char> {
        i.checked_sub(1).and_then(|i| self.char(i))
    }

    fn quote(&self, from: usize, to: usize, end: usize, goes_on: bool) -> Quote {
        Quote { start: self.at(from), end: self.at(end), inner_start: self.at(from + 1), inner_end: self.at(to), goes_on }
    }

    fn opens(&self, i: usize, c: char) -> Option<Kind> {
        match c {
            '「' => Some(Kind::Corner),
            '『' => Some(Kind::WhiteCorner),
            '“' | '〝' if !self.single => Some(Kind::Double),
            // A closing mark where nothing is open: typed the wrong way round.
            '"' | '＂' if !self.single => Some(Kind::Double),
            '\'' | '‘' if self.single && self.opens_single(i) => Some(Kind::Single),
            _ => None,
        }
    }

    fn opens_single(&self, i: usize) -> bool {
        let Some(c @ ('\'' | '‘')) = self.char(i) else { return false };
        let free = self.before(i).is_none_or(|b| b.is_whitespace() || matches!(b, '(' | '[' | '-' | '—' | '–' | '"' | '“'));
        let leads = self.char(i + 1).is_some_and(|n| !n.is_whitespace());
        free && leads && (c == '‘' || !self.elides(i))
    }

    /// `'tis`, `'em`: the mark stands for letters that were left out.
    fn elides(&self, i: usize) -> bool {
        let word: String =
            self.chars[i + 1..].iter().map(|(_, c)| *c).take_while(|c| c.is_alphabetic()).take(8).collect::<String>().to_lowercase();
        let after = self.char(i + 1 + word.chars().count());
        after != Some('\'')
            && matches!(
                word.as_str(),
                "tis" | "twas" | "twere" | "twould" | "twill" | "em" | "un" | "bout" | "cause" | "gainst" | "neath" | "cos"
            )
    }

    fn closes(&self, i: usize, kind: Kind) -> bool {
        let Some(c) = self.char(i) else { return false };
        match kind {
            Kind::Corner => c == '」',
            Kind::WhiteCorner => c == '』',
            // An opening mark after the end of a sentence: typed the wrong way round.
            Kind::Double => {
                matches!(c, '”' | '"' | '＂' | '〞')
                    || (c == '“' && self.before(i).is_some_and(|b| matches!(b, '。' | '！' | '？' | '!' | '?' | '…' | '’')))
            }
            Kind::Single => matches!(c, '\'' | '’') && self.closes_single(i),
        }
    }

    /// Where a Chinese quotation ends that was left open: another opens behind `道：`, and what brings that in begins after a full sentence.
    fn left_open(&self, i: usize, from: usize, kind: Kind) -> Option<usize> {
        let brought_in = matches!(self.before(i), Some(':' | '：')) && i >= 2 && matches!(self.char(i - 2), Some('道' | '说' | '问'));
        if kind != Kind::Double || self.char(i) != Some('“') || !brought_in {
            return None;
        }
        (from + 2..i).rev().find(|j| matches!(self.before(*j), Some('。' | '！' | '？' | '!' | '?' | '…')))
    }

    fn closes_single(&self, i: usize) -> bool {
        let (Some(before), after) = (self.before(i), self.char(i + 1)) else { return false };
        if before.is_whitespace() || after.is_some_and(char::is_alphanumeric) {
            return false;
        }
        if !before.is_alphanumeric() || after.is_none_or(|a| !a.is_whitespace()) {
            return true;
        }
        // The sisters' bed: a later mark after a sign of its own closes, before anything opens.
        for j in i + 1..self.chars.len() {
            if self.text[self.at(j)..].starts_with(self.paragraph) || self.opens_single(j) {
                return true;
            }
            let mark = matches!(self.char(j), Some('\'' | '’'));
            if mark && self.before(j).is_some_and(|b| matches!(b, ',' | '.' | '!' | '?' | ';' | '-')) {
                return false;
            }
        }
        true
    }

    /// Whether a quotation that is open at a paragraph's end is closed within the next few, before another opens.
    fn runs_on(&self, i: usize, kind: Kind) -> bool {
        if self.next_opens(i, kind) {
            return false;
        }
        let mut left = LONGEST_RUN;
        for j in i + 1..self.chars.len() {
            if self.text[self.at(j)..].starts_with(self.paragraph) {
                left -= 1;
                if left == 0 {
                    return false;
                }
            }
            if self.closes(j, kind) {
                return true;
            }
            if self.char(j).is_some_and(|c| self.opens(j, c) == Some(kind)) {
                return false;
            }
        }
        false
    }

    fn next_opens(&self, i: usize, kind: Kind) -> bool {
        let next = (i..self.chars.len()).find(|j| self.char(*j).is_some_and(|c| !c.is_whitespace()));
        next.is_some_and(|j| self.char(j).is_some_and(|c| self.opens(j, c) == Some(kind)))
    }
}
