//! What a gap between two quotations tells, without the words that only say who speaks.

use super::{Gap, LONGEST_ASIDE, words::Word};
use crate::screenplay::reading::one_line;

/// The narration of a gap as whole sentences.
pub(super) fn told(text: &str, gap: &Gap<'_>, speaker: Option<&str>) -> Option<String> {
    let words = gap.left();
    let first = words.iter().position(Word::is_word)?;
    let (mut from, after) = (first, gap.after.is_some());
    let mut lead = String::new();
    let joined = after && first > 0 && !words[..first].iter().any(Word::ends_sentence);
    if joined {
        let low = words[first].low();
        if matches!(low.as_str(), "and" | "but" | "who" | "for" | "so") {
            from += 1;
            let next = words.get(from).map(Word::low).unwrap_or_default();
            let own = [
                "he", "she", "it", "they", "the", "a", "an", "here", "there", "then", "so", "her", "his", "in", "at", "this", "that",
                "when", "as", "all",
            ]
            .contains(&next.as_str())
                || words.get(from).is_some_and(Word::is_capital);
            if low == "who" || !own {
                lead = speaker.map_or(String::new(), |name| format!("{name} "));
            } else if matches!(next.as_str(), "he" | "she") && speaker.is_some() {
                lead = speaker.map_or(String::new(), |name| format!("{name} "));
                from += 1;
            }
        } else if !words[first..].iter().any(Word::ends_sentence)
            || low.ends_with("ing")
            || matches!(low.as_str(), "as" | "with" | "in" | "to" | "while" | "when")
        {
            // A phrase that hung on the attribution: what follows it is kept.
            let stop = words.iter().position(Word::ends_sentence)?;
            from = stop + 1 + words[stop + 1..].iter().position(Word::is_word)?;
        }
    } else if after && words[..first].is_empty() && words[first].text.starts_with(char::is_lowercase) {
        let deed = words[first].low();
        if deed == "and" {
            from += 1;
            lead = speaker.map_or(String::new(), |name| format!("{name} "));
        } else {
            let stop = words.iter().position(Word::ends_sentence)?;
            from = stop + 1 + words[stop + 1..].iter().position(Word::is_word)?;
        }
    }
    let mut to = words.len();
    while to > from
        && (!words[to - 1].is_word() && !words[to - 1].ends_sentence() && words[to - 1].text != ")"
            || matches!(words[to - 1].text, "and" | "but" | "so" | "then"))
    {
        to -= 1;
    }
    if to <= from {
        return None;
    }
    let start = if from > 0 && words[from - 1].text == "(" { words[from - 1].start } else { words[from].start };
    let mut body = one_line(&text[start..words[to - 1].end]);
    let opened = body.matches('(').count();
    if body.matches(')').count() > opened {
        body = body.trim_end_matches(['.', ')']).to_owned();
    }
    if words[from..to].iter().filter(|w| w.is_word()).count() + lead.split_whitespace().count()
        < (if words[to - 1].ends_sentence() { 2 } else { 3 })
    {
        return None;
    }
    let fragment = (gap.after.is_some() || gap.before.is_some()) && !words[from..to].iter().any(tells_a_deed);
    if fragment && words[from..to].iter().filter(|w| w.is_word()).count() <= LONGEST_ASIDE {
        return None;
    }
    let body = without_brackets(body);
    let mut out = if lead.is_empty() { capital(&body) } else { format!("{lead}{body}") };
    if !out.ends_with(['.', '!', '?', ')', '…']) {
        out.push('.');
    }
    Some(out)
}

/// Whether a word may be the verb of a sentence: what is left of an attribution has none, and tells nothing.
fn tells_a_deed(word: &Word<'_>) -> bool {
    const PAST: &[&str] = &[
        "was", "were", "is", "are", "had", "has", "did", "does", "could", "would", "can", "will", "went", "came", "sat", "took", "stood",
        "ran", "saw", "heard", "felt", "fell", "got", "gave", "made", "held", "kept", "left", "began", "put", "set", "let", "threw",
        "caught", "drew", "shook", "rose", "broke", "brought", "thought", "knew", "found", "grew", "lay", "led", "met", "read", "shut",
        "slept", "spoke", "struck", "swam", "told", "turned", "woke", "wore", "wrote", "bent", "bit", "blew", "built", "bought", "crept",
        "cut", "dug", "drank", "drove", "ate", "flew", "fought", "forgot", "hid", "hit", "hurt", "lost", "paid", "rang", "rode", "sang",
        "sank", "sent", "shot", "slid", "spent", "stole", "swept", "swung", "tore", "won",
    ];
    let low = word.low();
    let present = low.len() > 3 && low.ends_with('s') && !low.ends_with("ss") && !low.contains('\'');
    let adverb =
        matches!(low.as_str(), "always" | "perhaps" | "towards" | "this" | "besides" | "sometimes" | "afterwards" | "hers" | "theirs");
    PAST.contains(&low.as_str()) || low.len() > 3 && low.ends_with("ed") || present && !adverb
}

/// Without the brackets that it stands in, or begins with.
fn without_brackets(text: String) -> String {
    let Some(rest) = text.strip_prefix('(') else { return text };
    match rest.find(')') {
        Some(at) => format!("{}{}", &rest[..at], &rest[at + 1..]),
        None => rest.to_owned(),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |c| c.to_uppercase().chain(chars).collect())
}
