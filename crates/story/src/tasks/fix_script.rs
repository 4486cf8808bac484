use serde::{Deserialize, Serialize};

use super::{ParagraphToFix, SourcePart, Task};
use crate::{language::Tongue, output_spec::ScriptFormat, plan::UnitKind};

/// Asks for some pieces of a scene or an episode anew. Its text stands before this task in the prompt, each piece under its marker.
///
/// The answer is read as that of [`super::FixParagraphs`] is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FixScript {
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
    /// The preset's text. Empty for none. It stands in the prompt before this task.
    pub preset: String,
    /// The stretch of the source that the episode is made from; empty for a scene.
    pub source: Vec<SourcePart>,
    /// The pieces to rewrite, by number.
    pub pieces: Vec<ParagraphToFix>,
    /// Which round of fixing this is, from 1.
    pub round: u32,
    /// Words in these pieces that stay as they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<String>,
}

impl Task for FixScript {
    const NAME: &'static str = "fix_script";
    fn template(tongue: Tongue) -> &'static str {
        match tongue {
            Tongue::En => include_str!("fix_script.en.md"),
            Tongue::Zh => include_str!("fix_script.zh.md"),
        }
    }
}
