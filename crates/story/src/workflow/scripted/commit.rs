use std::sync::Arc;

use serde_json::json;

use super::{Unit, done};
use crate::{
    knowledge::facts,
    refold::{Reading, fold_known},
    state::{Redo, hand::InHand},
    text::prints,
    workflow::{
        Act, Desk, Effect, OutOfTurn, Progress, UnitKept,
        revise::{digest, held_key, redo::carried},
    },
};

/// Keeps the scene or episode: digests and current state move with it. `onward` moves the cursor; where the unit was redone, `back` takes
/// up again what waited. Both are shown its text. Asks no model.
pub(in crate::workflow) fn commit<S: InHand>(
    desk: Desk<'_, S>,
    unit: Unit<'_>,
    onward: impl FnOnce(&mut S, &str),
    back: impl FnOnce(&mut S, &Redo, &str),
    progress: fn(&S) -> Progress,
) -> Result<Act<S>, OutOfTurn> {
    let mut state = desk.state.clone();
    let hand = state.hand();
    let draft = hand.draft.clone().ok_or_else(|| OutOfTurn::new(unit.phases.commit, "there is no draft to keep"))?;
    let extraction = hand.extraction.clone();
    let digest = digest(&draft.title, &draft.text, extraction.as_deref());
    let redone = hand.redo.clone();
    let (world, digests) = match &redone {
        Some(redo) => {
            let new = Reading { ordinal: unit.ordinal, extraction: extraction.as_deref().cloned(), digest: digest.clone() };
            carried(redo, &desk.materials.readings, new, |readings| fold_known(desk.brief, &unit.known, readings))
        }
        None => {
            let named = |name: &str| unit.known.iter().any(|known| known == name);
            let world = match &extraction {
                Some(told) => Arc::new(hand.current_state.after_chapter(unit.ordinal, told, &named)),
                None => hand.current_state.clone(),
            };
            (world, Arc::new(hand.digests.with_chapter(unit.ordinal, digest.clone())))
        }
    };
    let findings = hand.critique.as_ref().map(|c| c.findings.clone()).unwrap_or_default();
    let mut outputs = json!({ unit.kind.named().to_lowercase(): unit.ordinal, "title": draft.title, "length": draft.length });
    hand.clear();
    match &redone {
        Some(redo) => {
            outputs["redone"] = json!(true);
            back(&mut state, redo, &draft.text);
        }
        None => {
            *state.hand().replaces = None;
            onward(&mut state, &draft.text);
        }
    }
    let hand = state.hand();
    (*hand.current_state, *hand.digests) = (world, digests);
    hand.guidance.remove(&held_key(unit.ordinal));
    let facts = extraction.as_deref().map(|told| facts(&draft.text, told)).unwrap_or_default();
    let prints = prints(&draft.text);
    let kept = UnitKept { unit_id: unit.id, prints, extraction, facts, digest, findings, draft, provenance: unit.provenance };
    Ok(done(state, outputs, vec![Effect::KeepUnit(Box::new(kept))], None, progress))
}
