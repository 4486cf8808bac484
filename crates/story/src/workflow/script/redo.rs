//! A committed scene is written anew, and the choice between a draft and what a person wrote meanwhile.

use std::sync::Arc;

use super::{DRAFT, approach, known};
use crate::{
    brief::FrozenBrief,
    digests::ChapterDigest,
    refold::fold_known,
    state::{Cursor, Redo, ScriptState, hand::InHand as _},
    workflow::revise::{
        held_key,
        redo::{Redoing, end, put_aside, take_up},
    },
};

/// Begins a committed scene anew.
pub(crate) fn begin(brief: &FrozenBrief, before: &ScriptState, of: Redoing<'_>) -> ScriptState {
    let mut next = before.clone();
    let redo = put_aside(next.hand(), of, fold_known(brief, &known(brief, before), of.earlier));
    next.cursor = Cursor { phase: DRAFT.into(), scene_index: Some(of.ordinal), ..Cursor::default() };
    next.redo = Some(Arc::new(redo));
    next
}

/// What waited is in hand again.
pub(super) fn put_back(state: &mut ScriptState, redo: &Redo) {
    end(state.hand(), redo);
    take_up(state.hand(), redo);
}

/// A person's text stands for the scene in hand: the draft is put down, and the run goes on behind it.
pub(crate) fn keep_theirs(before: &ScriptState, title: &str, text: &str) -> ScriptState {
    let mut next = before.clone();
    if let Some(redo) = before.redo.clone() {
        put_back(&mut next, &redo);
    } else if let Some(ordinal) = before.cursor.scene_index {
        next.digests = Arc::new(next.digests.with_chapter(ordinal, ChapterDigest::of_words(title, text)));
        next.guidance.remove(&held_key(ordinal));
        next.replaces = None;
        approach(&mut next, ordinal + 1);
    }
    next
}
