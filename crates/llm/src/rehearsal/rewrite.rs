use std::collections::BTreeMap;

use story::{
    language::Tongue,
    tasks::{ChapterPlan, FixParagraphs, ParagraphToFix, Passage, PassageScope, RewritePassages, read_marked},
    text::{Length, join_paragraphs, paragraphs},
};

use super::{dice::Dice, fix};

/// Writes passages anew: paragraphs as a fix does, about as long as they are; a stretch within a sentence with a turn of speech more.
pub(super) fn rewrite(input: &RewritePassages, dice: &mut Dice) -> String {
    let anew = |passage: &Passage, dice: &mut Dice| match input.scope {
        PassageScope::Span if !is_whole(&passage.text) => turned(&passage.text, Tongue::of(&input.language), dice),
        _ => told(input, &passage.text, dice),
    };
    let texts: Vec<(u32, String)> = input.passages.iter().map(|passage| (passage.number, anew(passage, dice))).collect();
    match input.scope {
        PassageScope::Paragraphs => texts.iter().map(|(n, text)| format!("⟦{n}⟧\n{text}")).collect::<Vec<_>>().join("\n\n"),
        PassageScope::Text | PassageScope::Span => texts.into_iter().map(|(_, text)| text).collect(),
    }
}

/// The paragraphs of a passage, each anew.
fn told(input: &RewritePassages, text: &str, dice: &mut Dice) -> String {
    let is_zh = Tongue::of(&input.language) == Tongue::Zh;
    let unit = if is_zh { "chars" } else { "words" };
    let old = paragraphs(text);
    let numbered = (1..).zip(&old).map(|(number, text)| {
        let length = Length::of(text);
        let length = if is_zh { length.chars } else { length.words };
        let instruction = input.instructions.clone();
        ParagraphToFix { number, text: (*text).to_owned(), instruction, length, aim: length, unit: unit.into() }
    });
    let task = FixParagraphs {
        brief: input.brief.clone(),
        chapter: ChapterPlan { number: input.number, title: input.title.clone(), ..ChapterPlan::default() },
        paragraphs: numbered.collect(),
        round: 1,
        ..FixParagraphs::default()
    };
    let numbers: Vec<u32> = task.paragraphs.iter().map(|p| p.number).collect();
    let new: BTreeMap<u32, String> = read_marked(&fix::fix(&task, dice), &numbers).unwrap_or_default();
    let anew = task.paragraphs.iter().map(|p| match new.get(&p.number).filter(|new| **new != p.text) {
        Some(new) => new.clone(),
        None => turned(&p.text, Tongue::of(&input.language), dice),
    });
    join_paragraphs(&anew.collect::<Vec<_>>())
}

/// Whether the words are whole sentences.
fn is_whole(text: &str) -> bool {
    let begins = text.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| !c.is_lowercase());
    begins && text.ends_with(['.', '!', '?', '。', '！', '？', '”', '…', '’', '"'])
}

/// The same words with a turn of speech behind them, before their last sign.
fn turned(text: &str, tongue: Tongue, dice: &mut Dice) -> String {
    let turns: &[&str] = match tongue {
        Tongue::En => &[", or so it seemed", ", as always", ", and nothing else", ", after all"],
        Tongue::Zh => &["，一如往常", "，仿佛如此", "，仅此而已", "，到底如此"],
    };
    let turn = dice.pick(turns).copied().unwrap_or_default();
    let words = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    format!("{words}{turn}{}", &text[words.len()..])
}
