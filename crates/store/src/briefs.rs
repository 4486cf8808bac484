//! Briefs and snapshots.

use story::brief::FrozenBrief;
use studio::{
    brief::{Brief, Snapshot},
    ports::{Micros, NewBrief, NewSnapshot, Page, PageOf, StoreError},
};

use crate::{
    fault::not_found,
    page::{self, Order},
    row::{Row, json},
    sql::{self, params},
    tx::{Ask, Tx},
};

const BRIEF: &str = "SELECT id, title, content, author, created_at, updated_at FROM briefs WHERE deleted_at IS NULL";
const SNAPSHOT: &str = "SELECT id, brief_id, label, title, content, author, created_at FROM brief_snapshots WHERE deleted_at IS NULL";

fn brief_of(mut row: Row) -> Result<Brief, StoreError> {
    Ok(Brief {
        id: row.text()?,
        title: row.text()?,
        content: row.json()?,
        author: row.maybe_text()?,
        created_at: row.int()?,
        updated_at: row.int()?,
    })
}

fn snapshot_of(mut row: Row) -> Result<Snapshot, StoreError> {
    Ok(Snapshot {
        id: row.text()?,
        brief_id: row.text()?,
        label: row.maybe_text()?,
        brief: story::brief::FrozenBrief { title: row.text()?, content: row.json()? },
        author: row.maybe_text()?,
        created_at: row.int()?,
    })
}

/// Stores a new brief.
pub(crate) async fn create(tx: &Tx, id: String, new: &NewBrief, now: Micros) -> Result<Brief, StoreError> {
    tx.run(
        "INSERT INTO briefs (id, title, content, author, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6)",
        params![id.as_str(), new.title.as_str(), json(&new.content)?, None::<String>, now, now],
    )
    .await?;
    Ok(Brief { id, title: new.title.clone(), content: new.content.clone(), author: None, created_at: now, updated_at: now })
}

/// A brief.
pub(crate) async fn read(ask: &impl Ask, id: &str) -> Result<Brief, StoreError> {
    let row = ask.one(format!("{BRIEF} AND id = $1"), params![id]).await?;
    brief_of(row.ok_or_else(|| not_found("brief", id))?)
}

/// Briefs, newest first.
pub(crate) async fn list(ask: &impl Ask, asked: &PageOf) -> Result<Page<Brief>, StoreError> {
    let (mut sql, mut values) = (BRIEF.to_owned(), Vec::new());
    page::turn(&mut sql, &mut values, asked, "created_at", "id", Order::Down);
    let items = ask.all(sql, values).await?.into_iter().map(brief_of).collect::<Result<_, _>>()?;
    Ok(page::cut(items, asked, |brief: &Brief| (brief.created_at, &brief.id)))
}

/// Replaces a brief that is still as it was at `seen`; none where it was changed since.
pub(crate) async fn save(tx: &Tx, id: &str, seen: Micros, new: &NewBrief, now: Micros) -> Result<Option<Brief>, StoreError> {
    // Never twice the same time: it tells one change from the next.
    let now = now.max(seen + 1);
    let values = params![id, seen, new.title.as_str(), json(&new.content)?, now];
    let sql = "UPDATE briefs SET title = $3, content = $4, updated_at = $5 WHERE id = $1 AND updated_at = $2 AND deleted_at IS NULL";
    let touched = tx.run(sql, values).await?;
    let brief = read(tx, id).await?;
    Ok((touched > 0).then_some(brief))
}

/// Stores a new snapshot of a brief that exists.
pub(crate) async fn freeze(tx: &Tx, id: String, new: &NewSnapshot, now: Micros) -> Result<Snapshot, StoreError> {
    hold(tx, &new.brief_id).await?;
    insert_snapshot(tx, &id, &new.brief_id, new.label.as_deref(), &new.brief, None, now)?;
    Ok(Snapshot { id, brief_id: new.brief_id.clone(), label: new.label.clone(), brief: new.brief.clone(), author: None, created_at: now })
}

pub(crate) fn insert_snapshot(
    tx: &Tx,
    id: &str,
    brief_id: &str,
    label: Option<&str>,
    brief: &FrozenBrief,
    deleted_at: Option<Micros>,
    now: Micros,
) -> Result<(), StoreError> {
    tx.put(
        "INSERT INTO brief_snapshots (id, brief_id, label, title, content, author, deleted_at, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![id, brief_id, label.map(str::to_owned), brief.title.as_str(), json(&brief.content)?, None::<String>, deleted_at, now],
    );
    Ok(())
}

/// A snapshot.
pub(crate) async fn snapshot(ask: &impl Ask, id: &str) -> Result<Snapshot, StoreError> {
    let row = ask.one(format!("{SNAPSHOT} AND id = $1"), params![id]).await?;
    snapshot_of(row.ok_or_else(|| not_found("snapshot", id))?)
}

/// Makes sure that the brief is there, and that nobody deletes it until the transaction ends.
pub(crate) async fn hold(tx: &Tx, id: &str) -> Result<(), StoreError> {
    let sql = sql::holding(tx.backend(), "SELECT 1 FROM briefs WHERE id = $1 AND deleted_at IS NULL");
    tx.one(sql, params![id]).await?.map(|_| ()).ok_or_else(|| not_found("brief", id))
}

/// Makes sure that the snapshot is there, and that nobody deletes it until the transaction ends.
pub(crate) async fn hold_snapshot(tx: &Tx, id: &str) -> Result<(), StoreError> {
    let sql = sql::holding(tx.backend(), "SELECT 1 FROM brief_snapshots WHERE id = $1 AND deleted_at IS NULL");
    tx.one(sql, params![id]).await?.map(|_| ()).ok_or_else(|| not_found("snapshot", id))
}

/// Snapshots of a brief, newest first.
pub(crate) async fn snapshots(ask: &impl Ask, brief_id: &str, asked: &PageOf) -> Result<Page<Snapshot>, StoreError> {
    let (mut sql, mut values) = (format!("{SNAPSHOT} AND brief_id = $1"), params![brief_id]);
    page::turn(&mut sql, &mut values, asked, "created_at", "id", Order::Down);
    let items = ask.all(sql, values).await?.into_iter().map(snapshot_of).collect::<Result<_, _>>()?;
    Ok(page::cut(items, asked, |snapshot: &Snapshot| (snapshot.created_at, &snapshot.id)))
}
