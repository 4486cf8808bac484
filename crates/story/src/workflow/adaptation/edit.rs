use std::{collections::BTreeSet, sync::Arc};

use serde_json::json;

use super::{EXTRACT, PHASES, progress, redo::put_back};
use crate::{
    brief::FieldError,
    plan::{Cut, EpisodePlan, Place, UnitId},
    state::{AdaptationState, Draft, SplitMode, hand::InHand as _},
    text::normalize,
    workflow::scripted::edit::{Looks, check, check_order},
};

/// What a person said by leaving a stretch out of every episode.
const BY_HAND: &str = "left out by hand";

/// What an edit by hand entails: a changed draft is counted and read again, a redo that was removed is given up, a length that is set holds
/// for every episode, and what a changed plan leaves out is cut by hand.
pub(crate) fn edited(
    before: &AdaptationState,
    mut next: AdaptationState,
    written: &BTreeSet<UnitId>,
) -> Result<AdaptationState, Vec<FieldError>> {
    let mut faults = check(looks(before), looks(&next), &PHASES);
    if let Some(old) = &before.episode_plan {
        let ids = |plan: &EpisodePlan| plan.in_order().into_iter().map(|(id, _)| id.clone()).collect::<Vec<_>>();
        let new = next.episode_plan.as_deref().map(ids).unwrap_or_default();
        check_order("/episode_plan/episodes", &ids(old), &new, progress(before).done, written, &mut faults);
    }
    faults.extend(fault_of(before, &next));
    if !faults.is_empty() {
        return Err(faults);
    }
    if let (Some(redo), None) = (&before.redo, &next.redo) {
        put_back(&mut next, &redo.clone());
        return Ok(next);
    }
    if let Some(draft) = next.draft.clone()
        && before.draft.as_deref() != Some(&*draft)
    {
        let text = normalize(&draft.text);
        next.hand().take(Draft::new(draft.ordinal, &draft.title, text, draft.round), EXTRACT);
    }
    next.length_by_chapter &= before.output_spec.chapter_length == next.output_spec.chapter_length;
    settle_plan(before, &mut next);
    Ok(next)
}

fn looks(state: &AdaptationState) -> Looks<'_> {
    let told = |id: &Option<String>| id.clone().unwrap_or_default();
    Looks {
        fixed: vec![
            ("version", state.version.to_string()),
            ("language", state.language.clone()),
            ("prompt_preset_id", told(&state.prompt_preset_id)),
            ("source_brief_snapshot_id", state.source_brief_snapshot_id.clone()),
            ("source_workflow_run_id", told(&state.source_workflow_run_id)),
            ("source", json!(*state.source).to_string()),
        ],
        cursor: &state.cursor,
        unit: state.cursor.episode_index,
        redo: state.redo.as_deref(),
        replaces: state.replaces.as_deref(),
        draft: state.draft.as_deref(),
        critique: state.critique.as_deref(),
        guidance: &state.guidance,
        spec: &state.output_spec,
        total: progress(state).total,
    }
}

/// What is wrong with a plan that a hand has changed, if anything is.
fn fault_of(before: &AdaptationState, edited: &AdaptationState) -> Option<FieldError> {
    let plan = edited.episode_plan.as_ref().filter(|plan| before.episode_plan.as_ref() != Some(plan))?;
    let wrong = |pointer: String, detail: String| Some(FieldError { pointer, detail });
    if edited.split() == SplitMode::ByEpisodeCount
        && let Some(wanted) = edited.episode_count
        && wanted != plan.count()
    {
        return wrong("/episode_plan/episodes".into(), format!("holds {} episodes, but the run makes {wanted}", plan.count()));
    }
    let mut last: Option<Place> = None;
    for (n, (id, episode)) in (1..).zip(plan.in_order()) {
        let at = |end: &str| format!("/episode_plan/episodes/{id}/{end}");
        for (end, place) in [("from", episode.from), ("to", episode.to)] {
            let known = edited.source.chapters.get(&place.chapter).is_some_and(|c| (1..=c.paragraphs).contains(&place.paragraph));
            if !known {
                return wrong(
                    at(end),
                    format!("is paragraph {} of chapter {}, which the source does not have", place.paragraph, place.chapter),
                );
            }
        }
        if episode.from > episode.to {
            return wrong(at("to"), format!("ends episode {n} before it begins"));
        }
        if last.is_some_and(|last| episode.from <= last) {
            return wrong(at("from"), format!("begins episode {n} before the one before it ends"));
        }
        last = Some(episode.to);
    }
    None
}

/// After a hand has changed the plan of a season: whatever no episode tells is cut, with the reason that was given, or by hand.
fn settle_plan(before: &AdaptationState, edited: &mut AdaptationState) {
    if edited.split() != SplitMode::ByEpisodeCount || edited.episode_plan == before.episode_plan {
        return;
    }
    let Some(plan) = edited.episode_plan.as_deref() else { return };
    let mut next = plan.clone();
    next.cuts.clear();
    let mut open: Option<Cut> = None;
    let mut cuts = Vec::new();
    let places = edited.source.chapters.iter().flat_map(|(n, c)| (1..=c.paragraphs).map(|p| Place { chapter: *n, paragraph: p }));
    for place in places {
        let told = plan.episodes.values().any(|e| e.from <= place && place <= e.to);
        if told {
            cuts.extend(open.take());
            continue;
        }
        let given = plan.cuts.values().find(|cut| cut.from <= place && place <= cut.to).map(|cut| cut.reason.trim());
        let reason = given.filter(|reason| !reason.is_empty()).unwrap_or(BY_HAND);
        match &mut open {
            Some(cut) if cut.reason == reason => cut.to = place,
            _ => cuts.extend(open.replace(Cut { from: place, to: place, reason: reason.to_owned() })),
        }
    }
    cuts.extend(open);
    for cut in cuts {
        next.cuts.insert(format!("k{:04}", next.cuts.len() + 1), cut);
    }
    edited.episode_plan = Some(Arc::new(next));
}
