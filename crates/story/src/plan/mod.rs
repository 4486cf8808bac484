//! Plans by stable ids: a novel's outline with the beats of the chapter in hand, a script's scenes, the episodes of an adaptation.

mod episodes;
mod scenes;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use episodes::{Cut, EpisodePlan, Place, PlannedEpisode};
pub use scenes::{PlannedScene, SceneList};

/// The stable id of a planned chapter, scene or episode. Ordinals are shown; ids stay when units are inserted or moved.
pub type UnitId = String;

/// What a run's units are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnitKind {
    /// Of a novel.
    #[default]
    Chapter,
    /// Of a script.
    Scene,
    /// Of an adaptation.
    Episode,
}

impl UnitKind {
    /// Whether it is a chapter.
    pub fn is_chapter(&self) -> bool {
        *self == Self::Chapter
    }

    /// The measure word of its ordinal in Chinese: 第三章, 第三场, 第三集.
    pub fn measure(self) -> &'static str {
        match self {
            Self::Chapter => "章",
            Self::Scene => "场",
            Self::Episode => "集",
        }
    }

    /// As a sentence begins with it: `Chapter`, `Scene`, `Episode`.
    pub fn named(self) -> &'static str {
        match self {
            Self::Chapter => "Chapter",
            Self::Scene => "Scene",
            Self::Episode => "Episode",
        }
    }
}

/// All planned chapters.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outline {
    /// By stable id.
    pub chapters: BTreeMap<UnitId, PlannedChapter>,
}

/// One chapter of the plan.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedChapter {
    /// Its place in the book: ascending, not necessarily without gaps.
    pub order: i64,
    /// The chapter's title, without a number.
    pub title: String,
    /// What happens; one line until the run comes near.
    pub summary: String,
    /// What makes the reader turn the page; absent until the run comes near.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hook: Option<String>,
}

impl Outline {
    /// The chapters in the order of the book, with their ids. Their ordinals are 1, 2, 3 …
    pub fn in_order(&self) -> Vec<(&UnitId, &PlannedChapter)> {
        let mut chapters: Vec<_> = self.chapters.iter().collect();
        chapters.sort_by(|a, b| a.1.order.cmp(&b.1.order).then_with(|| a.0.cmp(b.0)));
        chapters
    }

    /// The chapter with this ordinal, from 1.
    pub fn chapter(&self, ordinal: u32) -> Option<(&UnitId, &PlannedChapter)> {
        self.in_order().into_iter().nth(usize::try_from(ordinal).ok()?.checked_sub(1)?)
    }

    /// How many chapters are planned.
    pub fn count(&self) -> u32 {
        u32::try_from(self.chapters.len()).unwrap_or(u32::MAX)
    }
}

impl PlannedChapter {
    /// Whether the plan says more than a line: only then is it drafted from.
    pub fn is_detailed(&self) -> bool {
        self.hook.is_some()
    }
}

/// The beats of one chapter.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beats {
    /// The chapter's ordinal.
    pub chapter_index: u32,
    /// In the order in which they are told.
    pub beats: Vec<Beat>,
}

/// One thing that happens in a chapter.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beat {
    /// What happens, in a sentence or two.
    pub text: String,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Who is there.
    #[serde(default)]
    pub characters: Vec<String>,
}
