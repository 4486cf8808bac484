use story::{
    source::{Source, SourceChapter},
    text::paragraphs,
};

use super::{Inputs, Studio};
use crate::{
    artifact::{Artifact, ArtifactKind, Version},
    brief::Snapshot,
    error::Error,
    ports::{ArtifactFilter, PageOf, RunFilter, StoreError},
    run::{Kind, Run, Status},
};

const HINT: &str = "Name a snapshot or a novel's run of this brief that has committed chapters, or leave the source out.";

/// What an adaptation is made from.
#[derive(Debug)]
pub(super) struct Chosen {
    /// The snapshot that it belongs to.
    pub(super) snapshot_id: String,
    /// The run that wrote it; none for a standalone manuscript.
    pub(super) run_id: Option<String>,
    /// Its chapters, to be pinned.
    pub(super) source: Source,
}

impl Studio {
    /// The source of an adaptation: the run that is named; else, in the snapshot that is named or the run's own, the latest novel that
    /// succeeded, else the one with most committed chapters, else what a person wrote by itself. Never a mixture.
    pub(super) async fn choose_source(&self, snapshot: &Snapshot, inputs: &Inputs) -> Result<Chosen, Error> {
        let within = match &inputs.source_brief_snapshot_id {
            None => snapshot.id.clone(),
            Some(id) => {
                let at = "/source_brief_snapshot_id";
                let source = match self.store.snapshot(id).await {
                    Err(StoreError::NotFound { .. }) => return Err(Error::field(at, format!("There is no snapshot {id}."), HINT)),
                    source => source?,
                };
                if source.brief_id != snapshot.brief_id {
                    return Err(Error::field(at, "The source snapshot belongs to another brief.", HINT));
                }
                source.id
            }
        };
        if let Some(id) = &inputs.source_workflow_run_id {
            let named = inputs.source_brief_snapshot_id.is_some().then_some(within.as_str());
            return self.named_run(snapshot, id, named).await;
        }
        if let Some(run) = self.best_novel(&within).await? {
            return self.written_by(&run).await;
        }
        let manuscript = self.manuscript(&within).await?;
        if manuscript.is_empty() {
            let (at, detail) = match inputs.source_brief_snapshot_id {
                Some(_) => ("/source_brief_snapshot_id", "The source snapshot has no committed chapters."),
                None => ("/brief_snapshot_id", "The snapshot has no committed chapters to be adapted."),
            };
            let hint = "Write the novel or import one first, or name a snapshot or a run of this brief that has committed chapters.";
            return Err(Error::field(at, detail, hint));
        }
        Ok(Chosen { snapshot_id: within, run_id: None, source: pinned(&manuscript) })
    }

    async fn named_run(&self, snapshot: &Snapshot, id: &str, within: Option<&str>) -> Result<Chosen, Error> {
        let at = "/source_workflow_run_id";
        let run = match self.store.run(id).await {
            Err(StoreError::NotFound { .. }) => return Err(Error::field(at, format!("There is no run {id}."), HINT)),
            run => run?,
        };
        if run.brief_id != snapshot.brief_id {
            return Err(Error::field(at, "The source run belongs to another brief.", HINT));
        }
        if within.is_some_and(|within| within != run.snapshot_id) {
            return Err(Error::field(at, "The source run belongs to another snapshot than the one that is named.", HINT));
        }
        if run.kind != Kind::Novel {
            return Err(Error::field(at, "The source run is no novel.", HINT));
        }
        let chosen = self.written_by(&run).await?;
        if chosen.source.chapters.is_empty() {
            return Err(Error::field(at, "The source run has no committed chapters.", HINT));
        }
        Ok(chosen)
    }

    /// The novel of a snapshot that is meant where none is named: the latest that succeeded, else the one with most committed chapters.
    pub(super) async fn best_novel(&self, snapshot_id: &str) -> Result<Option<Run>, Error> {
        let mut cursor = None;
        let mut best: Option<Run> = None;
        let mut latest: Option<Run> = None;
        loop {
            let filter = RunFilter {
                snapshot_id: Some(snapshot_id.to_owned()),
                kind: Some(Kind::Novel),
                limit: Some(200),
                cursor,
                ..RunFilter::default()
            };
            let page = self.store.runs(filter).await?;
            // Newest first: the first that succeeded is the latest, and of those with as many chapters the newest counts.
            for run in page.items.into_iter().filter(|run| run.progress.done > 0) {
                if run.status == Status::Succeeded && latest.is_none() {
                    latest = Some(run.clone());
                }
                if best.as_ref().is_none_or(|best| run.progress.done > best.progress.done) {
                    best = Some(run);
                }
            }
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(latest.or(best));
            }
        }
    }

    async fn written_by(&self, run: &Run) -> Result<Chosen, Error> {
        let chapters = self.store.latest_versions(&run.id).await?;
        Ok(Chosen { snapshot_id: run.snapshot_id.clone(), run_id: Some(run.id.clone()), source: pinned(&chapters) })
    }

    /// Chapters of a snapshot that belong to no run, by ordinal.
    async fn manuscript(&self, snapshot_id: &str) -> Result<Vec<(Artifact, Version)>, Error> {
        let mut cursor = None;
        let mut chapters = Vec::new();
        loop {
            let filter = ArtifactFilter {
                snapshot_id: Some(snapshot_id.to_owned()),
                kind: Some(ArtifactKind::NovelChapter),
                page: PageOf { limit: Some(200), cursor },
                ..ArtifactFilter::default()
            };
            let page = self.store.artifact_page(filter).await?;
            for artifact in page.items.into_iter().filter(|artifact| artifact.run_id.is_none()) {
                let version = self.store.version(&artifact.latest_version_id).await?;
                chapters.push((artifact, version));
            }
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(chapters);
            }
        }
    }
}

/// The chapters that have words, by ordinal: of several with one ordinal the first.
fn pinned(chapters: &[(Artifact, Version)]) -> Source {
    let mut source = Source::default();
    for (artifact, version) in chapters.iter().filter(|(artifact, _)| artifact.kind == ArtifactKind::NovelChapter) {
        let count = paragraphs(&version.text).len();
        if count > 0 {
            source.chapters.entry(artifact.ordinal).or_insert_with(|| SourceChapter {
                content_id: version.content_id.clone(),
                version_id: version.id.clone(),
                title: version.title.clone(),
                length: version.length,
                paragraphs: u32::try_from(count).unwrap_or(u32::MAX),
            });
        }
    }
    source
}
