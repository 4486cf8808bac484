//! JSON Merge Patch (RFC 7396): how a state changes, as data.

use serde_json::{Map, Value};

/// Applies `patch` to `target`, as RFC 7396 section 2 says: a null removes, an object goes deeper, anything else replaces.
pub fn apply(target: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(fields) = target else { return };
    for (key, change) in changes {
        if change.is_null() {
            fields.remove(key);
        } else {
            apply(fields.entry(key.clone()).or_insert(Value::Null), change);
        }
    }
}

/// The smallest merge patch that turns `old` into `new`: `apply(diff(a, b), a) = b` for values without nulls.
pub fn diff(old: &Value, new: &Value) -> Value {
    let (Value::Object(old), Value::Object(new)) = (old, new) else { return new.clone() };
    let mut patch = Map::new();
    for (key, value) in new {
        match old.get(key) {
            Some(before) if before == value => {}
            // Where one side is no object the patch would merge into the old value; a merge patch replaces it whole.
            Some(before) if before.is_object() && value.is_object() => {
                patch.insert(key.clone(), diff(before, value));
            }
            _ => {
                patch.insert(key.clone(), value.clone());
            }
        }
    }
    for key in old.keys().filter(|key| !new.contains_key(*key)) {
        patch.insert(key.clone(), Value::Null);
    }
    Value::Object(patch)
}

/// The JSON pointers of everything that `patch` touches, in order.
pub fn pointers(patch: &Value) -> Vec<String> {
    fn walk(patch: &Value, at: &str, out: &mut Vec<String>) {
        match patch {
            Value::Object(fields) if !fields.is_empty() => {
                for (key, value) in fields {
                    walk(value, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), out);
                }
            }
            _ => out.push(at.to_owned()),
        }
    }
    let mut out = Vec::new();
    walk(patch, "", &mut out);
    out
}

/// Takes back in `now` what turned `was` into `became`, leaf by leaf; whatever else is in `now` stays.
///
/// Returns the pointers of what does not stand in `now` any more as it stood in `became`; where there are any, nothing is taken back.
pub fn undo(now: &mut Value, was: &Value, became: &Value) -> Vec<String> {
    let touched: Vec<String> = match diff(was, became) {
        Value::Object(changes) if changes.is_empty() => Vec::new(),
        change => pointers(&change),
    };
    let moved: Vec<String> = touched.iter().filter(|at| now.pointer(at) != became.pointer(at)).cloned().collect();
    if moved.is_empty() {
        for at in &touched {
            put(now, at, was.pointer(at));
            forget_empty(now, was, at);
        }
    }
    moved
}

/// Puts `value` at a pointer, or removes what stands there.
fn put(target: &mut Value, at: &str, value: Option<&Value>) {
    let Some((parent, key)) = at.rsplit_once('/') else {
        *target = value.cloned().unwrap_or_default();
        return;
    };
    if target.pointer(parent).is_none_or(|parent| !parent.is_object()) {
        put(target, parent, Some(&Value::Object(Map::new())));
    }
    let Some(fields) = target.pointer_mut(parent).and_then(Value::as_object_mut) else { return };
    let key = key.replace("~1", "/").replace("~0", "~");
    match value {
        Some(value) => fields.insert(key, value.clone()),
        None => fields.remove(&key),
    };
}

/// Objects above a pointer that are left empty, and were not there before, go too.
fn forget_empty(now: &mut Value, was: &Value, at: &str) {
    let mut at = at;
    while let Some((parent, _)) = at.rsplit_once('/').filter(|(parent, _)| !parent.is_empty()) {
        let is_empty = now.pointer(parent).and_then(Value::as_object).is_some_and(Map::is_empty);
        if !is_empty || was.pointer(parent).is_some() {
            return;
        }
        put(now, parent, None);
        at = parent;
    }
}
