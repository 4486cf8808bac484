use story::{
    brief::Character,
    output_spec::ScriptFormat,
    screenplay::{duanju, fountain},
    state::{AdaptationState, RunState},
};

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

/// What stands before a script where the writer asks for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BookFront {
    /// What the brief says of the story; else, of an adaptation, the core of each episode, a line each. May be empty.
    pub synopsis: String,
    /// The brief's characters, then whoever else speaks, those who speak most first: names, and who they are; that may be empty.
    pub cast: Vec<(String, String)>,
}

impl Studio {
    /// The synopsis and the cast of a script, as far as it is in `book`.
    pub async fn book_front(&self, run: &Run, book: &Book) -> Result<BookFront, Error> {
        let brief = self.store.snapshot(&run.snapshot_id).await?.brief.content;
        let mut synopsis = brief.premise.or(brief.logline).unwrap_or_default();
        if synopsis.trim().is_empty() && run.kind == Kind::NovelToScript {
            let loaded = self.store.load(&run.id).await?;
            if let RunState::Adaptation(state) = read(run.kind, &loaded.state)? {
                synopsis = cores(&state, book);
            }
        }
        let about = |c: &Character| [&c.role, &c.description].into_iter().flatten().map(|t| t.trim()).collect::<Vec<_>>().join("; ");
        let mut cast: Vec<(String, String)> = brief.characters.iter().map(|c| (c.name.clone(), about(c))).collect();
        let known = |name: &str| brief.characters.iter().any(|c| c.aliases.iter().chain([&c.name]).any(|n| same(n, name)));
        cast.extend(speakers(book).into_iter().filter(|name| !known(name)).map(|name| (name, String::new())));
        Ok(BookFront { synopsis, cast })
    }

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

fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// What each episode of the book is about, a line each.
fn cores(state: &AdaptationState, book: &Book) -> String {
    let core = |ordinal: u32| state.episode_plan.as_ref()?.episode(ordinal).map(|(_, episode)| episode.core.trim().to_owned());
    let lines = book.chapters.iter().filter_map(|unit| core(unit.ordinal).filter(|core| !core.is_empty()).map(|core| (unit.ordinal, core)));
    lines.map(|(ordinal, core)| format!("{ordinal}. {core}")).collect::<Vec<_>>().join("\n")
}

/// Everybody who speaks; who speaks most comes first, of two alike who speaks first.
fn speakers(book: &Book) -> Vec<String> {
    let mut counted: Vec<(String, usize)> = Vec::new();
    for unit in &book.chapters {
        let script = match book.script {
            Some(ScriptFormat::Custom) => duanju::script_of(&unit.text),
            _ => fountain::script_of(&unit.text),
        };
        for speech in script.speeches() {
            match counted.iter_mut().find(|(name, _)| same(name, &speech.name)) {
                Some((_, count)) => *count += 1,
                None => counted.push((speech.name.clone(), 1)),
            }
        }
    }
    counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    // A voice that nobody is known by is no person.
    counted.into_iter().map(|(name, _)| name).filter(|name| !same(name, "voice") && name != "画外音").collect()
}

fn untitled(language: &str) -> String {
    match story::language::Tongue::of(language) {
        story::language::Tongue::En => "Untitled".into(),
        story::language::Tongue::Zh => "无题".into(),
    }
}
