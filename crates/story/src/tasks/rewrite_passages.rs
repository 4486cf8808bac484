use serde::{Deserialize, Serialize};

use super::{BriefView, Task};
use crate::{language::Tongue, plan::UnitKind};

/// Asks for some passages of a finished text in other words. The text stands before this task in the prompt.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct RewritePassages {
    /// What the writer wants of the book.
    pub brief: BriefView,
    /// BCP 47: the language of the text.
    pub language: String,
    /// What the text is.
    pub unit: UnitKind,
    /// Its ordinal.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// What is to be different.
    pub instructions: String,
    /// How much of the text the passages are.
    pub scope: PassageScope,
    /// What is to be written anew, in the order of the text.
    pub passages: Vec<Passage>,
}

/// How much of a text is written anew.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PassageScope {
    /// All of it.
    #[default]
    Text,
    /// One stretch, which may begin and end within a sentence.
    Span,
    /// Whole paragraphs.
    Paragraphs,
}

/// A passage as it stands.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    /// Its number: of the paragraph, or 1.
    pub number: u32,
    /// Its words, without the white space at their ends.
    pub text: String,
}

impl Task for RewritePassages {
    const NAME: &'static str = "rewrite_passages";
    fn template(tongue: Tongue) -> &'static str {
        match tongue {
            Tongue::En => include_str!("rewrite_passages.en.md"),
            Tongue::Zh => include_str!("rewrite_passages.zh.md"),
        }
    }
}
