//! Briefs and snapshots as they are stored.

use story::brief::{BriefContent, FrozenBrief};

use crate::ports::Micros;

/// A Creative Brief.
#[derive(Debug, Clone, PartialEq)]
pub struct Brief {
    /// UUIDv7.
    pub id: String,
    /// Empty where the writer gave none.
    pub title: String,
    #[allow(missing_docs)]
    pub content: BriefContent,
    #[allow(missing_docs)]
    pub author: Option<String>,
    #[allow(missing_docs)]
    pub created_at: Micros,
    #[allow(missing_docs)]
    pub updated_at: Micros,
}

/// A brief as it was: complete, never changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// UUIDv7.
    pub id: String,
    #[allow(missing_docs)]
    pub brief_id: String,
    #[allow(missing_docs)]
    pub label: Option<String>,
    #[allow(missing_docs)]
    pub brief: FrozenBrief,
    #[allow(missing_docs)]
    pub author: Option<String>,
    #[allow(missing_docs)]
    pub created_at: Micros,
}
