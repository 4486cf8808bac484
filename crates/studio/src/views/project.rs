use serde::Serialize;

use super::{BriefView, brief, time};
use crate::{
    brief::Brief,
    project::{Binned, Holds, Imported},
};

/// Something that was deleted and can be had back.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Binned))]
#[allow(missing_docs, reason = "the contract's own names")]
pub struct BinnedView {
    /// The id of the brief, the snapshot or the run.
    pub id: String,
    pub holds: Holds,
    /// The brief's title.
    pub title: String,
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub deleted_at: String,
    /// When it is thrown away.
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub until: String,
    /// The size of its project file.
    pub bytes: u64,
}

/// What came out of a project file.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Imported))]
#[allow(missing_docs, reason = "the contract's own names")]
pub struct ImportedView {
    pub brief: BriefView,
    /// Snapshots that were not there yet.
    pub snapshots: u64,
    /// Runs that were not there yet.
    pub workflow_run_ids: Vec<String>,
}

/// Something in the bin.
pub fn binned(binned: &Binned) -> BinnedView {
    BinnedView {
        id: binned.id.clone(),
        holds: binned.holds,
        title: binned.title.clone(),
        deleted_at: time(binned.deleted_at),
        until: time(binned.until),
        bytes: binned.bytes,
    }
}

/// What came in, with the brief that it belongs to.
pub fn imported(of: &Brief, imported: &Imported) -> ImportedView {
    ImportedView { brief: brief(of), snapshots: imported.snapshots, workflow_run_ids: imported.runs.clone() }
}
