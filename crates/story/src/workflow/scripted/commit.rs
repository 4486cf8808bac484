use std::sync::Arc;

use serde_json::json;

use super::{Unit, done};
use crate::{
    state::hand::InHand,
    text::prints,
    workflow::{
        Act, Desk, Effect, OutOfTurn, Progress, UnitKept,
        revise::{digest, held_key},
    },
};

/// Keeps the scene or episode: digests and current state move with it; `onward` moves the cursor. Asks no model.
pub(in crate::workflow) fn commit<S: InHand>(
    desk: Desk<'_, S>,
    unit: Unit<'_>,
    onward: impl FnOnce(&mut S, &str),
    progress: fn(&S) -> Progress,
) -> Result<Act<S>, OutOfTurn> {
    let mut state = desk.state.clone();
    let hand = state.hand();
    let draft = hand.draft.clone().ok_or_else(|| OutOfTurn::new(unit.phases.commit, "there is no draft to keep"))?;
    let extraction = hand.extraction.clone();
    let digest = digest(&draft.title, &draft.text, extraction.as_deref());
    if let Some(told) = &extraction {
        let named = |name: &str| unit.known.iter().any(|known| known == name);
        *hand.current_state = Arc::new(hand.current_state.after_chapter(unit.ordinal, told, &named));
    }
    *hand.digests = Arc::new(hand.digests.with_chapter(unit.ordinal, digest.clone()));
    hand.guidance.remove(&held_key(unit.ordinal));
    let findings = hand.critique.as_ref().map(|c| c.findings.clone()).unwrap_or_default();
    let outputs = json!({ unit.kind.named().to_lowercase(): unit.ordinal, "title": draft.title, "length": draft.length });
    hand.clear();
    onward(&mut state, &draft.text);
    let kept = UnitKept { unit_id: unit.id, prints: prints(&draft.text), extraction, digest, findings, draft, provenance: unit.provenance };
    Ok(done(state, outputs, vec![Effect::KeepUnit(Box::new(kept))], None, progress))
}
