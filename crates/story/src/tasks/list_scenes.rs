use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{BriefView, SceneView, StructuredTask, Task};
use crate::{language::Tongue, output_spec::ScriptFormat};

/// Asks for a stretch of the scene list of a script.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListScenes {
    /// What the writer wants.
    pub brief: BriefView,
    /// The form of the script.
    pub script_format: ScriptFormat,
    /// The preset's text. Empty for none. It stands in the prompt before this task.
    pub preset: String,
    /// How many scenes the whole script has.
    pub scene_count: u32,
    /// The first scene that is asked for.
    pub from: u32,
    /// The last.
    pub to: u32,
    /// The scenes planned just before, for the thread of the story.
    pub before: Vec<SceneView>,
}

/// The stretch of the list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SceneListAnswer {
    /// The scenes asked for, in order, none left out.
    pub scenes: Vec<ListedScene>,
}

/// One scene of the list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListedScene {
    /// A title without a number.
    pub title: String,
    /// `INT`, `EXT` or `INT/EXT`.
    pub int_ext: String,
    /// Where, in a few words; the same place always by the same words.
    pub place: String,
    /// `DAY`, `NIGHT`, `MORNING`, `EVENING`; in Chinese 日, 夜, 晨, 昏.
    pub time: String,
    /// What happens, who does it, and what has changed at the end.
    pub summary: String,
    /// The names of those who are there.
    #[serde(default)]
    pub characters: Vec<String>,
}

impl Task for ListScenes {
    const NAME: &'static str = "list_scenes";
    fn template(tongue: Tongue) -> &'static str {
        match tongue {
            Tongue::En => include_str!("list_scenes.en.md"),
            Tongue::Zh => include_str!("list_scenes.zh.md"),
        }
    }
}

impl StructuredTask for ListScenes {
    type Answer = SceneListAnswer;
}
