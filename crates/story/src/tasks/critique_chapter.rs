use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ChapterPlan, StructuredTask, Task};
use crate::{language::Tongue, plan::Beat};

/// Asks how good a chapter is, and which paragraphs to rewrite. The chapter's text stands before this task in the prompt.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct CritiqueChapter {
    /// BCP 47.
    pub language: String,
    /// The chapter.
    pub chapter: ChapterPlan,
    /// What was to be told.
    pub beats: Vec<Beat>,
    /// The chapter's prose.
    pub text: String,
    /// How many paragraphs it has.
    pub paragraph_count: u32,
    /// What code has found already, in words.
    pub found: Vec<String>,
}

/// An editor's judgement of a chapter.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Judgement {
    /// How much of the beats is told, 0 to 100.
    pub coverage: i64,
    /// Whether it sounds as the brief asks, 0 to 100.
    pub voice: i64,
    /// Whether it moves, 0 to 100.
    pub pace: i64,
    /// Whether people speak like themselves, 0 to 100.
    pub dialogue: i64,
    /// The paragraphs that must be rewritten, at most five. Empty when the chapter can stand.
    #[serde(default)]
    pub rewrites: Vec<Rewrite>,
}

/// One paragraph to rewrite.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rewrite {
    /// The paragraph's number, from 1.
    pub paragraph: i64,
    /// What is to be different.
    pub instruction: String,
}

impl Task for CritiqueChapter {
    const NAME: &'static str = "critique_chapter";
    fn template(tongue: Tongue) -> &'static str {
        match tongue {
            Tongue::En => include_str!("critique_chapter.en.md"),
            Tongue::Zh => include_str!("critique_chapter.zh.md"),
        }
    }
}

impl StructuredTask for CritiqueChapter {
    type Answer = Judgement;
}
