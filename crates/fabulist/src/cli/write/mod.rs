//! `fabulist write`: from a brief to the files of a finished book, in one command that can be given again at any time.

mod continuing;
mod finish;
mod origin;
mod plan;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use documents::{BriefFile, read_brief};
use studio::{
    Studio,
    driver::Scope,
    ports::Models,
    run::{Budget, Kind, PauseReason, Run, Status, Until},
};

use super::{
    Globals, book,
    follow::{Ended, follow, pause_words},
    output::Output,
    signals,
};
use crate::{
    failure::{Exit, Failure},
    say,
    wiring::Wiring,
};

/// Options of `write`.
#[derive(Debug, Args)]
pub(crate) struct WriteArgs {
    /// The Creative Brief: .toml, .json or .md
    #[arg(required_unless_present = "continues")]
    brief: Option<PathBuf>,
    /// What to write
    #[arg(long, value_name = "KIND", default_value = "novel")]
    kind: WriteKind,
    /// How many chapters, whatever the brief says; with --continue, how many more (3)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=2000))]
    chapters: Option<u32>,
    /// A prompt preset (scripts; not built yet)
    #[arg(long, value_name = "ID")]
    preset: Option<String>,
    /// Stop before the call that could cost more than this
    #[arg(long, value_name = "USD", allow_negative_numbers = true)]
    budget: Option<f64>,
    /// Stop after the plan, show it, let it be edited, then go on
    #[arg(long)]
    plan: bool,
    /// Go on writing an existing novel: its chapters are read first, and stay word for word
    #[arg(long = "continue", value_name = "NOVEL.{md,txt}")]
    continues: Option<PathBuf>,
    /// Start a new run, also where one of this brief can be gone on with
    #[arg(long)]
    new: bool,
    /// md, txt, or both
    #[arg(long, value_name = "F,…", value_delimiter = ',')]
    format: Vec<String>,
    /// Where the files go
    #[arg(long, value_name = "DIR", default_value = "out")]
    out: PathBuf,
}

/// Kinds that `write` knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum WriteKind {
    /// A novel
    Novel,
    /// A script (not built yet)
    Script,
}

/// Carries the command out.
pub(crate) async fn write(globals: &Globals, args: WriteArgs, output: &Output) -> Result<(), Failure> {
    // Everything that can be wrong with the call is said before anything is opened.
    let formats = book::formats(&args.format)?;
    not_yet(&args)?;
    let budget = budget(args.budget)?;
    let work = work(&args, output)?;
    let wiring = Wiring::new(globals)?;
    // Without a key or an address nothing is begun that could not go on.
    wiring.models().open(&wiring.model)?;

    let mut signals = signals::listen();
    let studio = wiring.studio(Scope::Nothing).await?;
    let result = write_with(&studio, &wiring, &args, work, budget, &formats, &mut signals, output).await;
    studio.close(studio::desk::GRACE).await;
    result
}

#[expect(clippy::too_many_arguments, reason = "the command's own parts, named once")]
async fn write_with(
    studio: &Studio,
    wiring: &Wiring,
    args: &WriteArgs,
    work: Work,
    budget: Option<Budget>,
    formats: &[String],
    signals: &mut tokio::sync::mpsc::UnboundedReceiver<signals::Signal>,
    output: &Output,
) -> Result<(), Failure> {
    let language = work.language().to_owned();
    let found = match work {
        Work::Brief(file) => origin::find_or_create(studio, wiring, args.new, *file, budget).await?,
        Work::Novel(continued) => continuing::find_or_create(studio, wiring, args.new, *continued, budget).await?,
    };
    found.tell(output);
    let mut run = found.run;
    let seen = if found.is_new { 0 } else { run.last_event };
    if run.status != Status::Succeeded {
        studio.driver().set_scope(Scope::Only(run.id.clone()));
        if run.status == Status::Paused {
            run = studio.resume(&run.id, false).await?;
        }
        // As long as nothing is drafted, --plan shows the plan again.
        let first_beats = run.progress.done == 0 && run.cursor.get("phase").and_then(|p| p.as_str()) == Some(story::workflow::novel::BEATS);
        if args.plan && first_beats && run.active_step.is_none() && !plan::show(studio, &run, output).await? {
            return Ok(());
        }
        let planned = run.progress.done > 0 && args.continues.is_none()
            || run.cursor.get("phase").and_then(|p| p.as_str()) != Some(story::workflow::novel::OUTLINE);
        let until = (args.plan && !planned).then(|| Until { step: Some(story::workflow::novel::OUTLINE.into()), ..Until::default() });
        let stops_at_plan = until.is_some();
        run = studio.start_autorun(&run.id, until).await?;
        let mut ended = follow(studio, &run.id, seen, &language, signals, output).await?;
        if stops_at_plan
            && let Ended::Still(still) = &ended
            && still.status == Status::Running
        {
            if !plan::show(studio, still, output).await? {
                return Ok(());
            }
            let seen = studio.run(&still.id).await?.last_event;
            studio.start_autorun(&still.id, None).await?;
            ended = follow(studio, &still.id, seen, &language, signals, output).await?;
        }
        run = match ended {
            Ended::Still(run) => *run,
            Ended::Interrupted(run) => return interrupted(&run, output),
            Ended::Terminated => {
                output.note(&say!("Stopped; the same command goes on where it stopped." | "已停止；再次运行同一命令即可继续。"));
                return Ok(());
            }
        };
    }
    match run.status {
        Status::Succeeded => finish::finish(studio, wiring, &run, formats, &args.out, output).await,
        Status::Paused => Err(paused(&run)),
        _ => Err(Failure::of_run(&run)),
    }
}

fn interrupted(run: &Run, output: &Output) -> Result<(), Failure> {
    let (done, total) = (run.progress.done, run.progress.total);
    output.note(&say!(
        "Paused after {} of {} chapters. The same command goes on from here." | "已暂停，完成 {}/{} 章。再次运行同一命令即可继续。",
        done,
        total
    ));
    Err(Failure::new(Exit::Interrupted, "", ""))
}

fn paused(run: &Run) -> Failure {
    let Some(pause) = &run.pause else { return Failure::of_run(run) };
    let (exit, hint) = match pause.reason {
        PauseReason::Findings => (
            Exit::Findings,
            say!(
                "The same command drafts the chapter anew; `fabulist runs resume {} --accept` takes it as it is."
                    | "再次运行同一命令将重写这一章；`fabulist runs resume {} --accept` 则按现状采用。",
                run.id
            ),
        ),
        PauseReason::Budget => (
            Exit::Failed,
            say!(
                "Give the same command with a higher --budget; nothing that was written is lost."
                    | "请调高 --budget 后运行同一命令；已写内容不会丢失。"
            ),
        ),
        _ => (Exit::Failed, say!("The same command goes on." | "再次运行同一命令即可继续。")),
    };
    Failure::new(exit, pause_words(pause), hint)
}

fn not_yet(args: &WriteArgs) -> Result<(), Failure> {
    let what = if args.kind == WriteKind::Script {
        say!("Scripts are not built yet." | "剧本尚未支持。")
    } else if args.preset.is_some() {
        say!("Presets are not built yet." | "预设尚未支持。")
    } else {
        return Ok(());
    };
    Err(Failure::usage(what, say!("Leave the option out: a novel is written from the brief." | "请去掉该选项：将根据创作简报写一部小说。")))
}

/// Dollars as a budget.
fn budget(usd: Option<f64>) -> Result<Option<Budget>, Failure> {
    let Some(usd) = usd else { return Ok(None) };
    if !(usd.is_finite() && usd > 0.0 && usd <= 1e6) {
        return Err(Failure::usage(
            say!("A budget of {} makes no sense." | "预算 {} 不合理。", usd),
            say!("Give dollars, such as --budget 5." | "请以美元为单位，例如 --budget 5。"),
        ));
    }
    #[expect(clippy::cast_possible_truncation, reason = "at most a million dollars in nanos")]
    let nanos = (usd * 1e9).round() as i64;
    Ok(Some(Budget { max_cost: Some(nanos), max_tokens: None }))
}

/// What is to be written.
enum Work {
    /// A book from a brief.
    Brief(Box<BriefFile>),
    /// More of a book that there is.
    Novel(Box<continuing::Continued>),
}

impl Work {
    fn language(&self) -> &str {
        match self {
            Self::Brief(file) => file.content.language(),
            Self::Novel(continued) => continued.language(),
        }
    }
}

/// Reads what the command line names.
fn work(args: &WriteArgs, output: &Output) -> Result<Work, Failure> {
    let brief = args.brief.as_deref().map(|path| read(path, output)).transpose()?;
    match (&args.continues, brief) {
        (Some(novel), brief) => Ok(Work::Novel(Box::new(continuing::read(novel, brief, args.chapters, output)?))),
        (None, Some(mut file)) => {
            if let Some(chapters) = args.chapters {
                file.content.output_spec.get_or_insert_default().chapter_count = Some(chapters);
            }
            Ok(Work::Brief(Box::new(file)))
        }
        (None, None) => Err(Failure::usage(
            say!("There is no brief." | "没有给出创作简报。"),
            say!("Give the path of a brief; examples/lighthouse.toml is one." | "请给出创作简报的路径，例如 examples/lighthouse.toml。"),
        )),
    }
}

fn read(path: &std::path::Path, output: &Output) -> Result<BriefFile, Failure> {
    let bytes = std::fs::read(path).map_err(|e| {
        let hint =
            say!("Give the path of a brief; examples/lighthouse.toml is one." | "请给出创作简报的路径，例如 examples/lighthouse.toml。");
        Failure::usage(say!("{} cannot be read: {}." | "无法读取 {}：{}。", path.display(), e), hint)
    })?;
    let name = path.to_string_lossy();
    let file = read_brief(&name, &bytes).map_err(|e| Failure::usage(e.to_string(), e.hint()))?;
    for warning in &file.warnings {
        output.warn(&format!("{}: {} {}", path.display(), warning.pointer, warning.detail));
    }
    Ok(file)
}

/// What `write` makes.
pub(super) const KIND: Kind = Kind::Novel;
