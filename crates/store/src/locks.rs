//! Locks of artifacts: looked at in every transaction that keeps a version.

use sea_orm::Value;
use story::{
    locks::{carried, nearest},
    text::{Span, slice},
};
use studio::{
    lock::{Lock, LockedWords},
    ports::{Micros, Page, PageOf, StoreError},
};
use uuid::Uuid;

use crate::{
    artifacts,
    page::{self, Order},
    row::{Row, number},
    sql::{self, params},
    tx::{Ask, Tx},
};

const LOCK: &str = "l.id, l.artifact_id, l.words, l.span_start, l.reason, l.author, l.created_at";
/// The whole text first, then by place.
const PLACE: &str = "COALESCE(l.span_start + 1, 0)";
/// The columns of a row.
const COLUMNS: [&str; 7] = ["id", "artifact_id", "words", "span_start", "reason", "author", "created_at"];

fn read(row: &mut Row) -> Result<Lock, StoreError> {
    let (id, artifact_id, words, start) = (row.text()?, row.text()?, row.maybe_text()?, row.maybe_int()?);
    let start = usize::try_from(start.unwrap_or_default()).unwrap_or_default();
    let words = words.map(|text| LockedWords { text, start });
    Ok(Lock { id, artifact_id, words, reason: row.text()?, author: row.maybe_text()?, created_at: row.int()? })
}

fn values(lock: &Lock) -> Vec<Value> {
    params![
        lock.id.as_str(),
        lock.artifact_id.as_str(),
        lock.words.as_ref().map(|words| words.text.clone()),
        lock.words.as_ref().map(|words| number(words.start)),
        lock.reason.as_str(),
        lock.author.clone(),
        lock.created_at,
    ]
}

/// All locks of an artifact, in the order of the text.
pub(crate) async fn of(ask: &impl Ask, artifact_id: &str) -> Result<Vec<Lock>, StoreError> {
    let sql = format!("SELECT {LOCK} FROM artifact_locks l WHERE l.artifact_id = $1 ORDER BY {PLACE}, l.id");
    ask.all(sql, params![artifact_id]).await?.into_iter().map(|mut row| read(&mut row)).collect()
}

/// The locks of an artifact in pages.
pub(crate) async fn page(ask: &impl Ask, artifact_id: &str, asked: &PageOf) -> Result<Page<Lock>, StoreError> {
    let (mut sql, mut values) = (format!("SELECT {LOCK} FROM artifact_locks l WHERE l.artifact_id = $1"), params![artifact_id]);
    page::turn(&mut sql, &mut values, asked, PLACE, "l.id", Order::Up);
    let items = ask.all(sql, values).await?.into_iter().map(|mut row| read(&mut row)).collect::<Result<_, _>>()?;
    Ok(page::cut(items, asked, |lock: &Lock| (lock.words.as_ref().map_or(0, |words| number(words.start) + 1), &lock.id)))
}

/// Locks words of the version `seen`, where it is still the latest; the lock that is there already, where it is the very same.
pub(crate) async fn put(tx: &Tx, lock: &Lock, seen: &str, now: Micros) -> Result<Lock, StoreError> {
    artifacts::read(tx, &lock.artifact_id).await?;
    let taking = sql::taking(tx.backend(), "SELECT latest_version_id FROM artifacts WHERE id = $1");
    let latest = match tx.one(taking, params![lock.artifact_id.as_str()]).await? {
        Some(mut row) => row.text()?,
        None => String::new(),
    };
    if latest != seen {
        return Err(StoreError::ArtifactMovedOn { latest });
    }
    // Two people at once: the second finds the lock of the first.
    if let Some(same) = of(tx, &lock.artifact_id).await?.into_iter().find(|known| known.words == lock.words && known.reason == lock.reason)
    {
        return Ok(same);
    }
    let lock = Lock { created_at: now, ..lock.clone() };
    tx.insert("artifact_locks", &COLUMNS, vec![values(&lock)], "");
    Ok(lock)
}

/// Takes locks of an artifact away, and tells how many there were.
pub(crate) async fn remove(tx: &Tx, artifact_id: &str, ids: &[String]) -> Result<u64, StoreError> {
    artifacts::read(tx, artifact_id).await?;
    let mut removed = 0;
    for id in ids {
        removed += tx.run("DELETE FROM artifact_locks WHERE artifact_id = $1 AND id = $2", params![artifact_id, id.as_str()]).await?;
    }
    Ok(removed)
}

/// Holds a new text of an artifact against its locks: words that have another place now are found there from now on.
pub(crate) async fn hold(tx: &Tx, artifact_id: &str, latest: &str, new: &str) -> Result<(), StoreError> {
    let locks = of(tx, artifact_id).await?;
    if locks.is_empty() {
        return Ok(());
    }
    let sql = "SELECT c.text FROM artifact_versions v JOIN contents c ON c.id = v.content_id WHERE v.id = $1";
    let old = match tx.one(sql, params![latest]).await? {
        Some(mut row) => row.text()?,
        None => String::new(),
    };
    let (mut words, mut broken) = (Vec::new(), Vec::new());
    for lock in locks {
        match &lock.words {
            None => broken.push(lock),
            // Words that do not stand in the latest text hold nothing: it was put back from an older line.
            Some(locked) => words.extend(standing(&old, locked).map(|span| (lock, span))),
        }
    }
    let spans: Vec<Span> = words.iter().map(|(_, span)| *span).collect();
    for ((lock, _), place) in words.into_iter().zip(carried(&old, &spans, new)) {
        match place {
            None => broken.push(lock),
            Some(place) => {
                tx.put("UPDATE artifact_locks SET span_start = $2 WHERE id = $1", params![lock.id.as_str(), number(place.start)]);
            }
        }
    }
    if broken.is_empty() { Ok(()) } else { Err(StoreError::Locked { locks: broken }) }
}

/// Where locked words stand in a text: at their place, or at the next one.
fn standing(text: &str, locked: &LockedWords) -> Option<Span> {
    let span = locked.span();
    if slice(text, span) == locked.text { Some(span) } else { nearest(text, &locked.text, locked.start) }
}

/// The fork's artifacts keep the locks of the source's, as far as the words stand in what the fork begins with. Pairs of the source's
/// artifact and the fork's, with the latest content there.
pub(crate) async fn share(tx: &Tx, run_id: &str, pairs: &[(&str, &str, &str)]) -> Result<(), StoreError> {
    let sql = format!("SELECT {LOCK} FROM artifact_locks l JOIN artifacts a ON a.id = l.artifact_id WHERE a.run_id = $1 ORDER BY l.id");
    let mut rows = Vec::new();
    for mut row in tx.all(sql, params![run_id]).await? {
        let lock = read(&mut row)?;
        let Some((_, fork, content)) = pairs.iter().find(|(source, _, _)| *source == lock.artifact_id) else { continue };
        let words = match &lock.words {
            None => None,
            Some(locked) => {
                let text = match tx.one("SELECT text FROM contents WHERE id = $1", params![*content]).await? {
                    Some(mut row) => row.text()?,
                    None => String::new(),
                };
                let Some(span) = standing(&text, locked) else { continue };
                Some(LockedWords { start: span.start, ..locked.clone() })
            }
        };
        rows.push(values(&Lock { id: Uuid::now_v7().to_string(), artifact_id: (*fork).to_owned(), words, ..lock }));
    }
    tx.insert("artifact_locks", &COLUMNS, rows, "");
    Ok(())
}
