use serde_json::{Value, json};
use story::{memory::chunks, workflow::UnitKept};
use tokio_util::sync::CancellationToken;

use super::{
    Job, Runner,
    patience::{is_passing, pause_for_database},
};
use crate::{
    artifact::{Artifact, VersionSource},
    fail_point::fail_point,
    ids::new_id,
    ports::{KeptVersion, StoreError},
    run::Run,
};

impl Runner {
    /// The version that a finished unit becomes, and its number.
    pub(super) async fn version_of(&self, job: &Job, stop: &CancellationToken, kept: UnitKept) -> Result<(KeptVersion, i64), StoreError> {
        let known = self.known_unit(&job.run, stop, &kept.unit_id).await?;
        let number = known.as_ref().map_or(1, |(_, last)| last + 1);
        let known = known.map(|(artifact, _)| artifact);
        // Whatever else there is of it, a person has written meanwhile.
        let expected_latest = job.state.replaces().map(str::to_owned);
        let mut metadata = kept.provenance;
        metadata.insert("findings".into(), json!(kept.findings));
        metadata.insert("model".into(), json!(job.run.model));
        let version = KeptVersion {
            artifact_id: known.as_ref().map_or_else(new_id, |a| a.id.clone()),
            kind: job.run.kind.artifact(),
            unit_id: kept.unit_id,
            ordinal: kept.draft.ordinal,
            version_id: new_id(),
            expected_latest,
            source: VersionSource::Agent,
            step_index: Some(job.claim.index),
            content_id: new_id(),
            extraction: kept.extraction,
            facts: kept.facts,
            chunks: chunks(&kept.draft.text),
            draft: kept.draft,
            digest: json!(kept.digest),
            prints: kept.prints,
            metadata: Value::Object(metadata),
            author: None,
        };
        Ok((version, number))
    }

    /// The unit's artifact and the number of its latest version, if there is one; waits for the database as [`Runner::persist`] does.
    async fn known_unit(&self, run: &Run, stop: &CancellationToken, unit_id: &str) -> Result<Option<(Artifact, i64)>, StoreError> {
        for tries in 1.. {
            let known = self.artifact_and_number(run, unit_id).await;
            match known {
                Err(e) if is_passing(&e, tries) && !stop.is_cancelled() => {
                    self.tell_trouble(&run.id, &e);
                    pause_for_database(stop).await;
                }
                answer => return answer,
            }
        }
        unreachable!("the loop above ends by returning")
    }

    async fn artifact_and_number(&self, run: &Run, unit_id: &str) -> Result<Option<(Artifact, i64)>, StoreError> {
        let artifact = self.store.artifact_of_unit(&run.id, run.kind.artifact(), unit_id).await?;
        let known = match artifact {
            Some(artifact) => self.store.version(&artifact.latest_version_id).await.map(|version| Some((artifact, version.number))),
            None => Ok(None),
        };
        fail_point("artifact");
        known
    }
}
