//! Locked words: they stand in every later version of their text, and are found again where the text around them has grown or shrunk.

use crate::text::{Span, slice};

/// Where each of these locked spans of `old` stands in `new`, which came after it; none where its words are gone.
///
/// A span that lies in the part which both texts begin or end with is found by its place. Else its words must stand in the part that
/// changed: the same words elsewhere are others, which were there before. Two spans that lay apart do not find the same words.
pub fn carried(old: &str, spans: &[Span], new: &str) -> Vec<Option<Span>> {
    let change = Change::between(old, new);
    let mut found: Vec<Option<Span>> = Vec::with_capacity(spans.len());
    for (n, span) in spans.iter().enumerate() {
        let taken: Vec<Span> = (0..n).filter(|i| !spans[*i].meets(*span)).filter_map(|i| found[i]).collect();
        let is_free = |place: &Span| !taken.iter().any(|other| other.meets(*place));
        let place = change.by_place(*span).find(is_free).or_else(|| {
            let within = change.changed(span.end - span.start);
            let places = places(new, slice(old, *span)).into_iter().filter(|place| within.start <= place.start && place.end <= within.end);
            places.filter(is_free).min_by_key(|place| place.start.abs_diff(span.start))
        });
        found.push(place);
    }
    found
}

/// Those of these words that do not stand in `text`, in order. Words that are locked twice must stand there twice.
pub fn missing<'a>(text: &str, locked: &'a [String]) -> Vec<&'a str> {
    let mut taken: Vec<Span> = Vec::new();
    let mut missing = Vec::new();
    for words in locked {
        let free = |place: &Span| !taken.iter().any(|other| other.meets(*place) && slice(text, *other) == words);
        match places(text, words).into_iter().find(free) {
            Some(place) => taken.push(place),
            None => missing.push(words.as_str()),
        }
    }
    missing
}

/// The place of `words` in `text` that is nearest to `start`.
pub fn nearest(text: &str, words: &str, start: usize) -> Option<Span> {
    places(text, words).into_iter().min_by_key(|place| place.start.abs_diff(start))
}

/// Every place of `words` in `text`, also where two overlap.
pub(crate) fn places(text: &str, words: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let (length, mut chars, mut from) = (words.chars().count(), 0, 0);
    if words.is_empty() {
        return found;
    }
    while let Some(at) = text[from..].find(words).map(|at| from + at) {
        chars += text[from..at].chars().count();
        found.push(Span { start: chars, end: chars + length });
        from = at + text[at..].chars().next().map_or(1, char::len_utf8);
        chars += 1;
    }
    found
}

/// What two texts have in common at both ends, in scalar values. The two may overlap.
struct Change {
    old: usize,
    new: usize,
    before: usize,
    after: usize,
}

impl Change {
    fn between(old: &str, new: &str) -> Self {
        let same = |(a, b): &(char, char)| a == b;
        Self {
            old: old.chars().count(),
            new: new.chars().count(),
            before: old.chars().zip(new.chars()).take_while(same).count(),
            after: old.chars().rev().zip(new.chars().rev()).take_while(same).count(),
        }
    }

    /// Where a span stands that the change did not touch, counted from either end.
    fn by_place(&self, span: Span) -> impl Iterator<Item = Span> + use<> {
        let first = (span.end <= self.before).then_some(span);
        let (old, new) = (self.old, self.new);
        let shifted = (span.start + self.after >= old).then(|| Span { start: span.start + new - old, end: span.end + new - old });
        first.into_iter().chain(shifted)
    }

    /// The part of the new text that changed, with as much on both sides as words of this length may reach over its ends.
    fn changed(&self, length: usize) -> Span {
        let end = self.new.saturating_sub(self.after);
        let reach = length.saturating_sub(1);
        Span { start: self.before.min(end).saturating_sub(reach), end: (self.before.max(end) + reach).min(self.new) }
    }
}
