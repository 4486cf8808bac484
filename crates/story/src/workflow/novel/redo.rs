//! A committed chapter is written anew: it sees the book as it was before it, and what was in hand waits.

use std::sync::Arc;

use super::{BEATS, approach, edit::committed};
use crate::{
    brief::FrozenBrief,
    digests::ChapterDigest,
    refold::{Reading, fold},
    state::{Cursor, NovelState, Redo, hand::InHand as _},
    workflow::revise::{
        held_key,
        redo::{Redoing, carried, end as end_of, put_aside, take_up},
    },
};

/// Begins a committed chapter anew.
pub(crate) fn begin(brief: &FrozenBrief, before: &NovelState, of: Redoing<'_>) -> NovelState {
    let mut next = before.clone();
    let mut redo = put_aside(next.hand(), of, fold(brief, before.outline.as_deref(), of.earlier));
    redo.beats = next.beats.take();
    next.cursor = Cursor { phase: BEATS.into(), chapter_index: Some(of.ordinal), ..Cursor::default() };
    next.redo = Some(Arc::new(redo));
    next
}

/// The state once the chapter is kept: the world and the digests follow its new text, what waited is in hand again.
pub(super) fn end(brief: &FrozenBrief, state: &mut NovelState, redo: &Redo, readings: &[Reading], new: Reading) {
    let outline = state.outline.clone();
    let (world, digests) = carried(redo, readings, new, |readings| fold(brief, outline.as_deref(), readings));
    put_back(state, redo);
    (state.current_state, state.digests) = (world, digests);
}

/// What waited is in hand again.
pub(super) fn put_back(state: &mut NovelState, redo: &Redo) {
    let open = committed(state) + 1;
    end_of(state.hand(), redo);
    // The plan may have grown meanwhile.
    approach(state, open);
    if redo.beats.is_some() || redo.draft.is_some() {
        take_up(state.hand(), redo);
        state.beats.clone_from(&redo.beats);
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
