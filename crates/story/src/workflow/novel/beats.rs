use std::sync::Arc;

use serde_json::json;

use super::{Act, DRAFT, Desk, StepTurn, plan_view, progress};
use crate::{
    context::guidance_for,
    output_spec::LengthRange,
    plan::{Beat, Beats},
    tasks::{Answer, BriefView, Heard, PlanBeats, ask, read_answer, render},
    text::Unit,
    workflow::{OutOfTurn, revise::answer},
};

/// Plans the beats of the chapter in hand.
pub(super) fn act(desk: Desk<'_>, heard: &[Heard]) -> Result<Act, OutOfTurn> {
    let (ordinal, _, chapter) = desk.chapter()?;
    let length = desk.state.output_spec.chapter_length;
    let Some(Answer::Json(told)) = answer(heard, "beats") else {
        let input = PlanBeats {
            brief: BriefView::of(desk.brief),
            chapter: plan_view(ordinal, chapter),
            chapter_count: desk.chapter_count(),
            beat_count: beat_count(length),
            length,
            dead: desk.dead(),
            guidance: guidance_for(&desk.state.guidance, Some(ordinal)),
        };
        let prompt = desk.context.with(None, render(&input, desk.brief.content.tongue()));
        let max_tokens = u64::from(beat_count(length)) * 160 + 400;
        return Ok(Act::Ask(Box::new(ask("beats", &input, prompt, max_tokens, desk.seed()))));
    };
    let mut beats: Vec<Beat> = read_answer::<PlanBeats>(told).unwrap_or_default().beats.into_iter().map(Beat::from).collect();
    beats.retain(|beat| !beat.text.trim().is_empty());
    beats.truncate(usize::try_from(beat_count(length) * 2).unwrap_or(usize::MAX));
    if beats.is_empty() {
        // A model that names no beat leaves the plan's own summary as the one beat.
        beats.push(Beat { text: chapter.summary.clone(), ..Beat::default() });
    }
    let mut state = desk.state.clone();
    let count = beats.len();
    state.clear_hand();
    state.beats = Some(Arc::new(Beats { chapter_index: ordinal, beats }));
    state.cursor.phase = DRAFT.into();
    let progress = progress(&state);
    Ok(Act::Done(Box::new(StepTurn { state, outputs: json!({ "beats": count }), effects: Vec::new(), hold: None, progress })))
}

/// About a beat for every 300 words or 400 characters, between three and twelve.
fn beat_count(length: LengthRange) -> u32 {
    let each = match length.unit {
        Unit::Words => 300,
        Unit::Chars => 400,
    };
    u32::try_from(length.middle() / each).unwrap_or(12).clamp(3, 12)
}
