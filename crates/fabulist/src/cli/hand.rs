//! The part of `fabulist runs` that changes a run by hand.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::{Value, json};
use studio::{
    Studio,
    desk::{Intervened, Wait},
    ports::StepFilter,
    run::Run,
    step::Step,
    views,
};

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
    /// Tell a run what is to be different
    Intervene {
        #[command(flatten)]
        one: One,
        /// What you want, in your own words
        #[arg(required_unless_present = "proposal")]
        instruction: Option<String>,
        /// The index of the step that it is about
        #[arg(long, value_name = "INDEX")]
        step: Option<i64>,
        /// Only show what would change
        #[arg(long)]
        dry_run: bool,
        /// Apply exactly what a dry run has shown
        #[arg(long, value_name = "ID", conflicts_with_all = ["instruction", "dry_run", "step"])]
        proposal: Option<String>,
        /// Wait for the step in flight
        #[arg(long)]
        wait: bool,
    },
    /// Write a committed chapter anew; those behind it are marked, not rewritten
    Redo {
        #[command(flatten)]
        one: One,
        /// The chapter's number
        chapter: u32,
        /// What is to be different
        instruction: Option<String>,
        /// Wait for the step in flight
        #[arg(long)]
        wait: bool,
    },
    /// Take another of the drafts that a step has written
    Choose {
        #[command(flatten)]
        one: One,
        /// The index of the step that wrote them
        index: i64,
        /// The draft's number, as `fabulist runs show RUN --step INDEX` lists it
        candidate: u32,
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
        HandCommand::Intervene { one, instruction, step, dry_run, proposal, wait } => {
            let run = studio.run(&one.run).await?;
            let step = match step {
                None => None,
                Some(index) => {
                    let filter = StepFilter { index: Some(index), ..StepFilter::default() };
                    let found = studio.steps(&run.id, filter).await?.pop().map(|step| step.id);
                    Some(found.ok_or_else(|| no_step(&run, index))?)
                }
            };
            let (wait, said) = (patience(wait), instruction.unwrap_or_default());
            let done = match proposal {
                Some(proposal) => studio.apply_proposal(&run.id, &proposal, wait).await?,
                None if dry_run => studio.propose(&run.id, &said, step.as_deref(), wait).await?,
                None => studio.intervene(&run.id, &said, step.as_deref(), wait).await?,
            };
            told(&done, output);
            if let Some(problem) = done.step.and_then(|step| step.error) {
                return Err(Failure::of_problem(&problem));
            }
        }
        HandCommand::Redo { one, chapter, instruction, wait } => {
            let run = studio.run(&one.run).await?;
            tell(&studio.redo(&run.id, chapter, instruction.as_deref(), patience(wait)).await?, output);
            output.note(&say!("`fabulist runs start {}` writes it." | "`fabulist runs start {}` 开始重写。", run.id));
        }
        HandCommand::Choose { one, index, candidate, wait } => {
            let run = studio.run(&one.run).await?;
            tell(&studio.choose(&run.id, index, candidate, patience(wait)).await?, output);
        }
        HandCommand::Revert { one, index, wait } => {
            let run = studio.run(&one.run).await?;
            tell(&studio.revert(&run.id, index, patience(wait)).await?, output);
        }
    }
    Ok(())
}

fn no_step(run: &Run, index: i64) -> Failure {
    let hint = say!("`fabulist runs show {}` lists its steps." | "`fabulist runs show {}` 列出全部步骤。", run.id);
    Failure::new(Exit::NotFound, say!("The run has no step {}." | "该运行没有第 {} 步。", index), hint)
}

/// What became of an instruction.
fn told(done: &Intervened, output: &Output) {
    output.data(
        || {
            json!({
                "run": views::run(&done.run), "step": done.step.as_ref().map(views::step), "proposal_id": done.proposal_id,
                "assistant_message": done.assistant_message, "state_patch": done.state_patch,
            })
        },
        || {
            let mut lines = vec![done.assistant_message.clone()];
            if done.state_patch.as_object().is_some_and(|patch| !patch.is_empty()) {
                lines.push(serde_json::to_string_pretty(&done.state_patch).unwrap_or_default());
            }
            lines
        },
    );
    if let Some(id) = &done.proposal_id {
        output.note(&say!(
            "Nothing was changed. `fabulist runs intervene {} --proposal {}` applies exactly this."
                | "未作改动。`fabulist runs intervene {} --proposal {}` 将原样执行。",
            done.run.id,
            id
        ));
    }
}

fn patience(wait: bool) -> Wait {
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
