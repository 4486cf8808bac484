use std::collections::BTreeSet;

use story::{
    language::Tongue,
    tasks::{CritiqueChapter, Judgement},
    text::{Length, paragraphs},
};

use super::read::sentences;

/// Scores a chapter by what can be measured in it. Nothing is sent back: what is wrong beyond measure, the rules find.
pub(super) fn judge(input: &CritiqueChapter) -> Judgement {
    let tongue = Tongue::of(&input.language);
    let text = input.text.to_lowercase();
    let told: Vec<i64> = input.beats.iter().map(|beat| share(&keys(&beat.text, tongue), &text)).collect();
    let coverage =
        if told.is_empty() { share(&keys(&input.chapter.summary, tongue), &text) } else { told.iter().sum::<i64>() / count(told.len()) };
    let all = Length::of(&input.text).chars.max(1);
    let spoken = all.saturating_sub(Length::of(&sentences::unquoted(&input.text)).chars);
    let spoken = i64::try_from(spoken * 100 / all).unwrap_or(0);
    // A third of a scene spoken reads best; the score falls by one for each percent beyond.
    let dialogue = (92 - (spoken - 33).abs()).clamp(30, 95);
    let sizes: Vec<i64> = sentences::split(&input.text).iter().map(|s| i64::try_from(Length::of(s).words).unwrap_or(0)).collect();
    let mean = sizes.iter().sum::<i64>() / count(sizes.len());
    let spread = sizes.iter().map(|s| (s - mean).abs()).sum::<i64>() / count(sizes.len());
    let voice = (60 + spread * 4).clamp(30, 92);
    let blocks = count(paragraphs(&input.text).len());
    let pace = (95 - (i64::try_from(all).unwrap_or(0) / blocks - if tongue == Tongue::Zh { 60 } else { 180 }).abs() / 6).clamp(30, 93);
    Judgement { coverage: coverage.clamp(0, 98), voice, pace, dialogue, rewrites: Vec::new() }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(1).max(1)
}

/// The words of a beat that carry it.
fn keys(text: &str, tongue: Tongue) -> BTreeSet<String> {
    match tongue {
        Tongue::En => text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 3).map(str::to_owned).collect(),
        Tongue::Zh => {
            let signs: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
            signs.windows(2).map(|pair| pair.iter().collect()).collect()
        }
    }
}

fn share(keys: &BTreeSet<String>, text: &str) -> i64 {
    let found = keys.iter().filter(|key| text.contains(key.as_str())).count();
    i64::try_from(found * 100 / keys.len().max(1)).unwrap_or(0)
}
