use std::sync::Arc;

use serde_json::{Value, json};

use super::{Act, CRITIQUE, Desk, MOST_DEAD_TOLD, StepTurn, answer, progress, shown};
use crate::{
    extraction::Extraction,
    plan::UnitKind,
    tasks::{Answer, Call, ExtractFacts, Heard, KnownName, ask, read_answer, render},
    workflow::OutOfTurn,
};

/// So many things and open questions are named to the model, those that moved last: the prompt stays as long in a long book.
const MOST_ITEMS_TOLD: usize = 20;
const MOST_THREADS_TOLD: usize = 16;

/// Reads what the draft says happened. An item whose quote does not stand in the text is dropped and counted.
pub(super) fn act(desk: Desk<'_>, heard: &[Heard]) -> Result<Act, OutOfTurn> {
    let draft = desk.state.draft.as_ref().ok_or_else(|| OutOfTurn::new(desk.phase(), "there is no draft to read"))?;
    let mut state = desk.state.clone();
    let outputs = match answer(heard, "extract") {
        None => return Ok(Act::Ask(Box::new(ask_of(desk, "extract", draft.ordinal, &draft.text)))),
        Some(Answer::Json(told)) => {
            let (extraction, counts) = read(desk, told, &draft.text);
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
    let world = &desk.state.current_state;
    let tongue = desk.brief.content.tongue();
    let input = ExtractFacts {
        language: desk.brief.content.language().to_owned(),
        unit: UnitKind::Chapter,
        chapter: ordinal,
        text: text.to_owned(),
        known: known_names(desk),
        items: world.last_items(MOST_ITEMS_TOLD).into_iter().map(str::to_owned).collect(),
        threads: world.open_threads(MOST_THREADS_TOLD).into_iter().map(|t| t.title.clone()).collect(),
    };
    let prompt = desk.context.with(Some(&shown(tongue, text)), render(&input, tongue));
    ask(slot, &input, prompt, 3_000, desk.seed())
}

/// What the model told of `text`, without what the text does not say, and how much of each kind there is.
pub(super) fn read(desk: Desk<'_>, told: &Value, text: &str) -> (Extraction, Value) {
    let mut extraction: Extraction = read_answer::<ExtractFacts>(told).unwrap_or_default();
    let dropped = extraction.keep_what_is_quoted(text);
    extraction.call_by_known_names(&desk.aliases());
    let counts = json!({
        "events": extraction.events.len(), "presence": extraction.presence.len(), "moves": extraction.moves.len(),
        "deaths": extraction.deaths.len(), "possessions": extraction.possessions.len(), "knowledge": extraction.knowledge.len(),
        "entities": extraction.entities.len(), "relations": extraction.relations.len(), "threads": extraction.threads.len(),
        "dropped": dropped,
    });
    (extraction, counts)
}

/// The cast of the brief with their aliases, then whoever else the story knows.
fn known_names(desk: Desk<'_>) -> Vec<KnownName> {
    let cast = &desk.brief.content.characters;
    let mut known: Vec<KnownName> = cast.iter().map(|c| KnownName { name: c.name.clone(), aliases: c.aliases.clone() }).collect();
    let world = &desk.state.current_state;
    let dead = world.last_dead(MOST_DEAD_TOLD);
    for (name, character) in &world.characters {
        if !character.alive && !dead.contains(&name.as_str()) {
            continue;
        }
        if !cast.iter().any(|c| c.name == *name || c.aliases.contains(name)) {
            known.push(KnownName { name: name.clone(), aliases: Vec::new() });
        }
    }
    known
}
