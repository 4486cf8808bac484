//! Workflow runs: the row, field by field.

use std::{collections::BTreeMap, sync::LazyLock};

use sea_orm::Value;
use studio::{
    journal::JournaledCall,
    ports::{DueRun, Micros, Page, PageOf, RunFilter, StoreError, StoredValue, Usage},
    run::{ActiveStep, Budget, ClaimedBy, Run},
};

use crate::{
    briefs, events,
    fault::not_found,
    page::{self, Order},
    row::{Row, USAGE, flag, json, maybe_json, name, number, usage_added, usage_values},
    sql::{self, params},
    state,
    tx::{Ask, Tx},
};

/// The columns that never change.
const FIXED: [&str; 2] = ["id", "created_at"];

/// The columns that a transition may change, in the order of [`changing`].
const CHANGING: [&str; 41] = [
    "kind",
    "brief_id",
    "snapshot_id",
    "label",
    "model",
    "context_budget",
    "origin",
    "status",
    "epoch",
    "claim_node",
    "claim_kind",
    "due_at",
    "hold_until",
    "autorun",
    "until",
    "pause_before",
    "gate_passed",
    "active_id",
    "active_index",
    "active_attempt",
    "active_name",
    "active_started_at",
    "pause",
    "retry",
    "error",
    "cursor",
    "unread",
    "progress_done",
    "progress_total",
    "has_budget",
    "max_cost",
    "max_tokens",
    "last_index",
    "open_index",
    "forked_from",
    "forked_from_index",
    "author",
    "state_version",
    "last_event",
    "deleted_at",
    "updated_at",
];

static COLUMNS: LazyLock<String> = LazyLock::new(|| [&FIXED[..], &CHANGING, &USAGE].concat().join(", "));
static SELECT: LazyLock<String> = LazyLock::new(|| format!("SELECT {} FROM workflow_runs WHERE id = $1 AND deleted_at IS NULL", *COLUMNS));

/// Saves every column that may change.
static SAVE: LazyLock<String> = LazyLock::new(|| format!("UPDATE workflow_runs SET {} WHERE id = $1", assignments()));
/// The same, adding to the usage.
static SAVE_AND_ADD: LazyLock<String> =
    LazyLock::new(|| format!("UPDATE workflow_runs SET {}, {} WHERE id = $1", assignments(), usage_added(CHANGING.len() + 2)));
/// Adds to the usage alone, for a call that is not in the journal yet.
static ADD: LazyLock<String> = LazyLock::new(|| {
    let added = usage_added(3);
    format!(
        "UPDATE workflow_runs SET {added} WHERE id = $1 AND deleted_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM model_calls c WHERE c.id = $2 AND c.run_id = $1)"
    )
});

fn assignments() -> String {
    CHANGING.iter().zip(2..).map(|(column, n)| format!("{column} = ${n}")).collect::<Vec<_>>().join(", ")
}

fn changing(run: &Run) -> Result<Vec<Value>, StoreError> {
    let active = run.active_step.as_ref();
    Ok(params![
        name(run.kind)?,
        run.brief_id.as_str(),
        run.snapshot_id.as_str(),
        run.label.clone(),
        run.model.as_str(),
        number(run.context_budget),
        run.origin.clone(),
        name(run.status)?,
        run.epoch,
        run.claim.as_ref().map(|c| c.node.clone()),
        run.claim.as_ref().map(|c| c.kind.clone()),
        run.due_at,
        run.hold_until,
        flag(run.autorun),
        maybe_json(run.until.as_ref())?,
        json(&run.pause_before)?,
        run.gate_passed,
        active.map(|a| a.id.clone()),
        active.map(|a| a.index),
        active.map(|a| a.attempt),
        active.map(|a| a.name.clone()),
        active.map(|a| a.started_at),
        maybe_json(run.pause.as_ref())?,
        maybe_json(run.retry.as_ref())?,
        maybe_json(run.error.as_ref())?,
        json(&run.cursor)?,
        json(&run.unread)?,
        number(run.progress.done),
        number(run.progress.total),
        flag(run.budget.is_some()),
        run.budget.and_then(|b| b.max_cost),
        run.budget.and_then(|b| b.max_tokens).map(number),
        run.last_index,
        maybe_json(run.open.as_ref())?,
        run.forked_from.as_ref().map(|f| f.0.clone()),
        run.forked_from.as_ref().map(|f| f.1),
        run.author.clone(),
        i64::from(run.state_version),
        run.last_event,
        run.deleted_at,
        run.updated_at,
    ])
}

fn from_row(mut row: Row) -> Result<Run, StoreError> {
    let row = &mut row;
    Ok(Run {
        id: row.text()?,
        created_at: row.int()?,
        kind: row.name()?,
        brief_id: row.text()?,
        snapshot_id: row.text()?,
        label: row.maybe_text()?,
        model: row.text()?,
        context_budget: row.count()?,
        origin: row.maybe_text()?,
        status: row.name()?,
        epoch: row.int()?,
        claim: row.maybe_text()?.zip(row.maybe_text()?).map(|(node, kind)| ClaimedBy { node, kind }),
        due_at: row.maybe_int()?,
        hold_until: row.maybe_int()?,
        autorun: row.flag()?,
        until: row.maybe_json()?,
        pause_before: row.json()?,
        gate_passed: row.maybe_int()?,
        active_step: {
            let id = row.maybe_text()?;
            let (index, attempt, name, started_at) = (row.maybe_int()?, row.maybe_int()?, row.maybe_text()?, row.maybe_int()?);
            match (id, index, attempt, name, started_at) {
                (Some(id), Some(index), Some(attempt), Some(name), Some(started_at)) => {
                    Some(ActiveStep { id, index, attempt, name, started_at })
                }
                _ => None,
            }
        },
        pause: row.maybe_json()?,
        retry: row.maybe_json()?,
        error: row.maybe_json()?,
        cursor: row.json()?,
        unread: row.json()?,
        progress: story::workflow::Progress { done: row.count()?, total: row.count()? },
        budget: {
            let (has, max_cost, max_tokens) = (row.flag()?, row.maybe_int()?, row.maybe_int()?);
            has.then(|| Budget { max_cost, max_tokens: max_tokens.and_then(|t| t.try_into().ok()) })
        },
        last_index: row.int()?,
        open: row.maybe_json()?,
        forked_from: row.maybe_text()?.zip(row.maybe_int()?),
        author: row.maybe_text()?,
        state_version: row.count()?,
        last_event: row.int()?,
        deleted_at: row.maybe_int()?,
        updated_at: row.int()?,
        usage: row.usage()?,
    })
}

/// A run that was not deleted.
pub(crate) async fn read(ask: &impl Ask, id: &str) -> Result<Run, StoreError> {
    let row = ask.one(SELECT.as_str(), params![id]).await?;
    from_row(row.ok_or_else(|| not_found("run", id))?)
}

/// A run that was not deleted, to be changed in this transaction.
pub(crate) async fn take(tx: &Tx, id: &str) -> Result<Run, StoreError> {
    let row = tx.one(sql::taking(tx.backend(), &SELECT), params![id]).await?;
    from_row(row.ok_or_else(|| not_found("run", id))?)
}

/// Saves a changed run and adds `more` to its usage.
pub(crate) fn save(tx: &Tx, run: &Run, more: Usage) -> Result<(), StoreError> {
    let mut values = params![run.id.as_str()];
    values.extend(changing(run)?);
    let sql = if crate::row::is_nothing(more) {
        &SAVE
    } else {
        values.extend(usage_values(more));
        &SAVE_AND_ADD
    };
    tx.put(sql.as_str(), values);
    Ok(())
}

/// Adds what a call has used to its run. False where the run is gone, or the call is in the journal already.
pub(crate) async fn add_usage_of(tx: &Tx, call: &JournaledCall) -> Result<bool, StoreError> {
    let mut values = params![call.run_id.as_str(), call.id.as_str()];
    values.extend(usage_values(call.usage));
    Ok(tx.run(ADD.as_str(), values).await? > 0)
}

/// Stores a new run with its first state and its event `run.created`.
pub(crate) async fn create(
    tx: &Tx,
    run: &Run,
    first: &[(String, StoredValue)],
    created: &serde_json::Value,
    now: Micros,
) -> Result<Run, StoreError> {
    briefs::hold_snapshot(tx, &run.snapshot_id).await?;
    let base = first.iter().map(|(key, value)| (key.clone(), value.hash.clone())).collect();
    let run = begin(tx, run, &base, created, now)?;
    let changes: Vec<_> = first.iter().map(|(key, value)| (key.clone(), Some(value.clone()))).collect();
    state::write(tx, &run.id, &changes);
    Ok(run)
}

/// Stores the row of a new run whose first state is `base`, key to hash, and its event `run.created`.
pub(crate) fn begin(
    tx: &Tx,
    run: &Run,
    base: &BTreeMap<String, String>,
    created: &serde_json::Value,
    now: Micros,
) -> Result<Run, StoreError> {
    let run = Run { last_event: 1, deleted_at: None, created_at: now, updated_at: now, ..run.clone() };
    insert(tx, &run, base)?;
    events::append(tx, &run.id, 1, &[("run.created", created)], run.author.as_deref(), now)?;
    Ok(run)
}

/// A run that was not deleted, for nobody to delete until the transaction ends.
pub(crate) async fn hold(tx: &Tx, id: &str) -> Result<Run, StoreError> {
    let row = tx.one(sql::holding(tx.backend(), &SELECT), params![id]).await?;
    from_row(row.ok_or_else(|| not_found("run", id))?)
}

/// The row of a run whose first state is `base`, key to hash.
pub(crate) fn insert(tx: &Tx, run: &Run, base: &BTreeMap<String, String>) -> Result<(), StoreError> {
    let mut values = params![run.id.as_str(), run.created_at];
    values.extend(changing(run)?);
    values.extend(usage_values(run.usage));
    values.push(json(base)?.into());
    let columns = [&FIXED[..], &CHANGING, &USAGE, &["base_map"]].concat();
    tx.insert("workflow_runs", &columns, vec![values], "");
    Ok(())
}

/// Runs that were not deleted, newest first.
pub(crate) async fn list(ask: &impl Ask, filter: &RunFilter) -> Result<Page<Run>, StoreError> {
    let mut sql = format!("SELECT {} FROM workflow_runs WHERE deleted_at IS NULL", *COLUMNS);
    let mut values: Vec<Value> = Vec::new();
    let equal = [
        ("brief_id", filter.brief_id.clone()),
        ("snapshot_id", filter.snapshot_id.clone()),
        ("kind", filter.kind.map(name).transpose()?),
        ("status", filter.status.map(name).transpose()?),
        ("origin", filter.origin.clone()),
    ];
    for (column, value) in equal {
        if let Some(value) = value {
            values.push(value.into());
            sql.push_str(&format!(" AND {column} = ${}", values.len()));
        }
    }
    if let Some(id) = &filter.forks_of {
        values.push(id.as_str().into());
        sql.push_str(&format!(
            " AND id IN (WITH RECURSIVE below(id) AS (SELECT f.id FROM workflow_runs f WHERE f.forked_from = ${} AND f.deleted_at IS NULL \
             UNION SELECT f.id FROM workflow_runs f JOIN below b ON f.forked_from = b.id WHERE f.deleted_at IS NULL) SELECT id FROM below)",
            values.len()
        ));
    }
    let asked = PageOf { limit: filter.limit, cursor: filter.cursor.clone() };
    page::turn(&mut sql, &mut values, &asked, "created_at", "id", Order::Down);
    let items = ask.all(sql, values).await?.into_iter().map(from_row).collect::<Result<_, _>>()?;
    Ok(page::cut(items, &asked, |run: &Run| (run.created_at, &run.id)))
}

/// Runs that are due, unclaimed, on autorun: the longest waiting first.
pub(crate) async fn due(ask: &impl Ask, now: Micros, longest: Micros, limit: u32) -> Result<Vec<DueRun>, StoreError> {
    let rows = ask
        .all(
            "SELECT id, epoch, model FROM workflow_runs WHERE (due_at <= $1 OR due_at > $3) AND claim_node IS NULL AND autorun = 1 AND deleted_at IS NULL \
             ORDER BY due_at, id LIMIT $2",
            params![now, i64::from(limit), now.saturating_add(longest)],
        )
        .await?;
    rows.into_iter().map(|mut row| Ok(DueRun { run_id: row.text()?, epoch: row.int()?, model: row.text()? })).collect()
}

/// When the next run will be due.
pub(crate) async fn next_due(ask: &impl Ask, now: Micros) -> Result<Option<Micros>, StoreError> {
    let row = ask
        .one(
            "SELECT due_at FROM workflow_runs WHERE due_at > $1 AND claim_node IS NULL AND autorun = 1 AND deleted_at IS NULL \
             ORDER BY due_at LIMIT 1",
            params![now],
        )
        .await?;
    row.map(|mut row| row.int()).transpose()
}

/// The runs that a process holds a claim on, with their epochs.
pub(crate) async fn claims(ask: &impl Ask, node: &str) -> Result<Vec<(String, i64)>, StoreError> {
    let rows = ask.all("SELECT id, epoch FROM workflow_runs WHERE claim_node = $1 AND deleted_at IS NULL", params![node]).await?;
    rows.into_iter().map(|mut row| Ok((row.text()?, row.int()?))).collect()
}
