//! Between the typed state and its stored values: one value per top-level key, shared while it stays the same.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, value::RawValue};
use story::{
    canonical::{canonical_json, hash_text},
    patch,
    plan::Outline,
    state::{AdaptationState, NovelState, RunState, STATE_VERSION, ScriptState},
};

use crate::{ports::StoredValue, run::Kind};

/// Top-level key to stored value.
pub type Parts = BTreeMap<String, StoredValue>;

/// Why stored values are no state of this program.
#[derive(Debug, thiserror::Error)]
pub enum BadState {
    /// Written by a newer program.
    #[error("the run's state has version {0}, but this program knows only {STATE_VERSION}")]
    Newer(u64),
    /// Not to be read.
    #[error("the run's state cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
}

/// Outlines that were read already, by hash: a plan of 500 chapters is not parsed anew for every step.
#[derive(Debug, Default)]
pub struct Outlines(Mutex<VecDeque<(String, Arc<Outline>)>>);

/// How many outlines are kept at hand.
const MOST_OUTLINES: usize = 32;

impl Outlines {
    fn of(&self, stored: &StoredValue) -> Result<Arc<Outline>, serde_json::Error> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, outline)) = kept.iter().find(|(hash, _)| *hash == stored.hash) {
            return Ok(outline.clone());
        }
        let outline: Arc<Outline> = serde_json::from_str(&stored.json)?;
        kept.push_back((stored.hash.clone(), outline.clone()));
        if kept.len() > MOST_OUTLINES {
            kept.pop_front();
        }
        Ok(outline)
    }
}

/// The typed state of a run of this kind from its stored values.
pub fn read(kind: Kind, parts: &Parts) -> Result<RunState, BadState> {
    read_with(kind, parts, &Outlines::default())
}

/// The same, with outlines that were read before.
pub fn read_with(kind: Kind, parts: &Parts, outlines: &Outlines) -> Result<RunState, BadState> {
    if let Some(version) = parts.get("version").and_then(|v| v.json.parse::<u64>().ok())
        && version > u64::from(STATE_VERSION)
    {
        return Err(BadState::Newer(version));
    }
    match kind {
        Kind::Novel => {
            let mut state: NovelState = parse(parts, Some("outline"))?;
            state.outline = parts.get("outline").map(|stored| outlines.of(stored)).transpose()?;
            Ok(state.into())
        }
        Kind::Script => Ok(parse::<ScriptState>(parts, None)?.into()),
        Kind::NovelToScript => Ok(parse::<AdaptationState>(parts, None)?.into()),
    }
}

/// One object of all parts except `without`.
fn parse<T: DeserializeOwned>(parts: &Parts, without: Option<&str>) -> Result<T, serde_json::Error> {
    let raw: BTreeMap<&str, &RawValue> = parts
        .iter()
        .filter(|(key, _)| Some(key.as_str()) != without)
        .map(|(key, value)| Ok((key.as_str(), serde_json::from_str(&value.json)?)))
        .collect::<Result<_, serde_json::Error>>()?;
    serde_json::from_str(&serde_json::to_string(&raw)?)
}

/// What a step changed: the values to store, the whole map after it, and the merge patch between the two states.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Key and new value; none removes the key.
    pub values: Vec<(String, Option<StoredValue>)>,
    /// The state after it.
    pub parts: Parts,
    /// RFC 7396.
    pub patch: Value,
}

/// Every value of a state that was never stored.
pub fn all(state: &RunState) -> Change {
    let mut change = Change { patch: Value::Object(Map::new()), ..Change::default() };
    let Value::Object(fields) = serde_json::to_value(state).unwrap_or_default() else { return change };
    for (key, value) in fields {
        change.put(&key, Some(value));
    }
    change
}

/// What stands between `old`, stored as `parts`, and `new`. A part that both share by pointer is not even looked at.
pub fn difference(old: &RunState, parts: &Parts, new: &RunState) -> Change {
    let mut change = Change { parts: parts.clone(), patch: Value::Object(Map::new()), ..Change::default() };
    macro_rules! compare {
        ($old:ident, $new:ident; shared $($shared:ident)*; optional $($optional:ident)*) => {{
            $(if !Arc::ptr_eq(&$old.$shared, &$new.$shared) {
                change.put(stringify!($shared), to_value(&*$new.$shared));
            })*
            $(match (&$old.$optional, &$new.$optional) {
                (Some(a), Some(b)) if Arc::ptr_eq(a, b) => {}
                (None, None) => {}
                (_, value) => change.put(stringify!($optional), value.as_deref().and_then(to_value)),
            })*
            if $old.cursor != $new.cursor {
                change.put("cursor", to_value(&$new.cursor));
            }
            if $old.fix_round != $new.fix_round {
                change.put("fix_round", $new.fix_round.map(Value::from));
            }
            if $old.guidance != $new.guidance {
                change.put("guidance", if $new.guidance.is_empty() { None } else { to_value(&$new.guidance) });
            }
        }};
    }
    match (old, new) {
        (RunState::Novel(old), RunState::Novel(new)) => compare! { old, new;
            shared output_spec current_state digests;
            optional outline beats draft extraction critique best draws replaces redo
        },
        (RunState::Script(old), RunState::Script(new)) => compare! { old, new;
            shared output_spec current_state digests;
            optional prompt_preset scene_list draft extraction critique best draws replaces redo
        },
        (RunState::Adaptation(old), RunState::Adaptation(new)) => {
            compare! { old, new;
                shared output_spec current_state digests source;
                optional prompt_preset conversion_output_spec breakdown breakdowns episode_plan draft extraction critique best draws
                    replaces redo
            };
            if old.length_by_chapter != new.length_by_chapter {
                change.put("length_by_chapter", new.length_by_chapter.then_some(Value::Bool(true)));
            }
            if old.ending != new.ending {
                change.put("ending", new.ending.as_ref().and_then(to_value));
            }
            if old.episode_count != new.episode_count {
                change.put("episode_count", new.episode_count.map(Value::from));
            }
            if old.split_mode != new.split_mode {
                change.put("split_mode", new.split_mode.as_ref().and_then(to_value));
            }
        }
        // A run's kind never changes.
        _ => {}
    }
    change
}

fn to_value<T: serde::Serialize>(value: &T) -> Option<Value> {
    serde_json::to_value(value).ok()
}

impl Change {
    fn put(&mut self, key: &str, value: Option<Value>) {
        let before = self.parts.get(key).and_then(|v| serde_json::from_str::<Value>(&v.json).ok());
        let Value::Object(patch) = &mut self.patch else { return };
        match value {
            None => {
                if self.parts.remove(key).is_some() {
                    patch.insert(key.to_owned(), Value::Null);
                    self.values.push((key.to_owned(), None));
                }
            }
            Some(value) => {
                if before.as_ref() == Some(&value) {
                    return;
                }
                let json: Arc<str> = canonical_json(&value).into();
                let stored = StoredValue { hash: hash_text(&json), json };
                let change = match &before {
                    Some(before) => patch::diff(before, &value),
                    None => value,
                };
                patch.insert(key.to_owned(), change);
                self.parts.insert(key.to_owned(), stored.clone());
                self.values.push((key.to_owned(), Some(stored)));
            }
        }
    }

    /// Key to hash, as a step row keeps it.
    pub fn map(&self) -> BTreeMap<String, String> {
        self.parts.iter().map(|(key, value)| (key.clone(), value.hash.clone())).collect()
    }
}
