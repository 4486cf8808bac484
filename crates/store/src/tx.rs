//! Asking the database, inside a write transaction and outside.

use std::{
    borrow::Cow,
    collections::BTreeSet,
    future::Future,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, TransactionTrait, Value};
use studio::ports::StoreError;

use crate::{
    fault::{from_db, not_found},
    row::Row,
    sql,
};

/// Something that can be read from.
pub(crate) trait Ask: Sync {
    fn connection(&self) -> &impl ConnectionTrait;

    /// Whose dialect it understands.
    fn backend(&self) -> DbBackend {
        self.connection().get_database_backend()
    }

    /// All rows.
    fn all(&self, sql: impl Into<String> + Send, values: Vec<Value>) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send {
        let statement = sql::statement(self.backend(), sql, values);
        async move { Ok(in_time(self.backend(), self.connection().query_all_raw(statement)).await?.into_iter().map(Row::new).collect()) }
    }

    /// The only row, if there is one.
    fn one(&self, sql: impl Into<String> + Send, values: Vec<Value>) -> impl Future<Output = Result<Option<Row>, StoreError>> + Send {
        let statement = sql::statement(self.backend(), sql, values);
        async move { Ok(in_time(self.backend(), self.connection().query_one_raw(statement)).await?.map(Row::new)) }
    }
}

/// A server that was restarted has left us connections that are dead: each is found out by using it.
const FRESH_TRIES: u32 = 12;

impl Ask for DatabaseConnection {
    fn connection(&self) -> &impl ConnectionTrait {
        self
    }

    async fn all(&self, sql: impl Into<String> + Send, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let statement = sql::statement(self.backend(), sql, values);
        let mut tries = fresh_tries(self);
        while tries > 0 {
            match in_time(self.backend(), self.query_all_raw(statement.clone())).await {
                Err(StoreError::Away { .. }) => tries -= 1,
                rows => return Ok(rows?.into_iter().map(Row::new).collect()),
            }
        }
        Ok(self.query_all_raw(statement).await.map_err(from_db)?.into_iter().map(Row::new).collect())
    }

    async fn one(&self, sql: impl Into<String> + Send, values: Vec<Value>) -> Result<Option<Row>, StoreError> {
        let statement = sql::statement(self.backend(), sql, values);
        let mut tries = fresh_tries(self);
        while tries > 0 {
            match in_time(self.backend(), self.query_one_raw(statement.clone())).await {
                Err(StoreError::Away { .. }) => tries -= 1,
                row => return Ok(row?.map(Row::new)),
            }
        }
        Ok(self.query_one_raw(statement).await.map_err(from_db)?.map(Row::new))
    }
}

/// No answer of a server takes longer, or the way to it is broken.
const LONGEST: Duration = Duration::from_secs(20);

async fn in_time<T>(backend: DbBackend, answer: impl Future<Output = Result<T, DbErr>>) -> Result<T, StoreError> {
    if backend != DbBackend::Postgres {
        return answer.await.map_err(from_db);
    }
    match tokio::time::timeout(LONGEST, answer).await {
        Ok(answer) => answer.map_err(from_db),
        // Not asked again at once: somebody waits already.
        Err(_) => Err(StoreError::Busy { detail: format!("the server gave no answer within {} s", LONGEST.as_secs()) }),
    }
}

/// How often a question is asked once more where the connection turns out to be dead.
fn fresh_tries(db: &DatabaseConnection) -> u32 {
    if db.backend() == DbBackend::Postgres { FRESH_TRIES } else { 0 }
}

/// A read transaction: everything asked of it sees one moment.
pub(crate) struct Moment(DatabaseTransaction);

impl Moment {
    pub(crate) async fn begin(db: &DatabaseConnection) -> Result<Self, StoreError> {
        let mut tries = fresh_tries(db);
        loop {
            match in_time(db.backend(), db.begin_with_options(sql::reading())).await {
                Err(StoreError::Away { .. }) if tries > 0 => tries -= 1,
                begun => return begun.map(Self),
            }
        }
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

/// A write transaction, which several jobs may share.
///
/// Statements are put down and travel together with the next question or at the job's end.
pub(crate) struct Tx {
    inner: DatabaseTransaction,
    /// The current job has written.
    wrote: AtomicBool,
    put: Mutex<Vec<Put>>,
}

/// A statement that waits, and the row that it must touch.
struct Put {
    sql: Cow<'static, str>,
    values: Vec<Value>,
    touches: Option<(&'static str, String)>,
}

/// Most values that travel together.
const MOST_VALUES: usize = 4000;

impl Tx {
    pub(crate) async fn begin(db: &DatabaseConnection) -> Result<Self, StoreError> {
        let inner = db.begin_with_options(sql::writing()).await.map_err(from_db)?;
        Ok(Self { inner, wrote: AtomicBool::new(false), put: Mutex::default() })
    }

    /// Puts a statement down, to be executed with those that follow.
    pub(crate) fn put(&self, sql: impl Into<Cow<'static, str>>, values: Vec<Value>) {
        self.lay(Put { sql: sql.into(), values, touches: None });
    }

    /// The same for a statement that ends in `RETURNING id` and must touch the row `id`: else there is no such `what`.
    pub(crate) fn put_on(&self, what: &'static str, id: &str, sql: impl Into<Cow<'static, str>>, values: Vec<Value>) {
        self.lay(Put { sql: sql.into(), values, touches: Some((what, id.to_owned())) });
    }

    /// Puts rows down, few to a statement.
    pub(crate) fn insert(&self, table: &str, columns: &[&str], rows: Vec<Vec<Value>>, conflict: &str) {
        for (sql, values) in sql::inserts(table, columns, rows, conflict) {
            self.put(sql, values);
        }
    }

    /// Executes a statement now and returns how many rows it touched.
    pub(crate) async fn run(&self, sql: impl Into<String>, values: Vec<Value>) -> Result<u64, StoreError> {
        self.flush().await?;
        self.wrote.store(true, Ordering::Relaxed);
        Ok(self.inner.execute_raw(sql::statement(self.backend(), sql, values)).await.map_err(from_db)?.rows_affected())
    }

    /// Executes what was put down.
    pub(crate) async fn flush(&self) -> Result<(), StoreError> {
        let waiting = std::mem::take(&mut *self.waiting());
        if waiting.is_empty() {
            return Ok(());
        }
        self.wrote.store(true, Ordering::Relaxed);
        if !sql::joins(self.backend()) {
            return self.flush_at_once(waiting).await;
        }
        let mut text = String::new();
        let (mut values, mut expected) = (Vec::new(), Vec::new());
        for put in waiting {
            if !text.is_empty() && values.len() + put.values.len() > MOST_VALUES {
                self.send(std::mem::take(&mut text), std::mem::take(&mut values), std::mem::take(&mut expected)).await?;
            }
            sql::join(&mut text, &put.sql, values.len());
            values.extend(put.values);
            expected.extend(put.touches);
        }
        self.send(text, values, expected).await
    }

    /// The same where a text holds one statement only: those that touch different tables travel as parts of one, and no way is gone twice
    /// that need not be.
    async fn flush_at_once(&self, waiting: Vec<Put>) -> Result<(), StoreError> {
        let mut batch = sql::Batch::default();
        let (mut values, mut expected) = (Vec::new(), Vec::new());
        for put in waiting {
            if !batch.takes(&put.sql) || values.len() + put.values.len() > MOST_VALUES {
                self.send(std::mem::take(&mut batch).text(), std::mem::take(&mut values), std::mem::take(&mut expected)).await?;
            }
            batch.add(&put.sql, values.len(), put.touches.is_some());
            values.extend(put.values);
            expected.extend(put.touches);
        }
        self.send(batch.text(), values, expected).await
    }

    async fn send(&self, text: String, values: Vec<Value>, expected: Vec<(&'static str, String)>) -> Result<(), StoreError> {
        let statement = sql::statement(self.backend(), text, values);
        if expected.is_empty() {
            return self.inner.execute_raw(statement).await.map(|_| ()).map_err(from_db);
        }
        let mut touched = BTreeSet::new();
        for row in self.inner.query_all_raw(statement).await.map_err(from_db)? {
            touched.insert(Row::new(row).text()?);
        }
        match expected.into_iter().find(|(_, id)| !touched.contains(id)) {
            Some((what, id)) => Err(not_found(what, &id)),
            None => Ok(()),
        }
    }

    /// The next job begins.
    pub(crate) fn next_job(&self) {
        self.waiting().clear();
        self.wrote.store(false, Ordering::Relaxed);
    }

    /// Whether the current job wrote anything.
    pub(crate) fn wrote(&self) -> bool {
        self.wrote.load(Ordering::Relaxed)
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        self.inner.commit().await.map_err(from_db)
    }

    pub(crate) async fn rollback(self) -> Result<(), StoreError> {
        self.inner.rollback().await.map_err(from_db)
    }

    fn lay(&self, put: Put) {
        self.waiting().push(put);
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Put>> {
        self.put.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ask for Tx {
    fn connection(&self) -> &impl ConnectionTrait {
        &self.inner
    }

    async fn all(&self, sql: impl Into<String> + Send, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.flush().await?;
        self.inner.all(sql, values).await
    }

    async fn one(&self, sql: impl Into<String> + Send, values: Vec<Value>) -> Result<Option<Row>, StoreError> {
        self.flush().await?;
        self.inner.one(sql, values).await
    }
}

impl Ask for DatabaseTransaction {
    fn connection(&self) -> &impl ConnectionTrait {
        self
    }
}
