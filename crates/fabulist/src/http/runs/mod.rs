//! Workflow runs.

mod change;
mod choose;
mod command;
mod compare;
mod create;
mod edit;
mod forecast;
mod fork;
mod intervene;
mod next;
mod read;

pub(crate) use change::*;
pub(crate) use choose::*;
pub(crate) use command::*;
pub(crate) use compare::*;
pub(crate) use create::*;
pub(crate) use edit::*;
pub(crate) use forecast::*;
pub(crate) use fork::*;
pub(crate) use intervene::*;
pub(crate) use next::*;
pub(crate) use read::*;

use serde::Deserialize;
use studio::{
    run::Run,
    views::{self, RunView},
};

use super::{Door, problem::Problem};

/// What can be shown beside a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Include {
    /// The whole state of the run.
    State,
}

/// Query parameters of whatever answers with a run.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RunQuery {
    /// `state`: the run comes with its whole state.
    #[param(inline)]
    pub(super) include: Option<Include>,
}

/// A run, with its state where that is asked for.
pub(super) async fn shown(door: &Door, run: &Run, include: Option<Include>) -> Result<RunView, Problem> {
    let view = views::run(run);
    Ok(match include {
        Some(Include::State) => view.with_state(door.studio.state(&run.id, None).await?),
        None => view,
    })
}

/// Dollars as nano-dollars.
fn nanos(pointer: &str, dollars: f64) -> Result<studio::ports::Money, Problem> {
    if !(0.0..=1_000_000.0).contains(&dollars) {
        return Err(Problem::field(pointer, "A budget lies between 0 and 1,000,000 dollars.", "Correct the number."));
    }
    #[expect(clippy::cast_possible_truncation, reason = "at most 10^15")]
    let nanos = (dollars * 1e9).round() as i64;
    Ok(nanos)
}

/// Tokens that a budget can hold.
fn tokens(pointer: &str, tokens: u64) -> Result<u64, Problem> {
    if tokens > MOST_TOKENS {
        return Err(Problem::field(pointer, format!("A budget holds at most {MOST_TOKENS} tokens."), "Correct the number."));
    }
    Ok(tokens)
}

const MOST_TOKENS: u64 = 1_000_000_000_000;
