//! A committed chapter is written anew: it sees the book as it was before it, and what was in hand waits.

use std::sync::Arc;

use super::{BEATS, approach, edit::committed};
use crate::{
    brief::FrozenBrief,
    digests::ChapterDigest,
    guidance::Guidance,
    refold::{Reading, carried_over, fold},
    state::{Cursor, NovelState, Redo},
    workflow::revise::held_key,
};

/// The key of the instruction that a chapter is redone with.
const KEY: &str = "redo";

/// Begins chapter `ordinal` anew, in the place of `version_id`. `earlier` is what was read of the chapters before it.
pub(crate) fn begin(
    brief: &FrozenBrief,
    before: &NovelState,
    ordinal: u32,
    instruction: Option<&str>,
    version_id: &str,
    earlier: &[Reading],
) -> NovelState {
    let mut next = before.clone();
    let redo = Redo {
        chapter: ordinal,
        back: before.cursor.clone(),
        current_state: before.current_state.clone(),
        digests: before.digests.clone(),
        beats: next.beats.take(),
        draft: next.draft.take(),
        extraction: next.extraction.take(),
        critique: next.critique.take(),
        fix_round: next.fix_round.take(),
        best: next.best.take(),
        draws: next.draws.take(),
    };
    let (world, digests) = fold(brief, before.outline.as_deref(), earlier);
    (next.current_state, next.digests) = (Arc::new(world), Arc::new(digests));
    next.cursor = Cursor { phase: BEATS.into(), chapter_index: Some(ordinal), ..Cursor::default() };
    next.replaces = Some(Arc::new(version_id.to_owned()));
    if let Some(text) = instruction.map(str::trim).filter(|text| !text.is_empty()) {
        let order = before.guidance.values().map(|g| g.order).filter(|order| *order < i64::MAX / 2).max().unwrap_or(0) + 1;
        next.guidance.insert(KEY.into(), Guidance { order, text: text.to_owned(), chapter: Some(ordinal) });
    }
    next.redo = Some(Arc::new(redo));
    next
}

/// The state once the chapter is kept: the world and the digests follow its new text, what waited is in hand again. `readings` are of all
/// committed chapters, this one's earlier version among them; `new` is what was read of the draft.
pub(super) fn end(brief: &FrozenBrief, state: &mut NovelState, redo: &Redo, readings: &[Reading], new: Reading) {
    let outline = state.outline.clone();
    let before = fold(brief, outline.as_deref(), readings);
    let mut readings = readings.to_vec();
    readings.retain(|reading| reading.ordinal != new.ordinal);
    readings.push(new);
    readings.sort_by_key(|reading| reading.ordinal);
    let after = fold(brief, outline.as_deref(), &readings);
    let world = Arc::new(carried_over(&*redo.current_state, &before.0, &after.0));
    let digests = Arc::new(carried_over(&*redo.digests, &before.1, &after.1));
    put_back(state, redo);
    (state.current_state, state.digests) = (world, digests);
}

/// What waited is in hand again.
pub(super) fn put_back(state: &mut NovelState, redo: &Redo) {
    let open = committed(state) + 1;
    state.redo = None;
    state.replaces = None;
    state.guidance.remove(KEY);
    (state.current_state, state.digests) = (redo.current_state.clone(), redo.digests.clone());
    // The plan may have grown meanwhile.
    approach(state, open);
    if redo.beats.is_some() || redo.draft.is_some() {
        state.cursor = redo.back.clone();
        state.beats.clone_from(&redo.beats);
        state.draft.clone_from(&redo.draft);
        state.extraction.clone_from(&redo.extraction);
        state.critique.clone_from(&redo.critique);
        state.fix_round = redo.fix_round;
        state.best.clone_from(&redo.best);
        state.draws.clone_from(&redo.draws);
    }
}

/// A person's text stands for the chapter in hand: the draft is put down, and the run goes on behind it.
pub(crate) fn keep_theirs(before: &NovelState, title: &str, text: &str) -> NovelState {
    let mut next = before.clone();
    if let Some(redo) = before.redo.clone() {
        put_back(&mut next, &redo);
    } else if let Some(ordinal) = before.cursor.chapter_index {
        next.digests = Arc::new(next.digests.with_chapter(ordinal, ChapterDigest::of_words(title, text)));
        next.guidance.remove(&held_key(ordinal));
        next.replaces = None;
        approach(&mut next, ordinal + 1);
    }
    next
}

/// The draft in hand is to come after `version_id`.
pub(crate) fn put_over(before: &NovelState, version_id: &str) -> NovelState {
    NovelState { replaces: Some(Arc::new(version_id.to_owned())), ..before.clone() }
}
