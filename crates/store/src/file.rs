//! SQLite: one file in the data folder.

use std::path::Path;

use sea_orm::DatabaseConnection;
use studio::ports::{DeadNode, Micros, StoreError};

use crate::{
    backup, checkpoint,
    connect::{self, Use},
    fault::{closed, unusable},
    folder::Folder,
    migrate::{self, Found},
    nodes::{self, OwnLock},
    sql,
    tx::Ask,
    write::Writer,
};

/// The file's side of the store.
#[derive(Debug)]
pub(crate) struct File {
    folder: Folder,
    pub(crate) upkeep: DatabaseConnection,
    watch: DatabaseConnection,
    own: OwnLock,
}

impl File {
    /// Opens the database in the folder, making or upgrading it first where that is needed, and enters this process there.
    pub(crate) async fn open(
        path: &Path,
        node: &str,
        role: &'static str,
        now: Micros,
    ) -> Result<(Self, Writer, DatabaseConnection), StoreError> {
        let folder = Folder::open(path)?;
        let lock = folder.lock().await?;
        let db = prepare(&folder, now).await.map_err(|e| named(e, &folder))?;
        let own = OwnLock::take(&folder.nodes(), node)?;
        let database = folder.database();
        let upkeep = connect::sqlite(&database, Use::Upkeep).await?;
        let readers = connect::sqlite(&database, Use::Read).await?;
        let watch = connect::sqlite(&database, Use::Watch).await?;
        let writer = Writer::start(database, folder.log(), db, upkeep.clone())?;
        let node = node.to_owned();
        writer.write(async move |tx| nodes::enter(tx, &node, role, now).await).await?;
        drop(lock);
        Ok((Self { folder, upkeep, watch, own }, writer, readers))
    }

    pub(crate) async fn change_mark(&self) -> Result<i64, StoreError> {
        match self.watch.one(sql::CHANGE_MARK, Vec::new()).await? {
            Some(mut row) => row.int(),
            None => Err(closed()),
        }
    }

    /// Bytes that are free for this user on the data folder's disk.
    pub(crate) fn free_space(&self) -> Option<u64> {
        self.folder.free_space()
    }

    pub(crate) async fn dead(&self, ask: &impl Ask, own: &str) -> Result<Vec<DeadNode>, StoreError> {
        nodes::dead(ask, &self.folder.nodes(), own).await
    }

    /// Whether a process is certainly gone.
    pub(crate) fn is_gone(&self, node: &str) -> Result<bool, StoreError> {
        nodes::is_gone(&self.folder.nodes(), node)
    }

    pub(crate) async fn forget(&self, writer: &Writer, node: &str) -> Result<(), StoreError> {
        let id = node.to_owned();
        writer.write(async move |tx| nodes::leave(tx, &id).await).await?;
        nodes::remove_file(&self.folder.nodes(), node)
    }

    /// Lets go of the file, once nobody writes or reads any more.
    pub(crate) async fn close(&self) {
        let _ = self.watch.clone().close().await;
        if let Err(error) = checkpoint::last(&self.upkeep).await {
            tracing::warn!(%error, "the log was not folded in");
        }
        let _ = self.upkeep.clone().close().await;
        self.own.remove();
    }
}

/// A fault of the file itself, with the file's name.
fn named(error: StoreError, folder: &Folder) -> StoreError {
    match error {
        StoreError::Unusable { detail, hint } => {
            StoreError::Unusable { detail: format!("{}: {detail}", folder.database().display()), hint }
        }
        other => other,
    }
}

/// Opens the connection that writes, on a database that is as this program knows it. The caller holds the folder's lock.
async fn prepare(folder: &Folder, now: Micros) -> Result<DatabaseConnection, StoreError> {
    let database = folder.database();
    if database.is_dir() {
        return Err(unusable(format!("{} is a folder", database.display()), "Move it away, or choose another folder with --data-dir."));
    }
    let found = if database.exists() {
        let db = connect::sqlite(&database, Use::Inspect).await?;
        let found = migrate::look(&db).await;
        if let Ok(Found::Version(version)) = found
            && version < migrate::VERSION
        {
            backup::copy(&db, &folder.backup_before(migrate::VERSION, now)?).await?;
        }
        let _ = db.close().await;
        found?
    } else {
        Found::Empty
    };
    let db = connect::sqlite(&database, Use::Write).await?;
    migrate::apply(&db, found, now).await?;
    Ok(db)
}
