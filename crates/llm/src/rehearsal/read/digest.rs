use story::{
    language::Tongue,
    text::{Length, paragraphs},
};

use super::{Line, sentences, weight};

/// The sentences that tell most, in the order of the text: one of each third.
pub(super) fn facts(lines: &[Line<'_>], tongue: Tongue) -> String {
    let told: Vec<&Line<'_>> = lines.iter().filter(|l| !l.flashback && !l.narration.trim().is_empty()).collect();
    let third = told.len().div_ceil(3).max(1);
    let best: Vec<&str> =
        told.chunks(third).filter_map(|part| part.iter().rev().max_by_key(|l| weight(l, tongue))).map(|l| l.text).collect();
    best.join(if tongue == Tongue::Zh { "" } else { " " })
}

/// How a chapter is told, as measured.
pub(super) fn tone(text: &str, tongue: Tongue) -> String {
    let all = Length::of(text).chars.max(1);
    let narrated = Length::of(&sentences::unquoted(text)).chars;
    let spoken = (all.saturating_sub(narrated)) * 100 / all;
    let count = u64::try_from(sentences::split(text).len()).unwrap_or(1).max(1);
    let length = Length::of(text);
    let blocks = paragraphs(text).len();
    match tongue {
        Tongue::En => {
            let words = length.words / count;
            let pace = if words <= 9 {
                "Brisk"
            } else if words <= 17 {
                "Even"
            } else {
                "Slow"
            };
            format!("{pace}: {spoken} percent is spoken, sentences have about {words} words, in {blocks} paragraphs.")
        }
        Tongue::Zh => {
            let chars = length.chars / count;
            let pace = if chars <= 14 {
                "节奏明快"
            } else if chars <= 26 {
                "节奏平稳"
            } else {
                "节奏舒缓"
            };
            format!("{pace}，对话约占百分之{spoken}，句子平均{chars}字，共{blocks}段。")
        }
    }
}
