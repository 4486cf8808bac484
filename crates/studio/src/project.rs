//! Project files, and the bin that keeps one of whatever was deleted.

use serde::{Deserialize, Serialize};

use crate::ports::Micros;

/// What a project file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ProjectHolds))]
pub enum Holds {
    /// A brief with everything under it.
    Brief,
    /// A snapshot with its runs.
    Snapshot,
    /// One run.
    Run,
}

/// Something that was deleted, and can still be had back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binned {
    /// The id of the brief, the snapshot or the run.
    pub id: String,
    #[allow(missing_docs)]
    pub holds: Holds,
    /// The brief's title.
    pub title: String,
    #[allow(missing_docs)]
    pub deleted_at: Micros,
    /// When the file is thrown away.
    pub until: Micros,
    /// The size of the file.
    pub bytes: u64,
}

/// What came out of a project file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// The brief that it belongs to.
    pub brief_id: String,
    /// Snapshots that were not there yet.
    pub snapshots: u64,
    /// The runs that were not there yet.
    pub runs: Vec<String>,
}
