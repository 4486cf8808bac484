use std::sync::Arc;

use serde_json::{Value, json};
use story::{
    brief::{BriefContent, FrozenBrief},
    digests::{ChapterDigest, Digests},
    output_spec::{OutputSpec, PartialOutputSpec},
    plan::{Outline, PlannedChapter},
    state::{Cursor, Draft, NovelState, RunState},
    text::{Length, normalize, prints},
    workflow::{DONE, Progress},
};

use super::{Studio, briefs::check_title};
use crate::{
    artifact::{ArtifactKind, VersionSource},
    brief::{Brief, Snapshot},
    error::Error,
    ids::{new_id, ticket},
    ports::{KeptVersion, Made, Micros, NewImport, Usage},
    run::{Kind, Run, Status},
    runner::stored_state,
    step::{Step, StepKind, StepStatus},
    transition::{NewRun, new_run, room_for_prompt},
    views,
};

/// A novel that comes in.
#[derive(Debug, Clone)]
pub struct ImportRequest {
    /// Of the snapshot and of the run.
    pub label: Option<String>,
    /// The book's, where the brief has none.
    pub title: String,
    /// BCP 47, where the brief names none.
    pub language: String,
    /// Who would go on with it: `rehearsal`, or `provider/model`. Nothing is called.
    pub model: String,
    /// See [`Run::origin`].
    pub origin: Option<String>,
    /// At least one, in the order of the book.
    pub chapters: Vec<NewChapter>,
    /// How the file was encoded.
    pub encoding: String,
    /// What the writer should know about it, in sentences.
    pub warnings: Vec<String>,
}

/// A chapter that comes in.
#[derive(Debug, Clone)]
pub struct NewChapter {
    /// Empty where it has none.
    pub title: String,
    /// The body alone; not blank.
    pub text: String,
    /// Where it comes from: the version's metadata.
    pub metadata: Value,
}

/// What an import made.
#[derive(Debug, Clone)]
pub struct Imported {
    #[allow(missing_docs)]
    pub snapshot: Snapshot,
    /// Of kind `novel`, and succeeded.
    pub run: Run,
}

impl Studio {
    /// Keeps an existing novel: a snapshot of the brief, and a run of kind `novel` that has succeeded, with the chapters as a person's versions.
    ///
    /// Nothing of it is seen before it is whole.
    pub async fn import(&self, brief: &Brief, request: ImportRequest) -> Result<Imported, Error> {
        if let Some(label) = &request.label {
            check_title("/label", label)?;
        }
        if let Some(Made::Novel { snapshot_id, run_id }) = self.made_before().await? {
            return Ok(Imported { snapshot: self.store.snapshot(&snapshot_id).await?, run: self.store.run(&run_id).await? });
        }
        let info = self.model("/model", &request.model)?;
        let now = self.clock.now();
        let snapshot = Snapshot {
            id: new_id(),
            brief_id: brief.id.clone(),
            label: request.label.clone(),
            brief: frozen(brief, &request, &self.output_spec().await?),
            author: None,
            created_at: now,
        };
        let spec = snapshot.brief.output_spec();
        let window = room_for_prompt(info.window, &spec);
        // Hashing and counting a thousand chapters takes its time.
        let prepared = tokio::task::spawn_blocking(move || prepare(snapshot, &spec, request, window, now)).await;
        let import =
            prepared.map_err(|e| Error::Store(crate::ports::StoreError::Database(format!("the import could not be prepared: {e}"))))??;
        let import = NewImport { ticket: ticket(), ..import };
        let snapshot = import.snapshot.clone();
        let run = self.store.import(import).await?;
        self.feed.changed(&run);
        Ok(Imported { snapshot, run })
    }
}

/// The brief as it is, with the language and the chapters of the book.
fn frozen(brief: &Brief, request: &ImportRequest, settings: &PartialOutputSpec) -> FrozenBrief {
    let mut content: BriefContent = brief.content.clone();
    content.language.get_or_insert_with(|| request.language.clone());
    content.output_spec.get_or_insert_default().chapter_count = Some(count(request.chapters.len()));
    let title = if brief.title.trim().is_empty() { &request.title } else { &brief.title };
    FrozenBrief::freeze(title, content, settings)
}

fn prepare(snapshot: Snapshot, spec: &OutputSpec, request: ImportRequest, window: u64, now: Micros) -> Result<NewImport, Error> {
    let chapters: Vec<Arc<KeptVersion>> =
        request.chapters.into_iter().zip(1..).map(|(chapter, ordinal)| kept(chapter, ordinal).map(Arc::new)).collect::<Result<_, _>>()?;
    if chapters.is_empty() {
        return Err(Error::Invalid { detail: "There is no chapter to keep.".into(), hint: "Import a text with a story in it.".into() });
    }
    let total = count(chapters.len());
    let state = RunState::from(state(spec.clone(), &snapshot, &chapters));
    let asked = NewRun { label: request.label, model: request.model, context_budget: window, origin: request.origin, ..NewRun::default() };
    let mut run = new_run(Kind::Novel, &snapshot, &state, asked, now);
    run.status = Status::Succeeded;
    run.progress = Progress { done: total, total };
    run.last_index = 1;
    // Whoever goes on with the book reads it first.
    run.unread = chapters.iter().map(|chapter| (chapter.unit_id.clone(), chapter.version_id.clone())).collect();
    let mut length = Length::default();
    chapters.iter().for_each(|chapter| length += chapter.draft.length);
    let change = stored_state::all(&state);
    let step = Step {
        id: new_id(),
        run_id: run.id.clone(),
        index: 1,
        attempt: 1,
        name: "import".into(),
        kind: StepKind::Import,
        status: StepStatus::Succeeded,
        outputs: Some(json!({ "chapters": total, "length": length, "encoding": request.encoding, "warnings": request.warnings })),
        error: None,
        state_patch: Some(json!({})),
        state_map: Some(change.map()),
        context: None,
        partial_text: None,
        usage: Usage::NONE,
        artifact_version_ids: chapters.iter().map(|chapter| chapter.version_id.clone()).collect(),
        author: None,
        started_at: now,
        finished_at: Some(now),
    };
    let mut events = vec![("run.created", json!({ "run": views::run(&run) }))];
    events.extend(chapters.iter().map(|kept| ("artifact.committed", views::committed_event(&run, kept, 1, now))));
    events.push(("step.succeeded", json!({ "run_id": run.id, "step": views::finished_step_event(&step) })));
    let state = change.values.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
    Ok(NewImport { snapshot, run, state, step, chapters, events, ticket: None })
}

fn kept(chapter: NewChapter, ordinal: u32) -> Result<KeptVersion, Error> {
    check_title("/title", &chapter.title)?;
    let text = normalize(&chapter.text);
    let draft = Draft::new(ordinal, &chapter.title, text, 0);
    Ok(KeptVersion {
        artifact_id: new_id(),
        kind: ArtifactKind::NovelChapter,
        unit_id: format!("c{ordinal:04}"),
        ordinal,
        version_id: new_id(),
        expected_latest: None,
        source: VersionSource::User,
        step_index: Some(1),
        prints: prints(&draft.text),
        digest: json!(ChapterDigest::of_words(&draft.title, &draft.text)),
        draft: Arc::new(draft),
        content_id: new_id(),
        extraction: None,
        facts: Vec::new(),
        chunks: Vec::new(),
        metadata: chapter.metadata,
        author: None,
    })
}

/// The state of a run that has written these chapters: planned as they are, remembered by their own first and last words, not read yet.
fn state(spec: OutputSpec, snapshot: &Snapshot, chapters: &[Arc<KeptVersion>]) -> NovelState {
    let mut state = NovelState::begin(spec, &snapshot.brief.content.characters);
    let plan = |kept: &Arc<KeptVersion>| PlannedChapter {
        order: i64::from(kept.ordinal) * 1000,
        title: kept.draft.title.clone(),
        summary: String::new(),
        hook: Some(String::new()),
    };
    state.outline = Some(Arc::new(Outline { chapters: chapters.iter().map(|kept| (kept.unit_id.clone(), plan(kept))).collect() }));
    let digests = chapters.iter().fold(Digests::default(), |digests, kept| {
        digests.with_chapter(kept.ordinal, ChapterDigest::of_words(&kept.draft.title, &kept.draft.text))
    });
    state.digests = Arc::new(digests);
    state.cursor = Cursor { phase: DONE.into(), ..Cursor::default() };
    state
}

fn count(chapters: usize) -> u32 {
    u32::try_from(chapters).unwrap_or(u32::MAX)
}
