//! `fabulist artifacts`: chapters and their versions, at a terminal.

use std::{io::Read as _, path::PathBuf, time::Duration};

use clap::{Subcommand, ValueEnum};
use serde_json::json;
use studio::{
    artifact::{Artifact, Review},
    desk::diff::{Change, Op},
    driver::Scope,
    views,
};

use super::{
    Globals,
    locks::{LockCommand, locks},
    output::Output,
};
use crate::{
    failure::{Exit, Failure},
    say,
    wiring::Wiring,
};

#[derive(Debug, Subcommand)]
pub(crate) enum ArtifactsCommand {
    /// List the chapters of a run
    List {
        /// The run: its id, or the beginning or end of it
        run: String,
    },
    /// Print the latest text of a chapter
    Show {
        /// The artifact's id
        artifact: String,
    },
    /// Put a text of your own in as the next version; the run reads it before it goes on
    Put {
        /// The artifact's id
        artifact: String,
        /// The file with the whole text; `-` for stdin
        file: PathBuf,
        /// The version that your text was made from; the latest one when left out
        #[arg(long, value_name = "VERSION")]
        parent: Option<String>,
        /// A new title
        #[arg(long)]
        title: Option<String>,
    },
    /// Show word by word what turns one version into another
    Diff {
        /// The version's id
        version: String,
        /// The other version; its parent when left out
        #[arg(long, value_name = "VERSION")]
        against: Option<String>,
    },
    #[command(flatten)]
    Locks(LockCommand),
    /// Say that a text was read and stands as it is, or is to be read
    Review {
        /// The artifact's id
        artifact: String,
        /// How its review stands
        #[arg(long, value_enum, default_value_t = Standing::Approved, value_name = "STANDING")]
        to: Standing,
    },
    /// Make an old text the latest version again
    Restore {
        /// The version's id
        version: String,
    },
}

/// How a review stands.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Standing {
    /// It was read, and stands as it is
    Approved,
    /// It is to be read
    Wanted,
    /// Neither
    None,
}

impl From<Standing> for Review {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Approved => Self::Approved,
            Standing::Wanted => Self::Wanted,
            Standing::None => Self::None,
        }
    }
}

/// An artifact in a list, with a mark where it is to be read again.
fn line(artifact: &Artifact) -> String {
    let mark = match artifact.review.as_str() {
        "wanted" => say!("  (to be read again)" | "  （待重读）"),
        _ => String::new(),
    };
    format!("{}  {:>4}  {}{mark}", artifact.id, artifact.ordinal, artifact.title)
}

pub(crate) async fn artifacts(globals: &Globals, command: ArtifactsCommand, output: &Output) -> Result<(), Failure> {
    let studio = Wiring::new(globals)?.studio(Scope::Nothing).await?;
    match command {
        ArtifactsCommand::List { run } => {
            let run = studio.run(&run).await?;
            let list = studio.store().artifacts(&run.id).await?;
            output.data(
                || json!({ "items": list.iter().map(views::artifact).collect::<Vec<_>>(), "next_cursor": null }),
                || list.iter().map(line).collect(),
            );
        }
        ArtifactsCommand::Show { artifact } => {
            let artifact = studio.store().artifact(&artifact).await?;
            let version = studio.store().version(&artifact.latest_version_id).await?;
            output.data(
                || json!({ "artifact": views::artifact(&artifact), "version": views::version(&version) }),
                || vec![version.text.clone()],
            );
        }
        ArtifactsCommand::Put { artifact, file, parent, title } => {
            let text = read(&file)?;
            let known = studio.store().artifact(&artifact).await?;
            let parent = parent.unwrap_or(known.latest_version_id);
            let version = studio.write_version(&artifact, &parent, title, &text).await?;
            let artifact = studio.store().artifact(&artifact).await?;
            output.data(
                || json!({ "artifact": views::artifact(&artifact), "version": views::version(&version) }),
                || vec![say!("Version {} of chapter {}: {}" | "第 {1} 章的第 {0} 版：{2}", version.number, artifact.ordinal, version.id)],
            );
        }
        ArtifactsCommand::Diff { version, against } => {
            let diff = studio.diff(&version, against.as_deref()).await?;
            let told = |change: &Change| match change.op {
                Op::Equal => change.text.clone(),
                Op::Insert => output.paint("32", &format!("{{+{}+}}", change.text)),
                Op::Delete => output.paint("31", &format!("[-{}-]", change.text)),
            };
            output.data(|| json!(diff), || vec![diff.changes.iter().map(told).collect::<String>()]);
        }
        ArtifactsCommand::Locks(command) => locks(&studio, command, output).await?,
        ArtifactsCommand::Review { artifact, to } => {
            let artifact = studio.review(&artifact, to.into()).await?;
            output.data(|| json!({ "artifact": views::artifact(&artifact) }), || vec![line(&artifact)]);
        }
        ArtifactsCommand::Restore { version } => {
            let restored = match studio.restore(&version).await? {
                Some(restored) => restored,
                None => studio.version(&version).await?,
            };
            output.data(
                || json!({ "version": views::version(&restored) }),
                || vec![say!("Version {}: {}" | "第 {} 版：{}", restored.number, restored.id)],
            );
        }
    }
    studio.close(Duration::ZERO).await;
    Ok(())
}

/// A text from a file or from stdin.
pub(super) fn read(file: &PathBuf) -> Result<String, Failure> {
    let bytes = if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(file)
    };
    let name = file.display();
    let bytes = bytes.map_err(|e| {
        let hint = say!("Name a text file, or `-` for stdin." | "请指定一个文本文件，或用 `-` 表示标准输入。");
        Failure::new(Exit::Usage, say!("{} cannot be read: {}." | "无法读取 {}：{}。", name, e), hint)
    })?;
    String::from_utf8(bytes).map_err(|_| {
        let hint = say!("Save it as UTF-8." | "请将其保存为 UTF-8。");
        Failure::new(Exit::Usage, say!("{} is not UTF-8." | "{} 不是 UTF-8 文本。", name), hint)
    })
}
