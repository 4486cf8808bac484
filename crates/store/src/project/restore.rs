//! What a person wrote goes back into the run that it was kept from.

use std::collections::BTreeSet;

use studio::ports::StoreError;

use super::rows::{Rows, text};
use crate::{
    sql::params,
    tx::{Ask, Tx},
};

/// Puts manuscripts that were kept when their run was deleted back into its line. What was written on them since comes after
/// everything else.
pub(super) async fn put_words_back(tx: &Tx, rows: &Rows, kept: &BTreeSet<String>) -> Result<(), StoreError> {
    for artifact in rows.of("artifacts") {
        let (Some(id), Some(run_id)) = (text(artifact, "id"), text(artifact, "run_id")) else { continue };
        if kept.contains(id) {
            put_back(tx, rows, id, run_id, text(artifact, "snapshot_id")).await?;
        }
        tx.run(
            "UPDATE artifacts SET latest_version_id = (SELECT v.id FROM artifact_versions v WHERE v.artifact_id = $1 ORDER BY v.number DESC \
             LIMIT 1), title = (SELECT v.title FROM artifact_versions v WHERE v.artifact_id = $1 ORDER BY v.number DESC LIMIT 1) WHERE id = $1",
            params![id],
        )
        .await?;
    }
    Ok(())
}

/// What was written on a manuscript since makes room for the numbers that come back.
pub(super) async fn make_room(tx: &Tx, rows: &Rows, kept: &BTreeSet<String>) -> Result<(), StoreError> {
    let own: BTreeSet<String> = rows.all("artifact_versions", "id").into_iter().collect();
    for id in kept {
        for mut row in tx.all("SELECT id FROM artifact_versions WHERE artifact_id = $1", params![id.as_str()]).await? {
            let version = row.text()?;
            if !own.contains(&version) {
                tx.run("UPDATE artifact_versions SET number = number + 1000000 WHERE id = $1", params![version]).await?;
            }
        }
    }
    Ok(())
}

async fn put_back(tx: &Tx, rows: &Rows, id: &str, run_id: &str, snapshot_id: Option<&str>) -> Result<(), StoreError> {
    tx.run(
        "UPDATE artifacts SET run_id = $2, snapshot_id = $3, detached_from = NULL WHERE id = $1",
        params![id, run_id, snapshot_id.map(str::to_owned)],
    )
    .await?;
    let mut last = 0;
    for version in rows.of("artifact_versions").iter().filter(|version| text(version, "artifact_id") == Some(id)) {
        let number = version.get("number").and_then(serde_json::Value::as_i64).unwrap_or_default();
        last = last.max(number);
        let (own, parent) = (text(version, "id").unwrap_or_default(), text(version, "parent_id").map(str::to_owned));
        tx.run("UPDATE artifact_versions SET run_id = $2, parent_id = $3 WHERE id = $1 AND run_id IS NULL", params![own, run_id, parent])
            .await?;
    }
    let since =
        tx.all("SELECT id FROM artifact_versions WHERE artifact_id = $1 AND run_id IS NULL ORDER BY number DESC", params![id]).await?;
    let mut number = last + i64::try_from(since.len()).unwrap_or_default();
    for mut row in since {
        let version = row.text()?;
        tx.run("UPDATE artifact_versions SET run_id = $2, number = $3 WHERE id = $1", params![version, run_id, number]).await?;
        number -= 1;
    }
    Ok(())
}
