//! `--plan`: the plan is shown and may be edited before a word is drafted.

use std::{
    collections::BTreeMap,
    io::{IsTerminal, Write},
};

use serde_json::{Map, Value, json};
use story::{
    digests::shorten,
    workflow::{adaptation, novel, script},
};
use studio::{
    Studio,
    desk::Wait,
    run::{Kind, Run},
};

use crate::{
    cli::output::Output,
    failure::{Exit, Failure},
    say,
};

/// What the plan of a kind is made of: where it stands in the state, and what of each unit a person may change.
struct Shape {
    plan: &'static str,
    units: &'static str,
    fields: &'static [&'static str],
}

fn shape(kind: Kind) -> Shape {
    match kind {
        Kind::Novel => Shape { plan: "outline", units: "chapters", fields: &["title", "summary", "hook"] },
        Kind::Script => {
            Shape { plan: "scene_list", units: "scenes", fields: &["title", "int_ext", "place", "time", "summary", "characters"] }
        }
        Kind::NovelToScript => {
            Shape { plan: "episode_plan", units: "episodes", fields: &["title", "from", "to", "core", "opening_hook", "hook"] }
        }
    }
}

/// The step that makes the plan, and the one that follows it.
pub(crate) fn steps(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Novel => (novel::OUTLINE, novel::BEATS),
        Kind::Script => (script::SCENE_LIST, script::DRAFT),
        Kind::NovelToScript => (adaptation::SEASON, adaptation::DRAFT),
    }
}

/// One unit of the plan: its id, then its fields.
type PlanRow = Map<String, Value>;

/// Shows the plan, and on a terminal lets it be edited. True when the run is to go on now.
pub(crate) async fn show(studio: &Studio, run: &Run, output: &Output) -> Result<bool, Failure> {
    let rows = rows(run.kind, &studio.state(&run.id, None).await?);
    output.data(|| json!({ "run": studio::views::run(run), "plan": rows }), || lines(run.kind, &rows));
    if !std::io::stdin().is_terminal() || output.json {
        output
            .note(&say!("The plan stands. The same command without --plan goes on." | "大纲已定。去掉 --plan 再次运行同一命令即可继续。"));
        return Ok(false);
    }
    loop {
        output.note(&say!("[Enter] goes on · e edits the plan · q stops here" | "[回车] 继续 · e 编辑大纲 · q 到此为止"));
        let mut answer = String::new();
        let read = std::io::stdin().read_line(&mut answer).map_err(|e| Failure::new(Exit::Failed, e.to_string(), ""))?;
        match answer.trim() {
            // The end of the input is no yes.
            "" if read == 0 => return Ok(false),
            "" => return Ok(true),
            "q" => return Ok(false),
            "e" => match edit(studio, run).await {
                Ok(changed) => output.note(&say!("{} changed." | "改动了 {} 处。", changed)),
                Err(failure) => output.fail(&failure),
            },
            _ => {}
        }
    }
}

fn rows(kind: Kind, state: &Value) -> Vec<PlanRow> {
    let shape = shape(kind);
    let units = state.pointer(&format!("/{}/{}", shape.plan, shape.units)).and_then(Value::as_object);
    let mut rows: Vec<(i64, PlanRow)> = units
        .into_iter()
        .flatten()
        .map(|(id, unit)| {
            let mut row = Map::from_iter([("id".to_owned(), json!(id))]);
            for field in shape.fields {
                row.insert((*field).to_owned(), unit.get(*field).cloned().unwrap_or_else(|| json!("")));
            }
            (unit.get("order").and_then(Value::as_i64).unwrap_or(0), row)
        })
        .collect();
    rows.sort_by_key(|(order, _)| *order);
    rows.into_iter().map(|(_, row)| row).collect()
}

fn text<'r>(row: &'r PlanRow, field: &str) -> &'r str {
    row.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// The plan as people read it; a season as a table: episode · source · core · opening hook · closing hook.
fn lines(kind: Kind, rows: &[PlanRow]) -> Vec<String> {
    let numbered = (1..).zip(rows);
    match kind {
        Kind::Novel => numbered
            .flat_map(|(n, row)| {
                let hook = Some(text(row, "hook")).filter(|hook| !hook.is_empty()).map(|hook| format!("     → {hook}"));
                [format!("{n:>3}. {}", text(row, "title")), format!("     {}", text(row, "summary"))].into_iter().chain(hook)
            })
            .collect(),
        Kind::Script => numbered
            .flat_map(|(n, row)| {
                let place = [text(row, "int_ext"), text(row, "place"), text(row, "time")].join(" ");
                [format!("{n:>3}. {} ({})", text(row, "title"), place.trim()), format!("     {}", text(row, "summary"))]
            })
            .collect(),
        Kind::NovelToScript => {
            let head = say!("Episode · source · core · opening hook · closing hook" | "集 · 原著 · 核心 · 开场钩子 · 结尾钩子");
            let episode = |(n, row): (usize, &PlanRow)| {
                let at = |end: &str, key: &str| row.get(end).and_then(|place| place.get(key)).and_then(Value::as_u64).unwrap_or(0);
                let source =
                    format!("{}:{}–{}:{}", at("from", "chapter"), at("from", "paragraph"), at("to", "chapter"), at("to", "paragraph"));
                let cells = [text(row, "core"), text(row, "opening_hook"), text(row, "hook")].map(|cell| shorten(cell, 60));
                format!("{n:>3} {} · {source} · {}", text(row, "title"), cells.join(" · "))
            };
            std::iter::once(head).chain(numbered.map(episode)).collect()
        }
    }
}

/// Opens the plan in `$VISUAL` or `$EDITOR` and applies what was changed as an edit of the run's state.
async fn edit(studio: &Studio, run: &Run) -> Result<usize, Failure> {
    let before = rows(run.kind, &studio.state(&run.id, None).await?);
    let file = std::env::temp_dir().join(format!("fabulist-plan-{}.json", run.id));
    let shape = shape(run.kind);
    let planned = serde_json::to_string_pretty(&json!({ shape.units: before })).unwrap_or_default();
    let failed = |e: std::io::Error| {
        Failure::new(Exit::Failed, format!("{}: {e}", file.display()), say!("Set EDITOR to your editor." | "请把 EDITOR 设为你的编辑器。"))
    };
    // What the writer typed last time, and what could not be read then, is still there.
    if !file.exists() {
        std::fs::File::create(&file).and_then(|mut f| f.write_all(planned.as_bytes())).map_err(failed)?;
    }
    let editor = std::env::var("VISUAL").or_else(|_| std::env::var("EDITOR")).unwrap_or_else(|_| "vi".into());
    let mut words = editor.split_whitespace();
    let status = tokio::process::Command::new(words.next().unwrap_or("vi")).args(words).arg(&file).status().await.map_err(failed)?;
    if !status.success() {
        return Err(Failure::new(Exit::Failed, say!("The editor failed; nothing was changed." | "编辑器出错，未作改动。"), ""));
    }
    let edited = std::fs::read_to_string(&file).map_err(failed)?;
    let hint = say!("Your text is kept in {}; choose e again." | "你的修改保留在 {}，可再次选择 e。", file.display());
    let after: BTreeMap<String, Vec<PlanRow>> = serde_json::from_str(&edited)
        .map_err(|e| Failure::usage(say!("The plan cannot be read: {}." | "无法读取规划：{}。", e), hint.clone()))?;
    let after = after.get(shape.units).map(Vec::as_slice).unwrap_or_default();
    if after.len() != before.len() || after.iter().zip(&before).any(|(a, b)| a.get("id") != b.get("id")) {
        let detail = say!(
            "Units were added, dropped or moved; only what stands in them can be changed here." | "这里只能修改内容，不能增删或移动。"
        );
        return Err(Failure::usage(detail, hint));
    }
    let mut units = Map::new();
    for (new, old) in after.iter().zip(&before) {
        if let Some(unknown) = new.keys().find(|key| !old.contains_key(*key)) {
            return Err(Failure::usage(say!("There is no field {} in the plan." | "规划中没有 {} 这一项。", unknown), hint));
        }
        let changed: Map<String, Value> =
            new.iter().filter(|(key, value)| old.get(*key) != Some(*value)).map(|(key, value)| (key.clone(), value.clone())).collect();
        if !changed.is_empty() {
            units.insert(text(old, "id").to_owned(), Value::Object(changed));
        }
    }
    let changed = units.len();
    if changed > 0 {
        studio.edit_state(&run.id, &json!({ shape.plan: { shape.units: units } }), Wait::NONE).await?;
    }
    // The plan is kept in the run now.
    let _ = std::fs::remove_file(&file);
    Ok(changed)
}
