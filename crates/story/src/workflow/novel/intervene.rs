//! An instruction of the writer becomes a merge patch over what may be touched: plan, beats, draft in hand, standing instructions, current
//! state, and the step that the chapter in hand goes back to.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{BEATS, DRAFT, Desk, EXTRACT, edit::committed, edit::edited, plan_view, progress};
use crate::{
    plan::{Outline, UnitId, UnitKind},
    state::NovelState,
    tasks::{Answer, Heard, Intervene, Intervention, PlanAction, PlanChange, Standing, ask, read_answer, render},
    text::{join_paragraphs, named_chapters, normalize, paragraphs},
    workflow::{
        Instruction, Intervened, OutOfTurn,
        revise::{answer, numbered, shown},
    },
};

/// So many planned chapters from the one in hand on are told to the model.
const TOLD: usize = 24;
const SLOTS: [&str; 2] = ["intervention", "intervention/again"];

/// Asks what the instruction changes, once more where the answer cannot be carried out; then says what the state becomes.
pub(crate) fn act(
    desk: Desk<'_>,
    asked: &Instruction,
    written: &BTreeSet<UnitId>,
    heard: &[Heard],
) -> Result<Intervened<NovelState>, OutOfTurn> {
    let mut fault = String::new();
    for slot in SLOTS {
        let told = match answer(heard, slot) {
            None => return Ok(Intervened::Ask(Box::new(question(desk, asked, slot, fault)))),
            Some(Answer::Json(told)) => read_answer::<Intervene>(told).unwrap_or_default(),
            Some(_) => Intervention::default(),
        };
        match patch(desk.state, &told).and_then(|patch| {
            edited(desk.state, &patch, written)
                .map_err(|faults| faults.iter().map(|f| format!("{} {}", f.pointer, f.detail)).collect::<Vec<_>>().join("; "))
        }) {
            Ok(state) => return Ok(Intervened::Done { state: Box::new(state), message: told.message.trim().to_owned() }),
            Err(why) => fault = why,
        }
    }
    Err(OutOfTurn::unusable("intervention", format!("what the model wants changed does not fit: {fault}")))
}

fn question(desk: Desk<'_>, asked: &Instruction, slot: &str, fault: String) -> crate::tasks::Call {
    let state = desk.state;
    let tongue = desk.brief.content.tongue();
    let (done, total) = (committed(state), progress(state).total);
    let named = named_chapters(&asked.text, total);
    let ordered = state.outline.as_ref().map(|outline| outline.in_order()).unwrap_or_default();
    let open = (1..).zip(ordered).skip(usize::try_from(done).unwrap_or(usize::MAX));
    let chapters = open.enumerate().filter(|(n, (number, _))| *n < TOLD || named.contains(number));
    let old: Vec<&str> = state.draft.as_ref().map(|draft| paragraphs(&draft.text)).unwrap_or_default();
    let input = Intervene {
        instruction: asked.text.trim().to_owned(),
        about: asked.about.clone(),
        committed: done,
        chapter_count: total,
        chapters: chapters.map(|(_, (number, (_, chapter)))| plan_view(number, chapter)).collect(),
        named: named.into_iter().collect(),
        beats: state.beats.as_ref().map(|b| b.beats.clone()).unwrap_or_default(),
        paragraph_count: u32::try_from(old.len()).unwrap_or(u32::MAX),
        guidance: state
            .guidance
            .iter()
            .map(|(key, g)| Standing { key: key.clone(), text: g.text.clone(), chapter: g.chapter.unwrap_or(0) })
            .collect(),
        steps: back(state).into_iter().map(str::to_owned).collect(),
        fault,
    };
    let text = (!old.is_empty()).then(|| shown(tongue, UnitKind::Chapter, &numbered(&old)));
    let prompt = desk.context.with(text.as_deref(), render(&input, tongue));
    let paragraphs = old.iter().map(|p| crate::text::tokens(p)).sum::<u64>();
    ask(slot, &input, prompt, 2_000 + paragraphs, desk.seed())
}

/// The steps that the chapter in hand can go back to.
fn back(state: &NovelState) -> Vec<&'static str> {
    let mut steps = Vec::new();
    if state.beats.is_some() || state.draft.is_some() {
        steps.push(BEATS);
    }
    if state.beats.is_some() && state.draft.is_some() {
        steps.push(DRAFT);
    }
    if state.draft.is_some() && state.cursor.phase != EXTRACT {
        steps.push(EXTRACT);
    }
    steps
}

/// What the answer changes, as a merge patch; or why it names something that there is not.
fn patch(state: &NovelState, told: &Intervention) -> Result<Value, String> {
    let mut patch = Map::new();
    let guidance = guidance(state, told)?;
    if !guidance.is_empty() {
        patch.insert("guidance".into(), Value::Object(guidance));
    }
    if !told.plan.is_empty() {
        patch.insert("outline".into(), json!({ "chapters": plan(state, &told.plan)? }));
    }
    if !told.beats.is_empty() {
        let ordinal = state.cursor.chapter_index.ok_or("no chapter is in hand, so there are no beats")?;
        let beats: Vec<crate::plan::Beat> = told.beats.iter().cloned().map(Into::into).collect();
        patch.insert("beats".into(), json!({ "chapter_index": ordinal, "beats": beats }));
    }
    if !told.draft.is_empty() {
        patch.insert("draft".into(), json!({ "text": draft(state, told)? }));
    }
    let world = world(state, told);
    if !world.is_empty() {
        patch.insert("current_state".into(), Value::Object(world));
    }
    if let Some(step) = told.go_to.as_deref().map(str::trim).filter(|step| !step.is_empty() && *step != state.cursor.phase) {
        if !back(state).contains(&step) {
            return Err(format!("the chapter in hand cannot go to {step}"));
        }
        patch.insert("cursor".into(), json!({ "phase": step }));
        for key in ["extraction", "critique", "fix_round", "best"] {
            patch.insert(key.into(), Value::Null);
        }
        if step != EXTRACT {
            patch.insert("draft".into(), Value::Null);
        }
        if step == BEATS {
            patch.insert("beats".into(), Value::Null);
        }
    }
    Ok(Value::Object(patch))
}

fn guidance(state: &NovelState, told: &Intervention) -> Result<Map<String, Value>, String> {
    let mut changes = Map::new();
    for key in &told.dropped_guidance {
        if !state.guidance.contains_key(key) {
            return Err(format!("there is no standing instruction with the key {key}"));
        }
        changes.insert(key.clone(), Value::Null);
    }
    let mut order = state.guidance.values().map(|g| g.order).filter(|order| *order < i64::MAX / 2).max().unwrap_or(0);
    let mut keys = (1..).map(|n| format!("writer-{n}")).filter(|key| !state.guidance.contains_key(key));
    for new in told.guidance.iter().filter(|new| !new.text.trim().is_empty()) {
        order += 1;
        let mut value = json!({ "order": order, "text": new.text.trim() });
        if let Some(chapter) = new.chapter {
            value["chapter"] = json!(chapter);
        }
        changes.insert(keys.next().unwrap_or_default(), value);
    }
    Ok(changes)
}

fn plan(state: &NovelState, changes: &[PlanChange]) -> Result<Map<String, Value>, String> {
    let outline = state.outline.as_deref().ok_or("there is no plan yet")?;
    let done = committed(state);
    let mut patch = Map::new();
    for change in changes {
        let number = u32::try_from(change.chapter).unwrap_or(0);
        let place = outline.chapter(number);
        let first = if change.action == PlanAction::InsertAfter { done } else { done + 1 };
        if number < first || (place.is_none() && number != 0) {
            return Err(format!(
                "chapter {} is committed or not planned: the plan can be changed from chapter {} on",
                change.chapter,
                done + 1
            ));
        }
        let words = |value: &mut Map<String, Value>| {
            for (key, text) in [("title", &change.title), ("summary", &change.summary), ("hook", &change.hook)] {
                if let Some(text) = text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
                    value.insert(key.into(), json!(text));
                }
            }
        };
        match (change.action, place) {
            (PlanAction::Change, Some((id, _))) => {
                let entry = patch.entry(id.clone()).or_insert_with(|| json!({}));
                if let Value::Object(entry) = entry {
                    words(entry);
                }
            }
            (PlanAction::Drop, Some((id, _))) => {
                patch.insert(id.clone(), Value::Null);
            }
            (PlanAction::InsertAfter, place) => {
                let mut value = Map::from_iter([("order".to_owned(), json!(order_after(outline, number, &patch)))]);
                words(&mut value);
                for key in ["title", "summary"] {
                    value.entry(key).or_insert_with(|| json!(""));
                }
                let _ = place;
                let id = (1..).map(|n| format!("n{n:04}")).find(|id| !outline.chapters.contains_key(id) && !patch.contains_key(id));
                patch.insert(id.unwrap_or_default(), Value::Object(value));
            }
            (_, None) => return Err(format!("there is no chapter {}", change.chapter)),
        }
    }
    Ok(patch)
}

/// A place behind chapter `number`, and behind whatever was put there in this patch.
fn order_after(outline: &Outline, number: u32, patch: &Map<String, Value>) -> i64 {
    let before = outline.chapter(number).map_or(0, |(_, c)| c.order);
    let next = outline.chapter(number + 1).map_or(before.saturating_add(2_000), |(_, c)| c.order);
    let last = patch.values().filter_map(|v| v.get("order")?.as_i64()).filter(|o| (before..next).contains(o)).max().unwrap_or(before);
    last + (next - last) / 2
}

fn draft(state: &NovelState, told: &Intervention) -> Result<String, String> {
    let draft = state.draft.as_ref().ok_or("no draft is in hand")?;
    let mut texts: Vec<String> = paragraphs(&draft.text).into_iter().map(str::to_owned).collect();
    for new in &told.draft {
        let place = usize::try_from(new.paragraph).ok().and_then(|n| n.checked_sub(1));
        let Some(text) = place.and_then(|place| texts.get_mut(place)) else {
            return Err(format!("the draft has no paragraph {}", new.paragraph));
        };
        *text = normalize(&new.text);
    }
    Ok(join_paragraphs(&texts))
}

fn world(state: &NovelState, told: &Intervention) -> Map<String, Value> {
    let mut world = Map::new();
    let some = |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    if let Some(clock) = some(&told.clock) {
        world.insert("clock".into(), json!(clock));
    }
    let mut people = Map::new();
    for person in told.people.iter().filter(|person| !person.name.trim().is_empty()) {
        let known = state.current_state.characters.get(person.name.trim());
        let mut change = Map::new();
        if person.alive.is_some() || known.is_none() {
            change.insert("alive".into(), json!(person.alive.unwrap_or(true)));
        }
        if person.alive == Some(true) && known.is_some_and(|known| known.death.is_some()) {
            change.insert("death".into(), Value::Null);
        }
        if let Some(place) = some(&person.place) {
            change.insert("place".into(), json!(place));
        }
        if let Some(fact) = some(&person.learns) {
            let mut knows = known.map(|known| known.knows.clone()).unwrap_or_default();
            knows.push(fact);
            change.insert("knows".into(), json!(knows));
        }
        people.insert(person.name.trim().to_owned(), Value::Object(change));
    }
    if !people.is_empty() {
        world.insert("characters".into(), Value::Object(people));
    }
    world
}
