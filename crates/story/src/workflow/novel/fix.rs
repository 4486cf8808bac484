use std::sync::Arc;

use serde_json::json;

use super::{Act, Desk, EXTRACT, StepTurn, answer, plan_view, progress, shown};
use crate::{
    output_spec::LengthRange,
    rules,
    state::Draft,
    tasks::{Answer, BriefView, FixParagraphs, Heard, ParagraphToFix, ask_prose, read_marked, render},
    text::{Length, Unit, join_paragraphs, normalize, paragraphs},
    workflow::OutOfTurn,
};

/// Rewrites the paragraphs that the critique names; every other byte stays. Then the chapter is read again.
pub(super) fn act(desk: Desk<'_>, heard: &[Heard]) -> Result<Act, OutOfTurn> {
    let (ordinal, _, chapter) = desk.chapter()?;
    let draft = desk.state.draft.as_ref().ok_or_else(|| OutOfTurn::new(desk.phase(), "there is no draft to fix"))?;
    let critique = desk.state.critique.as_ref().ok_or_else(|| OutOfTurn::new(desk.phase(), "there is no critique to follow"))?;
    let old: Vec<&str> = paragraphs(&draft.text);
    let round = desk.state.fix_round.unwrap_or(0) + 1;
    let numbers: Vec<u32> =
        critique.paragraphs.keys().copied().filter(|n| usize::try_from(*n).is_ok_and(|n| (1..=old.len()).contains(&n))).collect();
    if numbers.is_empty() {
        return Err(OutOfTurn::new(desk.phase(), "the critique names no paragraph of this draft"));
    }
    let Some(Answer::Text(told)) = answer(heard, "fix") else {
        let range = desk.state.output_spec.chapter_length;
        let tongue = desk.brief.content.tongue();
        let aims = rules::aims(range, draft, &numbers);
        let input = FixParagraphs {
            brief: BriefView::of(desk.brief),
            chapter: plan_view(ordinal, chapter),
            paragraphs: numbers
                .iter()
                .zip(aims)
                .map(|(n, aim)| to_fix(range, *n, old[*n as usize - 1], &critique.paragraphs[n], aim))
                .collect(),
            round,
        };
        let prompt = desk.context.with(Some(&shown(tongue, &numbered(&old))), render(&input, tongue));
        let max_tokens = input.paragraphs.iter().map(|p| p.aim * 2 + 40).sum::<u64>() + 400;
        return Ok(Act::Ask(Box::new(ask_prose("fix", &input, prompt, max_tokens, desk.seed()))));
    };
    // A missing marker keeps the old paragraph; an answer that cannot be read at all changes nothing, and the round is spent.
    let new = read_marked(told, &numbers).unwrap_or_default();
    let changed = new.len();
    let texts: Vec<&str> =
        old.iter().enumerate().map(|(i, text)| new.get(&u32::try_from(i + 1).unwrap_or(0)).map_or(*text, String::as_str)).collect();
    let fixed = Draft::new(ordinal, &draft.title, normalize(&join_paragraphs(&texts)), draft.round + 1);
    let mut state = desk.state.clone();
    let outputs = json!({ "paragraphs": changed, "length": fixed.length });
    state.draft = Some(Arc::new(fixed));
    state.extraction = None;
    state.critique = None;
    state.fix_round = Some(round);
    state.cursor.phase = EXTRACT.into();
    let progress = progress(&state);
    Ok(Act::Done(Box::new(StepTurn { state, outputs, effects: Vec::new(), hold: None, progress })))
}

fn to_fix(range: LengthRange, number: u32, text: &str, instruction: &str, aim: u64) -> ParagraphToFix {
    ParagraphToFix {
        number,
        text: text.to_owned(),
        instruction: instruction.to_owned(),
        length: Length::of(text).in_unit(range.unit),
        aim,
        unit: match range.unit {
            Unit::Words => "words".into(),
            Unit::Chars => "chars".into(),
        },
    }
}

/// The chapter with a marker before every paragraph, so that numbers need not be counted.
fn numbered(paragraphs: &[&str]) -> String {
    paragraphs.iter().enumerate().map(|(i, p)| format!("⟦{}⟧\n{p}", i + 1)).collect::<Vec<_>>().join("\n\n")
}
