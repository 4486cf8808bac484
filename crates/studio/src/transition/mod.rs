//! Every change of a run, as a pure function over its row: what the row becomes, and what is written with it.
//!
//! The store calls these inside its write transaction, with the row as it is then; they may be called more than once. Ids and times are
//! made before, so that the second call writes the same as the first.

mod arrive;
mod claim;
mod command;
mod create;
mod fail;
mod fork;
mod hand_version;
mod hold;
mod intervene;
mod settle;
mod takeover;

pub use arrive::arrive;
pub use claim::{Claim, NewAttempt, claim};
pub use command::{Edit, accept_findings, command, edit};
pub use create::{NewRun, new_run, room_for_prompt};
pub use fail::{Failure, fail};
pub use fork::Forked;
pub use hand_version::{HandVersion, hand_version};
pub use hold::{hold, let_go};
pub use intervene::{claim_intervention, fail_intervention, settle_intervention};
pub use settle::{Settled, settle};
pub(crate) use takeover::LOST_BEFORE_ALONE;
pub use takeover::{release, take_over};

use crate::{
    ports::{Micros, Write},
    run::{ActiveStep, Run},
    step::StepStatus,
    views,
};

/// The event that tells how the run stands now.
fn updated(run: &Run) -> Write {
    Write::Event { name: "run.updated", data: serde_json::json!({ "run": views::run(run) }) }
}

/// The event that a step ended without a result.
fn step_ended(
    name: &'static str,
    run: &Run,
    step: &ActiveStep,
    status: StepStatus,
    error: Option<&crate::problem::Problem>,
    finished_at: Micros,
) -> Write {
    let step = views::ended_step_event(&run.id, step, status, error, finished_at);
    Write::Event { name, data: serde_json::json!({ "run_id": run.id, "step": step }) }
}
