use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use serde_json::Value;
use story::{
    brief::{BriefContent, FrozenBrief},
    extraction::Extraction,
    finding::Finding,
    knowledge::Fact,
    memory::Chunk,
    refold::Reading,
    state::Draft,
    workflow::ChapterReread,
};

use super::{Fork, KeptAnswer, KeyedRequest, Knowledge, Made, Micros, RequestStands};
use crate::{
    artifact::{Artifact, ArtifactKind, Review, Version, VersionSource},
    brief::{Brief, Snapshot},
    event::Event,
    forecast::StepCost,
    journal::JournaledCall,
    lock::Lock,
    problem::Problem,
    project::{Binned, Imported},
    run::{Kind, Run, Status},
    step::{Step, StepStatus},
};

/// A value of the state, canonical, with its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredValue {
    /// The SHA-256 of `json`.
    pub hash: String,
    /// Canonical JSON.
    pub json: Arc<str>,
}

/// One row, or a few, that a transition writes in its transaction.
#[derive(Debug, Clone)]
pub enum Write {
    /// A new attempt.
    InsertStep(Box<Step>),
    /// The same attempt, changed: the row with this id is replaced, except for its usage, which only the journal adds to.
    UpdateStep(Box<Step>),
    /// An attempt ends without a result: its row gets this status, error and end, and keeps everything else.
    CloseStep {
        #[allow(missing_docs)]
        step_id: String,
        #[allow(missing_docs)]
        status: StepStatus,
        #[allow(missing_docs)]
        error: Option<Box<Problem>>,
        #[allow(missing_docs)]
        finished_at: Micros,
    },
    /// Top-level keys of the state that changed; none removes the key.
    State(Vec<(String, Option<StoredValue>)>),
    /// Open journal rows of this run's index become spent, whichever attempt asked for them.
    SpendCalls {
        #[allow(missing_docs)]
        index: i64,
    },
    /// These journal rows are never used again.
    RejectCalls {
        #[allow(missing_docs)]
        call_ids: Vec<String>,
    },
    /// A journal row whose answer is committed with its step. Adds to the run's and the step's usage.
    Journal(Arc<JournaledCall>),
    /// A new version, as a compare-and-swap on the artifact's latest version.
    KeepVersion(Arc<KeptVersion>),
    /// Artifacts of this run whose chapters have another place in the plan now: id and ordinal.
    Renumber(Vec<(String, u32)>),
    /// The latest versions of all artifacts of this run behind this ordinal get the finding, and wait for a person's look.
    MarkLater {
        #[allow(missing_docs)]
        after: u32,
        #[allow(missing_docs)]
        finding: Box<Finding>,
    },
    /// What a step has read of words that were stored unread.
    KeepReading(Arc<ChapterReread>),
    /// The request with this ticket has changed this run; the whole transaction is refused where it has done so before.
    Asked {
        #[allow(missing_docs)]
        ticket: String,
    },
    /// The next event of this run.
    Event {
        #[allow(missing_docs)]
        name: &'static str,
        #[allow(missing_docs)]
        data: Value,
    },
}

/// A version to be kept.
#[derive(Debug, Clone)]
pub struct KeptVersion {
    /// The artifact's id, when it exists; else a new one is made with `artifact_id`.
    pub artifact_id: String,
    #[allow(missing_docs)]
    pub kind: ArtifactKind,
    /// The stable id of the unit in the plan.
    pub unit_id: String,
    #[allow(missing_docs)]
    pub ordinal: u32,
    /// The new version's id.
    pub version_id: String,
    /// The latest version that this one was written against; none when the artifact must not exist yet. Where it does not hold the
    /// whole transaction fails with [`StoreError::ArtifactMovedOn`].
    pub expected_latest: Option<String>,
    #[allow(missing_docs)]
    pub source: VersionSource,
    #[allow(missing_docs)]
    pub step_index: Option<i64>,
    /// Title and text.
    pub draft: Arc<Draft>,
    /// The content's id.
    pub content_id: String,
    /// What hangs from the text.
    pub extraction: Option<Arc<Extraction>>,
    /// The facts of that.
    pub facts: Vec<Fact>,
    /// The passages of the text; made later where there are none.
    pub chunks: Vec<Chunk>,
    /// Digests of the chapter, as JSON.
    pub digest: Value,
    /// Paragraph prints: number and print.
    pub prints: Vec<(usize, String)>,
    /// Findings, model, provenance.
    pub metadata: Value,
    #[allow(missing_docs)]
    pub author: Option<String>,
}

/// What a transition makes of a run: the row itself, and what else is written.
pub type Advance = Result<Vec<Write>, Refused>;

/// A change of one run: a pure function over its row, called inside the write transaction with the row as it is then. It may be called
/// more than once.
///
/// Every field of the row may be changed except `id`, `usage`, `last_event`, `created_at` and `updated_at`.
pub type Transition = Arc<dyn Fn(&mut Run) -> Advance + Send + Sync>;

/// Why a transition did not take place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The worker has lost its claim: its result is dropped.
    #[error("the claim was lost to a later epoch")]
    ClaimLost,
    /// The row is such that nothing needs to be done; nothing is written and the row is returned as it is.
    #[error("nothing to change")]
    Unchanged,
    /// A rule of the status table says no.
    #[error("{}", .0.detail)]
    Conflict(Box<crate::status::Conflict>),
}

/// A run with everything that its next step needs, read in one transaction.
#[derive(Debug, Clone)]
pub struct LoadedRun {
    #[allow(missing_docs)]
    pub run: Run,
    #[allow(missing_docs)]
    pub brief: Arc<FrozenBrief>,
    /// Top-level key to canonical JSON.
    pub state: BTreeMap<String, StoredValue>,
}

/// What an instruction would change, thought out against one state of its run.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    #[allow(missing_docs)]
    pub id: String,
    #[allow(missing_docs)]
    pub run_id: String,
    /// To the person.
    pub message: String,
    /// RFC 7396.
    pub patch: Value,
    /// The state that it was thought out against: top-level key to hash.
    pub state_map: BTreeMap<String, String>,
    /// What its row tells besides what has changed.
    pub told: Value,
}

/// A brief to be stored.
#[derive(Debug, Clone)]
pub struct NewBrief {
    #[allow(missing_docs)]
    pub title: String,
    #[allow(missing_docs)]
    pub content: BriefContent,
}

/// A snapshot to be stored.
#[derive(Debug, Clone)]
pub struct NewSnapshot {
    #[allow(missing_docs)]
    pub brief_id: String,
    #[allow(missing_docs)]
    pub label: Option<String>,
    #[allow(missing_docs)]
    pub brief: FrozenBrief,
}

/// A novel that comes in whole: a snapshot, and a run that has done everything already.
#[derive(Debug, Clone)]
pub struct NewImport {
    /// With its id.
    pub snapshot: Snapshot,
    #[allow(missing_docs)]
    pub run: Run,
    #[allow(missing_docs)]
    pub state: Vec<(String, StoredValue)>,
    /// The one step of the run.
    pub step: Step,
    /// First versions of new artifacts, by ordinal.
    pub chapters: Vec<Arc<KeptVersion>>,
    /// What the run's events tell, from number 1.
    pub events: Vec<(&'static str, Value)>,
    /// See [`crate::ids::ticket`].
    pub ticket: Option<String>,
}

/// Which runs to list, newest first.
#[derive(Debug, Clone, Default)]
pub struct RunFilter {
    #[allow(missing_docs)]
    pub brief_id: Option<String>,
    #[allow(missing_docs)]
    pub snapshot_id: Option<String>,
    #[allow(missing_docs)]
    pub kind: Option<Kind>,
    #[allow(missing_docs)]
    pub status: Option<Status>,
    /// See [`Run::origin`].
    pub origin: Option<String>,
    /// Only forks of this run, and forks of those.
    pub forks_of: Option<String>,
    /// 1–200; 50 when absent.
    pub limit: Option<u32>,
    /// From an earlier page.
    pub cursor: Option<String>,
}

/// Which part of a list.
#[derive(Debug, Clone, Default)]
pub struct PageOf {
    /// 1–200; 50 when absent.
    pub limit: Option<u32>,
    /// From an earlier page.
    pub cursor: Option<String>,
}

impl PageOf {
    /// Of a list that is made anew for every page: where the page begins, and how long it is.
    pub(crate) fn counted(&self) -> (usize, usize) {
        let from = self.cursor.as_deref().and_then(|cursor| cursor.split_once('.')).and_then(|(from, _)| from.parse().ok());
        (from.unwrap_or(0), self.limit.unwrap_or(50).clamp(1, 200) as usize)
    }
}

/// Which artifacts to list, by ordinal.
#[derive(Debug, Clone, Default)]
pub struct ArtifactFilter {
    #[allow(missing_docs)]
    pub run_id: Option<String>,
    #[allow(missing_docs)]
    pub snapshot_id: Option<String>,
    #[allow(missing_docs)]
    pub kind: Option<ArtifactKind>,
    #[allow(missing_docs)]
    pub page: PageOf,
}

/// Which attempts to list, by index, then attempt, or the other way round.
#[derive(Debug, Clone, Default)]
pub struct StepFilter {
    /// Only this index.
    pub index: Option<i64>,
    /// Only indexes above this one.
    pub after: Option<i64>,
    /// Only what comes after this index and attempt, in the order that is asked for.
    pub after_attempt: Option<(i64, i64)>,
    /// The last attempt first.
    pub newest_first: bool,
    /// Without the state's patch and map and the context, which can be many times as long as all the rest.
    pub in_brief: bool,
    /// 1–200; all when absent.
    pub limit: Option<u32>,
}

/// Some items of a list.
#[derive(Debug, Clone)]
pub struct Page<T> {
    #[allow(missing_docs)]
    pub items: Vec<T>,
    /// Where the next page begins; none on the last one. Opaque.
    pub next_cursor: Option<String>,
}

/// A page of the feed of all runs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FeedPage {
    /// Events with their positions, in the feed's order.
    pub events: Vec<(String, Event)>,
    /// The position to go on after: the last event's, or the one that was asked for.
    pub next: String,
    /// False where the position that was asked for is none of this feed: it cannot be read, or lies beyond what exists. Then there are no
    /// events, and `next` is the feed's last position.
    pub known: bool,
}

/// A run that is to be woken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueRun {
    #[allow(missing_docs)]
    pub run_id: String,
    /// The epoch that the wake is good for.
    pub epoch: i64,
    /// The run's model, whose provider gives the permit.
    pub model: String,
}

/// A process that is gone, and the runs that it still held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadNode {
    #[allow(missing_docs)]
    pub node: String,
    #[allow(missing_docs)]
    pub runs: Vec<String>,
}

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such thing, or it was deleted.
    #[error("there is no {what} {id}")]
    NotFound {
        #[allow(missing_docs)]
        what: &'static str,
        #[allow(missing_docs)]
        id: String,
    },
    /// The transition said no.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// A version is not the latest any more.
    #[error("a newer version of the artifact was written meanwhile: {latest}")]
    ArtifactMovedOn {
        /// The version that is the latest now.
        latest: String,
    },
    /// A text would touch what is locked.
    #[error("{}", crate::lock::told(locks))]
    Locked {
        /// The locks that it would touch.
        locks: Vec<Lock>,
    },
    /// What was given cannot be kept.
    #[error("{detail}")]
    Unfit {
        #[allow(missing_docs)]
        detail: String,
        /// What to do.
        hint: String,
    },
    /// There is such a thing already.
    #[error("there is a {what} {id} already")]
    Taken {
        #[allow(missing_docs)]
        what: &'static str,
        #[allow(missing_docs)]
        id: String,
    },
    /// The disk is full.
    #[error("the disk is full: {detail}")]
    DiskFull {
        #[allow(missing_docs)]
        detail: String,
    },
    /// Somebody else wrote for ten seconds.
    #[error("the database stayed busy: {detail}")]
    Busy {
        #[allow(missing_docs)]
        detail: String,
    },
    /// The database server does not answer, for now. Whether the last write was done is not known.
    #[error("the database server is away: {detail}")]
    Away {
        #[allow(missing_docs)]
        detail: String,
    },
    /// The data folder or the database cannot be used as it is.
    #[error("{detail}")]
    Unusable {
        #[allow(missing_docs)]
        detail: String,
        /// What to do.
        hint: String,
    },
    /// Anything else that the database says.
    #[error("the database failed: {0}")]
    Database(String),
}

/// The database behind the desk. Every function is one transaction.
#[async_trait]
pub trait Store: Knowledge + Send + Sync + 'static {
    /// This process's id among those that share the database.
    fn node(&self) -> &str;

    // Briefs and snapshots.
    #[allow(missing_docs)]
    async fn create_brief(&self, brief: NewBrief) -> Result<Brief, StoreError>;
    #[allow(missing_docs)]
    async fn brief(&self, id: &str) -> Result<Brief, StoreError>;
    /// Newest first.
    async fn briefs(&self, page: PageOf) -> Result<Page<Brief>, StoreError>;
    /// Replaces a brief whose `updated_at` is still `seen`; none where somebody changed it since.
    async fn save_brief(&self, id: &str, seen: Micros, brief: NewBrief) -> Result<Option<Brief>, StoreError>;
    /// Counts what deleting the brief would remove.
    async fn brief_deletion(&self, id: &str) -> Result<Value, StoreError>;
    /// Makes the brief and its snapshots invisible at once; [`Store::delete_orphans`] does so with the runs.
    async fn delete_brief(&self, id: &str) -> Result<(), StoreError>;
    #[allow(missing_docs)]
    async fn create_snapshot(&self, snapshot: NewSnapshot) -> Result<Snapshot, StoreError>;
    #[allow(missing_docs)]
    async fn snapshot(&self, id: &str) -> Result<Snapshot, StoreError>;
    /// Those of a brief, newest first.
    async fn snapshots(&self, brief_id: &str, page: PageOf) -> Result<Page<Snapshot>, StoreError>;
    /// Counts what deleting the snapshot would remove and keep.
    async fn snapshot_deletion(&self, id: &str) -> Result<Value, StoreError>;
    /// Makes the snapshot invisible at once; [`Store::delete_orphans`] does so with its runs.
    async fn delete_snapshot(&self, id: &str, keep_user_versions: bool) -> Result<(), StoreError>;
    /// Makes some runs invisible whose snapshot was deleted, and returns them; none are left where it returns none. What is left when the
    /// process dies, [`Store::sweep`] goes on with.
    async fn delete_orphans(&self) -> Result<Vec<String>, StoreError>;

    // Runs.
    /// Stores a new run with its first state, and its event `run.created`. The contents `pins` stay as long as the run does; one that is
    /// gone is not found.
    async fn create_run(&self, run: Run, state: Vec<(String, StoredValue)>, pins: Vec<String>, created: Value) -> Result<Run, StoreError>;
    /// Stores a run that begins where another one stood after a step: see [`Fork`]. None where the source has moved on since the fork was
    /// prepared. A step that is not there or did not succeed is [`StoreError::NotFound`].
    async fn fork_run(&self, fork: Fork) -> Result<Option<Run>, StoreError>;
    /// Stores an import in slices that hold no other writer up for more than 10 ms; nothing of it is seen before it is whole. What is left
    /// of one that broke off is swept.
    async fn import(&self, import: NewImport) -> Result<Run, StoreError>;
    #[allow(missing_docs)]
    async fn run(&self, id: &str) -> Result<Run, StoreError>;
    /// Newest first.
    async fn runs(&self, filter: RunFilter) -> Result<Page<Run>, StoreError>;
    /// Changes one run by a pure function, with everything that the function says to write, or nothing.
    ///
    /// [`Refused::Unchanged`] gives the row as it is; any other refusal comes back as [`StoreError::Refused`].
    async fn change(&self, run_id: &str, transition: Transition) -> Result<Run, StoreError>;
    /// The same, and what the run then looks like with its brief and its state: whoever has claimed a step needs all of it.
    async fn change_and_load(&self, run_id: &str, transition: Transition) -> Result<LoadedRun, StoreError>;
    /// The run, its brief and its state, in one read transaction.
    async fn load(&self, run_id: &str) -> Result<LoadedRun, StoreError>;
    /// Every top-level key of the state after step `index` (0: as the run began), in one read. An index that nothing was begun at is
    /// [`StoreError::NotFound`].
    async fn state_after(&self, run_id: &str, index: i64) -> Result<BTreeMap<String, StoredValue>, StoreError>;

    // Steps and calls.
    /// The index of the last step that succeeded; 0 where none did.
    async fn last_success(&self, run_id: &str) -> Result<i64, StoreError>;
    #[allow(missing_docs)]
    async fn steps(&self, run_id: &str, filter: StepFilter) -> Result<Vec<Step>, StoreError>;
    /// What each attempt of a run took, in the order of their indexes.
    async fn step_costs(&self, run_id: &str) -> Result<Vec<StepCost>, StoreError>;
    /// Writes an answer down as it arrives, without any fence, adding to the usage of its run and attempt. Done again with the same id, it
    /// changes nothing.
    async fn journal(&self, call: JournaledCall) -> Result<(), StoreError>;
    /// Writes an answer down that belongs to no step, under its own owner within a brief. It counts for no run.
    async fn journal_aside(&self, brief_id: &str, owner: &str, call: Value) -> Result<(), StoreError>;
    /// Keeps what an instruction would change, until the run is deleted.
    async fn keep_proposal(&self, proposal: Proposal) -> Result<(), StoreError>;
    #[allow(missing_docs)]
    async fn proposal(&self, run_id: &str, id: &str) -> Result<Proposal, StoreError>;
    /// The open answer of this run for this slot and request, if there is one.
    async fn open_answer(&self, run_id: &str, slot: &str, request_hash: &str) -> Result<Option<JournaledCall>, StoreError>;
    /// All calls of a step, in the order in which they were answered, prompts included.
    async fn calls(&self, run_id: &str, index: i64) -> Result<Vec<JournaledCall>, StoreError>;
    /// The one write that a worker may do after it lost its claim: prose so far, to its own attempt row.
    async fn leave_partial_text(&self, step_id: &str, text: &str) -> Result<(), StoreError>;

    // Artifacts.
    /// For each of these prints that stands in a chapter of this run's line before `ordinal`: the earliest such chapter.
    async fn earlier_prints(&self, run_id: &str, ordinal: u32, prints: &[String]) -> Result<BTreeMap<String, u32>, StoreError>;
    /// The words of these contents, by id; one that is gone is missing.
    async fn contents(&self, ids: &[String]) -> Result<BTreeMap<String, String>, StoreError>;
    /// The artifact of a unit of the plan, if the run has one.
    async fn artifact_of_unit(&self, run_id: &str, kind: ArtifactKind, unit_id: &str) -> Result<Option<Artifact>, StoreError>;
    /// What was read last of each chapter of the run before `ordinal`, in order.
    async fn readings(&self, run_id: &str, ordinal: u32) -> Result<Vec<Reading>, StoreError>;
    /// By ordinal.
    async fn artifacts(&self, run_id: &str) -> Result<Vec<Artifact>, StoreError>;
    /// The latest version of every artifact of the run, by ordinal, with its text.
    async fn latest_versions(&self, run_id: &str) -> Result<Vec<(Artifact, Version)>, StoreError>;

    #[allow(missing_docs)]
    async fn artifact(&self, id: &str) -> Result<Artifact, StoreError>;
    /// By ordinal.
    async fn artifact_page(&self, filter: ArtifactFilter) -> Result<Page<Artifact>, StoreError>;
    /// One version, with its text and findings.
    async fn version(&self, id: &str) -> Result<Version, StoreError>;
    /// Newest first.
    async fn versions(&self, artifact_id: &str, page: PageOf) -> Result<Page<Version>, StoreError>;
    /// All locks of an artifact, in the order of the text.
    async fn locks(&self, artifact_id: &str) -> Result<Vec<Lock>, StoreError>;
    /// The same in pages.
    async fn lock_page(&self, artifact_id: &str, page: PageOf) -> Result<Page<Lock>, StoreError>;
    /// Locks words of the version `seen`: [`StoreError::ArtifactMovedOn`] where it is not the latest any more. The very same lock is put on once. From then on every version that
    /// is kept is held against it: [`StoreError::Locked`].
    async fn lock(&self, lock: Lock, seen: &str) -> Result<Lock, StoreError>;
    /// Takes locks away; tells how many of them there were.
    async fn unlock(&self, artifact_id: &str, ids: Vec<String>) -> Result<u64, StoreError>;
    /// Says how the review of an artifact stands.
    async fn review(&self, artifact_id: &str, review: Review) -> Result<Artifact, StoreError>;
    /// Keeps a version of a manuscript that belongs to no run, as a compare-and-swap on its latest version.
    async fn keep_manuscript(&self, kept: KeptVersion) -> Result<(), StoreError>;

    // Events.
    /// Events of a run with a number above `after`, in order.
    async fn events(&self, run_id: &str, after: i64, limit: u32) -> Result<Vec<Event>, StoreError>;
    /// Events of all runs after a position of this feed, from its beginning where there is none, in an order in which no event ever comes
    /// before a position that was given out. What was told of a run that was deleted since is left out; that it was deleted is told.
    async fn feed(&self, after: Option<String>, limit: u32) -> Result<FeedPage, StoreError>;
    /// The feed's last position: whoever reads after it gets what happens from now on.
    async fn feed_latest(&self) -> Result<String, StoreError>;
    /// A number that changes when anybody, in any process, has written. Cheap enough to ask ten times a second. Where the database is a
    /// server, a change may be noticed up to two seconds late.
    async fn change_mark(&self) -> Result<i64, StoreError>;

    // Settings.
    /// A setting of the whole installation, where it was ever changed.
    async fn setting(&self, key: &str) -> Result<Option<Value>, StoreError>;
    #[allow(missing_docs)]
    async fn put_setting(&self, key: &str, value: Value) -> Result<(), StoreError>;
    /// Puts a setting in the place of `old`, none where it was never changed; false where something else stands there by now.
    async fn swap_setting(&self, key: &str, old: Option<Value>, value: Value) -> Result<bool, StoreError>;

    // Requests with a key.
    /// Takes a request with a key for this process, unless somebody who lives has it or it was answered within the last day.
    async fn begin_request(&self, request: KeyedRequest) -> Result<RequestStands, StoreError>;
    /// Keeps the answer to a request that this process has; without one the next who asks carries it out.
    async fn end_request(&self, key: &str, answer: Option<KeptAnswer>) -> Result<(), StoreError>;
    /// What a request has made under the id that was given out for it.
    async fn made(&self, ticket: &str) -> Result<Option<Made>, StoreError>;

    // Liveness.
    /// Runs that are due by `now`, are not claimed and have autorun on. The longest waiting first.
    ///
    /// A schedule further ahead than `longest` was written before the clock was set back: it is due too.
    async fn due(&self, now: Micros, longest: Micros, limit: u32) -> Result<Vec<DueRun>, StoreError>;
    /// When the next run will be due, if one is scheduled after `now`.
    async fn next_due(&self, now: Micros) -> Result<Option<Micros>, StoreError>;
    /// Processes that are certainly gone, with the runs that they held. Never this process itself.
    async fn dead_nodes(&self) -> Result<Vec<DeadNode>, StoreError>;
    /// The runs that this process holds a claim on, with their epochs.
    async fn claims(&self) -> Result<Vec<(String, i64)>, StoreError>;
    /// Forgets a dead process once all its runs were taken over.
    async fn forget_node(&self, node: &str) -> Result<(), StoreError>;

    // Deleting.
    /// Counts what deleting the run would remove and keep.
    async fn deletion_preview(&self, run_id: &str) -> Result<Value, StoreError>;
    /// Makes the run invisible at once: `deleted_at`, a new epoch, the claim cleared, a person's versions detached unless `user_edits` says
    /// otherwise, and the event `run.deleted` in the feed.
    async fn delete_run(&self, run_id: &str, keep_user_versions: bool) -> Result<(), StoreError>;
    /// Removes a slice of what was deleted, in at most 10 ms of writing. True while more is left. Before the first row of something goes, a
    /// project file of it lies in the bin, where the store has one.
    async fn sweep(&self) -> Result<bool, StoreError>;

    // Project files.
    /// The brief with everything under it as one file.
    async fn project(&self, brief_id: &str) -> Result<Vec<u8>, StoreError>;
    /// Stores what is in a project file, under the ids that it has there: [`StoreError::Taken`] where they are here already,
    /// [`StoreError::Unfit`] where the file cannot be read. Epochs are raised, claims and schedules are not taken over, autorun is off.
    ///
    /// For what `ticket` is see [`crate::ids::ticket`].
    async fn import_project(&self, bytes: Vec<u8>, ticket: Option<&str>) -> Result<Imported, StoreError>;
    /// What was deleted and can be had back, the last one first.
    async fn bin(&self) -> Result<Vec<Binned>, StoreError>;
    /// Puts back what was deleted, by the id of the brief, the snapshot or the run.
    async fn restore_from_bin(&self, id: &str, ticket: Option<&str>) -> Result<Imported, StoreError>;

    // Upkeep.
    /// A consistent copy of the whole database as one file, which must not exist yet.
    async fn backup(&self, to: &std::path::Path) -> Result<(), StoreError>;
    /// Whether the database can be read and written now.
    async fn health(&self) -> Result<(), StoreError>;
    /// Bytes that are free where the data is kept; none where that is not this machine's disk, or cannot be found out.
    fn free_space(&self) -> Option<u64> {
        None
    }
    /// Finishes what is queued, folds the write-ahead log in and lets go of the database.
    async fn close(&self);
}
