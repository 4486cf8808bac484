//! The columns of a table as the database itself knows them: what a later version adds travels without being named here.

use sea_orm::DbBackend;
use studio::ports::StoreError;

use super::LEFT_OUT;
use crate::{sql::params, tx::Ask};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
}

/// Name and kind of every column that travels, in the table's order.
pub(super) async fn columns(ask: &impl Ask, table: &str) -> Result<Vec<(String, Kind)>, StoreError> {
    let sql = match ask.backend() {
        DbBackend::Postgres => {
            "SELECT column_name::TEXT, data_type::TEXT FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position"
        }
        _ => "SELECT name, type FROM pragma_table_info($1) ORDER BY cid",
    };
    let left_out = LEFT_OUT.iter().find(|(of, _)| *of == table).map_or(&[][..], |(_, columns)| *columns);
    let mut columns = Vec::new();
    for mut row in ask.all(sql, params![table]).await? {
        let (name, kind) = (row.text()?, row.text()?);
        if !left_out.contains(&name.as_str()) {
            columns.push((name, if kind.eq_ignore_ascii_case("text") { Kind::Text } else { Kind::Number }));
        }
    }
    Ok(columns)
}
