//! Briefs and snapshots.

use studio::{
    brief::{Brief, Snapshot},
    ports::{Micros, NewBrief, NewSnapshot, StoreError},
};
use uuid::Uuid;

use crate::{
    fault::not_found,
    row::json,
    sql::params,
    tx::{Ask, Tx},
};

/// Stores a new brief.
pub(crate) async fn create(tx: &Tx, new: &NewBrief, now: Micros) -> Result<Brief, StoreError> {
    let id = Uuid::now_v7().to_string();
    tx.run(
        "INSERT INTO briefs (id, title, content, author, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6)",
        params![id.as_str(), new.title.as_str(), json(&new.content)?, None::<String>, now, now],
    )
    .await?;
    Ok(Brief { id, title: new.title.clone(), content: new.content.clone(), author: None, created_at: now, updated_at: now })
}

/// A brief.
pub(crate) async fn read(ask: &impl Ask, id: &str) -> Result<Brief, StoreError> {
    let row = ask.one("SELECT id, title, content, author, created_at, updated_at FROM briefs WHERE id = $1", params![id]).await?;
    let mut row = row.ok_or_else(|| not_found("brief", id))?;
    Ok(Brief {
        id: row.text()?,
        title: row.text()?,
        content: row.json()?,
        author: row.maybe_text()?,
        created_at: row.int()?,
        updated_at: row.int()?,
    })
}

/// Stores a new snapshot of a brief that exists.
pub(crate) async fn freeze(tx: &Tx, new: &NewSnapshot, now: Micros) -> Result<Snapshot, StoreError> {
    if tx.one("SELECT 1 FROM briefs WHERE id = $1", params![new.brief_id.as_str()]).await?.is_none() {
        return Err(not_found("brief", &new.brief_id));
    }
    let id = Uuid::now_v7().to_string();
    tx.run(
        "INSERT INTO brief_snapshots (id, brief_id, label, title, content, author, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            id.as_str(),
            new.brief_id.as_str(),
            new.label.clone(),
            new.brief.title.as_str(),
            json(&new.brief.content)?,
            None::<String>,
            now
        ],
    )
    .await?;
    Ok(Snapshot { id, brief_id: new.brief_id.clone(), label: new.label.clone(), brief: new.brief.clone(), author: None, created_at: now })
}

/// A snapshot.
pub(crate) async fn snapshot(ask: &impl Ask, id: &str) -> Result<Snapshot, StoreError> {
    let row =
        ask.one("SELECT id, brief_id, label, title, content, author, created_at FROM brief_snapshots WHERE id = $1", params![id]).await?;
    let mut row = row.ok_or_else(|| not_found("snapshot", id))?;
    Ok(Snapshot {
        id: row.text()?,
        brief_id: row.text()?,
        label: row.maybe_text()?,
        brief: story::brief::FrozenBrief { title: row.text()?, content: row.json()? },
        author: row.maybe_text()?,
        created_at: row.int()?,
    })
}
