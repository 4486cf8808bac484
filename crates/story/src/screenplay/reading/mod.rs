//! Reading a story as a play: what is told, what is said, and by whom. From the words of the text alone.
//!
//! No name is known here: people are found by what brings their speech in, and from the cast.

mod chinese;
mod english;
pub(crate) mod quotes;

use quotes::Quote;

use crate::language::Tongue;

/// A person of the brief, by every name that they go by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CastName {
    /// The name that the script uses.
    pub name: String,
    /// Other names in the text.
    pub aliases: Vec<String>,
    /// `she/her`, where the brief says so.
    pub pronouns: Option<String>,
}

/// A piece of a story, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Passage {
    /// Whole sentences of narration, without the words that only say who speaks.
    Told(Told),
    /// What somebody says or thinks.
    Said(Said),
}

/// Narration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Whole sentences.
    pub text: String,
    /// The paragraph, from 1.
    pub paragraph: usize,
}

/// One speech: its two halves, where it was interrupted, are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Who; none where the text does not say and nothing can be concluded.
    pub speaker: Option<String>,
    /// The words beside it name the speaker.
    pub explicit: bool,
    /// Not said aloud: a voice-over.
    pub thought: bool,
    /// How it is said, in the story's words: `in a hoarse, feeble voice`.
    pub manner: Option<String>,
    /// The pieces between quotation marks.
    pub parts: Vec<Part>,
    /// The paragraph, from 1.
    pub paragraph: usize,
}

/// The words between two quotation marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Bytes from the start of the text, without the marks.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The words, white space taken for one blank.
    pub text: String,
    /// A full stop stands between them and the part before.
    pub own_sentence: bool,
}

impl Said {
    /// The whole speech as one.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for part in &self.parts {
            let next = part.text.as_str();
            if out.is_empty() {
                out.push_str(next);
                continue;
            }
            let han = next.starts_with(|c: char| crate::text::is_own_word(c));
            if part.own_sentence && out.ends_with([',', '，']) {
                out.pop();
                out.push(if han { '。' } else { '.' });
            }
            let dash = out.ends_with(['-', '—']) && next.starts_with(['-', '—']);
            if !han && !dash {
                out.push(' ');
            }
            out.push_str(if dash { next.trim_start_matches(['-', '—']) } else { next });
        }
        // A comma that led on to the attribution leads nowhere any more.
        if out.ends_with([',', '，', ';', '；', ':', '：']) {
            out.pop();
            out.push(if out.ends_with(|c: char| crate::text::is_own_word(c)) { '。' } else { '.' });
        }
        out
    }
}

/// Reads `text`. Paragraphs are parted by an empty line, in Chinese by any line end.
pub fn read(text: &str, tongue: Tongue, cast: &[CastName]) -> Vec<Passage> {
    match tongue {
        Tongue::En => english::read(text, cast),
        Tongue::Zh => chinese::read(text, cast),
    }
}

/// A paragraph, or several that one speech runs over: bytes, its number from 1, and the quotations in it.
#[derive(Debug)]
struct Block {
    start: usize,
    end: usize,
    paragraph: usize,
    quotes: Vec<Quote>,
}

impl Block {
    /// What stands around the quotations: one more than there are.
    fn gaps<'a>(&self, text: &'a str) -> Vec<(usize, &'a str)> {
        let mut at = self.start;
        let mut gaps = Vec::new();
        for quote in &self.quotes {
            gaps.push((at, &text[at..quote.start]));
            at = quote.end;
        }
        gaps.push((at, &text[at.min(self.end)..self.end]));
        gaps
    }
}

fn blocks(text: &str, parted: &str, quotes: Vec<Quote>) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut at = 0;
    let mut paragraph = 0;
    let mut pending = quotes.into_iter().peekable();
    for piece in text.split(parted) {
        let end = at + piece.len();
        if !piece.trim().is_empty() {
            paragraph += 1;
            let running = found.last().is_some_and(|b| b.quotes.last().is_some_and(|q| q.end > at));
            if !running {
                found.push(Block { start: at, end, paragraph, quotes: Vec::new() });
            }
            if let Some(block) = found.last_mut() {
                block.end = end;
                while let Some(quote) = pending.next_if(|q| q.start < end) {
                    block.quotes.push(quote);
                }
            }
        }
        at = end + parted.len();
    }
    found
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Marks beside Chinese signs at their full width.
pub(crate) fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            ',' => '，',
            ';' => '；',
            ':' => '：',
            '!' => '！',
            '?' => '？',
            c => c,
        })
        .collect()
}
