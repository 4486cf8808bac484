//! English: quotations, attributions beside them, people by their names.

mod attribution;
mod nouns;
mod people;
mod telling;
mod verbs;
mod words;

use std::collections::BTreeSet;

use attribution::Attribution;
use nouns::Subject;
use people::People;
use telling::told;
use words::Word;

use super::{
    Block, CastName, Part, Passage, Said, Told, blocks, one_line,
    quotes::{Quote, quotes},
};
use crate::language::Tongue;

/// An aside of more words says more than how something is said.
const LONGEST_ASIDE: usize = 10;

/// What stands between two quotations.
struct Gap<'a> {
    words: Vec<Word<'a>>,
    /// Says who spoke before it.
    after: Option<Attribution>,
    /// Says who speaks after it.
    before: Option<Attribution>,
    /// The words that are left: from, to.
    told: (usize, usize),
}

impl Gap<'_> {
    fn left(&self) -> &[Word<'_>] {
        &self.words[self.told.0..self.told.1]
    }

    fn is_silent(&self) -> bool {
        !self.left().iter().any(Word::is_word)
    }

    /// Few words, and no sentence of their own.
    fn is_short(&self) -> bool {
        self.left().iter().filter(|w| w.is_word()).count() <= LONGEST_ASIDE && !self.left().iter().any(Word::ends_sentence)
    }

    /// Nothing but an aside in brackets.
    fn is_aside(&self) -> bool {
        let signs: Vec<&str> = self.left().iter().map(|w| w.text).collect();
        signs.first() == Some(&"(") && signs.iter().rposition(|s| *s == ")").is_some_and(|i| i + 1 == signs.len())
    }
}

pub(super) fn read(text: &str, cast: &[CastName]) -> Vec<Passage> {
    let spoken: Vec<Quote> = quotes(text, Tongue::En).into_iter().filter(|q| is_speech(text, *q)).collect();
    let blocks = blocks(text, "\n\n", spoken);
    let gaps: Vec<Vec<Gap<'_>>> = blocks.iter().map(|block| gaps(text, block)).collect();
    let mut names = subjects(&gaps);
    names.extend(nouns::acting(text, gaps.iter().flatten().map(|g| g.words.as_slice())));
    let mut people = People::new(cast, &names);
    // Who is `she` is learnt from the whole text before anybody is looked for.
    for (b, gaps) in gaps.iter().enumerate() {
        for gap in gaps {
            people.watch(&gap.words, b);
            for told in gap.after.iter().chain(&gap.before) {
                if let Some(subject) = &told.subject {
                    people.learn(subject, &gap.words[told.from..told.to]);
                }
            }
        }
    }
    people.seen.clear();
    let mut out = Vec::new();
    let mut goes_on = None;
    for (b, (block, gaps)) in blocks.iter().zip(&gaps).enumerate() {
        let heard = hear(text, b, block, gaps, &mut people, goes_on.take());
        if block.quotes.last().is_some_and(|q| q.goes_on) {
            goes_on = heard.last().and_then(|s| s.speaker.clone());
        }
        lay_out(text, block, gaps, heard, &people, &mut out);
    }
    out
}

/// A label or an inscription is not speech: `labelled 'ORANGE MARMALADE'`.
fn is_speech(text: &str, quote: Quote) -> bool {
    let words = quote.words(text);
    let letters: Vec<char> = words.chars().filter(|c| c.is_alphabetic()).collect();
    let before = text[..quote.start].trim_end();
    let verb =
        before.rsplit(|c: char| !c.is_alphanumeric()).find(|w| !w.is_empty()).and_then(|w| verbs::speech(&w.to_lowercase())).is_some();
    let led = before.ends_with([':', ',']) || verb || before.is_empty() || text[..quote.start].ends_with("\n\n");
    if letters.len() > 1 && letters.iter().all(|c| c.is_uppercase()) && !led {
        return false;
    }
    let mark = words.ends_with([',', '.', '!', '?', ';', ':', '-', '—', '…', '\'', '"', '”', '’', ')']);
    let comma = text[quote.end..].starts_with([',', ';']);
    mark || led || comma || quote.goes_on && words.split_whitespace().count() > 4
}

fn gaps<'a>(text: &'a str, block: &Block) -> Vec<Gap<'a>> {
    let pieces = block.gaps(text);
    let last = pieces.len() - 1;
    pieces
        .into_iter()
        .enumerate()
        .map(|(i, (base, piece))| {
            let words = words::words(piece, base);
            let after = (i > 0).then(|| attribution::after(&words)).flatten();
            let from = after.as_ref().map_or(0, |a| a.to);
            let mut before = (i < last).then(|| attribution::before(&words[from..])).flatten();
            if let Some(found) = &mut before {
                found.from += from;
                found.to += from;
                found.manner = found.manner.map(|(a, b)| (a + from, b + from));
            }
            let to = before.as_ref().map_or(words.len(), |b| b.from);
            Gap { words, after, before, told: (from, to.max(from)) }
        })
        .collect()
}

/// The names that attributions use: those that are surely names, for they stand beside the verb.
fn subjects(gaps: &[Vec<Gap<'_>>]) -> Vec<String> {
    let all = || gaps.iter().flatten();
    let mut inside: BTreeSet<&str> = BTreeSet::new();
    for gap in all() {
        for pair in gap.words.windows(2) {
            if !pair[0].ends_sentence() && pair[1].is_capital() {
                inside.insert(pair[1].text);
            }
        }
    }
    let mut found = Vec::new();
    for attribution in all().flat_map(|g| g.after.iter().chain(&g.before)) {
        if let Some(Subject::Named(names)) = &attribution.subject {
            found.extend(
                names
                    .iter()
                    .filter(|n| n.split(' ').all(|w| !w.starts_with(char::is_uppercase) || inside.contains(w) || w == "of"))
                    .cloned(),
            );
        }
    }
    found
}

/// Who says each quotation of a block.
fn hear(text: &str, b: usize, block: &Block, gaps: &[Gap<'_>], people: &mut People, goes_on: Option<String>) -> Vec<Said> {
    let mut heard: Vec<Said> = Vec::new();
    for (k, quote) in block.quotes.iter().enumerate() {
        let (lead, tail) = (&gaps[k], &gaps[k + 1]);
        let from = lead.after.as_ref().map_or(0, |a| a.to);
        people.watch(&lead.words[from..], b);
        let own = tail.after.as_ref().or(lead.before.as_ref());
        let previous = heard.last().and_then(|s| s.speaker.clone());
        let (mut speaker, mut explicit) = match own.and_then(|a| a.subject.as_ref()) {
            Some(subject) => people.resolve(subject, b),
            None => (None, false),
        };
        if speaker.is_none() {
            let acted = people.seen.iter().rev().find(|m| m.block == b && m.acts).map(|m| m.name.clone());
            let beat = if lead.is_silent() || k > 0 && lead.is_aside() { None } else { beat(lead, people, b).or(acted) };
            let follows = || tail.left().first().and_then(|_| follows(tail, people, b));
            speaker = beat.or_else(|| previous.clone()).or_else(|| goes_on.clone()).or_else(follows).or_else(|| turn(people, b));
            explicit = false;
        }
        if k > 0 && own.is_none() && (lead.is_silent() || lead.is_aside()) && lead.after.is_some() {
            explicit = heard.last().is_some_and(|s| s.explicit);
        }
        let half = k > 0 && (lead.is_silent() || lead.is_aside()) && previous == speaker;
        let thought = own.map_or(half && heard.last().is_some_and(|s| s.thought), |a| a.thought);
        let range = own.and_then(|a| a.manner);
        let said_in = if tail.after.is_some() { tail } else { lead };
        let mut manner = range.filter(|(a, z)| z > a).map(|(a, z)| one_line(&text[said_in.words[a].start..said_in.words[z - 1].end]));
        if manner.is_none() && lead.is_aside() && k > 0 && lead.is_short() {
            let left = lead.left();
            manner = Some(one_line(&text[left[0].end..left[left.len() - 1].start]).trim_end_matches(',').to_owned());
        }
        let part = Part {
            start: quote.inner_start,
            end: quote.inner_end,
            text: one_line(quote.words(text)),
            own_sentence: lead.words.iter().any(Word::ends_sentence),
        };
        if let Some(name) = &speaker {
            people.spoke.push((b, name.clone()));
        }
        heard.push(Said { speaker, explicit, thought, manner, parts: vec![part], paragraph: block.paragraph });
    }
    if let Some(gap) = gaps.last() {
        let from = gap.after.as_ref().map_or(0, |a| a.to);
        people.watch(&gap.words[from..], b);
    }
    heard
}

/// Who acts in the last sentence before a quotation.
fn beat(gap: &Gap<'_>, people: &People, b: usize) -> Option<String> {
    let words = gap.left();
    let end = words.len() - words.iter().rev().take_while(|w| !w.is_word()).count();
    let begin = words[..end].iter().rposition(Word::ends_sentence).map_or(0, |i| i + 1);
    actor(&words[begin..end], people, b)
}

/// Who acts in the sentence after a quotation.
fn follows(gap: &Gap<'_>, people: &People, b: usize) -> Option<String> {
    actor(gap.left(), people, b)
}

fn actor(sentence: &[Word<'_>], people: &People, b: usize) -> Option<String> {
    let skip = sentence
        .iter()
        .take_while(|w| {
            let low = w.low();
            low.len() > 4 && low.ends_with("ly")
                || matches!(
                    low.as_str(),
                    "and" | "but" | "so" | "then" | "here" | "at" | "last" | "," | "again" | "just" | "once" | "now" | "soon"
                )
        })
        .count();
    match nouns::phrase(sentence, skip)?.0 {
        Subject::Named(names) => names.first().and_then(|n| people.known(n)).cloned(),
        Subject::Pronoun(c) => people.meant(c, b),
        _ => None,
    }
}

/// Two people talk by turns: whoever spoke before the last.
fn turn(people: &People, b: usize) -> Option<String> {
    let mut turns: Vec<(usize, &String)> = Vec::new();
    for (block, name) in people.spoke.iter().rev() {
        if turns.last().is_none_or(|(_, last)| *last != name) {
            turns.push((*block, name));
        }
        if turns.len() == 2 {
            break;
        }
    }
    match turns.as_slice() {
        [(last, _), (before, other)] if last + 1 >= b && before + 3 >= b => Some((*other).clone()),
        _ => None,
    }
}

/// Narration and speech in the order of the text, two halves of a speech put together.
fn lay_out(text: &str, block: &Block, gaps: &[Gap<'_>], heard: Vec<Said>, people: &People, out: &mut Vec<Passage>) {
    let mut heard = heard.into_iter();
    for (k, gap) in gaps.iter().enumerate() {
        let aside = gap.is_aside() && k > 0 && k + 1 < gaps.len();
        if !gap.is_silent() && !aside {
            let name = match out.last() {
                Some(Passage::Said(said)) if gap.after.is_some() => said.speaker.as_deref().map(|name| people.told(name)),
                _ => None,
            };
            if let Some(told) = told(text, gap, name.as_deref()) {
                out.push(Passage::Told(Told { text: told, paragraph: block.paragraph }));
            }
        }
        let Some(said) = heard.next() else { continue };
        let sentence_goes_on = said.parts[0].text.trim_start_matches('-').starts_with(char::is_lowercase);
        if k > 0
            && sentence_goes_on
            && let [.., Passage::Said(last), Passage::Told(_)] = out.as_mut_slice()
            && last.speaker == said.speaker
            && last.paragraph == said.paragraph
        {
            // What happens in the middle of a sentence is told before it.
            let between = out.len() - 2;
            out.swap(between, between + 1);
        }
        if let Some(Passage::Said(last)) = out.last_mut()
            && k > 0
            && last.speaker == said.speaker
            && last.thought == said.thought
            && last.paragraph == said.paragraph
        {
            last.parts.extend(said.parts);
            last.manner = last.manner.take().or(said.manner);
            last.explicit |= said.explicit;
            continue;
        }
        out.push(Passage::Said(said));
    }
}
