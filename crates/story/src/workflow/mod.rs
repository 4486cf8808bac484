//! Workflows: pure functions from where a run stands to what is asked next, and from what was heard to where it stands then.
//!
//! Nothing here acts. The runner loads what a step needs, calls [`novel::act`] until it says [`Act::Done`], and saves the turn.

pub mod novel;
mod turn;

pub use turn::{Act, ChapterKept, ChapterReread, Effect, Hold, Materials, Needs, OutOfTurn, Progress, Reread, StepTurn};

/// The phase of a run that has nothing left to do.
pub const DONE: &str = "done";
