//! `fabulist write`: from a brief to the files of a finished book, in one command that can be given again at any time.

mod continuing;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use documents::{BriefFile, read_brief};
use serde_json::json;
use story::canonical::{canonical_json, hash_text};
use studio::{
    desk::{Inputs, RunRequest},
    driver::Scope,
    ports::Models,
    run::{Budget, Kind},
};

use super::{
    Globals, book,
    output::Output,
    preset::Preset,
    signals,
    way::{
        Way, budget,
        origin::{self, Found, Turn},
    },
};
use crate::{failure::Failure, say, wiring::Wiring};

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
    /// How a script is to be written: a preset's id or name, or a file with the words
    #[arg(long, value_name = "ID|FILE")]
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
    /// Novels: md, txt; scripts: fountain, txt, md, screenplay
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
    /// A script
    Script,
}

impl WriteKind {
    fn of_run(self) -> Kind {
        match self {
            Self::Novel => Kind::Novel,
            Self::Script => Kind::Script,
        }
    }
}

/// Carries the command out.
pub(crate) async fn write(globals: &Globals, args: WriteArgs, output: &Output) -> Result<(), Failure> {
    // Everything that can be wrong with the call is said before anything is opened.
    let formats = book::formats(args.kind.of_run(), &args.format)?;
    check(&args)?;
    let budget = budget(args.budget)?;
    let work = work(&args, output)?;
    let preset = args.preset.as_deref().map(Preset::read).transpose()?;
    let wiring = Wiring::new(globals)?;
    // Without a key or an address nothing is begun that could not go on.
    wiring.models().open(&wiring.model)?;

    let mut signals = signals::listen();
    let studio = wiring.studio(Scope::Nothing).await?;
    let way = Way {
        studio: &studio,
        wiring: &wiring,
        output,
        signals: &mut signals,
        language: work.language().to_owned(),
        plan: args.plan,
        written: args.continues.is_some(),
        formats: &formats,
        out: &args.out,
    };
    let result = write_with(way, &args, work, preset, budget).await;
    studio.close(studio::desk::GRACE).await;
    result
}

async fn write_with(way: Way<'_>, args: &WriteArgs, work: Work, preset: Option<Preset>, budget: Option<Budget>) -> Result<(), Failure> {
    let found = match work {
        Work::Brief(file) => from_brief(&way, args, *file, preset, budget).await?,
        Work::Novel(continued) => continuing::find_or_create(way.studio, way.wiring, args.new, *continued, budget).await?,
    };
    way.go(found).await
}

/// The run that writes from this brief.
async fn from_brief(
    way: &Way<'_>,
    args: &WriteArgs,
    file: BriefFile,
    preset: Option<Preset>,
    budget: Option<Budget>,
) -> Result<Found, Failure> {
    let (studio, wiring) = (way.studio, way.wiring);
    let kind = args.kind.of_run();
    let title = if file.title.trim().is_empty() { say!("Untitled" | "无题") } else { file.title.clone() };
    let model = wiring.model.clone();
    let brief = json!({ "title": file.title, "content": file.content });
    let mut made_of = json!({ "brief": brief, "kind": kind, "model": model });
    if let Some(preset) = &preset {
        made_of["preset"] = preset.origin();
    }
    let origin = hash_text(&canonical_json(&made_of));
    let _turn = Turn::take(wiring, &origin)?;
    Ok(match origin::known(studio, &origin, args.new, budget).await? {
        Some(run) => Found { run, is_new: false, title, model },
        None => {
            let brief = studio.create_brief(file.title, file.content).await?;
            let snapshot = studio.create_snapshot(&brief, None).await?;
            let inputs = match preset {
                Some(preset) => preset.inputs(studio, kind).await?,
                None => Inputs::default(),
            };
            let request = RunRequest { origin: Some(origin), budget, inputs, ..RunRequest::new(kind, model.clone()) };
            let run = studio.create_run(&snapshot, request).await?;
            Found { run, is_new: true, title, model }
        }
    })
}

fn check(args: &WriteArgs) -> Result<(), Failure> {
    if args.continues.is_some() && args.kind == WriteKind::Script {
        let what = say!("Only a novel can be gone on with." | "只能续写小说。");
        return Err(Failure::usage(what, say!("Leave --kind out." | "请去掉 --kind。")));
    }
    if args.preset.is_some() && args.kind == WriteKind::Novel {
        let what = say!("A preset is for scripts." | "预设只用于剧本。");
        return Err(Failure::usage(what, say!("Add --kind script, or leave --preset out." | "请加上 --kind script，或去掉 --preset。")));
    }
    Ok(())
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

pub(super) fn read(path: &std::path::Path, output: &Output) -> Result<BriefFile, Failure> {
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
