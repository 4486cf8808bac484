//! Bringing the database to the shape that this program knows. The files beside this one are the truth.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, TransactionTrait};
use studio::ports::{Micros, StoreError};

use crate::{
    fault::{from_db, unusable},
    sql::{self, params},
    tx::Ask,
};

/// One step from version to version: what both databases are told, then what only one of them is.
struct Migration {
    shared: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// Every migration, oldest first; its place is its version.
const MIGRATIONS: [Migration; 9] = [
    Migration {
        shared: include_str!("0001_first.sql"),
        sqlite: include_str!("0001_first.sqlite.sql"),
        postgres: include_str!("0001_first.postgres.sql"),
    },
    Migration { shared: include_str!("0002_lines.sql"), sqlite: "", postgres: "" },
    Migration { shared: include_str!("0003_hand.sql"), sqlite: "", postgres: "" },
    Migration { shared: include_str!("0005_pins.sql"), sqlite: "", postgres: "" },
    Migration { shared: include_str!("0006_locks.sql"), sqlite: "", postgres: "" },
    Migration { shared: include_str!("0007_requests.sql"), sqlite: "", postgres: "" },
    Migration { shared: include_str!("0008_knowledge.sql"), sqlite: "", postgres: "" },
    Migration { shared: include_str!("0010_made.sql"), sqlite: "", postgres: "" },
    Migration {
        shared: include_str!("0011_memory.sql"),
        sqlite: include_str!("0011_memory.sqlite.sql"),
        postgres: include_str!("0011_memory.postgres.sql"),
    },
];

impl Migration {
    fn told(&self, backend: DbBackend) -> String {
        match backend {
            // Text is compared by its bytes, as SQLite does: the order that a library of the system gives may change with that library.
            DbBackend::Postgres => format!("{}\n{}", self.shared.replace(" TEXT", " TEXT COLLATE \"C\""), self.postgres),
            _ => format!("{}\n{}", self.shared, self.sqlite),
        }
    }
}

/// The version that this program knows.
pub(crate) const VERSION: i64 = MIGRATIONS.len() as i64;

/// How a database was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nothing in it.
    Empty,
    /// Ours, of this version.
    Version(i64),
}

/// Looks at what is there. A database of somebody else, or of a newer version, is an error.
pub(crate) async fn look(db: &DatabaseConnection) -> Result<Found, StoreError> {
    let mut tables = Vec::new();
    for mut row in db.all(sql::tables(db.get_database_backend()), Vec::new()).await? {
        tables.push(row.text()?);
    }
    if tables.is_empty() {
        return Ok(Found::Empty);
    }
    if !tables.iter().any(|t| t == "migrations") {
        return Err(match db.get_database_backend() {
            DbBackend::Postgres => unusable(
                "there are tables in the database, but not those of Fabulist",
                "Give an empty database with --database-url; `createdb fabulist` makes one.",
            ),
            _ => {
                unusable("the file is a database, but not one of Fabulist", "Move the file away, or choose another folder with --data-dir.")
            }
        });
    }
    let version = match db.one("SELECT COALESCE(MAX(version), 0) FROM migrations", Vec::new()).await? {
        Some(mut row) => row.int()?,
        None => 0,
    };
    if version > VERSION {
        return Err(unusable(
            format!("the database has version {version}, but this program knows only {VERSION}"),
            "Use the newer fabulist that wrote it, or choose another database with --data-dir or --database-url.",
        ));
    }
    Ok(Found::Version(version))
}

/// Applies what is missing, each in a transaction of its own.
pub(crate) async fn apply(db: &DatabaseConnection, found: Found, now: Micros) -> Result<(), StoreError> {
    let from = match found {
        Found::Empty => 0,
        Found::Version(version) => version,
    };
    let backend = db.get_database_backend();
    for (version, migration) in (1..).zip(&MIGRATIONS).filter(|(version, _)| *version > from) {
        let tx = db.begin_with_options(sql::writing()).await.map_err(from_db)?;
        tx.execute_unprepared("CREATE TABLE IF NOT EXISTS migrations (version BIGINT NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL)")
            .await
            .map_err(from_db)?;
        tx.execute_unprepared(&migration.told(backend)).await.map_err(from_db)?;
        tx.execute_raw(sql::statement(backend, "INSERT INTO migrations (version, applied_at) VALUES ($1, $2)", params![version, now]))
            .await
            .map_err(from_db)?;
        tx.commit().await.map_err(from_db)?;
        tracing::info!(version, "the database was brought up to date");
    }
    Ok(())
}
