//! A row as a line: text and numbers by column, and nothing for a null.

use sea_orm::Value as Bound;
use serde_json::{Map, Value};
use studio::ports::StoreError;

use super::columns::Kind;
use crate::row::Row;

/// Reads a row whose columns were asked for in this order.
pub(super) fn line(row: &mut Row, columns: &[(String, Kind)]) -> Result<Map<String, Value>, StoreError> {
    let mut line = Map::new();
    for (name, kind) in columns {
        let value = match kind {
            Kind::Text => row.maybe_text()?.map(Value::from),
            Kind::Number => row.maybe_int()?.map(Value::from),
        };
        if let Some(value) = value {
            line.insert(name.clone(), value);
        }
    }
    Ok(line)
}

/// The value of a column, to be stored; none where it is of another kind.
pub(super) fn bound(value: Option<&Value>, kind: Kind) -> Option<Bound> {
    match (value, kind) {
        (None | Some(Value::Null), Kind::Text) => Some(None::<String>.into()),
        (None | Some(Value::Null), Kind::Number) => Some(None::<i64>.into()),
        (Some(Value::String(text)), Kind::Text) => Some(text.as_str().into()),
        (Some(Value::Number(number)), Kind::Number) => number.as_i64().map(Into::into),
        _ => None,
    }
}
