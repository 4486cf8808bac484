use story::text::{english_value, roman_value};

use super::{Told, Unit, one_line};
use crate::import::{layout::bare, lines::is_blank};

/// Words before a number.
const UNITS: [(&str, Unit); 12] = [
    ("chapter", Unit::Chapter),
    ("chap.", Unit::Chapter),
    ("chap", Unit::Chapter),
    ("letter", Unit::Chapter),
    ("stave", Unit::Chapter),
    ("canto", Unit::Chapter),
    ("episode", Unit::Chapter),
    ("book", Unit::Volume),
    ("part", Unit::Volume),
    ("volume", Unit::Volume),
    ("vol.", Unit::Volume),
    ("vol", Unit::Volume),
];

/// Headings that bear a name and no number.
const NAMES: [&str; 14] = [
    "prologue",
    "epilogue",
    "foreword",
    "preface",
    "introduction",
    "interlude",
    "prelude",
    "afterword",
    "postscript",
    "intermission",
    "coda",
    "conclusion",
    "author's note",
    "author’s note",
];

/// `CHAPTER IV. Title`, `Chapter 4`, `Chapter Four: Title`, `PART ONE`, `Prologue`.
pub(super) fn read(label: &str) -> Option<Told> {
    if !label.starts_with(|c: char| c.is_ascii_uppercase()) || label.chars().count() > 160 {
        return None;
    }
    numbered(label).or_else(|| named(label))
}

fn numbered(label: &str) -> Option<Told> {
    let (unit, after) = UNITS.iter().find_map(|(word, unit)| {
        Some((*unit, label.get(..word.len()).filter(|w| w.eq_ignore_ascii_case(word)).map(|w| &label[w.len()..])?))
    })?;
    let after = after.strip_prefix(is_blank)?.trim_start_matches(is_blank);
    let after = ["the ", "The ", "THE ", "No. ", "no. "].iter().find_map(|article| after.strip_prefix(article)).unwrap_or(after);
    let (number, rest) = number(after)?;
    let shouted = !label.chars().any(char::is_lowercase) || label.starts_with("CHAPTER");
    let (title, weak) = title(rest, shouted)?;
    Some(Told { unit, number: Some(number), title, volume: None, weak })
}

/// An Arabic, Roman or spelled number, and what follows.
fn number(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(text.len());
    let word = text[..end].trim_end_matches('-');
    let rest = &text[word.len()..];
    if let Ok(n) = word.parse::<u32>() {
        return (n < 100_000).then_some((n, rest));
    }
    // `Twenty One` is spelled in two words.
    let two = rest.strip_prefix(' ').map(|tail| {
        let end = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        (format!("{word} {}", &tail[..end]), &tail[end..])
    });
    if let Some((words, tail)) = two
        && let Some(n) = english_value(&words)
    {
        return Some((n, tail));
    }
    let upper = !word.chars().any(|c| c.is_ascii_lowercase());
    roman_value(word)
        .filter(|_| upper || word.len() > 1 && !word.starts_with(|c: char| c.is_ascii_uppercase()))
        .or_else(|| english_value(word))
        .map(|n| (n, rest))
}

/// The title after the number, and whether the whole could as well begin a sentence. None where it does.
fn title(rest: &str, shouted: bool) -> Option<(String, bool)> {
    let text = bare(rest);
    if text.is_empty() {
        return Some((String::new(), false));
    }
    let mark = |c: char| matches!(c, '.' | ':' | ')' | ']' | '-' | '—' | '–' | '|' | '·');
    let parted = text.starts_with(mark);
    let title = bare(text.trim_start_matches(|c| mark(c) || is_blank(c)));
    if !parted && !rest.starts_with(is_blank) {
        // `Chapter 4's end` and `Chapter 4, then` are sentences; `Chapter 4, in which` is a title of old.
        let in_which = title.strip_prefix(',').map(bare).filter(|rest| rest.to_ascii_lowercase().starts_with("in which"));
        return in_which.map(|title| (one_line(title.trim_end_matches('.')), false));
    }
    if title.is_empty() {
        return Some((String::new(), false));
    }
    let ends = title.chars().next_back()?;
    let sentences = title.match_indices(['.', '!', '?']).filter(|(at, _)| title[at + 1..].starts_with(' ')).count();
    if matches!(ends, ',' | ';' | ':') || sentences > 1 || title.split(' ').count() > 24 {
        return None;
    }
    let begins_low = title.chars().next().is_some_and(char::is_lowercase);
    if begins_low && !parted {
        return None;
    }
    let stops = ends == '.' && !title.ends_with("...");
    let weak = !shouted && (!parted && (stops || !is_titled(title)) || stops && title.split(' ').count() > 8 || begins_low && stops);
    Some((one_line(title), weak))
}

/// Whether most words begin with a capital, as in titles: short words need not.
pub(super) fn is_titled(title: &str) -> bool {
    let words: Vec<&str> = title.split(' ').filter(|word| word.chars().count() > 3).collect();
    let capital = words.iter().filter(|word| word.chars().find(|c| c.is_alphanumeric()).is_none_or(|c| !c.is_lowercase())).count();
    capital * 2 >= words.len()
}

fn named(label: &str) -> Option<Told> {
    let name = NAMES.iter().find(|name| label.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name)))?;
    let rest = &label[name.len()..];
    let title = bare(rest.trim_start_matches(|c: char| is_blank(c) || matches!(c, '.' | ':' | '-' | '—' | '–')));
    let parted = rest.is_empty() || title.is_empty() || rest.trim_start_matches(is_blank).starts_with([':', '.', '-', '—', '–']);
    let sentence = title.ends_with(['.', ',', ';', ':']) || title.split(' ').count() > 12;
    (parted && !sentence).then(|| Told {
        unit: Unit::Named,
        number: None,
        title: one_line(label.trim_end_matches('.')),
        volume: None,
        weak: false,
    })
}
