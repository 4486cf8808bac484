//! The state: every stored patch, laid on what was before, gives what was stored after it; the last one is the run's own.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{
    Found, by,
    database::{Row, Table},
};

pub(crate) fn check((runs, steps, versions): (&Table, &Table, &Table), values: &Table, run_state: &Table, found: &mut Found) {
    let own: BTreeSet<(&str, &str)> = versions.iter().map(|row| (row.text("run_id"), row.text("id"))).collect();
    let json: BTreeMap<(&str, &str), Value> = values.iter().map(|row| ((row.text("run_id"), row.text("hash")), row.json("json"))).collect();
    let (steps, parts) = (by(steps, "run_id"), by(run_state, "run_id"));
    let maps: BTreeMap<(&str, i64), Value> = steps
        .values()
        .flatten()
        .filter(|step| step.text("status") == "succeeded")
        .map(|step| ((step.text("run_id"), step.number("step_index")), step.json("state_map")))
        .collect();
    for run in runs {
        let id = run.text("id");
        let whole = |map: &Value| {
            let part = |(key, hash): (&String, &Value)| Some((key.clone(), json.get(&(id, hash.as_str()?))?.clone()));
            let whole: Map<_, _> = map.as_object()?.iter().filter_map(part).collect();
            (whole.len() == map.as_object()?.len()).then_some(Value::Object(whole))
        };
        let base = run.json("base_map");
        let Some(mut state) = whole(&base) else {
            found.lost(format!("run {id}: a value of its first state is not there"));
            continue;
        };
        let mut done: Vec<&&Row> = steps.get(id).into_iter().flatten().filter(|step| step.text("status") == "succeeded").collect();
        done.sort_by_key(|step| step.number("step_index"));
        for step in done {
            let index = step.number("step_index");
            merge(&mut state, step.json("state_patch"));
            match whole(&step.json("state_map")) {
                Some(stored) if stored == state => {}
                Some(stored) => {
                    found.broken(format!("run {id}: the state after {index} is not what its patch makes of the one before"));
                    state = stored;
                }
                None => found.lost(format!("run {id}: a value of the state after {index} is not there")),
            }
        }
        let now = parts.get(id).into_iter().flatten().map(|row| (row.text("key").to_owned(), row.text("hash").into())).collect();
        if whole(&Value::Object(now)).as_ref() != Some(&state) {
            found.broken(format!("run {id}: its state is not the one after its last step"));
        }
        if state["cursor"] != run.json("cursor") {
            found.broken(format!("run {id}: its row stands at {}, its state at {}", run.text("cursor"), state["cursor"]));
        }
        let source = (run.text("forked_from"), run.number("forked_from_index"));
        // What a draft is to replace is a version of the fork's own line; everything else is as it stood.
        let but_replaces = |map: &Value| {
            let mut map = map.clone();
            let replaced = map.as_object_mut().and_then(|map| map.remove("replaces")).is_some();
            (map, replaced)
        };
        if maps.get(&source).is_some_and(|map| but_replaces(map) != but_replaces(&base)) {
            found.broken(format!("run {id}: it does not begin as {source:?} stood"));
        }
        let replaced = whole(&base).and_then(|state| state["replaces"].as_str().map(str::to_owned));
        if replaced.is_some_and(|version| !own.contains(&(id, version.as_str()))) {
            found.broken(format!("run {id}: it begins with a draft that replaces no version of its own"));
        }
    }
}

/// RFC 7396, as it stands there.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(map) = target.as_object_mut() else { return };
    for (key, value) in patch {
        if value.is_null() {
            map.remove(&key);
        } else {
            merge(map.entry(key).or_insert(Value::Null), value);
        }
    }
}
