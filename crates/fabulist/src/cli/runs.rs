//! `fabulist runs`: the workflow runs, at a terminal.

use std::time::Duration;

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use studio::{
    Studio,
    driver::Scope,
    ports::{RunFilter, StepFilter},
    run::{Run, Status, Until},
    views,
};

use super::{
    Globals, compare,
    follow::{Ended, cost, follow, pause_words, step_words},
    forecast, fork,
    hand::{HandCommand, hand},
    output::Output,
    signals,
};
use crate::{
    failure::{Exit, Failure},
    say,
    wiring::Wiring,
};

#[derive(Debug, Subcommand)]
pub(crate) enum RunsCommand {
    /// List runs, newest first
    List {
        /// Only runs with this status
        #[arg(long)]
        status: Option<String>,
        /// Only forks of this run, and forks of those
        #[arg(long, value_name = "RUN")]
        forks_of: Option<String>,
        /// How many
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=200))]
        limit: u32,
    },
    /// Show a run and its steps, or one step with what the model saw and said
    Show {
        #[command(flatten)]
        one: One,
        /// Only this step, by its index
        #[arg(long, value_name = "INDEX")]
        step: Option<i64>,
    },
    /// Execute exactly one step
    Next {
        #[command(flatten)]
        one: One,
        /// Write a draft so many times and take the best by what code finds in them, at most 8
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(studio::desk::MOST_CANDIDATES)))]
        candidates: Option<u32>,
    },
    /// Go on by itself until it is finished, or until a chapter, a step or a count
    Start {
        #[command(flatten)]
        one: One,
        /// Stop after this chapter
        #[arg(long, value_name = "N")]
        until_chapter: Option<u32>,
        /// Stop after the first success of this step, such as novel.outline
        #[arg(long, value_name = "NAME")]
        until_step: Option<String>,
        /// Stop after so many steps
        #[arg(long, value_name = "N")]
        count: Option<u32>,
    },
    /// Look on while another process works; NDJSON with --json
    Watch(One),
    /// Start no further step
    Pause {
        #[command(flatten)]
        one: One,
        /// Abort the step in flight; it will run again
        #[arg(long)]
        now: bool,
    },
    /// Let a paused run go on
    Resume {
        #[command(flatten)]
        one: One,
        /// Take a chapter that is held for findings as it is
        #[arg(long)]
        accept: bool,
    },
    #[command(flatten)]
    Hand(HandCommand),
    /// End a run; what was committed stays
    Cancel(One),
    /// Show two runs side by side: texts, state, length, findings, cost
    Compare(compare::CompareArgs),
    /// Say what is still to come: calls, tokens, money, time
    Forecast(One),
    /// Begin another line of a run as it stood after any of its steps
    Fork(fork::ForkArgs),
    /// Delete a run with everything that it made; what a person wrote stays
    Delete {
        #[command(flatten)]
        one: One,
        /// Only say what would go
        #[arg(long)]
        dry_run: bool,
        /// Also delete what a person wrote
        #[arg(long)]
        user_edits: bool,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
    },
}

/// One run.
#[derive(Debug, Args)]
pub(crate) struct One {
    /// The run: its id, or the beginning or end of it
    pub(super) run: String,
}

/// Carries the command out.
pub(crate) async fn runs(globals: &Globals, command: RunsCommand, output: &Output) -> Result<(), Failure> {
    let wiring = Wiring::new(globals)?;
    let studio = wiring.studio(Scope::Nothing).await?;
    let result = match command {
        RunsCommand::List { status, forks_of, limit } => list(&studio, status, forks_of, limit, output).await,
        RunsCommand::Show { one, step: None } => show(&studio, &one, output).await,
        RunsCommand::Show { one, step: Some(index) } => show_step(&studio, &one, index, output).await,
        RunsCommand::Next { one, candidates } => next(&studio, &one, candidates, output).await,
        RunsCommand::Start { one, until_chapter, until_step, count } => {
            let until = Until { chapter: until_chapter, step: until_step, count };
            start(&studio, &one, (until != Until::default()).then_some(until), output).await
        }
        RunsCommand::Watch(one) => watch(&studio, &one, output).await,
        RunsCommand::Pause { one, now } => {
            let run = studio.run(&one.run).await?;
            tell(&studio.pause(&run.id, now).await?, output);
            Ok(())
        }
        RunsCommand::Resume { one, accept } => {
            let run = studio.run(&one.run).await?;
            let run = studio.resume(&run.id, accept).await?;
            tell(&run, output);
            if run.autorun {
                output.note(&say!(
                    "It goes on with `fabulist runs start {}` or the command that began it."
                        | "用 `fabulist runs start {}` 或最初的命令继续。",
                    run.id
                ));
            }
            Ok(())
        }
        RunsCommand::Hand(command) => hand(&studio, command, output).await,
        RunsCommand::Cancel(one) => {
            let run = studio.run(&one.run).await?;
            tell(&studio.cancel(&run.id).await?, output);
            Ok(())
        }
        RunsCommand::Compare(args) => compare::compare(&studio, args, output).await,
        RunsCommand::Forecast(one) => forecast::forecast(&studio, &one, output).await,
        RunsCommand::Fork(args) => fork::fork(&studio, args, output).await,
        RunsCommand::Delete { one, dry_run, user_edits, yes } => delete(&studio, &one, dry_run, user_edits, yes, output).await,
    };
    studio.close(studio::desk::GRACE).await;
    result
}

async fn list(studio: &Studio, status: Option<String>, forks_of: Option<String>, limit: u32, output: &Output) -> Result<(), Failure> {
    let forks_of = match forks_of {
        Some(run) => Some(studio.run(&run).await?.id),
        None => None,
    };
    let status = status
        .map(|word| {
            serde_json::from_value::<Status>(json!(word)).map_err(|_| {
                Failure::usage(
                    say!("There is no status `{}`." | "没有 `{}` 这种状态。", word),
                    say!(
                        "Choose from queued, running, paused, failed, succeeded, canceled."
                            | "可选：queued、running、paused、failed、succeeded、canceled。"
                    ),
                )
            })
        })
        .transpose()?;
    let page = studio.runs(RunFilter { status, forks_of, limit: Some(limit), ..RunFilter::default() }).await?;
    let mut titles = Vec::new();
    for run in &page.items {
        titles.push(studio.snapshot(&run.snapshot_id).await?.brief.title);
    }
    output.data(
        || json!({ "items": page.items.iter().map(views::run).collect::<Vec<_>>(), "next_cursor": page.next_cursor }),
        || {
            let row = |(run, title): (&Run, &String)| {
                format!(
                    "{}  {:<9}  {:>4}/{:<4}  {:>10}  {title}",
                    run.id,
                    run.status.word(),
                    run.progress.done,
                    run.progress.total,
                    cost(run)
                )
            };
            page.items.iter().zip(&titles).map(row).collect()
        },
    );
    if page.items.is_empty() {
        output.note(&say!("No runs yet. `fabulist write BRIEF` starts one." | "还没有运行。`fabulist write 简报` 可新建。"));
    }
    Ok(())
}

async fn show(studio: &Studio, one: &One, output: &Output) -> Result<(), Failure> {
    let run = studio.run(&one.run).await?;
    let steps = studio.steps(&run.id, StepFilter::default()).await?;
    let state = studio.state(&run.id, None).await?;
    output.data(
        || json!({ "run": views::run(&run).with_state(state), "steps": steps.iter().map(views::step).collect::<Vec<_>>() }),
        || {
            let mut lines = vec![format!(
                "{}  {}  {}/{}  {}  {}",
                run.id,
                run.status.word(),
                run.progress.done,
                run.progress.total,
                run.model,
                cost(&run)
            )];
            if let Some(pause) = &run.pause {
                lines.push(pause_words(run.kind, pause));
            }
            if let Some(error) = &run.error {
                lines.push(format!("{} {}", error.detail, error.hint));
            }
            for step in &steps {
                let status = format!("{:?}", step.status).to_lowercase();
                let detail = step.error.as_ref().map(|e| format!("  {}", e.detail)).unwrap_or_default();
                let ms = step.finished_at.map(|end| format!("{} ms", (end - step.started_at) / 1000)).unwrap_or_default();
                lines.push(format!("{:>5}.{:<2} {:<22} {:<9} {:>9}{detail}", step.index, step.attempt, step.name, status, ms));
            }
            lines
        },
    );
    Ok(())
}

async fn show_step(studio: &Studio, one: &One, index: i64, output: &Output) -> Result<(), Failure> {
    let run = studio.run(&one.run).await?;
    let step = studio.steps(&run.id, StepFilter { index: Some(index), ..StepFilter::default() }).await?.pop();
    let step = step.ok_or_else(|| {
        let hint = say!("`fabulist runs show {}` lists its steps." | "`fabulist runs show {}` 列出全部步骤。", run.id);
        Failure::new(Exit::NotFound, say!("The run has no step {}." | "该运行没有第 {} 步。", index), hint)
    })?;
    let calls = studio.calls(&run.id, index).await?;
    let taken = |call: &studio::journal::JournaledCall| call.step_id != step.id;
    output.data(
        || json!({ "step": views::step(&step), "context": step.context, "calls": calls.iter().map(|c| views::call(c, taken(c))).collect::<Vec<_>>() }),
        || {
            let mut lines = vec![format!("{}.{} {}", step.index, step.attempt, step.name)];
            for call in &calls {
                let (input, written) = (call.usage.input_tokens, call.usage.output_tokens);
                lines.push(format!("\n── {} · {} · {} · {input} → {written} tokens · {} ms", call.slot, call.task, call.model, call.latency_ms));
                lines.push(call.prompt.system_text());
                lines.push(call.prompt.user_text());
                lines.extend(call.prompt.turns.iter().map(|turn| turn.text.clone()));
                lines.push("\n── ".to_owned() + &say!("answer" | "回答"));
                lines.push(call.response.clone());
            }
            lines
        },
    );
    Ok(())
}

async fn next(studio: &Studio, one: &One, candidates: Option<u32>, output: &Output) -> Result<(), Failure> {
    let run = studio.run(&one.run).await?;
    let (run, step) = studio.draw(&run.id, None, candidates).await?;
    let drawn = step.as_ref().and_then(|s| s.outputs.as_ref()?["candidates"].as_array().cloned()).unwrap_or_default();
    output.data(
        || json!({ "run": views::run(&run), "step": step.as_ref().map(views::step) }),
        || {
            let step = step
                .as_ref()
                .map(|s| format!("{:>5}.{} {} {}", s.index, s.attempt, step_words(&s.name), format!("{:?}", s.status).to_lowercase()));
            step.into_iter().chain(drawn.iter().map(candidate_line)).collect()
        },
    );
    match step.and_then(|s| s.error) {
        Some(problem) => Err(Failure::of_problem(&problem)),
        None => Ok(()),
    }
}

/// One of several drafts, and how code judges it.
fn candidate_line(told: &Value) -> String {
    let reasons = told["reasons"].as_array().into_iter().flatten();
    let reasons: Vec<String> = reasons.map(|r| format!("{} ×{}", r["rule"].as_str().unwrap_or_default(), r["count"])).collect();
    let mark = if told["chosen"] == true { "*" } else { " " };
    let words = say!(
        "{} words, {} characters, {}/{} beats, {} errors, {} warnings" | "{} 词，{} 字，情节点 {}/{}，错误 {}，警告 {}",
        told["length"]["words"],
        told["length"]["chars"],
        told["beats_covered"],
        told["beats"],
        told["errors"],
        told["warnings"]
    );
    format!("     {mark} {}  #{}  {words}  {}", told["candidate"], told["rank"], reasons.join(", "))
}

async fn start(studio: &Studio, one: &One, until: Option<Until>, output: &Output) -> Result<(), Failure> {
    let run = studio.run(&one.run).await?;
    let snapshot = studio.snapshot(&run.snapshot_id).await?;
    let seen = run.last_event;
    let mut signals = signals::listen();
    studio.driver().set_scope(Scope::Only(run.id.clone()));
    studio.start_autorun(&run.id, until).await?;
    let ended = follow(studio, &run.id, seen, snapshot.brief.content.language(), &mut signals, output).await?;
    ended_well(ended, output)
}

async fn watch(studio: &Studio, one: &One, output: &Output) -> Result<(), Failure> {
    let run = studio.run(&one.run).await?;
    let mut signals = signals::listen();
    let mut seen = 0;
    loop {
        let events = studio.events(&run.id, seen, 200).await?;
        for event in &events {
            seen = event.number;
            if output.json {
                output.line(&json!({ "id": event.number, "event": event.name, "data": event.data }).to_string());
            } else {
                output.line(&format!("{:>6}  {}  {}", event.number, views::time(event.created_at), event_words(event)));
            }
        }
        if !events.is_empty() {
            continue;
        }
        let now = studio.run(&run.id).await?;
        if now.last_event > seen {
            continue;
        }
        if now.status.is_final() || (now.status == Status::Failed && now.active_step.is_none()) {
            return Ok(());
        }
        tokio::select! {
            _ = signals.recv() => return Err(Failure::new(Exit::Interrupted, "", "")),
            () = tokio::time::sleep(Duration::from_millis(100)) => {}
        }
    }
}

fn event_words(event: &studio::event::Event) -> String {
    let text = |pointer: &str| event.data.pointer(pointer).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
    match event.name.as_str() {
        "run.created" | "run.updated" => format!("{} {}", event.name, text("/run/status")),
        "artifact.committed" => format!("{} {}", event.name, text("/artifact/title")),
        _ => format!("{} {} {}", event.name, text("/step/name"), text("/step/error/detail")),
    }
}

async fn delete(studio: &Studio, one: &One, dry_run: bool, user_edits: bool, yes: bool, output: &Output) -> Result<(), Failure> {
    use std::io::IsTerminal;
    let run = studio.run(&one.run).await?;
    let preview = studio.deletion_preview(&run.id).await?;
    if dry_run {
        output.data(|| preview.clone(), || vec![serde_json::to_string_pretty(&preview).unwrap_or_default()]);
        return Ok(());
    }
    if !yes && !std::io::stdin().is_terminal() {
        return Err(Failure::usage(
            say!("Deleting needs a word of yours, and nobody can be asked here." | "删除需要确认，而此处无法询问。"),
            say!("Say --yes, or --dry-run to see what would go." | "请加 --yes，或用 --dry-run 查看会删除什么。"),
        ));
    }
    if !yes {
        output.note(&format!(
            "{}\n{}",
            serde_json::to_string_pretty(&preview).unwrap_or_default(),
            say!("Delete it? [y/N]" | "删除？[y/N]")
        ));
        let mut answer = String::new();
        let _ = std::io::stdin().read_line(&mut answer);
        if !answer.trim().eq_ignore_ascii_case("y") {
            output.note(&say!("Nothing was deleted." | "未删除任何内容。"));
            return Ok(());
        }
    }
    studio.delete(&run.id, !user_edits, true).await?;
    output.data(|| json!({ "deleted": run.id, "removed": preview }), || vec![say!("deleted {}" | "已删除 {}", run.id)]);
    output.note(&say!("For 30 days `fabulist bin restore {}` has it back." | "30 天内可用 `fabulist bin restore {}` 恢复。", run.id));
    Ok(())
}

fn tell(run: &Run, output: &Output) {
    output.data(|| json!({ "run": views::run(run) }), || vec![format!("{}  {}", run.id, run.status.word())]);
}

fn ended_well(ended: Ended, output: &Output) -> Result<(), Failure> {
    match ended {
        Ended::Still(run) => {
            tell(&run, output);
            match (run.status, &run.pause) {
                (Status::Failed, _) => Err(Failure::of_run(&run)),
                (Status::Paused, Some(pause)) => {
                    let findings = pause.reason == studio::run::PauseReason::Findings;
                    let hint = say!("`fabulist runs resume {}` goes on." | "`fabulist runs resume {}` 可继续。", run.id);
                    Err(Failure::new(if findings { Exit::Findings } else { Exit::Failed }, pause_words(run.kind, pause), hint))
                }
                _ => Ok(()),
            }
        }
        Ended::Interrupted(run) => {
            tell(&run, output);
            Err(Failure::new(Exit::Interrupted, "", ""))
        }
        Ended::Terminated => Ok(()),
    }
}
