//! `fabulist adapt`: from the file of a novel to the files of a script, in one command that can be given again at any time.

mod dry;
mod source;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use documents::ImportedNovel;
use serde_json::{Value, json};
use story::{
    canonical::{canonical_json, hash_text},
    output_spec::{PartialOutputSpec, ScriptFormat},
    state::SplitMode,
};
use studio::{
    Studio,
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
pub(super) use source::read as read_novel;

use crate::{failure::Failure, say, wiring::Wiring};

/// Options of `adapt`.
#[derive(Debug, Args)]
pub(crate) struct AdaptArgs {
    /// The novel: .txt or .md
    novel: PathBuf,
    /// One episode a chapter, or as many as a chapter's length asks for
    #[arg(long, value_name = "HOW", conflicts_with = "episodes")]
    split: Option<Split>,
    /// Exactly so many episodes over the whole book
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=2000))]
    episodes: Option<u32>,
    /// How the script is to be written: a preset's id or name, or a file with the words
    #[arg(long, value_name = "ID|FILE")]
    preset: Option<String>,
    /// The form of the script, whatever the preset says
    #[arg(long, value_name = "FORM")]
    script_format: Option<Form>,
    /// The book's title, whatever the file says
    #[arg(long, value_name = "T")]
    title: Option<String>,
    /// The book's language, such as en or zh-Hans
    #[arg(long, value_name = "L")]
    language: Option<String>,
    /// The file's encoding, such as gb18030
    #[arg(long, value_name = "E")]
    encoding: Option<String>,
    /// Split a text without headings into chapters of so many words, or characters of Chinese
    #[arg(long, value_name = "N")]
    chapters_of: Option<u64>,
    /// Keep what is probably no part of the story, such as adverts
    #[arg(long)]
    keep_not_story: bool,
    /// Stop before the call that could cost more than this
    #[arg(long, value_name = "USD", allow_negative_numbers = true)]
    budget: Option<f64>,
    /// Stop after the plan of the season, show it, let it be edited, then go on (with --episodes)
    #[arg(long)]
    plan: bool,
    /// Show what the file holds and what would be made of it, and keep nothing
    #[arg(long)]
    dry_run: bool,
    /// Start a new run, also where one of this file can be gone on with
    #[arg(long)]
    new: bool,
    /// fountain, txt, md, screenplay
    #[arg(long, value_name = "F,…", value_delimiter = ',')]
    format: Vec<String>,
    /// Where the files go
    #[arg(long, value_name = "DIR", default_value = "out")]
    out: PathBuf,
}

/// How chapters become episodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Split {
    /// One chapter is one episode
    Chapter,
    /// By the length of each chapter
    Length,
}

/// Forms of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Fountain
    Fountain,
    /// Fountain, laid out as on a US page
    Screenplay,
    /// 短剧
    Duanju,
}

impl AdaptArgs {
    fn split_mode(&self) -> Option<SplitMode> {
        match (self.episodes, self.split) {
            (Some(_), _) => Some(SplitMode::ByEpisodeCount),
            (None, Some(Split::Chapter)) => Some(SplitMode::ChapterUnit),
            (None, Some(Split::Length)) => Some(SplitMode::AutoByLength),
            (None, None) => None,
        }
    }

    fn conversion(&self) -> Option<PartialOutputSpec> {
        let script_format = match self.script_format? {
            Form::Fountain => ScriptFormat::Fountain,
            Form::Screenplay => ScriptFormat::Screenplay,
            Form::Duanju => ScriptFormat::Custom,
        };
        Some(PartialOutputSpec { script_format: Some(script_format), ..PartialOutputSpec::default() })
    }

    async fn inputs(&self, studio: &Studio, preset: Option<Preset>) -> Result<Inputs, Failure> {
        let of_preset = match preset {
            Some(preset) => preset.inputs(studio, Kind::NovelToScript).await?,
            None => Inputs::default(),
        };
        Ok(Inputs { split_mode: self.split_mode(), episode_count: self.episodes, conversion_output_spec: self.conversion(), ..of_preset })
    }

    /// What makes two calls alike: the words of the story and everything that shapes the script.
    fn origin(&self, novel: &ImportedNovel, preset: Option<&Preset>, model: &str) -> String {
        let made_of = json!({
            "source": self.import_origin(novel), "split_mode": self.split_mode(), "episode_count": self.episodes,
            "conversion": self.conversion(), "preset": preset.map(Preset::origin), "model": model, "kind": Kind::NovelToScript,
        });
        hash_text(&canonical_json(&made_of))
    }

    /// The same for what is taken in.
    fn import_origin(&self, novel: &ImportedNovel) -> String {
        let options: Value = json!({
            "title": source::title(self, novel), "language": novel.language,
        });
        hash_text(&format!("{}\n{}", source::hash(novel), canonical_json(&options)))
    }
}

/// Carries the command out.
pub(crate) async fn adapt(globals: &Globals, args: AdaptArgs, output: &Output) -> Result<(), Failure> {
    // Everything that can be wrong with the call is said before anything is opened.
    let formats = book::formats(Kind::NovelToScript, &args.format)?;
    let budget = budget(args.budget)?;
    if args.plan && args.episodes.is_none() {
        return Err(Failure::usage(
            say!("--plan shows the plan of a season, which is made with --episodes." | "--plan 展示的是全季分集，须与 --episodes 同用。"),
            say!(
                "Say how many: --plan --episodes 12. Chapter by chapter nothing is planned across the book; --dry-run shows what becomes of each."
                    | "请写明集数：--plan --episodes 12。逐章改编没有跨章的规划；--dry-run 可看每章改成几集。"
            ),
        ));
    }
    let preset = args.preset.as_deref().map(Preset::read).transpose()?;
    let bytes = source::read(&args.novel)?;
    let novel = source::import(&args, &bytes)?;
    let wiring = Wiring::new(globals)?;
    wiring.models().open(&wiring.model)?;

    let mut signals = signals::listen();
    let studio = wiring.studio(Scope::Nothing).await?;
    let result = if args.dry_run {
        dry::show(&studio, &args, &novel, preset, output).await
    } else {
        let way = Way {
            studio: &studio,
            wiring: &wiring,
            output,
            signals: &mut signals,
            language: novel.language.clone(),
            plan: args.plan,
            written: false,
            formats: &formats,
            out: &args.out,
        };
        adapt_with(way, &args, novel, preset, budget).await
    };
    studio.close(studio::desk::GRACE).await;
    result
}

async fn adapt_with(
    way: Way<'_>,
    args: &AdaptArgs,
    novel: ImportedNovel,
    preset: Option<Preset>,
    budget: Option<Budget>,
) -> Result<(), Failure> {
    let (studio, wiring) = (way.studio, way.wiring);
    let model = wiring.model.clone();
    let origin = args.origin(&novel, preset.as_ref(), &model);
    let turn = Turn::take(wiring, &origin)?;
    let title = source::title(args, &novel);
    let found = match origin::known(studio, &origin, args.new, budget).await? {
        Some(run) => Found { run, is_new: false, title, model },
        None => {
            let inputs = args.inputs(studio, preset).await?;
            source::tell(&novel, way.output);
            let snapshot = source::keep(studio, args, novel, &model).await?;
            let request = RunRequest { origin: Some(origin), budget, inputs, ..RunRequest::new(Kind::NovelToScript, model.clone()) };
            let run = studio.create_run(&snapshot, request).await?;
            Found { run, is_new: true, title, model }
        }
    };
    drop(turn);
    way.go(found).await
}

/// How many chapters a file has, in words.
fn chapters_of(novel: &ImportedNovel) -> String {
    let s = if novel.chapters.len() == 1 { "" } else { "s" };
    say!("{} chapter{s}, {}" | "{} 章，{}", novel.chapters.len(), novel.encoding)
}
