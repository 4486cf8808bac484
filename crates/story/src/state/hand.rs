use std::{collections::BTreeMap, sync::Arc};

use super::{Critique, Cursor, Draft, Draws, Redo, Round};
use crate::{current_state::CurrentState, digests::Digests, extraction::Extraction, guidance::Guidance};

/// What every kind of run has while a chapter, a scene or an episode is in hand, to be looked at and changed.
#[derive(Debug)]
#[allow(missing_docs, reason = "the fields are those of the states")]
pub(crate) struct Hand<'a> {
    pub(crate) cursor: &'a mut Cursor,
    pub(crate) guidance: &'a mut BTreeMap<String, Guidance>,
    pub(crate) current_state: &'a mut Arc<CurrentState>,
    pub(crate) digests: &'a mut Arc<Digests>,
    pub(crate) draft: &'a mut Option<Arc<Draft>>,
    pub(crate) extraction: &'a mut Option<Arc<Extraction>>,
    pub(crate) critique: &'a mut Option<Arc<Critique>>,
    pub(crate) fix_round: &'a mut Option<u32>,
    pub(crate) best: &'a mut Option<Arc<Round>>,
    pub(crate) draws: &'a mut Option<Arc<Draws>>,
    pub(crate) replaces: &'a mut Option<Arc<String>>,
    pub(crate) redo: &'a mut Option<Arc<Redo>>,
}

/// A state with a unit in hand.
pub(crate) trait InHand: Clone {
    /// The unit in hand.
    fn hand(&mut self) -> Hand<'_>;
}

impl Hand<'_> {
    /// Puts down everything that belongs to the unit.
    pub(crate) fn clear(self) {
        *self.draft = None;
        *self.extraction = None;
        *self.critique = None;
        *self.fix_round = None;
        *self.best = None;
        *self.draws = None;
    }

    /// Takes a new text, which is to be read at `phase`: nothing that was found in an earlier one counts.
    pub(crate) fn take(self, draft: Draft, phase: &str) {
        let (cursor, slot) = (self.cursor, self.draft);
        *self.extraction = None;
        *self.critique = None;
        *self.fix_round = None;
        *self.best = None;
        *slot = Some(Arc::new(draft));
        cursor.phase = phase.into();
    }
}

/// The unit in hand of a state that has the usual fields.
macro_rules! in_hand {
    ($state:ty) => {
        impl $crate::state::hand::InHand for $state {
            fn hand(&mut self) -> $crate::state::hand::Hand<'_> {
                $crate::state::hand::Hand {
                    cursor: &mut self.cursor,
                    guidance: &mut self.guidance,
                    current_state: &mut self.current_state,
                    digests: &mut self.digests,
                    draft: &mut self.draft,
                    extraction: &mut self.extraction,
                    critique: &mut self.critique,
                    fix_round: &mut self.fix_round,
                    best: &mut self.best,
                    draws: &mut self.draws,
                    replaces: &mut self.replaces,
                    redo: &mut self.redo,
                }
            }
        }
    };
}
pub(crate) use in_hand;
