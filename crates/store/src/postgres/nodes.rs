//! Liveness on a server: each process beats its row, and the database's clock judges. No clock of a machine is compared with another's.

use std::{collections::BTreeMap, time::Duration};

use sqlx::{PgConnection, Row as _};
use studio::ports::{DeadNode, StoreError};

use crate::{
    sql::{SERVER_NOW, params},
    tx::{Ask, Tx},
};

/// A process that was not heard of for so long is dead.
const DEAD_AFTER: Duration = Duration::from_secs(20);

/// Microseconds, as the rows have them.
const DEAD_AFTER_MICROS: i64 = 20_000_000;

/// Enters this process in the table of nodes.
pub(crate) async fn enter(tx: &Tx, node: &str, role: &str) -> Result<(), StoreError> {
    let sql = format!("INSERT INTO nodes (id, role, started_at, seen_at) VALUES ($1, $2, {SERVER_NOW}, {SERVER_NOW})");
    tx.run(sql, params![node, role]).await.map(|_| ())
}

/// Shows that this process lives. Returns how long it was silent, where that was so long that it was thought dead.
pub(super) async fn beat(on: &mut PgConnection, node: &str, role: &str) -> Result<Option<Duration>, sqlx::Error> {
    let before = sqlx::query(sqlx::AssertSqlSafe(format!(
        "WITH before AS (SELECT seen_at FROM nodes WHERE id = $1) \
         INSERT INTO nodes (id, role, started_at, seen_at) VALUES ($1, $2, {SERVER_NOW}, {SERVER_NOW}) \
         ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at \
         RETURNING seen_at - COALESCE((SELECT seen_at FROM before), 0)"
    )))
    .bind(node)
    .bind(role)
    .fetch_one(on)
    .await?;
    let silent = Duration::from_micros(before.try_get::<i64, _>(0)?.max(0).unsigned_abs());
    Ok((silent > DEAD_AFTER).then_some(silent))
}

/// Processes other than `own` that are gone, with the runs that they still hold.
pub(crate) async fn dead(ask: &impl Ask, own: &str) -> Result<Vec<DeadNode>, StoreError> {
    // A claim whose holder is in no row was left behind by one that is gone: it closed, or this is a copy of the database.
    let gone = format!(
        "SELECT n.id FROM nodes n WHERE n.id <> $1 AND n.seen_at < {SERVER_NOW} - {DEAD_AFTER_MICROS} \
         UNION SELECT r.claim_node FROM workflow_runs r WHERE r.claim_node IS NOT NULL AND r.claim_node <> $1 AND r.deleted_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM nodes n WHERE n.id = r.claim_node) ORDER BY 1"
    );
    let mut dead = Vec::new();
    for mut row in ask.all(gone, params![own]).await? {
        dead.push(DeadNode { node: row.text()?, runs: Vec::new() });
    }
    if dead.is_empty() {
        return Ok(dead);
    }
    let mut held: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let claims = "SELECT claim_node, id FROM workflow_runs WHERE claim_node IS NOT NULL AND deleted_at IS NULL ORDER BY id";
    for mut row in ask.all(claims, Vec::new()).await? {
        held.entry(row.text()?).or_default().push(row.text()?);
    }
    for node in &mut dead {
        node.runs = held.remove(&node.node).unwrap_or_default();
    }
    Ok(dead)
}

/// Whether a process has closed, or was silent for too long.
pub(crate) async fn is_gone(ask: &impl Ask, node: &str) -> Result<bool, StoreError> {
    let alive = format!("SELECT id FROM nodes WHERE id = $1 AND seen_at >= {SERVER_NOW} - {DEAD_AFTER_MICROS}");
    Ok(ask.one(alive, params![node]).await?.is_none())
}

/// Takes a dead process out of the table of nodes. One that shows again that it lives stays.
pub(crate) async fn forget(tx: &Tx, node: &str) -> Result<(), StoreError> {
    let sql = format!("DELETE FROM nodes WHERE id = $1 AND seen_at < {SERVER_NOW} - {DEAD_AFTER_MICROS}");
    tx.run(sql, params![node]).await.map(|_| ())
}
