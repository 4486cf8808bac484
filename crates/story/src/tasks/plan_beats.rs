use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{BriefView, ChapterPlan, StructuredTask, Task};
use crate::{language::Tongue, output_spec::LengthRange, plan::Beat};

/// Asks for the beats of one chapter, seen against what was really written so far.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlanBeats {
    /// What the writer wants.
    pub brief: BriefView,
    /// The chapter.
    pub chapter: ChapterPlan,
    /// How many chapters the book has.
    pub chapter_count: u32,
    /// How many beats fit the chapter's length.
    pub beat_count: u32,
    /// The chapter's length.
    pub length: LengthRange,
    /// The people who are dead by now.
    pub dead: Vec<String>,
    /// Standing instructions that hold for this chapter.
    pub guidance: Vec<String>,
}

/// The beats.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BeatsAnswer {
    /// In the order in which they are told.
    pub beats: Vec<BeatProposal>,
}

/// One thing that happens in the chapter.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BeatProposal {
    /// What happens, in a sentence or two.
    pub text: String,
    /// Where; null when it does not matter.
    #[serde(default)]
    pub place: Option<String>,
    /// When; null when it does not matter.
    #[serde(default)]
    pub time: Option<String>,
    /// The names of those who are there.
    #[serde(default)]
    pub characters: Vec<String>,
}

impl From<BeatProposal> for Beat {
    fn from(beat: BeatProposal) -> Self {
        let some = |text: Option<String>| text.filter(|t| !t.trim().is_empty());
        Self { text: beat.text, place: some(beat.place), time: some(beat.time), characters: beat.characters }
    }
}

impl Task for PlanBeats {
    const NAME: &'static str = "plan_beats";
    fn template(tongue: Tongue) -> &'static str {
        match tongue {
            Tongue::En => include_str!("plan_beats.en.md"),
            Tongue::Zh => include_str!("plan_beats.zh.md"),
        }
    }
}

impl StructuredTask for PlanBeats {
    type Answer = BeatsAnswer;
}
