use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use store::Place;
use studio::ports::{Clock, Store, SystemClock};

use super::{Globals, output::Output};
use crate::{failure::Failure, say, wiring::Wiring};

#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    /// The file to write; it must not exist yet
    file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    /// A file that `backup` wrote
    file: PathBuf,
}

/// Copies the whole database to one file, also while others work with it.
pub(crate) async fn backup(globals: &Globals, args: BackupArgs, output: &Output) -> Result<(), Failure> {
    let store = Wiring::new(globals)?.store().await?;
    let done = store.backup(&args.file).await;
    store.close().await;
    done?;
    let bytes = std::fs::metadata(&args.file).map_or(0, |m| m.len());
    output.data(|| json!({ "path": args.file, "bytes": bytes }), || vec![args.file.display().to_string()]);
    output.note(&say!("Put it back with `fabulist restore {}`." | "恢复：`fabulist restore {}`。", args.file.display()));
    Ok(())
}

/// Puts a backup in the place of the database, which is kept beside it.
pub(crate) async fn restore(globals: &Globals, args: RestoreArgs, output: &Output) -> Result<(), Failure> {
    let wiring = Wiring::new(globals)?;
    if matches!(wiring.place, Place::Url(_)) {
        return Err(Failure::usage(
            say!("A database on a server is not restored by fabulist." | "fabulist 不负责恢复服务器上的数据库。"),
            say!(
                "Put a backup back with PostgreSQL's own `pg_restore`, or leave --database-url out."
                    | "请用 PostgreSQL 自带的 `pg_restore` 恢复，或去掉 --database-url。"
            ),
        ));
    }
    let before = store::restore(&args.file, &wiring.data_dir, SystemClock.now()).await?;
    output.data(|| json!({ "restored": args.file, "kept": before }), || vec![wiring.data_dir.display().to_string()]);
    if let Some(kept) = before {
        output.note(&say!("The database that was there is kept as {}." | "原有数据库保留为 {}。", kept.display()));
    }
    Ok(())
}
