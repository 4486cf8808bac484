//! Events: what happened to a run, numbered without holes.

use serde_json::Value;
use studio::{
    event::Event,
    ports::{Micros, StoreError},
};

use crate::{
    row::{Row, json},
    sql::params,
    tx::{Ask, Tx},
};

/// Appends events to a run, the first with number `first`. The caller holds the run's row.
pub(crate) fn append(
    tx: &Tx,
    run_id: &str,
    first: i64,
    events: &[(&str, &Value)],
    author: Option<&str>,
    now: Micros,
) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(events.len());
    for ((name, data), number) in events.iter().zip(first..) {
        rows.push(params![run_id, number, *name, json(data)?, author.map(str::to_owned), now]);
    }
    tx.insert("events", &["run_id", "number", "name", "data", "author", "created_at"], rows, "");
    Ok(())
}

/// Events of a run that was not deleted, above `after`, in order.
pub(crate) async fn read(ask: &impl Ask, run_id: &str, after: i64, limit: u32) -> Result<Vec<Event>, StoreError> {
    let rows = ask
        .all(
            "SELECT position, run_id, number, name, data, created_at FROM events WHERE run_id = $1 AND number > $2 \
             AND EXISTS (SELECT 1 FROM workflow_runs r WHERE r.id = $1 AND r.deleted_at IS NULL) ORDER BY number LIMIT $3",
            params![run_id, after, i64::from(limit)],
        )
        .await?;
    rows.into_iter().map(|mut row| event(&mut row)).collect()
}

/// An event from its columns: position, run, number, name, data, time.
pub(crate) fn event(row: &mut Row) -> Result<Event, StoreError> {
    Ok(Event {
        position: row.int()?,
        run_id: row.text()?,
        number: row.int()?,
        name: row.text()?,
        data: row.json()?,
        created_at: row.int()?,
    })
}
