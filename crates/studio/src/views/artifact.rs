use serde::Serialize;
use serde_json::{Value, json};
use story::text::Length;

use super::time;
use crate::{
    artifact::{Artifact, ArtifactKind, Version, VersionSource},
    ports::{KeptVersion, Micros},
    run::Run,
};

/// `artifact` of the contract.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Artifact))]
#[allow(missing_docs, reason = "the contract's own names")]
pub struct ArtifactView {
    pub id: String,
    pub kind: ArtifactKind,
    /// Its place in the book, from 1.
    pub ordinal: u32,
    pub title: String,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub brief_snapshot_id: Option<String>,
    /// Null for a standalone manuscript.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub workflow_run_id: Option<String>,
    pub latest_version_id: String,
    /// `none`, `wanted` or `approved`.
    pub review: String,
    /// Of its latest version.
    pub length: LengthView,
}

/// `version` of the contract: one text, never changed.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Version))]
#[allow(missing_docs, reason = "the contract's own names")]
pub struct VersionView {
    pub id: String,
    pub artifact_id: String,
    /// From 1.
    pub number: i64,
    pub source: VersionSource,
    pub title: String,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub parent_version_id: Option<String>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub workflow_run_id: Option<String>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub step_index: Option<i64>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub brief_snapshot_id: Option<String>,
    /// The body alone. Absent in events.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(required, value_type = String))]
    pub content_text: Option<String>,
    pub length: LengthView,
    /// Findings that were kept, model, provenance.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub metadata: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub author: Option<String>,
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub created_at: String,
}

/// How long a text is.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Length))]
pub struct LengthView {
    /// Runs of letters and digits; each Han, kana or hangul character is a word of its own.
    pub words: u64,
    /// Scalar values that are no whitespace, punctuation, symbol or control.
    pub chars: u64,
}

impl From<Length> for LengthView {
    fn from(length: Length) -> Self {
        Self { words: length.words, chars: length.chars }
    }
}

/// `artifact` of the contract.
pub fn artifact(artifact: &Artifact) -> ArtifactView {
    ArtifactView {
        id: artifact.id.clone(),
        kind: artifact.kind,
        ordinal: artifact.ordinal,
        title: artifact.title.clone(),
        brief_snapshot_id: artifact.snapshot_id.clone(),
        workflow_run_id: artifact.run_id.clone(),
        latest_version_id: artifact.latest_version_id.clone(),
        review: artifact.review.clone(),
        length: artifact.length.into(),
    }
}

/// `version` of the contract.
pub fn version(version: &Version) -> VersionView {
    VersionView {
        id: version.id.clone(),
        artifact_id: version.artifact_id.clone(),
        number: version.number,
        source: version.source,
        title: version.title.clone(),
        parent_version_id: version.parent_id.clone(),
        workflow_run_id: version.run_id.clone(),
        step_index: version.step_index,
        brief_snapshot_id: version.snapshot_id.clone(),
        content_text: Some(version.text.clone()),
        length: version.length.into(),
        metadata: version.metadata.clone(),
        author: version.author.clone(),
        created_at: time(version.created_at),
    }
}

/// What `artifact.committed` tells: the artifact and its new version, number `number`, without the text.
pub fn committed_event(run: &Run, kept: &KeptVersion, number: i64, now: Micros) -> Value {
    let told = ArtifactView {
        id: kept.artifact_id.clone(),
        kind: kept.kind,
        ordinal: kept.ordinal,
        title: kept.draft.title.clone(),
        brief_snapshot_id: Some(run.snapshot_id.clone()),
        workflow_run_id: Some(run.id.clone()),
        latest_version_id: kept.version_id.clone(),
        review: "none".into(),
        length: kept.draft.length.into(),
    };
    let version = VersionView {
        id: kept.version_id.clone(),
        artifact_id: kept.artifact_id.clone(),
        number,
        source: kept.source,
        title: kept.draft.title.clone(),
        parent_version_id: kept.expected_latest.clone(),
        workflow_run_id: Some(run.id.clone()),
        step_index: kept.step_index,
        brief_snapshot_id: Some(run.snapshot_id.clone()),
        content_text: None,
        length: kept.draft.length.into(),
        metadata: kept.metadata.clone(),
        author: kept.author.clone(),
        created_at: time(now),
    };
    let mut event = json!({ "run_id": run.id, "artifact": told, "version": version });
    if let Some(index) = kept.step_index {
        event["step_index"] = json!(index);
    }
    event
}
