//! `fabulist project`: a brief with everything under it as one file.

use std::{io::Write as _, path::PathBuf, time::Duration};

use clap::Subcommand;
use serde_json::json;
use studio::{Studio, brief::Brief, driver::Scope, ports::PageOf, views};

use super::{Globals, output::Output};
use crate::{
    failure::{Exit, Failure},
    say,
    wiring::Wiring,
};

#[derive(Debug, Subcommand)]
pub(crate) enum ProjectCommand {
    /// Write a brief with all its snapshots, runs and history to one file
    Export {
        /// The file to write; it must not exist yet
        file: PathBuf,
        /// The brief's id; needed where there are several
        #[arg(long, value_name = "ID")]
        brief: Option<String>,
    },
    /// Take in a file that `export` wrote, on this machine or another
    Import {
        /// The file
        file: PathBuf,
    },
}

pub(crate) async fn project(globals: &Globals, command: ProjectCommand, output: &Output) -> Result<(), Failure> {
    let studio = Wiring::new(globals)?.studio(Scope::Nothing).await?;
    let done = match command {
        ProjectCommand::Export { file, brief } => export(&studio, file, brief, output).await,
        ProjectCommand::Import { file } => import(&studio, file, output).await,
    };
    studio.close(Duration::ZERO).await;
    done
}

async fn export(studio: &Studio, file: PathBuf, brief: Option<String>, output: &Output) -> Result<(), Failure> {
    let brief = match brief {
        Some(id) => studio.brief(&id).await?,
        None => only(studio).await?,
    };
    let bytes = studio.project(&brief.id).await?;
    let unwritten = |e: std::io::Error| {
        let hint =
            say!("Name a file that does not exist yet, in a folder that you may write to." | "请指定一个尚不存在、且所在目录可写的文件。");
        Failure::new(Exit::Failed, say!("{} cannot be written: {}." | "无法写入 {}：{}。", file.display(), e), hint)
    };
    let mut written = std::fs::OpenOptions::new().write(true).create_new(true).open(&file).map_err(unwritten)?;
    if let Err(e) = written.write_all(&bytes).and_then(|()| written.sync_all()) {
        let _ = std::fs::remove_file(&file);
        return Err(unwritten(e));
    }
    output.data(
        || json!({ "path": file, "bytes": bytes.len(), "brief_id": brief.id, "title": brief.title }),
        || vec![file.display().to_string()],
    );
    output.note(&say!(
        "Take it in elsewhere with `fabulist project import {}`." | "在别处用 `fabulist project import {}` 导入。",
        file.display()
    ));
    Ok(())
}

/// The only brief that there is.
async fn only(studio: &Studio) -> Result<Brief, Failure> {
    let mut page = studio.briefs(PageOf { limit: Some(20), cursor: None }).await?.items;
    if page.len() == 1 {
        return Ok(page.remove(0));
    }
    if page.is_empty() {
        return Err(Failure::new(
            Exit::NotFound,
            say!("There is no brief yet." | "还没有任何简报。"),
            say!("`fabulist write BRIEF` makes one." | "`fabulist write 简报` 可新建。"),
        ));
    }
    let known: Vec<String> = page.iter().map(|brief| format!("{} {}", brief.id, brief.title)).collect();
    let hint = say!("Name one with --brief: {}." | "请用 --brief 指定其一：{}。", known.join(", "));
    Err(Failure::usage(say!("There are several briefs." | "有多份简报。"), hint))
}

async fn import(studio: &Studio, file: PathBuf, output: &Output) -> Result<(), Failure> {
    let bytes = std::fs::read(&file).map_err(|e| {
        let hint = say!("Name a file that `fabulist project export` wrote." | "请指定 `fabulist project export` 写出的文件。");
        Failure::new(Exit::Usage, say!("{} cannot be read: {}." | "无法读取 {}：{}。", file.display(), e), hint)
    })?;
    let imported = studio.import_project(bytes).await?;
    let brief = studio.brief(&imported.brief_id).await?;
    output.data(
        || json!(views::imported(&brief, &imported)),
        || {
            let line = say!(
                "{}  {}: {} snapshots, {} runs" | "{}  {}：{} 个快照，{} 个运行",
                brief.id,
                brief.title,
                imported.snapshots,
                imported.runs.len()
            );
            std::iter::once(line).chain(imported.runs.iter().cloned()).collect()
        },
    );
    Ok(())
}
