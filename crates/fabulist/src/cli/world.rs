//! `fabulist world` and `fabulist kg`: what a story says, in words.

use std::time::Duration;

use clap::{Args, Subcommand};
use serde_json::json;
use story::knowledge::{Evidence, Graph, Person, Told, World};
use studio::{driver::Scope, ports::PageOf, views};

use super::{Globals, output::Output};
use crate::{failure::Failure, say, wiring::Wiring};

#[derive(Debug, Args)]
pub(crate) struct WorldArgs {
    /// The run: its id, or the beginning or end of it
    run: String,
    /// The world as it is after this chapter; after the last one that is written when left out
    #[arg(long, value_name = "N")]
    chapter: Option<u32>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KgCommand {
    /// Show who and what there is in a story, how they stand to each other, and what happens
    Show {
        /// The run: its id, or the beginning or end of it
        run: String,
        /// At most so many of each, 1 to 200
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=200))]
        limit: u32,
        /// Where an earlier answer left off
        #[arg(long, value_name = "CURSOR")]
        cursor: Option<String>,
    },
    /// Make what is known of a story anew from its versions; no model is asked
    Rebuild {
        /// The run: its id, or the beginning or end of it
        run: String,
    },
}

/// The world as of a chapter.
pub(crate) async fn world(globals: &Globals, args: WorldArgs, output: &Output) -> Result<(), Failure> {
    let studio = Wiring::new(globals)?.studio(Scope::Nothing).await?;
    let run = studio.run(&args.run).await?;
    let known = studio.world(&run.id, args.chapter).await;
    studio.close(Duration::ZERO).await;
    let known = known?;
    output.data(|| json!(views::world(&known)), || lines(&known.known));
    unread(&known.unread, output);
    Ok(())
}

/// The graph of a story.
pub(crate) async fn kg(globals: &Globals, command: KgCommand, output: &Output) -> Result<(), Failure> {
    let studio = Wiring::new(globals)?.studio(Scope::Nothing).await?;
    match command {
        KgCommand::Show { run, limit, cursor } => {
            let run = studio.run(&run).await?;
            let page = PageOf { limit: Some(limit), cursor };
            let graph = studio.story_graph(&run.snapshot_id, Some(&run.id)).await?;
            let shown = views::graph(graph.as_ref(), &page);
            let next = shown.next_cursor.clone();
            output.data(|| json!(shown), || graph.as_ref().map_or_else(Vec::new, |graph| graph_lines(&graph.known, limit as usize)));
            if let Some(graph) = &graph {
                unread(&graph.unread, output);
            }
            if let Some(next) = next {
                output.note(&say!("There is more: --json --cursor {}" | "还有更多：--json --cursor {}", next));
            }
        }
        KgCommand::Rebuild { run } => {
            let run = studio.run(&run).await?;
            let (runs, remade) = studio.rebuild_knowledge(&run.snapshot_id, Some(&run.id)).await?;
            output.data(
                || json!(views::rebuilt(runs, remade)),
                || vec![say!("{} facts of {} texts." | "{1} 份文本，{0} 条事实。", remade.facts, remade.texts)],
            );
        }
    }
    studio.close(Duration::ZERO).await;
    Ok(())
}

fn unread(chapters: &[u32], output: &Output) {
    if !chapters.is_empty() {
        let list: Vec<String> = chapters.iter().map(u32::to_string).collect();
        output.note(&say!(
            "Nobody has read the latest words of these chapters yet: {}. The run reads them when it goes on."
                | "这些章的最新文字还没有读过：{}。运行继续时会先读。",
            list.join(", ")
        ));
    }
}

/// Where something stands, in the words that say it.
fn by(evidence: &Evidence) -> String {
    let quote = story::digests::shorten(&evidence.quote.replace('\n', " "), 90);
    say!("chapter {}: “{}”" | "第 {} 章：“{}”", evidence.chapter, quote)
}

fn lines(world: &World) -> Vec<String> {
    let mut lines = vec![match world.chapter {
        0 => say!("Nothing is written yet." | "还没有写成任何一章。"),
        chapter => say!("The world after chapter {}" | "第 {} 章之后的世界", chapter),
    }];
    if let Some(clock) = &world.clock {
        lines.push(say!("Time: {} ({})" | "时间：{}（{}）", clock.text, by(&clock.since)));
    }
    let (mut alive, mut dead): (Vec<_>, Vec<_>) = world.people.iter().partition(|(_, person)| person.death.is_none());
    // Whoever acted last comes first.
    alive.sort_by_key(|(_, person)| std::cmp::Reverse(person.seen.map_or(0, |(_, last)| last)));
    dead.sort_by_key(|(_, person)| person.death.as_ref().map_or(0, |death| death.chapter));
    for (name, person) in alive {
        lines.push(String::new());
        lines.extend(person_lines(name, person));
    }
    for (name, person) in dead {
        lines.push(String::new());
        lines.extend(person_lines(name, person));
    }
    let mut part = |title: String, of: Vec<String>| {
        if !of.is_empty() {
            lines.extend([String::new(), title]);
            lines.extend(of);
        }
    };
    let loose = world.items.iter().filter(|(_, item)| item.holder.is_none());
    part(say!("Things that nobody has" | "无人持有之物"), loose.map(|(name, item)| format!("  {name} ({})", by(&item.since))).collect());
    let relations = world.relations.iter();
    part(say!("Relations" | "关系"), relations.map(|(a, b, told)| format!("  {a} → {b}: {} ({})", told.text, by(&told.since))).collect());
    let open = world.open_threads().into_iter();
    part(say!("Open questions" | "未解的问题"), open.map(|thread| format!("  {} ({})", thread.title, by(&thread.opened))).collect());
    lines
}

fn person_lines(name: &str, person: &Person) -> Vec<String> {
    let mut head = name.to_owned();
    if !person.aliases.is_empty() {
        head.push_str(&format!(" ({})", person.aliases.join(", ")));
    }
    match (&person.death, person.seen) {
        (Some(death), _) => head.push_str(&say!(": dead, {}" | "：已死，{}", by(death))),
        (None, Some((_, last))) => head.push_str(&say!(": alive, last seen in chapter {}" | "：在世，最近出现于第 {} 章", last)),
        (None, None) => head.push_str(&say!(": not seen yet" | "：尚未出场")),
    }
    let mut lines = vec![head];
    let told = |told: &Told| format!("{} ({})", told.text, by(&told.since));
    lines.extend(person.place.as_ref().map(|place| say!("  at: {}" | "  所在：{}", told(place))));
    lines.extend(person.holding.iter().map(|item| say!("  has: {}" | "  持有：{}", told(item))));
    lines.extend(person.knows.iter().map(|fact| say!("  knows: {}" | "  知道：{}", told(fact))));
    lines
}

fn graph_lines(graph: &Graph, most: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for entity in graph.entities.iter().take(most) {
        let aliases = if entity.aliases.is_empty() { String::new() } else { format!(" ({})", entity.aliases.join(", ")) };
        lines.push(format!("{:<8} {}{aliases}: {}", entity.sort, entity.name, by(&entity.first)));
    }
    for (a, b, told) in graph.relations.iter().take(most) {
        lines.push(format!("{a} → {b}: {} ({})", told.text, by(&told.since)));
    }
    for event in graph.events.iter().take(most) {
        lines.push(format!("{}.{} {}", event.by.chapter, event.order, event.text));
    }
    lines
}
