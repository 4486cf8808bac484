use std::collections::BTreeSet;

use super::{english_value, han_value, is_numeral, roman_value};

/// The ordinals of the chapters that `text` names, of a book of `count` chapters: `chapter 3`, `Chapters IV and five`, `the 2nd chapter`,
/// `第十二章`, `第3至5章`, `the last chapter`. A number beyond the book names nothing.
pub fn named_chapters(text: &str, count: u32) -> BTreeSet<u32> {
    let mut named = BTreeSet::new();
    english(text, count, &mut named);
    chinese(text, count, &mut named);
    named.retain(|n| (1..=count).contains(n));
    named
}

fn english(text: &str, count: u32, named: &mut BTreeSet<u32>) {
    let words: Vec<&str> = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '–'))).filter(|w| !w.is_empty()).collect();
    for (at, word) in words.iter().enumerate() {
        let folded = word.to_lowercase();
        if !matches!(folded.as_str(), "chapter" | "chapters" | "chap" | "ch" | "chs") {
            continue;
        }
        let before = at.checked_sub(1).map(|n| words[n].to_lowercase()).unwrap_or_default();
        if matches!(before.as_str(), "last" | "final") {
            named.insert(count);
        }
        named.extend(ordinal(&before));
        // “In this chapter I want rain” names none.
        if !matches!(before.as_str(), "this" | "that" | "the" | "each" | "every" | "next" | "a" | "any" | "last" | "final") {
            named.extend(numbers(&words[at + 1..], folded.ends_with('s')));
        }
    }
}

/// The numbers that stand after the word; more than one where it is a plural.
fn numbers(words: &[&str], many: bool) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    let (mut at, mut from) = (0, None);
    while let Some((last, size)) = number(&words[at.min(words.len())..]) {
        let first = from.take().unwrap_or(last.0);
        found.extend(first.min(last.1)..=last.1.min(first.saturating_add(2_000)));
        at += size;
        if !many {
            break;
        }
        match words.get(at).map(|word| word.to_lowercase()).as_deref() {
            Some("to" | "through" | "until") => {
                from = Some(last.1);
                at += 1;
            }
            Some("and" | "or") => at += 1,
            _ => {}
        }
    }
    found
}

/// A number, or a range such as `3-5`, and how many words it takes.
fn number(words: &[&str]) -> Option<((u32, u32), usize)> {
    let first = words.first()?;
    if let Some((from, to)) = first.split_once(['-', '–']).and_then(|(a, b)| Some((value(a)?, value(b)?)))
        && english_value(first).is_none()
    {
        return Some(((from, to), 1));
    }
    if let Some(both) = words.get(..2).map(|two| two.join("-")).and_then(|two| english_value(&two)).filter(|n| *n > 20) {
        return Some(((both, both), 2));
    }
    value(first).map(|n| ((n, n), 1))
}

fn value(word: &str) -> Option<u32> {
    let roman = || roman_value(word).filter(|_| word.chars().all(|c| c.is_ascii_uppercase()));
    word.parse().ok().or_else(|| english_value(word)).or_else(roman)
}

/// `third`, `3rd`: never `three`, as in “three chapters”.
fn ordinal(word: &str) -> Option<u32> {
    let stem = ["st", "nd", "rd", "th"].into_iter().find_map(|end| word.strip_suffix(end))?;
    stem.parse().ok().or_else(|| english_value(word))
}

fn chinese(text: &str, count: u32, named: &mut BTreeSet<u32>) {
    if ["最后一章", "末章", "最终章", "最後一章"].iter().any(|name| text.contains(name)) {
        named.insert(count);
    }
    let signs: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < signs.len() {
        if signs[at] != '第' {
            at += 1;
            continue;
        }
        at += 1;
        let (mut found, mut from) = (BTreeSet::new(), None);
        loop {
            let end = at + signs[at..].iter().take_while(|c| is_numeral(**c)).count();
            let Some(n) = han_value(&signs[at..end].iter().collect::<String>()) else { break };
            let first = from.take().unwrap_or(n);
            found.extend(first.min(n)..=n.min(first.saturating_add(2_000)));
            at = end;
            if signs.get(at).is_some_and(|c| matches!(c, '章' | '回' | '节' | '話' | '话')) {
                let between = signs.get(at + 1..at + 3).unwrap_or_default();
                named.append(&mut found);
                // 第三章至第五章.
                if matches!(between, ['至' | '到', '第']) {
                    (from, at) = (Some(n), at + 3);
                    continue;
                }
                break;
            }
            match signs.get(at) {
                Some('至' | '到' | '-' | '–' | '—' | '~' | '～') => from = Some(n),
                Some('、' | '，' | ',' | '和' | '与' | '及') => {}
                _ => break,
            }
            at += 1;
            if signs.get(at) == Some(&'第') {
                at += 1;
            }
        }
    }
}
