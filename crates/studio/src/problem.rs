//! A problem as people and programs read it: RFC 9457 with our `hint`.

use serde::{Deserialize, Serialize};

/// What went wrong, and what to do about it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = StepError))]
pub struct Problem {
    /// A stable path such as `/problems/step-in-progress`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The problem's name.
    pub title: String,
    /// The HTTP status that it has at the door.
    pub status: u16,
    /// What was wrong.
    pub detail: String,
    /// What to do.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hint: String,
    /// The chain of causes, without secrets, for the person who debugs a failed step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<String>,
    /// The task that was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// The slot of the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<String>,
    /// The journal rows that belong to the failure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub call_ids: Vec<String>,
    /// The provider's HTTP status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_status: Option<u16>,
}

/// `text` as a sentence: with a full stop, and with a capital where it begins with a plain word. A path or a name keeps its letters.
pub fn sentence(text: &str) -> String {
    let text = text.trim();
    let plain = text.split(' ').next().is_some_and(|word| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase()));
    let mut chars = text.chars();
    let mut out: String = match chars.next() {
        Some(first) if plain => first.to_uppercase().chain(chars).collect(),
        _ => text.to_owned(),
    };
    if !out.ends_with(['.', '!', '?', '。']) {
        out.push('.');
    }
    out
}
