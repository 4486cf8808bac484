use serde::{Deserialize, Serialize};

use super::{StructuredTask, Task};
use crate::{extraction::Extraction, language::Tongue, plan::UnitKind};

/// Asks what a chapter says happened. The chapter's text stands before this task in the prompt.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ExtractFacts {
    /// BCP 47.
    pub language: String,
    /// What is read: a chapter's prose, or a scene or an episode of a script.
    #[serde(default, skip_serializing_if = "UnitKind::is_chapter")]
    pub unit: UnitKind,
    /// The chapter's ordinal; likewise of a scene or an episode.
    pub chapter: u32,
    /// Its text.
    pub text: String,
    /// The people known so far, by the names to be used, with their other names.
    pub known: Vec<KnownName>,
    /// Things that somebody holds or held.
    pub items: Vec<String>,
    /// Open questions, by the titles to be used.
    pub threads: Vec<String>,
}

/// Someone known by name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct KnownName {
    /// The name to be used.
    pub name: String,
    /// Other names for the same person.
    pub aliases: Vec<String>,
}

impl Task for ExtractFacts {
    const NAME: &'static str = "extract_facts";
    fn template(tongue: Tongue) -> &'static str {
        match tongue {
            Tongue::En => include_str!("extract_facts.en.md"),
            Tongue::Zh => include_str!("extract_facts.zh.md"),
        }
    }
}

impl StructuredTask for ExtractFacts {
    type Answer = Extraction;
}
