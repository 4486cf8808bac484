//! What the desk needs from outside: a store, models, a clock. Each is a trait; the doors put the parts in.

mod clock;
mod fork;
mod knowledge;
mod model;
mod requests;
mod store;

pub use clock::{Clock, Micros, SystemClock};
pub use fork::{Fork, Inherited, MakeFork};
pub use knowledge::{Knowledge, KnownChapter, Passage, Remade, Search};
pub use model::{CONCURRENCY, Fault, Finish, Model, ModelError, ModelInfo, Models, Money, Reply, Usage};
pub use requests::{KeptAnswer, KeyedRequest, Made, RequestStands};
pub use store::{
    Advance, ArtifactFilter, DeadNode, DueRun, FeedPage, KeptVersion, LoadedRun, NewBrief, NewImport, NewSnapshot, Page, PageOf, Proposal,
    Refused, RunFilter, StepFilter, Store, StoreError, StoredValue, Transition, Write,
};
