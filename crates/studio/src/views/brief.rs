use serde::Serialize;
use serde_json::Value;
use story::brief::BriefContent;

use super::time;
use crate::brief::{Brief, Snapshot};

/// `brief` of the contract.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Brief))]
#[allow(missing_docs, reason = "the contract's own names")]
pub struct BriefView {
    pub id: String,
    /// Empty where the writer gave none.
    pub title: String,
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub content: Value,
    /// Keys that are kept but not known.
    pub warnings: Vec<WarningView>,
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub created_at: String,
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub updated_at: String,
}

/// Something that is kept as it is but may be a slip.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Warning))]
#[allow(missing_docs, reason = "the contract's own names")]
pub struct WarningView {
    /// A JSON pointer (RFC 6901).
    pub pointer: String,
    pub detail: String,
}

/// `snapshot` of the contract: a brief as it was, complete and never changed.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = BriefSnapshot))]
#[allow(missing_docs, reason = "the contract's own names")]
pub struct SnapshotView {
    pub id: String,
    pub brief_id: String,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub label: Option<String>,
    pub title: String,
    /// With `language` and the complete `output_spec` resolved in.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub content: Value,
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub created_at: String,
}

fn warnings(content: &BriefContent) -> Vec<WarningView> {
    let detail = |suggestion: Option<&str>| match suggestion {
        Some(known) => format!("This key is kept but not known; did you mean `{known}`?"),
        None => "This key is kept but not known.".to_owned(),
    };
    let keys = content.unknown_keys();
    keys.into_iter().map(|k| WarningView { pointer: format!("/content{}", k.pointer), detail: detail(k.suggestion) }).collect()
}

/// `brief` of the contract.
pub fn brief(brief: &Brief) -> BriefView {
    BriefView {
        id: brief.id.clone(),
        title: brief.title.clone(),
        content: serde_json::to_value(&brief.content).unwrap_or_default(),
        warnings: warnings(&brief.content),
        created_at: time(brief.created_at),
        updated_at: time(brief.updated_at),
    }
}

/// `snapshot` of the contract.
pub fn snapshot(snapshot: &Snapshot) -> SnapshotView {
    SnapshotView {
        id: snapshot.id.clone(),
        brief_id: snapshot.brief_id.clone(),
        label: snapshot.label.clone(),
        title: snapshot.brief.title.clone(),
        content: serde_json::to_value(&snapshot.brief.content).unwrap_or_default(),
        created_at: time(snapshot.created_at),
    }
}
