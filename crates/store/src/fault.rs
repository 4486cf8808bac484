//! What a fault of the database means to whoever asked.

use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr, SqlxError};
use sqlx::postgres::PgDatabaseError;
use studio::ports::StoreError;

/// SQLite's result codes that we tell apart; the rest of a code above the lowest byte says more and is not needed.
const BUSY: i64 = 5;
const LOCKED: i64 = 6;
const READONLY: i64 = 8;
const CORRUPT: i64 = 11;
const FULL: i64 = 13;
const CANTOPEN: i64 = 14;
const NOTADB: i64 = 26;
/// The shared memory beside the log could not grow.
const IOERR_SHMSIZE: i64 = 4874;

/// What `error` means.
pub(crate) fn from_db(error: DbErr) -> StoreError {
    if let Some(meant) = sqlx_error(&error).and_then(from_server) {
        return meant;
    }
    let code = code(&error);
    let detail = error.to_string();
    match code.map(|c| if c == IOERR_SHMSIZE { FULL } else { c & 0xff }) {
        Some(FULL) => StoreError::DiskFull { detail },
        Some(BUSY | LOCKED) => StoreError::Busy { detail },
        Some(READONLY) => {
            unusable(format!("the database cannot be written: {detail}"), "Give this user the right to write to the data folder.")
        }
        Some(CORRUPT) => unusable(
            format!("the database is damaged: {detail}"),
            "Restore a backup with `fabulist restore FILE`; the damaged file is kept beside it.",
        ),
        Some(NOTADB) => {
            unusable("this file is not a database of Fabulist".to_owned(), "Move the file away, or choose another folder with --data-dir.")
        }
        Some(CANTOPEN) => unusable(
            format!("the database cannot be opened: {detail}"),
            "Check that the data folder exists and that this user may write to it, or choose another with --data-dir.",
        ),
        _ => match error {
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => StoreError::Busy { detail },
            _ => StoreError::Database(detail),
        },
    }
}

/// A [`StoreError::Unusable`].
pub(crate) fn unusable(detail: impl Into<String>, hint: impl Into<String>) -> StoreError {
    StoreError::Unusable { detail: detail.into(), hint: hint.into() }
}

/// There is no such thing.
pub(crate) fn not_found(what: &'static str, id: &str) -> StoreError {
    StoreError::NotFound { what, id: id.to_owned() }
}

/// A value that was stored cannot be read any more.
pub(crate) fn unreadable(what: &str, error: &dyn std::fmt::Display) -> StoreError {
    StoreError::Database(format!("a stored {what} cannot be read: {error}"))
}

/// The store was closed.
pub(crate) fn closed() -> StoreError {
    StoreError::Database("the database was closed".into())
}

/// What the operating system says about the data folder, as the reader should know it.
pub(crate) fn from_io(what: &str, error: &std::io::Error) -> StoreError {
    use std::io::ErrorKind::{PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    let detail = format!("{what}: {error}");
    match error.kind() {
        StorageFull | QuotaExceeded => StoreError::DiskFull { detail },
        PermissionDenied | ReadOnlyFilesystem => {
            unusable(detail, "Give this user the right to write there, or choose another folder with --data-dir.")
        }
        _ => unusable(detail, "Choose a folder on a local disk with --data-dir."),
    }
}

/// The same fault once more, for each of those whom it hit.
pub(crate) fn again(error: &StoreError) -> StoreError {
    match error {
        StoreError::DiskFull { detail } => StoreError::DiskFull { detail: detail.clone() },
        StoreError::Busy { detail } => StoreError::Busy { detail: detail.clone() },
        StoreError::Away { detail } => StoreError::Away { detail: detail.clone() },
        StoreError::Unusable { detail, hint } => unusable(detail.clone(), hint.clone()),
        StoreError::NotFound { what, id } => not_found(what, id),
        StoreError::Unfit { detail, hint } => StoreError::Unfit { detail: detail.clone(), hint: hint.clone() },
        StoreError::Locked { locks } => StoreError::Locked { locks: locks.clone() },
        StoreError::Taken { what, id } => StoreError::Taken { what, id: id.clone() },
        StoreError::Refused(refused) => StoreError::Refused(refused.clone()),
        StoreError::ArtifactMovedOn { latest } => StoreError::ArtifactMovedOn { latest: latest.clone() },
        StoreError::Database(detail) => StoreError::Database(detail.clone()),
    }
}

fn sqlx_error(error: &DbErr) -> Option<&SqlxError> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(inner))
        | DbErr::Exec(RuntimeErr::SqlxError(inner))
        | DbErr::Query(RuntimeErr::SqlxError(inner)) => Some(inner),
        _ => None,
    }
}

fn code(error: &DbErr) -> Option<i64> {
    match sqlx_error(error)? {
        SqlxError::Database(inner) => inner.code()?.parse().ok(),
        _ => None,
    }
}

/// What a fault of PostgreSQL, or of the way to it, means to whoever is at work; none where it is nothing that we tell apart.
pub(crate) fn from_server(error: &SqlxError) -> Option<StoreError> {
    let detail = error.to_string();
    let fault = match error {
        SqlxError::Io(_) | SqlxError::Tls(_) | SqlxError::Protocol(_) => return Some(StoreError::Away { detail }),
        SqlxError::Database(fault) => fault.try_downcast_ref::<PgDatabaseError>()?,
        _ => return None,
    };
    let code = fault.code();
    Some(match (code.get(..2)?, code) {
        (_, "53100") => StoreError::DiskFull { detail },
        // Two transactions in each other's way, or one that waited too long for another.
        (_, "40001" | "40P01" | "55P03" | "57014") => StoreError::Busy { detail },
        // The connection is lost, the server stops or starts, has no room, or is a copy that has not been promoted yet.
        ("08" | "53", _) | (_, "57P01" | "57P02" | "57P03" | "25P03" | "25006") => StoreError::Away { detail },
        (_, "42501") => unusable(
            format!("the database's user may not do this: {}", fault.message()),
            "Let it own the database, or grant it all rights on the schema `public`.",
        ),
        ("XX", "XX001" | "XX002") => unusable(format!("the database is damaged: {}", fault.message()), "Restore it with pg_restore."),
        _ => return None,
    })
}
