//! The bin: a project file of whatever was deleted, written before its first row goes.

use std::{
    fs::{File, OpenOptions},
    io::{Read, Write},
    path::{Path, PathBuf},
    sync::Mutex,
    time::{Duration, Instant},
};

use studio::{
    ports::{Micros, StoreError},
    project::{Binned, Holds},
};

use crate::{
    fault::{from_io, not_found},
    folder,
    project::{self, Scope},
    sql::params,
    tx::{Ask, Tx},
};

/// So long a file is kept.
const KEPT: Micros = 30 * 24 * 3_600 * 1_000_000;
/// So often it is looked whether a file is too old.
const LOOK_EVERY: Duration = Duration::from_secs(3_600);
const SUFFIX: &str = ".fabulist";

/// The folder `bin`.
#[derive(Debug)]
pub(crate) struct Bin {
    folder: PathBuf,
    looked: Mutex<Option<Instant>>,
}

/// What was deleted and lies in no file yet.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Due {
    scope: Scope,
    deleted_at: Micros,
}

/// What is to be written next: the whole brief where that was deleted, else the snapshot, else the run. What is marked for later is being
/// imported.
pub(crate) async fn due(ask: &impl Ask, now: Micros) -> Result<Option<Due>, StoreError> {
    for (holds, table) in [(Holds::Brief, "briefs"), (Holds::Snapshot, "brief_snapshots"), (Holds::Run, "workflow_runs")] {
        let sql = format!("SELECT id, deleted_at FROM {table} WHERE deleted_at <= $1 AND binned = 0 ORDER BY deleted_at, id LIMIT 1");
        if let Some(mut row) = ask.one(sql, params![now]).await? {
            return Ok(Some(Due { scope: Scope { holds, id: row.text()?, deleted: true }, deleted_at: row.int()? }));
        }
    }
    Ok(None)
}

/// The file of what is due.
pub(crate) async fn contents(ask: &impl Ask, due: &Due) -> Result<Vec<u8>, StoreError> {
    project::export(ask, &due.scope, due.deleted_at).await
}

/// The rows may go.
pub(crate) async fn mark(tx: &Tx, due: &Due) -> Result<(), StoreError> {
    let id = due.scope.id.as_str();
    let gone = "deleted_at IS NOT NULL AND binned = 0";
    let (snapshots, runs) = match due.scope.holds {
        Holds::Brief => {
            tx.run("UPDATE briefs SET binned = 1 WHERE id = $1", params![id]).await?;
            (Some("brief_id"), "brief_id")
        }
        Holds::Snapshot => (Some("id"), "snapshot_id"),
        Holds::Run => (None, "id"),
    };
    if let Some(column) = snapshots {
        tx.run(format!("UPDATE brief_snapshots SET binned = 1 WHERE {column} = $1 AND {gone}"), params![id]).await?;
    }
    tx.run(format!("UPDATE workflow_runs SET binned = 1 WHERE {runs} = $1 AND {gone}"), params![id]).await.map(|_| ())
}

impl Bin {
    pub(crate) fn new(data_folder: &Path) -> Self {
        Self { folder: data_folder.join("bin"), looked: Mutex::new(None) }
    }

    /// Writes a file, for this user alone; it appears only once it is whole.
    pub(crate) fn keep(&self, due: &Due, bytes: &[u8]) -> Result<(), StoreError> {
        let failed = |e: std::io::Error| from_io("what was deleted cannot be kept in the folder `bin`", &e);
        folder::create(&self.folder).map_err(failed)?;
        let path = self.path(&due.scope.id);
        // Two processes may write the same: each a file of its own, and the last one stays.
        let partial = self.folder.join(format!(".{}-{}", due.scope.id, uuid::Uuid::now_v7()));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(&partial).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        let kept = written.and_then(|()| std::fs::rename(&partial, &path)).and_then(|()| File::open(&self.folder)?.sync_all());
        kept.map_err(|e| {
            let _ = std::fs::remove_file(&partial);
            failed(e)
        })
    }

    /// What can be had back, what was deleted last first.
    pub(crate) fn list(&self) -> Result<Vec<Binned>, StoreError> {
        let failed = |e: std::io::Error| from_io("the folder `bin` cannot be read", &e);
        let entries = match std::fs::read_dir(&self.folder) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(failed)?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let path = entry.map_err(failed)?.path();
            let named =
                path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.ends_with(SUFFIX) && !name.starts_with('.'));
            if !named {
                continue;
            }
            // Another process may have thrown it away meanwhile, and not everything that is put here is ours.
            let Ok(file) = File::open(&path) else { continue };
            let bytes = file.metadata().map_or(0, |metadata| metadata.len());
            let Ok(head) = project::head(file) else { continue };
            let until = head.at.saturating_add(KEPT);
            found.push(Binned { id: head.id, holds: head.holds, title: head.title, deleted_at: head.at, until, bytes });
        }
        found.sort_by(|a, b| (b.deleted_at, &b.id).cmp(&(a.deleted_at, &a.id)));
        Ok(found)
    }

    /// A file, to be put back.
    pub(crate) fn take(&self, id: &str) -> Result<Vec<u8>, StoreError> {
        let mut bytes = Vec::new();
        let known = self.list()?.iter().any(|binned| binned.id == id);
        let opened = if known { File::open(self.path(id)) } else { Err(std::io::ErrorKind::NotFound.into()) };
        match opened.and_then(|mut file| file.read_to_end(&mut bytes)) {
            Ok(_) => Ok(bytes),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Err(not_found("deleted thing", id)),
            Err(e) => Err(from_io("the file in the folder `bin` cannot be read", &e)),
        }
    }

    /// What was put back is in the bin no more.
    pub(crate) fn forget(&self, id: &str) {
        if let Err(error) = std::fs::remove_file(self.path(id)) {
            tracing::warn!(%error, id, "a file in the bin was not removed");
        }
    }

    /// Throws away what is too old, now and then.
    pub(crate) fn tidy(&self, now: Micros) {
        {
            let mut looked = self.looked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if looked.is_some_and(|at| at.elapsed() < LOOK_EVERY) {
                return;
            }
            *looked = Some(Instant::now());
        }
        for binned in self.list().unwrap_or_default().iter().filter(|binned| binned.until < now) {
            self.forget(&binned.id);
        }
    }

    fn path(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}{SUFFIX}"))
    }
}
