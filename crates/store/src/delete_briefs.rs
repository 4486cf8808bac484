//! Deleting a brief, or a snapshot, with everything under it: invisible at once, removed in small slices.

use serde_json::{Value, json as object};
use studio::ports::{Micros, StoreError};

use crate::{
    briefs, delete,
    sql::{self, params},
    tx::{Ask, Tx},
};

/// What a brief, or a snapshot, has under it: the column that tells its rows apart, and its id.
struct Under<'a> {
    column: &'static str,
    id: &'a str,
}

impl Under<'_> {
    async fn count(&self, ask: &impl Ask) -> Result<[i64; 5], StoreError> {
        let column = self.column;
        let runs = format!("SELECT r.id FROM workflow_runs r WHERE r.{column} = $1 AND r.deleted_at IS NULL");
        let row = ask
            .one(
                format!(
                    "SELECT (SELECT COUNT(*) FROM workflow_runs r WHERE r.{column} = $1 AND r.deleted_at IS NULL), \
                     (SELECT COUNT(*) FROM workflow_steps WHERE run_id IN ({runs})), \
                     (SELECT COUNT(*) FROM artifact_versions WHERE run_id IN ({runs}) AND source = 'agent'), \
                     (SELECT COUNT(*) FROM artifact_versions WHERE run_id IN ({runs}) AND source = 'user'), \
                     (SELECT COUNT(*) FROM artifacts a WHERE a.{column} = $1 AND a.run_id IS NULL)"
                ),
                params![self.id],
            )
            .await?;
        let Some(mut row) = row else { return Ok([0; 5]) };
        Ok([row.int()?, row.int()?, row.int()?, row.int()?, row.int()?])
    }
}

/// What deleting the brief would remove.
pub(crate) async fn preview(ask: &impl Ask, id: &str) -> Result<Value, StoreError> {
    briefs::read(ask, id).await?;
    let [runs, steps, agent, user, manuscripts] = Under { column: "brief_id", id }.count(ask).await?;
    let row = ask.one("SELECT COUNT(*) FROM brief_snapshots WHERE brief_id = $1 AND deleted_at IS NULL", params![id]).await?;
    let snapshots = row.map_or(Ok(0), |mut row| row.int())?;
    Ok(object!({
        "removes": {"snapshots": snapshots, "runs": runs, "steps": steps, "versions": agent + user, "manuscripts": manuscripts},
        "keeps": {},
    }))
}

/// What deleting the snapshot would remove and keep.
pub(crate) async fn snapshot_preview(ask: &impl Ask, id: &str) -> Result<Value, StoreError> {
    briefs::snapshot(ask, id).await?;
    let [runs, steps, agent, user, manuscripts] = Under { column: "snapshot_id", id }.count(ask).await?;
    Ok(object!({
        "removes": {"runs": runs, "steps": steps, "versions": agent},
        "keeps": {"versions": user, "manuscripts": manuscripts},
    }))
}

/// Makes the brief and its snapshots invisible; [`delete_runs`] does so with the runs.
pub(crate) async fn mark(tx: &Tx, id: &str, now: Micros) -> Result<(), StoreError> {
    briefs::read(tx, id).await?;
    // Whoever is about to start or fork a run is waited for, and finds the snapshot gone otherwise.
    tx.run("UPDATE briefs SET deleted_at = $2 WHERE id = $1", params![id, now]).await?;
    let snapshots = "UPDATE brief_snapshots SET deleted_at = $2, keeps_words = 0 WHERE brief_id = $1 AND deleted_at IS NULL";
    tx.run(snapshots, params![id, now]).await.map(|_| ())
}

/// Makes the snapshot invisible; [`delete_runs`] does so with its runs.
pub(crate) async fn mark_snapshot(tx: &Tx, id: &str, keep_user_versions: bool, now: Micros) -> Result<(), StoreError> {
    briefs::snapshot(tx, id).await?;
    tx.run("UPDATE artifacts SET snapshot_id = NULL WHERE snapshot_id = $1 AND run_id IS NULL", params![id]).await?;
    let values = params![id, now, i64::from(keep_user_versions)];
    tx.run("UPDATE brief_snapshots SET deleted_at = $2, keeps_words = $3 WHERE id = $1", values).await.map(|_| ())
}

/// Runs of snapshots that were deleted, some of them: id, snapshot, and whether what a person wrote is kept.
pub(crate) async fn orphans(ask: &impl Ask) -> Result<Vec<(String, String, bool)>, StoreError> {
    let sql = "SELECT r.id, s.id, s.keeps_words FROM brief_snapshots s JOIN workflow_runs r ON r.snapshot_id = s.id \
               WHERE s.deleted_at IS NOT NULL AND r.deleted_at IS NULL ORDER BY r.id LIMIT 32";
    ask.all(sql, Vec::new()).await?.into_iter().map(|mut row| Ok((row.text()?, row.text()?, row.flag()?))).collect()
}

/// Makes some runs of deleted snapshots invisible, few at a time: nobody waits long behind many. Returns those.
pub(crate) async fn delete_runs(tx: &Tx, now: Micros) -> Result<Vec<String>, StoreError> {
    let mut deleted = Vec::new();
    for (run, snapshot, keep_user_versions) in orphans(tx).await? {
        match delete::mark(tx, &run, keep_user_versions, now).await {
            // Somebody else was faster.
            Err(StoreError::NotFound { .. }) => continue,
            marked => marked?,
        }
        if keep_user_versions {
            tx.run("UPDATE artifacts SET snapshot_id = NULL WHERE snapshot_id = $1 AND run_id IS NULL", params![snapshot]).await?;
        }
        deleted.push(run);
    }
    Ok(deleted)
}

/// The snapshot, and the brief, that was deleted first. One whose runs another process is still removing waits.
const SNAPSHOT: &str = "SELECT s.id FROM brief_snapshots s WHERE s.deleted_at IS NOT NULL AND s.binned >= $1 \
     AND NOT EXISTS (SELECT 1 FROM workflow_runs r WHERE r.snapshot_id = s.id) ORDER BY s.deleted_at, s.id LIMIT 1";
const BRIEF: &str = "SELECT b.id FROM briefs b WHERE b.deleted_at IS NOT NULL AND b.binned >= $1 \
     AND NOT EXISTS (SELECT 1 FROM workflow_runs r WHERE r.brief_id = b.id) ORDER BY b.deleted_at, b.id LIMIT 1";

/// Removes some rows of what was deleted, once its runs are gone. True while more is left.
pub(crate) async fn slice(tx: &Tx, binned: bool) -> Result<bool, StoreError> {
    let snapshot = tx.one(sql::taking_free(tx.backend(), SNAPSHOT), params![i64::from(binned)]).await?;
    if let Some(mut row) = snapshot {
        let id = row.text()?;
        tx.run("DELETE FROM brief_snapshots WHERE id = $1 AND deleted_at IS NOT NULL", params![id]).await?;
        return Ok(true);
    }
    let brief = tx.one(sql::taking_free(tx.backend(), BRIEF), params![i64::from(binned)]).await?;
    let Some(mut row) = brief else { return Ok(false) };
    let id = row.text()?;
    tx.run("DELETE FROM requests WHERE about = $1", params![id.as_str()]).await?;
    let under = [
        "DELETE FROM artifacts WHERE id IN (SELECT id FROM artifacts WHERE brief_id = $1 LIMIT 8)",
        "DELETE FROM contents WHERE id IN (SELECT id FROM contents WHERE brief_id = $1 LIMIT 8)",
        "DELETE FROM briefs WHERE id = $1 AND deleted_at IS NOT NULL",
    ];
    for sql in under {
        if tx.run(sql, params![id.as_str()]).await? > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}
