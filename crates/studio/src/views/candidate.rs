use serde::Serialize;
use story::{
    finding::Severity,
    state::{Candidate, Reason},
};

use super::LengthView;

/// One of several drafts of a unit.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Candidate))]
pub struct CandidateView {
    /// Its number, from 1, in the order in which they were asked for.
    pub candidate: u32,
    /// Its place, from 1 for the best: by errors, then warnings, then beats that are not told, then how far its length is from the aim.
    pub rank: u32,
    /// Whether it is the one that was taken.
    pub chosen: bool,
    #[allow(missing_docs)]
    pub title: String,
    #[allow(missing_docs)]
    pub content_text: String,
    #[allow(missing_docs)]
    pub length: LengthView,
    /// What was found that must not stand.
    pub errors: u32,
    /// What was found that may stand.
    pub warnings: u32,
    /// Beats that its words tell, as far as code can see.
    pub beats_covered: u32,
    /// Beats that it was to tell.
    pub beats: u32,
    /// What was found, by rule.
    pub reasons: Vec<ReasonView>,
}

/// Findings of one rule.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Reason))]
#[allow(missing_docs)]
pub struct ReasonView {
    pub rule: String,
    /// `warning` or `error`: the worst of them.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub severity: Severity,
    pub count: u32,
}

/// One of several drafts, as it is shown.
pub fn candidate(number: u32, chosen: u32, candidate: &Candidate) -> CandidateView {
    let Candidate { draft, merits } = candidate;
    let reason = |reason: &Reason| ReasonView { rule: reason.rule.clone(), severity: reason.severity, count: reason.count };
    CandidateView {
        candidate: number,
        rank: merits.rank,
        chosen: number == chosen,
        title: draft.title.clone(),
        content_text: draft.text.clone(),
        length: draft.length.into(),
        errors: merits.errors,
        warnings: merits.warnings,
        beats_covered: merits.beats_covered,
        beats: merits.beats,
        reasons: merits.reasons.iter().map(reason).collect(),
    }
}
