//! What a hand may change in the state of a novel, and what follows from it by code.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{BEATS, COMMIT, CRITIQUE, DRAFT, EXTRACT, FIX, OUTLINE, REREAD, STEPS, approach, progress};
use crate::{
    brief::{FieldError, pointer_token as token},
    output_spec::PartialOutputSpec,
    patch,
    plan::{Outline, UnitId},
    state::{Draft, NovelState},
    text::normalize,
    workflow::{
        DONE,
        hand::{Undo, read, take_back},
    },
};

/// The most chapters that a plan has.
const MOST_CHAPTERS: usize = 2_000;
/// The longest title, in scalar values.
const MOST_TITLE_CHARS: usize = 300;

/// The state that `patch` (RFC 7396) makes of `before`, with what follows from it by code.
///
/// `written` are the planned chapters that have a text. Fails with every place that does not fit; nothing is half changed.
pub fn edited(before: &NovelState, patch: &Value, written: &BTreeSet<UnitId>) -> Result<NovelState, Vec<FieldError>> {
    if !patch.is_object() {
        return Err(vec![fault("", "is no object: a merge patch names the keys that it changes")]);
    }
    let mut value = json!(before);
    patch::apply(&mut value, patch);
    complete_draft(&mut value);
    let next = follow(before, read(value)?);
    check(before, &next, written)?;
    Ok(next)
}

/// The state that undoes one step: `now` without what turned `was` into `became`, everything else as it is.
///
/// Fails with the pointers of what the step had changed and somebody has changed since, or with what does not fit any more.
pub fn undone(now: &NovelState, was: &Value, became: &Value, written: &BTreeSet<UnitId>) -> Result<NovelState, Undo> {
    let next = take_back(now, was, became)?;
    check(now, &next, written).map_err(Undo::Faults)?;
    Ok(next)
}

/// How many chapters are committed.
pub fn committed(state: &NovelState) -> u32 {
    progress(state).done
}

/// What a person need not write of a draft: its place, its title, its length.
fn complete_draft(value: &mut Value) {
    let ordinal = value.pointer("/cursor/chapter_index").cloned();
    let planned = value.get("outline").and_then(|o| serde_json::from_value::<Outline>(o.clone()).ok());
    let Some(draft) = value.get_mut("draft").and_then(Value::as_object_mut) else { return };
    if let Some(ordinal) = ordinal {
        let title = ordinal.as_u64().and_then(|n| u32::try_from(n).ok()).and_then(|n| Some(planned?.chapter(n)?.1.title.clone()));
        draft.insert("ordinal".into(), ordinal);
        draft.entry("title").or_insert_with(|| json!(title.unwrap_or_default()));
    }
    draft.entry("round").or_insert(json!(0));
    if let Some(text) = draft.get("text").and_then(Value::as_str) {
        let length = json!(crate::text::Length::of(text));
        draft.insert("length".into(), length);
    }
}

/// What follows from a change by code: a draft that was changed is counted and read again; ordinals follow the plan.
fn follow(before: &NovelState, mut next: NovelState) -> NovelState {
    if let (Some(redo), None) = (&before.redo, &next.redo) {
        // The redo is given up.
        next.redo = Some(redo.clone());
        super::redo::put_back(&mut next, redo);
        return next;
    }
    if let Some(beats) = &mut next.beats
        && before.beats.as_ref() != Some(&*beats)
        && let Some(ordinal) = next.cursor.chapter_index
        && beats.chapter_index != ordinal
    {
        std::sync::Arc::make_mut(beats).chapter_index = ordinal;
    }
    if let Some(draft) = next.draft.clone()
        && before.draft.as_deref() != Some(&*draft)
    {
        next.take_from_hand(Draft::new(draft.ordinal, draft.title.trim(), normalize(&draft.text), draft.round));
    }
    if before.draft.is_some() && next.draft.is_none() && before.cursor == next.cursor {
        write_anew(&mut next);
    }
    match (&before.outline, next.outline.clone()) {
        (Some(old), Some(new)) if **old != *new => {
            move_guidance(before, &mut next, old, &new);
            if before.cursor.chapter_index == next.cursor.chapter_index && next.draft.is_none() {
                stand_where_the_plan_says(before, &mut next, old, &new);
            }
        }
        (None, Some(new)) if before.cursor == next.cursor && !new.chapters.is_empty() => approach(&mut next, 1),
        _ => {}
    }
    next
}

/// A draft that was taken away is written anew, from its beats.
fn write_anew(next: &mut NovelState) {
    let Some(ordinal) = next.cursor.chapter_index else { return };
    let beats = next.beats.take().filter(|beats| beats.chapter_index == ordinal);
    approach(next, ordinal);
    if beats.is_some() {
        next.beats = beats;
        next.cursor.phase = DRAFT.into();
    }
}

/// Instructions for one chapter go with it where it is moved, and go where it is dropped. One that the hand itself has changed stays.
fn move_guidance(before: &NovelState, next: &mut NovelState, old: &Outline, new: &Outline) {
    let places: BTreeMap<&UnitId, u32> = (1..).zip(new.in_order()).map(|(n, (id, _))| (id, n)).collect();
    next.guidance.retain(|key, guidance| {
        let Some(chapter) = guidance.chapter.filter(|_| before.guidance.get(key) == Some(&*guidance)) else { return true };
        let place = old.chapter(chapter).map(|(id, _)| places.get(id));
        match place {
            Some(place) => guidance.chapter = place.copied(),
            None => return true,
        }
        guidance.chapter.is_some()
    });
}

/// A plan that has changed where the run stands is begun there anew; chapters after the last one are gone on with.
fn stand_where_the_plan_says(before: &NovelState, next: &mut NovelState, old: &Outline, new: &Outline) {
    let first_open = committed(before) + 1;
    if before.is_done() {
        if new.count() >= first_open {
            approach(next, first_open);
        }
        return;
    }
    let Some(ordinal) = before.cursor.chapter_index else { return };
    let id = |outline: &Outline| outline.chapter(ordinal).map(|(id, _)| id.clone());
    let not_begun = before.cursor == next.cursor && before.draft.is_none() && before.beats.is_none();
    if id(old) != id(new) || not_begun {
        approach(next, ordinal);
    }
}

/// Whether the state can be gone on with.
fn check(before: &NovelState, next: &NovelState, written: &BTreeSet<UnitId>) -> Result<(), Vec<FieldError>> {
    let mut faults = Vec::new();
    if next.version != before.version {
        faults.push(fault("/version", "is the shape of the state: it cannot be changed"));
    }
    if next.output_spec != before.output_spec {
        let spec = serde_json::from_value::<PartialOutputSpec>(json!(next.output_spec)).map(|spec| spec.faults()).unwrap_or_default();
        faults.extend(spec.into_iter().map(|(key, detail)| fault(&format!("/output_spec/{key}"), detail)));
    }
    if next.redo.is_some() && next.redo != before.redo {
        faults.push(fault("/redo", "is what waits while a chapter is redone: it can only be removed, which gives the redo up"));
    }
    if next.replaces != before.replaces && next.redo == before.redo {
        faults.push(fault("/replaces", "is kept by code"));
    }
    check_plan(before, next, written, &mut faults);
    check_cursor(before, next, &mut faults);
    if next.draft.as_ref().is_some_and(|draft| draft.text.is_empty()) {
        faults.push(fault("/draft/text", "is empty: write the chapter, or remove the draft with null"));
    }
    if next.draft.as_ref().is_some_and(|draft| draft.title.chars().count() > MOST_TITLE_CHARS) {
        faults.push(fault("/draft/title", format!("has more than {MOST_TITLE_CHARS} characters")));
    }
    let count = progress(next).total;
    for (key, guidance) in &next.guidance {
        if guidance.text.trim().is_empty() {
            faults.push(fault(&format!("/guidance/{}/text", token(key)), "is empty: remove the instruction with null"));
        }
        if guidance.chapter.is_some_and(|n| n == 0 || n > count) {
            faults.push(fault(&format!("/guidance/{}/chapter", token(key)), format!("is no chapter of the plan: there are {count}")));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// Chapters that are written stay, in their order and before all others.
fn check_plan(before: &NovelState, next: &NovelState, written: &BTreeSet<UnitId>, faults: &mut Vec<FieldError>) {
    let (Some(old), new) = (&before.outline, &next.outline) else {
        if let Some(new) = &next.outline {
            check_titles(new, faults);
        }
        return;
    };
    let Some(new) = new else {
        faults.push(fault("/outline", "cannot be removed once there is a plan"));
        return;
    };
    if old == new {
        return;
    }
    if new.chapters.is_empty() {
        faults.push(fault("/outline/chapters", "is empty: a plan has at least one chapter"));
        return;
    }
    check_titles(new, faults);
    for id in written.iter().filter(|id| old.chapters.contains_key(*id) && !new.chapters.contains_key(*id)) {
        faults.push(fault(&at_chapter(id), "has a text and cannot be dropped; only planned chapters can"));
    }
    let kept = usize::try_from(committed(before)).unwrap_or(usize::MAX);
    let now = new.in_order();
    for (place, (id, _)) in old.in_order().into_iter().take(kept).enumerate() {
        if new.chapters.contains_key(id) && now.get(place).is_none_or(|(other, _)| *other != id) {
            let intruder = now.get(place).map_or(id, |(other, _)| *other);
            let has_moved = |id: &UnitId| old.chapters.get(id).map(|c| c.order) != new.chapters.get(id).map(|c| c.order);
            let moved = if has_moved(intruder) { intruder } else { id };
            let detail = format!(
                "would change the order of committed chapters: the first {kept} stay as they are; choose an order above {}",
                now.iter().filter(|(id, _)| written.contains(*id)).map(|(_, c)| c.order).max().unwrap_or(0)
            );
            faults.push(fault(&format!("{}/order", at_chapter(moved)), detail));
            break;
        }
    }
    let in_hand = before.cursor.chapter_index.and_then(|n| old.chapter(n)).map(|(id, _)| id);
    if let (Some(id), Some(_), Some(ordinal)) = (in_hand, &next.draft, next.cursor.chapter_index)
        && before.draft == next.draft
        && new.chapter(ordinal).is_none_or(|(now, _)| now != id)
    {
        let detail = "is in hand: its draft would belong to another chapter; put your chapter after it, or remove the draft with null too";
        faults.push(fault(&at_chapter(id), detail));
    }
}

fn check_titles(outline: &Outline, faults: &mut Vec<FieldError>) {
    if outline.chapters.len() > MOST_CHAPTERS {
        faults.push(fault("/outline/chapters", format!("has {} chapters, but a plan has at most 2,000", outline.chapters.len())));
    }
    for (id, chapter) in &outline.chapters {
        if id.trim().is_empty() || id.chars().count() > 64 {
            faults.push(fault(&at_chapter(id), "has no id of 1 to 64 characters"));
        }
        if chapter.title.chars().count() > MOST_TITLE_CHARS {
            faults.push(fault(&format!("{}/title", at_chapter(id)), format!("has more than {MOST_TITLE_CHARS} characters")));
        }
    }
}

/// The cursor stands at the first chapter that is not committed, and at a step that has what it needs.
fn check_cursor(before: &NovelState, next: &NovelState, faults: &mut Vec<FieldError>) {
    let phase = next.cursor.phase.as_str();
    if phase == REREAD || phase != DONE && !STEPS.contains(&phase) {
        let known = STEPS.iter().filter(|step| **step != REREAD).copied().collect::<Vec<_>>().join(", ");
        faults.push(fault("/cursor/phase", format!("is no step that a run can stand at: choose from {known}, {DONE}")));
        return;
    }
    let total = progress(next).total;
    let open = next.redo.as_ref().map_or(committed(before) + 1, |redo| redo.chapter);
    if phase == DONE {
        if next.outline.is_none() || open <= total {
            faults.push(fault("/cursor/phase", "is `done`, but chapters are left to write: drop them from the plan"));
        }
        return;
    }
    match next.cursor.chapter_index {
        None if phase == OUTLINE && next.outline.is_none() => return,
        Some(n) if n == open && next.outline.is_some() => {}
        _ if next.outline.is_none() => {
            faults.push(fault("/cursor/phase", format!("needs a plan: without one the run stands at {OUTLINE}, at no chapter")));
            return;
        }
        _ => {
            let detail = format!("is not the chapter that comes next, {open}: a committed one is redone, and none is left out");
            faults.push(fault("/cursor/chapter_index", detail));
            return;
        }
    }
    if open > total {
        faults.push(fault("/cursor/chapter_index", format!("is beyond the plan, which has {total} chapters")));
    }
    let beats = next.beats.as_ref().is_some_and(|beats| beats.chapter_index == open);
    let lacks = match phase {
        BEATS if next.redo.is_none() && !next.outline.as_ref().and_then(|o| o.chapter(open)).is_some_and(|(_, c)| c.is_detailed()) => {
            Some("a hook in the chapter's plan")
        }
        DRAFT if !beats => Some("the beats of the chapter"),
        EXTRACT | CRITIQUE | FIX | COMMIT if next.draft.is_none() => Some("a draft"),
        FIX if next.critique.as_ref().is_none_or(|c| c.paragraphs.is_empty()) => Some("a critique that names paragraphs"),
        _ => None,
    };
    if let Some(lacks) = lacks {
        faults.push(fault("/cursor/phase", format!("is {phase}, which needs {lacks}")));
    }
}

fn at_chapter(id: &str) -> String {
    format!("/outline/chapters/{}", token(id))
}

fn fault(pointer: &str, detail: impl Into<String>) -> FieldError {
    FieldError { pointer: pointer.to_owned(), detail: detail.into() }
}
