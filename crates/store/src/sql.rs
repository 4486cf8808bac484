//! The dialect: what SQLite and PostgreSQL do not share, in one place.

use std::{borrow::Cow, fmt::Write as _};

use sea_orm::{DbBackend, SqliteTransactionMode, Statement, TransactionOptions, Value};

/// A number that changes when another connection to the SQLite file has written.
pub(crate) const CHANGE_MARK: &str = "PRAGMA data_version";

/// The time of PostgreSQL's own clock, in microseconds since 1970.
pub(crate) const SERVER_NOW: &str = "(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::BIGINT";

/// The query for the names of the tables that are there.
pub(crate) fn tables(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => "SELECT tablename::TEXT FROM pg_catalog.pg_tables WHERE schemaname = current_schema() ORDER BY 1",
        _ => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    }
}

/// `select` so that it takes its rows, for nobody else to change them until the transaction ends. SQLite has one writer anyway.
pub(crate) fn taking(backend: DbBackend, select: &str) -> Cow<'_, str> {
    match backend {
        DbBackend::Postgres => format!("{select} FOR UPDATE").into(),
        _ => select.into(),
    }
}

/// The same, without the rows that somebody else holds.
pub(crate) fn taking_free(backend: DbBackend, select: &str) -> Cow<'_, str> {
    match backend {
        DbBackend::Postgres => format!("{select} FOR UPDATE SKIP LOCKED").into(),
        _ => select.into(),
    }
}

/// `select` so that nobody changes its rows until the transaction ends, while others may do the same.
pub(crate) fn holding(backend: DbBackend, select: &str) -> Cow<'_, str> {
    match backend {
        DbBackend::Postgres => format!("{select} FOR SHARE").into(),
        _ => select.into(),
    }
}

/// Most rows of one INSERT; a longer list takes several.
const MOST_ROWS: usize = 16;

/// The lengths that lists in `IN (…)` are padded to, so that few texts are ever prepared.
const LISTS: [usize; 6] = [1, 4, 16, 64, 256, 1024];

/// A statement with its values.
pub(crate) fn statement(backend: DbBackend, sql: impl Into<String>, mut values: Vec<Value>) -> Statement {
    if backend == DbBackend::Postgres {
        values.iter_mut().for_each(without_zero);
    }
    Statement::from_sql_and_values(backend, sql, values)
}

/// PostgreSQL keeps no text with the character U+0000: a model's slip should not cost its answer, so it is replaced.
fn without_zero(value: &mut Value) {
    if let Value::String(Some(text)) = value
        && text.contains('\0')
    {
        *text = text.replace('\0', "\u{fffd}");
    }
}

/// How a transaction that writes begins: on SQLite with the write lock in hand.
pub(crate) fn writing() -> TransactionOptions {
    TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..TransactionOptions::default() }
}

/// How a transaction that reads begins: everything in it sees one moment. On PostgreSQL the connections that read say so for all of theirs.
pub(crate) fn reading() -> TransactionOptions {
    TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred), ..TransactionOptions::default() }
}

/// One INSERT for each chunk of `rows`, each row a list of values in the order of `columns`.
pub(crate) fn inserts(table: &str, columns: &[&str], rows: Vec<Vec<Value>>, conflict: &str) -> Vec<(String, Vec<Value>)> {
    let mut statements = Vec::with_capacity(rows.len().div_ceil(MOST_ROWS));
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk: Vec<Vec<Value>> = rows.by_ref().take(MOST_ROWS).collect();
        let mut sql = format!("INSERT INTO {table} ({}) VALUES ", columns.join(", "));
        for row in 0..chunk.len() {
            sql.push_str(if row == 0 { "(" } else { ", (" });
            placeholders(&mut sql, row * columns.len() + 1, columns.len());
            sql.push(')');
        }
        if !conflict.is_empty() {
            sql.push(' ');
            sql.push_str(conflict);
        }
        statements.push((sql, chunk.into_iter().flatten().collect()));
    }
    statements
}

/// The placeholders of a list in `IN (…)` whose first is `$first`, with the values padded to a fixed length by repeating the last.
///
/// None where there is nothing to look for. The caller gives at most [`longest_list`] values.
pub(crate) fn any_of(first: usize, values: &[String]) -> Option<(String, Vec<Value>)> {
    let last = values.last()?;
    let length = LISTS.into_iter().find(|l| *l >= values.len()).unwrap_or(values.len());
    let mut sql = String::with_capacity(length * 5);
    placeholders(&mut sql, first, length);
    Some((sql, values.iter().chain(std::iter::repeat(last)).take(length).map(|v| Value::from(v.as_str())).collect()))
}

/// How many values one `IN (…)` takes.
pub(crate) const fn longest_list() -> usize {
    LISTS[LISTS.len() - 1]
}

fn placeholders(sql: &mut String, first: usize, count: usize) {
    for n in first..first + count {
        let _ = write!(sql, "{}${n}", if n == first { "" } else { ", " });
    }
}

/// Whether several statements may travel as one text, which saves a way to the database and back for each.
pub(crate) fn joins(backend: DbBackend) -> bool {
    backend == DbBackend::Sqlite
}

/// Appends `statement` to `sql` with its placeholders raised by `by`. No text of ours holds a `$` that is no placeholder.
pub(crate) fn join(sql: &mut String, statement: &str, by: usize) {
    if !sql.is_empty() {
        sql.push_str("; ");
    }
    let mut parts = statement.split('$');
    sql.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let number: usize = part[..digits].parse().unwrap_or_default();
        let _ = write!(sql, "${}{}", number + by, &part[digits..]);
    }
}

/// Statements that PostgreSQL executes as one: each touches a table of its own and looks at no other, so none depends on another's doing.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    parts: Vec<String>,
    tables: Vec<String>,
    /// Parts that return ids.
    telling: Vec<usize>,
    /// The part that is there looks at other tables: nothing may be done beside it.
    looks: bool,
}

impl Batch {
    /// Whether `statement` may be executed together with what is there already.
    pub(crate) fn takes(&self, statement: &str) -> bool {
        if self.parts.is_empty() {
            return true;
        }
        !self.looks && !looks(statement) && !self.tables.iter().any(|table| table == table_of(statement))
    }

    /// Adds a statement with its placeholders raised by `by`; `tells` where it ends in `RETURNING id`.
    pub(crate) fn add(&mut self, statement: &str, by: usize, tells: bool) {
        if tells {
            self.telling.push(self.parts.len());
        }
        let mut part = String::new();
        join(&mut part, statement, by);
        self.parts.push(part);
        self.tables.push(table_of(statement).to_owned());
        self.looks = looks(statement);
    }

    /// One statement for all, which returns the ids.
    pub(crate) fn text(mut self) -> String {
        if self.parts.len() == 1 {
            return self.parts.remove(0);
        }
        let parts: Vec<_> = self.parts.iter().enumerate().map(|(n, part)| format!("p{n} AS ({part})")).collect();
        let ids: Vec<_> = self.telling.iter().map(|n| format!("SELECT id FROM p{n}")).collect();
        let ids = if ids.is_empty() { "SELECT 1".to_owned() } else { ids.join(" UNION ALL ") };
        format!("WITH {} {ids}", parts.join(", "))
    }
}

fn looks(statement: &str) -> bool {
    statement.contains("SELECT")
}

/// The table that an INSERT, an UPDATE or a DELETE touches.
fn table_of(statement: &str) -> &str {
    let mut words = statement.split([' ', '(']);
    match words.next() {
        Some("UPDATE") => words.next().unwrap_or_default(),
        _ => words.nth(1).unwrap_or_default(),
    }
}

/// The values of a statement, in the order of their placeholders.
macro_rules! params {
    ($($value:expr),* $(,)?) => { vec![$(::sea_orm::Value::from($value)),*] };
}
pub(crate) use params;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_rows_go_into_few_statements_of_fixed_lengths() {
        let rows = (0..20i64).map(|n| params![n, "x"]).collect();
        let statements = inserts("t", &["a", "b"], rows, "ON CONFLICT DO NOTHING");
        assert_eq!(statements.len(), 2);
        assert!(statements[1].0.ends_with("($7, $8) ON CONFLICT DO NOTHING"), "{}", statements[1].0);
        assert_eq!(statements[0].1.len(), 32);
    }

    #[test]
    fn statements_that_travel_together_keep_their_own_values() {
        let mut sql = String::new();
        join(&mut sql, "UPDATE t SET a = $2 WHERE id = $1", 0);
        join(&mut sql, "DELETE FROM t WHERE id IN ($1, $12)", 2);
        assert_eq!(sql, "UPDATE t SET a = $2 WHERE id = $1; DELETE FROM t WHERE id IN ($3, $14)");
    }

    #[test]
    fn statements_on_different_tables_become_one() {
        let mut batch = Batch::default();
        batch.add("UPDATE runs SET a = $2 WHERE id = $1", 0, false);
        assert!(batch.takes("INSERT INTO steps (id) VALUES ($1)") && !batch.takes("DELETE FROM runs WHERE id = $1"));
        batch.add("UPDATE steps SET a = $2 WHERE id = $1 RETURNING id", 2, true);
        assert!(!batch.takes("INSERT INTO steps(id) VALUES ($1)"));
        assert_eq!(
            batch.text(),
            "WITH p0 AS (UPDATE runs SET a = $2 WHERE id = $1), p1 AS (UPDATE steps SET a = $4 WHERE id = $3 RETURNING id) SELECT id FROM p1"
        );
        let mut looking = Batch::default();
        looking.add("UPDATE a SET b = (SELECT c FROM d)", 0, false);
        assert!(!looking.takes("DELETE FROM d"), "it would look at d as it was before");
        let mut alone = Batch::default();
        alone.add("DELETE FROM runs WHERE id = $1", 0, false);
        assert_eq!(alone.text(), "DELETE FROM runs WHERE id = $1");
    }

    #[test]
    fn a_list_is_padded_with_its_last_value() {
        let (sql, values) = any_of(3, &["a".into(), "b".into()]).unwrap();
        assert_eq!(sql, "$3, $4, $5, $6");
        assert_eq!(values, params!["a", "b", "b", "b"]);
        assert!(any_of(1, &[]).is_none());
    }
}
