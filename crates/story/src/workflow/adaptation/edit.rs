use std::sync::Arc;

use crate::{
    brief::FieldError,
    plan::{Cut, Place},
    state::{AdaptationState, SplitMode},
};

/// What a person said by leaving a stretch out of every episode.
const BY_HAND: &str = "left out by hand";

/// What is wrong with a plan that a hand has changed, if anything is.
pub fn fault_of(before: &AdaptationState, edited: &AdaptationState) -> Option<FieldError> {
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
pub(super) fn settle_plan(before: &AdaptationState, edited: &mut AdaptationState) {
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
