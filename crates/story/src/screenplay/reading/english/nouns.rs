//! Who is meant: a name, a noun, a pronoun.

use super::words::Word;

/// Who does what a verb says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    /// One or several, by name or by a noun: `March Hare`, `cook`.
    Named(Vec<String>),
    /// `he`, `she`, `it`.
    Pronoun(char),
    /// `they`.
    They,
    /// `I`, `we`.
    Me,
}

const DETERMINERS: &[&str] =
    &["the", "a", "an", "this", "that", "another", "her", "his", "its", "their", "my", "our", "your", "one", "some"];
const FOND: &[&str] = &["poor", "little", "old", "dear", "young", "good", "honest", "sweet", "big", "great"];

/// Words that no noun phrase holds or goes on over.
pub(super) const CLOSED: &[&str] = &[
    "in",
    "on",
    "at",
    "to",
    "of",
    "with",
    "without",
    "by",
    "for",
    "from",
    "into",
    "upon",
    "after",
    "before",
    "about",
    "over",
    "under",
    "near",
    "behind",
    "towards",
    "toward",
    "between",
    "among",
    "across",
    "through",
    "against",
    "during",
    "until",
    "till",
    "and",
    "or",
    "but",
    "so",
    "then",
    "when",
    "while",
    "as",
    "if",
    "because",
    "who",
    "whom",
    "which",
    "that",
    "what",
    "how",
    "why",
    "where",
    "than",
    "was",
    "were",
    "is",
    "are",
    "be",
    "been",
    "had",
    "has",
    "have",
    "did",
    "does",
    "do",
    "would",
    "could",
    "should",
    "might",
    "must",
    "will",
    "can",
    "may",
    "not",
    "no",
    "nothing",
    "once",
    "again",
    "now",
    "here",
    "there",
    "aloud",
    "too",
    "also",
    "only",
    "just",
    "quite",
    "very",
    "rather",
    "at",
    "out",
    "off",
    "up",
    "down",
    "back",
    "still",
    "ever",
    "never",
    "it",
    "he",
    "she",
    "they",
    "him",
    "them",
    "herself",
    "himself",
    "itself",
    "themselves",
];

/// Words that begin sentences and are no names.
const OPENERS: &[&str] = &[
    "there",
    "very",
    "still",
    "for",
    "said",
    "on",
    "all",
    "what",
    "how",
    "why",
    "then",
    "this",
    "that",
    "these",
    "those",
    "presently",
    "suddenly",
    "soon",
    "now",
    "here",
    "however",
    "perhaps",
    "and",
    "but",
    "so",
    "or",
    "if",
    "when",
    "while",
    "as",
    "after",
    "before",
    "at",
    "in",
    "with",
    "not",
    "no",
    "yes",
    "once",
    "again",
    "never",
    "just",
    "even",
    "only",
    "oh",
    "well",
    "indeed",
    "first",
    "next",
    "last",
    "which",
    "who",
    "where",
    "though",
    "although",
    "since",
    "until",
    "because",
    "by",
    "from",
    "to",
    "of",
    "out",
    "down",
    "up",
    "over",
    "under",
    "it's",
    "don't",
    "let",
    "come",
    "nothing",
    "something",
    "everything",
    "everybody",
    "nobody",
    "somebody",
    "another",
    "both",
    "each",
    "every",
    "many",
    "some",
    "such",
    "than",
    "them",
    "too",
    "upon",
    "was",
    "were",
    "without",
];

/// The noun phrase that begins at word `i`, and the word after it. A bare noun counts only after a determiner.
pub(super) fn phrase(words: &[Word<'_>], i: usize) -> Option<(Subject, usize)> {
    let (first, mut next) = single(words, i)?;
    let Subject::Named(mut names) = first else {
        if first == Subject::They && words.get(next).is_some_and(|w| matches!(w.text, "both" | "all")) {
            next += 1;
        }
        return Some((first, next));
    };
    // The Hatter and the March Hare
    while words.get(next).is_some_and(|w| w.text == "and") {
        match single(words, next + 1) {
            Some((Subject::Named(more), after)) => {
                names.extend(more);
                next = after;
            }
            _ => break,
        }
    }
    Some((Subject::Named(names), next))
}

fn single(words: &[Word<'_>], i: usize) -> Option<(Subject, usize)> {
    let word = words.get(i)?;
    let low = word.low();
    match low.as_str() {
        "he" | "she" | "it" => return Some((Subject::Pronoun(low.chars().next().unwrap_or('i')), i + 1)),
        "they" => return Some((Subject::They, i + 1)),
        "i" | "we" if word.text == "I" || low == "we" => return Some((Subject::Me, i + 1)),
        _ => {}
    }
    let mut at = i;
    let determined = DETERMINERS.contains(&low.as_str());
    if determined {
        at += 1;
    }
    while words.get(at).is_some_and(|w| FOND.contains(&w.low().as_str()) && !w.is_capital()) {
        at += 1;
    }
    if let Some((name, next)) = capitals(words, at, determined) {
        return Some((Subject::Named(vec![name]), next));
    }
    if !determined {
        return None;
    }
    // A small word or two may stand before a name: the other Bill.
    if let Some((name, next)) = capitals(words, at + 1, true).filter(|_| words.get(at).is_some_and(|w| plain_noun(w))) {
        return Some((Subject::Named(vec![name]), next));
    }
    let mut end = at;
    while end < at + 3 && words.get(end).is_some_and(plain_noun) && !(end > at && super::verbs::speech(&words[end].low()).is_some()) {
        end += 1;
    }
    if end == at {
        return None;
    }
    let start = at.max(end.saturating_sub(2));
    let name = words[start..end].iter().map(|w| w.text).collect::<Vec<_>>().join(" ");
    Some((Subject::Named(vec![name]), end))
}

fn plain_noun(word: &Word<'_>) -> bool {
    let low = word.low();
    word.is_word() && word.text == low && !CLOSED.contains(&low.as_str()) && !low.ends_with("ly") && !low.ends_with("'s") && low.len() > 1
}

/// A name of capitalised words: `March Hare`, `Mrs. Bennet`, `Queen of Hearts`.
fn capitals(words: &[Word<'_>], i: usize, determined: bool) -> Option<(String, usize)> {
    let mut end = i;
    while words.get(end).is_some_and(|w| w.is_capital() && !w.low().ends_with("'s")) && end < i + 4 {
        end += 1;
    }
    if end == i || (!determined && OPENERS.contains(&words[i].low().as_str())) {
        return None;
    }
    if determined && words.get(end).is_some_and(|w| w.text == "of") && words.get(end + 1).is_some_and(Word::is_capital) {
        end += 2;
    }
    Some((words[i..end].iter().map(|w| w.text).collect::<Vec<_>>().join(" "), end))
}

/// Names that act although nobody says that they speak: capitalised, never written small, more than once.
pub(super) fn acting<'a, 'w: 'a>(text: &str, narration: impl Iterator<Item = &'a [Word<'w>]>) -> Vec<String> {
    let small: std::collections::BTreeSet<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| w.starts_with(char::is_lowercase)).collect();
    let mut counts: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for words in narration {
        let mut i = 0;
        while i < words.len() {
            let Some((name, next)) = capitals(words, i, false) else {
                i += 1;
                continue;
            };
            let odd = name.split(' ').any(|w| {
                small.contains(w.to_lowercase().as_str())
                    || w.starts_with("I'")
                    || w.starts_with("I’")
                    || CLOSED.contains(&w.to_lowercase().as_str())
            });
            if !odd {
                *counts.entry(name).or_default() += 1;
            }
            i = next;
        }
    }
    // Tom Hale and Tom are one.
    let first = |name: &str| name.split(' ').next().unwrap_or_default().to_owned();
    let mut times: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for (name, n) in &counts {
        *times.entry(first(name)).or_default() += n;
    }
    counts.into_keys().filter(|name| times.get(&first(name)).is_some_and(|n| *n > 1)).collect()
}
