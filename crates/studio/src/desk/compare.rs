//! Two runs side by side.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use story::text::Length;

use super::{
    Studio,
    diff::{Op, changes},
};
use crate::{
    artifact::{Artifact, ArtifactKind, Version, VersionSource},
    error::Error,
    run::Run,
    runner::state_value,
    views::{self, LengthView, RunView},
};

/// How two runs differ. Everything is told from `run` to `with`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[allow(missing_docs)]
pub struct Comparison {
    pub run: Side,
    pub with: Side,
    /// By ordinal; those that only one of them has are there, too.
    pub chapters: Vec<ComparedChapter>,
    /// A merge patch (RFC 7396) that turns the state of `run` into that of `with`.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub state_patch: Value,
    /// JSON pointers to what the patch changes.
    pub state_changes: Vec<String>,
}

/// One of the two.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ComparedRun))]
#[allow(missing_docs)]
pub struct Side {
    /// With what it has used, and what that cost.
    pub run: RunView,
    /// Chapters, scenes or episodes that are written.
    pub chapters: u64,
    /// Of all of them together.
    pub length: LengthView,
    /// Findings that stayed with the latest versions: how many of each severity.
    pub findings: BTreeMap<String, u64>,
}

/// A chapter, scene or episode in both runs.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[allow(missing_docs)]
pub struct ComparedChapter {
    pub kind: ArtifactKind,
    pub ordinal: u32,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub run: Option<ComparedText>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub with: Option<ComparedText>,
    /// Whether title and text are the same in both.
    pub same: bool,
    pub words: WordChanges,
}

/// The latest version of a chapter in one of the runs.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[allow(missing_docs)]
pub struct ComparedText {
    pub artifact_id: String,
    pub version_id: String,
    pub title: String,
    pub source: VersionSource,
    pub length: LengthView,
    /// Findings that stayed with it: how many of each severity.
    pub findings: BTreeMap<String, u64>,
}

/// Words that stayed, came and went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[allow(missing_docs)]
pub struct WordChanges {
    pub equal: u64,
    pub inserted: u64,
    pub deleted: u64,
}

type Latest = (Artifact, Version);

impl Studio {
    /// Compares a run with another one: texts, state, length, findings, cost.
    pub async fn compare(&self, run_id: &str, with_id: &str) -> Result<Comparison, Error> {
        let run = self.store.load(run_id).await?;
        let with = match self.store.load(with_id).await.map_err(Error::from) {
            Err(Error::NotFound { .. }) => {
                return Err(Error::field("?with", format!("There is no run {with_id}."), "Name another run to compare with."));
            }
            with => with?,
        };
        let (mine, theirs) = (self.store.latest_versions(run_id).await?, self.store.latest_versions(with_id).await?);
        let (one, other) = (side(&run.run, &mine), side(&with.run, &theirs));
        let chapters = tokio::task::spawn_blocking(move || chapters(mine, theirs)).await.unwrap_or_default();
        let state_patch = story::patch::diff(&state_value(&run.state), &state_value(&with.state));
        let same = state_patch.as_object().is_some_and(serde_json::Map::is_empty);
        let state_changes = if same { Vec::new() } else { story::patch::pointers(&state_patch) };
        Ok(Comparison { run: one, with: other, chapters, state_changes, state_patch })
    }
}

fn side(run: &Run, latest: &[Latest]) -> Side {
    let mut length = Length::default();
    let mut findings = BTreeMap::new();
    for (_, version) in latest {
        length.words += version.length.words;
        length.chars += version.length.chars;
        for (severity, count) in severities(version) {
            *findings.entry(severity).or_default() += count;
        }
    }
    Side { run: views::run(run), chapters: latest.len() as u64, length: length.into(), findings }
}

fn severities(version: &Version) -> BTreeMap<String, u64> {
    let mut found = BTreeMap::new();
    for finding in version.metadata.get("findings").and_then(Value::as_array).into_iter().flatten() {
        let severity = finding.get("severity").and_then(Value::as_str).unwrap_or_default();
        *found.entry(severity.to_owned()).or_default() += 1;
    }
    found
}

/// Pairs the chapters: by their units, which forks share, and what is left by its place in the book.
fn chapters(mine: Vec<Latest>, theirs: Vec<Latest>) -> Vec<ComparedChapter> {
    let mut theirs: Vec<Option<Latest>> = theirs.into_iter().map(Some).collect();
    let mut take = |fits: &dyn Fn(&Artifact) -> bool| -> Option<Latest> {
        theirs.iter_mut().find(|other| other.as_ref().is_some_and(|(artifact, _)| fits(artifact)))?.take()
    };
    let mut pairs: Vec<(Option<Latest>, Option<Latest>)> = Vec::new();
    for own in mine {
        let (kind, unit) = (own.0.kind, own.0.unit_id.clone());
        pairs.push((Some(own), take(&|other| other.kind == kind && other.unit_id == unit)));
    }
    for (own, other) in pairs.iter_mut().filter(|(_, other)| other.is_none()) {
        let Some((artifact, _)) = own else { continue };
        let (kind, ordinal) = (artifact.kind, artifact.ordinal);
        *other = take(&|other| other.kind == kind && other.ordinal == ordinal);
    }
    pairs.extend(theirs.into_iter().flatten().map(|other| (None, Some(other))));
    let mut compared: Vec<ComparedChapter> = pairs.into_iter().filter_map(|(own, other)| chapter(own.as_ref(), other.as_ref())).collect();
    compared.sort_by_key(|chapter| chapter.ordinal);
    compared
}

fn chapter(own: Option<&Latest>, other: Option<&Latest>) -> Option<ComparedChapter> {
    let (artifact, _) = own.or(other)?;
    let text = |side: Option<&Latest>| side.map_or(String::new(), |(_, version)| version.text.clone());
    let title = |side: Option<&Latest>| side.map(|(_, version)| version.title.clone());
    let (old, new) = (text(own), text(other));
    Some(ComparedChapter {
        kind: artifact.kind,
        ordinal: artifact.ordinal,
        run: own.map(told),
        with: other.map(told),
        same: old == new && title(own) == title(other),
        words: word_changes(&old, &new),
    })
}

fn told((artifact, version): &Latest) -> ComparedText {
    ComparedText {
        artifact_id: artifact.id.clone(),
        version_id: version.id.clone(),
        title: version.title.clone(),
        source: version.source,
        length: version.length.into(),
        findings: severities(version),
    }
}

fn word_changes(old: &str, new: &str) -> WordChanges {
    let mut words = WordChanges::default();
    if old == new {
        words.equal = Length::of(new).words;
        return words;
    }
    for change in changes(old, new) {
        let count = Length::of(&change.text).words;
        match change.op {
            Op::Equal => words.equal += count,
            Op::Insert => words.inserted += count,
            Op::Delete => words.deleted += count,
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latest(unit: &str, ordinal: u32, text: &str) -> Latest {
        let artifact = Artifact {
            id: format!("a-{unit}-{ordinal}"),
            kind: ArtifactKind::NovelChapter,
            unit_id: unit.into(),
            ordinal,
            title: "T".into(),
            brief_id: "b".into(),
            snapshot_id: None,
            run_id: None,
            latest_version_id: "v".into(),
            review: "none".into(),
            length: story::text::Length::default(),
        };
        let version = Version {
            id: "v".into(),
            artifact_id: artifact.id.clone(),
            number: 1,
            source: VersionSource::Agent,
            title: "T".into(),
            parent_id: None,
            run_id: None,
            step_index: None,
            content_id: "c".into(),
            metadata: serde_json::json!({"findings": [{"severity": "warning"}, {"severity": "warning"}, {"severity": "error"}]}),
            author: None,
            created_at: 0,
            length: Length::of(text),
            text: text.into(),
            snapshot_id: None,
        };
        (artifact, version)
    }

    #[test]
    fn chapters_are_paired_by_their_units_and_then_by_their_places() {
        let mine = vec![latest("ch-1", 1, "The well was dry."), latest("ch-2", 2, "雨下了一夜。"), latest("ch-x", 3, "Same words.")];
        let theirs = vec![
            latest("ch-y", 3, "Same words."),
            latest("ch-2", 4, "雪下了一夜。"),
            latest("ch-z", 9, "Two more."),
            latest("ch-1", 1, "The well was not dry."),
        ];
        let told: Vec<_> = chapters(mine, theirs).iter().map(|c| (c.ordinal, c.run.is_some(), c.with.is_some(), c.same, c.words)).collect();
        let words = |equal, inserted, deleted| WordChanges { equal, inserted, deleted };
        assert_eq!(
            told,
            [
                (1, true, true, false, words(4, 1, 0)),
                (2, true, true, false, words(4, 1, 1)),
                (3, true, true, true, words(2, 0, 0)),
                (9, false, true, false, words(0, 2, 0)),
            ]
        );
        assert_eq!(severities(&latest("u", 1, "x").1), [("error".to_owned(), 1), ("warning".to_owned(), 2)].into());
    }
}
