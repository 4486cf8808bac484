use super::verbs::{past_of, plain};

/// `text` with she, her and herself of the one who tells as I, my and myself.
pub(in crate::rehearsal) fn pronouns_to_first(text: &str) -> String {
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
    let first = name.split_whitespace().next().unwrap_or(name);
    let mut told = text.replace(name, MARK);
    if first.chars().count() > 2 && !["The", "Old", "Mr", "Mrs", "Miss", "Dr"].contains(&first) {
        told = replace_word(&told, first, MARK);
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
    let told = if pronouns { pronouns_to_first(&told) } else { told };
    rewrite(&told, |word, before, _| (before == "I").then(|| past_of(word).map(|past| plain(&past, true))).flatten())
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
