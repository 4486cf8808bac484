use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EpisodeView, MomentView, StructuredTask, Task};
use crate::{language::Tongue, output_spec::LengthRange};

/// Asks where one chapter of the source is divided into episodes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlanEpisodes {
    /// The novel's title.
    pub book: String,
    /// BCP 47: the language of the script.
    pub language: String,
    /// The chapter's ordinal in the source.
    pub chapter: u32,
    /// Its title.
    pub title: String,
    /// What happens in it.
    pub core_plot: String,
    /// Stretch by stretch, together the whole chapter.
    pub moments: Vec<MomentView>,
    /// How many paragraphs it has.
    pub paragraph_count: u32,
    /// How many episodes it becomes: exactly so many.
    pub episode_count: u32,
    /// The ordinal of the first of them in the whole script.
    pub first_episode: u32,
    /// How long each episode is to be.
    pub length: LengthRange,
    /// The last episode of the chapter before; absent for the first chapter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<EpisodeView>,
}

/// The division.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EpisodesAnswer {
    /// The episodes in order, none left out.
    pub episodes: Vec<EpisodeProposal>,
}

/// One episode of a chapter. It begins where the one before ends.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EpisodeProposal {
    /// A title without a number.
    pub title: String,
    /// The number of the last paragraph that belongs to it.
    pub last_paragraph: i64,
    /// What it is about, in a sentence or two.
    #[serde(default)]
    pub core: String,
    /// What it opens with, to seize the viewer.
    #[serde(default)]
    pub opening_hook: String,
    /// What it closes on, so that the next one must be seen.
    #[serde(default)]
    pub closing_hook: String,
}

impl Task for PlanEpisodes {
    const NAME: &'static str = "plan_episodes";
    fn template(tongue: Tongue) -> &'static str {
        match tongue {
            Tongue::En => include_str!("plan_episodes.en.md"),
            Tongue::Zh => include_str!("plan_episodes.zh.md"),
        }
    }
}

impl StructuredTask for PlanEpisodes {
    type Answer = EpisodesAnswer;
}
