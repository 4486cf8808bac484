use std::{collections::BTreeMap, sync::Arc};

use serde_json::json;

use super::{Unit, done, redraft};
use crate::{
    current_state::CurrentState,
    extraction::Extraction,
    finding::Finding,
    plan::Beat,
    rules::{self, Judged, Scripted},
    state::{Draft, hand::InHand},
    tasks::{Call, Heard},
    workflow::{
        Act, Desk, OutOfTurn, Progress,
        revise::{
            aliases, as_draw, draws_told,
            locked::{Drafted, drafted},
            rank, slot,
        },
    },
};

/// Writes the unit in hand: once, or several times to choose from. `ask` makes the call, for a slot, whatever its draw.
pub(in crate::workflow) fn draft<S: InHand>(
    desk: Desk<'_, S>,
    unit: &Unit<'_>,
    heard: &[Heard],
    ask: impl Fn(u32, &str) -> Result<Call, OutOfTurn>,
    progress: fn(&S) -> Progress,
) -> Result<Act<S>, OutOfTurn> {
    let mut state = desk.state.clone();
    // A held unit goes on counting, so that each new draft is a new draw.
    let round = redraft(&state.hand());
    let count = desk.materials.candidates.max(1);
    let (mut drafts, mut fault) = (Vec::new(), None);
    for number in 1..=count {
        let call = |slot: &str| Ok(as_draw(ask(round, slot)?, slot, (number, count), unit.tongue()));
        let of = (unit.phases.draft, unit.kind, unit.tongue());
        match drafted(of, heard, &slot(number, count), &desk.materials.locked, call)? {
            Drafted::Ask(call) => return Ok(Act::Ask(call)),
            Drafted::Text(text) => drafts.push((number, Draft::new(unit.ordinal, &unit.title, text, round))),
            Drafted::Unfit(why) => fault = Some(why),
        }
    }
    if let (Some(fault), true) = (fault, drafts.is_empty()) {
        return Err(fault);
    }
    let core = [Beat { text: unit.core.clone(), ..Beat::default() }];
    let world = state.hand().current_state.clone();
    let known = aliases(&desk.brief.content.characters);
    let Some((_, only)) = drafts.first().cloned() else { return Err(OutOfTurn::unusable(unit.phases.draft, "the model wrote nothing")) };
    let judge = |draft: &Draft| {
        let judged = judged(desk, unit, draft, None, &world, &known);
        let mut found = rules::check_script(&judged, &scripted(unit));
        found.extend(lost(unit, &judged));
        found
    };
    let draws = if count > 1 { rank(drafts, unit.length, &core, judge) } else { None };
    let draft = draws.as_ref().map_or(only, |draws| draws.candidates[&draws.chosen].draft.clone());
    let mut outputs = json!({ "length": draft.length, "round": round });
    state.hand().take(draft, unit.phases.extract);
    *state.hand().draws = None;
    if let Some(draws) = draws {
        outputs["candidates"] = draws_told(&draws);
        *state.hand().draws = Some(Arc::new(draws));
    }
    Ok(done(state, outputs, Vec::new(), None, progress))
}

/// A text of the unit, and everything that it is judged against.
pub(super) fn judged<'a, S>(
    desk: Desk<'a, S>,
    unit: &Unit<'a>,
    draft: &'a Draft,
    extraction: Option<&'a Extraction>,
    world: &'a CurrentState,
    known: &'a BTreeMap<String, String>,
) -> Judged<'a> {
    Judged {
        unit: unit.kind,
        grain: unit.grain(),
        tongue: unit.tongue(),
        draft,
        extraction,
        world,
        length: unit.length,
        forbidden: &desk.brief.content.forbidden,
        repeated: &desk.materials.repeated,
        known,
    }
}

/// What a script is held against besides.
pub(super) fn scripted<'a>(unit: &'a Unit<'_>) -> Scripted<'a> {
    Scripted { format: unit.format(), source: &unit.source, chapters: &unit.chapters, known: &unit.known }
}

/// Lines of the source that are to be kept and are not there.
fn lost(unit: &Unit<'_>, judged: &Judged<'_>) -> Vec<Finding> {
    let gone = unit.key_lines.iter().filter(|(line, _)| !rules::stands_in(&judged.draft.text, &line.quote));
    gone.map(|(line, place)| rules::lost_line(judged, &line.line(), *place)).collect()
}
