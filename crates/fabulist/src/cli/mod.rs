//! The terminal door: one file a command.

mod adapt;
mod artifacts;
mod backup;
mod bin;
pub(crate) mod book;
mod browser;
mod chinese;
mod compare;
mod completions;
mod doctor;
mod export;
mod follow;
mod forecast;
mod fork;
mod hand;
mod lint;
mod locks;
mod memory;
mod models;
mod openapi;
mod output;
mod preset;
mod presets;
mod project;
mod runs;
mod serve;
mod signals;
mod way;
mod world;
mod write;

use std::{ffi::OsString, io::Write as _, path::PathBuf, process::ExitCode};

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use story::language::Tongue;
use tracing::level_filters::LevelFilter;

use crate::{
    failure::{Exit, Failure},
    log::LogFormat,
    say,
};

/// A durable writing studio: from a Creative Brief to a finished novel, with every word versioned and every step resumable.
#[derive(Debug, Parser)]
#[command(name = "fabulist", version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) globals: Globals,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Options of every command.
#[derive(Debug, Args)]
pub(crate) struct Globals {
    /// Where the database and everything else is kept
    #[arg(long, global = true, env = "FABULIST_DATA_DIR", value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// A PostgreSQL address instead of SQLite in the data folder
    #[arg(long, global = true, env = "FABULIST_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub(crate) database_url: Option<String>,
    /// `rehearsal`, or provider/model such as openai/gpt-5
    #[arg(long, global = true, env = "FABULIST_MODEL", value_name = "MODEL")]
    pub(crate) model: Option<String>,
    /// One JSON document on stdout
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Only errors on stderr
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
    /// The language of messages: en or zh
    #[arg(long, global = true, value_name = "LANG")]
    pub(crate) lang: Option<String>,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the whole book from a brief, or go on where it stopped
    Write(write::WriteArgs),
    /// Turn a novel into a script, or go on where it stopped
    Adapt(adapt::AdaptArgs),
    /// List, show and drive workflow runs
    Runs {
        #[command(subcommand)]
        command: runs::RunsCommand,
    },
    /// List and show chapters, and put texts of your own in
    Artifacts {
        #[command(subcommand)]
        command: artifacts::ArtifactsCommand,
    },
    /// Show the world as of a chapter: who lives and where, who has what, who knows what, with the words that say so
    World(world::WorldArgs),
    /// Show what is known of a story, and make it anew
    Kg {
        #[command(subcommand)]
        command: world::KgCommand,
    },
    /// Find passages of a story by their words
    Memory(memory::MemoryArgs),
    /// Write a run's book to a file
    Export(export::ExportArgs),
    /// Find faults in novels, with no model: in files, or in what a run has written
    Lint(lint::LintArgs),
    /// Serve the studio over HTTP on this machine
    Serve(serve::ServeArgs),
    /// Carry a brief with everything under it to another machine
    Project {
        #[command(subcommand)]
        command: project::ProjectCommand,
    },
    /// List what was deleted in the last 30 days, and put it back
    Bin {
        #[command(subcommand)]
        command: bin::BinCommand,
    },
    /// Copy the whole database to one file
    Backup(backup::BackupArgs),
    /// Put a backup in the place of the database
    Restore(backup::RestoreArgs),
    /// List the models that are in reach
    Models,
    /// List, show and change the prompt presets of scripts
    Presets {
        #[command(subcommand)]
        command: presets::PresetsCommand,
    },
    /// Look whether everything works: data folder, database, model
    Doctor(doctor::DoctorArgs),
    /// Print the description of the HTTP API
    Openapi,
    /// Print completions for a shell
    Completions(completions::CompletionsArgs),
}

/// Reads the command line and carries it out.
pub(crate) fn main() -> ExitCode {
    say::choose(asked_language(std::env::args_os()).as_deref());
    let command = match say::tongue() {
        Tongue::En => Cli::command(),
        Tongue::Zh => chinese::command(Cli::command()),
    };
    let matches = match command.try_get_matches() {
        Ok(matches) => matches,
        Err(e) => return misread(&e),
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(e) => e.exit(),
    };
    let output = output::Output::new(&cli.globals);
    // Without a command the studio is opened.
    let command = cli.command.unwrap_or_else(|| Command::Serve(serve::ServeArgs::opening()));
    // A command says itself what goes wrong; a server has nobody before it.
    let (format, level) = match &command {
        Command::Serve(args) => (args.log_format, LevelFilter::WARN),
        _ => (LogFormat::Text, LevelFilter::OFF),
    };
    output.start_log(format, level);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => {
            output.fail(&Failure::new(Exit::Failed, format!("The process cannot start its threads: {e}."), ""));
            return ExitCode::from(1);
        }
    };
    let result = runtime.block_on(dispatch(&cli.globals, command, &output)).and_then(|()| output.check());
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output.fail(&failure);
            ExitCode::from(failure.exit as u8)
        }
    }
}

/// What `--lang` says, wherever it stands: help and errors of the command line are told before the rest of it is read.
fn asked_language(mut args: impl Iterator<Item = OsString>) -> Option<String> {
    while let Some(arg) = args.next() {
        let arg = arg.to_string_lossy();
        match arg.strip_prefix("--lang") {
            Some("") => return args.next().map(|value| value.to_string_lossy().into_owned()),
            Some(value) if value.starts_with('=') => return Some(value[1..].to_owned()),
            _ if arg == "--" => return None,
            _ => {}
        }
    }
    None
}

/// Help and version go to stdout with 0; a wrong command line to stderr with 2.
fn misread(error: &clap::Error) -> ExitCode {
    let code = if error.use_stderr() { Exit::Usage as u8 } else { 0 };
    let chinese = if say::tongue() == Tongue::Zh { chinese::wrong(error) } else { None };
    if code != 0 && std::env::args().any(|arg| arg == "--json") {
        let rendered = error.render().to_string();
        let detail = rendered.lines().next().unwrap_or_default().trim_start_matches("error: ");
        let detail = chinese.as_ref().map_or(detail, |(detail, _)| detail);
        let hint = say!("Add --help to the command." | "在命令后加 --help 可看帮助。");
        let error = serde_json::json!({ "error": { "detail": detail, "hint": hint, "exit": code } });
        let _ = writeln!(std::io::stdout().lock(), "{error:#}");
    }
    // A closed pipe is nobody's fault here.
    let _ = match chinese {
        Some((detail, usage)) => {
            let usage = usage.map_or(String::new(), |usage| format!("\n用法：{usage}\n"));
            writeln!(std::io::stderr().lock(), "错误：{detail}\n{usage}\n加 --help 可看详细说明。")
        }
        None => error.print(),
    };
    ExitCode::from(code)
}

async fn dispatch(globals: &Globals, command: Command, output: &output::Output) -> Result<(), Failure> {
    match command {
        Command::Write(args) => write::write(globals, args, output).await,
        Command::Adapt(args) => adapt::adapt(globals, args, output).await,
        Command::Runs { command } => runs::runs(globals, command, output).await,
        Command::Artifacts { command } => artifacts::artifacts(globals, command, output).await,
        Command::World(args) => world::world(globals, args, output).await,
        Command::Kg { command } => world::kg(globals, command, output).await,
        Command::Memory(args) => memory::memory(globals, args, output).await,
        Command::Export(args) => export::export(globals, args, output).await,
        Command::Lint(args) => lint::lint(globals, args, output).await,
        Command::Serve(args) => serve::serve(globals, args, output).await,
        Command::Openapi => openapi::openapi(output),
        Command::Project { command } => project::project(globals, command, output).await,
        Command::Bin { command } => bin::bin(globals, command, output).await,
        Command::Backup(args) => backup::backup(globals, args, output).await,
        Command::Restore(args) => backup::restore(globals, args, output).await,
        Command::Models => models::models(globals, output).await,
        Command::Presets { command } => presets::presets(globals, command, output).await,
        Command::Doctor(args) => doctor::doctor(globals, args, output).await,
        Command::Completions(args) => completions::completions(args, output),
    }
}
