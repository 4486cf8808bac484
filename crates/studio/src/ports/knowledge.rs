//! What the store knows of the stories themselves.

use async_trait::async_trait;
use story::{knowledge::Fact, text::Span};

use super::StoreError;

/// A committed chapter, scene or episode of a run's line with the facts of it.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownChapter {
    #[allow(missing_docs)]
    pub ordinal: u32,
    #[allow(missing_docs)]
    pub title: String,
    /// The latest version, and its words.
    pub latest: (String, String),
    /// The last version that was read, and its words; none where nobody has read any.
    pub read: Option<(String, String)>,
    /// What the version says that was read last.
    pub facts: Vec<Fact>,
}

impl KnownChapter {
    /// Whether the latest words wait to be read.
    pub fn is_unread(&self) -> bool {
        self.read.as_ref() != Some(&self.latest)
    }
}

/// What was made anew of the texts that there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Remade {
    /// Texts that somebody has read.
    pub texts: u64,
    /// Facts of these.
    pub facts: u64,
    /// Passages of all texts.
    pub passages: u64,
}

/// What is looked for in a run's latest texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    #[allow(missing_docs)]
    pub run_id: String,
    /// In the words of whoever asks.
    pub question: String,
    /// The last chapter that is looked at; all when absent.
    pub last: Option<u32>,
    /// At most so many passages.
    pub most: usize,
}

/// A passage of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// The chapter's ordinal.
    pub ordinal: u32,
    #[allow(missing_docs)]
    pub version_id: String,
    #[allow(missing_docs)]
    pub content_id: String,
    /// Where it stands.
    pub span: Span,
    /// Its words.
    pub text: String,
    /// What it is worth for the question, above 0; only to be compared with others of the same search.
    pub score: f64,
}

/// What the store knows of the stories in it.
#[async_trait]
pub trait Knowledge {
    /// The chapters of a run that have a text, by ordinal, each with what was read of it last.
    async fn known_chapters(&self, run_id: &str) -> Result<Vec<KnownChapter>, StoreError>;
    /// The passages of a run's latest texts that are worth most for a question, the best first; of equals the earlier one. What they are
    /// worth follows from the run's own texts alone.
    async fn search(&self, search: &Search) -> Result<Vec<Passage>, StoreError>;
    /// Makes facts and passages of all versions of these runs anew from their texts and from what was read of them. Nothing is asked of a
    /// model.
    async fn remake_knowledge(&self, run_ids: &[String]) -> Result<Remade, StoreError>;
}
