use std::sync::Arc;

use serde_json::json;

use super::{Act, Desk, EXTRACT, StepTurn, critique::judged, plan_view, progress};
use crate::{
    context::{guidance_for, most_tokens},
    plan::UnitKind,
    rules,
    state::Draft,
    tasks::{BriefView, Call, DraftChapter, Heard, ask_prose, render},
    workflow::{
        OutOfTurn,
        revise::{
            aliases, as_draw, draws_told,
            locked::{Drafted, drafted},
            rank, slot,
        },
    },
};

/// Writes the chapter in hand: once, or several times to choose from.
pub(super) fn act(desk: Desk<'_>, heard: &[Heard]) -> Result<Act, OutOfTurn> {
    let (ordinal, _, chapter) = desk.chapter()?;
    // A held chapter goes on counting, so that each new draft of it is a new draw.
    let round = desk.state.draft.as_ref().map_or(0, |d| d.round + 1);
    let count = desk.materials.candidates.max(1);
    let (mut drafts, mut fault) = (Vec::new(), None);
    for number in 1..=count {
        let of = (desk.phase(), UnitKind::Chapter, desk.brief.content.tongue());
        match drafted(of, heard, &slot(number, count), &desk.materials.locked, |slot| ask(desk, slot, number, round))? {
            Drafted::Ask(call) => return Ok(Act::Ask(call)),
            Drafted::Text(text) => drafts.push((number, Draft::new(ordinal, &chapter.title, text, round))),
            Drafted::Unfit(why) => fault = Some(why),
        }
    }
    if let (Some(fault), true) = (fault, drafts.is_empty()) {
        return Err(fault);
    }
    let told = desk.state.beats.as_ref().map(|b| b.beats.as_slice()).unwrap_or_default();
    let known = aliases(&desk.brief.content.characters);
    let Some((_, only)) = drafts.first().cloned() else { return Err(OutOfTurn::unusable(desk.phase(), "the model wrote nothing")) };
    let judge = |draft: &Draft| rules::check(&judged(desk, draft, &known));
    let draws = if count > 1 { rank(drafts, desk.state.output_spec.chapter_length, told, judge) } else { None };
    let draft = draws.as_ref().map_or(only, |draws| draws.candidates[&draws.chosen].draft.clone());

    let mut state = desk.state.clone();
    let mut outputs = json!({ "length": draft.length, "round": round });
    let beats = state.beats.take();
    state.clear_hand();
    state.beats = beats;
    state.draft = Some(Arc::new(draft));
    if let Some(draws) = draws {
        outputs["candidates"] = draws_told(&draws);
        state.draws = Some(Arc::new(draws));
    }
    state.cursor.phase = EXTRACT.into();
    let progress = progress(&state);
    Ok(Act::Done(Box::new(StepTurn { state, outputs, effects: Vec::new(), hold: None, progress })))
}

fn ask(desk: Desk<'_>, slot: &str, number: u32, round: u32) -> Result<Call, OutOfTurn> {
    let (ordinal, _, chapter) = desk.chapter()?;
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
        keep: desk.materials.locked.clone(),
    };
    let prompt = desk.context.with(None, render(&input, desk.brief.content.tongue()));
    let call = ask_prose(slot, &input, prompt, most_tokens(length) + 400, desk.seed());
    Ok(as_draw(call, slot, (number, desk.materials.candidates.max(1)), desk.brief.content.tongue()))
}
