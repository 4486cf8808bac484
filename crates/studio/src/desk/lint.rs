//! What a run has written, held against the rules of a whole book. No model is asked.

use std::collections::BTreeMap;

use story::{
    current_state::CurrentState,
    extraction::Extraction,
    finding::Finding,
    lint::{Asked, Book, Chapter, check},
    plan::UnitKind,
};

use super::Studio;
use crate::{
    artifact::VersionSource,
    error::Error,
    run::{Kind, Run},
};

/// What the rules find in the latest versions of a run.
#[derive(Debug, Clone)]
pub struct Linted {
    #[allow(missing_docs)]
    pub run: Run,
    /// Ordinal and title of each unit.
    pub chapters: Vec<(u32, String)>,
    /// In the order of the book.
    pub findings: Vec<Finding>,
}

impl Studio {
    /// The same for a snapshot's run: the one that is named, else the latest novel that succeeded, else the one with most chapters; none where
    /// there is no novel.
    pub async fn lint_snapshot(&self, snapshot_id: &str, run_id: Option<&str>) -> Result<Option<Linted>, Error> {
        let snapshot = self.store.snapshot(snapshot_id).await?;
        match self.told_by(&snapshot, run_id).await? {
            Some(run) => self.lint(&run.id).await.map(Some),
            None => Ok(None),
        }
    }

    /// Holds the latest versions of a run, and what was read of them, against the rules.
    ///
    /// What a person wrote is held to no length.
    pub async fn lint(&self, run_id: &str) -> Result<Linted, Error> {
        let loaded = self.store.load(run_id).await?;
        let latest = self.store.latest_versions(run_id).await?;
        let readings = self.store.readings(run_id, u32::MAX).await?;
        let run = loaded.run.clone();
        let checked = tokio::task::spawn_blocking(move || {
            let told: BTreeMap<u32, &Extraction> =
                readings.iter().filter_map(|reading| Some((reading.ordinal, reading.extraction.as_ref()?))).collect();
            let chapters: Vec<Chapter<'_>> = latest
                .iter()
                .map(|(artifact, version)| Chapter {
                    ordinal: artifact.ordinal,
                    title: &version.title,
                    text: &version.text,
                    version_id: Some(&version.id),
                    extraction: told.get(&artifact.ordinal).copied(),
                    ..Chapter::default()
                })
                .collect();
            let content = &loaded.brief.content;
            let mut asked = Asked::of(content);
            let by_hand = latest.iter().all(|(_, version)| version.source == VersionSource::User);
            if loaded.run.kind != Kind::Novel || by_hand {
                asked.length = None;
            }
            let world = loaded.state.get("current_state").and_then(|value| serde_json::from_str::<CurrentState>(&value.json).ok());
            let threads = world.map(|world| world.threads).unwrap_or_default();
            asked.due = threads.into_values().filter_map(|thread| Some((thread.title, thread.due?))).collect();
            let unit = match loaded.run.kind {
                Kind::Novel => UnitKind::Chapter,
                Kind::Script => UnitKind::Scene,
                Kind::NovelToScript => UnitKind::Episode,
            };
            let findings = check(&Book { tongue: Some(content.tongue()), unit, chapters, asked });
            (latest.iter().map(|(artifact, version)| (artifact.ordinal, version.title.clone())).collect(), findings)
        });
        let (chapters, findings) = checked.await.unwrap_or_default();
        Ok(Linted { run, chapters, findings })
    }
}
