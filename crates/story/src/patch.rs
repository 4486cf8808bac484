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
