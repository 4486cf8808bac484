//! The part of `fabulist runs` that changes a run by hand.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::{Value, json};
use studio::{Studio, desk::Wait, run::Run, step::Step, views};

use super::{artifacts::read, output::Output, runs::One};
use crate::{
    failure::{Exit, Failure},
    say,
};

#[derive(Debug, Subcommand)]
pub(crate) enum HandCommand {
    /// Change the state by a merge patch: plan, beats, draft in hand, standing instructions
    Edit {
        #[command(flatten)]
        one: One,
        /// A JSON file with the keys that change; `-` for stdin
        file: PathBuf,
        /// Wait for the step in flight
        #[arg(long)]
        wait: bool,
    },
    /// Take an intervention, an edit or the last step back
    Revert {
        #[command(flatten)]
        one: One,
        /// The step's index
        index: i64,
        /// Wait for the step in flight
        #[arg(long)]
        wait: bool,
    },
}

pub(crate) async fn hand(studio: &Studio, command: HandCommand, output: &Output) -> Result<(), Failure> {
    match command {
        HandCommand::Edit { one, file, wait } => {
            let run = studio.run(&one.run).await?;
            let patch: Value = serde_json::from_str(&read(&file)?).map_err(|e| {
                let hint = say!(
                    "Write a JSON object with the keys that change, such as {{\"guidance\": {{\"tone\": {{\"order\": 1, \"text\": \"…\"}}}}}}."
                        | "请写一个只含要改动的键的 JSON 对象，例如 {{\"guidance\": {{\"tone\": {{\"order\": 1, \"text\": \"…\"}}}}}}。"
                );
                Failure::new(Exit::Usage, say!("{} is no JSON: {}." | "{} 不是 JSON：{}。", file.display(), e), hint)
            })?;
            tell(&studio.edit_state(&run.id, &patch, patience(wait)).await?, output);
        }
        HandCommand::Revert { one, index, wait } => {
            let run = studio.run(&one.run).await?;
            tell(&studio.revert(&run.id, index, patience(wait)).await?, output);
        }
    }
    Ok(())
}

pub(super) fn patience(wait: bool) -> Wait {
    if wait { Wait::USUAL } else { Wait::NONE }
}

/// The change, and what it touched.
fn tell((run, step): &(Run, Option<Step>), output: &Output) {
    output.data(
        || json!({ "run": views::run(run), "step": step.as_ref().map(views::step) }),
        || match step {
            None => vec![say!("Nothing had to be changed." | "无须改动。")],
            Some(step) => {
                let changed = step.outputs.as_ref().and_then(|o| o["changed"].as_array().cloned()).unwrap_or_default();
                let mut lines = vec![format!("{:>5}.{} {}", step.index, step.attempt, step.name)];
                lines.extend(changed.iter().filter_map(Value::as_str).map(|pointer| format!("      {pointer}")));
                lines
            }
        },
    );
}
