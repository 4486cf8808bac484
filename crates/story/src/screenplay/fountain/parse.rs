use super::{Block, Line, Placed, in_capitals, is_heading};
use crate::text::Span;

/// The keys that a title page has; a body may begin with another word and a colon.
const KEYS: [&str; 14] = [
    "title",
    "credit",
    "author",
    "authors",
    "source",
    "notes",
    "draft date",
    "date",
    "contact",
    "copyright",
    "revision",
    "characters",
    "synopsis",
    "language",
];

struct Row<'a> {
    text: &'a str,
    span: Span,
}

/// Reads a Fountain text. Nothing is refused: what is no element of its own is action. Notes and what is struck out are left out.
pub fn parse(text: &str) -> Vec<Placed> {
    let plain = without_notes(text);
    let mut at = 0;
    let rows: Vec<Row<'_>> = plain
        .split('\n')
        .map(|line| {
            let size = line.chars().count();
            let span = Span { start: at, end: at + size };
            at += size + 1;
            Row { text: line.trim_end_matches('\r'), span }
        })
        .collect();
    let mut reader = Reader { rows: &rows, at: title_page(&rows), found: Vec::new() };
    while reader.at < rows.len() {
        reader.element();
    }
    reader.found
}

/// The row after the title page.
fn title_page(rows: &[Row<'_>]) -> usize {
    let Some(first) = rows.iter().position(|r| !r.text.trim().is_empty()) else { return 0 };
    let key = rows[first].text.split_once(':').map(|(key, _)| key.trim().to_lowercase());
    if key.is_none_or(|key| !KEYS.contains(&key.as_str())) {
        return 0;
    }
    first + rows[first..].iter().take_while(|r| !r.text.trim().is_empty()).count()
}

/// Notes and boneyard as blanks: every other place stays where it is.
fn without_notes(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out: Vec<char> = chars.clone();
    let closes = |from: usize, a: char, b: char| (from..chars.len().saturating_sub(1)).find(|i| chars[*i] == a && chars[*i + 1] == b);
    let mut i = 0;
    while i + 1 < chars.len() {
        let end = match (chars[i], chars[i + 1]) {
            ('/', '*') => closes(i + 2, '*', '/'),
            ('[', '[') => closes(i + 2, ']', ']').filter(|end| !has_empty_line(&chars[i..*end])),
            _ => None,
        };
        let Some(end) = end else {
            i += 1;
            continue;
        };
        for c in out.iter_mut().take(end + 2).skip(i) {
            if *c != '\n' {
                *c = ' ';
            }
        }
        i = end + 2;
    }
    out.into_iter().collect()
}

/// A note ends at an empty line that has no blanks of its own.
fn has_empty_line(chars: &[char]) -> bool {
    chars.windows(2).any(|pair| pair == ['\n', '\n'])
}

struct Reader<'a> {
    rows: &'a [Row<'a>],
    at: usize,
    found: Vec<Placed>,
}

impl Reader<'_> {
    fn text(&self, i: usize) -> &str {
        self.rows.get(i).map_or("", |r| r.text)
    }

    fn is_empty(&self, i: usize) -> bool {
        self.text(i).trim().is_empty()
    }

    fn push(&mut self, block: Block, rows: usize) {
        let span = Span { start: self.rows[self.at].span.start, end: self.rows[self.at + rows - 1].span.end };
        self.found.push(Placed { block, span });
        self.at += rows;
    }

    fn element(&mut self) {
        if self.is_empty(self.at) {
            self.at += 1;
            return;
        }
        let line = self.text(self.at).trim().to_owned();
        let alone_before = self.at == 0 || self.is_empty(self.at - 1);
        if let Some(block) = marked(&line) {
            return self.push(block, 1);
        }
        if alone_before && is_heading(&line) {
            return self.push(heading(&line), 1);
        }
        if alone_before && !line.starts_with('!') && in_capitals(&line) && line.ends_with("TO:") && self.is_empty(self.at + 1) {
            return self.push(Block::Transition(line), 1);
        }
        if let Some((name, extension, dual)) = speaker(&line)
            && alone_before
            && !self.text(self.at + 1).is_empty()
            && !self.is_empty(self.at + 1)
        {
            return self.speech(name, extension, dual);
        }
        self.action();
    }

    fn speech(&mut self, name: String, extension: Option<String>, dual: bool) {
        let mut lines = Vec::new();
        let mut i = self.at + 1;
        while i < self.rows.len() && !self.text(i).is_empty() {
            let line = self.text(i).trim();
            // Two blanks alone keep a pause in the speech.
            if line.is_empty() && !self.text(i).starts_with("  ") {
                break;
            }
            lines.push(match line.strip_prefix('(').and_then(|l| l.strip_suffix(')')) {
                Some(inner) => Line::Parenthetical(inner.to_owned()),
                None => Line::Words(unescaped(line)),
            });
            i += 1;
        }
        let rows = i - self.at;
        self.push(Block::Speech { name, extension, dual, lines }, rows);
    }

    fn action(&mut self) {
        let mut i = self.at;
        let mut lines = Vec::new();
        while i < self.rows.len() && !self.is_empty(i) {
            let line = self.text(i).trim_end();
            if i > self.at && !line.starts_with('!') && marked(line.trim()).is_some() {
                break;
            }
            lines.push(unescaped(line.strip_prefix('!').unwrap_or(line)));
            i += 1;
        }
        let rows = i - self.at;
        self.push(Block::Action(lines.join("\n")), rows);
    }
}

/// An element that its first sign names.
fn marked(line: &str) -> Option<Block> {
    let rest = line.get(1..).unwrap_or_default().trim().to_owned();
    if line.len() > 2 && line.chars().all(|c| c == '=') {
        return Some(Block::PageBreak);
    }
    match line.chars().next()? {
        '=' => Some(Block::Synopsis(rest)),
        '#' => {
            let level = line.chars().take_while(|c| *c == '#').count();
            Some(Block::Section { level, text: line[level..].trim().to_owned() })
        }
        '~' => Some(Block::Lyric(unescaped(&rest))),
        '>' => Some(match rest.strip_suffix('<') {
            Some(middle) => Block::Centered(unescaped(middle.trim())),
            None => Block::Transition(rest),
        }),
        '.' if !line.starts_with("..") && !rest.is_empty() => Some(heading(&rest)),
        _ => None,
    }
}

fn heading(line: &str) -> Block {
    let numbered = line.trim_end().strip_suffix('#').and_then(|l| l.rsplit_once('#'));
    match numbered {
        Some((text, number)) if !number.is_empty() => {
            Block::Heading { text: text.trim().to_owned(), number: Some(number.trim().to_owned()) }
        }
        _ => Block::Heading { text: line.trim().to_owned(), number: None },
    }
}

/// The name that a line bears, if it may be one: forced, or in capitals.
fn speaker(line: &str) -> Option<(String, Option<String>, bool)> {
    let forced = line.strip_prefix('@');
    let (cue, dual) = forced.unwrap_or(line).trim_end().strip_suffix('^').map_or((forced.unwrap_or(line), false), |cue| (cue, true));
    let (name, extension) = match cue.split_once('(') {
        Some((name, more)) => (name, more.trim_end().strip_suffix(')').map(|e| e.trim().to_owned())),
        None => (cue, None),
    };
    let name = name.trim();
    let natural = in_capitals(name) && !line.starts_with('!');
    (!name.is_empty() && (forced.is_some() || natural)).then(|| (name.to_owned(), extension, dual))
}

/// Without the strokes that keep `*` and `_` from meaning anything.
fn unescaped(text: &str) -> String {
    text.replace("\\*", "*").replace("\\_", "_")
}
