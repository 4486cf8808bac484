//! A committed unit is written anew: what was in hand waits, and comes back when it is kept.

use std::sync::Arc;

use crate::{
    current_state::CurrentState,
    digests::Digests,
    guidance::Guidance,
    refold::{Reading, carried_over},
    state::{Redo, hand::Hand},
};

/// The key of the instruction that a unit is redone with.
const KEY: &str = "redo";

/// A committed unit that is to be written anew.
#[derive(Debug, Clone, Copy)]
pub struct Redoing<'a> {
    /// Its ordinal.
    pub ordinal: u32,
    /// What is to be different.
    pub instruction: Option<&'a str>,
    /// The version that it has now.
    pub version_id: &'a str,
    /// What was read of the units before it, in order.
    pub earlier: &'a [Reading],
    /// The text of the unit before it; none before the first.
    pub text_before: Option<&'a str>,
}

/// Puts what is in hand aside; the world and the digests become those before the unit.
pub(in crate::workflow) fn put_aside(hand: Hand<'_>, of: Redoing<'_>, (world, digests): (CurrentState, Digests)) -> Redo {
    let redo = Redo {
        chapter: of.ordinal,
        back: hand.cursor.clone(),
        current_state: std::mem::replace(hand.current_state, Arc::new(world)),
        digests: std::mem::replace(hand.digests, Arc::new(digests)),
        beats: None,
        breakdown: None,
        ending: None,
        draft: hand.draft.take(),
        extraction: hand.extraction.take(),
        critique: hand.critique.take(),
        fix_round: hand.fix_round.take(),
        best: hand.best.take(),
        draws: hand.draws.take(),
    };
    *hand.replaces = Some(Arc::new(of.version_id.to_owned()));
    if let Some(text) = of.instruction.map(str::trim).filter(|text| !text.is_empty()) {
        let order = hand.guidance.values().map(|g| g.order).filter(|order| *order < i64::MAX / 2).max().unwrap_or(0) + 1;
        hand.guidance.insert(KEY.into(), Guidance { order, text: text.to_owned(), chapter: Some(of.ordinal) });
    }
    redo
}

/// Nothing is redone any more: the world and the digests are those of all committed units.
pub(in crate::workflow) fn end(hand: Hand<'_>, redo: &Redo) {
    *hand.redo = None;
    *hand.replaces = None;
    hand.guidance.remove(KEY);
    (*hand.current_state, *hand.digests) = (redo.current_state.clone(), redo.digests.clone());
}

/// What waited is in hand again.
pub(in crate::workflow) fn take_up(hand: Hand<'_>, redo: &Redo) {
    *hand.cursor = redo.back.clone();
    hand.draft.clone_from(&redo.draft);
    hand.extraction.clone_from(&redo.extraction);
    hand.critique.clone_from(&redo.critique);
    *hand.fix_round = redo.fix_round;
    hand.best.clone_from(&redo.best);
    hand.draws.clone_from(&redo.draws);
}

/// The world and the digests once the unit is kept. `readings` are of all committed units, its earlier version among them; `new` is what was
/// read of the draft.
pub(in crate::workflow) fn carried(
    redo: &Redo,
    readings: &[Reading],
    new: Reading,
    fold: impl Fn(&[Reading]) -> (CurrentState, Digests),
) -> (Arc<CurrentState>, Arc<Digests>) {
    let before = fold(readings);
    let mut readings = readings.to_vec();
    readings.retain(|reading| reading.ordinal != new.ordinal);
    readings.push(new);
    readings.sort_by_key(|reading| reading.ordinal);
    let after = fold(&readings);
    let world = carried_over(&*redo.current_state, &before.0, &after.0);
    (Arc::new(world), Arc::new(carried_over(&*redo.digests, &before.1, &after.1)))
}
