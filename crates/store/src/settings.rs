//! Settings of the whole installation: one JSON value for each key.

use serde_json::Value;
use studio::ports::StoreError;

use crate::{
    row::json,
    sql::{params, taking},
    tx::{Ask, Tx},
};

/// The value, where one was put down.
pub(crate) async fn read(ask: &impl Ask, key: &str) -> Result<Option<Value>, StoreError> {
    ask.one("SELECT value FROM settings WHERE key = $1", params![key]).await?.map(|mut row| row.json()).transpose()
}

/// Puts a value in the place of whatever was there.
pub(crate) fn put(tx: &Tx, key: &str, value: &Value) -> Result<(), StoreError> {
    let sql = "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    tx.put(sql, params![key, json(value)?]);
    Ok(())
}

/// Puts a value in the place of `old`; false where something else stands there.
pub(crate) async fn swap(tx: &Tx, key: &str, old: Option<&Value>, value: &Value) -> Result<bool, StoreError> {
    if old.is_none() {
        let sql = "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";
        return Ok(tx.run(sql, params![key, json(value)?]).await? > 0);
    }
    let select = taking(tx.backend(), "SELECT value FROM settings WHERE key = $1");
    let now: Option<Value> = tx.one(select, params![key]).await?.map(|mut row| row.json()).transpose()?;
    if now.as_ref() == old {
        put(tx, key, value)?;
    }
    Ok(now.as_ref() == old)
}
