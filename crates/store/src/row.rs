//! Reading rows column by column, and writing what has no type of its own in a database.

use sea_orm::{QueryResult, TryGetable, Value};
use serde::{Serialize, de::DeserializeOwned, de::IntoDeserializer};
use studio::ports::{StoreError, Usage};

use crate::fault::{from_db, unreadable};

/// A row, read from left to right.
pub(crate) struct Row {
    row: QueryResult,
    next: usize,
}

impl Row {
    pub(crate) fn new(row: QueryResult) -> Self {
        Self { row, next: 0 }
    }

    /// The next column.
    pub(crate) fn get<T: TryGetable>(&mut self) -> Result<T, StoreError> {
        let value = self.row.try_get_by_index(self.next).map_err(from_db);
        self.next += 1;
        value
    }

    pub(crate) fn text(&mut self) -> Result<String, StoreError> {
        self.get()
    }

    pub(crate) fn maybe_text(&mut self) -> Result<Option<String>, StoreError> {
        self.get()
    }

    pub(crate) fn int(&mut self) -> Result<i64, StoreError> {
        self.get()
    }

    pub(crate) fn maybe_int(&mut self) -> Result<Option<i64>, StoreError> {
        self.get()
    }

    /// A number that is never below zero.
    pub(crate) fn count<T: TryFrom<i64>>(&mut self) -> Result<T, StoreError> {
        let number = self.int()?;
        T::try_from(number).map_err(|_| unreadable("number", &number))
    }

    pub(crate) fn flag(&mut self) -> Result<bool, StoreError> {
        Ok(self.int()? != 0)
    }

    /// A column of JSON.
    pub(crate) fn json<T: DeserializeOwned>(&mut self) -> Result<T, StoreError> {
        parse(&self.text()?)
    }

    pub(crate) fn maybe_json<T: DeserializeOwned>(&mut self) -> Result<Option<T>, StoreError> {
        self.maybe_text()?.map(|text| parse(&text)).transpose()
    }

    /// One of the names of an enum.
    pub(crate) fn name<T: DeserializeOwned>(&mut self) -> Result<T, StoreError> {
        let name = self.text()?;
        let reader: serde::de::value::StrDeserializer<'_, serde::de::value::Error> = name.as_str().into_deserializer();
        T::deserialize(reader).map_err(|e| unreadable("name", &e))
    }

    /// The columns of [`usage_values`].
    pub(crate) fn usage(&mut self) -> Result<Usage, StoreError> {
        Ok(Usage {
            calls: self.count()?,
            input_tokens: self.count()?,
            cached_input_tokens: self.count()?,
            output_tokens: self.count()?,
            cost: {
                let cost = self.int()?;
                (!self.flag()?).then_some(cost)
            },
        })
    }
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|e| unreadable("value", &e))
}

/// The columns that hold a [`Usage`]: the cost beside a flag that says whether it is unknown, so that both can be added to.
pub(crate) const USAGE: [&str; 6] = ["calls", "input_tokens", "cached_input_tokens", "output_tokens", "cost_nanos", "cost_unknown"];

/// The values of [`USAGE`].
pub(crate) fn usage_values(usage: Usage) -> [Value; 6] {
    [
        number(usage.calls).into(),
        number(usage.input_tokens).into(),
        number(usage.cached_input_tokens).into(),
        number(usage.output_tokens).into(),
        usage.cost.unwrap_or(0).into(),
        flag(usage.cost.is_none()).into(),
    ]
}

/// What adds the values from `$first` on to the columns of [`USAGE`].
pub(crate) fn usage_added(first: usize) -> String {
    let mut sql = String::new();
    for (column, n) in USAGE[..5].iter().zip(first..) {
        sql.push_str(&format!("{column} = {column} + ${n}, "));
    }
    sql.push_str(&format!("cost_unknown = CASE WHEN ${} = 1 THEN 1 ELSE cost_unknown END", first + 5));
    sql
}

/// Whether adding `usage` would change nothing.
pub(crate) fn is_nothing(usage: Usage) -> bool {
    usage == Usage::NONE
}

pub(crate) fn number<T: TryInto<i64>>(number: T) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

pub(crate) fn flag(flag: bool) -> i64 {
    i64::from(flag)
}

/// `value` as JSON.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|e| StoreError::Database(format!("a value cannot be stored: {e}")))
}

/// `value` as JSON, where there is one.
pub(crate) fn maybe_json<T: Serialize>(value: Option<&T>) -> Result<Option<String>, StoreError> {
    value.map(json).transpose()
}

/// The name of an enum's value.
pub(crate) fn name<T: Serialize>(value: T) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => Ok(name),
        _ => Err(StoreError::Database("a name cannot be stored".into())),
    }
}
