//! The world and the memory of a book, folded anew from the chapters that it is made of.

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    brief::FrozenBrief,
    current_state::CurrentState,
    digests::{ChapterDigest, Digests},
    extraction::Extraction,
    patch,
    plan::Outline,
};

/// How many planned chapters ahead keep the people whom they name in the current state.
const AHEAD: usize = 8;

/// What was read of one committed chapter.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The chapter's ordinal.
    pub ordinal: u32,
    /// What it says happened; absent when it could not be read.
    pub extraction: Option<Extraction>,
    /// What is remembered of it.
    pub digest: ChapterDigest,
}

/// The world after chapter `ordinal` of the plan, which says `told`: whoever the brief or the plan ahead names stays in it.
pub(crate) fn world_after(
    brief: &FrozenBrief,
    outline: Option<&Outline>,
    world: &CurrentState,
    ordinal: u32,
    told: &Extraction,
) -> CurrentState {
    let ahead: Vec<&str> =
        outline.iter().flat_map(|o| o.in_order()).skip(ordinal as usize).take(AHEAD).map(|(_, c)| c.summary.as_str()).collect();
    let cast = &brief.content.characters;
    world.after_chapter(ordinal, told, &|name| cast.iter().any(|c| c.name == name) || ahead.iter().any(|summary| summary.contains(name)))
}

/// The world and the digests after these chapters, given in order.
pub fn fold(brief: &FrozenBrief, outline: Option<&Outline>, readings: &[Reading]) -> (CurrentState, Digests) {
    folded(brief, readings, |world, ordinal, told| world_after(brief, outline, world, ordinal, told))
}

/// The same for scenes and episodes: whoever is `known` stays in the world.
pub fn fold_known(brief: &FrozenBrief, known: &[String], readings: &[Reading]) -> (CurrentState, Digests) {
    let named = |name: &str| known.iter().any(|known| known == name);
    folded(brief, readings, |world, ordinal, told| world.after_chapter(ordinal, told, &named))
}

fn folded(
    brief: &FrozenBrief,
    readings: &[Reading],
    after: impl Fn(&CurrentState, u32, &Extraction) -> CurrentState,
) -> (CurrentState, Digests) {
    let begun = (CurrentState::of_cast(&brief.content.characters), Digests::default());
    readings.iter().fold(begun, |(world, digests), reading| {
        let world = match &reading.extraction {
            Some(told) => after(&world, reading.ordinal, told),
            None => world,
        };
        (world, digests.with_chapter(reading.ordinal, reading.digest.clone()))
    })
}

/// `present` with what changed from one fold to another: whatever a hand has changed in it besides stays.
///
/// Where the two cannot be brought together the later fold itself is taken.
pub fn carried_over<T: Clone + Serialize + DeserializeOwned>(present: &T, before: &T, after: &T) -> T {
    let json = |value: &T| serde_json::to_value(value).unwrap_or_default();
    let mut next = json(present);
    patch::apply(&mut next, &patch::diff(&json(before), &json(after)));
    serde_json::from_value(next).unwrap_or_else(|_| after.clone())
}
