//! Who there is in an English text, under which names, and who is meant by `she`.

use std::collections::{BTreeMap, BTreeSet};

use super::{nouns::Subject, words::Word};
use crate::screenplay::reading::CastName;

/// Somebody named in the narration.
#[derive(Debug, Clone)]
pub(super) struct Mention {
    pub(super) name: String,
    /// They do what the sentence tells.
    pub(super) acts: bool,
    pub(super) block: usize,
}

/// Everybody who speaks, and what is remembered of who was there last.
#[derive(Debug, Default)]
pub(super) struct People {
    /// Small letters of every name that is in use, to the name that the script uses.
    names: BTreeMap<String, String>,
    /// Votes for he, she, it.
    votes: BTreeMap<String, [u32; 3]>,
    /// Names that stand after `the`.
    with_the: BTreeSet<String>,
    pub(super) seen: Vec<Mention>,
    pub(super) spoke: Vec<(usize, String)>,
}

/// How many blocks back somebody may be meant by a pronoun.
const REACH: usize = 8;
/// What a word such as `itself` weighs beside a speech, against a pronoun that stands somewhere in a sentence.
const SURE: u32 = 4;

impl People {
    /// From the cast and from the subjects of all attributions, which are `(name, surely a name)`.
    pub(super) fn new(cast: &[CastName], subjects: &[String]) -> Self {
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        for name in subjects {
            *counts.entry(name.clone()).or_default() += 1;
        }
        let mut people = Self::default();
        for person in cast {
            for name in std::iter::once(&person.name).chain(&person.aliases) {
                people.names.insert(bare(name), person.name.clone());
            }
            if let Some(pronoun) = person.pronouns.as_deref().and_then(|p| p.trim().chars().next()) {
                people.vote(&person.name, pronoun.to_ascii_lowercase(), 9);
            }
        }
        let known: BTreeSet<String> = counts.keys().cloned().collect();
        for name in &known {
            let key = bare(name);
            if people.names.contains_key(&key) {
                continue;
            }
            let whole = people.whole(&key, &known);
            let shown = match whole {
                Some(other) if people.names.contains_key(&bare(&other)) => people.names[&bare(&other)].clone(),
                // The name that is used more often stands for both.
                Some(other) if counts.get(&other).copied().unwrap_or(0) >= counts[name] => other,
                Some(other) => {
                    people.names.insert(bare(&other), title(name));
                    name.clone()
                }
                None => name.clone(),
            };
            people.names.insert(key, title(&shown));
        }
        people
    }

    /// The one longer name that `key` is the last word of: `hare` of `March Hare`. A title keeps people apart.
    fn whole(&self, key: &str, known: &BTreeSet<String>) -> Option<String> {
        if key.contains(' ') {
            return None;
        }
        let ends = |other: &str| {
            let low = bare(other);
            low.len() > key.len()
                && (low.ends_with(&format!(" {key}")) || low.starts_with(&format!("{key} ")) && !low.contains(" of "))
                && !["mr.", "mrs.", "ms.", "miss", "lady", "sir", "dr."].contains(&low.split(' ').next().unwrap_or_default())
        };
        let cast: BTreeSet<&String> = self.names.values().filter(|name| ends(name) || bare(name).split(' ').next() == Some(key)).collect();
        let mut all = known.iter().filter(|other| ends(other) && other.starts_with(char::is_uppercase)).chain(cast);
        let first = all.next()?.clone();
        all.all(|other| bare(other) == bare(&first)).then_some(first)
    }

    pub(super) fn known(&self, name: &str) -> Option<&String> {
        self.names.get(&bare(name))
    }

    /// Remembers who is named in `words`, and learns who is `she`.
    pub(super) fn watch(&mut self, words: &[Word<'_>], block: usize) {
        let mut i = 0;
        while i < words.len() {
            let Some((name, next)) = self.at(words, i) else {
                i += 1;
                continue;
            };
            if i > 0 && words[i - 1].low() == "the" {
                self.with_the.insert(name.clone());
            }
            let owner = words[next - 1].low().ends_with("'s");
            let acts = !owner && leads(words, i);
            if acts {
                let sentence = words[next..].iter().take_while(|w| !w.ends_sentence());
                if let Some(pronoun) = sentence.map(Word::low).find_map(|low| pronoun_of(&low)) {
                    self.vote(&name, pronoun, 1);
                }
            }
            self.seen.push(Mention { name, acts, block });
            i = next;
        }
    }

    /// Learns who is `it` from the words beside a speech: `the Rabbit said to itself`.
    pub(super) fn learn(&mut self, subject: &Subject, words: &[Word<'_>]) {
        let Subject::Named(names) = subject else { return };
        let itself = words.iter().map(Word::low).find(|low| matches!(low.as_str(), "himself" | "herself" | "itself"));
        if let Some((name, pronoun)) = names.first().and_then(|n| self.known(n).cloned()).zip(itself.and_then(|low| pronoun_of(&low))) {
            self.vote(&name, pronoun, SURE);
        }
    }

    /// The name as narration says it: `The Hatter`.
    pub(super) fn told(&self, name: &str) -> String {
        if self.with_the.contains(name) { format!("The {name}") } else { name.to_owned() }
    }

    fn at(&self, words: &[Word<'_>], i: usize) -> Option<(String, usize)> {
        for size in (1..=4).rev() {
            let Some(slice) = words.get(i..i + size) else { continue };
            if !slice.iter().all(Word::is_word) || !slice[0].text.starts_with(char::is_uppercase) {
                continue;
            }
            let text = slice.iter().map(Word::low).collect::<Vec<_>>().join(" ");
            let text = text.strip_suffix("'s").unwrap_or(&text);
            if let Some(name) = self.names.get(text) {
                return Some((name.clone(), i + size));
            }
        }
        None
    }

    fn vote(&mut self, name: &str, pronoun: char, weight: u32) {
        let votes = self.votes.entry(name.to_owned()).or_default();
        match pronoun {
            'h' => votes[0] += weight,
            's' => votes[1] += weight,
            'i' => votes[2] += weight,
            _ => {}
        }
    }

    /// Whether `pronoun` may mean `name`: yes, no, or unknown.
    fn may_be(&self, name: &str, pronoun: char) -> Option<bool> {
        let first = name.split(' ').next().unwrap_or_default();
        let title = match first {
            "Mr." | "Mr" | "Sir" | "King" | "Lord" | "Father" | "Uncle" => Some('h'),
            "Mrs." | "Mrs" | "Miss" | "Ms." | "Lady" | "Queen" | "Duchess" | "Madame" | "Mother" | "Aunt" => Some('s'),
            _ => None,
        };
        if let Some(title) = title {
            return Some(title == pronoun);
        }
        let votes = self.votes.get(name)?;
        let sum: u32 = votes.iter().sum();
        let own = votes[match pronoun {
            'h' => 0,
            's' => 1,
            _ => 2,
        }];
        // Animals are `it` to the teller and `he` in the next breath.
        let animal = votes[2] > 0 && votes[0] + votes[1] == 0;
        if own * 4 >= sum.max(1) {
            return Some(true);
        }
        if own > 0 || animal { None } else { Some(false) }
    }

    /// Who is meant by `he`, `she` or `it` in `block`: whoever acted there last, else whoever spoke or acted before.
    pub(super) fn meant(&self, pronoun: char, block: usize) -> Option<String> {
        let last = self.spoke.last().filter(|(b, _)| *b < block).map(|(_, name)| name.clone());
        let here: Vec<&Mention> = self.seen.iter().rev().filter(|m| m.block == block).collect();
        let spoken_here = self.spoke.iter().rev().find(|(b, _)| *b == block).map(|(_, name)| name);
        let near = here.iter().filter(|m| m.acts).chain(here.iter().filter(|m| !m.acts)).map(|m| &m.name).chain(spoken_here);
        if let Some(name) = near
            .clone()
            .find(|n| self.may_be(n, pronoun) == Some(true))
            .or_else(|| near.clone().find(|n| self.may_be(n, pronoun).is_none()))
        {
            return Some(name.clone());
        }
        let mut past: Vec<(usize, &String)> =
            self.seen.iter().filter(|m| m.acts).map(|m| (m.block, &m.name)).chain(self.spoke.iter().map(|(b, n)| (*b, n))).collect();
        past.retain(|(b, _)| *b < block && *b + REACH >= block);
        past.sort_by_key(|(b, _)| std::cmp::Reverse(*b));
        let other = |name: &String| last.as_ref() != Some(name);
        past.iter()
            .find(|(_, n)| other(n) && self.may_be(n, pronoun) == Some(true))
            .or_else(|| past.iter().find(|(_, n)| self.may_be(n, pronoun) == Some(true)))
            .or_else(|| past.iter().find(|(_, n)| other(n) && self.may_be(n, pronoun).is_none()))
            .map(|(_, n)| (*n).clone())
    }

    /// The name that the script uses for `subject`, and whether it was named.
    pub(super) fn resolve(&self, subject: &Subject, block: usize) -> (Option<String>, bool) {
        match subject {
            Subject::Named(names) => {
                (names.first().and_then(|n| self.known(n).cloned().or_else(|| n.starts_with(char::is_lowercase).then(|| title(n)))), true)
            }
            Subject::Pronoun(c) => (self.meant(*c, block), false),
            Subject::They => (Some("All".into()), false),
            Subject::Me => (Some("Narrator".into()), false),
        }
    }
}

/// Whether the word at `i` begins what its clause tells.
fn leads(words: &[Word<'_>], i: usize) -> bool {
    let before = |i: usize| i.checked_sub(1).and_then(|i| words.get(i));
    let mut at = i;
    while before(at).is_some_and(|w| matches!(w.low().as_str(), "the" | "poor" | "little" | "old" | "dear" | "a" | "an" | "this" | "that"))
    {
        at -= 1;
    }
    before(at).is_none_or(|w| {
        !w.is_word()
            || matches!(
                w.low().as_str(),
                "and"
                    | "but"
                    | "so"
                    | "then"
                    | "when"
                    | "as"
                    | "while"
                    | "here"
                    | "if"
                    | "because"
                    | "that"
                    | "for"
                    | "till"
                    | "before"
                    | "after"
            )
    })
}

fn pronoun_of(low: &str) -> Option<char> {
    match low {
        "he" | "his" | "him" | "himself" => Some('h'),
        "she" | "her" | "hers" | "herself" => Some('s'),
        "it" | "its" | "itself" => Some('i'),
        _ => None,
    }
}

fn bare(name: &str) -> String {
    let low = name.trim().to_lowercase();
    low.strip_prefix("the ").map_or(low.clone(), str::to_owned)
}

/// `small voice` as a script writes a name: `Small Voice`.
fn title(name: &str) -> String {
    let words = name.split_whitespace().map(|w| {
        let mut chars = w.chars();
        if matches!(w, "of" | "the" | "and") {
            w.to_owned()
        } else {
            chars.next().map_or(String::new(), |c| c.to_uppercase().chain(chars).collect())
        }
    });
    words.collect::<Vec<String>>().join(" ")
}
