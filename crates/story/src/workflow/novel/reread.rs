use std::sync::Arc;

use serde_json::json;

use super::{Act, Desk, StepTurn, extract, progress};
use crate::{
    refold::{Reading, carried_over, fold},
    tasks::{Answer, Heard},
    workflow::{
        ChapterReread, Effect, OutOfTurn, Reread,
        revise::{aliases, answer, digest, read},
    },
};

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
    let digest = digest(&reread.title, &reread.text, extraction.as_ref());
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
        extraction: extraction.map(Arc::new),
        digest,
    }));
    let progress = progress(&state);
    Ok(Act::Done(Box::new(StepTurn { state, outputs, effects: vec![effect], hold: None, progress })))
}
