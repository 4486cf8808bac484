//! What instructions would change, and the calls that belong to no step.

use serde_json::Value;
use studio::ports::{Micros, Proposal, StoreError};

use crate::{
    fault::not_found,
    row::json,
    runs,
    sql::params,
    tx::{Ask, Tx},
};

/// Keeps a proposal of a run that was not deleted.
pub(crate) async fn keep(tx: &Tx, proposal: &Proposal, now: Micros) -> Result<(), StoreError> {
    runs::read(tx, &proposal.run_id).await?;
    tx.put(
        "INSERT INTO proposals (id, run_id, message, patch, state_map, told, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            proposal.id.as_str(),
            proposal.run_id.as_str(),
            proposal.message.as_str(),
            json(&proposal.patch)?,
            json(&proposal.state_map)?,
            json(&proposal.told)?,
            now
        ],
    );
    Ok(())
}

/// A proposal of this run.
pub(crate) async fn read(ask: &impl Ask, run_id: &str, id: &str) -> Result<Proposal, StoreError> {
    let row = ask.one("SELECT message, patch, state_map, told FROM proposals WHERE id = $1 AND run_id = $2", params![id, run_id]).await?;
    let mut row = row.ok_or_else(|| not_found("proposal", id))?;
    Ok(Proposal {
        id: id.to_owned(),
        run_id: run_id.to_owned(),
        message: row.text()?,
        patch: row.json()?,
        state_map: row.json()?,
        told: row.json()?,
    })
}

/// Writes a call down that belongs to no step.
pub(crate) fn journal(tx: &Tx, brief_id: &str, owner: &str, call: &Value, now: Micros) -> Result<(), StoreError> {
    let id = call["id"].as_str().unwrap_or_default();
    let sql = "INSERT INTO asides (id, brief_id, owner, call, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING";
    tx.put(sql, params![id, brief_id, owner, json(call)?, now]);
    Ok(())
}
