//! What was asked with a key, and how it was answered.

use studio::ports::{KeptAnswer, KeyedRequest, Made, Micros, Refused, RequestStands, StoreError};

use crate::{
    row::json,
    sql::{self, params},
    tx::{Ask, Tx},
};

/// How long an answer is kept.
const KEPT: Micros = 24 * 3600 * 1_000_000;

/// How a request was found.
pub(crate) enum Found {
    /// It is clear what to do with it.
    Stands(RequestStands),
    /// This process carries it out, unless it is gone.
    With(String),
}

/// Takes a request for `node`, unless somebody has it. `gone` is a process that is known to be dead.
pub(crate) async fn begin(tx: &Tx, request: &KeyedRequest, node: &str, gone: Option<&str>, now: Micros) -> Result<Found, StoreError> {
    sweep(tx, now).await?;
    tx.run("DELETE FROM requests WHERE key = $1 AND created_at < $2", params![request.key.as_str(), now - KEPT]).await?;
    let insert = "INSERT INTO requests (key, asked, node, ticket, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (key) DO NOTHING";
    let values = params![request.key.as_str(), request.asked.as_str(), node, request.ticket.as_str(), now];
    if tx.run(insert, values).await? > 0 {
        return Ok(Found::Stands(RequestStands::Ours { ticket: request.ticket.clone(), again: false }));
    }
    let select = sql::taking(tx.backend(), "SELECT asked, node, ticket, status, content_type, body, about FROM requests WHERE key = $1");
    // Gone between the two statements: whoever asks again finds it free.
    let Some(mut row) = tx.one(select, params![request.key.as_str()]).await? else { return Ok(Found::Stands(RequestStands::InProgress)) };
    let (asked, with, ticket, status) = (row.text()?, row.maybe_text()?, row.text()?, row.maybe_int()?);
    if asked != request.asked {
        return Ok(Found::Stands(RequestStands::Another));
    }
    if let Some(status) = status {
        let answer = KeptAnswer {
            status: u16::try_from(status).unwrap_or(500),
            content_type: row.maybe_text()?.unwrap_or_default(),
            body: row.maybe_text()?.unwrap_or_default(),
            about: row.maybe_text()?,
        };
        return Ok(Found::Stands(RequestStands::Answered(answer)));
    }
    if let Some(with) = with.filter(|with| gone != Some(with.as_str())) {
        return Ok(Found::With(with));
    }
    tx.run("UPDATE requests SET node = $2 WHERE key = $1", params![request.key.as_str(), node]).await?;
    Ok(Found::Stands(RequestStands::Ours { ticket, again: true }))
}

/// Keeps the answer; without one the next who asks carries the request out again. Only for whoever still has it.
pub(crate) async fn end(tx: &Tx, key: &str, node: &str, answer: Option<&KeptAnswer>) -> Result<(), StoreError> {
    let sql = "UPDATE requests SET node = NULL, status = $3, content_type = $4, body = $5, about = $6 WHERE key = $1 AND node = $2";
    let values = params![
        key,
        node,
        answer.map(|answer| i64::from(answer.status)),
        answer.map(|answer| answer.content_type.clone()),
        answer.map(|answer| answer.body.clone()),
        answer.and_then(|answer| answer.about.clone()),
    ];
    tx.run(sql, values).await.map(|_| ())
}

/// Forgets some of what is older than a day.
pub(crate) async fn sweep(tx: &Tx, now: Micros) -> Result<(), StoreError> {
    let sql = "DELETE FROM requests WHERE key IN (SELECT key FROM requests WHERE created_at < $1 ORDER BY created_at LIMIT 64)";
    tx.run(sql, params![now - KEPT]).await.map(|_| ())
}

/// Whether there is anything that is older than a day.
pub(crate) async fn is_any_old(ask: &impl Ask, now: Micros) -> Result<bool, StoreError> {
    Ok(ask.one("SELECT key FROM requests WHERE created_at < $1 LIMIT 1", params![now - KEPT]).await?.is_some())
}

/// Writes down what a request has made, in the transaction that makes it. Refused where somebody else was taken for the living one
/// and has made it meanwhile.
pub(crate) async fn done(tx: &Tx, ticket: &str, made: &Made) -> Result<(), StoreError> {
    let about = made.about().map(str::to_owned);
    let sql = "UPDATE requests SET made = $2, about = $3 WHERE ticket = $1 AND made IS NULL";
    if tx.run(sql, params![ticket, json(made)?, about]).await? > 0 {
        return Ok(());
    }
    match tx.one("SELECT key FROM requests WHERE ticket = $1", params![ticket]).await? {
        Some(_) => Err(StoreError::Refused(Refused::ClaimLost)),
        // It is older than a day: nobody asks for it any more.
        None => Ok(()),
    }
}

/// What was made under this id.
pub(crate) async fn made(ask: &impl Ask, ticket: &str) -> Result<Option<Made>, StoreError> {
    let told = ask.one("SELECT made FROM requests WHERE ticket = $1 AND made IS NOT NULL", params![ticket]).await?;
    if let Some(mut row) = told {
        return Ok(Some(row.json()?));
    }
    let step = ask.one("SELECT run_id, step_index FROM workflow_steps WHERE id = $1", params![ticket]).await?;
    if let Some(mut row) = step {
        return Ok(Some(Made::Step { run_id: row.text()?, index: row.int()? }));
    }
    if let Some(mut row) = ask.one("SELECT run_id FROM proposals WHERE id = $1", params![ticket]).await? {
        return Ok(Some(Made::Proposal { run_id: row.text()? }));
    }
    let tables =
        [("workflow_runs", Made::Run), ("artifact_versions", Made::Version), ("briefs", Made::Brief), ("brief_snapshots", Made::Snapshot)];
    for (table, made) in tables {
        if ask.one(format!("SELECT id FROM {table} WHERE id = $1"), params![ticket]).await?.is_some() {
            return Ok(Some(made));
        }
    }
    Ok(None)
}
