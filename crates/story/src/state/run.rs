use serde::Serialize;

use super::{Cursor, NovelState};
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
    Novel(NovelState),
}

impl RunState {
    /// Which step runs next, and where.
    pub fn cursor(&self) -> &Cursor {
        match self {
            Self::Novel(state) => &state.cursor,
        }
    }

    /// Pinned when the run was created.
    pub fn output_spec(&self) -> &OutputSpec {
        match self {
            Self::Novel(state) => &state.output_spec,
        }
    }

    /// The ordinal of the unit in hand, from 1; none before the first and after the last.
    pub fn unit_index(&self) -> Option<u32> {
        match self {
            Self::Novel(state) => state.cursor.chapter_index,
        }
    }

    /// The stable id of the unit with this ordinal, where the plan has one.
    pub fn unit_id(&self, ordinal: u32) -> Option<&UnitId> {
        match self {
            Self::Novel(state) => state.outline.as_ref()?.chapter(ordinal).map(|(id, _)| id),
        }
    }
}

impl Stands for RunState {
    fn standing(&self) -> Standing<'_> {
        match self {
            Self::Novel(state) => state.standing(),
        }
    }
}
