use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::UnitId;

/// A paragraph of the source: both count from 1. Places ascend through the book.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The chapter's ordinal.
    pub chapter: u32,
    /// The paragraph's number in it.
    pub paragraph: u32,
}

/// The planned episodes of an adaptation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EpisodePlan {
    /// By stable id.
    pub episodes: BTreeMap<UnitId, PlannedEpisode>,
    /// What of the source no episode tells, by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub cuts: BTreeMap<String, Cut>,
}

/// One episode of the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedEpisode {
    /// Its place in the script: ascending, not necessarily without gaps.
    pub order: i64,
    /// Without a number.
    pub title: String,
    /// The first paragraph of the source that it is made from.
    pub from: Place,
    /// The last one.
    pub to: Place,
    /// What it is about.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub core: String,
    /// What it opens with.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub opening_hook: String,
    /// What it closes on.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hook: String,
}

/// A stretch of the source that is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cut {
    /// Its first paragraph.
    pub from: Place,
    /// Its last one.
    pub to: Place,
    /// Why.
    pub reason: String,
}

impl EpisodePlan {
    /// The episodes in the order of the script, with their ids. Their ordinals are 1, 2, 3 …
    pub fn in_order(&self) -> Vec<(&UnitId, &PlannedEpisode)> {
        let mut episodes: Vec<_> = self.episodes.iter().collect();
        episodes.sort_by(|a, b| a.1.order.cmp(&b.1.order).then_with(|| a.0.cmp(b.0)));
        episodes
    }

    /// The episode with this ordinal, from 1.
    pub fn episode(&self, ordinal: u32) -> Option<(&UnitId, &PlannedEpisode)> {
        self.in_order().into_iter().nth(usize::try_from(ordinal).ok()?.checked_sub(1)?)
    }

    /// How many episodes are planned.
    pub fn count(&self) -> u32 {
        u32::try_from(self.episodes.len()).unwrap_or(u32::MAX)
    }

    /// Adds an episode behind the others; its id and order come from its place.
    pub fn push(&mut self, mut episode: PlannedEpisode) {
        let n = self.count() + 1;
        episode.order = i64::from(n) * 1000;
        self.episodes.insert(format!("e{n:04}"), episode);
    }
}
