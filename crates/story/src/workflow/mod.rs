//! Workflows: pure functions from where a run stands to what is asked next, and from what was heard to where it stands then.
//!
//! Nothing here acts. The runner loads what a step needs, calls [`act`] until it says [`Act::Done`], and saves the turn.

pub mod adaptation;
mod hand;
pub mod novel;
mod recipe;
mod revise;
pub mod script;
mod scripted;
mod turn;

pub(crate) use revise::{numbered, shown};

pub use hand::{Instruction, Intervened, Undo};
pub use recipe::{
    accept_held, act, asks_nobody, chosen, drawn_prints, edited, exactly, intervene, is_draft, keep_theirs, may_give_up, needs, progress,
    put_over, redo, undone,
};
pub use revise::redo::Redoing;
pub use turn::{Act, Blame, ChapterReread, Desk, Effect, Hold, Materials, Needs, OutOfTurn, Progress, Reread, StepTurn, UnitKept};

/// The phase of a run that has nothing left to do.
pub const DONE: &str = "done";
