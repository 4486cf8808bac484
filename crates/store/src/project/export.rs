//! Rows into a file.

use std::collections::BTreeSet;

use serde_json::Value;
use studio::{
    ports::{Micros, StoreError},
    project::Holds,
};

use super::{
    TABLES,
    columns::columns,
    file::{FORMAT, Head, Writing},
    lines::line,
    rows::{Line, text},
};
use crate::{
    fault::not_found,
    migrate,
    sql::{self, params},
    tx::Ask,
};

/// What is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scope {
    pub(crate) holds: Holds,
    /// The brief's, snapshot's or run's id.
    pub(crate) id: String,
    /// Whether what was deleted is meant, as the bin does; else what was not.
    pub(crate) deleted: bool,
}

/// The ids that the rows are found by.
#[derive(Debug, Default)]
struct Ids {
    brief: String,
    snapshots: Vec<String>,
    /// Each with its snapshot.
    runs: Vec<(String, String)>,
}

/// Which rows of a table: a condition with its values, and the run that they belong to.
struct Part<'a> {
    condition: String,
    values: Vec<sea_orm::Value>,
    run: Option<&'a (String, String)>,
}

/// Writes everything in the scope, as it is at one moment. `ask` is that moment.
pub(crate) async fn export(ask: &impl Ask, scope: &Scope, now: Micros) -> Result<Vec<u8>, StoreError> {
    let ids = ids(ask, scope).await?;
    let mut title = String::new();
    if let Some(mut row) = ask.one("SELECT title FROM briefs WHERE id = $1", params![ids.brief.as_str()]).await? {
        title = row.text()?;
    }
    let head = Head {
        fabulist: "project".into(),
        format: FORMAT,
        schema: migrate::VERSION,
        holds: scope.holds,
        id: scope.id.clone(),
        title,
        at: now,
    };
    let mut file = Writing::begin(&head)?;
    for table in TABLES {
        let columns = columns(ask, table).await?;
        let names: Vec<String> = columns.iter().map(|(name, _)| format!("t.{name}")).collect();
        let select = format!("SELECT {} FROM {table} t", names.join(", "));
        // Lines that were forked from each other share their contents.
        let shared = match table {
            "contents" => Some("id"),
            "paragraph_prints" => Some("content_id"),
            _ => None,
        };
        let mut written: BTreeSet<String> = BTreeSet::new();
        for part in parts(table, scope, &ids) {
            let mut fresh = BTreeSet::new();
            let mut before: Option<Line> = None;
            for mut row in ask.all(format!("{select} WHERE {}", part.condition), part.values).await? {
                let mut row = line(&mut row, &columns)?;
                if let Some(last) = row.get("last_event").and_then(Value::as_i64).filter(|_| scope.deleted) {
                    // The last one tells that it was deleted, and is no part of it.
                    row.insert("last_event".into(), Value::from(last - 1));
                }
                if let Some(run) = part.run.filter(|_| scope.deleted && matches!(table, "artifacts" | "artifact_versions")) {
                    as_before(table, &mut row, run, &mut before);
                }
                if let Some(id) = shared.and_then(|column| text(&row, column)) {
                    if written.contains(id) {
                        continue;
                    }
                    fresh.insert(id.to_owned());
                }
                file.row(table, row)?;
            }
            written.extend(fresh);
        }
    }
    file.end()
}

async fn ids(ask: &impl Ask, scope: &Scope) -> Result<Ids, StoreError> {
    let mut ids = Ids::default();
    // What was binned before has a file of its own.
    let there = if scope.deleted { "deleted_at IS NOT NULL AND binned = 0" } else { "deleted_at IS NULL" };
    let id = scope.id.as_str();
    match scope.holds {
        Holds::Brief => {
            let row = ask.one(format!("SELECT id FROM briefs WHERE id = $1 AND {there}"), params![id]).await?;
            row.ok_or_else(|| not_found("brief", id))?;
            ids.brief = id.to_owned();
            ids.snapshots = all(ask, format!("SELECT id FROM brief_snapshots WHERE brief_id = $1 AND {there} ORDER BY id"), id).await?;
            ids.runs = runs(ask, "brief_id", there, id).await?;
        }
        Holds::Snapshot => {
            let row = ask.one(format!("SELECT brief_id FROM brief_snapshots WHERE id = $1 AND {there}"), params![id]).await?;
            ids.brief = row.ok_or_else(|| not_found("snapshot", id))?.text()?;
            ids.snapshots = vec![id.to_owned()];
            ids.runs = runs(ask, "snapshot_id", there, id).await?;
        }
        Holds::Run => {
            let row = ask.one(format!("SELECT brief_id, snapshot_id FROM workflow_runs WHERE id = $1 AND {there}"), params![id]).await?;
            let mut row = row.ok_or_else(|| not_found("run", id))?;
            ids.brief = row.text()?;
            ids.snapshots = vec![row.text()?];
            ids.runs = vec![(id.to_owned(), ids.snapshots[0].clone())];
        }
    }
    Ok(ids)
}

async fn all(ask: &impl Ask, sql: String, id: &str) -> Result<Vec<String>, StoreError> {
    ask.all(sql, params![id]).await?.into_iter().map(|mut row| row.text()).collect()
}

async fn runs(ask: &impl Ask, of: &str, there: &str, id: &str) -> Result<Vec<(String, String)>, StoreError> {
    let sql = format!("SELECT id, snapshot_id FROM workflow_runs WHERE {of} = $1 AND {there} ORDER BY id");
    ask.all(sql, params![id]).await?.into_iter().map(|mut row| Ok((row.text()?, row.text()?))).collect()
}

/// An artifact or a version that was let go of when its run was deleted, as it was before. Versions come by their numbers; `before` is the
/// one that came last.
fn as_before(table: &str, row: &mut Line, (run_id, snapshot_id): &(String, String), before: &mut Option<Line>) {
    row.insert("run_id".into(), Value::from(run_id.as_str()));
    if table == "artifacts" {
        row.insert("snapshot_id".into(), Value::from(snapshot_id.as_str()));
        return;
    }
    let parent = before.as_ref().filter(|before| before.get("artifact_id") == row.get("artifact_id")).and_then(|before| before.get("id"));
    if let Some(parent) = parent.filter(|_| !row.contains_key("parent_id")) {
        row.insert("parent_id".into(), parent.clone());
    }
    *before = Some(row.clone());
}

/// Which rows of the table belong to the scope, a run at a time.
fn parts<'a>(table: &str, scope: &Scope, ids: &'a Ids) -> Vec<Part<'a>> {
    let each_run = |condition: &str| {
        let part = |run: &'a (String, String)| Part { condition: condition.to_owned(), values: params![run.0.as_str()], run: Some(run) };
        ids.runs.iter().map(part).collect::<Vec<_>>()
    };
    let by_id = |list: &[String]| {
        let chunks = list.chunks(sql::longest_list()).filter_map(|ids| sql::any_of(1, ids));
        chunks.map(|(list, values)| Part { condition: format!("t.id IN ({list}) ORDER BY t.id"), values, run: None }).collect::<Vec<_>>()
    };
    // An artifact of the run: also one that was let go of when the run was deleted.
    let of_run = "a.run_id = $1 OR a.detached_from = $1";
    let alone = "a.run_id IS NULL AND a.brief_id = $1";
    let lines = |within: &dyn Fn(&str) -> String| {
        let mut conditions = each_run(&within(of_run));
        if scope.holds == Holds::Brief {
            conditions.push(Part { condition: within(alone), values: params![ids.brief.as_str()], run: None });
        }
        conditions
    };
    let versions = |of: &str| format!("SELECT v.id FROM artifact_versions v JOIN artifacts a ON a.id = v.artifact_id WHERE {of}");
    // Words of its versions, and those that it is made from.
    let contents = |of: &str| {
        format!(
            "SELECT v.content_id FROM artifact_versions v JOIN artifacts a ON a.id = v.artifact_id WHERE {of} \
             UNION SELECT p.content_id FROM source_pins p WHERE p.run_id = $1"
        )
    };
    match table {
        "briefs" => by_id(std::slice::from_ref(&ids.brief)),
        "brief_snapshots" => by_id(&ids.snapshots),
        "workflow_runs" => by_id(&ids.runs.iter().map(|(run, _)| run.clone()).collect::<Vec<_>>()),
        "contents" => lines(&|of| format!("t.id IN ({}) ORDER BY t.id", contents(of))),
        "paragraph_prints" => lines(&|of| format!("t.content_id IN ({}) ORDER BY t.content_id, t.number, t.print", contents(of))),
        "artifacts" => lines(&|of| format!("t.id IN (SELECT a.id FROM artifacts a WHERE {of}) ORDER BY t.ordinal, t.id")),
        "artifact_locks" => lines(&|of| format!("t.artifact_id IN (SELECT a.id FROM artifacts a WHERE {of}) ORDER BY t.artifact_id, t.id")),
        "artifact_versions" => {
            lines(&|of| format!("t.artifact_id IN (SELECT a.id FROM artifacts a WHERE {of}) ORDER BY t.artifact_id, t.number"))
        }
        "findings" => lines(&|of| format!("t.version_id IN ({}) ORDER BY t.version_id, t.number", versions(of))),
        "readings" => lines(&|of| format!("t.version_id IN ({}) ORDER BY t.version_id", versions(of))),
        "source_pins" => each_run("t.run_id = $1 ORDER BY t.content_id"),
        "state_values" | "segments" => each_run("t.run_id = $1 ORDER BY t.hash"),
        "run_state" => each_run("t.run_id = $1 ORDER BY t.key"),
        "workflow_steps" => each_run("t.run_id = $1 ORDER BY t.step_index, t.attempt"),
        "model_calls" => each_run("t.run_id = $1 ORDER BY t.created_at, t.id"),
        "proposals" => each_run("t.run_id = $1 ORDER BY t.id"),
        "asides" if scope.holds == Holds::Brief => {
            vec![Part { condition: "t.brief_id = $1 ORDER BY t.id".into(), values: params![ids.brief.as_str()], run: None }]
        }
        "events" => each_run("t.run_id = $1 AND t.name <> 'run.deleted' ORDER BY t.number"),
        _ => Vec::new(),
    }
}
