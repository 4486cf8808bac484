use serde::Serialize;

use super::{AdaptationState, Cursor, Draws, NovelState, ScriptState};
use crate::{
    context::{Standing, Stands},
    output_spec::OutputSpec,
    plan::UnitId,
};

/// The state of a run of any kind. Its JSON is that of the kind's own state.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum RunState {
    /// A run of kind `novel`.
    Novel(Box<NovelState>),
    /// A run of kind `script`.
    Script(Box<ScriptState>),
    /// A run of kind `novel_to_script`.
    Adaptation(Box<AdaptationState>),
}

impl RunState {
    /// Which step runs next, and where.
    pub fn cursor(&self) -> &Cursor {
        match self {
            Self::Novel(state) => &state.cursor,
            Self::Script(state) => &state.cursor,
            Self::Adaptation(state) => &state.cursor,
        }
    }

    /// Pinned when the run was created.
    pub fn output_spec(&self) -> &OutputSpec {
        match self {
            Self::Novel(state) => &state.output_spec,
            Self::Script(state) => &state.output_spec,
            Self::Adaptation(state) => &state.output_spec,
        }
    }

    /// BCP 47: the language of what is written, where it is not the brief's.
    pub fn language(&self) -> Option<&str> {
        match self {
            Self::Novel(_) => None,
            Self::Script(state) => Some(&state.language),
            Self::Adaptation(state) => Some(&state.language),
        }
    }

    /// The ordinal of the unit in hand, from 1; none before the first and after the last.
    pub fn unit_index(&self) -> Option<u32> {
        match self {
            Self::Novel(state) => state.cursor.chapter_index,
            Self::Script(state) => state.cursor.scene_index,
            Self::Adaptation(state) => state.cursor.episode_index,
        }
    }

    /// The drafts that the one in hand was chosen from, where there were several.
    pub fn draws(&self) -> Option<&Draws> {
        match self {
            Self::Novel(state) => state.draws.as_deref(),
            Self::Script(state) => state.draws.as_deref(),
            Self::Adaptation(state) => state.draws.as_deref(),
        }
    }

    /// The version that the draft in hand is to come after.
    pub fn replaces(&self) -> Option<&str> {
        let replaces = match self {
            Self::Novel(state) => &state.replaces,
            Self::Script(state) => &state.replaces,
            Self::Adaptation(state) => &state.replaces,
        };
        replaces.as_deref().map(String::as_str)
    }

    /// The ordinal of the committed unit that is written anew, while one is.
    pub fn redone(&self) -> Option<u32> {
        let redo = match self {
            Self::Novel(state) => &state.redo,
            Self::Script(state) => &state.redo,
            Self::Adaptation(state) => &state.redo,
        };
        redo.as_ref().map(|redo| redo.chapter)
    }

    /// The stable ids of all planned units, in order.
    pub fn unit_ids(&self) -> Vec<&UnitId> {
        match self {
            Self::Novel(state) => state.outline.iter().flat_map(|outline| outline.in_order()).map(|(id, _)| id).collect(),
            Self::Script(state) => state.scene_list.iter().flat_map(|list| list.in_order()).map(|(id, _)| id).collect(),
            Self::Adaptation(state) => state.episode_plan.iter().flat_map(|plan| plan.in_order()).map(|(id, _)| id).collect(),
        }
    }

    /// The stable id of the unit with this ordinal, where the plan has one.
    pub fn unit_id(&self, ordinal: u32) -> Option<&UnitId> {
        match self {
            Self::Novel(state) => state.outline.as_ref()?.chapter(ordinal).map(|(id, _)| id),
            Self::Script(state) => state.scene_list.as_ref()?.scene(ordinal).map(|(id, _)| id),
            Self::Adaptation(state) => state.episode_plan.as_ref()?.episode(ordinal).map(|(id, _)| id),
        }
    }
}

impl Stands for RunState {
    fn standing(&self) -> Standing<'_> {
        match self {
            Self::Novel(state) => state.standing(),
            Self::Script(state) => state.standing(),
            Self::Adaptation(state) => state.standing(),
        }
    }
}
