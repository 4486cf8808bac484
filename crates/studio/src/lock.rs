//! Locks: words that stand in every later version of their text, whoever writes it.

use story::text::Span;

use crate::ports::Micros;

/// A whole text, or some words of it, that no later version may touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// UUIDv7.
    pub id: String,
    #[allow(missing_docs)]
    pub artifact_id: String,
    /// The locked words, and where they stand in the latest version; absent where the whole text is locked.
    pub words: Option<LockedWords>,
    /// Why, in the words of whoever locked it.
    pub reason: String,
    /// Absent without accounts.
    pub author: Option<String>,
    #[allow(missing_docs)]
    pub created_at: Micros,
}

/// Words and their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedWords {
    #[allow(missing_docs)]
    pub text: String,
    /// Where they begin, in scalar values.
    pub start: usize,
}

impl LockedWords {
    /// Where they stand.
    pub fn span(&self) -> Span {
        Span { start: self.start, end: self.start + self.text.chars().count() }
    }
}

impl Lock {
    /// What is locked, and why, in a sentence.
    pub fn told(&self) -> String {
        let reason = self.reason.trim_end_matches(['.', '。']);
        match &self.words {
            None => format!("The whole text is locked: {reason}."),
            Some(words) => format!("“{}” is locked: {reason}.", story::digests::shorten(&words.text, 80)),
        }
    }
}

/// What several locks say.
pub fn told(locks: &[Lock]) -> String {
    locks.iter().map(Lock::told).collect::<Vec<_>>().join(" ")
}
