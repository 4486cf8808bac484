//! Passages of a story, as they are shown.

use serde::Serialize;

use super::SpanView;
use crate::ports::Passage;

/// A passage of a story.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Passage))]
pub struct PassageView {
    /// The chapter, scene or episode, from 1.
    pub chapter: u32,
    /// The version of it.
    pub version_id: String,
    /// Its words, which forks share.
    pub content_id: String,
    /// Where the passage stands in `content_text`.
    pub span: SpanView,
    /// Its words.
    pub quote: String,
    /// What it is worth for the question; only to be compared with others of the same answer.
    pub score: f64,
}

/// Passages of a story, the best first.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Passages))]
pub struct PassagesView {
    /// The run whose texts were looked at; null where the snapshot has no novel with chapters.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub workflow_run_id: Option<String>,
    #[allow(missing_docs)]
    pub items: Vec<PassageView>,
    /// Always null: what is worth most comes on one page.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next_cursor: Option<String>,
}

/// Passages as they are shown.
pub fn passages(found: Option<&(String, Vec<Passage>)>) -> PassagesView {
    let item = |passage: &Passage| PassageView {
        chapter: passage.ordinal,
        version_id: passage.version_id.clone(),
        content_id: passage.content_id.clone(),
        span: passage.span.into(),
        quote: passage.text.clone(),
        score: (passage.score * 1_000.0).round() / 1_000.0,
    };
    let items = found.map(|(_, passages)| passages.iter().map(item).collect()).unwrap_or_default();
    PassagesView { workflow_run_id: found.map(|(run_id, _)| run_id.clone()), items, next_cursor: None }
}
