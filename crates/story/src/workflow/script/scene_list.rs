use std::sync::Arc;

use serde_json::json;

use super::{WINDOW, approach, preset, progress, view};
use crate::{
    language::Tongue,
    plan::{PlannedScene, SceneList},
    state::ScriptState,
    tasks::{Answer, BriefView, Call, Heard, ListScenes, ListedScene, SceneView, ask, read_answer, render},
    workflow::{
        Act, Desk, OutOfTurn,
        revise::{answer, title_alone},
        scripted::done,
    },
};

/// How many scenes before a window are shown to the model.
const BEFORE: usize = 6;

/// Plans every scene, a window at a time; what a window lacks is asked for until nothing more comes.
pub(super) fn act(desk: Desk<'_, ScriptState>, heard: &[Heard]) -> Result<Act<ScriptState>, OutOfTurn> {
    let total = desk.state.output_spec.scene_count;
    let mut list = SceneList::default();
    let mut from = 1;
    while from <= total {
        let to = (from + WINDOW - 1).min(total);
        let window = (from - 1) / WINDOW + 1;
        let mut asked = 0;
        while list.count() < to {
            let slot = if asked == 0 { format!("scenes/{window}") } else { format!("scenes/{window}/missing/{asked}") };
            let Some(Answer::Json(told)) = answer(heard, &slot) else {
                return Ok(Act::Ask(Box::new(question(desk, &list, slot, list.count() + 1, to))));
            };
            let scenes = read_answer::<ListScenes>(told).unwrap_or_default().scenes;
            if scenes.is_empty() {
                let phase = &desk.state.cursor.phase;
                return Err(OutOfTurn::unusable(phase, format!("the model planned none of the scenes {} to {to}", list.count() + 1)));
            }
            let room = usize::try_from(to - list.count()).unwrap_or(usize::MAX);
            for scene in scenes.into_iter().take(room) {
                let n = list.count() + 1;
                list.scenes.insert(format!("s{n:04}"), planned(n, scene));
            }
            asked += 1;
        }
        from = to + 1;
    }
    let mut state = desk.state.clone();
    let planned = list.count();
    state.scene_list = Some(Arc::new(list));
    approach(&mut state, 1);
    Ok(done(state, json!({ "scenes": planned }), Vec::new(), None, progress))
}

fn question(desk: Desk<'_, ScriptState>, list: &SceneList, slot: String, from: u32, to: u32) -> Call {
    let ordered = list.in_order();
    let shown = (1_u32..).zip(&ordered).skip(ordered.len().saturating_sub(BEFORE));
    let before: Vec<SceneView> = shown.map(|(n, (_, scene))| view(desk.state, n, scene)).collect();
    let input = ListScenes {
        brief: BriefView::of(desk.brief),
        script_format: desk.state.output_spec.script_format,
        preset: preset(desk.state).to_owned(),
        scene_count: desk.state.output_spec.scene_count,
        from,
        to,
        before,
    };
    let prompt = desk.context.with(None, render(&input, Tongue::of(&desk.state.language)));
    ask(slot, &input, prompt, u64::from(to - from + 1) * 200 + 400, desk.state.output_spec.seed)
}

/// The scene as it stands in the plan. Code numbers by position; how it is to be written inside or outside is one of three words.
fn planned(n: u32, scene: ListedScene) -> PlannedScene {
    let side = scene.int_ext.to_uppercase();
    let outside = side.contains("EXT") || scene.int_ext.contains('外');
    let inside = side.contains("INT") || scene.int_ext.contains('内');
    let int_ext = match (inside, outside) {
        (true, true) => "INT/EXT",
        (false, true) => "EXT",
        _ => "INT",
    };
    PlannedScene {
        order: i64::from(n) * 1000,
        title: title_alone(&scene.title),
        int_ext: int_ext.into(),
        place: scene.place.trim().to_owned(),
        time: scene.time.trim().to_owned(),
        summary: scene.summary.trim().to_owned(),
        characters: scene.characters.into_iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect(),
    }
}
