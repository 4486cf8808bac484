use std::sync::Arc;

use serde_json::json;

use super::{Act, Desk, EXTRACT, StepTurn, plan_view, progress};
use crate::{
    context::{guidance_for, most_tokens},
    state::Draft,
    tasks::{Answer, BriefView, DraftChapter, Heard, ask_prose, render},
    text::normalize,
    workflow::{OutOfTurn, revise::answer},
};

/// Writes the chapter in hand.
pub(super) fn act(desk: Desk<'_>, heard: &[Heard]) -> Result<Act, OutOfTurn> {
    let (ordinal, _, chapter) = desk.chapter()?;
    // A held chapter goes on counting, so that each new draft of it is a new draw.
    let round = desk.state.draft.as_ref().map_or(0, |d| d.round + 1);
    let Some(Answer::Text(prose)) = answer(heard, "draft") else {
        let length = desk.state.output_spec.chapter_length;
        let beats = desk.state.beats.as_ref().filter(|b| b.chapter_index == ordinal).map(|b| b.beats.clone());
        let input = DraftChapter {
            brief: BriefView::of(desk.brief),
            chapter: plan_view(ordinal, chapter),
            chapter_count: desk.chapter_count(),
            beats: beats.ok_or_else(|| OutOfTurn::new(desk.phase(), "the chapter has no beats"))?,
            length,
            aim: length.middle(),
            dead: desk.dead(),
            guidance: guidance_for(&desk.state.guidance, Some(ordinal)),
            redraft: round,
        };
        let prompt = desk.context.with(None, render(&input, desk.brief.content.tongue()));
        return Ok(Act::Ask(Box::new(ask_prose("draft", &input, prompt, most_tokens(length) + 400, desk.seed()))));
    };
    let draft = Draft::new(ordinal, &chapter.title, normalize(prose), round);
    if draft.text.is_empty() {
        return Err(OutOfTurn::unusable(desk.phase(), "the model wrote nothing"));
    }
    let mut state = desk.state.clone();
    let outputs = json!({ "length": draft.length, "round": round });
    let beats = state.beats.take();
    state.clear_hand();
    state.beats = beats;
    state.draft = Some(Arc::new(draft));
    state.cursor.phase = EXTRACT.into();
    let progress = progress(&state);
    Ok(Act::Done(Box::new(StepTurn { state, outputs, effects: Vec::new(), hold: None, progress })))
}
