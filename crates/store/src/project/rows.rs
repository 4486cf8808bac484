//! A file's rows, read and looked at before anything is written.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use studio::{ports::StoreError, project::Holds};

use super::{
    TABLES,
    file::{Head, Reading, unfit},
};
use crate::migrate;

/// One row of a file: column to value.
pub(super) type Line = Map<String, Value>;

/// The rows of a file, by table.
#[derive(Debug)]
pub(crate) struct Rows {
    pub(super) head: Head,
    tables: BTreeMap<&'static str, Vec<Line>>,
}

impl Rows {
    /// Reads a whole file. Fails with [`StoreError::Unfit`] where it is damaged, of a newer program, or does not hang together.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, StoreError> {
        let (mut reading, head) = Reading::begin(bytes)?;
        if head.schema > migrate::VERSION {
            return Err(StoreError::Unfit {
                detail: format!("the file is of version {}, but this program knows only {}", head.schema, migrate::VERSION),
                hint: "Use the newer fabulist that wrote it.".into(),
            });
        }
        let mut rows = Self { head, tables: BTreeMap::new() };
        let mut count = 0u64;
        loop {
            let line = reading.line()?.ok_or_else(|| unfit("it breaks off"))?;
            let line: Line = serde_json::from_str(&line).map_err(|_| reading.wrong("is no JSON object"))?;
            let Some((table, row)) = line.into_iter().next() else { return Err(reading.wrong("is empty")) };
            if table == "end" {
                if row.as_u64() != Some(count) {
                    return Err(reading.wrong("tells another number of rows"));
                }
                // The file's checksum is looked at only where it is read to its very end.
                if reading.line()?.is_some() {
                    return Err(reading.wrong("stands after the end"));
                }
                break;
            }
            let known = TABLES.into_iter().find(|known| *known == table).ok_or_else(|| reading.wrong("is of an unknown table"))?;
            let Value::Object(row) = row else { return Err(reading.wrong("holds no row")) };
            rows.tables.entry(known).or_default().push(row);
            count += 1;
        }
        rows.hang_together()?;
        Ok(rows)
    }

    pub(super) fn of(&self, table: &str) -> &[Line] {
        self.tables.get(table).map_or(&[], Vec::as_slice)
    }

    /// The values of a column that every row has.
    pub(super) fn all(&self, table: &str, column: &str) -> Vec<String> {
        self.of(table).iter().filter_map(|row| text(row, column)).map(str::to_owned).collect()
    }

    /// Every reference leads to a row of the same file.
    fn hang_together(&self) -> Result<(), StoreError> {
        let ids = |table: &str, column: &str| -> BTreeSet<String> { self.all(table, column).into_iter().collect() };
        let (briefs, snapshots, runs) = (ids("briefs", "id"), ids("brief_snapshots", "id"), ids("workflow_runs", "id"));
        if briefs.len() != 1 || self.of("briefs").len() != 1 {
            return Err(unfit("it does not hold one brief"));
        }
        let held = match self.head.holds {
            Holds::Brief => &briefs,
            Holds::Snapshot => &snapshots,
            Holds::Run => &runs,
        };
        if !held.contains(&self.head.id) {
            return Err(unfit("what its first line names is not in it"));
        }
        let references = [
            ("brief_id", &briefs),
            ("snapshot_id", &snapshots),
            ("run_id", &runs),
            ("content_id", &ids("contents", "id")),
            ("artifact_id", &ids("artifacts", "id")),
            ("version_id", &ids("artifact_versions", "id")),
            ("step_id", &ids("workflow_steps", "id")),
        ];
        for (table, rows) in &self.tables {
            for row in rows {
                for (column, known) in &references {
                    if text(row, column).is_some_and(|id| !known.contains(id)) {
                        return Err(unfit(&format!("a row of {table} names a `{column}` that is not in it")));
                    }
                }
                if row.contains_key("id") && text(row, "id").is_none_or(|id| uuid::Uuid::try_parse(id).is_err()) {
                    return Err(unfit(&format!("a row of {table} has an id that is none")));
                }
            }
        }
        Ok(())
    }
}

/// A column's text.
pub(super) fn text<'a>(row: &'a Line, column: &str) -> Option<&'a str> {
    row.get(column).and_then(Value::as_str)
}
