//! Asking the database, inside a write transaction and outside.

use std::{
    future::Future,
    sync::atomic::{AtomicBool, Ordering},
};

use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, TransactionTrait, Value};
use studio::ports::StoreError;

use crate::{fault::from_db, row::Row, sql};

/// Something that can be read from.
pub(crate) trait Ask: Sync {
    fn connection(&self) -> &impl ConnectionTrait;

    /// All rows.
    fn all(&self, sql: impl Into<String> + Send, values: Vec<Value>) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send {
        let statement = sql::statement(sql, values);
        async move { Ok(self.connection().query_all_raw(statement).await.map_err(from_db)?.into_iter().map(Row::new).collect()) }
    }

    /// The only row, if there is one.
    fn one(&self, sql: impl Into<String> + Send, values: Vec<Value>) -> impl Future<Output = Result<Option<Row>, StoreError>> + Send {
        let statement = sql::statement(sql, values);
        async move { Ok(self.connection().query_one_raw(statement).await.map_err(from_db)?.map(Row::new)) }
    }
}

impl Ask for DatabaseConnection {
    fn connection(&self) -> &impl ConnectionTrait {
        self
    }
}

/// A read transaction: everything asked of it sees one moment.
pub(crate) struct Moment(DatabaseTransaction);

impl Moment {
    pub(crate) async fn begin(db: &DatabaseConnection) -> Result<Self, StoreError> {
        Ok(Self(db.begin_with_options(sql::reading()).await.map_err(from_db)?))
    }

    pub(crate) async fn end(self) -> Result<(), StoreError> {
        self.0.commit().await.map_err(from_db)
    }
}

impl Ask for Moment {
    fn connection(&self) -> &impl ConnectionTrait {
        &self.0
    }
}

/// A write transaction that several jobs may share: what one of them wrote can be taken back alone.
///
/// The savepoint is set with a job's first write, so a job that only looks and refuses costs nothing.
pub(crate) struct Tx {
    inner: DatabaseTransaction,
    shared: bool,
    wrote: AtomicBool,
}

impl Tx {
    /// Begins one that `shared` says whether several jobs are put into.
    pub(crate) async fn begin(db: &DatabaseConnection, shared: bool) -> Result<Self, StoreError> {
        let inner = db.begin_with_options(sql::writing()).await.map_err(from_db)?;
        Ok(Self { inner, shared, wrote: AtomicBool::new(false) })
    }

    /// Executes a statement and returns how many rows it touched.
    pub(crate) async fn run(&self, sql: impl Into<String>, values: Vec<Value>) -> Result<u64, StoreError> {
        if !self.wrote.swap(true, Ordering::Relaxed) && self.shared {
            // Savepoints of the same name stack: the latest is the one that is rolled back to, and the commit lets go of all.
            self.plain("SAVEPOINT job").await?;
        }
        Ok(self.inner.execute_raw(sql::statement(sql, values)).await.map_err(from_db)?.rows_affected())
    }

    /// Inserts rows, few at a time.
    pub(crate) async fn insert(&self, table: &str, columns: &[&str], rows: Vec<Vec<Value>>, conflict: &str) -> Result<(), StoreError> {
        for (sql, values) in sql::inserts(table, columns, rows, conflict) {
            self.run(sql, values).await?;
        }
        Ok(())
    }

    /// The next job begins.
    pub(crate) fn next_job(&self) {
        self.wrote.store(false, Ordering::Relaxed);
    }

    /// Takes back what the current job wrote. False where that is not possible without taking back everything.
    pub(crate) async fn undo_job(&self) -> bool {
        !self.wrote.load(Ordering::Relaxed) || (self.shared && self.plain("ROLLBACK TO SAVEPOINT job").await.is_ok())
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        self.inner.commit().await.map_err(from_db)
    }

    pub(crate) async fn rollback(self) -> Result<(), StoreError> {
        self.inner.rollback().await.map_err(from_db)
    }

    async fn plain(&self, sql: &str) -> Result<(), StoreError> {
        self.inner.execute_raw(sql::statement(sql, Vec::new())).await.map(|_| ()).map_err(from_db)
    }
}

impl Ask for Tx {
    fn connection(&self) -> &impl ConnectionTrait {
        &self.inner
    }
}
