//! `fabulist memory`: passages of a story, found by their words.

use std::time::Duration;

use clap::Args;
use serde_json::json;
use studio::{driver::Scope, views};

use super::{Globals, output::Output};
use crate::{failure::Failure, say, wiring::Wiring};

#[derive(Debug, Args)]
pub(crate) struct MemoryArgs {
    /// The run: its id, or the beginning or end of it
    run: String,
    /// A question, or a few words, in the language of the story
    question: String,
    /// At most so many passages, 1 to 50
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=50))]
    limit: u32,
}

/// The passages of a story that are worth most for a question.
pub(crate) async fn memory(globals: &Globals, args: MemoryArgs, output: &Output) -> Result<(), Failure> {
    let studio = Wiring::new(globals)?.studio(Scope::Nothing).await?;
    let run = studio.run(&args.run).await?;
    let found = studio.search_memory(&run.snapshot_id, Some(&run.id), &args.question, args.limit).await;
    studio.close(Duration::ZERO).await;
    let found = found?;
    let passages = found.iter().flat_map(|(_, passages)| passages);
    let line = |passage: &studio::ports::Passage| {
        let text = passage.text.replace("\n\n", "\n  ");
        say!("Chapter {}, {}-{}\n  {}" | "第 {} 章，{}-{}\n  {}", passage.ordinal, passage.span.start, passage.span.end, text)
    };
    output.data(|| json!(views::passages(found.as_ref())), || passages.map(line).collect());
    if found.as_ref().is_none_or(|(_, passages)| passages.is_empty()) {
        output.note(&say!("Nothing that is written has these words." | "已写成的文字里没有这些词。"));
    }
    Ok(())
}
