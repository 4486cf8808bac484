//! A committed episode is written anew, and the choice between a draft and what a person wrote meanwhile.

use std::sync::Arc;

use super::{
    BREAKDOWN,
    onward::{after, begin as enter, ending},
    progress,
};
use crate::{
    brief::FrozenBrief,
    digests::ChapterDigest,
    output_spec::ScriptFormat,
    refold::fold_known,
    state::{AdaptationState, Cursor, Redo, hand::InHand as _},
    text::Grain,
    workflow::{
        revise::{
            held_key,
            redo::{Redoing, end, put_aside, take_up},
        },
        scripted::cast,
    },
};

/// Begins a committed episode anew. A chapter of the source whose breakdown was put away is broken down once more first.
pub(crate) fn begin(brief: &FrozenBrief, before: &AdaptationState, of: Redoing<'_>) -> AdaptationState {
    let mut next = before.clone();
    let known: Vec<String> = cast(brief).collect();
    let mut redo = put_aside(next.hand(), of, fold_known(brief, &known, of.earlier));
    redo.ending = next.ending.take();
    redo.breakdown.clone_from(&next.breakdown);
    next.ending = of.text_before.map(|text| ending(text, grain(before)));
    next.redo = Some(Arc::new(redo));
    let plan = next.episode_plan.clone().unwrap_or_default();
    enter(&mut next, &plan, of.ordinal);
    let chapter = plan.episode(of.ordinal).map(|(_, episode)| episode.from.chapter);
    if let Some(chapter) = chapter.filter(|chapter| before.broken_down(*chapter).is_none()) {
        next.cursor =
            Cursor { phase: BREAKDOWN.into(), chapter_index: Some(chapter), episode_index: Some(of.ordinal), ..Cursor::default() };
    }
    next
}

/// The episode is kept with this text: what waited is in hand again.
pub(super) fn kept(state: &mut AdaptationState, redo: &Redo, text: &str, grain: Grain) {
    put_back(state, redo);
    if redo.chapter == progress(state).done {
        state.ending = Some(ending(text, grain));
    }
}

/// What waited is in hand again.
pub(super) fn put_back(state: &mut AdaptationState, redo: &Redo) {
    end(state.hand(), redo);
    take_up(state.hand(), redo);
    state.breakdown.clone_from(&redo.breakdown);
    state.ending.clone_from(&redo.ending);
}

/// A person's text stands for the episode in hand: the draft is put down, and the run goes on behind it.
pub(crate) fn keep_theirs(before: &AdaptationState, title: &str, text: &str) -> AdaptationState {
    let mut next = before.clone();
    if let Some(redo) = before.redo.clone() {
        put_back(&mut next, &redo);
    } else if let Some(ordinal) = before.cursor.episode_index {
        next.digests = Arc::new(next.digests.with_chapter(ordinal, ChapterDigest::of_words(title, text)));
        next.guidance.remove(&held_key(ordinal));
        next.replaces = None;
        after(&mut next, ordinal, text, grain(before));
    }
    next
}

fn grain(state: &AdaptationState) -> Grain {
    match state.output_spec.script_format {
        ScriptFormat::Custom => Grain::Line,
        ScriptFormat::Fountain | ScriptFormat::Screenplay => Grain::Paragraph,
    }
}
