//! The feed of all runs, for whoever follows more than one.
//!
//! On SQLite one writer numbers what it commits, so a number is a place. On PostgreSQL numbers are given out before the commit, and a
//! reader could pass one that is still on its way; so an event's place is its transaction, then its number, and only what lies below the
//! oldest transaction that is still at work is told. Nothing can come before that any more.

use sea_orm::{DatabaseConnection, DbBackend, Value};
use studio::ports::{FeedPage, StoreError};

use crate::{
    events,
    sql::params,
    tx::{Ask, Moment},
};

/// What is told of a run: everything while it is there, then that it was deleted.
const TOLD: &str = "(e.name = 'run.deleted' OR EXISTS (SELECT 1 FROM workflow_runs r WHERE r.id = e.run_id AND r.deleted_at IS NULL))";
const EVENT: &str = "e.position, e.run_id, e.number, e.name, e.data, e.created_at";

/// A place in the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    /// The transaction, where the database is a server; else 0.
    xid: u64,
    number: i64,
}

impl Place {
    const BEGINNING: Self = Self { xid: 0, number: 0 };

    fn read(backend: DbBackend, text: &str) -> Option<Self> {
        let place = match backend {
            DbBackend::Postgres => {
                let (xid, number) = text.split_once('.')?;
                Self { xid: xid.parse().ok()?, number: number.parse().ok()? }
            }
            _ => Self { xid: 0, number: text.parse().ok()? },
        };
        (place.number >= 0).then_some(place)
    }

    fn text(self, backend: DbBackend) -> String {
        match backend {
            DbBackend::Postgres => format!("{}.{}", self.xid, self.number),
            _ => self.number.to_string(),
        }
    }
}

/// Events after a position, at most `limit`.
pub(crate) async fn read(db: &DatabaseConnection, after: Option<&str>, limit: u32) -> Result<FeedPage, StoreError> {
    let backend = db.backend();
    let moment = Moment::begin(db).await?;
    let asked = after.map_or(Some(Place::BEGINNING), |after| Place::read(backend, after));
    let mut page = match asked {
        Some(after) => page(&moment, backend, after, limit).await?,
        None => None,
    };
    if page.is_none() {
        let next = newest(&moment, backend).await?.text(backend);
        page = Some(FeedPage { events: Vec::new(), next, known: false });
    }
    moment.end().await?;
    page.ok_or_else(|| StoreError::Database("the feed has no page".into()))
}

/// The feed's last position.
pub(crate) async fn latest(db: &DatabaseConnection) -> Result<String, StoreError> {
    Ok(newest(db, db.backend()).await?.text(db.backend()))
}

/// None where `after` lies beyond what exists.
async fn page(ask: &impl Ask, backend: DbBackend, after: Place, limit: u32) -> Result<Option<FeedPage>, StoreError> {
    let (xid, place, values): (_, _, Vec<Value>) = match backend {
        DbBackend::Postgres => (
            "e.xid::TEXT",
            "(e.xid, e.position) > ($3::XID8, $1) AND e.xid < pg_snapshot_xmin(pg_current_snapshot()) AND",
            params![after.number, i64::from(limit), after.xid.to_string()],
        ),
        _ => ("'0'", "e.position > $1 AND", params![after.number, i64::from(limit)]),
    };
    let order = if backend == DbBackend::Postgres { "e.xid, e.position" } else { "e.position" };
    let sql = format!("SELECT {xid}, {EVENT} FROM events e WHERE {place} {TOLD} ORDER BY {order} LIMIT $2");
    let mut events = Vec::new();
    let mut last = after;
    for mut row in ask.all(sql, values).await? {
        let xid = row.text()?.parse().unwrap_or(0);
        let event = events::event(&mut row)?;
        last = Place { xid, number: event.position };
        events.push((last.text(backend), event));
    }
    if events.is_empty() && after > newest(ask, backend).await? {
        return Ok(None);
    }
    Ok(Some(FeedPage { events, next: last.text(backend), known: true }))
}

async fn newest(ask: &impl Ask, backend: DbBackend) -> Result<Place, StoreError> {
    let sql = match backend {
        DbBackend::Postgres => {
            // By `e.xid`, a number: plain `xid` would be the text that is selected, and "999" comes after "1001".
            "SELECT e.xid::TEXT, e.position FROM events e WHERE e.xid < pg_snapshot_xmin(pg_current_snapshot()) \
             ORDER BY e.xid DESC, e.position DESC LIMIT 1"
        }
        // Numbers of events that were removed are not given out again, but they were given out.
        _ => "SELECT '0', seq FROM sqlite_sequence WHERE name = 'events'",
    };
    match ask.one(sql, Vec::new()).await? {
        Some(mut row) => Ok(Place { xid: row.text()?.parse().unwrap_or(0), number: row.int()? }),
        None => Ok(Place::BEGINNING),
    }
}
