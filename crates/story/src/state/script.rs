use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{Critique, Cursor, Draft, Draws, Redo, Round, hand::in_hand};
use crate::{
    brief::Character,
    context::{PlanLine, Standing, Stands, around},
    current_state::CurrentState,
    digests::Digests,
    extraction::Extraction,
    guidance::Guidance,
    output_spec::OutputSpec,
    plan::{SceneList, UnitKind},
    presets::PinnedPreset,
};

/// The state of a run of kind `script`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptState {
    /// [`super::STATE_VERSION`].
    pub version: u32,
    /// Which step runs next, and where.
    pub cursor: Cursor,
    /// Pinned when the run was created; `chapter_length` is the length of a scene.
    pub output_spec: Arc<OutputSpec>,
    /// BCP 47: the language of the script, pinned when the run was created.
    pub language: String,
    /// Standing instructions, by key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub guidance: BTreeMap<String, Guidance>,
    /// The world as the committed scenes left it.
    pub current_state: Arc<CurrentState>,
    /// What the committed scenes said, near ones in detail.
    pub digests: Arc<Digests>,
    /// The preset that the run asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_preset_id: Option<String>,
    /// The preset that holds, as it was when the run was created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_preset: Option<Arc<PinnedPreset>>,
    /// The plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scene_list: Option<Arc<SceneList>>,
    /// The scene in hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Arc<Draft>>,
    /// What the draft says happened; absent until it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extraction: Option<Arc<Extraction>>,
    /// What is to be done with the draft; absent until it was judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub critique: Option<Arc<Critique>>,
    /// How many times this scene was fixed so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix_round: Option<u32>,
    /// The best round so far, once there is more than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best: Option<Arc<Round>>,
    /// The drafts that the one in hand was chosen from, where there were several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draws: Option<Arc<Draws>>,
    /// The version that the draft in hand is to come after; absent for a scene that has no text yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Arc<String>>,
    /// What waits while a committed scene is written anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redo: Option<Arc<Redo>>,
}

/// What is settled about a script before its first step.
#[derive(Debug, Clone)]
pub struct ScriptInputs {
    /// Complete, with the form and the length that hold.
    pub output_spec: OutputSpec,
    /// BCP 47.
    pub language: String,
    /// What the run asked for.
    pub prompt_preset_id: Option<String>,
    /// What holds.
    pub prompt_preset: Option<PinnedPreset>,
}

in_hand!(ScriptState);

impl ScriptState {
    /// The state of a run that has done nothing yet.
    pub fn begin(inputs: ScriptInputs, cast: &[Character]) -> Self {
        Self {
            version: super::STATE_VERSION,
            cursor: Cursor { phase: crate::workflow::script::SCENE_LIST.into(), ..Cursor::default() },
            output_spec: Arc::new(inputs.output_spec),
            language: inputs.language,
            guidance: BTreeMap::new(),
            current_state: Arc::new(CurrentState::of_cast(cast)),
            digests: Arc::default(),
            prompt_preset_id: inputs.prompt_preset_id,
            prompt_preset: inputs.prompt_preset.map(Arc::new),
            scene_list: None,
            draft: None,
            extraction: None,
            critique: None,
            fix_round: None,
            best: None,
            draws: None,
            replaces: None,
            redo: None,
        }
    }
}

impl Stands for ScriptState {
    fn standing(&self) -> Standing<'_> {
        let unit = self.cursor.scene_index;
        let plan = self.scene_list.iter().zip(unit).flat_map(|(list, unit)| {
            let ordered = (1_u32..).zip(list.in_order());
            ordered
                .filter(move |(n, _)| around(unit).contains(n))
                .map(|(n, (_, s))| (n, PlanLine { title: &s.title, summary: &s.summary, hook: None }))
        });
        Standing {
            kind: UnitKind::Scene,
            unit,
            language: Some(&self.language),
            preset: self.prompt_preset.as_ref().map(|preset| preset.text.as_str()),
            length: self.output_spec.chapter_length,
            guidance: &self.guidance,
            current_state: &self.current_state,
            digests: &self.digests,
            plan: plan.collect(),
        }
    }
}
