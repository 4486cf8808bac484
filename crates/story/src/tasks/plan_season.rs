use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EpisodeView, MomentView, StructuredTask, Task};
use crate::{language::Tongue, output_spec::LengthRange};

/// Asks how a stretch of the book becomes exactly so many episodes, across its chapters.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlanSeason {
    /// The novel's title.
    pub book: String,
    /// BCP 47: the language of the script.
    pub language: String,
    /// How many episodes the whole script has.
    pub episode_count: u32,
    /// The first episode that is asked for.
    pub from: u32,
    /// The last.
    pub to: u32,
    /// The stretch of the book that becomes these episodes, in order.
    pub chapters: Vec<SeasonChapter>,
    /// The episodes planned just before, for the thread of the story.
    pub before: Vec<EpisodeView>,
    /// How long each episode is to be.
    pub length: LengthRange,
}

/// A chapter of the source, or the part of it that belongs to the stretch.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SeasonChapter {
    /// Its ordinal in the source.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// The first paragraph that belongs to the stretch.
    pub from: u32,
    /// The last one.
    pub to: u32,
    /// What happens in the chapter.
    pub core_plot: String,
    /// What happens in the stretch.
    pub moments: Vec<MomentView>,
}

/// The plan of a stretch of the season.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeasonAnswer {
    /// The episodes in order, exactly as many as were asked for.
    pub episodes: Vec<SeasonEpisode>,
    /// What of the book is left out. Empty when everything is told.
    #[serde(default)]
    pub cuts: Vec<CutProposal>,
}

/// One episode of the season.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeasonEpisode {
    /// A title without a number.
    pub title: String,
    /// What it is about, in a sentence or two.
    pub core: String,
    /// The chapter in which it begins.
    pub from_chapter: i64,
    /// The first paragraph there.
    pub from_paragraph: i64,
    /// The chapter in which it ends.
    pub to_chapter: i64,
    /// The last paragraph there.
    pub to_paragraph: i64,
    /// What it opens with, to seize the viewer.
    #[serde(default)]
    pub opening_hook: String,
    /// What it closes on, so that the next one must be seen.
    #[serde(default)]
    pub closing_hook: String,
}

/// Something that is left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CutProposal {
    #[allow(missing_docs)]
    pub from_chapter: i64,
    #[allow(missing_docs)]
    pub from_paragraph: i64,
    #[allow(missing_docs)]
    pub to_chapter: i64,
    #[allow(missing_docs)]
    pub to_paragraph: i64,
    /// Why it is not needed.
    pub reason: String,
}

impl Task for PlanSeason {
    const NAME: &'static str = "plan_season";
    fn template(tongue: Tongue) -> &'static str {
        match tongue {
            Tongue::En => include_str!("plan_season.en.md"),
            Tongue::Zh => include_str!("plan_season.zh.md"),
        }
    }
}

impl StructuredTask for PlanSeason {
    type Answer = SeasonAnswer;
}
