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

/// The people who speak most often, by name; those who speak most first.
pub fn speakers<'a>(texts: impl Iterator<Item = &'a str>, tongue: Tongue) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for text in texts {
        match tongue {
            Tongue::En => english(text, &mut counts),
            Tongue::Zh => chinese(text, &mut counts),
        }
    }
    let most = counts.values().copied().max().unwrap_or(0);
    let mut names: Vec<(String, usize)> = counts.into_iter().filter(|(_, count)| *count >= LEAST.max(most / 40)).collect();
    names.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut told: Vec<String> = Vec::new();
    for (name, _) in names {
        // 贾宝玉 and 宝玉 are one; so are Tom Sawyer and Tom.
        if !told.iter().any(|other| other.contains(&name) || name.contains(other.as_str())) {
            told.push(name);
        }
    }
    told.truncate(MOST);
    told
}

/// `said Alice`, `Alice said`. A name with an article is no name.
fn english(text: &str, counts: &mut BTreeMap<String, usize>) {
    let words: Vec<&str> = text.split_whitespace().collect();
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let is_name =
        |word: &str| word.len() > 1 && word.starts_with(char::is_uppercase) && word[1..].chars().all(|c| c.is_lowercase() || c == '\'');
    for (at, word) in words.iter().enumerate().filter(|(_, word)| SAID_EN.contains(&bare(word).as_str())) {
        let after = words.get(at + 1).filter(|_| word.ends_with(char::is_alphanumeric)).map(|next| bare(next));
        let before = at.checked_sub(1).map(|at| words[at]).filter(|word| word.ends_with(char::is_alphanumeric)).map(bare);
        // `the Hatter said`, `the Mock Turtle said`.
        let leads = |word: &str| matches!(word.to_lowercase().as_str(), "the" | "a" | "an") || is_name(&bare(word));
        let article = at.checked_sub(2).is_some_and(|at| leads(words[at]));
        let name = after.filter(|name| is_name(name)).or_else(|| before.filter(|name| is_name(name) && !article));
        if let Some(name) = name.filter(|name| !NOBODY_EN.contains(&name.as_str())) {
            *counts.entry(name.trim_end_matches("'s").to_owned()).or_default() += 1;
        }
    }
}

/// `宝玉笑道：`, `黛玉道:`.
fn chinese(text: &str, counts: &mut BTreeMap<String, usize>) {
    for (at, _) in text.char_indices().filter(|(_, c)| matches!(c, ':' | '：')) {
        let Some(mut said) = text[..at].strip_suffix(['道', '说', '问', '喊', '叫']) else { continue };
        while let Some(rest) = MANNERS_ZH.iter().find_map(|manner| said.strip_suffix(manner)) {
            said = rest;
        }
        let clause = said.rsplit(|c: char| !is_han(c)).next().unwrap_or_default();
        let signs: Vec<char> = clause.chars().collect();
        // A clause of one name; in a longer one nobody knows where the name ends.
        if (2..=3).contains(&signs.len()) && !signs.iter().any(|c| NOT_IN_NAMES_ZH.contains(*c)) {
            *counts.entry(clause.to_owned()).or_default() += 1;
        }
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}')
}
