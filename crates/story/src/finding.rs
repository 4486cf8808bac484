//! What a check found: stable rule, severity, evidence, and how to mend it.

use serde::{Deserialize, Serialize};

use crate::{
    canonical::hash_text,
    text::{Span, slice},
};

/// How heavy a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The chapter may stand.
    Warning,
    /// The chapter must not stand unless a person says so.
    Error,
}

/// Where the evidence stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The version, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
    /// The chapter's ordinal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chapter: Option<u32>,
    /// Scalar values from the start of the chapter.
    #[serde(flatten)]
    pub span: Span,
    /// The words there.
    pub quote: String,
}

/// One thing that a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The stable id of the rule: `length`, `repeated-paragraph`, `dead-character-acts` …
    pub rule: String,
    /// Error or warning.
    pub severity: Severity,
    /// What is wrong, in a sentence that names it.
    pub message: String,
    /// Where.
    pub spans: Vec<Evidence>,
    /// The earlier fact that it contradicts, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<String>,
    /// What to do.
    pub hint: String,
    /// The same for the same fault, also after edits elsewhere.
    pub fingerprint: String,
}

impl Finding {
    /// A finding whose fingerprint is made of its rule and `about`: what it is about, without places or numbers
    /// that an edit elsewhere would move.
    pub fn new(rule: &str, severity: Severity, about: &str, message: String, hint: String) -> Self {
        let fingerprint = hash_text(&format!("{rule}\n{about}"))[..16].to_owned();
        Self { rule: rule.into(), severity, message, spans: Vec::new(), against: None, hint, fingerprint }
    }

    /// With evidence: where `quote` stands in `text` of chapter `ordinal`.
    #[must_use]
    pub fn at(mut self, ordinal: u32, text: &str, quote: &str) -> Self {
        if let Some(span) = Span::find(text, quote) {
            self.spans.push(Evidence { version_id: None, chapter: Some(ordinal), span, quote: quote.into() });
        }
        self
    }

    /// With evidence: the words that `span` covers in `text` of chapter `ordinal`.
    #[must_use]
    pub fn over(mut self, ordinal: u32, text: &str, span: Span) -> Self {
        let quote = slice(text, span).to_owned();
        self.spans.push(Evidence { version_id: None, chapter: Some(ordinal), span, quote });
        self
    }

    /// With the earlier fact that it contradicts.
    #[must_use]
    pub fn against(mut self, fact: String) -> Self {
        self.against = Some(fact);
        self
    }
}
