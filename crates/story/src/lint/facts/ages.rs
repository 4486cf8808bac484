use std::{collections::BTreeMap, ops::Range};

use super::{
    super::{Desk, page::Page, text::dates},
    Place, contradicts,
};
use crate::{
    finding::{Finding, Severity},
    text::{english_value, han_value, is_numeral},
};

const RULE: &str = "age-contradiction";

/// Words by which a sentence speaks of another time.
const OTHER_TIME: [&str; 26] = [
    "when ",
    "remember",
    " ago",
    "once ",
    "had been",
    "would be",
    "will be",
    "if ",
    "photograph",
    "felt ",
    "looked ",
    "as if",
    "那时",
    "当时",
    "当年",
    "想起",
    "回忆",
    "从前",
    "小时候",
    "记得",
    "照片",
    "看上去",
    "像",
    "仿佛",
    "前世",
    "将来",
];

/// Somebody is younger than before, or another age than the year of birth makes.
///
/// Only where the name stands with the age. A sentence that looks back, ahead, or at a picture is none.
pub(super) fn check(desk: &Desk<'_>) -> Vec<Finding> {
    let mut ages: BTreeMap<String, (u32, Place)> = BTreeMap::new();
    let mut born: BTreeMap<String, (i64, Place)> = BTreeMap::new();
    let mut found = Vec::new();
    for (number, page) in desk.pages.iter().enumerate() {
        for (range, name, year) in births(desk, page) {
            born.entry(desk.people.key(&name)).or_insert((year, (number, range)));
        }
        for (range, name, age) in stated(desk, page) {
            let sentence = page.sentence_at(range.start);
            let words = page.text[sentence.clone()].to_lowercase();
            if OTHER_TIME.iter().any(|sign| words.contains(sign)) || is_remembered(page, &range) {
                continue;
            }
            let key = desk.people.key(&name);
            let about = format!("{key}/{}", &page.text[range.clone()]);
            let hint = "Count the years again.";
            let year =
                year_of(&page.text[sentence]).or_else(|| page.chapter.extraction.and_then(|told| year_of(told.story_time.as_deref()?)));
            if let (Some((birth, place)), Some(year)) = (born.get(&key), year)
                && (year - birth - i64::from(age)).abs() > 1
                && year >= *birth
            {
                let message = format!("{} makes {name} {age} years old in {year}, and {birth} was the year of birth.", page.named());
                let finding = Finding::new(RULE, Severity::Warning, &about, message, hint.into());
                found.push(contradicts(desk, finding, page, range.clone(), place));
            } else if let Some((before, place)) = ages.get(&key).filter(|(before, place)| *before > age && place.0 <= number) {
                let message = format!("{} makes {name} {age} years old, and {name} was {before} before.", page.named());
                let finding = Finding::new(RULE, Severity::Warning, &about, message, hint.into());
                found.push(contradicts(desk, finding, page, range.clone(), place));
            }
            ages.insert(key, (age, (number, range)));
        }
    }
    found
}

/// Whether what was read says that these words are remembered.
fn is_remembered(page: &Page<'_>, range: &Range<usize>) -> bool {
    let meets = |quote: &str| page.find(quote).is_some_and(|other| other.start < range.end && range.start < other.end);
    page.chapter.extraction.is_some_and(|told| {
        told.presence.iter().any(|there| there.flashback && meets(&there.quote))
            || told.events.iter().any(|event| event.flashback && meets(&event.quote))
    })
}

fn year_of(words: &str) -> Option<i64> {
    if let Some((_, date)) = dates(words).into_iter().find(|(_, date)| date.year.is_some()) {
        return date.year;
    }
    let digits = words.split(|c: char| !c.is_ascii_digit()).filter(|part| part.len() == 4);
    digits.filter_map(|part| part.parse().ok()).find(|year| (1000..2200).contains(year))
}

/// `NAME was born in 1950`, `NAME生于1950年`.
fn births(desk: &Desk<'_>, page: &Page<'_>) -> Vec<(Range<usize>, String, i64)> {
    let mut found = Vec::new();
    for (at, sign) in page.text.match_indices(" was born ").chain(page.text.match_indices("生于")).chain(page.text.match_indices("出生于"))
    {
        let Some(name) = desk.people.names.iter().find(|name| page.text[..at].ends_with(name.as_str())) else { continue };
        let rest = &page.text[at + sign.len()..];
        let end = rest.find(['.', '。', ';', '；', '\n']).unwrap_or(rest.len());
        if let Some(year) = year_of(&rest[..end]) {
            found.push((at - name.len()..at + sign.len() + end, name.clone(), year));
        }
    }
    found
}

/// `NAME was twenty years old`, `NAME is 20 years old`, `NAME, aged 20,`, `NAME turned twenty`; `NAME今年二十岁`, `NAME二十岁`.
fn stated(desk: &Desk<'_>, page: &Page<'_>) -> Vec<(Range<usize>, String, u32)> {
    let mut found = Vec::new();
    for name in desk.people.names.iter().filter(|name| !name.is_empty()) {
        for (at, _) in page.text.match_indices(name.as_str()) {
            if page.text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() && c.is_ascii()) {
                continue;
            }
            let rest = &page.text[at + name.len()..];
            if let Some((size, age)) = english_age(rest).or_else(|| chinese_age(rest)) {
                let range = at..at + name.len() + size;
                if !found.iter().any(|(other, ..): &(Range<usize>, String, u32)| other.end == range.end) {
                    found.push((range, name.clone(), age));
                }
            }
        }
    }
    found.sort_by_key(|(range, ..)| range.start);
    found
}

/// How much of `rest` says an age right behind a name, and which.
fn english_age(rest: &str) -> Option<(usize, u32)> {
    const LEADS: [&str; 12] = [
        " was now ",
        " was only ",
        " was just ",
        " was barely ",
        " was ",
        " is now ",
        " is only ",
        " is ",
        ", aged ",
        " turned ",
        " had turned ",
        " had just turned ",
    ];
    let lead = LEADS.iter().find(|lead| rest.starts_with(**lead))?;
    let words = &rest[lead.len()..];
    let size = words.find(|c: char| !(c.is_alphanumeric() || c == '-')).unwrap_or(words.len());
    let number = &words[..size];
    let (number, tail) = match number.strip_suffix("-years-old") {
        Some(short) => (short, true),
        None => (number, words[size..].starts_with(" years old") || words[size..].starts_with(" years of age")),
    };
    let aged = lead.contains("aged") || lead.contains("turned");
    let value = number.parse().ok().or_else(|| english_value(number).filter(|_| !number.ends_with("th") && number != "first"))?;
    (tail || aged && value > 1).then_some((lead.len() + size + if tail { " years old".len().min(words.len() - size) } else { 0 }, value))
}

fn chinese_age(rest: &str) -> Option<(usize, u32)> {
    const LEADS: [&str; 14] =
        ["今年已经", "今年刚满", "今年刚", "今年才", "今年", "已经", "刚满", "才", "刚", "已", "那年", "正好", "满", ""];
    let lead = LEADS.iter().find(|lead| rest.starts_with(**lead))?;
    let words = &rest[lead.len()..];
    let size = words.find(|c: char| !is_numeral(c)).unwrap_or(words.len());
    let value = han_value(&words[..size]).filter(|age| (1..150).contains(age))?;
    words[size..].starts_with('岁').then_some((lead.len() + size + '岁'.len_utf8(), value))
}
