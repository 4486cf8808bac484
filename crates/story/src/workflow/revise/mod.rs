//! What the revise loop of every kind has in common: reading a text, judging it round by round, mending it piece by piece.

mod decide;
mod draws;
pub(super) mod locked;
mod mend;
mod read;
pub(super) mod redo;

use std::collections::BTreeMap;

pub(super) use decide::{Loop, decide, rewrites};
pub(super) use draws::{as_draw, rank, slot, told as draws_told};
pub(super) use mend::mend;
pub(crate) use mend::numbered;
pub(super) use read::{MOST_DEAD_TOLD, known_names, read};

use crate::{
    brief::Character,
    digests::{ChapterDigest, shorten},
    extraction::Extraction,
    language::Tongue,
    tasks::{Answer, Heard},
};

/// The key under which the findings of a held unit stand as guidance for its next draft.
pub(super) fn held_key(ordinal: u32) -> String {
    format!("findings-{ordinal}")
}

/// What was heard under `slot` so far.
pub(super) fn answer<'a>(heard: &'a [Heard], slot: &str) -> Option<&'a Answer> {
    heard.iter().find(|h| h.slot == slot).map(|h| &h.answer)
}

/// Other names of the cast, to the name that the story uses. One that two people share leads to neither.
pub(super) fn aliases(cast: &[Character]) -> BTreeMap<String, String> {
    cast.iter()
        .flat_map(|c| c.aliases.iter().chain([&c.name]).map(|alias| (alias.clone(), c.name.clone())))
        .filter(|(alias, name)| cast.iter().all(|c| c.name == *name || c.name != *alias && !c.aliases.contains(alias)))
        .collect()
}

/// What is remembered of a unit: the model's digest, or the unit's own first and last words where there is none.
pub(super) fn digest(title: &str, text: &str, extraction: Option<&Extraction>) -> ChapterDigest {
    let told = extraction.map(|e| (e.fact_digest.trim(), e.tone_digest.trim())).unwrap_or_default();
    let tone = shorten(told.1, 200);
    if told.0.is_empty() {
        return ChapterDigest { tone, ..ChapterDigest::of_words(title, text) };
    }
    ChapterDigest { title: title.to_owned(), fact: shorten(told.0, 600), tone }
}

/// A text as a prompt shows it: under a heading of its own, the same for every task that reads it.
pub(crate) fn shown(tongue: Tongue, unit: crate::plan::UnitKind, text: &str) -> String {
    let heading = match tongue {
        Tongue::En => format!("# The text of this {}", unit.named().to_lowercase()),
        Tongue::Zh => format!("# 本{}正文", unit.measure()),
    };
    format!("{heading}\n\n{text}")
}

/// A title without the number that models like to put before it.
pub(super) fn title_alone(title: &str) -> String {
    let title = title.trim().trim_matches(['"', '“', '”', '《', '》', '*', '#']).trim();
    let rest = if let Some(rest) =
        ["Chapter ", "CHAPTER ", "Episode ", "EPISODE ", "Scene ", "SCENE "].iter().find_map(|word| title.strip_prefix(word))
    {
        rest.split_once([':', '.', '—', '–'])
    } else if title.starts_with('第') {
        title.split_once(['章', '回', '集', '场'])
    } else {
        None
    };
    match rest {
        Some((number, rest)) if number.chars().count() <= 8 && !rest.trim().is_empty() => {
            rest.trim_start_matches([':', '：', ' ', '　']).trim().to_owned()
        }
        _ => title.to_owned(),
    }
}
