use serde::{Deserialize, Serialize};

use super::{EpisodeView, KeyLine, SourcePart, Task};
use crate::{
    brief::Character,
    language::Tongue,
    output_spec::{LengthRange, ScriptFormat},
};

/// STEP2: asks for one episode as a script, from its stretch of the source, which stands before this task in the prompt.
///
/// The answer is the script's text alone, in `script_format`: for `custom` it begins with the line `第N集`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DraftEpisode {
    /// The novel's title.
    pub book: String,
    /// BCP 47: the language of the script.
    pub language: String,
    /// The form of the script.
    pub script_format: ScriptFormat,
    /// The preset's text: how the script is to be written. Empty for none. It stands in the prompt before the source.
    pub preset: String,
    /// The episode.
    pub episode: EpisodeView,
    /// How many episodes the script has.
    pub episode_count: u32,
    /// The stretch of the source that becomes this episode: all its paragraphs, chapter by chapter.
    pub source: Vec<SourcePart>,
    /// The cast that the brief names; may be empty.
    pub cast: Vec<Character>,
    /// Who acts or speaks in the chapters, as the breakdown read it.
    pub characters: Vec<String>,
    /// The lines of this stretch that must be kept word for word.
    pub key_lines: Vec<KeyLine>,
    /// How long the episode is to be, the whole text counted.
    pub length: LengthRange,
    /// What to aim at: the middle of the range.
    pub aim: u64,
    /// The last lines of the episode before; empty for the first.
    pub previous_ending: String,
    /// Standing instructions that hold for this episode.
    pub guidance: Vec<String>,
    /// Which attempt at this episode this is, from 0.
    pub redraft: u32,
    /// Passages that it must hold word for word, in the order of its earlier text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<String>,
}

impl Task for DraftEpisode {
    const NAME: &'static str = "draft_episode";
    fn template(tongue: Tongue) -> &'static str {
        match tongue {
            Tongue::En => include_str!("draft_episode.en.md"),
            Tongue::Zh => include_str!("draft_episode.zh.md"),
        }
    }
}
