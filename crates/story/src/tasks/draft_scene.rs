use serde::{Deserialize, Serialize};

use super::{BriefView, SceneView, Task};
use crate::{
    language::Tongue,
    output_spec::{LengthRange, ScriptFormat},
};

/// Asks for one scene of a script. The answer is the scene's text alone, in `script_format`, its heading first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DraftScene {
    /// What the writer wants.
    pub brief: BriefView,
    /// BCP 47: the language of the script.
    pub language: String,
    /// The form of the script.
    pub script_format: ScriptFormat,
    /// The preset's text: how the script is to be written. Empty for none. It stands in the prompt before this task.
    pub preset: String,
    /// The scene.
    pub scene: SceneView,
    /// How many scenes the script has.
    pub scene_count: u32,
    /// The next scene, to lead up to; absent after the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<SceneView>,
    /// How long the scene is to be, the whole text counted.
    pub length: LengthRange,
    /// What to aim at: the middle of the range.
    pub aim: u64,
    /// The people who are dead by now.
    pub dead: Vec<String>,
    /// Standing instructions that hold for this scene.
    pub guidance: Vec<String>,
    /// Which attempt at this scene this is, from 0.
    pub redraft: u32,
    /// Passages that it must hold word for word, in the order of its earlier text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<String>,
}

impl Task for DraftScene {
    const NAME: &'static str = "draft_scene";
    fn template(tongue: Tongue) -> &'static str {
        match tongue {
            Tongue::En => include_str!("draft_scene.en.md"),
            Tongue::Zh => include_str!("draft_scene.zh.md"),
        }
    }
}
