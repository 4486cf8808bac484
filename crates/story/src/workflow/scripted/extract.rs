use std::sync::Arc;

use serde_json::json;

use super::{Unit, done};
use crate::{
    state::hand::InHand,
    tasks::{Answer, ExtractFacts, Heard, ask, render},
    workflow::{
        Act, Desk, OutOfTurn, Progress,
        revise::{aliases, answer, known_names, read, shown},
    },
};

/// Reads what the draft says happens. An item whose quote does not stand in the text is dropped and counted.
pub(in crate::workflow) fn extract<S: InHand>(
    desk: Desk<'_, S>,
    unit: &Unit<'_>,
    heard: &[Heard],
    progress: fn(&S) -> Progress,
) -> Result<Act<S>, OutOfTurn> {
    let mut state = desk.state.clone();
    let hand = state.hand();
    let draft = hand.draft.clone().ok_or_else(|| OutOfTurn::new(unit.phases.extract, "there is no draft to read"))?;
    let cast = &desk.brief.content.characters;
    let outputs = match answer(heard, "extract") {
        None => {
            let known = known_names(cast, hand.current_state);
            let input = ExtractFacts {
                language: unit.language.to_owned(),
                unit: unit.kind,
                chapter: unit.ordinal,
                text: draft.text.clone(),
                known: known.names,
                items: known.items,
                threads: known.threads,
            };
            let prompt = desk.context.with(Some(&shown(unit.tongue(), unit.kind, &draft.text)), render(&input, unit.tongue()));
            return Ok(Act::Ask(Box::new(ask("extract", &input, prompt, 3_000, unit.spec.seed))));
        }
        Some(Answer::Json(told)) => {
            let (extraction, counts) = read(told, &draft.text, &aliases(cast));
            *hand.extraction = Some(Arc::new(extraction));
            json!({ "counts": counts })
        }
        Some(_) => {
            *hand.extraction = None;
            json!({ "counts": {}, "not_read": true })
        }
    };
    *hand.critique = None;
    hand.cursor.phase = unit.phases.critique.into();
    Ok(done(state, outputs, Vec::new(), None, progress))
}
