use std::sync::Arc;

use serde_json::{Map, json};

use super::{Act, Desk, StepTurn, approach, progress, redo};
use crate::{
    knowledge::facts,
    refold::{Reading, world_after},
    text::prints,
    workflow::{
        Effect, OutOfTurn, UnitKept,
        revise::{digest, held_key},
    },
};

/// Keeps the chapter: digests and current state move with it. Asks no model.
pub(super) fn act(desk: Desk<'_>) -> Result<Act, OutOfTurn> {
    let (ordinal, id, chapter) = desk.chapter()?;
    let draft = desk.state.draft.clone().ok_or_else(|| OutOfTurn::new(desk.phase(), "there is no draft to keep"))?;
    let extraction = desk.state.extraction.clone();
    let digest = digest(&draft.title, &draft.text, extraction.as_deref());
    let kept = UnitKept {
        unit_id: id.clone(),
        facts: extraction.as_deref().map(|told| facts(&draft.text, told)).unwrap_or_default(),
        prints: prints(&draft.text),
        extraction: extraction.clone(),
        digest: digest.clone(),
        findings: desk.state.critique.as_ref().map(|c| c.findings.clone()).unwrap_or_default(),
        draft: draft.clone(),
        provenance: Map::new(),
    };
    let mut state = desk.state.clone();
    if let Some(redo) = &desk.state.redo {
        let new = Reading { ordinal, extraction: extraction.as_deref().cloned(), digest };
        redo::end(desk.brief, &mut state, redo, &desk.materials.readings, new);
        state.guidance.remove(&held_key(ordinal));
        let progress = progress(&state);
        let outputs = json!({ "chapter": ordinal, "title": chapter.title, "length": draft.length, "redone": true });
        return Ok(Act::Done(Box::new(StepTurn { state, outputs, effects: vec![Effect::KeepUnit(Box::new(kept))], hold: None, progress })));
    }
    if let Some(told) = &extraction {
        let outline = desk.state.outline.as_deref();
        state.current_state = Arc::new(world_after(desk.brief, outline, &state.current_state, ordinal, told));
    }
    state.digests = Arc::new(state.digests.with_chapter(ordinal, digest));
    state.guidance.remove(&held_key(ordinal));
    state.replaces = None;
    approach(&mut state, ordinal + 1);
    let progress = progress(&state);
    let outputs = json!({ "chapter": ordinal, "title": chapter.title, "length": draft.length });
    Ok(Act::Done(Box::new(StepTurn { state, outputs, effects: vec![Effect::KeepUnit(Box::new(kept))], hold: None, progress })))
}
