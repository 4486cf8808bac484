use std::collections::BTreeSet;

use super::{super::Desk, Place, contradicts};
use crate::{
    finding::{Finding, Severity},
    text::is_own_word,
};

const RULE: &str = "knowledge-leak";

/// So many signs of a fact are enough to know it again, and so many in the hundred of them must stand in what is said.
const SIGNS: usize = 4;
const SHARE: usize = 85;
/// Small words, and those that say how something is learnt.
const SMALL: [&str; 28] = [
    "that", "this", "with", "from", "have", "been", "were", "they", "their", "them", "there", "then", "into", "what", "when", "where",
    "which", "says", "said", "tells", "told", "knows", "knew", "about", "will", "would", "his", "her",
];

/// Somebody says a thing before the chapter in which they learn it.
///
/// What they only see or do is no saying; what they have learnt before, even in other words, is theirs to tell.
pub(super) fn check(desk: &Desk<'_>) -> Vec<Finding> {
    let mut said: Vec<(String, BTreeSet<String>, Place)> = Vec::new();
    let mut learnt: Vec<(String, BTreeSet<String>)> = Vec::new();
    let mut found = Vec::new();
    for (number, page) in desk.pages.iter().enumerate() {
        let Some(told) = page.chapter.extraction else { continue };
        for event in told.events.iter().filter(|event| !event.flashback && is_saying(&event.text, &event.quote)) {
            let (Some(range), [who]) = (page.find(&event.quote), &event.characters[..]) else { continue };
            said.push((desk.people.key(who), signs(&format!("{} {}", event.text, event.quote)), (number, range)));
        }
        for item in &told.knowledge {
            let (who, fact) = (desk.people.key(&item.character), signs(&item.fact));
            let Some(range) = page.find(&item.quote).filter(|_| fact.len() >= SIGNS) else { continue };
            let known = learnt.iter().any(|(other, before)| *other == who && holds(before, &fact));
            let leak = said.iter().find(|(other, words, place)| {
                let earlier = place.0 < number || place.1.end <= range.start;
                *other == who && earlier && holds(words, &fact)
            });
            if let Some((_, _, place)) = leak.filter(|_| !known) {
                let other = &desk.pages[place.0];
                let message = format!(
                    "{} lets {} say what {} only lets them learn: “{}”.",
                    other.named(),
                    item.character,
                    page.named().to_lowercase(),
                    item.fact
                );
                let hint = "Let it be said later, or learnt before.".into();
                let finding = Finding::new(RULE, Severity::Warning, &format!("{who}/{}", item.fact), message, hint);
                found.push(contradicts(desk, finding, other, place.1.clone(), &(number, range)));
            }
            learnt.push((who, fact));
        }
    }
    found
}

fn is_saying(text: &str, quote: &str) -> bool {
    const SAYS: [&str; 16] = [
        " says",
        " tells",
        " explains",
        " reveals",
        " said",
        " told",
        " names",
        " accuses",
        " announces",
        "说",
        "道",
        "告诉",
        "透露",
        "讲",
        "问",
        "喊",
    ];
    quote.contains(['“', '"', '「', '‘']) && SAYS.iter().any(|word| text.contains(word))
}

/// Whether enough of `fact` stands in `words`.
fn holds(words: &BTreeSet<String>, fact: &BTreeSet<String>) -> bool {
    fact.intersection(words).count() * 100 >= fact.len() * SHARE
}

/// What a sentence is known by: the stems of its words, or pairs of its Han signs.
fn signs(text: &str) -> BTreeSet<String> {
    let lower = text.to_lowercase();
    let han: Vec<char> = lower.chars().collect();
    let mut signs: BTreeSet<String> =
        han.windows(2).filter(|pair| pair.iter().all(|c| is_own_word(*c))).map(|pair| pair.iter().collect()).collect();
    let words =
        lower.split(|c: char| !c.is_alphabetic() || is_own_word(c)).filter(|word| word.chars().count() >= 4 && !SMALL.contains(word));
    signs.extend(words.map(|word| word.chars().take(5).collect::<String>()));
    signs
}
