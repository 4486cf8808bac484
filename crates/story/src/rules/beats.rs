use std::collections::BTreeSet;

use crate::{plan::Beat, text::is_own_word};

/// Latin words shorter than this say little.
const SHORTEST_WORD: usize = 4;
/// So many letters of a Latin word are compared: its endings change.
const STEM: usize = 5;

/// How many of these beats a text tells, as far as its words show: those of whose signs it has enough.
pub fn beats_told(beats: &[Beat], text: &str) -> u32 {
    let text = text.to_lowercase();
    let told = beats.iter().filter(|beat| {
        let (signs, parts) = signs(beat);
        let found = signs.iter().filter(|sign| text.contains(sign.as_str())).count();
        found > 0 && found * 100 >= signs.len() * parts
    });
    u32::try_from(told.count()).unwrap_or(u32::MAX)
}

/// What shows that a beat is told (the names of its people, the stems of its words, pairs of Han characters), and how much of it in the hundred
/// is enough: pairs lie across words, too.
fn signs(beat: &Beat) -> (BTreeSet<String>, usize) {
    let mut signs: BTreeSet<String> = beat.characters.iter().map(|name| name.to_lowercase()).collect();
    let lower = beat.text.to_lowercase();
    let han: Vec<char> = lower.chars().collect();
    let pairs = han.windows(2).filter(|pair| pair.iter().all(|c| is_own_word(*c)));
    let before = signs.len();
    signs.extend(pairs.map(|pair| pair.iter().collect::<String>()));
    let enough = if signs.len() > before { 35 } else { 50 };
    let words = lower.split(|c: char| !c.is_alphabetic() || is_own_word(c)).filter(|word| word.chars().count() >= SHORTEST_WORD);
    signs.extend(words.map(|word| word.chars().take(STEM).collect::<String>()));
    (signs, enough)
}
