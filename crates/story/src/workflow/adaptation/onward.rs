use super::{BREAKDOWN, DONE, DRAFT};
use crate::{
    plan::EpisodePlan,
    state::{AdaptationState, Cursor, hand::InHand as _},
    text::Grain,
};

/// So many pieces of an episode's end are shown to the next one.
const ENDING: usize = 4;

/// Where the run stands once episode `ordinal`, which reads `text`, is committed: the next episode that is planned, else the next chapter,
/// else the end.
pub(super) fn after(state: &mut AdaptationState, ordinal: u32, text: &str, grain: Grain) {
    state.ending = Some(ending(text, grain));
    let plan = state.episode_plan.clone().unwrap_or_default();
    if plan.episode(ordinal + 1).is_some() {
        begin(state, &plan, ordinal + 1);
        return;
    }
    let last = plan.episode(ordinal).map(|(_, episode)| episode.to.chapter);
    // A season is planned to its end; only chapters that are taken one by one have others behind them.
    let next = last.filter(|_| state.breakdowns.is_none()).and_then(|chapter| state.source.after(chapter));
    state.hand().clear();
    state.breakdown = None;
    state.cursor = match next {
        Some(chapter) => Cursor { phase: BREAKDOWN.into(), chapter_index: Some(chapter), ..Cursor::default() },
        None => Cursor { phase: DONE.into(), ..Cursor::default() },
    };
}

/// What the next episode is shown of this text.
pub(super) fn ending(text: &str, grain: Grain) -> String {
    let pieces = grain.pieces(text);
    pieces[pieces.len().saturating_sub(ENDING)..].join("\n")
}

/// The state before episode `ordinal` of the plan is drafted.
pub(super) fn begin(state: &mut AdaptationState, plan: &EpisodePlan, ordinal: u32) {
    state.hand().clear();
    let Some((_, episode)) = plan.episode(ordinal) else { return };
    let chapter = episode.from.chapter;
    let ordered = plan.in_order();
    let before = ordered.iter().take(ordinal.saturating_sub(1) as usize).filter(|(_, e)| e.from.chapter == chapter).count();
    state.cursor = Cursor {
        phase: DRAFT.into(),
        chapter_index: Some(chapter),
        episode_index: Some(ordinal),
        chapter_episode_index: Some(u32::try_from(before).unwrap_or(0) + 1),
        ..Cursor::default()
    };
}
