//! `--plan`: the plan is shown and may be edited before a word is drafted.

use std::io::{IsTerminal, Write};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use studio::{Studio, desk::Wait, run::Run};

use crate::{
    cli::output::Output,
    failure::{Exit, Failure},
    say,
};

/// The plan as a file for the writer's own editor.
#[derive(Debug, Serialize, Deserialize)]
struct PlanFile {
    chapters: Vec<PlanRow>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanRow {
    id: String,
    title: String,
    summary: String,
    #[serde(default)]
    hook: String,
}

/// Shows the plan, and on a terminal lets it be edited. True when the run is to go on now.
pub(super) async fn show(studio: &Studio, run: &Run, output: &Output) -> Result<bool, Failure> {
    let rows = rows(&studio.state(&run.id, None).await?);
    output.data(
        || json!({ "run": studio::views::run(run), "plan": rows }),
        || {
            let mut lines = Vec::new();
            for (n, row) in rows.iter().enumerate() {
                lines.push(format!("{:>3}. {}", n + 1, row.title));
                lines.push(format!("     {}", row.summary));
                if !row.hook.is_empty() {
                    lines.push(format!("     → {}", row.hook));
                }
            }
            lines
        },
    );
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
                Ok(changed) => output.note(&say!("{} chapters changed." | "改动了 {} 章。", changed)),
                Err(failure) => output.fail(&failure),
            },
            _ => {}
        }
    }
}

fn rows(state: &Value) -> Vec<PlanRow> {
    let mut chapters: Vec<(i64, PlanRow)> = state
        .pointer("/outline/chapters")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(id, c)| {
            let text = |key: &str| c.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            let order = c.get("order").and_then(Value::as_i64).unwrap_or(0);
            (order, PlanRow { id: id.clone(), title: text("title"), summary: text("summary"), hook: text("hook") })
        })
        .collect();
    chapters.sort_by_key(|(order, _)| *order);
    chapters.into_iter().map(|(_, row)| row).collect()
}

/// Opens the plan in `$VISUAL` or `$EDITOR` and applies what was changed as an edit of the run's state.
async fn edit(studio: &Studio, run: &Run) -> Result<usize, Failure> {
    let before = rows(&studio.state(&run.id, None).await?);
    let file = std::env::temp_dir().join(format!("fabulist-plan-{}.json", run.id));
    let text = serde_json::to_string_pretty(&PlanFile { chapters: before.clone() }).unwrap_or_default();
    let failed = |e: std::io::Error| {
        Failure::new(Exit::Failed, format!("{}: {e}", file.display()), say!("Set EDITOR to your editor." | "请把 EDITOR 设为你的编辑器。"))
    };
    // What the writer typed last time, and what could not be read then, is still there.
    if !file.exists() {
        std::fs::File::create(&file).and_then(|mut f| f.write_all(text.as_bytes())).map_err(failed)?;
    }
    let editor = std::env::var("VISUAL").or_else(|_| std::env::var("EDITOR")).unwrap_or_else(|_| "vi".into());
    let mut words = editor.split_whitespace();
    let status = tokio::process::Command::new(words.next().unwrap_or("vi")).args(words).arg(&file).status().await.map_err(failed)?;
    if !status.success() {
        return Err(Failure::new(Exit::Failed, say!("The editor failed; nothing was changed." | "编辑器出错，未作改动。"), ""));
    }
    let text = std::fs::read_to_string(&file).map_err(failed)?;
    let hint = say!("Your text is kept in {}; choose e again." | "你的修改保留在 {}，可再次选择 e。", file.display());
    let after: PlanFile = serde_json::from_str(&text)
        .map_err(|e| Failure::usage(say!("The plan cannot be read: {}." | "无法读取大纲：{}。", e), hint.clone()))?;
    let mut chapters = Map::new();
    for row in &after.chapters {
        let Some(old) = before.iter().find(|b| b.id == row.id) else {
            return Err(Failure::usage(say!("There is no chapter with the id {}." | "没有 id 为 {} 的章节。", row.id), hint));
        };
        if old != row {
            let mut change = Map::from_iter([("title".to_owned(), json!(row.title)), ("summary".to_owned(), json!(row.summary))]);
            if old.hook != row.hook {
                change.insert("hook".into(), json!(row.hook));
            }
            chapters.insert(row.id.clone(), Value::Object(change));
        }
    }
    if after.chapters.len() != before.len() || after.chapters.iter().zip(&before).any(|(a, b)| a.id != b.id) {
        let detail =
            say!("Chapters were added, dropped or moved; only their words can be changed here." | "这里只能修改文字，不能增删或移动章节。");
        return Err(Failure::usage(detail, hint));
    }
    let changed = chapters.len();
    if changed > 0 {
        studio.edit_state(&run.id, &json!({ "outline": { "chapters": chapters } }), Wait::NONE).await?;
    }
    // The plan is kept in the run now.
    let _ = std::fs::remove_file(&file);
    Ok(changed)
}
