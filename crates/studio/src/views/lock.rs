use serde::Serialize;
use story::text::Span;

use super::time;
use crate::lock::Lock;

/// A lock: words that stand in every later version of their text, or all of it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Lock))]
pub struct LockView {
    #[allow(missing_docs)]
    pub id: String,
    #[allow(missing_docs)]
    pub artifact_id: String,
    /// Where the words stand in the latest version; null where the whole text is locked.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub span: Option<SpanView>,
    /// The words; null where the whole text is locked.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub quote: Option<String>,
    /// Why.
    pub reason: String,
    #[allow(missing_docs)]
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub author: Option<String>,
    #[allow(missing_docs)]
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub created_at: String,
}

/// A stretch of text in Unicode scalar values from 0, end exclusive.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Span))]
#[allow(missing_docs)]
pub struct SpanView {
    pub start: usize,
    pub end: usize,
}

impl From<Span> for SpanView {
    fn from(span: Span) -> Self {
        Self { start: span.start, end: span.end }
    }
}

/// A lock as it is shown.
pub fn lock(lock: &Lock) -> LockView {
    LockView {
        id: lock.id.clone(),
        artifact_id: lock.artifact_id.clone(),
        span: lock.words.as_ref().map(|words| words.span().into()),
        quote: lock.words.as_ref().map(|words| words.text.clone()),
        reason: lock.reason.clone(),
        author: lock.author.clone(),
        created_at: time(lock.created_at),
    }
}
