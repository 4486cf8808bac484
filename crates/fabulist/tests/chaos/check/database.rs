//! The tables, read whole, on both databases alike.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use sea_orm::{ConnectionTrait, Database as Connect, DatabaseConnection, DbBackend, Statement};
use serde_json::Value;

/// A row: TEXT and BIGINT only.
#[derive(Debug, Clone)]
pub(crate) struct Row(BTreeMap<String, Value>);

pub(crate) type Table = Vec<Row>;

impl Row {
    /// A text; empty where there is none.
    pub(crate) fn text(&self, column: &str) -> &str {
        self.get(column).as_str().unwrap_or_default()
    }

    /// A number; 0 where there is none.
    pub(crate) fn number(&self, column: &str) -> i64 {
        self.get(column).as_i64().unwrap_or_default()
    }

    pub(crate) fn is_null(&self, column: &str) -> bool {
        self.get(column).is_null()
    }

    /// A text that is JSON.
    pub(crate) fn json(&self, column: &str) -> Value {
        serde_json::from_str(self.text(column)).unwrap_or_default()
    }

    fn get(&self, column: &str) -> &Value {
        self.0.get(column).unwrap_or_else(|| panic!("there is no column {column}"))
    }
}

/// A connection of the checker's own.
pub(crate) struct Database(DatabaseConnection);

impl Database {
    pub(crate) async fn open(url: String) -> Self {
        Self(Connect::connect(url).await.unwrap())
    }

    /// Every row of a table.
    pub(crate) async fn table(&self, table: &str) -> Table {
        let columns = self.columns(table).await;
        let (make, of): (_, fn(&str) -> String) = match self.0.get_database_backend() {
            DbBackend::Postgres => ("jsonb_build_object", |column| format!("to_jsonb({column})")),
            _ => ("json_object", str::to_owned),
        };
        // The number of arguments of a function is limited.
        let parts = columns.chunks(20).map(|columns| {
            let pairs: Vec<String> = columns.iter().map(|column| format!("'{column}', {}", of(column))).collect();
            format!("CAST({make}({}) AS TEXT)", pairs.join(", "))
        });
        let names: Vec<String> = parts.enumerate().map(|(n, part)| format!("{part} AS part_{n}")).collect();
        let rows = self.query(&format!("SELECT {} FROM {table}", names.join(", "))).await;
        let whole = |row: sea_orm::QueryResult| {
            let parts = (0..names.len()).map(|n| row.try_get::<String>("", &format!("part_{n}")).unwrap());
            Row(parts.flat_map(|part| serde_json::from_str::<BTreeMap<String, Value>>(&part).unwrap()).collect())
        };
        rows.into_iter().map(whole).collect()
    }

    async fn columns(&self, table: &str) -> Vec<String> {
        let sql = match self.0.get_database_backend() {
            DbBackend::Postgres => format!(
                "SELECT column_name::TEXT AS name FROM information_schema.columns WHERE table_name = '{table}' AND data_type IN ('text', 'bigint')"
            ),
            _ => format!("SELECT name FROM pragma_table_info('{table}')"),
        };
        self.query(&sql).await.into_iter().map(|row| row.try_get("", "name").unwrap()).collect()
    }

    /// The only number of a query.
    pub(crate) async fn count(&self, sql: &str) -> i64 {
        self.query(sql).await[0].try_get_by_index(0).unwrap()
    }

    async fn query(&self, sql: &str) -> Vec<sea_orm::QueryResult> {
        let statement = Statement::from_string(self.0.get_database_backend(), sql);
        self.0.query_all_raw(statement).await.unwrap_or_else(|e| panic!("{sql}: {e}"))
    }

    /// Does what must never be done.
    pub(crate) async fn harm(&self, sql: &str) {
        self.0.execute_unprepared("PRAGMA foreign_keys = OFF").await.unwrap();
        let harmed = self.0.execute_unprepared(sql).await.unwrap();
        assert!(harmed.rows_affected() > 0, "{sql} touches nothing");
    }

    /// Waits until nothing is left of what was deleted: within a minute.
    pub(crate) async fn until_swept(&self) -> Result<(), String> {
        let begun = Instant::now();
        loop {
            let left = self.count("SELECT COUNT(*) FROM workflow_runs WHERE deleted_at IS NOT NULL").await;
            if left == 0 {
                return Ok(());
            }
            if begun.elapsed() > Duration::from_secs(60) {
                return Err(format!("{left} deleted runs are still there after a minute"));
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}
