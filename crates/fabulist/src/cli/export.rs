use std::path::PathBuf;

use clap::Args;
use documents::{Replacements, parse_ranges};
use serde_json::json;

use super::{Globals, book, output::Output};
use crate::{
    choice::{Choice, Unfit},
    failure::{Exit, Failure},
    out_files::OutFiles,
    say,
    wiring::Wiring,
};
use studio::{driver::Scope, problem::sentence};

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The run: its id, or the beginning or end of it
    run: String,
    /// Novels: md or txt; scripts: fountain, txt, md or screenplay
    #[arg(long, short)]
    format: Option<String>,
    /// The file; stdout when left out
    #[arg(long, short)]
    out: Option<PathBuf>,
    /// Only these chapters, scenes or episodes, such as 1-5,8
    #[arg(long, value_name = "RANGES", visible_aliases = ["chapters", "episodes"])]
    ranges: Option<String>,
    /// Other words in the place of some, such as Anna=Anne; may be given again
    #[arg(long, value_name = "FROM=TO")]
    replace: Vec<String>,
    /// A file with such pairs, one a line
    #[arg(long, value_name = "FILE")]
    replacements: Option<PathBuf>,
    /// Put the synopsis and the cast in front of a script
    #[arg(long)]
    front: bool,
}

impl ExportArgs {
    fn choice(&self) -> Result<Choice, Failure> {
        let ranges = self.ranges.as_deref().map(parse_ranges).transpose();
        let ranges = ranges.map_err(|e| Failure::usage(sentence(&e.to_string()), e.hint()))?;
        let mut pairs = self.replace.join("\n");
        if let Some(file) = &self.replacements {
            let text = std::fs::read_to_string(file).map_err(|e| {
                Failure::usage(
                    say!("{} cannot be read: {}." | "无法读取 {}：{}。", file.display(), e),
                    say!("Give a text file in UTF-8 with pairs such as Anna=Anne." | "请给出一个 UTF-8 文本文件，每行一对，如 林穗=林岁。"),
                )
            })?;
            pairs = format!("{}\n{pairs}", text.trim_start_matches('\u{FEFF}'));
        }
        let replacements = Replacements::parse(&pairs).map_err(|e| Failure::usage(sentence(&e.to_string()), e.hint()))?;
        Ok(Choice { ranges, replacements, front: self.front })
    }
}

fn unfit(why: Unfit, run: &str) -> Failure {
    match why {
        Unfit::Nothing => Failure::new(
            Exit::Failed,
            say!("The run has not finished a chapter yet." | "该运行尚未完成任何一章。"),
            say!("Go on with `fabulist runs start {}`." | "可用 `fabulist runs start {}` 继续。", run),
        ),
        Unfit::NoneOfThese { written } => Failure::usage(
            say!("None of these is written yet." | "这些都还没有写成。"),
            say!("Written are {}." | "已写成的是 {}。", written),
        ),
        Unfit::FrontOfNovel => Failure::usage(
            say!("The synopsis and the cast stand in front of scripts; this is a novel." | "梗概与人物表只放在剧本前面；这是小说。"),
            say!("Leave out --front." | "请去掉 --front。"),
        ),
        Unfit::Failed(error) => error.into(),
    }
}

/// Writes a run's book, as far as it is written, to a file or to stdout.
pub(crate) async fn export(globals: &Globals, args: ExportArgs, output: &Output) -> Result<(), Failure> {
    let choice = args.choice()?;
    let wiring = Wiring::new(globals)?;
    let studio = wiring.studio(Scope::Nothing).await?;
    let run = studio.run(&args.run).await?;
    let format = book::formats(run.kind, args.format.as_slice())?.remove(0);
    let chosen = choice.of(&studio, &run).await;
    studio.close(std::time::Duration::ZERO).await;
    let chosen = chosen.map_err(|why| unfit(why, &run.id))?;
    if !chosen.missing.is_empty() {
        output.warn(&say!("{} is not written yet and left out." | "{} 还没有写成，略去。", chosen.missing));
    }
    let text = book::render(&run, &chosen, &format);
    let book = &chosen.book;
    let Some(out) = args.out.filter(|out| out.as_os_str() != "-") else {
        output.data(|| json!({ "format": format, "chapters": book.chapters.len(), "text": text }), || vec![text.trim_end().to_owned()]);
        return Ok(());
    };
    let dir = out.parent().filter(|p| !p.as_os_str().is_empty()).map_or_else(|| PathBuf::from("."), PathBuf::from);
    let name = out.file_name().and_then(|n| n.to_str()).map(str::to_owned).ok_or_else(|| {
        Failure::usage(
            say!("{} is no file name." | "{} 不是文件名。", out.display()),
            say!("Name a file with --out." | "请用 --out 指定文件。"),
        )
    })?;
    let written = OutFiles::open(&wiring.data_dir).write(&dir, &name, &run.id, &text)?;
    if let Some(left) = &written.left_alone {
        output.warn(&say!("{} was changed by hand and is left as it is." | "{} 已被手工修改，保持原样。", left.display()));
    }
    output.data(
        || json!({ "path": written.path, "format": format, "chapters": book.chapters.len() }),
        || vec![written.path.display().to_string()],
    );
    Ok(())
}
