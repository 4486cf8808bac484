use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{KeyLine, Rewrite, StructuredTask, Task};
use crate::{language::Tongue, output_spec::ScriptFormat, plan::UnitKind};

/// Asks how good a scene or an episode is, and which pieces to rewrite. Its text stands before this task in the prompt.
///
/// A piece is a line of a script in `custom` form, and a paragraph of any other.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CritiqueScript {
    /// BCP 47: the language of the script.
    pub language: String,
    /// Scene or episode.
    pub unit: UnitKind,
    /// Its ordinal.
    pub number: u32,
    #[allow(missing_docs)]
    pub title: String,
    /// The form of the script.
    pub script_format: ScriptFormat,
    /// What it was to tell.
    pub core: String,
    /// What it was to open with; empty where the plan does not say.
    pub opening_hook: String,
    /// What it was to close on; empty where the plan does not say.
    pub closing_hook: String,
    /// The script's text.
    pub text: String,
    /// How many pieces it has.
    pub piece_count: u32,
    /// What code has found already, in words.
    pub found: Vec<String>,
    /// Key lines of the source that do not stand in it, in order: each is to be put back, or its loss explained.
    pub missing: Vec<KeyLine>,
}

/// An editor's judgement of a scene or an episode.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScriptJudgement {
    /// How much of what it was to tell is shown, 0 to 100.
    pub coverage: i64,
    /// Whether it is written as was asked, 0 to 100.
    pub voice: i64,
    /// Whether it moves, 0 to 100.
    pub pace: i64,
    /// Whether people speak like themselves, 0 to 100.
    pub dialogue: i64,
    /// How strongly the first lines seize the viewer, 0 to 100; null where it was not asked.
    #[serde(default)]
    pub opening_hook: Option<i64>,
    /// How strongly the last lines call for the next episode, 0 to 100; null where it was not asked.
    #[serde(default)]
    pub closing_hook: Option<i64>,
    /// Which of the missing lines may stay out, and why. A line that must come back is not listed.
    #[serde(default)]
    pub losses: Vec<Loss>,
    /// The pieces that must be rewritten, at most five. Empty when it can stand.
    #[serde(default)]
    pub rewrites: Vec<Rewrite>,
}

/// A key line whose loss is explained.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Loss {
    /// The number of the missing line, from 1.
    pub line: i64,
    /// Why the script does without it.
    pub reason: String,
}

impl Task for CritiqueScript {
    const NAME: &'static str = "critique_script";
    fn template(tongue: Tongue) -> &'static str {
        match tongue {
            Tongue::En => include_str!("critique_script.en.md"),
            Tongue::Zh => include_str!("critique_script.zh.md"),
        }
    }
}

impl StructuredTask for CritiqueScript {
    type Answer = ScriptJudgement;
}
