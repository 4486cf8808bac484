//! The journal of model calls. A request is stored as hashes of its parts, and each part once a run.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use serde::{Deserialize, Serialize};
use story::{
    canonical::hash_text,
    tasks::{Prompt, Segment, Turn},
};
use studio::{journal::JournaledCall, ports::StoreError};

use crate::{
    fault::not_found,
    row::{Row, USAGE, json, name, usage_values},
    runs,
    sql::{self, params},
    steps,
    tx::{Ask, Tx},
};

const COLUMNS: [&str; 16] = [
    "id",
    "run_id",
    "step_id",
    "step_index",
    "attempt",
    "slot",
    "task",
    "model",
    "request_hash",
    "prompt",
    "settings",
    "response",
    "finish",
    "standing",
    "latency_ms",
    "created_at",
];

static SELECT: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM model_calls WHERE run_id = $1 \
         AND EXISTS (SELECT 1 FROM workflow_runs r WHERE r.id = $1 AND r.deleted_at IS NULL)",
        [&COLUMNS[..], &USAGE].concat().join(", ")
    )
});
static OPEN: LazyLock<String> = LazyLock::new(|| {
    format!("{} AND slot = $2 AND request_hash = $3 AND standing = 'open' ORDER BY created_at DESC, id DESC LIMIT 1", *SELECT)
});
static OF_INDEX: LazyLock<String> = LazyLock::new(|| format!("{} AND step_index = $2 ORDER BY created_at, id", *SELECT));

/// A prompt with a hash in the place of every text.
#[derive(Serialize, Deserialize)]
struct Outline {
    system: Vec<(String, String)>,
    user: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    turns: Vec<(bool, String)>,
}

impl Outline {
    /// The outline of `prompt`, and its texts by hash.
    fn of(prompt: &Prompt) -> (Self, BTreeMap<String, &str>) {
        let mut texts = BTreeMap::new();
        let mut hashed = |text| {
            let hash = hash_text(text);
            texts.insert(hash.clone(), text);
            hash
        };
        let outline = Self {
            system: prompt.system.iter().map(|s| (s.name.clone(), hashed(&s.text))).collect(),
            user: prompt.user.iter().map(|s| (s.name.clone(), hashed(&s.text))).collect(),
            turns: prompt.turns.iter().map(|t| (t.from_model, hashed(&t.text))).collect(),
        };
        (outline, texts)
    }

    fn hashes(&self) -> impl Iterator<Item = &String> {
        self.system.iter().chain(&self.user).map(|(_, hash)| hash).chain(self.turns.iter().map(|(_, hash)| hash))
    }

    fn filled(self, texts: &BTreeMap<String, String>) -> Prompt {
        let text = |hash: &String| texts.get(hash).cloned().unwrap_or_default();
        let segments = |list: Vec<(String, String)>| list.into_iter().map(|(name, hash)| Segment { text: text(&hash), name }).collect();
        Prompt {
            system: segments(self.system),
            user: segments(self.user),
            turns: self.turns.into_iter().map(|(from_model, hash)| Turn { from_model, text: text(&hash) }).collect(),
        }
    }
}

/// Writes an answer down, adding to the usage of its run and attempt.
pub(crate) async fn write(tx: &Tx, call: &JournaledCall) -> Result<(), StoreError> {
    // At once, so that whatever refers to the run is not even tried where there is none.
    if !runs::add_usage_of(tx, call).await? {
        // A commit whose answer was lost is done again: what is there already was counted, too.
        let known =
            tx.one("SELECT 1 FROM model_calls WHERE id = $1 AND run_id = $2", params![call.id.as_str(), call.run_id.as_str()]).await?;
        return if known.is_some() { Ok(()) } else { Err(not_found("run", &call.run_id)) };
    }
    steps::add_usage(tx, &call.run_id, &call.step_id, call.usage);
    insert(tx, call)
}

/// Writes an answer down and leaves the usage to the caller.
pub(crate) fn insert(tx: &Tx, call: &JournaledCall) -> Result<(), StoreError> {
    let (outline, texts) = Outline::of(&call.prompt);
    let texts = texts.iter().map(|(hash, text)| params![call.run_id.as_str(), hash.as_str(), *text]).collect();
    tx.insert("segments", &["run_id", "hash", "text"], texts, "ON CONFLICT (run_id, hash) DO NOTHING");
    let mut values = params![
        call.id.as_str(),
        call.run_id.as_str(),
        call.step_id.as_str(),
        call.step_index,
        call.attempt,
        call.slot.as_str(),
        call.task.as_str(),
        call.model.as_str(),
        call.request_hash.as_str(),
        json(&outline)?,
        json(&call.settings)?,
        call.response.as_str(),
        name(call.finish)?,
        name(call.standing)?,
        call.latency_ms,
        call.created_at,
    ];
    values.extend(usage_values(call.usage));
    tx.insert("model_calls", &[&COLUMNS[..], &USAGE].concat(), vec![values], "");
    Ok(())
}

/// All open answers of an index are spent.
pub(crate) fn spend(tx: &Tx, run_id: &str, index: i64) {
    tx.put("UPDATE model_calls SET standing = 'spent' WHERE run_id = $1 AND step_index = $2 AND standing = 'open'", params![run_id, index]);
}

/// These answers are never used again.
pub(crate) fn reject(tx: &Tx, run_id: &str, ids: &[String]) {
    for ids in ids.chunks(sql::longest_list()) {
        if let Some((list, ids)) = sql::any_of(2, ids) {
            let values = params![run_id].into_iter().chain(ids).collect();
            tx.put(format!("UPDATE model_calls SET standing = 'rejected' WHERE run_id = $1 AND id IN ({list})"), values);
        }
    }
}

/// The open answer for a slot and request.
pub(crate) async fn open(ask: &impl Ask, run_id: &str, slot: &str, request_hash: &str) -> Result<Option<JournaledCall>, StoreError> {
    let rows = ask.all(OPEN.as_str(), params![run_id, slot, request_hash]).await?;
    Ok(filled(ask, run_id, rows).await?.pop())
}

/// All calls of an index, in the order in which they were answered.
pub(crate) async fn of_index(ask: &impl Ask, run_id: &str, index: i64) -> Result<Vec<JournaledCall>, StoreError> {
    let rows = ask.all(OF_INDEX.as_str(), params![run_id, index]).await?;
    filled(ask, run_id, rows).await
}

/// Reads calls and puts the texts of their prompts back in.
async fn filled(ask: &impl Ask, run_id: &str, rows: Vec<Row>) -> Result<Vec<JournaledCall>, StoreError> {
    let mut calls = Vec::with_capacity(rows.len());
    for row in rows {
        calls.push(from_row(row)?);
    }
    let hashes: BTreeSet<&String> = calls.iter().flat_map(|(_, outline)| outline.hashes()).collect();
    let hashes: Vec<String> = hashes.into_iter().cloned().collect();
    let mut texts = BTreeMap::new();
    for hashes in hashes.chunks(sql::longest_list()) {
        if let Some((list, hashes)) = sql::any_of(2, hashes) {
            let values = params![run_id].into_iter().chain(hashes).collect();
            for mut row in ask.all(format!("SELECT hash, text FROM segments WHERE run_id = $1 AND hash IN ({list})"), values).await? {
                texts.insert(row.text()?, row.text()?);
            }
        }
    }
    Ok(calls.into_iter().map(|(call, outline)| JournaledCall { prompt: outline.filled(&texts), ..call }).collect())
}

fn from_row(mut row: Row) -> Result<(JournaledCall, Outline), StoreError> {
    let outline;
    let call = JournaledCall {
        id: row.text()?,
        run_id: row.text()?,
        step_id: row.text()?,
        step_index: row.int()?,
        attempt: row.int()?,
        slot: row.text()?,
        task: row.text()?,
        model: row.text()?,
        request_hash: row.text()?,
        prompt: {
            outline = row.json()?;
            Prompt::default()
        },
        settings: row.json()?,
        response: row.text()?,
        finish: row.name()?,
        standing: row.name()?,
        latency_ms: row.int()?,
        created_at: row.int()?,
        usage: row.usage()?,
    };
    Ok((call, outline))
}
