//! The state: one row per top-level key, pointing to a stored value.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use studio::ports::{StoreError, StoredValue};

use crate::{
    fault::not_found,
    remembered::Remembered,
    sql::{self, params},
    tx::{Ask, Tx},
};

/// Stores top-level keys that changed; none removes the key.
pub(crate) fn write(tx: &Tx, run_id: &str, changes: &[(String, Option<StoredValue>)]) {
    // One statement may not touch a row twice: the last word on a key counts.
    let changes: BTreeMap<&str, &Option<StoredValue>> = changes.iter().map(|(key, value)| (key.as_str(), value)).collect();
    let kept: Vec<(&str, &StoredValue)> = changes.iter().filter_map(|(key, value)| Some((*key, value.as_ref()?))).collect();
    let values: BTreeMap<&str, &StoredValue> = kept.iter().map(|(_, value)| (value.hash.as_str(), *value)).collect();
    let values = values.values().map(|v| params![run_id, v.hash.as_str(), &*v.json]).collect();
    tx.insert("state_values", &["run_id", "hash", "json"], values, "ON CONFLICT (run_id, hash) DO NOTHING");
    let keys = kept.iter().map(|(key, value)| params![run_id, *key, value.hash.as_str()]).collect();
    tx.insert("run_state", &["run_id", "key", "hash"], keys, "ON CONFLICT (run_id, key) DO UPDATE SET hash = excluded.hash");
    let gone: Vec<String> = changes.iter().filter(|(_, value)| value.is_none()).map(|(key, _)| (*key).to_owned()).collect();
    for gone in gone.chunks(sql::longest_list()) {
        if let Some((list, keys)) = sql::any_of(2, gone) {
            let values = params![run_id].into_iter().chain(keys).collect();
            tx.put(format!("DELETE FROM run_state WHERE run_id = $1 AND key IN ({list})"), values);
        }
    }
}

/// The state as it is now. Values that are at hand are not read again.
pub(crate) async fn read(ask: &impl Ask, run_id: &str, remembered: &Remembered) -> Result<BTreeMap<String, StoredValue>, StoreError> {
    let rows = ask.all("SELECT key, hash FROM run_state WHERE run_id = $1", params![run_id]).await?;
    let map = rows.into_iter().map(|mut row| Ok((row.text()?, row.text()?))).collect::<Result<BTreeMap<_, _>, StoreError>>()?;
    values(ask, run_id, map, remembered).await
}

/// The state as it was after step `index`; 0 is the state that the run began with. After a step that did not succeed it is as it was before.
pub(crate) async fn after(ask: &impl Ask, run_id: &str, index: i64) -> Result<BTreeMap<String, StoredValue>, StoreError> {
    let sql = "SELECT CASE WHEN $2 = 0 THEN 1 ELSE (SELECT COUNT(*) FROM workflow_steps s WHERE s.run_id = r.id AND s.step_index = $2) END, \
               COALESCE((SELECT s.state_map FROM workflow_steps s WHERE s.run_id = r.id AND s.step_index <= $2 AND s.status = 'succeeded' \
               AND s.state_map IS NOT NULL ORDER BY s.step_index DESC LIMIT 1), r.base_map) \
               FROM workflow_runs r WHERE r.id = $1 AND r.deleted_at IS NULL";
    let row = ask.one(sql, params![run_id, index]).await?;
    let mut row = row.ok_or_else(|| not_found("run", run_id))?;
    if row.int()? == 0 {
        return Err(not_found("step", &index.to_string()));
    }
    let map: BTreeMap<String, String> = row.json()?;
    values(ask, run_id, map, &Remembered::default()).await
}

/// The values that a map of keys to hashes stands for.
async fn values(
    ask: &impl Ask,
    run_id: &str,
    map: BTreeMap<String, String>,
    remembered: &Remembered,
) -> Result<BTreeMap<String, StoredValue>, StoreError> {
    let mut values: BTreeMap<String, Arc<str>> = map.values().filter_map(|hash| Some((hash.clone(), remembered.value(hash)?))).collect();
    let missing: Vec<String> =
        map.values().filter(|hash| !values.contains_key(*hash)).collect::<BTreeSet<_>>().into_iter().cloned().collect();
    for hashes in missing.chunks(sql::longest_list()) {
        if let Some((list, hashes)) = sql::any_of(2, hashes) {
            let params = params![run_id].into_iter().chain(hashes).collect();
            let sql = format!("SELECT hash, json FROM state_values WHERE run_id = $1 AND hash IN ({list})");
            for mut row in ask.all(sql, params).await? {
                let (hash, json) = (row.text()?, Arc::<str>::from(row.text()?));
                remembered.keep_value(&hash, &json);
                values.insert(hash, json);
            }
        }
    }
    map.into_iter()
        .map(|(key, hash)| match values.get(&hash) {
            Some(json) => Ok((key, StoredValue { hash, json: json.clone() })),
            None => Err(StoreError::Database(format!("the stored state of run {run_id} lacks its key `{key}`"))),
        })
        .collect()
}
