use std::collections::{BTreeMap, BTreeSet};

use super::{super::Desk, words};
use crate::{
    finding::{Finding, Severity},
    language::Tongue,
    text::is_own_word,
};

const RULE: &str = "near-miss-name";

/// A name that a word is held against stands in the book so often; a slip so seldom.
const NAMED: usize = 4;
const SLIPS: usize = 2;
/// A name that only the text knows stands in it so often.
const TEXT_NAMED: usize = 30;
/// Shorter words are near to too many others.
const SHORTEST: usize = 5;
/// What stands behind a name in Chinese where somebody acts.
const ACTS_ZH: &str = "说道问答笑哭喊叫想看听走站坐推拿点摇抬低转回叹";
/// What no given name ends in.
const NOT_IN_NAMES_ZH: &str = "的了着是在有不这那他她你我们人一个来去见又便都也就只自己众里上下中外边间子家前后身时处地大小多么没还想";

/// A word is one letter away from a name of the book, and nobody is called so.
///
/// Names in the cast are near each other on purpose; a plural and an adjective are no other names.
pub(super) fn check(desk: &Desk<'_>) -> Vec<Finding> {
    match desk.tongue {
        Tongue::En => english(desk),
        Tongue::Zh => chinese(desk),
    }
}

#[derive(Default)]
struct Seen {
    times: usize,
    /// Where it stood first: page and byte.
    first: (usize, usize),
    inside: bool,
}

fn english(desk: &Desk<'_>) -> Vec<Finding> {
    let mut capital: BTreeMap<&str, Seen> = BTreeMap::new();
    let mut small: BTreeSet<String> = BTreeSet::new();
    for (number, page) in desk.pages.iter().enumerate() {
        for word in words(page.text) {
            let word = word.trim_matches(['\'', '’']);
            let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
            if word.chars().count() < SHORTEST || !word.chars().all(char::is_alphabetic) {
                continue;
            }
            if !word.starts_with(char::is_uppercase) {
                small.insert(word.to_lowercase());
            } else if word.chars().skip(1).all(char::is_lowercase) {
                let at = word.as_ptr() as usize - page.text.as_ptr() as usize;
                let before = page.text[..at].trim_end_matches(['“', '"', '‘', '\'', '(', ' ']);
                let seen = capital.entry(word).or_insert(Seen { first: (number, at), ..Seen::default() });
                seen.times += 1;
                seen.inside |= page.text[..at].ends_with(' ') && before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ',' | ';'));
            }
        }
    }
    let cast: BTreeSet<&str> = desk.people.names.iter().flat_map(|name| name.split_whitespace()).collect();
    let mut found = Vec::new();
    for (word, seen) in &capital {
        let slip = seen.times <= SLIPS && seen.inside && !small.contains(&word.to_lowercase()) && !cast.contains(word);
        if !slip {
            continue;
        }
        let near = capital.iter().filter(|(name, of)| {
            let known = cast.contains(*name) && of.times >= NAMED
                || of.times >= TEXT_NAMED && seen.times == 1 && !small.contains(&name.to_lowercase());
            known && is_near(word, name)
        });
        if let Some((name, _)) = near.max_by_key(|(_, of)| of.times) {
            let (page, at) = (&desk.pages[seen.first.0], seen.first.1);
            found.push(page.over(finding(page, word, name), at..at + word.len()));
        }
    }
    found
}

/// One letter apart, behind the same first one, and not one the other with an ending.
fn is_near(word: &str, name: &str) -> bool {
    word.chars().next() == name.chars().next()
        && !word.starts_with(name)
        && !name.starts_with(word)
        && strsim::damerau_levenshtein(word, name) == 1
        && !is_inflected(word, name)
}

/// `Roman` and `Romans`, `Christine` and `Christina`'s plural: only the ending differs by an `s`.
fn is_inflected(word: &str, name: &str) -> bool {
    word.strip_suffix('s') == Some(name) || name.strip_suffix('s') == Some(word)
}

fn finding(page: &super::super::page::Page<'_>, word: &str, name: &str) -> Finding {
    let message = format!("{} names “{word}”, which is one letter away from “{name}”.", page.named());
    let hint = "If it is the same person, write the name as it is; else tell the two apart.".into();
    Finding::new(RULE, Severity::Warning, &format!("{word}/{name}"), message, hint)
}

/// 林惠说 where the cast has 林穗: only where somebody acts, behind the beginning of a clause.
fn chinese(desk: &Desk<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let names: Vec<&String> =
        desk.people.names.iter().filter(|name| (2..=4).contains(&name.chars().count()) && name.chars().all(is_own_word)).collect();
    let mut slips: BTreeMap<String, (usize, usize, &str)> = BTreeMap::new();
    for name in &names {
        if desk.pages.iter().map(|page| page.text.matches(name.as_str()).count()).sum::<usize>() < NAMED {
            continue;
        }
        let signs: Vec<char> = name.chars().collect();
        let lead = signs[0];
        for (number, page) in desk.pages.iter().enumerate() {
            for (at, _) in page.text.match_indices(lead) {
                if page.text[..at].chars().next_back().is_some_and(is_own_word) {
                    continue;
                }
                let mut rest = page.text[at..].chars();
                let word: String = rest.by_ref().take(signs.len()).collect();
                let other: Vec<char> = word.chars().collect();
                let apart: Vec<usize> = (0..signs.len().min(other.len())).filter(|i| signs[*i] != other[*i]).collect();
                let [place] = apart[..] else { continue };
                let is_name = other.len() == signs.len() && is_own_word(other[place]) && !NOT_IN_NAMES_ZH.contains(other[place]);
                if is_name
                    && rest.next().is_some_and(|c| ACTS_ZH.contains(c))
                    && !desk.people.knows(&word)
                    && !names.iter().any(|n| **n == word)
                {
                    slips.entry(word).or_insert((number, at, name));
                }
            }
        }
    }
    for (word, (number, at, name)) in slips {
        if desk.pages.iter().map(|page| page.text.matches(&word).count()).sum::<usize>() <= SLIPS {
            let page = &desk.pages[number];
            found.push(page.over(finding(page, &word, name), at..at + word.len()));
        }
    }
    found
}
