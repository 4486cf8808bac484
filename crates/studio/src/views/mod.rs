//! How rows look to people and programs: the shapes of the contract, the same in events, at the HTTP door and in `--json`.
//!
//! With the feature `openapi` each shape describes itself as a JSON schema too.

mod artifact;
mod brief;
mod call;
mod candidate;
mod forecast;
mod knowledge;
mod lint;
mod lock;
mod passage;
mod project;
mod run;
mod step;

pub use artifact::{ArtifactView, LengthView, VersionView, artifact, committed_event, version};
pub use brief::{BriefView, SnapshotView, WarningView, brief, snapshot};
pub use call::{CallView, MessageView, Speaker, call};
pub use candidate::{CandidateView, ReasonView, candidate};
pub use forecast::{ForecastView, RangeView, forecast};
pub use knowledge::{
    EntityView, EvidenceView, GraphView, ItemView, PersonView, RebuiltView, RelationView, StoryEventView, ThreadView, ToldView, WorldView,
    graph, rebuilt, world,
};
pub use lint::{FindingView, FindingsView, FoundView, findings};
pub use lock::{LockView, SpanView, lock};
pub use passage::{PassageView, PassagesView, passages};
pub use project::{BinnedView, ImportedView, binned, imported};
pub use run::{ActiveStepView, BudgetView, ForkedFromView, ProgressView, RetryView, RunView, UsageView, run, usage};
pub use step::{StepView, ended_step_event, finished_step_event, started_step_event, step};

use crate::ports::{Micros, Money};

/// A time in RFC 3339, in UTC, to the microsecond.
pub fn time(at: Micros) -> String {
    jiff::Timestamp::from_microsecond(at).map_or_else(|_| "invalid".into(), |t| t.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string())
}

/// Nano-dollars as dollars.
pub fn dollars(money: Money) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a display value")]
    let nanos = money as f64;
    nanos / 1e9
}
