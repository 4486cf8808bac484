use std::sync::Arc;

use serde_json::json;

use super::{Act, CRITIQUE, Desk, StepTurn, progress};
use crate::{
    plan::UnitKind,
    tasks::{Answer, Call, ExtractFacts, Heard, ask, render},
    workflow::{
        OutOfTurn,
        revise::{aliases, answer, known_names, read, shown},
    },
};

/// Reads what the draft says happened. An item whose quote does not stand in the text is dropped and counted.
pub(super) fn act(desk: Desk<'_>, heard: &[Heard]) -> Result<Act, OutOfTurn> {
    let draft = desk.state.draft.as_ref().ok_or_else(|| OutOfTurn::new(desk.phase(), "there is no draft to read"))?;
    let mut state = desk.state.clone();
    let outputs = match answer(heard, "extract") {
        None => return Ok(Act::Ask(Box::new(ask_of(desk, "extract", draft.ordinal, &draft.text)))),
        Some(Answer::Json(told)) => {
            let (extraction, counts) = read(told, &draft.text, &aliases(&desk.brief.content.characters));
            state.extraction = Some(Arc::new(extraction));
            json!({ "counts": counts })
        }
        Some(_) => {
            state.extraction = None;
            json!({ "counts": {}, "not_read": true })
        }
    };
    state.critique = None;
    state.cursor.phase = CRITIQUE.into();
    let progress = progress(&state);
    Ok(Act::Done(Box::new(StepTurn { state, outputs, effects: Vec::new(), hold: None, progress })))
}

/// The call that asks what chapter `ordinal` with this `text` says happened.
pub(super) fn ask_of(desk: Desk<'_>, slot: &str, ordinal: u32, text: &str) -> Call {
    let tongue = desk.brief.content.tongue();
    let known = known_names(&desk.brief.content.characters, &desk.state.current_state);
    let input = ExtractFacts {
        language: desk.brief.content.language().to_owned(),
        unit: UnitKind::Chapter,
        chapter: ordinal,
        text: text.to_owned(),
        known: known.names,
        items: known.items,
        threads: known.threads,
    };
    let prompt = desk.context.with(Some(&shown(tongue, UnitKind::Chapter, text)), render(&input, tongue));
    ask(slot, &input, prompt, 3_000, desk.seed())
}
