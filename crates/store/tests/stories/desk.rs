//! A desk for stories: a store in a database of its own, and things to put on it.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use sea_orm::{ConnectionTrait, Database as Orm, DatabaseConnection, DbBackend, Statement};
use serde_json::json;
use store::{OpenOptions, Place, Role, Store};
use story::{
    brief::{BriefContent, FrozenBrief},
    canonical::hash_text,
    state::Draft,
    tasks::{Prompt, Segment},
    workflow::Progress,
};
use studio::{
    artifact::{ArtifactKind, VersionSource},
    journal::{JournaledCall, Standing},
    ports::{Advance, Finish, KeptVersion, NewBrief, NewSnapshot, Store as _, StoredValue, SystemClock, Transition, Usage, Write},
    run::{Kind, Run, Status},
    step::{Step, StepKind, StepStatus},
};
use tempfile::TempDir;
use uuid::Uuid;

use crate::Database;

/// A store in a database of its own.
pub(crate) struct Desk {
    pub(crate) place: Place,
    /// Where the file is, or whatever else a story leaves.
    pub(crate) folder: TempDir,
    pub(crate) store: Arc<Store>,
}

impl Desk {
    pub(crate) async fn new(database: Database) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = match database {
            Database::Sqlite => Place::Folder(folder.path().to_owned()),
            Database::Postgres => Place::Url(testbed::Postgres::shared().unwrap().new_database().unwrap()),
        };
        let store = open(&place).await;
        Self { place, folder, store }
    }

    /// A database that nobody has opened yet. Its store works elsewhere.
    pub(crate) async fn empty(database: Database) -> Self {
        let elsewhere = Self::new(Database::Sqlite).await;
        let place = match database {
            Database::Sqlite => {
                let folder = elsewhere.folder.path().join("a").join("b");
                std::fs::create_dir_all(&folder).unwrap();
                Place::Folder(folder)
            }
            Database::Postgres => Place::Url(testbed::Postgres::shared().unwrap().new_database().unwrap()),
        };
        Self { place, ..elsewhere }
    }

    /// Another process on the same database.
    pub(crate) async fn neighbour(&self) -> Arc<Store> {
        open(&self.place).await
    }

    /// A run in a brief of its own.
    pub(crate) async fn run(&self) -> Run {
        let (brief, snapshot) = self.snapshot().await;
        let run = a_run(&brief, &snapshot);
        self.store.create_run(run, vec![("cursor".into(), value("\"outline\""))], Vec::new(), json!({"status": "queued"})).await.unwrap()
    }

    pub(crate) async fn snapshot(&self) -> (String, String) {
        let brief = self.store.create_brief(NewBrief { title: "The Dry Year".into(), content: BriefContent::default() }).await.unwrap();
        let frozen = FrozenBrief { title: brief.title.clone(), content: brief.content.clone() };
        let snapshot = NewSnapshot { brief_id: brief.id.clone(), label: None, brief: frozen };
        (brief.id, self.store.create_snapshot(snapshot).await.unwrap().id)
    }

    /// Changes a run by writing.
    pub(crate) async fn write(&self, run: &Run, writes: Vec<Write>) -> Run {
        self.store.change(&run.id, always(writes)).await.unwrap()
    }

    /// The database as it is, past the store.
    pub(crate) async fn raw(&self) -> Raw {
        match &self.place {
            Place::Folder(folder) => Raw::open(&folder.join("fabulist.db")).await,
            Place::Url(url) => Raw::at(url).await,
        }
    }
}

pub(crate) async fn open(place: &Place) -> Arc<Store> {
    Arc::new(Store::open(options(place.clone())).await.unwrap())
}

pub(crate) fn options(place: Place) -> OpenOptions {
    OpenOptions { place, role: Role::Server, clock: Arc::new(SystemClock) }
}

/// The database in this folder.
pub(crate) fn in_folder(folder: &Path) -> Place {
    Place::Folder(folder.to_owned())
}

/// A connection past the store.
pub(crate) struct Raw(DatabaseConnection);

impl Raw {
    pub(crate) async fn open(file: &Path) -> Self {
        Self(Orm::connect(format!("sqlite://{}?mode=rwc", file.display())).await.unwrap())
    }

    pub(crate) async fn at(url: &str) -> Self {
        let mut options = sea_orm::ConnectOptions::new(url);
        options.max_connections(1).sqlx_logging(false);
        Self(Orm::connect(options).await.unwrap())
    }

    fn asked(&self, sql: &str) -> Statement {
        Statement::from_string(self.0.get_database_backend(), sql)
    }

    pub(crate) async fn run(&self, sql: &str) {
        self.0.execute_unprepared(sql).await.unwrap();
    }

    pub(crate) async fn number(&self, sql: &str) -> i64 {
        self.0.query_one_raw(self.asked(sql)).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }

    pub(crate) async fn texts(&self, sql: &str) -> Vec<String> {
        let rows = self.0.query_all_raw(self.asked(sql)).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    /// How many rows of each table belong to the run.
    pub(crate) async fn rows_of(&self, run: &str) -> BTreeMap<String, i64> {
        let mut rows = BTreeMap::new();
        let tables = match self.0.get_database_backend() {
            DbBackend::Postgres => {
                "SELECT table_name::TEXT FROM information_schema.columns WHERE table_schema = current_schema() AND column_name = 'run_id'"
            }
            _ => "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'run_id'",
        };
        for table in self.texts(tables).await {
            let count = self.number(&format!("SELECT COUNT(*) FROM {table} WHERE run_id = '{run}'")).await;
            rows.insert(table, count);
        }
        rows.insert("workflow_runs".into(), self.number(&format!("SELECT COUNT(*) FROM workflow_runs WHERE id = '{run}'")).await);
        rows
    }

    pub(crate) async fn close(self) {
        self.0.close().await.unwrap();
    }
}

pub(crate) fn id() -> String {
    Uuid::now_v7().to_string()
}

pub(crate) fn value(json: &str) -> StoredValue {
    StoredValue { hash: hash_text(json), json: json.into() }
}

/// A transition that always writes this.
pub(crate) fn always(writes: Vec<Write>) -> Transition {
    Arc::new(move |_| Ok(writes.clone()))
}

/// A transition.
pub(crate) fn by(change: impl Fn(&mut Run) -> Advance + Send + Sync + 'static) -> Transition {
    Arc::new(change)
}

pub(crate) fn event(name: &'static str) -> Write {
    Write::Event { name, data: json!({"told": name}) }
}

pub(crate) fn a_run(brief: &str, snapshot: &str) -> Run {
    Run {
        id: id(),
        kind: Kind::Novel,
        brief_id: brief.into(),
        snapshot_id: snapshot.into(),
        label: None,
        model: "rehearsal".into(),
        context_budget: 16_000,
        origin: None,
        status: Status::Queued,
        epoch: 0,
        claim: None,
        due_at: None,
        hold_until: None,
        autorun: false,
        until: None,
        pause_before: Vec::new(),
        gate_passed: None,
        active_step: None,
        pause: None,
        retry: None,
        error: None,
        cursor: json!({"phase": "outline"}),
        unread: BTreeMap::new(),
        progress: Progress { done: 0, total: 3 },
        usage: Usage::NONE,
        budget: None,
        last_index: 0,
        open: None,
        forked_from: None,
        author: None,
        state_version: 1,
        last_event: 0,
        deleted_at: None,
        created_at: 0,
        updated_at: 0,
    }
}

pub(crate) fn a_step(run: &Run, index: i64) -> Step {
    Step {
        id: id(),
        run_id: run.id.clone(),
        index,
        attempt: 1,
        name: "novel.chapter.draft".into(),
        kind: StepKind::Step,
        status: StepStatus::Running,
        outputs: None,
        error: None,
        state_patch: None,
        state_map: None,
        context: None,
        partial_text: None,
        usage: Usage::NONE,
        artifact_version_ids: Vec::new(),
        author: None,
        started_at: 7,
        finished_at: None,
    }
}

/// The step, succeeded with this state after it.
pub(crate) fn succeeded(step: &Step, state: &[(&str, &StoredValue)]) -> Write {
    Write::UpdateStep(Box::new(Step {
        status: StepStatus::Succeeded,
        outputs: Some(json!({"length": 3})),
        state_map: Some(state.iter().map(|(key, value)| ((*key).to_owned(), value.hash.clone())).collect()),
        finished_at: Some(9),
        ..step.clone()
    }))
}

pub(crate) fn a_call(step: &Step, slot: &str) -> JournaledCall {
    JournaledCall {
        id: id(),
        run_id: step.run_id.clone(),
        step_id: step.id.clone(),
        step_index: step.index,
        attempt: step.attempt,
        slot: slot.into(),
        task: "draft_chapter".into(),
        model: "rehearsal".into(),
        request_hash: hash_text(slot),
        prompt: Prompt {
            system: vec![Segment::new("system", "You write novels.")],
            user: vec![Segment::new("plan", "A plan."), Segment::new("task", format!("Write {slot}."))],
            turns: Vec::new(),
        },
        settings: json!({"seed": 0}),
        response: "It had not rained for ten years.".into(),
        finish: Finish::Stop,
        standing: Standing::Open,
        usage: Usage { calls: 1, input_tokens: 100, cached_input_tokens: 40, output_tokens: 20, cost: Some(5) },
        latency_ms: 12,
        created_at: 8,
    }
}

/// A chapter as an agent writes it.
pub(crate) fn a_version(unit: &str, ordinal: u32, text: &str) -> KeptVersion {
    KeptVersion {
        artifact_id: id(),
        kind: ArtifactKind::NovelChapter,
        unit_id: unit.into(),
        ordinal,
        version_id: id(),
        expected_latest: None,
        source: VersionSource::Agent,
        step_index: Some(1),
        draft: Arc::new(Draft::new(ordinal, &format!("Chapter {ordinal}"), text.into(), 0)),
        content_id: id(),
        extraction: None,
        facts: Vec::new(),
        chunks: story::memory::chunks(text),
        digest: json!({"facts": "none"}),
        prints: text.split("\n\n").enumerate().map(|(n, p)| (n + 1, hash_text(p)[..16].to_owned())).collect(),
        metadata: json!({"model": "rehearsal"}),
        author: None,
    }
}

/// The same chapter, written again by a person.
pub(crate) fn by_hand(of: &KeptVersion, text: &str) -> KeptVersion {
    KeptVersion {
        artifact_id: of.artifact_id.clone(),
        expected_latest: Some(of.version_id.clone()),
        source: VersionSource::User,
        step_index: None,
        author: Some("anna".into()),
        ..a_version(&of.unit_id, of.ordinal, text)
    }
}

pub(crate) fn keep(version: &KeptVersion) -> Write {
    Write::KeepVersion(Arc::new(version.clone()))
}

/// A run with two chapters, a call, a state, and whatever else a run leaves behind.
pub(crate) async fn a_told_run(desk: &Desk) -> (Run, Vec<KeptVersion>) {
    let run = desk.run().await;
    let step = a_step(&run, 1);
    let chapters = vec![a_version("ch-1", 1, "One.\n\nTwo."), a_version("ch-2", 2, "Three.\n\nFour.")];
    let outline = value("{\"chapters\":2}");
    let mut with_findings = chapters[1].clone();
    with_findings.metadata = json!({"findings": [{"rule": "length", "severity": "warning"}]});
    let run = desk
        .write(
            &run,
            vec![
                Write::InsertStep(Box::new(step.clone())),
                Write::Journal(Arc::new(a_call(&step, "draft"))),
                Write::State(vec![("outline".into(), Some(outline.clone()))]),
                succeeded(&step, &[("outline", &outline)]),
                keep(&chapters[0]),
                keep(&with_findings),
                event("step.succeeded"),
            ],
        )
        .await;
    (run, chapters)
}

pub(crate) fn is_unusable(error: &studio::ports::StoreError, word: &str) {
    match error {
        studio::ports::StoreError::Unusable { detail, hint } => {
            assert!(detail.contains(word), "`{detail}` does not say `{word}`");
            assert!(!hint.is_empty(), "no hint for `{detail}`");
        }
        other => panic!("not refused as unusable but as {other:?}"),
    }
}
