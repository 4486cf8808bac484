//! `fabulist runs fork`: another line of a run, from any of its steps.

use clap::Args;
use serde_json::json;
use studio::{Studio, views};

use super::{output::Output, runs::One};
use crate::{failure::Failure, say};

#[derive(Debug, Args)]
pub(crate) struct ForkArgs {
    #[command(flatten)]
    one: One,
    /// Begin as the run stood after this step; 0 for its beginning; as it stands now when left out
    #[arg(long, value_name = "INDEX")]
    at_step: Option<i64>,
    /// What to call it
    #[arg(long)]
    label: Option<String>,
}

pub(super) async fn fork(studio: &Studio, args: ForkArgs, output: &Output) -> Result<(), Failure> {
    let source = studio.run(&args.one.run).await?;
    let run = studio.fork(&source.id, args.at_step, args.label).await?;
    output.data(
        || json!({ "run": views::run(&run) }),
        || vec![format!("{}  {}  {}/{}", run.id, run.status.word(), run.progress.done, run.progress.total)],
    );
    let at = run.forked_from.as_ref().map_or(0, |(_, index)| *index);
    output.note(&say!(
        "It begins as {} stood after step {}. Go on with `fabulist runs start {}`."
            | "新运行从 {} 的第 {} 步之后开始。可用 `fabulist runs start {}` 继续。",
        source.id,
        at,
        run.id
    ));
    Ok(())
}
