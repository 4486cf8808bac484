use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{SourcePart, StructuredTask, Task};
use crate::{brief::Character, language::Tongue};

/// STEP1: asks what a chapter of the source is made of. Its text stands before this task in the prompt.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct BreakDownChapter {
    /// The novel's title.
    pub book: String,
    /// BCP 47: the language of the script.
    pub language: String,
    /// The chapter, or as much of it as is read in this call.
    pub source: SourcePart,
    /// Which part of the chapter this is, from 1.
    pub part: u32,
    /// In how many parts the chapter is read.
    pub parts: u32,
    /// The cast that the brief names; may be empty.
    pub cast: Vec<Character>,
}

/// What a chapter is made of.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BreakdownAnswer {
    /// What happens and what has changed at the end, in two or three sentences.
    pub core_plot: String,
    /// Who wants what against whom or what, one sentence each.
    #[serde(default)]
    pub conflicts: Vec<String>,
    /// The spoken lines that the script must not lose, in order, at most eight.
    #[serde(default)]
    pub key_lines: Vec<KeyLineProposal>,
    /// Everybody who acts or speaks, by the name that the text uses most.
    #[serde(default)]
    pub characters: Vec<String>,
    /// What happens, stretch by stretch in the order of the text, none left out: a new one wherever place, time or company changes.
    #[serde(default)]
    pub moments: Vec<MomentProposal>,
}

/// A line that must not be lost.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyLineProposal {
    /// Who says it, by the name in the text.
    #[serde(default)]
    pub speaker: String,
    /// The words, copied letter for letter, without quotation marks.
    pub quote: String,
}

/// A stretch of the chapter.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MomentProposal {
    /// The number of its first paragraph.
    pub from: i64,
    /// The number of its last paragraph.
    pub to: i64,
    /// What happens, in one sentence.
    pub text: String,
}

impl Task for BreakDownChapter {
    const NAME: &'static str = "break_down_chapter";
    fn template(tongue: Tongue) -> &'static str {
        match tongue {
            Tongue::En => include_str!("break_down_chapter.en.md"),
            Tongue::Zh => include_str!("break_down_chapter.zh.md"),
        }
    }
}

impl StructuredTask for BreakDownChapter {
    type Answer = BreakdownAnswer;
}
