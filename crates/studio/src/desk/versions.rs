use std::sync::Arc;

use serde_json::{Value, json};
use story::{
    digests::ChapterDigest,
    state::Draft,
    text::{normalize, prints},
};

use super::Studio;
use crate::{
    artifact::{Artifact, Version, VersionSource},
    error::Error,
    ids::new_id,
    ports::{KeptVersion, StoreError},
    transition::{HandVersion, hand_version},
};

impl Studio {
    /// A person's version of a chapter, made from `parent_version_id`: refused with [`StoreError::ArtifactMovedOn`] where that is not the
    /// latest any more. A committed chapter is read again by the run's next step.
    pub async fn write_version(
        &self,
        artifact_id: &str,
        parent_version_id: &str,
        title: Option<String>,
        text: &str,
    ) -> Result<(Artifact, Version), Error> {
        let artifact = self.store.artifact(artifact_id).await?;
        let text = normalize(text);
        if text.is_empty() {
            let detail = "A version needs a text, but there is none.".to_owned();
            return Err(Error::Invalid { detail, hint: "Send the whole text of the chapter.".into() });
        }
        let Some(run_id) = artifact.run_id.clone() else {
            let detail = "This manuscript stands alone: the run that it came from was deleted.".to_owned();
            return Err(Error::Invalid { detail, hint: "Import it as a book, then edit it there.".into() });
        };
        if artifact.latest_version_id != parent_version_id {
            return Err(StoreError::ArtifactMovedOn { latest: artifact.latest_version_id }.into());
        }
        let parent = self.store.version(parent_version_id).await?;
        let title = title.unwrap_or(parent.title);
        let draft = Draft::new(artifact.ordinal, &title, text, 0);
        let kept = KeptVersion {
            artifact_id: artifact.id.clone(),
            kind: artifact.kind,
            unit_id: artifact.unit_id.clone(),
            ordinal: artifact.ordinal,
            version_id: new_id(),
            expected_latest: Some(parent_version_id.to_owned()),
            source: VersionSource::User,
            step_index: None,
            prints: prints(&draft.text),
            // Until a step has read it, a chapter is remembered by its own first and last words.
            digest: json!(ChapterDigest::of_words(&draft.title, &draft.text)),
            draft: Arc::new(draft),
            content_id: new_id(),
            extraction: None,
            metadata: Value::Object(serde_json::Map::new()),
            author: None,
        };
        let version_id = kept.version_id.clone();
        let hand = HandVersion { kept: Arc::new(kept), number: parent.number + 1, now: self.clock.now() };
        self.change(&run_id, Arc::new(move |run| hand_version(run, &hand))).await?;
        Ok((self.store.artifact(artifact_id).await?, self.store.version(&version_id).await?))
    }
}
