//! Artifacts and their versions: the words themselves, never overwritten.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use story::text::Length;

use crate::ports::Micros;

/// What an artifact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ArtifactKind {
    /// A chapter of a novel.
    NovelChapter,
    /// A scene of a script.
    ScriptScene,
    /// An episode of an adaptation.
    ScriptEpisode,
}

impl ArtifactKind {
    /// What people call it: `chapter`, `scene` or `episode`.
    pub fn unit(self) -> &'static str {
        match self {
            Self::NovelChapter => "chapter",
            Self::ScriptScene => "scene",
            Self::ScriptEpisode => "episode",
        }
    }

    /// The same at the beginning of a sentence.
    pub fn named(self) -> &'static str {
        match self {
            Self::NovelChapter => "Chapter",
            Self::ScriptScene => "Scene",
            Self::ScriptEpisode => "Episode",
        }
    }
}

/// Who wrote a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum VersionSource {
    /// A model.
    Agent,
    /// A person.
    User,
}

/// A chapter, scene or episode of one run's line, or standing alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Artifact {
    /// UUIDv7.
    pub id: String,
    /// What it is.
    pub kind: ArtifactKind,
    /// The stable id of its unit in the plan.
    pub unit_id: String,
    /// Its place in the book as it was committed.
    pub ordinal: u32,
    /// The latest version's title.
    pub title: String,
    #[allow(missing_docs)]
    pub brief_id: String,
    #[allow(missing_docs)]
    pub snapshot_id: Option<String>,
    /// Absent for a standalone manuscript.
    pub run_id: Option<String>,
    #[allow(missing_docs)]
    pub latest_version_id: String,
    /// `none`, `wanted` or `approved`.
    pub review: String,
    /// Of its latest version.
    pub length: Length,
}

/// Whether somebody is to read a text again, or has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Review {
    /// Nobody asked for it.
    None,
    /// What stands before it was written anew since.
    Wanted,
    /// A person has read it and lets it stand.
    Approved,
}

impl Review {
    /// As it is stored and shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Wanted => "wanted",
            Self::Approved => "approved",
        }
    }
}

/// One version of an artifact. Immutable.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// UUIDv7.
    pub id: String,
    #[allow(missing_docs)]
    pub artifact_id: String,
    /// From 1.
    pub number: i64,
    #[allow(missing_docs)]
    pub source: VersionSource,
    #[allow(missing_docs)]
    pub title: String,
    /// The version that it was made from.
    pub parent_id: Option<String>,
    #[allow(missing_docs)]
    pub run_id: Option<String>,
    /// The step that made it.
    pub step_index: Option<i64>,
    /// The immutable words and what hangs from them.
    pub content_id: String,
    /// Findings that were kept, model, provenance.
    pub metadata: Value,
    /// Absent without accounts.
    pub author: Option<String>,
    #[allow(missing_docs)]
    pub created_at: Micros,
    /// The body, normalised.
    pub text: String,
    #[allow(missing_docs)]
    pub length: Length,
    /// The snapshot that its artifact belongs to.
    pub snapshot_id: Option<String>,
}
