use std::ops::Range;

use super::{
    super::{
        Desk,
        page::Page,
        tokens::{Token, shingles, tokens},
    },
    is_verse,
};
use crate::{
    finding::{Finding, Severity},
    language::Tongue,
};

const RULE: &str = "repeated-phrase";

/// A phrase has so many words, or Han signs.
const WORDS: usize = 5;
const SIGNS: usize = 8;
/// So often at least, and once in so many words.
const TIMES: usize = 4;
const ONCE_IN: usize = 400;
/// At most so many are told of one chapter.
const MOST: usize = 3;

/// A phrase comes back again and again in one chapter.
///
/// The refrain of a song is none, and neither is a name, however long.
pub(super) fn check(desk: &Desk<'_>, page: &Page<'_>) -> Vec<Finding> {
    let size = if desk.tongue == Tongue::Zh { SIGNS } else { WORDS };
    let mut words: Vec<Token> = Vec::new();
    let mut all: Vec<(u64, usize)> = Vec::new();
    for range in page.paragraphs.iter().filter(|range| !is_verse(&page.text[(*range).clone()])) {
        let first = words.len();
        let shift = |token: Token| Token { start: token.start + range.start, end: token.end + range.start, ..token };
        words.extend(tokens(&page.text[range.clone()]).into_iter().map(shift));
        all.extend(shingles(&words[first..], size).into_iter().enumerate().map(|(at, hash)| (hash, first + at)));
    }
    let need = TIMES.max(words.len() / ONCE_IN);
    all.sort_unstable();
    let mut groups: Vec<Vec<usize>> = all
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|same| same.len() >= need)
        .map(|same| same.iter().map(|(_, at)| *at).collect::<Vec<_>>())
        .collect();
    groups.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a[0].cmp(&b[0])));
    let mut taken: Vec<Range<usize>> = Vec::new();
    let mut found = Vec::new();
    for places in groups {
        if found.len() == MOST {
            break;
        }
        let places = apart(&places, size);
        let mut long = size;
        while is_the_same(&words, &places, long) {
            long += 1;
        }
        let at = |place: usize| words[place].start..words[place + long - 1].end;
        let phrase = &page.text[at(places[0])];
        let covered = taken.iter().any(|range| places.iter().any(|place| range.contains(place) || range.contains(&(place + long - 1))));
        taken.extend(places.iter().map(|place| *place..place + long));
        if places.len() < need || covered || is_name(desk, phrase) || phrase.contains('\n') {
            continue;
        }
        let message = format!("{} says “{phrase}” {} times.", page.named(), places.len());
        let about = format!("{}/{}", page.key(), phrase.to_lowercase());
        let finding = Finding::new(RULE, Severity::Warning, &about, message, "Keep one, and say the others in another way.".into());
        found.push(places.iter().take(8).fold(finding, |finding, place| page.over(finding, at(*place))));
    }
    found
}

/// Without those that begin inside of another.
fn apart(places: &[usize], size: usize) -> Vec<usize> {
    let mut kept: Vec<usize> = Vec::new();
    for place in places {
        if kept.last().is_none_or(|last| last + size <= *place) {
            kept.push(*place);
        }
    }
    kept
}

/// Whether the same word stands behind every one of them.
fn is_the_same(words: &[Token], places: &[usize], long: usize) -> bool {
    let next = |place: usize| words.get(place + long).filter(|_| place + long < words.len()).map(|token| token.hash);
    let first = next(places[0]);
    first.is_some() && long < 40 && places.iter().all(|place| next(*place) == first) && places.windows(2).all(|two| two[0] + long < two[1])
}

/// Whether it is names for the most part.
fn is_name(desk: &Desk<'_>, phrase: &str) -> bool {
    if desk.tongue == Tongue::Zh {
        return desk.people.names.iter().any(|name| name.chars().count() * 2 > phrase.chars().count() && phrase.contains(name.as_str()));
    }
    let words: Vec<&str> = phrase.split_whitespace().collect();
    let capital = words.iter().filter(|word| word.starts_with(char::is_uppercase)).count();
    capital * 2 > words.len() || words.iter().filter(|word| word.chars().count() >= 4).count() < 2
}
