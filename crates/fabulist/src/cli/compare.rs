//! `fabulist runs compare`: two runs side by side.

use clap::Args;
use serde_json::json;
use studio::{
    Studio,
    desk::compare::{ComparedText, Comparison, Side},
};

use super::{follow::cost, output::Output};
use crate::{failure::Failure, say};

#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    /// One run: its id, or the beginning or end of it
    run: String,
    /// The other one
    with: String,
}

pub(super) async fn compare(studio: &Studio, args: CompareArgs, output: &Output) -> Result<(), Failure> {
    let (run, with) = (studio.run(&args.run).await?, studio.run(&args.with).await?);
    let compared = studio.compare(&run.id, &with.id).await?;
    let costs = (cost(&run), cost(&with));
    output.data(|| json!(compared), || lines(&compared, (&costs.0, &costs.1)));
    Ok(())
}

fn lines(compared: &Comparison, costs: (&str, &str)) -> Vec<String> {
    let side = |sign: &str, side: &Side, cost: &str| {
        let findings: u64 = side.findings.values().sum();
        say!(
            "{} {}  {}  {} chapters  {} words  {} findings  {}" | "{} {}  {}  {} 章  {} 词  {} 条问题  {}",
            sign,
            side.run.id,
            side.run.status.word(),
            side.chapters,
            side.length.words,
            findings,
            cost
        )
    };
    let mut lines = vec![side("A", &compared.run, costs.0), side("B", &compared.with, costs.1)];
    for chapter in &compared.chapters {
        let title = |text: &Option<ComparedText>| text.as_ref().map_or("—", |text| text.title.as_str()).to_owned();
        let (a, b) = (title(&chapter.run), title(&chapter.with));
        let named = if a == b { a } else { format!("{a} | {b}") };
        let words = if chapter.same {
            say!("the same" | "相同")
        } else {
            format!("={} +{} -{}", chapter.words.equal, chapter.words.inserted, chapter.words.deleted)
        };
        lines.push(format!("{:>5}  {words:<24}  {named}", chapter.ordinal));
    }
    if compared.state_changes.is_empty() {
        lines.push(say!("The state is the same." | "状态相同。"));
    } else {
        let shown: Vec<&str> = compared.state_changes.iter().take(12).map(String::as_str).collect();
        let more = if compared.state_changes.len() > shown.len() { " …" } else { "" };
        lines.push(say!("State: {}{}" | "状态：{}{}", shown.join(" "), more));
    }
    lines
}
