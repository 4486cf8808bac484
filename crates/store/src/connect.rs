//! The connections: one that writes, some that read, one for upkeep, one that watches for changes.

use std::{collections::BTreeMap, path::Path, time::Duration};

use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use studio::ports::StoreError;

use crate::{fault::from_db, tx::Ask};

/// How many connections read.
pub(crate) const READERS: u32 = 4;

/// How long the log may grow before it is folded into the database. In bytes.
pub(crate) const LOG: u64 = 4 << 20;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// The only one that writes. Never waits inside SQLite: the writer waits itself.
    Write,
    /// Sees only what is committed, cannot write.
    Read,
    /// Sees whether anybody has written: always the same connection.
    Watch,
    /// Folds the log in, copies the database.
    Upkeep,
    /// Looks at a file that is not our database yet.
    Inspect,
}

/// How long another process that opens or closes the same file is waited for, also where it is made to stand still for a while.
const PATIENCE: Duration = Duration::from_secs(30);

/// Opens connections to the SQLite file at `path`.
///
/// While another process opens the file for the first time or folds its log in for the last, it is locked even for opening.
pub(crate) async fn sqlite(path: &Path, purpose: Use) -> Result<DatabaseConnection, StoreError> {
    let begun = tokio::time::Instant::now();
    loop {
        match open(path, purpose).await {
            Err(StoreError::Busy { .. }) if begun.elapsed() < PATIENCE => tokio::time::sleep(Duration::from_millis(5)).await,
            answer => return answer,
        }
    }
}

async fn open(path: &Path, purpose: Use) -> Result<DatabaseConnection, StoreError> {
    let mut options = ConnectOptions::new("sqlite://fabulist.db");
    options
        .max_connections(if purpose == Use::Read { READERS } else { 1 })
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .record_stmt_in_spans(false)
        .sqlx_logging(false);
    let path = path.to_owned();
    options.map_sqlx_sqlite_opts(move |options| {
        let name = match purpose {
            Use::Write => "db-write",
            Use::Read => "db-read",
            Use::Watch | Use::Upkeep | Use::Inspect => "db-upkeep",
        };
        let options = options
            .filename(path.clone())
            .create_if_missing(purpose == Use::Write)
            .read_only(matches!(purpose, Use::Read | Use::Watch))
            .foreign_keys(true)
            .statement_cache_capacity(256)
            .thread_name(move |n| format!("{name}-{n}"))
            .busy_timeout(match purpose {
                Use::Write => Duration::ZERO,
                Use::Upkeep => Duration::from_millis(500),
                Use::Read | Use::Watch | Use::Inspect => Duration::from_secs(10),
            })
            .pragma("cache_size", if purpose == Use::Write { "-8000" } else { "-2000" });
        match purpose {
            Use::Write => options
                .pragma("auto_vacuum", "INCREMENTAL")
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                .pragma("temp_store", "MEMORY")
                .pragma("wal_autocheckpoint", "0")
                // What the log has grown to, it keeps: to write over it costs one flush, to let it grow again two.
                .pragma("journal_size_limit", "-1"),
            Use::Upkeep => options.pragma("synchronous", "FULL").pragma("wal_autocheckpoint", "0"),
            Use::Read | Use::Watch | Use::Inspect => options,
        }
    });
    Database::connect(options).await.map_err(from_db)
}

/// The pragmas that the connections really have, read back from them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pragmas {
    /// Of the connection that writes.
    pub writer: BTreeMap<String, String>,
    /// Of one of those that read.
    pub reader: BTreeMap<String, String>,
    /// Of the connection that folds the log in.
    pub upkeep: BTreeMap<String, String>,
}

const PRAGMAS: [&str; 10] = [
    "journal_mode",
    "synchronous",
    "foreign_keys",
    "busy_timeout",
    "auto_vacuum",
    "wal_autocheckpoint",
    "journal_size_limit",
    "cache_size",
    "temp_store",
    "page_size",
];

/// Reads back the pragmas of a connection.
pub(crate) async fn pragmas(db: &impl Ask) -> Result<BTreeMap<String, String>, StoreError> {
    let mut pragmas = BTreeMap::new();
    for name in PRAGMAS {
        if let Some(mut row) = db.one(format!("PRAGMA {name}"), Vec::new()).await? {
            let value = if name == "journal_mode" { row.text()? } else { row.int()?.to_string() };
            pragmas.insert(name.to_owned(), value);
        }
    }
    Ok(pragmas)
}
