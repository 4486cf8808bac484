//! The part of `fabulist artifacts` that locks words and has passages rewritten.

use std::collections::BTreeSet;

use clap::{ArgGroup, Args, Subcommand};
use serde_json::json;
use story::{rewrite::Scope, text::Span};
use studio::{Studio, lock::Lock, ports::PageOf, views};

use super::output::Output;
use crate::{
    failure::{Exit, Failure},
    say,
};

#[derive(Debug, Subcommand)]
pub(crate) enum LockCommand {
    /// Lock a chapter, or words of it: they stand in every later version, whoever writes it
    Lock(LockArgs),
    /// Take locks away
    #[command(group(ArgGroup::new("which").required(true).args(["lock", "all"])))]
    Unlock {
        /// The artifact's id
        artifact: String,
        /// The lock's id
        lock: Option<String>,
        /// All of the chapter's locks
        #[arg(long)]
        all: bool,
    },
    /// List the locks of a chapter
    Locks {
        /// The artifact's id
        artifact: String,
    },
    /// Have a passage of the latest text rewritten by the run's model; everything beside it stays
    Rewrite(RewriteArgs),
}

#[derive(Debug, Args)]
pub(crate) struct LockArgs {
    /// The artifact's id
    artifact: String,
    /// Why; whoever is stopped by the lock reads this
    #[arg(long)]
    reason: String,
    /// The words to lock, as they stand in the text; the whole chapter when left out
    #[arg(long, value_name = "TEXT", conflicts_with = "span")]
    words: Option<String>,
    /// The words to lock, by their first character and the one behind the last, from 0
    #[arg(long, value_name = "START-END", value_parser = span)]
    span: Option<Span>,
}

#[derive(Debug, Args)]
pub(crate) struct RewriteArgs {
    /// The artifact's id
    artifact: String,
    /// What is to be different
    instructions: String,
    /// Only these paragraphs, counted from 1, such as 2,4-5
    #[arg(long, value_name = "N,…", value_parser = numbers, conflicts_with = "span")]
    paragraphs: Option<BTreeSet<u32>>,
    /// Only this stretch, by its first character and the one behind the last, from 0
    #[arg(long, value_name = "START-END", value_parser = span)]
    span: Option<Span>,
    /// The version that you mean; the latest one when left out
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
}

pub(super) async fn locks(studio: &Studio, command: LockCommand, output: &Output) -> Result<(), Failure> {
    match command {
        LockCommand::Lock(args) => lock(studio, args, output).await,
        LockCommand::Unlock { artifact, lock, .. } => {
            let removed = match lock {
                Some(lock) => studio.unlock(&artifact, &lock).await.map(|()| 1)?,
                None => {
                    studio.artifact(&artifact).await?;
                    studio.unlock_all(&artifact, None, None).await?
                }
            };
            output.data(|| json!({ "removed": removed }), || vec![say!("Locks taken away: {}" | "已解除的锁定：{}", removed)]);
            Ok(())
        }
        LockCommand::Locks { artifact } => {
            let mut items = Vec::new();
            let mut page = PageOf { limit: Some(200), cursor: None };
            loop {
                let part = studio.locks(&artifact, page).await?;
                items.extend(part.items);
                let Some(cursor) = part.next_cursor else { break };
                page = PageOf { limit: Some(200), cursor: Some(cursor) };
            }
            output.data(
                || json!({ "items": items.iter().map(views::lock).collect::<Vec<_>>(), "next_cursor": null }),
                || items.iter().map(line).collect(),
            );
            Ok(())
        }
        LockCommand::Rewrite(args) => rewrite(studio, args, output).await,
    }
}

async fn lock(studio: &Studio, args: LockArgs, output: &Output) -> Result<(), Failure> {
    let artifact = studio.artifact(&args.artifact).await?;
    let span = match args.words {
        None => args.span,
        Some(words) => {
            let text = studio.version(&artifact.latest_version_id).await?.text;
            let words = story::text::normalize(&words);
            match text.matches(words.as_str()).count() {
                1 => Span::find(&text, &words),
                0 => {
                    let hint = say!("Copy them from `fabulist artifacts show`." | "请从 `fabulist artifacts show` 的输出中复制。");
                    return Err(Failure::new(Exit::Usage, say!("These words do not stand in the text." | "正文中没有这些文字。"), hint));
                }
                n => {
                    let hint = say!(
                        "Give more of the words around them, or name the place with --span." | "请多给一些上下文，或用 --span 指明位置。"
                    );
                    return Err(Failure::new(
                        Exit::Usage,
                        say!("These words stand in the text {} times." | "这些文字在正文中出现了 {} 次。", n),
                        hint,
                    ));
                }
            }
        }
    };
    let (lock, _) = studio.lock(&artifact.id, span, &args.reason, Some(&artifact.latest_version_id)).await?;
    output.data(|| json!({ "lock": views::lock(&lock) }), || vec![line(&lock)]);
    Ok(())
}

async fn rewrite(studio: &Studio, args: RewriteArgs, output: &Output) -> Result<(), Failure> {
    let artifact = studio.artifact(&args.artifact).await?;
    let version = args.version.unwrap_or(artifact.latest_version_id);
    let scope = match (args.span, args.paragraphs) {
        (Some(span), _) => Scope::Span(span),
        (None, Some(numbers)) => Scope::Paragraphs(numbers),
        (None, None) => Scope::Text,
    };
    let written = studio.rewrite(&version, &args.instructions, scope).await?;
    output.data(
        || json!({ "version": views::version(&written) }),
        || vec![say!("Version {}: {}" | "第 {} 版：{}", written.number, written.id)],
    );
    output.note(&say!("`fabulist artifacts diff {}` shows what is different." | "`fabulist artifacts diff {}` 显示改动之处。", written.id));
    Ok(())
}

/// A lock in a line.
fn line(lock: &Lock) -> String {
    match &lock.words {
        None => say!("{}  the whole text: {}" | "{}  全文：{}", lock.id, lock.reason),
        Some(words) => {
            let span = words.span();
            format!("{}  {}-{}  “{}”: {}", lock.id, span.start, span.end, story::digests::shorten(&words.text, 60), lock.reason)
        }
    }
}

/// `12-40`.
fn span(text: &str) -> Result<Span, String> {
    let parts = text.split_once('-').and_then(|(start, end)| Some((start.trim().parse().ok()?, end.trim().parse().ok()?)));
    parts.map(|(start, end)| Span { start, end }).ok_or_else(|| "write two numbers, such as 12-40".into())
}

/// `2,4-5`.
fn numbers(text: &str) -> Result<BTreeSet<u32>, String> {
    let mut all = BTreeSet::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let read = |number: &str| number.trim().parse::<u32>().map_err(|_| "write numbers, such as 2,4-5".to_owned());
        let (first, last) = (read(first)?, read(last)?);
        if last < first || last - first > 10_000 {
            return Err("write numbers, such as 2,4-5".into());
        }
        all.extend(first..=last);
    }
    Ok(all)
}
