//! Workflow steps: one row for each attempt.

use std::sync::LazyLock;

use sea_orm::Value;
use studio::{
    forecast::StepCost,
    ports::{Micros, StepFilter, StoreError, Usage},
    problem::Problem,
    step::{Step, StepStatus},
};

use crate::{
    fault::not_found,
    row::{Row, USAGE, is_nothing, json, maybe_json, name, usage_added, usage_values},
    sql::params,
    tx::{Ask, Tx},
};

/// The columns apart from the usage, in the order of [`columns_of`].
const COLUMNS: [&str; 17] = [
    "id",
    "run_id",
    "step_index",
    "attempt",
    "name",
    "kind",
    "status",
    "outputs",
    "error",
    "state_patch",
    "state_map",
    "context",
    "partial_text",
    "artifact_version_ids",
    "author",
    "started_at",
    "finished_at",
];

static SAVE: LazyLock<String> =
    LazyLock::new(|| format!("UPDATE workflow_steps SET {} WHERE id = $1 AND run_id = $2 RETURNING id", assignments()));
static SAVE_AND_ADD: LazyLock<String> = LazyLock::new(|| {
    format!("UPDATE workflow_steps SET {}, {} WHERE id = $1 AND run_id = $2 RETURNING id", assignments(), usage_added(COLUMNS.len() + 1))
});
static ADD: LazyLock<String> =
    LazyLock::new(|| format!("UPDATE workflow_steps SET {} WHERE id = $1 AND run_id = $2 RETURNING id", usage_added(3)));
/// What can be many times as long as the rest of an attempt.
const LONG: [&str; 3] = ["state_patch", "state_map", "context"];
static SELECT: LazyLock<String> = LazyLock::new(|| select(&[&COLUMNS[..], &USAGE].concat()));
static SELECT_IN_BRIEF: LazyLock<String> = LazyLock::new(|| {
    let columns = COLUMNS.map(|column| if LONG.contains(&column) { "CAST(NULL AS TEXT)" } else { column });
    select(&[&columns[..], &USAGE].concat())
});

fn select(columns: &[&str]) -> String {
    format!(
        "SELECT {} FROM workflow_steps WHERE run_id = $1 \
         AND EXISTS (SELECT 1 FROM workflow_runs r WHERE r.id = $1 AND r.deleted_at IS NULL)",
        columns.join(", ")
    )
}

fn assignments() -> String {
    COLUMNS[2..].iter().zip(3..).map(|(column, n)| format!("{column} = ${n}")).collect::<Vec<_>>().join(", ")
}

fn columns_of(step: &Step) -> Result<Vec<Value>, StoreError> {
    Ok(params![
        step.id.as_str(),
        step.run_id.as_str(),
        step.index,
        step.attempt,
        step.name.as_str(),
        name(step.kind)?,
        name(step.status)?,
        maybe_json(step.outputs.as_ref())?,
        maybe_json(step.error.as_ref())?,
        maybe_json(step.state_patch.as_ref())?,
        maybe_json(step.state_map.as_ref())?,
        maybe_json(step.context.as_ref())?,
        step.partial_text.clone(),
        json(&step.artifact_version_ids)?,
        step.author.clone(),
        step.started_at,
        step.finished_at,
    ])
}

fn from_row(mut row: Row) -> Result<Step, StoreError> {
    Ok(Step {
        id: row.text()?,
        run_id: row.text()?,
        index: row.int()?,
        attempt: row.int()?,
        name: row.text()?,
        kind: row.name()?,
        status: row.name()?,
        outputs: row.maybe_json()?,
        error: row.maybe_json()?,
        state_patch: row.maybe_json()?,
        state_map: row.maybe_json()?,
        context: row.maybe_json()?,
        partial_text: row.maybe_text()?,
        artifact_version_ids: row.json()?,
        author: row.maybe_text()?,
        started_at: row.int()?,
        finished_at: row.maybe_int()?,
        usage: row.usage()?,
    })
}

/// Stores a new attempt.
pub(crate) fn insert(tx: &Tx, step: &Step) -> Result<(), StoreError> {
    let mut values = columns_of(step)?;
    values.extend(usage_values(step.usage));
    tx.insert("workflow_steps", &[&COLUMNS[..], &USAGE].concat(), vec![values], "");
    Ok(())
}

/// Replaces an attempt, adding `more` to its usage.
pub(crate) fn save(tx: &Tx, step: &Step, more: Usage) -> Result<(), StoreError> {
    let mut values = columns_of(step)?;
    let sql = if is_nothing(more) {
        &SAVE
    } else {
        values.extend(usage_values(more));
        &SAVE_AND_ADD
    };
    tx.put_on("step", &step.id, sql.as_str(), values);
    Ok(())
}

/// Adds `more` to the usage of an attempt.
pub(crate) fn add_usage(tx: &Tx, run_id: &str, step_id: &str, more: Usage) {
    let mut values = params![step_id, run_id];
    values.extend(usage_values(more));
    tx.put_on("step", step_id, ADD.as_str(), values);
}

/// Leaves prose behind that an abort cut off.
pub(crate) async fn leave_partial_text(tx: &Tx, step_id: &str, text: &str) -> Result<(), StoreError> {
    let touched = tx
        .run(
            "UPDATE workflow_steps SET partial_text = $2 WHERE id = $1 \
             AND EXISTS (SELECT 1 FROM workflow_runs r WHERE r.id = workflow_steps.run_id AND r.deleted_at IS NULL)",
            params![step_id, text],
        )
        .await?;
    if touched == 0 { Err(not_found("step", step_id)) } else { Ok(()) }
}

/// An attempt ends without a result.
pub(crate) fn close(
    tx: &Tx,
    run_id: &str,
    step_id: &str,
    status: StepStatus,
    error: Option<&Problem>,
    finished_at: Micros,
) -> Result<(), StoreError> {
    let sql = "UPDATE workflow_steps SET status = $3, error = $4, finished_at = $5 WHERE id = $1 AND run_id = $2";
    tx.put(sql, params![step_id, run_id, name(status)?, maybe_json(error)?, finished_at]);
    Ok(())
}

/// The index of the last success; 0 where there is none.
pub(crate) async fn last_success(ask: &impl Ask, run_id: &str) -> Result<i64, StoreError> {
    let sql = "SELECT COALESCE(MAX(step_index), 0) FROM workflow_steps WHERE run_id = $1 AND status = 'succeeded'";
    ask.one(sql, params![run_id]).await?.map_or(Ok(0), |mut row| row.int())
}

/// Attempts by index, then attempt, or the other way round.
pub(crate) async fn list(ask: &impl Ask, run_id: &str, filter: &StepFilter) -> Result<Vec<Step>, StoreError> {
    let mut sql = if filter.in_brief { SELECT_IN_BRIEF.clone() } else { SELECT.clone() };
    let mut values = params![run_id];
    if let Some((index, attempt)) = filter.after_attempt {
        values.push(index.into());
        values.push(attempt.into());
        sql.push_str(if filter.newest_first { " AND (step_index, attempt) < ($2, $3)" } else { " AND (step_index, attempt) > ($2, $3)" });
    }
    for (condition, value) in [("step_index =", filter.index), ("step_index >", filter.after)] {
        if let Some(value) = value {
            values.push(value.into());
            sql.push_str(&format!(" AND {condition} ${}", values.len()));
        }
    }
    sql.push_str(if filter.newest_first { " ORDER BY step_index DESC, attempt DESC" } else { " ORDER BY step_index, attempt" });
    if let Some(limit) = filter.limit {
        values.push(i64::from(limit.clamp(1, 201)).into());
        sql.push_str(&format!(" LIMIT ${}", values.len()));
    }
    ask.all(sql, values).await?.into_iter().map(from_row).collect()
}

/// What each attempt of a run took.
pub(crate) async fn costs(ask: &impl Ask, run_id: &str) -> Result<Vec<StepCost>, StoreError> {
    let sql = format!(
        "SELECT name, kind, CAST(CASE WHEN status = 'succeeded' AND artifact_version_ids <> '[]' THEN 1 ELSE 0 END AS BIGINT), \
         COALESCE(finished_at, started_at) - started_at, {} FROM workflow_steps WHERE run_id = $1 ORDER BY step_index, attempt",
        USAGE.join(", ")
    );
    let cost =
        |mut row: Row| Ok(StepCost { name: row.text()?, kind: row.name()?, kept: row.flag()?, took: row.int()?, usage: row.usage()? });
    ask.all(sql, params![run_id]).await?.into_iter().map(cost).collect()
}
