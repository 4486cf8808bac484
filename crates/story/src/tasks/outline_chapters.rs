use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{BriefView, ChapterPlan, StructuredTask, Task};
use crate::language::Tongue;

/// Asks for a stretch of the outline: in detail, or a line a chapter.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct OutlineChapters {
    /// What the writer wants.
    pub brief: BriefView,
    /// How many chapters the whole book has.
    pub chapter_count: u32,
    /// The first chapter that is asked for.
    pub from: u32,
    /// The last.
    pub to: u32,
    /// Whether title, summary and hook are asked for; else a title and one line.
    pub detailed: bool,
    /// The chapters planned just before, for the thread of the story.
    pub before: Vec<ChapterPlan>,
    /// What the plan has for the chapters asked for so far: a line each, or nothing.
    pub lines: Vec<ChapterPlan>,
}

/// The stretch of the outline.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutlineAnswer {
    /// The chapters asked for, in order, none left out.
    pub chapters: Vec<OutlinedChapter>,
}

/// One chapter of the outline.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutlinedChapter {
    /// The chapter's number.
    pub number: u32,
    /// A title without a number.
    pub title: String,
    /// What happens, who does it, and what has changed at the end.
    pub summary: String,
    /// What makes the reader turn the page; null when only a line is asked for.
    #[serde(default)]
    pub hook: Option<String>,
}

impl Task for OutlineChapters {
    const NAME: &'static str = "outline_chapters";
    fn template(tongue: Tongue) -> &'static str {
        match tongue {
            Tongue::En => include_str!("outline_chapters.en.md"),
            Tongue::Zh => include_str!("outline_chapters.zh.md"),
        }
    }
}

impl StructuredTask for OutlineChapters {
    type Answer = OutlineAnswer;
}
