use serde_json::json;

use super::{Act, Desk, EXTRACT, StepTurn, plan_view, progress};
use crate::{
    plan::UnitKind,
    state::hand::InHand as _,
    tasks::{Answer, BriefView, FixParagraphs, Heard, ask_prose, render},
    text::Grain,
    workflow::{
        OutOfTurn,
        revise::{answer, mend, shown},
    },
};

/// Rewrites the paragraphs that the critique names; every other byte stays. Then the chapter is read again.
pub(super) fn act(desk: Desk<'_>, heard: &[Heard]) -> Result<Act, OutOfTurn> {
    let (ordinal, _, chapter) = desk.chapter()?;
    let mut state = desk.state.clone();
    let locked = &desk.materials.locked;
    let mended = mend(&state.hand(), desk.state.output_spec.chapter_length, Grain::Paragraph)?;
    let Some(Answer::Text(told)) = answer(heard, "fix") else {
        let tongue = desk.brief.content.tongue();
        let input = FixParagraphs {
            brief: BriefView::of(desk.brief),
            chapter: plan_view(ordinal, chapter),
            paragraphs: mended.pieces.clone(),
            round: mended.round,
            keep: mended.locked_in(locked).into_iter().cloned().collect(),
        };
        let prompt = desk.context.with(Some(&shown(tongue, UnitKind::Chapter, &mended.numbered())), render(&input, tongue));
        return Ok(Act::Ask(Box::new(ask_prose("fix", &input, prompt, mended.max_tokens(), desk.seed()))));
    };
    let (changed, length) = mended.take(told, locked, state.hand(), EXTRACT);
    let progress = progress(&state);
    let outputs = json!({ "paragraphs": changed, "length": length });
    Ok(Act::Done(Box::new(StepTurn { state, outputs, effects: Vec::new(), hold: None, progress })))
}
