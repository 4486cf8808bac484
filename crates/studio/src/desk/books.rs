use story::output_spec::ScriptFormat;

use super::Studio;
use crate::{
    artifact::VersionSource,
    error::Error,
    run::{Kind, Run},
    runner::stored_state::read,
};

/// The committed chapters, scenes or episodes of a run, as a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// The brief's title.
    pub title: String,
    /// The run's label.
    pub label: Option<String>,
    /// BCP 47.
    pub language: String,
    /// Whether the offline model wrote it.
    pub rehearsal: bool,
    /// The form that its texts are stored in, where it is a script.
    pub script: Option<ScriptFormat>,
    /// By ordinal: the latest version of each.
    pub chapters: Vec<BookChapter>,
}

/// One chapter, scene or episode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookChapter {
    #[allow(missing_docs)]
    pub ordinal: u32,
    #[allow(missing_docs)]
    pub title: String,
    /// The body, normalised.
    pub text: String,
    /// Findings that stayed with it: severity and message.
    pub findings: Vec<(String, String)>,
}

impl Studio {
    /// The book that a run has written so far.
    pub async fn book(&self, run: &Run) -> Result<Book, Error> {
        let snapshot = self.store.snapshot(&run.snapshot_id).await?;
        let latest = self.store.latest_versions(&run.id).await?;
        // What a person wrote, or brought in, is no rehearsal.
        let own_words = !latest.is_empty() && latest.iter().all(|(_, version)| version.source == VersionSource::User);
        let mut chapters: Vec<BookChapter> = latest
            .into_iter()
            .map(|(artifact, version)| {
                let findings = version.metadata.get("findings").and_then(|f| f.as_array()).cloned().unwrap_or_default();
                let text = |value: &serde_json::Value, key: &str| value.get(key).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
                let findings = findings.iter().map(|f| (text(f, "severity"), text(f, "message"))).collect();
                BookChapter { ordinal: artifact.ordinal, title: version.title, text: version.text, findings }
            })
            .collect();
        chapters.sort_by_key(|c| c.ordinal);
        let mut language = snapshot.brief.content.language().to_owned();
        let mut script = None;
        if run.kind != Kind::Novel {
            let loaded = self.store.load(&run.id).await?;
            let state = read(run.kind, &loaded.state)?;
            script = Some(state.output_spec().script_format);
            language = state.language().map_or(language, str::to_owned);
        }
        let title = if snapshot.brief.title.trim().is_empty() { untitled(&language) } else { snapshot.brief.title };
        let rehearsal = run.model == "rehearsal" && !own_words;
        Ok(Book { title, label: run.label.clone(), language, rehearsal, script, chapters })
    }
}

fn untitled(language: &str) -> String {
    match story::language::Tongue::of(language) {
        story::language::Tongue::En => "Untitled".into(),
        story::language::Tongue::Zh => "无题".into(),
    }
}
