use super::lists::{DETERMINERS, INSIDE, NOT_THINGS, PLACE_HEADS, STOP, UPON};
use super::verbs::{is_plain_verb, is_verb, past_by_rule, past_of};

/// What stands in a text as `the old lamp`, `Skerrow Light`: at most four words each, in order, none twice.
pub(in crate::rehearsal) fn noun_phrases(text: &str, people: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for clause in text.split([',', '.', ';', ':', '!', '?', '(', ')', '—', '“', '”', '"', '\n']) {
        let words: Vec<&str> = clause.split_whitespace().collect();
        let mut i = 0;
        while i < words.len() {
            let folded = words[i].to_lowercase();
            let determined = DETERMINERS.contains(&folded.as_str());
            let named = !determined
                && words[i].starts_with(char::is_uppercase)
                && (i > 0 || words.get(1).is_some_and(|w| w.starts_with(char::is_uppercase)));
            if !determined && !named {
                i += 1;
                continue;
            }
            let start = if determined { i + 1 } else { i };
            let mut end = start;
            while end < words.len()
                && end < start + 4
                && belongs(words[end], named)
                && !(end > start && (is_verb(words[end]) || is_plain_verb(words[end])))
            {
                end += 1;
                if words[end - 1].ends_with("’s") || words[end - 1].ends_with("'s") {
                    end = start;
                    break;
                }
            }
            i = end.max(i + 1);
            if end == start {
                continue;
            }
            let core = words[start..end].join(" ");
            let head = words[end - 1].to_lowercase();
            let is_person = people.iter().any(|name| name.split_whitespace().any(|part| core.split_whitespace().any(|word| word == part)));
            if is_person
                || NOT_THINGS.contains(&head.as_str())
                || head.chars().count() < 3
                || past_of(&head).is_some()
                || head.ends_with("ed")
                || head.ends_with("ly")
            {
                continue;
            }
            let phrase = if named { core } else { format!("the {core}") };
            if !found.iter().any(|known| known.eq_ignore_ascii_case(&phrase)) {
                found.push(phrase);
            }
        }
    }
    found
}

fn belongs(word: &str, named: bool) -> bool {
    let folded = word.to_lowercase();
    let plain = word.chars().all(|c| c.is_alphabetic() || c == '-' || c == '’' || c == '\'');
    plain && !STOP.contains(&folded.as_str()) && !DETERMINERS.contains(&folded.as_str()) && (!named || word.starts_with(char::is_uppercase))
}

/// Whether a phrase names a place.
pub(in crate::rehearsal) fn is_place(phrase: &str) -> bool {
    PLACE_HEADS.contains(&head(phrase).as_str())
}

/// `in the kitchen`, `on the landing`, `at Skerrow Light`.
pub(in crate::rehearsal) fn in_place(place: &str) -> String {
    let head = head(place);
    if ["in ", "on ", "at ", "by ", "under ", "outside "].iter().any(|lead| place.to_lowercase().starts_with(lead)) {
        place.to_owned()
    } else if UPON.contains(&head.as_str()) {
        format!("on {place}")
    } else if INSIDE.contains(&head.as_str()) {
        format!("in {place}")
    } else {
        format!("at {place}")
    }
}

fn head(phrase: &str) -> String {
    phrase.split(" of ").next().unwrap_or(phrase).split_whitespace().last().unwrap_or_default().to_lowercase()
}

/// A goal as it stands after a colon: `to find her brother`, `revenge`.
pub(in crate::rehearsal) fn as_goal(text: &str) -> String {
    let text = clean(text);
    let lowered = lower_first(&text);
    for lead in ["wants to ", "to ", "wants "] {
        if let Some(rest) = lowered.strip_prefix(lead) {
            return if lead == "wants " { rest.to_owned() } else { format!("to {rest}") };
        }
    }
    let first = lowered.split_whitespace().next().unwrap_or_default();
    if is_plain_verb(first) { format!("to {lowered}") } else { lowered }
}

/// A secret as it stands after a colon, with a subject where it begins with a verb: `he let the lamp go out`.
pub(in crate::rehearsal) fn as_secret(text: &str, she: &str) -> String {
    let text = lower_first(&clean(text));
    let first = text.split_whitespace().next().unwrap_or_default().to_owned();
    if past_of(&first).is_some()
        || (first.ends_with("ed") && first.len() > 4)
        || ["let", "lit", "hid", "took", "stole", "saw", "was", "knew"].contains(&first.as_str())
    {
        format!("{she} {text}")
    } else {
        text
    }
}

fn clean(text: &str) -> String {
    text.trim().trim_end_matches(['.', '!', '…', ';', ',']).to_owned()
}

/// `text` with a small first letter, unless its first word is a name or I.
pub(in crate::rehearsal) fn lower_first(text: &str) -> String {
    let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
    if STOP.contains(&first.as_str()) && first != "i"
        || DETERMINERS.contains(&first.as_str())
        || is_plain_verb(&first)
        || past_of(&first).is_some()
    {
        let mut chars = text.chars();
        let head: String = chars.next().map(|c| c.to_lowercase().collect()).unwrap_or_default();
        return format!("{head}{}", chars.as_str());
    }
    text.to_owned()
}

/// `text` told in the past, where it is told in the present: verbs after a name, a pronoun or `and`; what is quoted stays.
pub(in crate::rehearsal) fn in_past(text: &str, people: &[String]) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = String::new();
    let mut quoted = false;
    for piece in text.split_inclusive(' ') {
        quoted |= piece.starts_with('“');
        let word = piece.trim_end_matches(|c: char| !c.is_alphabetic());
        let name_before = people.iter().any(|name| name.split_whitespace().any(|part| part == before));
        let subject = matches!(before.as_str(), "he" | "she" | "it" | "who" | "that" | "which" | "He" | "She" | "It");
        let joined = matches!(before.as_str(), "and" | "but" | "then" | "or" | "only" | "never" | "not") || before.ends_with(',');
        let past = if quoted {
            None
        } else if name_before && word.starts_with(char::is_lowercase) {
            past_by_rule(word)
        } else if subject || joined || matches!(word, "is" | "are" | "has" | "does") {
            if word == "cannot" { Some("could not".to_owned()) } else { past_of(word) }
        } else {
            past_of(word).filter(|_| ["turns", "disappears", "comes", "leads", "stands", "begins"].contains(&word) && !before.is_empty())
        };
        match past {
            Some(past) => {
                out.push_str(&past);
                out.push_str(&piece[word.len()..]);
            }
            None => out.push_str(piece),
        }
        quoted &= !piece.contains('”');
        before = piece.trim().trim_matches(['“', '”', '(', ')']).to_owned();
    }
    out
}
