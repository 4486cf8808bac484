//! The store itself: opening, closing, and the port function by function.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use sea_orm::DatabaseConnection;
use serde_json::Value;
use story::refold::Reading;
use studio::{
    artifact::{Artifact, ArtifactKind, Review, Version},
    brief::{Brief, Snapshot},
    event::Event,
    forecast::StepCost,
    ids::made_id,
    journal::JournaledCall,
    lock::Lock,
    ports::{
        ArtifactFilter, Clock, DeadNode, DueRun, FeedPage, Fork, KeptAnswer, KeptVersion, KeyedRequest, KnownChapter, LoadedRun, Made,
        Micros, NewBrief, NewImport, NewSnapshot, Page, PageOf, Passage, Proposal, Remade, RequestStands, RunFilter, Search, StepFilter,
        StoreError, StoredValue, Transition,
    },
    project::{Binned, Imported},
    run::Run,
    step::Step,
};
use uuid::Uuid;

use crate::{
    artifacts, backup,
    bin::Bin,
    briefs, change,
    connect::{self, Pragmas},
    delete, delete_briefs, events,
    fault::unusable,
    feed,
    file::File,
    fork, imports, journal, knowledge, load, locks, memory, nodes, pins,
    postgres::{self, Server},
    proposals,
    remembered::Remembered,
    requests::{self, Found},
    runs, settings, sql, state, steps,
    tx::{Ask, Moment, Tx},
    write::Writer,
};

/// Where the database is.
#[derive(Debug, Clone)]
pub enum Place {
    /// SQLite: `fabulist.db` in this folder, which is made where it is missing.
    Folder(PathBuf),
    /// A database server: `postgres://user:password@host:port/database`.
    Url(String),
}

/// What a process is for, as the table of nodes shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It serves.
    Server,
    /// It is one command.
    Command,
}

/// What a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Its name and version: `PostgreSQL 15.8`.
    pub database: String,
    /// How long the way to it and back takes.
    pub latency: Duration,
}

/// How a store is opened.
#[derive(Clone)]
pub struct OpenOptions {
    /// Where the database is.
    pub place: Place,
    /// What this process is for.
    pub role: Role,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
}

/// The database behind the desk.
pub struct Store {
    node: String,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) writer: Writer,
    pub(crate) readers: DatabaseConnection,
    home: Home,
    remembered: Arc<Remembered>,
    pub(crate) bin: Option<Bin>,
    closed: AtomicBool,
}

/// What the two databases do not share.
enum Home {
    File(File),
    Server(Server),
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("node", &self.node).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database, making or upgrading it first where that is needed.
    ///
    /// An upgrade of a file is preceded by a copy in the folder `backups`; on a server, processes take turns with it. Fails with
    /// [`StoreError::Unusable`] where the place cannot be used.
    pub async fn open(options: OpenOptions) -> Result<Self, StoreError> {
        let now = options.clock.now();
        let (node, role) = (Uuid::now_v7().to_string(), if options.role == Role::Server { "server" } else { "command" });
        let (home, writer, readers) = match &options.place {
            Place::Folder(path) => {
                let (file, writer, readers) = File::open(path, &node, role, now).await?;
                (Home::File(file), writer, readers)
            }
            Place::Url(url) => {
                let (server, writer, readers) = Server::open(url, &node, role, now).await?;
                (Home::Server(server), writer, readers)
            }
        };
        let bin = match &options.place {
            Place::Folder(path) => Some(Bin::new(path)),
            Place::Url(_) => None,
        };
        knowledge::catch_up(&readers, &writer).await?;
        Ok(Self { node, clock: options.clock, writer, readers, home, remembered: Arc::default(), bin, closed: AtomicBool::new(false) })
    }

    /// What the database is, and how long a question to it takes.
    pub async fn about(&self) -> Result<About, StoreError> {
        let latency = postgres::latency(&self.readers).await?;
        let database = match &self.home {
            Home::Server(server) => server.version(),
            Home::File(_) => match self.readers.one("SELECT sqlite_version()", Vec::new()).await? {
                Some(mut row) => format!("SQLite {}", row.text()?),
                None => "SQLite".into(),
            },
        };
        Ok(About { database, latency })
    }

    async fn is_gone(&self, node: &str) -> Result<bool, StoreError> {
        match &self.home {
            Home::File(file) => file.is_gone(node),
            Home::Server(server) => server.is_gone(&self.readers, node).await,
        }
    }

    /// The pragmas of the real connections. Only a file has them.
    pub async fn pragmas(&self) -> Result<Pragmas, StoreError> {
        let Home::File(file) = &self.home else {
            return Err(unusable("a database server has no pragmas", "Ask it with `SHOW ALL`."));
        };
        Ok(Pragmas {
            writer: self.writer.write(async |tx| connect::pragmas(tx).await).await?,
            reader: connect::pragmas(&self.readers).await?,
            upkeep: connect::pragmas(&file.upkeep).await?,
        })
    }
}

#[async_trait]
impl studio::ports::Store for Store {
    fn node(&self) -> &str {
        &self.node
    }

    async fn create_brief(&self, brief: NewBrief) -> Result<Brief, StoreError> {
        let (id, now) = (made_id(), self.clock.now());
        self.writer.write(async move |tx| briefs::create(tx, id.clone(), &brief, now).await).await
    }

    async fn brief(&self, id: &str) -> Result<Brief, StoreError> {
        briefs::read(&self.readers, id).await
    }

    async fn briefs(&self, page: PageOf) -> Result<Page<Brief>, StoreError> {
        briefs::list(&self.readers, &page).await
    }

    async fn save_brief(&self, id: &str, seen: Micros, brief: NewBrief) -> Result<Option<Brief>, StoreError> {
        let (id, now) = (id.to_owned(), self.clock.now());
        self.writer.write(async move |tx| briefs::save(tx, &id, seen, &brief, now).await).await
    }

    async fn brief_deletion(&self, id: &str) -> Result<Value, StoreError> {
        delete_briefs::preview(&self.readers, id).await
    }

    async fn delete_brief(&self, id: &str) -> Result<(), StoreError> {
        let (id, now) = (id.to_owned(), self.clock.now());
        self.writer.write(async move |tx| delete_briefs::mark(tx, &id, now).await).await
    }

    async fn snapshots(&self, brief_id: &str, page: PageOf) -> Result<Page<Snapshot>, StoreError> {
        briefs::snapshots(&self.readers, brief_id, &page).await
    }

    async fn snapshot_deletion(&self, id: &str) -> Result<Value, StoreError> {
        delete_briefs::snapshot_preview(&self.readers, id).await
    }

    async fn delete_snapshot(&self, id: &str, keep_user_versions: bool) -> Result<(), StoreError> {
        let (id, now) = (id.to_owned(), self.clock.now());
        self.writer.write(async move |tx| delete_briefs::mark_snapshot(tx, &id, keep_user_versions, now).await).await
    }

    async fn delete_orphans(&self) -> Result<Vec<String>, StoreError> {
        if delete_briefs::orphans(&self.readers).await?.is_empty() {
            return Ok(Vec::new());
        }
        let now = self.clock.now();
        self.writer.write(async move |tx| delete_briefs::delete_runs(tx, now).await).await
    }

    async fn create_snapshot(&self, snapshot: NewSnapshot) -> Result<Snapshot, StoreError> {
        let (id, now) = (made_id(), self.clock.now());
        self.writer.write(async move |tx| briefs::freeze(tx, id.clone(), &snapshot, now).await).await
    }

    async fn snapshot(&self, id: &str) -> Result<Snapshot, StoreError> {
        briefs::snapshot(&self.readers, id).await
    }

    async fn create_run(&self, run: Run, state: Vec<(String, StoredValue)>, pins: Vec<String>, created: Value) -> Result<Run, StoreError> {
        let now = self.clock.now();
        self.writer
            .write(async move |tx| {
                let run = runs::create(tx, &run, &state, &created, now).await?;
                pins::keep(tx, &run.id, &pins).await?;
                Ok(run)
            })
            .await
    }

    async fn fork_run(&self, fork: Fork) -> Result<Option<Run>, StoreError> {
        let now = self.clock.now();
        self.writer.write(async move |tx| fork::fork(tx, &fork, now).await).await
    }

    async fn import(&self, import: NewImport) -> Result<Run, StoreError> {
        let run = imports::import(&self.writer, import, self.clock.now()).await?;
        // The novel is there, whatever happens now: what is left undone is done when the database is opened again.
        if let Err(error) = knowledge::catch_up(&self.readers, &self.writer).await {
            tracing::warn!(%error, "the passages of an import could not be made yet");
        }
        Ok(run)
    }

    async fn run(&self, id: &str) -> Result<Run, StoreError> {
        runs::read(&self.readers, id).await
    }

    async fn runs(&self, filter: RunFilter) -> Result<Page<Run>, StoreError> {
        runs::list(&self.readers, &filter).await
    }

    async fn change(&self, run_id: &str, transition: Transition) -> Result<Run, StoreError> {
        let (run_id, clock, remembered) = (run_id.to_owned(), self.clock.clone(), self.remembered.clone());
        self.writer.write(async move |tx| change::change(tx, &run_id, &transition, clock.now(), &remembered).await).await
    }

    async fn change_and_load(&self, run_id: &str, transition: Transition) -> Result<LoadedRun, StoreError> {
        let (run_id, clock, remembered) = (run_id.to_owned(), self.clock.clone(), self.remembered.clone());
        let work = async move |tx: &Tx| {
            let run = change::change(tx, &run_id, &transition, clock.now(), &remembered).await?;
            load::beside(tx, run, &remembered).await
        };
        self.writer.write(work).await
    }

    async fn load(&self, run_id: &str) -> Result<LoadedRun, StoreError> {
        let moment = Moment::begin(&self.readers).await?;
        let run = runs::read(&moment, run_id).await?;
        let loaded = load::beside(&moment, run, &self.remembered).await?;
        moment.end().await?;
        Ok(loaded)
    }

    async fn state_after(&self, run_id: &str, index: i64) -> Result<BTreeMap<String, StoredValue>, StoreError> {
        let moment = Moment::begin(&self.readers).await?;
        let state = state::after(&moment, run_id, index).await?;
        moment.end().await?;
        Ok(state)
    }

    async fn last_success(&self, run_id: &str) -> Result<i64, StoreError> {
        steps::last_success(&self.readers, run_id).await
    }

    async fn steps(&self, run_id: &str, filter: StepFilter) -> Result<Vec<Step>, StoreError> {
        steps::list(&self.readers, run_id, &filter).await
    }

    async fn step_costs(&self, run_id: &str) -> Result<Vec<StepCost>, StoreError> {
        steps::costs(&self.readers, run_id).await
    }

    async fn journal(&self, call: JournaledCall) -> Result<(), StoreError> {
        self.writer.write(async move |tx| journal::write(tx, &call).await).await
    }

    async fn journal_aside(&self, brief_id: &str, owner: &str, call: Value) -> Result<(), StoreError> {
        let (brief_id, owner, now) = (brief_id.to_owned(), owner.to_owned(), self.clock.now());
        self.writer.write(async move |tx| proposals::journal(tx, &brief_id, &owner, &call, now)).await
    }

    async fn keep_proposal(&self, proposal: Proposal) -> Result<(), StoreError> {
        let now = self.clock.now();
        self.writer.write(async move |tx| proposals::keep(tx, &proposal, now).await).await
    }

    async fn proposal(&self, run_id: &str, id: &str) -> Result<Proposal, StoreError> {
        proposals::read(&self.readers, run_id, id).await
    }

    async fn open_answer(&self, run_id: &str, slot: &str, request_hash: &str) -> Result<Option<JournaledCall>, StoreError> {
        journal::open(&self.readers, run_id, slot, request_hash).await
    }

    async fn calls(&self, run_id: &str, index: i64) -> Result<Vec<JournaledCall>, StoreError> {
        journal::of_index(&self.readers, run_id, index).await
    }

    async fn leave_partial_text(&self, step_id: &str, text: &str) -> Result<(), StoreError> {
        let (step_id, text) = (step_id.to_owned(), text.to_owned());
        self.writer.write(async move |tx| steps::leave_partial_text(tx, &step_id, &text).await).await
    }

    async fn earlier_prints(&self, run_id: &str, ordinal: u32, prints: &[String]) -> Result<BTreeMap<String, u32>, StoreError> {
        artifacts::earlier_prints(&self.readers, run_id, ordinal, prints).await
    }

    async fn artifact_of_unit(&self, run_id: &str, kind: ArtifactKind, unit_id: &str) -> Result<Option<Artifact>, StoreError> {
        artifacts::of_unit(&self.readers, run_id, kind, unit_id).await
    }

    async fn contents(&self, ids: &[String]) -> Result<BTreeMap<String, String>, StoreError> {
        pins::contents(&self.readers, ids).await
    }

    async fn readings(&self, run_id: &str, ordinal: u32) -> Result<Vec<Reading>, StoreError> {
        artifacts::readings(&self.readers, run_id, ordinal).await
    }

    async fn artifacts(&self, run_id: &str) -> Result<Vec<Artifact>, StoreError> {
        artifacts::list(&self.readers, run_id).await
    }

    async fn latest_versions(&self, run_id: &str) -> Result<Vec<(Artifact, Version)>, StoreError> {
        let moment = Moment::begin(&self.readers).await?;
        let latest = artifacts::latest_versions(&moment, run_id).await?;
        moment.end().await?;
        Ok(latest)
    }

    async fn artifact(&self, id: &str) -> Result<Artifact, StoreError> {
        artifacts::read(&self.readers, id).await
    }

    async fn artifact_page(&self, filter: ArtifactFilter) -> Result<Page<Artifact>, StoreError> {
        artifacts::page(&self.readers, &filter).await
    }

    async fn version(&self, id: &str) -> Result<Version, StoreError> {
        artifacts::read_version(&self.readers, id).await
    }

    async fn versions(&self, artifact_id: &str, page: PageOf) -> Result<Page<Version>, StoreError> {
        artifacts::versions(&self.readers, artifact_id, &page).await
    }

    async fn locks(&self, artifact_id: &str) -> Result<Vec<Lock>, StoreError> {
        locks::of(&self.readers, artifact_id).await
    }

    async fn lock_page(&self, artifact_id: &str, page: PageOf) -> Result<Page<Lock>, StoreError> {
        locks::page(&self.readers, artifact_id, &page).await
    }

    async fn lock(&self, lock: Lock, seen: &str) -> Result<Lock, StoreError> {
        let (seen, now) = (seen.to_owned(), self.clock.now());
        self.writer.write(async move |tx| locks::put(tx, &lock, &seen, now).await).await
    }

    async fn unlock(&self, artifact_id: &str, ids: Vec<String>) -> Result<u64, StoreError> {
        let artifact_id = artifact_id.to_owned();
        self.writer.write(async move |tx| locks::remove(tx, &artifact_id, &ids).await).await
    }

    async fn review(&self, artifact_id: &str, review: Review) -> Result<Artifact, StoreError> {
        let id = artifact_id.to_owned();
        self.writer.write(async move |tx| artifacts::review(tx, &id, review).await).await
    }

    async fn keep_manuscript(&self, kept: KeptVersion) -> Result<(), StoreError> {
        let now = self.clock.now();
        self.writer.write(async move |tx| artifacts::keep_manuscript(tx, &kept, now).await).await
    }

    async fn events(&self, run_id: &str, after: i64, limit: u32) -> Result<Vec<Event>, StoreError> {
        events::read(&self.readers, run_id, after, limit).await
    }

    async fn feed(&self, after: Option<String>, limit: u32) -> Result<FeedPage, StoreError> {
        feed::read(&self.readers, after.as_deref(), limit).await
    }

    async fn feed_latest(&self) -> Result<String, StoreError> {
        feed::latest(&self.readers).await
    }

    async fn change_mark(&self) -> Result<i64, StoreError> {
        match &self.home {
            Home::File(file) => file.change_mark().await,
            Home::Server(server) => Ok(server.change_mark()),
        }
    }

    async fn setting(&self, key: &str) -> Result<Option<Value>, StoreError> {
        settings::read(&self.readers, key).await
    }

    async fn put_setting(&self, key: &str, value: Value) -> Result<(), StoreError> {
        let key = key.to_owned();
        self.writer.write(async move |tx| settings::put(tx, &key, &value)).await
    }

    async fn swap_setting(&self, key: &str, old: Option<Value>, value: Value) -> Result<bool, StoreError> {
        let key = key.to_owned();
        self.writer.write(async move |tx| settings::swap(tx, &key, old.as_ref(), &value).await).await
    }

    async fn begin_request(&self, request: KeyedRequest) -> Result<RequestStands, StoreError> {
        let mut gone = None;
        loop {
            let (asked, node, now, dead) = (request.clone(), self.node.clone(), self.clock.now(), gone.clone());
            let found = self.writer.write(async move |tx| requests::begin(tx, &asked, &node, dead.as_deref(), now).await).await?;
            match found {
                Found::Stands(stands) => return Ok(stands),
                Found::With(node) if node != self.node && self.is_gone(&node).await? => gone = Some(node),
                Found::With(_) => return Ok(RequestStands::InProgress),
            }
        }
    }

    async fn end_request(&self, key: &str, answer: Option<KeptAnswer>) -> Result<(), StoreError> {
        let (key, node) = (key.to_owned(), self.node.clone());
        self.writer.write(async move |tx| requests::end(tx, &key, &node, answer.as_ref()).await).await
    }

    async fn made(&self, ticket: &str) -> Result<Option<Made>, StoreError> {
        requests::made(&self.readers, ticket).await
    }

    async fn due(&self, now: Micros, longest: Micros, limit: u32) -> Result<Vec<DueRun>, StoreError> {
        runs::due(&self.readers, now, longest, limit).await
    }

    async fn next_due(&self, now: Micros) -> Result<Option<Micros>, StoreError> {
        runs::next_due(&self.readers, now).await
    }

    async fn dead_nodes(&self) -> Result<Vec<DeadNode>, StoreError> {
        match &self.home {
            Home::File(file) => file.dead(&self.readers, &self.node).await,
            Home::Server(server) => server.dead(&self.readers).await,
        }
    }

    async fn claims(&self) -> Result<Vec<(String, i64)>, StoreError> {
        runs::claims(&self.readers, &self.node).await
    }

    async fn forget_node(&self, node: &str) -> Result<(), StoreError> {
        match &self.home {
            Home::File(file) => file.forget(&self.writer, node).await,
            Home::Server(server) => server.forget(&self.writer, node).await,
        }
    }

    async fn deletion_preview(&self, run_id: &str) -> Result<Value, StoreError> {
        delete::preview(&self.readers, run_id).await
    }

    async fn delete_run(&self, run_id: &str, keep_user_versions: bool) -> Result<(), StoreError> {
        let (run_id, now) = (run_id.to_owned(), self.clock.now());
        self.writer.write(async move |tx| delete::mark(tx, &run_id, keep_user_versions, now).await).await
    }

    async fn sweep(&self) -> Result<bool, StoreError> {
        self.remove_deleted().await
    }

    async fn project(&self, brief_id: &str) -> Result<Vec<u8>, StoreError> {
        self.write_project(brief_id).await
    }

    async fn import_project(&self, bytes: Vec<u8>, ticket: Option<&str>) -> Result<Imported, StoreError> {
        self.read_project(bytes, ticket).await
    }

    async fn bin(&self) -> Result<Vec<Binned>, StoreError> {
        self.list_bin().await
    }

    async fn restore_from_bin(&self, id: &str, ticket: Option<&str>) -> Result<Imported, StoreError> {
        self.put_back(id, ticket).await
    }

    async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        match &self.home {
            Home::File(file) => backup::copy(&file.upkeep, to).await,
            Home::Server(_) => Err(postgres::no_copy()),
        }
    }

    async fn health(&self) -> Result<(), StoreError> {
        let (now, node) = (self.clock.now(), self.node.clone());
        self.readers.one("SELECT 1", Vec::new()).await?;
        // On a server its own clock says when a process was seen: this is only a write like any other.
        let (seen, values) = match &self.home {
            Home::File(_) => ("UPDATE nodes SET seen_at = $2 WHERE id = $1", sql::params![node.as_str(), now]),
            Home::Server(_) => ("UPDATE nodes SET role = role WHERE id = $1", sql::params![node.as_str()]),
        };
        self.writer.write(async move |tx| tx.run(seen, values.clone()).await.map(|_| ())).await
    }

    fn free_space(&self) -> Option<u64> {
        match &self.home {
            Home::File(file) => file.free_space(),
            Home::Server(_) => None,
        }
    }

    async fn close(&self) {
        if self.closed.swap(true, Ordering::AcqRel) {
            return;
        }
        if let Home::Server(server) = &self.home {
            server.stop_beating().await;
        }
        let node = self.node.clone();
        if let Err(error) = self.writer.write(async move |tx| nodes::leave(tx, &node).await).await {
            tracing::warn!(%error, "this process could not take itself out of the table of nodes");
        }
        self.writer.close().await;
        let _ = self.readers.clone().close().await;
        if let Home::File(file) = &self.home {
            file.close().await;
        }
    }
}

#[async_trait]
impl studio::ports::Knowledge for Store {
    async fn known_chapters(&self, run_id: &str) -> Result<Vec<KnownChapter>, StoreError> {
        let moment = Moment::begin(&self.readers).await?;
        let chapters = knowledge::chapters(&moment, run_id).await?;
        moment.end().await?;
        Ok(chapters)
    }

    async fn search(&self, search: &Search) -> Result<Vec<Passage>, StoreError> {
        let moment = Moment::begin(&self.readers).await?;
        let passages = memory::search(&moment, search).await?;
        moment.end().await?;
        Ok(passages)
    }

    async fn remake_knowledge(&self, run_ids: &[String]) -> Result<Remade, StoreError> {
        knowledge::remake(&self.readers, &self.writer, run_ids).await
    }
}
