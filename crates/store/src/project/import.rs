//! A file into rows.

use std::{collections::BTreeSet, sync::Arc};

use sea_orm::Value as Bound;
use serde_json::Value;
use studio::{
    ports::{Made, Micros, StepFilter, StoreError},
    project::Imported,
    transition::arrive,
};

use super::{
    TABLES,
    columns::{Kind, columns},
    file::unfit,
    lines::bound,
    restore,
    rows::{Line, Rows, text},
};
use crate::{
    briefs, change, fault,
    remembered::Remembered,
    requests, runs,
    sql::{self, params},
    steps,
    tx::{Ask, Tx},
};

/// How a file is taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// A whole project that must not be here yet.
    Import,
    /// Something from the bin: what it hung from may be here still, and what a person wrote in it.
    Restore,
}

/// Stores what is in a file: all of it or nothing. Ids stay as they are.
pub(crate) async fn import(tx: &Tx, rows: &Rows, mode: Mode, ticket: Option<&str>, now: Micros) -> Result<Imported, StoreError> {
    let there = There::look(tx, rows, mode).await?;
    let runs = rows.all("workflow_runs", "id");
    for run in &runs {
        // Whoever follows the feed was told that it is gone; it begins anew for them.
        tx.run("DELETE FROM events WHERE run_id = $1", params![run.as_str()]).await?;
    }
    restore::make_room(tx, rows, &there.artifacts).await?;
    for table in TABLES {
        let columns = columns(tx, table).await?;
        let new = rows.of(table).iter().filter(|row| !there.has(table, row));
        insert(tx, table, &columns, new.collect()).await?;
    }
    if mode == Mode::Restore {
        restore::put_words_back(tx, rows, &there.artifacts).await?;
    }
    look_through(tx, rows).await?;
    // What was made of the words is no part of a file.
    let contents = rows.all("contents", "id").into_iter().map(|id| params![id]).collect();
    tx.insert("unmade", &["content_id"], contents, "ON CONFLICT DO NOTHING");
    for run in &runs {
        change::change(tx, run, &(Arc::new(move |run: &mut _| arrive(run, now)) as studio::ports::Transition), now, &Remembered::default())
            .await?;
    }
    let snapshots = rows.of("brief_snapshots").len() - there.snapshots.len();
    let imported = Imported { brief_id: rows.all("briefs", "id").remove(0), snapshots: snapshots as u64, runs };
    if let Some(ticket) = ticket {
        requests::done(tx, ticket, &Made::Project(imported.clone())).await?;
    }
    Ok(imported)
}

/// What is here already.
struct There {
    brief: bool,
    snapshots: BTreeSet<String>,
    contents: BTreeSet<String>,
    /// Those that were let go of when their run was deleted.
    artifacts: BTreeSet<String>,
    versions: BTreeSet<String>,
}

impl There {
    async fn look(tx: &Tx, rows: &Rows, mode: Mode) -> Result<Self, StoreError> {
        let known = async |table: &str, condition: &str, ids: &[String]| -> Result<BTreeSet<String>, StoreError> {
            let mut known = BTreeSet::new();
            for ids in ids.chunks(sql::longest_list()) {
                let Some((list, values)) = sql::any_of(1, ids) else { continue };
                for mut row in tx.all(format!("SELECT id FROM {table} WHERE id IN ({list}) {condition}"), values).await? {
                    known.insert(row.text()?);
                }
            }
            Ok(known)
        };
        let ids = |table: &str| rows.all(table, "id");
        let gone = |known: BTreeSet<String>, what: &'static str| known.into_iter().next().map(|id| StoreError::Taken { what, id });
        let live = if mode == Mode::Restore { "AND deleted_at IS NOT NULL" } else { "" };
        for (table, what, condition) in [("briefs", "brief", live), ("brief_snapshots", "snapshot", live), ("workflow_runs", "run", "")] {
            if let Some(taken) = gone(known(table, condition, &ids(table)).await?, what) {
                return Err(taken);
            }
        }
        let there = Self {
            brief: !known("briefs", "", &ids("briefs")).await?.is_empty(),
            snapshots: known("brief_snapshots", "", &ids("brief_snapshots")).await?,
            contents: known("contents", "", &ids("contents")).await?,
            artifacts: known("artifacts", "AND run_id IS NULL AND detached_from IS NOT NULL", &ids("artifacts")).await?,
            versions: known("artifact_versions", "AND run_id IS NULL", &ids("artifact_versions")).await?,
        };
        if there.brief {
            briefs::hold(tx, &rows.all("briefs", "id").remove(0)).await?;
        }
        for id in &there.snapshots {
            briefs::hold_snapshot(tx, id).await?;
        }
        Ok(there)
    }

    fn has(&self, table: &str, row: &Line) -> bool {
        let known = match table {
            "briefs" => return self.brief,
            "brief_snapshots" => &self.snapshots,
            "contents" => &self.contents,
            "paragraph_prints" => return text(row, "content_id").is_some_and(|id| self.contents.contains(id)),
            "artifacts" => &self.artifacts,
            // What was locked or unlocked since counts.
            "artifact_locks" => return text(row, "artifact_id").is_some_and(|id| self.artifacts.contains(id)),
            "artifact_versions" => &self.versions,
            "findings" | "readings" => return text(row, "version_id").is_some_and(|id| self.versions.contains(id)),
            _ => return false,
        };
        text(row, "id").is_some_and(|id| known.contains(id))
    }
}

async fn insert(tx: &Tx, table: &str, columns: &[(String, Kind)], rows: Vec<&Line>) -> Result<(), StoreError> {
    if let Some(unknown) = rows.iter().flat_map(|row| row.keys()).find(|key| !columns.iter().any(|(name, _)| name == *key)) {
        return Err(unfit(&format!("{table} has no column `{unknown}` in this version")));
    }
    // A column that the file does not know gets what the database gives it.
    let told: Vec<&(String, Kind)> = columns.iter().filter(|(name, _)| rows.iter().any(|row| row.contains_key(name))).collect();
    let names: Vec<&str> = told.iter().map(|(name, _)| name.as_str()).collect();
    let mut values: Vec<Vec<Bound>> = Vec::with_capacity(rows.len());
    for row in rows {
        let mut cells = Vec::with_capacity(told.len());
        for (name, kind) in &told {
            let raised = (table == "workflow_runs" && name == "epoch")
                .then(|| row.get(name).and_then(Value::as_i64).map(|epoch| Value::from(epoch.saturating_add(1))))
                .flatten();
            let cell = bound(raised.as_ref().or_else(|| row.get(name)), *kind);
            cells.push(cell.ok_or_else(|| unfit(&format!("a row of {table} has another kind of value in `{name}`")))?);
        }
        values.push(cells);
    }
    if names.is_empty() {
        return Ok(());
    }
    tx.insert(table, &names, values, "");
    tx.flush().await.map_err(|error| match error {
        StoreError::Database(detail) => unfit(&format!("{table} does not take its rows: {detail}")),
        other => other,
    })
}

/// Everything can be read as it is read from now on; else nothing of it stays.
async fn look_through(tx: &Tx, rows: &Rows) -> Result<(), StoreError> {
    let looked = async {
        briefs::read(tx, &rows.all("briefs", "id").remove(0)).await?;
        for id in rows.all("brief_snapshots", "id") {
            briefs::snapshot(tx, &id).await?;
        }
        for id in rows.all("workflow_runs", "id") {
            let run = runs::read(tx, &id).await?;
            steps::list(tx, &id, &StepFilter::default()).await?;
            crate::state::after(tx, &id, 0).await?;
            crate::state::read(tx, &id, &Remembered::default()).await?;
            let last = tx.one("SELECT COALESCE(MAX(number), 0) FROM events WHERE run_id = $1", params![id.as_str()]).await?;
            if last.map_or(Ok(0), |mut row| row.int())? != run.last_event {
                return Err(fault::unreadable("run", &"its events do not end with its last one"));
            }
        }
        Ok(())
    };
    looked.await.map_err(|error| match error {
        StoreError::Database(detail) => unfit(&detail),
        other => other,
    })
}
