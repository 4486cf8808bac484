//! Deleting: invisible at once, removed in small slices.

use std::time::{Duration, Instant};

use serde_json::{Value, json as object};
use studio::ports::{Micros, StoreError};

use crate::{
    delete_briefs, events, knowledge, pins, runs,
    sql::{self, params},
    tx::{Ask, Tx},
};

/// A slice of the sweeper ends after this long, so that with its commit it stays below 10 ms.
const SLICE: Duration = Duration::from_millis(3);

/// Tables whose rows belong to a run, leaves first: the table, the column that tells its rows of one run apart, how many go at once.
const LEAVES: [(&str, &str, u32); 6] = [
    ("proposals", "id", 16),
    ("model_calls", "id", 16),
    ("segments", "hash", 16),
    ("run_state", "key", 64),
    ("state_values", "hash", 32),
    ("workflow_steps", "id", 16),
];

/// The run that waits longest to be removed; one that another process is removing is that one's. What is marked for later is being imported.
const OLDEST: &str = "SELECT id FROM workflow_runs WHERE deleted_at <= $2 AND binned >= $1 ORDER BY deleted_at, id LIMIT 1";

/// What deleting the run would remove and keep.
pub(crate) async fn preview(ask: &impl Ask, run_id: &str) -> Result<Value, StoreError> {
    runs::read(ask, run_id).await?;
    let row = ask
        .one(
            "SELECT (SELECT COUNT(*) FROM workflow_steps WHERE run_id = $1), (SELECT COUNT(*) FROM model_calls WHERE run_id = $1), \
             (SELECT COUNT(*) FROM events WHERE run_id = $1), (SELECT COUNT(*) FROM artifacts WHERE run_id = $1), \
             (SELECT COUNT(*) FROM artifact_versions WHERE run_id = $1 AND source = 'agent'), \
             (SELECT COUNT(*) FROM artifact_versions WHERE run_id = $1 AND source = 'user'), \
             (SELECT COUNT(DISTINCT artifact_id) FROM artifact_versions WHERE run_id = $1 AND source = 'user')",
            params![run_id],
        )
        .await?;
    let Some(mut row) = row else { return Ok(Value::Null) };
    let mut next = || row.int();
    let (steps, calls, events, artifacts, agent, user, manuscripts) = (next()?, next()?, next()?, next()?, next()?, next()?, next()?);
    Ok(object!({
        "removes": {"steps": steps, "calls": calls, "events": events, "artifacts": artifacts - manuscripts, "versions": agent},
        "keeps": {"manuscripts": manuscripts, "versions": user},
    }))
}

/// Makes the run invisible, and lets go of what a person wrote.
pub(crate) async fn mark(tx: &Tx, run_id: &str, keep_user_versions: bool, now: Micros) -> Result<(), StoreError> {
    let mut run = runs::take(tx, run_id).await?;
    run.deleted_at = Some(now);
    run.updated_at = now;
    run.epoch += 1;
    run.claim = None;
    run.due_at = None;
    run.last_event += 1;
    runs::save(tx, &run, studio::ports::Usage::NONE)?;
    if keep_user_versions {
        detach(tx, run_id).await?;
    }
    events::append(tx, run_id, run.last_event, &[("run.deleted", &object!({"run_id": run_id}))], None, now)
}

/// A person's versions become a standalone manuscript.
async fn detach(tx: &Tx, run_id: &str) -> Result<(), StoreError> {
    let statements = [
        "UPDATE artifact_versions SET run_id = NULL, step_index = NULL WHERE run_id = $1 AND source = 'user'",
        "UPDATE artifact_versions SET parent_id = NULL WHERE run_id IS NULL \
         AND artifact_id IN (SELECT id FROM artifacts WHERE run_id = $1) \
         AND parent_id IN (SELECT id FROM artifact_versions WHERE run_id = $1)",
        "UPDATE artifacts SET run_id = NULL, detached_from = $1, \
         title = (SELECT v.title FROM artifact_versions v WHERE v.artifact_id = artifacts.id AND v.run_id IS NULL ORDER BY v.number DESC LIMIT 1), \
         latest_version_id = (SELECT v.id FROM artifact_versions v WHERE v.artifact_id = artifacts.id AND v.run_id IS NULL \
         ORDER BY v.number DESC LIMIT 1) \
         WHERE run_id = $1 AND EXISTS (SELECT 1 FROM artifact_versions v WHERE v.artifact_id = artifacts.id AND v.run_id IS NULL)",
    ];
    for sql in statements {
        tx.run(sql, params![run_id]).await?;
    }
    Ok(())
}

/// Removes a slice of what was deleted; with `binned` only what lies in the bin. True while more is left.
pub(crate) async fn sweep(tx: &Tx, binned: bool, now: Micros) -> Result<bool, StoreError> {
    let begun = Instant::now();
    loop {
        let oldest = tx.one(sql::taking_free(tx.backend(), OLDEST), params![i64::from(binned), now]).await?;
        let Some(mut oldest) = oldest else {
            while delete_briefs::slice(tx, binned).await? {
                if begun.elapsed() > SLICE {
                    return Ok(true);
                }
            }
            return Ok(false);
        };
        let run_id = oldest.text()?;
        while !slice(tx, &run_id).await? {
            if begun.elapsed() > SLICE {
                return Ok(true);
            }
        }
        if begun.elapsed() > SLICE {
            return Ok(true);
        }
    }
}

/// Whether anything that was deleted is still to be removed, by whomever.
pub(crate) async fn is_anything_left(ask: &impl Ask, now: Micros) -> Result<bool, StoreError> {
    let left = ["workflow_runs", "brief_snapshots", "briefs"].map(|table| format!("SELECT id FROM {table} WHERE deleted_at <= $1"));
    Ok(ask.one(format!("{} LIMIT 1", left.join(" UNION ALL ")), params![now]).await?.is_some())
}

/// Removes some rows of a run. True once its last one is gone.
async fn slice(tx: &Tx, run_id: &str) -> Result<bool, StoreError> {
    // The last event, `run.deleted`, stays in the feed.
    let events = "DELETE FROM events WHERE position IN (SELECT position FROM events WHERE run_id = $1 AND name <> 'run.deleted' LIMIT 64)";
    if tx.run(events, params![run_id]).await? > 0 {
        return Ok(false);
    }
    if versions(tx, run_id).await? {
        return Ok(false);
    }
    let pinned = pins::release(tx, run_id).await?;
    if !pinned.is_empty() {
        orphans(tx, &pinned).await?;
        return Ok(false);
    }
    for (table, key, some) in LEAVES {
        let sql = format!("DELETE FROM {table} WHERE run_id = $1 AND {key} IN (SELECT {key} FROM {table} WHERE run_id = $1 LIMIT {some})");
        if tx.run(sql, params![run_id]).await? > 0 {
            return Ok(false);
        }
    }
    tx.run("DELETE FROM requests WHERE about = $1", params![run_id]).await?;
    if tx.run("DELETE FROM artifacts WHERE id IN (SELECT id FROM artifacts WHERE run_id = $1 LIMIT 64)", params![run_id]).await? > 0 {
        return Ok(false);
    }
    tx.run("DELETE FROM workflow_runs WHERE id = $1 AND deleted_at IS NOT NULL", params![run_id]).await?;
    Ok(true)
}

/// Removes some versions, with the contents that nobody refers to any more. False where there was none.
async fn versions(tx: &Tx, run_id: &str) -> Result<bool, StoreError> {
    let (mut ids, mut contents) = (Vec::new(), Vec::new());
    for mut row in tx.all("SELECT id, content_id FROM artifact_versions WHERE run_id = $1 LIMIT 8", params![run_id]).await? {
        ids.push(row.text()?);
        contents.push(row.text()?);
    }
    let Some((ids, id_values)) = sql::any_of(1, &ids) else { return Ok(false) };
    for table in ["findings", "readings"] {
        tx.run(format!("DELETE FROM {table} WHERE version_id IN ({ids})"), id_values.clone()).await?;
    }
    tx.run(format!("DELETE FROM artifact_versions WHERE id IN ({ids})"), id_values).await?;
    orphans(tx, &contents).await?;
    knowledge::forget_readings(tx, &contents).await?;
    Ok(true)
}

/// Removes those of these contents that no version and no pin refers to.
async fn orphans(tx: &Tx, contents: &[String]) -> Result<(), StoreError> {
    let Some((contents, values)) = sql::any_of(1, contents) else { return Ok(()) };
    // Held while it is looked whether anybody refers to them: who begins to meanwhile waits, and stores them anew.
    let held = format!("SELECT id FROM contents WHERE id IN ({contents}) ORDER BY id");
    tx.all(sql::taking(tx.backend(), &held), values.clone()).await?;
    // Prints and facts go with their content.
    let orphans = format!(
        "DELETE FROM contents WHERE id IN ({contents}) AND NOT EXISTS (SELECT 1 FROM artifact_versions v WHERE v.content_id = contents.id) \
         AND NOT EXISTS (SELECT 1 FROM source_pins p WHERE p.content_id = contents.id)"
    );
    tx.run(orphans, values).await.map(|_| ())
}
