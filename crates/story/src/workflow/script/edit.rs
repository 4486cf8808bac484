use std::collections::BTreeSet;

use super::{EXTRACT, PHASES, approach, progress, redo::put_back};
use crate::{
    brief::FieldError,
    plan::UnitId,
    state::{Draft, ScriptState, hand::InHand as _},
    text::normalize,
    workflow::scripted::edit::{Looks, check, check_order},
};

/// What an edit by hand entails: a changed draft is counted and read again, a redo that was removed is given up, and a plan that has changed
/// is gone on with where it says.
pub(crate) fn edited(before: &ScriptState, mut next: ScriptState, written: &BTreeSet<UnitId>) -> Result<ScriptState, Vec<FieldError>> {
    let mut faults = check(looks(before), looks(&next), &PHASES);
    if let (Some(old), new) = (&before.scene_list, &next.scene_list) {
        let ids = |list: &crate::plan::SceneList| list.in_order().into_iter().map(|(id, _)| id.clone()).collect::<Vec<_>>();
        let new = new.as_deref().map(ids).unwrap_or_default();
        check_order("/scene_list/scenes", &ids(old), &new, progress(before).done, written, &mut faults);
    }
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
    if before.scene_list.is_some() && before.scene_list != next.scene_list && next.draft.is_none() && next.redo.is_none() {
        let open = progress(before).done + 1;
        approach(&mut next, open);
    }
    Ok(next)
}

fn looks(state: &ScriptState) -> Looks<'_> {
    Looks {
        fixed: vec![
            ("version", state.version.to_string()),
            ("language", state.language.clone()),
            ("prompt_preset_id", state.prompt_preset_id.clone().unwrap_or_default()),
        ],
        cursor: &state.cursor,
        unit: state.cursor.scene_index,
        redo: state.redo.as_deref(),
        replaces: state.replaces.as_deref(),
        draft: state.draft.as_deref(),
        critique: state.critique.as_deref(),
        guidance: &state.guidance,
        spec: &state.output_spec,
        total: progress(state).total,
    }
}
