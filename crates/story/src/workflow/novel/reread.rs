use std::sync::Arc;

use serde_json::json;

use super::{Act, Desk, StepTurn, extract, progress};
use crate::{
    knowledge::{facts, reading_key},
    language::Tongue,
    refold::{Reading, carried_over, fold},
    tasks::{Answer, Heard},
    text::sentences,
    workflow::{
        ChapterReread, Effect, OutOfTurn, Reread,
        revise::{aliases, answer, digest, read},
    },
};

/// So many scalar values of what a hand has written are remembered of a chapter.
const MOST_BY_HAND: usize = 600;

/// Reads a committed chapter again that a person has changed since: memory, state and later chapters follow the hand.
///
/// The chapter in hand stays as it is.
pub(super) fn act(desk: Desk<'_>, reread: &Reread, heard: &[Heard]) -> Result<Act, OutOfTurn> {
    let (extraction, counts) = match answer(heard, "reread") {
        None => return Ok(Act::Ask(Box::new(extract::ask_of(desk, "reread", reread.ordinal, &reread.text)))),
        Some(Answer::Json(told)) => {
            let (extraction, counts) = read(told, &reread.text, &aliases(&desk.brief.content.characters));
            (Some(extraction), counts)
        }
        Some(_) => (None, json!({})),
    };
    let not_read = extraction.is_none();
    let mut digest = digest(&reread.title, &reread.text, extraction.as_ref());
    if let Some(before) = &reread.text_before {
        digest.fact.push_str(&by_hand(&reread.text, before, desk.brief.content.tongue()));
    }
    let (brief, outline) = (desk.brief, desk.state.outline.as_deref());
    let before = fold(brief, outline, &reread.readings);
    let mut readings = reread.readings.clone();
    readings.retain(|reading| reading.ordinal != reread.ordinal);
    readings.push(Reading { ordinal: reread.ordinal, extraction: extraction.clone(), digest: digest.clone() });
    readings.sort_by_key(|reading| reading.ordinal);
    let after = fold(brief, outline, &readings);

    let mut state = desk.state.clone();
    state.current_state = Arc::new(carried_over(&*state.current_state, &before.0, &after.0));
    state.digests = Arc::new(carried_over(&*state.digests, &before.1, &after.1));
    let mut outputs = json!({ "chapter": reread.ordinal, "version_id": reread.version_id, "counts": counts });
    if not_read {
        outputs["not_read"] = json!(true);
    }
    let effect = Effect::RereadChapter(Box::new(ChapterReread {
        chapter_id: reread.chapter_id.clone(),
        version_id: reread.version_id.clone(),
        content_id: reread.content_id.clone(),
        facts: extraction.as_ref().map(|told| (reading_key(told), facts(&reread.text, told))),
        extraction: extraction.map(Arc::new),
        digest,
    }));
    let progress = progress(&state);
    Ok(Act::Done(Box::new(StepTurn { state, outputs, effects: vec![effect], hold: None, progress })))
}

/// The sentences that the hand has put in, word for word as far as there is room: what follows must know them.
fn by_hand(text: &str, before: &str, tongue: Tongue) -> String {
    let mut room = MOST_BY_HAND;
    let new = sentences(text).into_iter().filter(|sentence| !before.contains(sentence));
    let told: Vec<&str> = new
        .take_while(|sentence| {
            let fits = room.checked_sub(sentence.chars().count());
            room = fits.unwrap_or(0);
            fits.is_some()
        })
        .collect();
    match (told.is_empty(), tongue) {
        (true, _) => String::new(),
        (false, Tongue::En) => format!(" In the writer's own words: “{}”", told.join(" ")),
        (false, Tongue::Zh) => format!("作者亲笔：“{}”", told.concat()),
    }
}
