use std::cell::Cell;

use story::language::Tongue;

use super::verbs::{past_of, plain};
use crate::rehearsal::material::short_name;

/// `text` with she, her and herself of the one who tells as I, my and myself.
pub(in crate::rehearsal) fn pronouns_to_first(text: &str) -> String {
    agree(&pronouns(text))
}

fn pronouns(text: &str) -> String {
    rewrite(text, |word, _, next| match word {
        "she" | "he" => Some("I".into()),
        "his" => Some("my".into()),
        "him" => Some("me".into()),
        "herself" | "himself" => Some("myself".into()),
        "her" => Some(if goes_with_noun(next) { "my".into() } else { "me".into() }),
        _ => None,
    })
}

/// `text` told by the one named `name`; pronouns too, where they can mean nobody else.
pub(in crate::rehearsal) fn to_first(text: &str, name: &str, pronouns: bool) -> String {
    const MARK: &str = "\u{1}";
    let first = short_name(name, Tongue::En);
    let mut told = text.replace(name, MARK);
    if first.chars().count() > 2 && first != name {
        told = replace_word(&told, &first, MARK);
    }
    let told = rewrite(&told, |word, before, next| {
        if word == "\u{1}’s" || word == "\u{1}'s" {
            return Some("my".into());
        }
        if word != MARK {
            return None;
        }
        Some(if is_subject(before, next) { "I".into() } else { "me".into() })
    });
    agree(&if pronouns { self::pronouns(&told) } else { told })
}

/// `text` with the verbs of I as they stand with I, also those that follow after `and`: `I come in and finds` gives `find`.
pub(in crate::rehearsal) fn agree(text: &str) -> String {
    const ADVERBS: [&str; 12] = ["still", "never", "always", "only", "also", "just", "then", "often", "already", "not", "once", "again"];
    const JOINTS: [&str; 5] = ["and", "but", "or", "then", "nor"];
    let mine = Cell::new(false);
    let lead = Cell::new(true);
    rewrite(text, |word, before, _| {
        let ended = before.ends_with(['.', '?', '!', ';', ':', '”', '—']) || before.is_empty();
        if ended {
            mine.set(false);
        }
        let opens = ended
            || before.ends_with(',')
            || JOINTS.contains(&before)
            || ["that", "as", "when", "while", "if", "because", "before", "after", "what", "where", "than"].contains(&before);
        // An adverb between subject and verb changes nothing.
        let after_verb_place = before == "I" || JOINTS.contains(&before) || (lead.get() && ADVERBS.contains(&before));
        if word == "I" {
            mine.set(true);
            lead.set(true);
            return None;
        }
        let verb = past_of(word).filter(|_| mine.get() && after_verb_place);
        lead.set(JOINTS.contains(&word) || (after_verb_place && ADVERBS.contains(&word)));
        if let Some(past) = verb {
            return Some(plain(&past, true));
        }
        if mine.get() && before == "I" && word == "were" {
            return Some("was".into());
        }
        let other = matches!(
            word,
            "he" | "she"
                | "it"
                | "they"
                | "we"
                | "you"
                | "who"
                | "which"
                | "that"
                | "what"
                | "there"
                | "nobody"
                | "somebody"
                | "something"
                | "nothing"
                | "everyone"
                | "everything"
                | "whoever"
                | "how"
                | "why"
        );
        let named = opens
            && (word.starts_with(char::is_uppercase)
                || matches!(word, "the" | "a" | "an" | "my" | "his" | "her" | "its" | "their" | "this" | "one" | "some" | "two" | "no"));
        if other || named {
            mine.set(false);
        }
        None
    })
}

fn is_subject(before: &str, next: &str) -> bool {
    let opener = before.is_empty()
        || before.ends_with([',', ';', ':', '.', '?', '!'])
        || [
            "and", "but", "that", "when", "while", "where", "as", "if", "because", "then", "what", "before", "after", "than", "so",
            "which", "once",
        ]
        .contains(&before.to_lowercase().as_str());
    let end = next.is_empty() || next.starts_with(|c: char| !c.is_alphanumeric());
    opener && (before.is_empty() || !end)
}

fn goes_with_noun(next: &str) -> bool {
    !next.is_empty()
        && ![
            "to", "in", "on", "at", "from", "with", "by", "for", "and", "or", "but", "if", "when", "that", "as", "off", "out", "up",
            "down", "away", "into",
        ]
        .contains(&next)
}

fn replace_word(text: &str, word: &str, by: &str) -> String {
    rewrite(text, |found, _, _| {
        if found == word {
            Some(by.to_owned())
        } else {
            found.strip_prefix(word).filter(|rest| matches!(*rest, "’s" | "'s")).map(|rest| format!("{by}{rest}"))
        }
    })
}

/// Each word with the one before and after it; what is in quotation marks stays.
fn rewrite(text: &str, change: impl Fn(&str, &str, &str) -> Option<String>) -> String {
    let pieces: Vec<&str> = text.split(' ').collect();
    let mut out: Vec<String> = Vec::with_capacity(pieces.len());
    let mut quoted = false;
    for (i, piece) in pieces.iter().enumerate() {
        quoted |= piece.contains('“');
        let core = piece.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '\u{1}');
        let before = out.last().map_or("", |w| w.trim_start_matches(['“', '(']));
        let next = if core.len() < piece.len() { "." } else { pieces.get(i + 1).copied().unwrap_or("") };
        let new = if quoted || core.is_empty() { None } else { change(core, before, next) };
        let new = new.map_or_else(|| (*piece).to_owned(), |new| format!("{new}{}", &piece[core.len()..]));
        quoted &= !piece.contains('”');
        out.push(new);
    }
    out.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rehearsal_lets_verbs_agree_with_the_one_who_tells() {
        for (told, right) in [
            ("I come to the gate and finds the key.", "I come to the gate and find the key."),
            ("before I leaves", "before I leave"),
            ("I walk past Mara and never looks back.", "I walk past Mara and never look back."),
            ("I wait, and the lamp goes out and dies.", "I wait, and the lamp goes out and dies."),
            ("I know who lies and steals.", "I know who lies and steals."),
            ("It is late, and I has nothing.", "It is late, and I have nothing."),
            ("I look at Mara, and Mara sits and waits.", "I look at Mara, and Mara sits and waits."),
            ("I still tells it.", "I still tell it."),
        ] {
            assert_eq!(agree(told), right);
        }
        assert_eq!(
            to_first("Livia Marchetti comes to the gate and finds the list.", "Livia Marchetti", true),
            "I come to the gate and find the list."
        );
    }
}
