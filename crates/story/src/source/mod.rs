//! The novel that is adapted: its chapters as they were pinned, what they are made of, and how they are divided.

mod length;
mod season;
mod split;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    plan::Place,
    tasks::{KeyLine, MomentView, SourceParagraph, SourcePart},
    text::{Length, paragraphs},
};
pub use length::{chapter_range, implied_length, named_length};
pub use season::{Laid, Stretch};
pub use split::{episodes_for, split};

/// The chapters that a script is made from, as they were when the run was created.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// By ordinal. Ordinals ascend; they need not begin at 1 nor be without gaps.
    pub chapters: BTreeMap<u32, SourceChapter>,
}

/// One pinned chapter. Its words are immutable under `content_id`, and stay as long as the run does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceChapter {
    #[allow(missing_docs)]
    pub content_id: String,
    #[allow(missing_docs)]
    pub version_id: String,
    /// Without a number.
    pub title: String,
    #[allow(missing_docs)]
    pub length: Length,
    /// How many paragraphs it has.
    pub paragraphs: u32,
}

/// What a chapter is made of, as STEP1 read it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Breakdown {
    /// The chapter's ordinal.
    pub chapter: u32,
    /// What happens.
    pub core_plot: String,
    /// Who wants what against whom or what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<String>,
    /// Lines that must not be lost, each of which stands in the chapter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub key_lines: Vec<PlacedLine>,
    /// Who acts or speaks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub characters: Vec<String>,
    /// Stretch by stretch, together the whole chapter.
    pub moments: Vec<MomentView>,
}

/// A key line and the paragraph in which it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlacedLine {
    /// The paragraph's number.
    pub paragraph: u32,
    /// Who says it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub speaker: String,
    /// The words.
    pub quote: String,
}

impl PlacedLine {
    /// Without its place.
    pub fn line(&self) -> KeyLine {
        KeyLine { speaker: self.speaker.clone(), quote: self.quote.clone() }
    }
}

impl Source {
    /// The ordinal of the first chapter.
    pub fn first(&self) -> Option<u32> {
        self.chapters.keys().next().copied()
    }

    /// The ordinal of the chapter after `chapter`.
    pub fn after(&self, chapter: u32) -> Option<u32> {
        self.chapters.range(chapter + 1..).next().map(|(ordinal, _)| *ordinal)
    }

    /// How many paragraphs the whole source has.
    pub fn paragraph_count(&self) -> u32 {
        self.chapters.values().map(|chapter| chapter.paragraphs).sum()
    }

    /// The chapters that stand between two places, with the first and the last paragraph of each that lie between.
    pub fn between(&self, from: Place, to: Place) -> Vec<(u32, &SourceChapter, u32, u32)> {
        if from > to {
            return Vec::new();
        }
        let parts = self.chapters.range(from.chapter..=to.chapter).map(|(ordinal, chapter)| {
            let first = if *ordinal == from.chapter { from.paragraph } else { 1 };
            let last = if *ordinal == to.chapter { to.paragraph.min(chapter.paragraphs) } else { chapter.paragraphs };
            (*ordinal, chapter, first, last)
        });
        parts.filter(|(_, _, first, last)| first <= last).collect()
    }

    /// The words between two places. `texts` are the chapters' texts by content id; a chapter whose text is not there is left out.
    pub fn passage(&self, from: Place, to: Place, texts: &BTreeMap<String, String>) -> Vec<SourcePart> {
        self.between(from, to)
            .into_iter()
            .filter_map(|(ordinal, chapter, first, last)| {
                let text = texts.get(&chapter.content_id)?;
                Some(SourcePart { chapter: ordinal, title: chapter.title.clone(), paragraphs: numbered(text, first, last) })
            })
            .collect()
    }
}

/// The paragraphs `first` to `last` of a chapter's text, with their numbers.
pub fn numbered(text: &str, first: u32, last: u32) -> Vec<SourceParagraph> {
    let all = (1_u32..).zip(paragraphs(text));
    all.filter(|(n, _)| (first..=last).contains(n)).map(|(number, text)| SourceParagraph { number, text: text.to_owned() }).collect()
}
