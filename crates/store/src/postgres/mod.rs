//! A database server that several processes share.

mod address;
mod beside;
mod nodes;
mod writer;

use std::{sync::Arc, time::Duration};

use sea_orm::DatabaseConnection;
use studio::ports::{DeadNode, Micros, StoreError};
use tokio::sync::Mutex;

use self::{
    address::{Address, Use},
    beside::{Beside, Mark},
};
use crate::{
    fault::{from_db, unusable},
    migrate,
    sql::params,
    tx::Ask,
    write::Writer,
};

/// How many connections read.
const READERS: u32 = 8;

/// Whoever brings the database up to date holds this lock: the letters of “fabulist” as a number.
const MIGRATING: i64 = i64::from_be_bytes(*b"fabulist");

/// The server's side of the store.
#[derive(Debug)]
pub(crate) struct Server {
    version: String,
    beside: Beside,
}

impl Server {
    /// Opens the database at `url`, making or upgrading it first where that is needed, and enters this process there.
    pub(crate) async fn open(
        url: &str,
        node: &str,
        role: &'static str,
        now: Micros,
    ) -> Result<(Self, Writer, DatabaseConnection), StoreError> {
        let address = Address::read(url)?;
        let version = address.check().await?;
        prepare(&address, now).await?;
        let beside = Beside { node: node.to_owned(), role, mark: Arc::new(Mark::default()), beating: Arc::new(Mutex::new(true)) };
        let readers = address.connect(Use::Read, READERS).await?;
        let writer = writer::start(address, beside.clone()).await?;
        let own = node.to_owned();
        writer.write(async move |tx| nodes::enter(tx, &own, role).await).await?;
        Ok((Self { version, beside }, writer, readers))
    }

    /// The server's version, as it gives it.
    pub(crate) fn version(&self) -> String {
        format!("PostgreSQL {}", self.version)
    }

    pub(crate) fn change_mark(&self) -> i64 {
        self.beside.mark.count()
    }

    pub(crate) async fn dead(&self, ask: &impl Ask) -> Result<Vec<DeadNode>, StoreError> {
        nodes::dead(ask, &self.beside.node).await
    }

    /// Whether a process is gone, as far as anybody can know.
    pub(crate) async fn is_gone(&self, ask: &impl Ask, node: &str) -> Result<bool, StoreError> {
        nodes::is_gone(ask, node).await
    }

    pub(crate) async fn forget(&self, writer: &Writer, node: &str) -> Result<(), StoreError> {
        let node = node.to_owned();
        writer.write(async move |tx| nodes::forget(tx, &node).await).await
    }

    /// From now on nobody puts this process back into the table of nodes.
    pub(crate) async fn stop_beating(&self) {
        self.beside.stop_beating().await;
    }
}

/// A copy of a whole server's database is the server's own business.
pub(crate) fn no_copy() -> StoreError {
    unusable(
        "a database on a server is not copied to a file by fabulist",
        "Use PostgreSQL's own tools: `pg_dump --format=custom` writes a backup, `pg_restore` puts it back.",
    )
}

/// Brings the database up to date. Several processes may want that at once: they take turns.
async fn prepare(address: &Address, now: Micros) -> Result<(), StoreError> {
    let db = address.connect(Use::Migrate, 1).await?;
    let done = migrate(&db, now).await;
    // The lock ends with its connection.
    let _ = db.close().await;
    done
}

async fn migrate(db: &DatabaseConnection, now: Micros) -> Result<(), StoreError> {
    let lock = crate::sql::statement(db.backend(), "SELECT pg_advisory_lock($1)", params![MIGRATING]);
    sea_orm::ConnectionTrait::execute_raw(db, lock).await.map_err(from_db)?;
    let found = migrate::look(db).await?;
    migrate::apply(db, found, now).await?;
    heal_feed(db).await
}

/// A database that was restored from a dump has events of another server's transactions: those that lie ahead of this server's would never
/// be delivered. They go to the feed's beginning, in their old order.
async fn heal_feed(db: &DatabaseConnection) -> Result<(), StoreError> {
    let ahead = "UPDATE events SET xid = '3' WHERE EXISTS (SELECT 1 FROM events WHERE xid >= pg_snapshot_xmax(pg_current_snapshot()))";
    let statement = crate::sql::statement(db.backend(), ahead, Vec::new());
    let healed = sea_orm::ConnectionTrait::execute_raw(db, statement).await.map_err(from_db)?.rows_affected();
    if healed > 0 {
        tracing::info!(events = healed, "the feed was brought over from another server");
    }
    Ok(())
}

/// How long the way to the database and back takes.
pub(crate) async fn latency(ask: &impl Ask) -> Result<Duration, StoreError> {
    let begun = std::time::Instant::now();
    ask.one("SELECT 1", Vec::new()).await?;
    Ok(begun.elapsed())
}
