//! Whether a script that a hand has changed can be gone on with.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::Phases;
use crate::{
    brief::{FieldError, pointer_token as token},
    guidance::Guidance,
    output_spec::{OutputSpec, PartialOutputSpec},
    plan::UnitId,
    state::{Critique, Cursor, Draft, Redo},
};

/// What is looked at of a state.
pub(in crate::workflow) struct Looks<'a> {
    /// What never changes, by name.
    pub(in crate::workflow) fixed: Vec<(&'static str, String)>,
    pub(in crate::workflow) cursor: &'a Cursor,
    /// The ordinal of the unit in hand.
    pub(in crate::workflow) unit: Option<u32>,
    pub(in crate::workflow) redo: Option<&'a Redo>,
    pub(in crate::workflow) replaces: Option<&'a String>,
    pub(in crate::workflow) draft: Option<&'a Draft>,
    pub(in crate::workflow) critique: Option<&'a Critique>,
    pub(in crate::workflow) guidance: &'a BTreeMap<String, Guidance>,
    pub(in crate::workflow) spec: &'a OutputSpec,
    /// How many units are planned.
    pub(in crate::workflow) total: u32,
}

/// Every place that does not fit.
pub(in crate::workflow) fn check(before: Looks<'_>, next: Looks<'_>, phases: &Phases) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for ((key, old), (_, new)) in before.fixed.iter().zip(&next.fixed) {
        if old != new {
            faults.push(fault(&format!("/{key}"), "was settled when the run was created: it cannot be changed"));
        }
    }
    if next.spec != before.spec {
        let spec = serde_json::from_value::<PartialOutputSpec>(json!(next.spec)).map(|spec| spec.faults()).unwrap_or_default();
        faults.extend(spec.into_iter().map(|(key, detail)| fault(&format!("/output_spec/{key}"), detail)));
    }
    if next.redo.is_some() && next.redo != before.redo {
        faults.push(fault("/redo", "is what waits while a unit is redone: it can only be removed, which gives the redo up"));
    }
    if next.replaces != before.replaces && next.redo == before.redo {
        faults.push(fault("/replaces", "is kept by code"));
    }
    if next.draft.is_some_and(|draft| draft.text.trim().is_empty()) {
        faults.push(fault("/draft/text", "is empty: write the text"));
    }
    if let Some(draft) = next.draft.filter(|draft| Some(draft.ordinal) != next.unit) {
        faults.push(fault("/draft/ordinal", format!("is {}, which is not in hand", draft.ordinal)));
    }
    for (key, guidance) in next.guidance {
        if guidance.text.trim().is_empty() {
            faults.push(fault(&format!("/guidance/{}/text", token(key)), "is empty: remove the instruction with null"));
        }
        if guidance.chapter.is_some_and(|n| n == 0 || n > next.total) {
            let detail = format!("is no part of the plan: there are {}", next.total);
            faults.push(fault(&format!("/guidance/{}/chapter", token(key)), detail));
        }
    }
    check_cursor(&before, &next, phases, &mut faults);
    faults
}

/// The cursor may be moved among the steps of the unit in hand.
fn check_cursor(before: &Looks<'_>, next: &Looks<'_>, phases: &Phases, faults: &mut Vec<FieldError>) {
    let steps = [phases.draft, phases.extract, phases.critique, phases.fix, phases.commit];
    let phase = next.cursor.phase.as_str();
    let in_hand = before.unit.is_some() && steps.contains(&before.cursor.phase.as_str());
    if next.cursor != before.cursor {
        let place = Cursor { phase: before.cursor.phase.clone(), ..next.cursor.clone() };
        if place != *before.cursor {
            faults.push(fault("/cursor", "names what is in hand, which cannot be changed; what is committed is redone"));
            return;
        }
        if !in_hand || !steps.contains(&phase) {
            let known = if in_hand { steps.join(", ") } else { before.cursor.phase.clone() };
            faults.push(fault("/cursor/phase", format!("is no step that the run can stand at now: choose from {known}")));
            return;
        }
    }
    let lacks = if [phases.extract, phases.critique, phases.fix, phases.commit].contains(&phase) && next.draft.is_none() {
        Some("a draft")
    } else if phase == phases.fix && next.critique.is_none_or(|c| c.paragraphs.is_empty()) {
        Some("a critique that names paragraphs")
    } else {
        None
    };
    // A draft that was changed is read again, wherever the cursor stood.
    if let Some(lacks) = lacks.filter(|_| before.redo.is_none() || next.redo.is_some()) {
        faults.push(fault("/cursor/phase", format!("is {phase}, which needs {lacks}")));
    }
}

/// Units that are written stay, in their order and before all others.
pub(in crate::workflow) fn check_order(
    pointer: &str,
    old: &[UnitId],
    new: &[UnitId],
    committed: u32,
    written: &BTreeSet<UnitId>,
    faults: &mut Vec<FieldError>,
) {
    if new.is_empty() {
        faults.push(fault(pointer, "is empty: a plan has at least one"));
        return;
    }
    for id in old.iter().filter(|id| written.contains(*id) && !new.contains(id)) {
        faults.push(fault(&format!("{pointer}/{}", token(id)), "has a text and cannot be dropped"));
    }
    let kept = old.len().min(committed as usize);
    if let Some(id) = old[..kept].iter().zip(new).find(|(old, new)| old != new).map(|(old, _)| old).filter(|id| new.contains(id)) {
        let detail = format!("would change the order of what is committed: the first {kept} stay as they are");
        faults.push(fault(&format!("{pointer}/{}/order", token(id)), detail));
    }
}

fn fault(pointer: &str, detail: impl Into<String>) -> FieldError {
    FieldError { pointer: pointer.to_owned(), detail: detail.into() }
}
