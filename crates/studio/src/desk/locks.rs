//! Locks: put on words or on a whole text by a person, and held against every version by the store.

use story::text::{Span, slice};

use super::Studio;
use crate::{
    error::Error,
    ids::made_id,
    lock::{Lock, LockedWords},
    ports::{Page, PageOf, StoreError},
};

/// The longest reason, in scalar values.
pub const MOST_REASON_CHARS: usize = 1_000;
/// So many locks one text has at most.
const MOST_LOCKS: usize = 200;

impl Studio {
    /// The locks of an artifact: of the whole text first, then in the order of the words.
    pub async fn locks(&self, artifact_id: &str, page: PageOf) -> Result<Page<Lock>, Error> {
        self.store.artifact(artifact_id).await?;
        Ok(self.store.lock_page(artifact_id, page).await?)
    }

    /// Locks a whole text, or the words of a span of its latest version. With `version` the span is one of that version, which must be the
    /// latest. The second is false where the very same is locked already.
    pub async fn lock(&self, artifact_id: &str, span: Option<Span>, reason: &str, version: Option<&str>) -> Result<(Lock, bool), Error> {
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > MOST_REASON_CHARS {
            let detail = "A reason has between 1 and 1,000 characters.";
            return Err(Error::field("/reason", detail, "Say in a few words why these words are to stay."));
        }
        let artifact = self.store.artifact(artifact_id).await?;
        let latest = artifact.latest_version_id;
        if let Some(seen) = version.filter(|seen| *seen != latest) {
            return Err(Error::VersionMovedOn { parent: seen.to_owned(), latest });
        }
        let text = self.store.version(&latest).await?.text;
        let words = span.map(|span| locked(&text, span)).transpose()?;
        let (known, id) = (self.store.locks(artifact_id).await?, made_id());
        if let Some(same) = known.iter().find(|lock| lock.words == words && lock.reason == reason) {
            // Its own, where the process died that was asked for it first.
            return Ok((same.clone(), same.id == id));
        }
        if known.len() >= MOST_LOCKS {
            let hint = "Take some away, or lock the whole text.";
            return Err(Error::Invalid { detail: format!("A text has at most {MOST_LOCKS} locks."), hint: hint.into() });
        }
        let lock = Lock { id, artifact_id: artifact_id.to_owned(), words, reason: reason.to_owned(), author: None, created_at: 0 };
        let id = lock.id.clone();
        match self.store.lock(lock, &latest).await {
            Err(StoreError::ArtifactMovedOn { latest: now }) => Err(Error::VersionMovedOn { parent: latest, latest: now }),
            locked => locked.map(|lock| (lock.clone(), lock.id == id)).map_err(Error::from),
        }
    }

    /// Takes one lock away.
    pub async fn unlock(&self, artifact_id: &str, lock_id: &str) -> Result<(), Error> {
        match self.store.unlock(artifact_id, vec![lock_id.to_owned()]).await? {
            0 => Err(Error::NotFound { what: "lock", id: lock_id.to_owned() }),
            _ => Ok(()),
        }
    }

    /// Takes all locks of an artifact away that are on this span and for this reason, where these are given.
    pub async fn unlock_all(&self, artifact_id: &str, span: Option<Span>, reason: Option<&str>) -> Result<u64, Error> {
        let locks = self.store.locks(artifact_id).await?.into_iter();
        let fits = |lock: &Lock| {
            span.is_none_or(|span| lock.words.as_ref().is_some_and(|words| words.span() == span))
                && reason.is_none_or(|reason| lock.reason == reason.trim())
        };
        let ids: Vec<String> = locks.filter(fits).map(|lock| lock.id).collect();
        if ids.is_empty() && (span.is_some() || reason.is_some()) {
            return Err(Error::NotFound { what: "lock", id: "with this span and reason".into() });
        }
        Ok(self.store.unlock(artifact_id, ids).await?)
    }

    /// Refuses what would touch a locked text as a whole.
    pub(super) async fn no_whole_lock(&self, artifact_id: &str) -> Result<(), Error> {
        let locks: Vec<Lock> = self.store.locks(artifact_id).await?.into_iter().filter(|lock| lock.words.is_none()).collect();
        if locks.is_empty() { Ok(()) } else { Err(StoreError::Locked { locks }.into()) }
    }

    /// Refuses what would touch locked words in these spans of the latest text.
    pub(super) async fn no_lock_in(&self, artifact_id: &str, spans: &[Span]) -> Result<(), Error> {
        let touches = |lock: &Lock| lock.words.as_ref().is_none_or(|words| spans.iter().any(|span| span.meets(words.span())));
        let locks: Vec<Lock> = self.store.locks(artifact_id).await?.into_iter().filter(touches).collect();
        if locks.is_empty() { Ok(()) } else { Err(StoreError::Locked { locks }.into()) }
    }
}

/// The words of a span of a text.
fn locked(text: &str, span: Span) -> Result<LockedWords, Error> {
    let length = text.chars().count();
    let hint = "Spans count characters from 0, the end exclusive; leave `span` out to lock the whole text.";
    if span.start >= span.end {
        return Err(Error::field("/span", "The span is empty: its end must be beyond its start.", hint));
    }
    if span.end > length {
        return Err(Error::field("/span/end", format!("The span ends at {}; the text has {length} characters.", span.end), hint));
    }
    // Blanks at its ends are no words: a text may break there otherwise.
    let words = slice(text, span);
    let begun = words.trim_start();
    if begun.is_empty() {
        return Err(Error::field("/span", "The span holds nothing but white space.", hint));
    }
    let start = span.start + words.chars().count() - begun.chars().count();
    Ok(LockedWords { text: begun.trim_end().to_owned(), start })
}
