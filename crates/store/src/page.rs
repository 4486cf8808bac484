//! Lists in pages: an opaque cursor is the sort key of the last row, a number and an id.

use sea_orm::Value;
use studio::ports::{Page, PageOf};

/// Which way a list runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Newest first.
    Down,
    /// By ordinal.
    Up,
}

/// How many rows to ask for: one more than are shown.
pub(crate) fn limit(page: &PageOf) -> u32 {
    page.limit.unwrap_or(50).clamp(1, 200)
}

/// Appends what comes after the cursor, the order by `number` and `id`, and the limit.
pub(crate) fn turn(sql: &mut String, values: &mut Vec<Value>, page: &PageOf, number: &str, id: &str, order: Order) {
    let (sign, way) = if order == Order::Down { ("<", "DESC") } else { (">", "ASC") };
    if let Some((at, last)) = page.cursor.as_deref().and_then(|c| c.split_once('.')) {
        values.push(at.parse::<i64>().unwrap_or(if order == Order::Down { i64::MAX } else { -1 }).into());
        values.push(last.into());
        sql.push_str(&format!(" AND ({number}, {id}) {sign} (${}, ${})", values.len() - 1, values.len()));
    }
    values.push(i64::from(limit(page) + 1).into());
    sql.push_str(&format!(" ORDER BY {number} {way}, {id} {way} LIMIT ${}", values.len()));
}

/// The rows that were asked for as a page; `key` is the sort key of a row.
pub(crate) fn cut<T>(mut items: Vec<T>, page: &PageOf, key: impl Fn(&T) -> (i64, &str)) -> Page<T> {
    let limit = limit(page) as usize;
    let more = items.len() > limit;
    items.truncate(limit);
    let next_cursor = items.last().filter(|_| more).map(|last| {
        let (number, id) = key(last);
        format!("{number}.{id}")
    });
    Page { items, next_cursor }
}
