use serde_json::json;

use super::{Unit, done};
use crate::{
    state::hand::InHand,
    tasks::{Answer, FixScript, Heard, ask_prose, render},
    workflow::{
        Act, Desk, OutOfTurn, Progress,
        revise::{answer, mend, shown},
    },
};

/// Rewrites the pieces that the critique names; every other byte stays. Then the text is read again.
pub(in crate::workflow) fn fix<S: InHand>(
    desk: Desk<'_, S>,
    unit: &Unit<'_>,
    heard: &[Heard],
    progress: fn(&S) -> Progress,
) -> Result<Act<S>, OutOfTurn> {
    let mut state = desk.state.clone();
    let mended = mend(&state.hand(), unit.length, unit.grain())?;
    let locked = &desk.materials.locked;
    let Some(Answer::Text(told)) = answer(heard, "fix") else {
        let input = FixScript {
            language: unit.language.to_owned(),
            unit: unit.kind,
            number: unit.ordinal,
            title: unit.title.clone(),
            script_format: unit.format(),
            preset: unit.preset.to_owned(),
            source: unit.source.clone(),
            pieces: mended.pieces.clone(),
            round: mended.round,
            keep: mended.locked_in(locked).into_iter().cloned().collect(),
        };
        let text = shown(unit.tongue(), unit.kind, &mended.numbered());
        let prompt = desk.context.with_source(unit.passage().as_deref(), Some(&text), render(&input, unit.tongue()));
        return Ok(Act::Ask(Box::new(ask_prose("fix", &input, prompt, mended.max_tokens(), unit.spec.seed))));
    };
    let (changed, length) = mended.take(told, locked, state.hand(), unit.phases.extract);
    Ok(done(state, json!({ "paragraphs": changed, "length": length }), Vec::new(), None, progress))
}
