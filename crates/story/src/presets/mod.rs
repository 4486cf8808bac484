//! Prompt presets: how a script is to be written, in words that a writer can read and change.
//!
//! There are two catalogs, one for scripts from a brief and one for novels that become scripts. What is shipped is text in this folder.

mod check;
mod resolve;
mod shipped;

use serde::{Deserialize, Serialize};

use crate::{language::Tongue, output_spec::ScriptFormat};

pub use check::{Fault, MOST_ID_CHARS, MOST_NAME_CHARS, MOST_PRESETS, MOST_TEXT_CHARS};
pub use resolve::{Asked, PinnedPreset, Resolved, UnknownPreset, Wanted, for_adaptation, for_script};

/// Instructions for writing a script.
///
/// Fields that are not known are ignored, so that what another program added does no harm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromptPreset {
    /// Names it in runs and on the command line.
    pub id: String,
    /// What a person calls it.
    pub name: String,
    /// What the model reads.
    pub text: String,
    /// The form that the text asks for; absent where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub script_format: Option<ScriptFormat>,
    /// BCP 47: the language that the script is to be written in; absent where that is left to the work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// The presets for one kind of work.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    /// In the order in which they are shown.
    pub presets: Vec<PromptPreset>,
    /// The one that is taken where a run names none; `null` for none.
    #[serde(default)]
    pub default_id: Option<String>,
}

/// Every catalog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogs {
    /// For scripts from a brief.
    pub script: Catalog,
    /// For scripts from a novel.
    pub novel_to_script: Catalog,
}

impl PromptPreset {
    /// Whether it can be used for a work in this language.
    fn speaks(&self, tongue: Tongue) -> bool {
        self.language.as_deref().is_none_or(|tag| Tongue::of(tag) == tongue)
    }
}

impl Catalog {
    /// The preset with this id.
    pub fn get(&self, id: &str) -> Option<&PromptPreset> {
        self.presets.iter().find(|preset| preset.id == id)
    }

    /// The preset with this id, else the first with this name.
    pub fn find(&self, id_or_name: &str) -> Option<&PromptPreset> {
        self.get(id_or_name).or_else(|| self.presets.iter().find(|preset| preset.name == id_or_name))
    }

    /// What a run takes that names no preset: the default, or, where that one is for another language than the work's or for another form
    /// than was asked for, the first that fits both; then the first that fits the language; then the default all the same.
    pub fn default_for(&self, tongue: Tongue, format: Option<ScriptFormat>) -> Option<&PromptPreset> {
        let default = self.get(self.default_id.as_deref()?)?;
        let suits = |preset: &&PromptPreset| format.is_none() || preset.script_format.is_none() || preset.script_format == format;
        let speaking = || self.presets.iter().filter(|preset| preset.speaks(tongue));
        if default.speaks(tongue) && suits(&default) {
            return Some(default);
        }
        let second = if default.speaks(tongue) { Some(default) } else { speaking().next() };
        Some(speaking().find(suits).or(second).unwrap_or(default))
    }
}
