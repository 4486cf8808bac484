//! Who is in a text that nobody has read yet: the people who speak, by the words that say so.

use std::collections::BTreeMap;

use crate::language::Tongue;

/// The most names that are told.
const MOST: usize = 8;
/// Whoever speaks less often than this is left out.
const LEAST: usize = 3;

const SAID_EN: [&str; 16] = [
    "said",
    "replied",
    "cried",
    "asked",
    "answered",
    "whispered",
    "shouted",
    "exclaimed",
    "remarked",
    "added",
    "continued",
    "thought",
    "began",
    "muttered",
    "says",
    "interrupted",
];
/// Words with a capital that are nobody's name.
const NOBODY_EN: [&str; 34] = [
    "I",
    "He",
    "She",
    "It",
    "They",
    "We",
    "You",
    "The",
    "That",
    "This",
    "There",
    "Then",
    "And",
    "But",
    "So",
    "Nobody",
    "Everybody",
    "Someone",
    "One",
    "What",
    "Who",
    "How",
    "Oh",
    "Mr",
    "Mrs",
    "Miss",
    "Dr",
    "God",
    "Yes",
    "No",
    "His",
    "Her",
    "Their",
    "My",
];
/// What stands between a name and 道 or 说.
const MANNERS_ZH: [&str; 36] = [
    "微微一笑",
    "冷笑着",
    "冷冷地",
    "轻声地",
    "笑嘻嘻",
    "连忙",
    "冷笑",
    "微笑",
    "低声",
    "大声",
    "轻声",
    "高声",
    "厉声",
    "喝",
    "笑着",
    "哭着",
    "笑",
    "忙",
    "便",
    "因",
    "又",
    "都",
    "也",
    "只",
    "回",
    "答",
    "问",
    "说",
    "叹",
    "哭",
    "骂",
    "听",
    "啐",
    "接",
    "应",
    "就",
];
/// Signs that no name holds.
const NOT_IN_NAMES_ZH: &str = "的了着是在有不这那他她你我们人一个来去见又便都也就只忙自己众说道问笑者里上下";

/// Somebody who speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speaker {
    /// As the text says it, with its article: `Alice`, `the Mock Turtle`, `宝玉`.
    pub name: String,
    /// As a brief holds them; none where the text does not tell.
    pub pronouns: Option<String>,
}

/// What was counted of one name.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    speaks: usize,
    she: usize,
    he: usize,
}

/// The people who speak most often; those who speak most first.
pub fn speakers<'a>(texts: impl Iterator<Item = &'a str>, tongue: Tongue) -> Vec<Speaker> {
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    for text in texts {
        match tongue {
            Tongue::En => english(text, &mut counts),
            Tongue::Zh => chinese(text, &mut counts),
        }
    }
    let most = counts.values().map(|count| count.speaks).max().unwrap_or(0);
    let mut names: Vec<(String, Count)> = counts.into_iter().filter(|(_, count)| count.speaks >= LEAST.max(most / 40)).collect();
    names.sort_by(|a, b| b.1.speaks.cmp(&a.1.speaks).then_with(|| a.0.cmp(&b.0)));
    let mut told: Vec<Speaker> = Vec::new();
    for (name, count) in names {
        // 贾宝玉 and 宝玉 are one; so are Tom Sawyer and Tom, the Mock Turtle and the Turtle.
        let last = |name: &str| name.rsplit(' ').next().unwrap_or_default().to_owned();
        let known = |other: &Speaker| other.name.contains(&name) || name.contains(&other.name) || last(&other.name) == last(&name);
        if !told.iter().any(known) {
            let pronouns = match (count.she, count.he) {
                (she, he) if she >= LEAST && she >= he * 2 => Some("she/her".to_owned()),
                (she, he) if he >= LEAST && he >= she * 2 => Some("he/him".to_owned()),
                _ => None,
            };
            told.push(Speaker { name, pronouns });
        }
    }
    told.truncate(MOST);
    told
}

/// `said Alice`, `Alice said`, `said the Mock Turtle`.
fn english(text: &str, counts: &mut BTreeMap<String, Count>) {
    let words: Vec<&str> = text.split_whitespace().collect();
    for (at, word) in words.iter().enumerate().filter(|(_, word)| SAID_EN.contains(&bare(word))) {
        let after = word.ends_with(char::is_alphanumeric).then(|| name_after(&words[at + 1..])).flatten();
        let Some(name) = after.or_else(|| name_before(&words[..at])) else { continue };
        let count = counts.entry(name).or_default();
        count.speaks += 1;
        // The first pronoun in what is left of the sentence is most often the speaker's.
        let ends = |word: &&&str| !word.ends_with(['.', '!', '?', '\'', '"', '”', '’', ':']);
        let rest = words[at + 1..].iter().take(12).take_while(ends).map(|word| bare(word));
        let pronoun = rest.into_iter().find(|word| matches!(*word, "she" | "her" | "he" | "his" | "him" | "its"));
        match pronoun {
            Some("she" | "her") => count.she += 1,
            Some("he" | "his" | "him") => count.he += 1,
            _ => {}
        }
    }
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

fn is_name(word: &str) -> bool {
    let bare = bare(word);
    let low = bare.chars().skip(1).all(char::is_lowercase);
    bare.len() > 1 && bare.starts_with(char::is_uppercase) && low && !NOBODY_EN.contains(&bare)
}

/// One name or two, with an article before them, up to where a sign ends it.
fn name_after(words: &[&str]) -> Option<String> {
    let article = words.first().is_some_and(|word| *word == "the");
    let mut name: Vec<&str> = Vec::new();
    for word in words.iter().skip(usize::from(article)).take(2).take_while(|word| is_name(word)) {
        name.push(bare(word));
        if !word.ends_with(char::is_alphanumeric) {
            break;
        }
    }
    whole(article, &name)
}

fn name_before(words: &[&str]) -> Option<String> {
    let mut name: Vec<&str> = Vec::new();
    for word in words.iter().rev().take(2).take_while(|word| is_name(word) && word.ends_with(char::is_alphanumeric)) {
        name.insert(0, bare(word));
    }
    let before = words.len().checked_sub(name.len() + 1).map(|at| words[at]);
    whole(before.is_some_and(|word| bare(word).eq_ignore_ascii_case("the")), &name)
}

fn whole(article: bool, name: &[&str]) -> Option<String> {
    let name = name.join(" ");
    (!name.is_empty()).then(|| if article { format!("the {name}") } else { name })
}

/// `宝玉笑道：`, `黛玉道:`.
fn chinese(text: &str, counts: &mut BTreeMap<String, Count>) {
    for (at, _) in text.char_indices().filter(|(_, c)| matches!(c, ':' | '：')) {
        let Some(mut said) = text[..at].strip_suffix(['道', '说', '问', '喊', '叫']) else { continue };
        while let Some(rest) = MANNERS_ZH.iter().find_map(|manner| said.strip_suffix(manner)) {
            said = rest;
        }
        let clause = said.rsplit(|c: char| !is_han(c)).next().unwrap_or_default();
        let signs: Vec<char> = clause.chars().collect();
        // A clause of one name; in a longer one nobody knows where the name ends.
        if (2..=3).contains(&signs.len()) && !signs.iter().any(|c| NOT_IN_NAMES_ZH.contains(*c)) {
            counts.entry(clause.to_owned()).or_default().speaks += 1;
        }
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}')
}
