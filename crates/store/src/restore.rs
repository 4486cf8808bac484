//! Putting a backup in the place of the database.

use std::path::{Path, PathBuf};

use sea_orm::ConnectionTrait;
use studio::ports::{Micros, StoreError};

use crate::{
    backup::with_suffix,
    checkpoint,
    connect::{self, Use},
    fault::{from_db, from_io, unusable},
    folder::Folder,
    migrate::{self, Found},
    nodes, sql,
    tx::Ask,
};

/// Puts `backup` in the place of the database in `data_dir`, and returns where the old one lies now, if there was one.
///
/// Fails while any process works in the folder, and where the file is not a whole database of this program or of an older one. All epochs
/// are raised and nobody answers to the claims any more: the next start takes them over.
pub async fn restore(backup: &Path, data_dir: &Path, now: Micros) -> Result<Option<PathBuf>, StoreError> {
    let folder = Folder::open(data_dir)?;
    let _lock = folder.lock().await?;
    if nodes::anybody_alive(&folder.nodes())? {
        return Err(unusable(
            "another fabulist works in this data folder",
            "Stop the server and every command that is still at work, then try again.",
        ));
    }
    let database = folder.database();
    let fresh = with_suffix(&database, ".restoring");
    let copied = prepare(backup, &fresh).await;
    if let Err(error) = copied {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            let _ = std::fs::remove_file(with_suffix(&fresh, suffix));
        }
        // Whatever is wrong is wrong with the file that was given; the database in the folder is untouched.
        return Err(match error {
            StoreError::Unusable { detail, .. } => unusable(
                format!("{}: {detail}", backup.display()),
                "Nothing was changed. Give the path of a whole file that `fabulist backup` wrote.",
            ),
            other => other,
        });
    }
    let failed = |e: std::io::Error| from_io("the database cannot be replaced", &e);
    let old = if database.exists() {
        let old = with_suffix(&database, &format!(".before-restore-{now}"));
        put_aside(&database, &old).await.map_err(failed)?;
        Some(old)
    } else {
        None
    };
    std::fs::rename(&fresh, &database).map_err(failed)?;
    folder.sync().map_err(failed)?;
    for node in std::fs::read_dir(folder.nodes()).into_iter().flatten().flatten() {
        let _ = std::fs::remove_file(node.path());
    }
    Ok(old)
}

/// Copies the backup, looks whether it is whole and ours, and takes the right to commit from every claim in it.
async fn prepare(backup: &Path, fresh: &Path) -> Result<(), StoreError> {
    let (from, to) = (backup.to_owned(), fresh.to_owned());
    let copied = tokio::task::spawn_blocking(move || {
        std::fs::copy(from, &to)?;
        std::fs::File::open(to)?.sync_all()
    });
    let unread = |e: &dyn std::fmt::Display| {
        unusable(format!("the backup {} cannot be read: {e}", backup.display()), "Give the path of a file that `fabulist backup` wrote.")
    };
    copied.await.map_err(|e| unread(&e))?.map_err(|e| unread(&e))?;
    let db = connect::sqlite(fresh, Use::Inspect).await?;
    let result = check_and_clear(&db).await;
    let _ = db.close().await;
    result
}

async fn check_and_clear(db: &sea_orm::DatabaseConnection) -> Result<(), StoreError> {
    if migrate::look(db).await? == Found::Empty {
        return Err(unusable("the backup is empty", "Give the path of a file that `fabulist backup` wrote."));
    }
    let verdict = match db.one("PRAGMA quick_check(1)", Vec::new()).await? {
        Some(mut row) => row.text()?,
        None => String::new(),
    };
    if verdict != "ok" {
        return Err(unusable(format!("the backup is damaged: {verdict}"), "Restore an older backup."));
    }
    // A claim keeps its holder's name: nobody answers to it any more, so the next start takes the run over and closes its attempt.
    for sql in ["UPDATE workflow_runs SET epoch = epoch + 1", "DELETE FROM nodes"] {
        db.execute_raw(sql::statement(db.backend(), sql, Vec::new())).await.map_err(from_db)?;
    }
    Ok(())
}

/// Renames the old database, with what is left of its log.
async fn put_aside(database: &Path, old: &Path) -> std::io::Result<()> {
    if let Ok(db) = connect::sqlite(database, Use::Upkeep).await {
        let _ = checkpoint::last(&db).await;
        let _ = db.close().await;
    }
    for suffix in ["-wal", "-shm"] {
        match std::fs::rename(with_suffix(database, suffix), with_suffix(old, suffix)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
    }
    std::fs::rename(database, old)
}
