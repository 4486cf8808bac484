use crate::rehearsal::en::phrases::{is_place, noun_phrases};

/// Whether a sentence tells what is remembered, dreamt or told.
pub(super) fn is_memory(narration: &str) -> bool {
    let folded = narration.to_lowercase();
    [
        "remembered",
        "remembers",
        "recalled",
        "recalls",
        "dreamt",
        "dreamed",
        "dreams of",
        "in the dream",
        "in her dream",
        "in his dream",
        "memory of",
        "thought back",
        "years ago",
        "years before",
        "once, long ago",
        "used to",
    ]
    .iter()
    .any(|word| folded.contains(word))
}

/// The first place that a sentence is set in.
pub(super) fn place(narration: &str) -> Option<String> {
    let words: Vec<&str> = narration.split_whitespace().collect();
    for (i, word) in words.iter().enumerate() {
        if !["in", "at", "on", "into", "to", "inside", "outside", "near", "towards", "through", "reached", "entered", "from"]
            .contains(&word.to_lowercase().as_str())
        {
            continue;
        }
        if let Some(place) = place_at(&words[i + 1..]) {
            return Some(place);
        }
    }
    None
}

/// The place that some words begin with.
pub(super) fn place_at(words: &[&str]) -> Option<String> {
    let next: Vec<&str> = words.iter().take(6).copied().collect();
    let first = next.first()?;
    let determined = ["the", "a", "an", "her", "his", "their", "my", "our", "this", "that"].contains(first);
    if !determined && !first.starts_with(char::is_uppercase) {
        return None;
    }
    // A capital in the middle of a sentence is a name; one word of it is enough for a place only where its kind is known.
    let probe = if determined { next.join(" ") } else { format!("at {}", next.join(" ")) };
    noun_phrases(&probe, &[]).into_iter().next().filter(|phrase| is_place(phrase))
}

/// The words in which a chapter says when it takes place.
pub(super) fn story_time(text: &str) -> Option<String> {
    const TIMES: [&str; 30] = [
        "the next morning",
        "next morning",
        "the following morning",
        "the next day",
        "the following day",
        "a day later",
        "two days later",
        "three days later",
        "a week later",
        "a month later",
        "a year later",
        "that night",
        "the same night",
        "that evening",
        "before dawn",
        "at dawn",
        "at first light",
        "early in the morning",
        "in the middle of the morning",
        "in the morning",
        "towards noon",
        "at noon",
        "shortly after noon",
        "in the afternoon",
        "late in the afternoon",
        "at dusk",
        "after supper",
        "well after dark",
        "towards midnight",
        "in the small hours",
    ];
    let folded = text.to_lowercase();
    if folded.len() != text.len() {
        return None;
    }
    TIMES
        .iter()
        .filter_map(|time| folded.find(time).map(|at| (at, std::cmp::Reverse(time.len()))))
        .min()
        .map(|(at, length)| text[at..at + length.0].to_owned())
}

/// A question worth keeping, without quotation marks.
pub(super) fn question(sentence: &str) -> Option<String> {
    let at = sentence.find('?')?;
    let head = &sentence[..=at];
    let start = head[..at].rfind(['.', '!', '“', '”', '?']).map_or(0, |i| i + head[i..].chars().next().map_or(1, char::len_utf8));
    let title = head[start..].trim_matches(|c: char| c.is_whitespace() || matches!(c, '“' | '”' | '"' | '‘'));
    let first = title.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default().to_lowercase();
    let words = title.split_whitespace().count();
    (["who", "what", "why", "where", "how", "when", "which", "whose"].contains(&first.as_str()) && (3..=20).contains(&words))
        .then(|| title.to_owned())
}
