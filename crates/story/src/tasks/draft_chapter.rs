use serde::{Deserialize, Serialize};

use super::{BriefView, ChapterPlan, Task};
use crate::{language::Tongue, output_spec::LengthRange, plan::Beat};

/// Asks for the prose of one chapter.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DraftChapter {
    /// What the writer wants.
    pub brief: BriefView,
    /// The chapter.
    pub chapter: ChapterPlan,
    /// How many chapters the book has.
    pub chapter_count: u32,
    /// What happens, in order.
    pub beats: Vec<Beat>,
    /// How long it is to be.
    pub length: LengthRange,
    /// What to aim at: the middle of the range.
    pub aim: u64,
    /// The people who are dead by now.
    pub dead: Vec<String>,
    /// Standing instructions that hold for this chapter.
    pub guidance: Vec<String>,
    /// Which attempt at this chapter this is, from 0: one more each time a person asked for a new draft.
    pub redraft: u32,
    /// Passages that the chapter must hold word for word, in the order of its earlier text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<String>,
}

impl Task for DraftChapter {
    const NAME: &'static str = "draft_chapter";
    fn template(tongue: Tongue) -> &'static str {
        match tongue {
            Tongue::En => include_str!("draft_chapter.en.md"),
            Tongue::Zh => include_str!("draft_chapter.zh.md"),
        }
    }
}
