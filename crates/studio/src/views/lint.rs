//! What the rules find in a book, as it is shown.

use serde::Serialize;
use story::finding::{Evidence, Finding, Severity};

use super::SpanView;
use crate::{desk::Linted, ports::PageOf};

/// The words that a finding speaks of.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = FindingEvidence))]
pub struct FoundView {
    /// The chapter, scene or episode, from 1; null where the finding is about none of them.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub chapter: Option<u32>,
    /// The version of it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub version_id: Option<String>,
    /// Where the words stand in `content_text`.
    pub span: SpanView,
    /// The words.
    pub quote: String,
}

/// One thing that a rule has found.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Finding))]
pub struct FindingView {
    /// The stable id of the rule.
    pub rule: String,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where: the words that are wrong, then those that they contradict.
    pub spans: Vec<FoundView>,
    /// The earlier fact that it contradicts, in words.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub against: Option<String>,
    /// What to do.
    pub hint: String,
    /// The same for the same fault, also after edits elsewhere.
    pub fingerprint: String,
}

/// A page of what the rules find in a book, in its order.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Findings))]
pub struct FindingsView {
    /// The run that was read; null where the snapshot has no novel with chapters.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub workflow_run_id: Option<String>,
    /// Chapters, scenes or episodes that were read.
    pub chapters: usize,
    /// Errors on all pages.
    pub errors: usize,
    /// Warnings on all pages.
    pub warnings: usize,
    #[allow(missing_docs)]
    pub items: Vec<FindingView>,
    /// Where the next page begins; null at the end.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next_cursor: Option<String>,
}

/// A page of findings as it is shown.
pub fn findings(linted: Option<&Linted>, page: &PageOf) -> FindingsView {
    let Some(Linted { run, chapters, findings }) = linted else {
        return FindingsView { workflow_run_id: None, chapters: 0, errors: 0, warnings: 0, items: Vec::new(), next_cursor: None };
    };
    let (from, limit) = page.counted();
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    FindingsView {
        workflow_run_id: Some(run.id.clone()),
        chapters: chapters.len(),
        errors,
        warnings: findings.len() - errors,
        items: findings.iter().skip(from).take(limit).map(finding).collect(),
        next_cursor: (findings.len() > from.saturating_add(limit)).then(|| format!("{}.0", from + limit)),
    }
}

fn finding(of: &Finding) -> FindingView {
    FindingView {
        rule: of.rule.clone(),
        severity: match of.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        message: of.message.clone(),
        spans: of.spans.iter().map(found).collect(),
        against: of.against.clone(),
        hint: of.hint.clone(),
        fingerprint: of.fingerprint.clone(),
    }
}

fn found(of: &Evidence) -> FoundView {
    FoundView { chapter: of.chapter, version_id: of.version_id.clone(), span: of.span.into(), quote: of.quote.clone() }
}
