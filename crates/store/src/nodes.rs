//! Liveness: each process holds a lock on its own file for as long as it lives. Who gets the lock knows that the owner is gone.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
};

use studio::ports::{DeadNode, Micros, StoreError};

use crate::{
    fault::from_io,
    folder,
    sql::params,
    tx::{Ask, Tx},
};

/// This process's lock.
#[derive(Debug)]
pub(crate) struct OwnLock {
    path: PathBuf,
    /// Locked while it is open.
    _file: File,
}

impl OwnLock {
    /// Takes the lock of a node that nobody knows yet.
    pub(crate) fn take(nodes: &Path, id: &str) -> Result<Self, StoreError> {
        let failed = |e: std::io::Error| from_io("this process cannot be entered in the folder `nodes`", &e);
        folder::create(nodes).map_err(failed)?;
        let (path, first) = (nodes.join(id), nodes.join(format!(".{id}")));
        let file = OpenOptions::new().write(true).create_new(true).open(&first).map_err(failed)?;
        file.lock().map_err(failed)?;
        // It gets its name only once it is locked: nobody ever finds it free while we live.
        std::fs::rename(&first, &path).map_err(failed)?;
        Ok(Self { path, _file: file })
    }

    /// Leaves no trace.
    pub(crate) fn remove(&self) {
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::debug!(%error, "the lock file of this process was not removed");
        }
    }
}

/// Enters this process in the table of nodes.
pub(crate) async fn enter(tx: &Tx, id: &str, role: &str, now: Micros) -> Result<(), StoreError> {
    tx.run("INSERT INTO nodes (id, role, started_at, seen_at) VALUES ($1, $2, $3, $4)", params![id, role, now, now]).await.map(|_| ())
}

/// Takes a process out of the table of nodes.
pub(crate) async fn leave(tx: &Tx, id: &str) -> Result<(), StoreError> {
    tx.run("DELETE FROM nodes WHERE id = $1", params![id]).await.map(|_| ())
}

/// Nodes other than `own` that are certainly gone, with the runs that they still hold.
pub(crate) async fn dead(ask: &impl Ask, nodes: &Path, own: &str) -> Result<Vec<DeadNode>, StoreError> {
    let mut known: BTreeSet<String> = names(nodes)?.into_iter().collect();
    for mut row in ask.all("SELECT id FROM nodes", Vec::new()).await? {
        known.insert(row.text()?);
    }
    let mut held: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let claims = ask
        .all("SELECT claim_node, id FROM workflow_runs WHERE claim_node IS NOT NULL AND deleted_at IS NULL ORDER BY id", Vec::new())
        .await?;
    for mut row in claims {
        held.entry(row.text()?).or_default().push(row.text()?);
    }
    known.extend(held.keys().cloned());
    known.remove(own);
    let mut dead = Vec::new();
    for node in known {
        if is_gone(nodes, &node)? {
            dead.push(DeadNode { runs: held.remove(&node).unwrap_or_default(), node });
        }
    }
    Ok(dead)
}

/// Removes a dead node's file. A living one's stays.
pub(crate) fn remove_file(nodes: &Path, node: &str) -> Result<(), StoreError> {
    if is_gone(nodes, node)? {
        match std::fs::remove_file(nodes.join(node)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(from_io("the lock file of a dead process stays", &e)),
            _ => {}
        }
    }
    Ok(())
}

/// Whether any process holds its lock.
pub(crate) fn anybody_alive(nodes: &Path) -> Result<bool, StoreError> {
    for node in names(nodes)? {
        if !is_gone(nodes, &node)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn names(nodes: &Path) -> Result<Vec<String>, StoreError> {
    let failed = |e: std::io::Error| from_io("the folder `nodes` cannot be read", &e);
    let entries = match std::fs::read_dir(nodes) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    let mut names = Vec::new();
    for entry in entries {
        if let Some(name) = entry.map_err(failed)?.file_name().to_str().filter(|name| !name.starts_with('.')) {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

/// Whether nobody holds its lock.
pub(crate) fn is_gone(nodes: &Path, node: &str) -> Result<bool, StoreError> {
    match File::open(nodes.join(node)) {
        // A node without a file has closed, or lived in another folder that this database was copied from.
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(e) => Err(from_io("the lock file of another process cannot be opened", &e)),
        Ok(file) => match file.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(e)) => Err(from_io("the lock file of another process cannot be tried", &e)),
        },
    }
}
