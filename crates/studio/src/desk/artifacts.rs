use std::sync::Arc;

use serde_json::json;
use story::{
    digests::ChapterDigest,
    memory::chunks,
    state::Draft,
    text::{normalize, prints},
};

use super::{Studio, briefs::check_title};
use crate::{
    artifact::{Artifact, ArtifactKind, Review, Version, VersionSource},
    error::Error,
    ids::{made_id, new_id},
    ports::{ArtifactFilter, KeptVersion, Page, PageOf, StoreError},
    runner::stored_state::read,
    transition::{HandVersion, hand_version},
};

impl Studio {
    /// An artifact.
    pub async fn artifact(&self, id: &str) -> Result<Artifact, Error> {
        Ok(self.store.artifact(id).await?)
    }

    /// Artifacts by ordinal.
    pub async fn artifacts(&self, filter: ArtifactFilter) -> Result<Page<Artifact>, Error> {
        Ok(self.store.artifact_page(filter).await?)
    }

    /// Says that a text was read and stands, that it is to be read, or neither.
    pub async fn review(&self, artifact_id: &str, review: Review) -> Result<Artifact, Error> {
        Ok(self.store.review(artifact_id, review).await?)
    }

    /// A version with its text.
    pub async fn version(&self, id: &str) -> Result<Version, Error> {
        Ok(self.store.version(id).await?)
    }

    /// The versions of an artifact, newest first.
    pub async fn versions(&self, artifact_id: &str, page: PageOf) -> Result<Page<Version>, Error> {
        self.store.artifact(artifact_id).await?;
        Ok(self.store.versions(artifact_id, page).await?)
    }

    /// Keeps a text by a person as the next version of an artifact whose latest version is still `parent`.
    ///
    /// Its chapter is marked unread: the run reads it before it goes on. Fails with [`Error::VersionMovedOn`] where `parent` is not the latest.
    pub async fn write_version(&self, artifact_id: &str, parent: &str, title: Option<String>, text: &str) -> Result<Version, Error> {
        let artifact = self.store.artifact(artifact_id).await?;
        if artifact.latest_version_id != parent {
            return Err(Error::VersionMovedOn { parent: parent.to_owned(), latest: artifact.latest_version_id });
        }
        let number = self.store.version(parent).await?.number + 1;
        let title = title.unwrap_or_else(|| artifact.title.clone());
        let kept = by_hand(&artifact, Some(parent.to_owned()), &title, text)?;
        self.keep(&artifact, kept, number).await
    }

    /// Makes an old text the latest version again, as a person's. None where it is the latest one.
    pub async fn restore(&self, version_id: &str) -> Result<Option<Version>, Error> {
        let old = self.store.version(version_id).await?;
        let latest = self.store.artifact(&old.artifact_id).await?.latest_version_id;
        if latest == old.id {
            return Ok(None);
        }
        self.write_version(&old.artifact_id, &latest, Some(old.title), &old.text).await.map(Some)
    }

    /// Keeps a chapter of the plan that a person wrote before any step did.
    pub async fn write_artifact(&self, run_id: &str, kind: ArtifactKind, ordinal: u32, title: &str, text: &str) -> Result<Version, Error> {
        let loaded = self.store.load(run_id).await?;
        if kind != loaded.run.kind.artifact() {
            let hint = "Novels have chapters, scripts scenes, adaptations episodes: `novel_chapter`, `script_scene`, `script_episode`.";
            return Err(Error::field("/kind", "This kind of artifact does not belong to the run.", hint));
        }
        let state = read(loaded.run.kind, &loaded.state)?;
        let Some(unit_id) = state.unit_id(ordinal) else {
            let detail = format!("The run's plan has no {} {ordinal}.", kind.unit());
            return Err(Error::field("/ordinal", detail, "Let the run make its plan first, or name one that the plan has."));
        };
        if let Some(known) = self.store.artifact_of_unit(run_id, kind, unit_id).await? {
            return Err(Error::VersionMovedOn { parent: String::new(), latest: known.latest_version_id });
        }
        let artifact = Artifact {
            id: new_id(),
            kind,
            unit_id: unit_id.clone(),
            ordinal,
            title: title.to_owned(),
            brief_id: loaded.run.brief_id.clone(),
            snapshot_id: Some(loaded.run.snapshot_id.clone()),
            run_id: Some(run_id.to_owned()),
            latest_version_id: String::new(),
            review: "none".into(),
            length: story::text::Length::default(),
        };
        let kept = by_hand(&artifact, None, title, text)?;
        self.keep(&artifact, kept, 1).await
    }

    pub(super) async fn keep(&self, artifact: &Artifact, kept: KeptVersion, number: i64) -> Result<Version, Error> {
        let id = kept.version_id.clone();
        let parent = kept.expected_latest.clone().unwrap_or_default();
        let kept_in = match &artifact.run_id {
            Some(run_id) => {
                let hand = HandVersion { kept: Arc::new(kept), number, now: self.clock.now() };
                self.change(run_id, Arc::new(move |run| hand_version(run, &hand))).await.map(|_| ())
            }
            None => Ok(self.store.keep_manuscript(kept).await?),
        };
        match kept_in {
            Err(Error::Store(StoreError::ArtifactMovedOn { latest })) => Err(Error::VersionMovedOn { parent, latest }),
            Err(other) => Err(other),
            Ok(()) => Ok(self.store.version(&id).await?),
        }
    }
}

/// A text by a person, with what can be derived from the words alone.
pub(super) fn by_hand(artifact: &Artifact, parent: Option<String>, title: &str, text: &str) -> Result<KeptVersion, Error> {
    check_title("/title", title)?;
    let text = normalize(text);
    if text.is_empty() {
        return Err(Error::field("/content_text", "The text is empty.", "Send the chapter's text."));
    }
    let draft = Draft::new(artifact.ordinal, title, text, 0);
    Ok(KeptVersion {
        artifact_id: artifact.id.clone(),
        kind: artifact.kind,
        unit_id: artifact.unit_id.clone(),
        ordinal: artifact.ordinal,
        version_id: made_id(),
        expected_latest: parent,
        source: VersionSource::User,
        step_index: None,
        prints: prints(&draft.text),
        chunks: chunks(&draft.text),
        // Until a step has read it, a chapter is remembered by its own first and last words.
        digest: json!(ChapterDigest::of_words(&draft.title, &draft.text)),
        draft: Arc::new(draft),
        content_id: new_id(),
        extraction: None,
        facts: Vec::new(),
        metadata: json!({}),
        author: None,
    })
}
