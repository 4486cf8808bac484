use std::sync::Arc;

use serde_json::json;

use super::{Act, Desk, EXTRACT, StepTurn, critique::judged, plan_view, progress};
use crate::{
    context::{guidance_for, most_tokens},
    language::Tongue,
    locks::missing,
    rules,
    state::Draft,
    tasks::{Answer, BriefView, Call, DraftChapter, Heard, ask_prose, render},
    text::normalize,
    workflow::{
        OutOfTurn,
        revise::{aliases, answer, as_draw, draws_told, rank, slot},
    },
};

/// What locked passages are shown between, in either language.
const MARKS: [(&str, &str); 2] = [("⟦locked⟧", "⟦/locked⟧"), ("⟦锁定⟧", "⟦/锁定⟧")];

/// Writes the chapter in hand: once, or several times to choose from.
pub(super) fn act(desk: Desk<'_>, heard: &[Heard]) -> Result<Act, OutOfTurn> {
    let (ordinal, _, chapter) = desk.chapter()?;
    // A held chapter goes on counting, so that each new draft of it is a new draw.
    let round = desk.state.draft.as_ref().map_or(0, |d| d.round + 1);
    let count = desk.materials.candidates.max(1);
    let (mut drafts, mut fault) = (Vec::new(), None);
    for number in 1..=count {
        match drafted(desk, heard, &slot(number, count), number, round)? {
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

/// How far one draft is.
enum Drafted {
    Ask(Box<Call>),
    Text(String),
    Unfit(OutOfTurn),
}

/// Without the marks that locked passages are shown between.
fn unmarked(prose: &str) -> String {
    normalize(&MARKS.iter().flat_map(|(open, close)| [open, close]).fold(prose.to_owned(), |text, mark| text.replace(mark, "")))
}

/// One draft. Where it leaves out what is locked it is asked for once more.
fn drafted(desk: Desk<'_>, heard: &[Heard], slot: &str, number: u32, round: u32) -> Result<Drafted, OutOfTurn> {
    let Some(Answer::Text(prose)) = answer(heard, slot) else {
        return Ok(Drafted::Ask(Box::new(ask(desk, slot, number, round)?)));
    };
    let text = unmarked(prose);
    if text.is_empty() {
        return Ok(Drafted::Unfit(OutOfTurn::unusable(desk.phase(), "the model wrote nothing")));
    }
    let locked = &desk.materials.locked;
    let lost = missing(&text, locked);
    if lost.is_empty() {
        return Ok(Drafted::Text(text));
    }
    let again = format!("{slot}/repair/1");
    let Some(Answer::Text(prose)) = answer(heard, &again) else {
        let mut call = ask(desk, &again, number, round)?;
        call.prompt = call.prompt.and_then(prose, once_more(desk.brief.content.tongue(), &lost));
        return Ok(Drafted::Ask(Box::new(call)));
    };
    let text = unmarked(prose);
    let lost = missing(&text, locked);
    Ok(if lost.is_empty() { Drafted::Text(text) } else { Drafted::Unfit(OutOfTurn::against_locks(desk.phase(), &lost)) })
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

fn once_more(tongue: Tongue, lost: &[&str]) -> String {
    let (ask, (open, close)) = match tongue {
        Tongue::En => {
            ("These locked passages do not stand in your chapter word for word. Write the whole chapter again with them in it:", MARKS[0])
        }
        Tongue::Zh => ("以下锁定的段落没有一字不差地出现在你写的这一章里。请重新写出整章，并把它们原样写进去：", MARKS[1]),
    };
    let passages: Vec<String> = lost.iter().map(|words| format!("{open}\n{words}\n{close}")).collect();
    format!("{ask}\n\n{}", passages.join("\n\n"))
}
