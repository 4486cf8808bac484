use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{Globals, book, output::Output};
use crate::{
    failure::{Exit, Failure},
    out_files::OutFiles,
    say,
    wiring::Wiring,
};
use studio::driver::Scope;

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The run: its id, or the beginning or end of it
    run: String,
    /// Novels: md or txt; scripts: fountain, txt or md
    #[arg(long, short)]
    format: Option<String>,
    /// The file; stdout when left out
    #[arg(long, short)]
    out: Option<PathBuf>,
}

/// Writes a run's book, as far as it is written, to a file or to stdout.
pub(crate) async fn export(globals: &Globals, args: ExportArgs, output: &Output) -> Result<(), Failure> {
    let wiring = Wiring::new(globals)?;
    let studio = wiring.studio(Scope::Nothing).await?;
    let run = studio.run(&args.run).await?;
    let format = book::formats(run.kind, args.format.as_slice())?.remove(0);
    let book = studio.book(&run).await?;
    studio.close(std::time::Duration::ZERO).await;
    if book.chapters.is_empty() {
        return Err(Failure::new(
            Exit::Failed,
            say!("The run has not finished a chapter yet." | "该运行尚未完成任何一章。"),
            say!("Go on with `fabulist runs start {}`." | "可用 `fabulist runs start {}` 继续。", run.id),
        ));
    }
    let text = book::render(&run, &book, &format);
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
