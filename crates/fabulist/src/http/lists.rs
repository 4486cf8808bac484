//! Lists: `{items, next_cursor}`, in pages of 1 to 200.

use studio::ports::PageOf;

use super::problem::Problem;

/// A page of a list.
macro_rules! list {
    ($(#[$doc:meta])* $name:ident of $item:ty) => {
        $(#[$doc])*
        #[derive(Debug, serde::Serialize, utoipa::ToSchema)]
        pub(crate) struct $name {
            pub(crate) items: Vec<$item>,
            /// Where the next page begins; null on the last one.
            #[schema(required)]
            pub(crate) next_cursor: Option<String>,
        }

        impl $name {
            /// A page of rows, each as `view` shows it.
            pub(crate) fn of<T>(page: &studio::ports::Page<T>, view: impl Fn(&T) -> $item) -> Self {
                Self { items: page.items.iter().map(view).collect(), next_cursor: page.next_cursor.clone() }
            }
        }
    };
}
pub(crate) use list;

/// The part of a list that is asked for.
pub(crate) fn page_of(limit: Option<u32>, cursor: Option<String>) -> Result<PageOf, Problem> {
    if limit.is_some_and(|limit| !(1..=200).contains(&limit)) {
        return Err(Problem::field("?limit", "The limit must be between 1 and 200.", "Leave it out for 50."));
    }
    if let Some(cursor) = &cursor
        && !is_cursor(cursor)
    {
        return Err(Problem::field("?cursor", "The cursor is none of ours.", "Send `next_cursor` of an earlier page, or leave it out."));
    }
    Ok(PageOf { limit, cursor })
}

/// A number, a point, an id or another number.
fn is_cursor(text: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<i64>().is_ok();
    text.split_once('.').is_some_and(|(at, last)| is_number(at) && (super::extract::is_id(last) || is_number(last)))
}

/// Query parameters of a list that has no filters.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// Items of a page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// `next_cursor` of an earlier page.
    cursor: Option<String>,
}

impl PageQuery {
    pub(crate) fn page(self) -> Result<PageOf, Problem> {
        page_of(self.limit, self.cursor)
    }
}

/// No query parameters at all.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoQuery {}
