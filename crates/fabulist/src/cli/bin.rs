//! `fabulist bin`: what was deleted, and how to have it back.

use std::time::Duration;

use clap::Subcommand;
use serde_json::json;
use studio::{Studio, driver::Scope, project::Holds, views};

use super::{Globals, output::Output};
use crate::{
    failure::{Exit, Failure},
    say,
    wiring::Wiring,
};

#[derive(Debug, Subcommand)]
pub(crate) enum BinCommand {
    /// List what was deleted in the last 30 days
    List,
    /// Put a deleted brief, snapshot or run back
    Restore {
        /// Its id, or the beginning or end of it
        id: String,
    },
}

pub(crate) async fn bin(globals: &Globals, command: BinCommand, output: &Output) -> Result<(), Failure> {
    let studio = Wiring::new(globals)?.studio(Scope::Nothing).await?;
    let done = match command {
        BinCommand::List => list(&studio, output).await,
        BinCommand::Restore { id } => restore(&studio, &id, output).await,
    };
    studio.close(Duration::ZERO).await;
    done
}

fn word(holds: Holds) -> String {
    match holds {
        Holds::Brief => say!("brief" | "简报"),
        Holds::Snapshot => say!("snapshot" | "快照"),
        Holds::Run => say!("run" | "运行"),
    }
}

async fn list(studio: &Studio, output: &Output) -> Result<(), Failure> {
    let items = studio.bin().await?;
    output.data(
        || json!({ "items": items.iter().map(views::binned).collect::<Vec<_>>(), "next_cursor": null }),
        || {
            let row = |item: &studio::project::Binned| {
                format!(
                    "{}  {:<8}  {}  {:>8} KB  {}",
                    item.id,
                    word(item.holds),
                    views::time(item.deleted_at),
                    item.bytes.div_ceil(1024),
                    item.title
                )
            };
            items.iter().map(row).collect()
        },
    );
    if items.is_empty() {
        output.note(&say!("Nothing was deleted in the last 30 days." | "最近 30 天没有删除任何内容。"));
    } else {
        output.note(&say!("Put one back with `fabulist bin restore ID`." | "用 `fabulist bin restore ID` 恢复。"));
    }
    Ok(())
}

async fn restore(studio: &Studio, id: &str, output: &Output) -> Result<(), Failure> {
    let items = studio.bin().await?;
    let mut found = items.iter().filter(|item| item.id == id || (id.len() >= 4 && (item.id.starts_with(id) || item.id.ends_with(id))));
    let hint = say!("`fabulist bin list` shows what there is." | "`fabulist bin list` 列出全部内容。");
    let item = match (found.next(), found.next()) {
        (Some(item), None) => item,
        (None, _) => return Err(Failure::new(Exit::NotFound, say!("Nothing in the bin is called {}." | "回收站中没有 {}。", id), hint)),
        (Some(_), Some(_)) => {
            return Err(Failure::usage(say!("More than one thing in the bin is called {}." | "回收站中有多项匹配 {}。", id), hint));
        }
    };
    let restored = studio.restore_from_bin(&item.id).await?;
    let brief = studio.brief(&restored.brief_id).await?;
    output.data(
        || json!(views::imported(&brief, &restored)),
        || vec![say!("restored {} {}: {}" | "已恢复{} {}：{}", word(item.holds), item.id, brief.title)],
    );
    Ok(())
}
