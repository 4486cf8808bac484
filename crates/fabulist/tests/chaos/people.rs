//! People: each presses one thing, and remembers what was promised.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    ledger::Fate,
    schedule::{Kind, Press},
    world::World,
};

/// An answer, or nobody's.
pub(crate) type Answered = Option<(u16, Value)>;

/// What is asked.
struct Ask {
    method: Method,
    path: String,
    body: Value,
}

fn post(path: String, body: Value) -> Ask {
    Ask { method: Method::POST, path, body }
}

impl World {
    /// Presses it and writes down what came of it.
    pub(crate) async fn press(&self, press: Press) {
        let Some((run, ask)) = self.choose(&press).await else { return };
        if press.kind == Kind::Delete
            && let Some(run) = &run
        {
            // Until it is answered, nobody knows.
            self.ledger().set_fate(run, Fate::Unknown);
        }
        // Every other person sends a key, and asks again elsewhere where nobody answers.
        let key = (ask.method == Method::POST && press.number.is_multiple_of(2)).then(|| format!("press-{}", press.number));
        let mut answered = self.ask_with(press.node, &ask.method, &ask.path, &ask.body, key.as_deref()).await;
        for n in 1..=3 {
            if answered.is_none() && key.is_some() {
                tokio::time::sleep(Duration::from_millis(400)).await;
                let node = (press.node + n) % 2;
                answered = self.ask_with(node, &ask.method, &ask.path, &ask.body, key.as_deref()).await;
            }
        }
        self.remember(&press, run.as_deref(), &ask, answered);
    }

    /// The run that a person presses it for, and what that says to the server. Whoever wants to change something looks for a run that has it.
    async fn choose(&self, press: &Press) -> Option<(Option<String>, Ask)> {
        let mut alive = self.ledger().alive();
        let at = press.run % alive.len().max(1);
        alive.rotate_left(at);
        let looks = if press.kind.wants_something() { 12 } else { 1 };
        for run in alive.iter().take(looks) {
            if let Some(ask) = self.ask_of(press, Some(run)).await {
                return Some((Some(run.clone()), ask));
            }
        }
        if alive.is_empty() { self.ask_of(press, None).await.map(|ask| (None, ask)) } else { None }
    }

    /// What this press says to the server; none where there is nothing that it could be about.
    async fn ask_of(&self, press: &Press, run: Option<&str>) -> Option<Ask> {
        let dice = press.dice;
        if matches!(press.kind, Kind::Create | Kind::Script | Kind::Adapt) || run.is_none() {
            return Some(post("/workflow-runs".into(), self.new_run(press)));
        }
        let run = run?;
        let path = format!("/workflow-runs/{run}");
        Some(match press.kind {
            Kind::Create | Kind::Script | Kind::Adapt => return None,
            Kind::Draw => {
                // Whoever wants several drafts looks whether one comes next, and nobody is at it.
                let run = self.one(press, &path).await?;
                let is_idle = run["active_step"].is_null() && run["autorun"] == false && run["status"] != "paused";
                run["cursor"]["phase"].as_str().filter(|phase| is_idle && phase.ends_with(".draft"))?;
                post(format!("{path}/next?wait=6"), json!({ "candidates": 2 + dice % 2 }))
            }
            Kind::Choose => {
                let draws = self.one(press, &path).await?["state"]["draws"].clone();
                let steps = self.items(press, &format!("{path}/steps?limit=200")).await?;
                let drawn = steps.iter().rev().find(|step| step["outputs"]["candidates"].is_array())?["index"].clone();
                let chosen = draws["chosen"].to_string();
                let other = draws["candidates"].as_object()?.keys().find(|key| **key != chosen)?.clone();
                post(format!("{path}/steps/{drawn}/choose?wait=5"), json!({ "candidate": other.parse::<u32>().ok()? }))
            }
            Kind::Next => post(format!("{path}/next?wait=6"), Value::Null),
            Kind::Start if dice.is_multiple_of(4) => post(format!("{path}/autorun/start"), json!({ "until": { "count": 1 + dice % 5 } })),
            Kind::Start => post(format!("{path}/autorun/start"), Value::Null),
            Kind::Stop => post(format!("{path}/autorun/stop"), Value::Null),
            Kind::Pause => post(format!("{path}/pause"), json!({ "now": dice.is_multiple_of(2) })),
            Kind::Resume => post(format!("{path}/resume"), json!({ "accept": !dice.is_multiple_of(3) })),
            Kind::Cancel => post(format!("{path}/cancel"), Value::Null),
            Kind::Fork => post(format!("{path}/fork"), self.fork_at(press, run).await?),
            Kind::Intervene => {
                let instruction = format!("Instruction {}: in chapter {} it rains.", press.number, 1 + dice % 3);
                post(format!("{path}/interventions"), json!({ "instruction": instruction, "wait": 5, "dry_run": dice.is_multiple_of(5) }))
            }
            Kind::Edit => {
                let text = format!("Standing instruction {}.", press.number);
                let patch = json!({ "guidance": { format!("g{}", press.number): { "order": press.number, "text": text } } });
                Ask { method: Method::PATCH, path: format!("{path}/state?wait=5"), body: patch }
            }
            Kind::Write => self.words(press, run).await?,
            Kind::Redo => {
                let chapter = self.an_artifact(press, run).await?["ordinal"].clone();
                post(format!("{path}/chapters/{chapter}/redo?wait=5"), json!({ "instruction": "Shorter sentences." }))
            }
            Kind::Revert => post(format!("{path}/steps/{}/revert?wait=5", self.last_edit(press, run).await?), Value::Null),
            Kind::Restore => {
                let artifact = self.an_artifact(press, run).await?;
                let versions = self.items(press, &format!("/artifacts/{}/versions", artifact["id"].as_str()?)).await?;
                let version = versions.get(dice as usize % versions.len().max(1))?["id"].as_str()?.to_owned();
                post(format!("/artifact-versions/{version}/restore"), Value::Null)
            }
            Kind::Rewrite => {
                let version = self.an_artifact(press, run).await?["latest_version_id"].as_str()?.to_owned();
                post(format!("/artifact-versions/{version}/rewrite"), json!({ "instructions": "Quieter.", "paragraphs": [1] }))
            }
            Kind::Lock => {
                let artifact = self.an_artifact(press, run).await?;
                let version = self.one(press, &format!("/artifact-versions/{}", artifact["latest_version_id"].as_str()?)).await?;
                let length = u32::try_from(version["content_text"].as_str()?.chars().count()).ok()?;
                let start = dice % length.saturating_sub(12).max(1);
                let span = json!({ "start": start, "end": (start + 12).min(length) });
                let asked = json!({ "span": span, "reason": format!("Press {}.", press.number), "version_id": version["id"] });
                post(format!("/artifacts/{}/locks", artifact["id"].as_str()?), asked)
            }
            Kind::Unlock => {
                let artifacts = self.items(press, &format!("/artifacts?workflow_run_id={run}")).await?;
                for artifact in artifacts {
                    let locks = format!("/artifacts/{}/locks", artifact["id"].as_str()?);
                    if let Some(lock) = self.items(press, &locks).await?.first() {
                        return Some(Ask { method: Method::DELETE, path: format!("{locks}/{}", lock["id"].as_str()?), body: Value::Null });
                    }
                }
                return None;
            }
            Kind::Delete => {
                let edits = if dice.is_multiple_of(3) { "delete" } else { "keep" };
                Ask { method: Method::DELETE, path: format!("{path}?user_edits={edits}"), body: Value::Null }
            }
        })
    }

    /// A novel, a script, or an adaptation of the book that was there before everything.
    fn new_run(&self, press: &Press) -> Value {
        let dice = press.dice;
        let (kind, snapshot) = match press.kind {
            Kind::Script => ("script", &self.snapshot),
            Kind::Adapt => ("novel_to_script", &self.source),
            _ => ("novel", &self.snapshot),
        };
        let label = format!("press {}", press.number);
        let mut body = json!({ "kind": kind, "brief_snapshot_id": snapshot, "label": label, "autorun": !dice.is_multiple_of(3) });
        if press.kind == Kind::Adapt && dice.is_multiple_of(2) {
            body["split_mode"] = json!("by_episode_count");
            body["episode_count"] = json!(2);
        }
        body
    }

    /// Where to fork: now, at the start, or at a step that succeeded.
    async fn fork_at(&self, press: &Press, run: &str) -> Option<Value> {
        let label = format!("press {}", press.number);
        match press.dice % 4 {
            0 => Some(json!({ "label": label })),
            1 => Some(json!({ "label": label, "at_step": 0 })),
            _ => {
                let steps = self.items(press, &format!("/workflow-runs/{run}/steps?limit=200")).await?;
                let done: Vec<_> = steps.iter().filter(|step| step["status"] == "succeeded").collect();
                let index = done.get(press.dice as usize % done.len().max(1))?["index"].clone();
                Some(json!({ "label": label, "at_step": index }))
            }
        }
    }

    /// A text of a person's own: a new chapter, or over the latest version.
    async fn words(&self, press: &Press, run: &str) -> Option<Ask> {
        let text = format!("A person wrote this by hand, for the {}th time. Mara stayed at home that night.", press.number);
        let Some(artifact) = self.an_artifact(press, run).await else {
            let title = format!("By hand {}", press.number);
            let kind = match self.one(press, &format!("/workflow-runs/{run}")).await?["kind"].as_str()? {
                "script" => "script_scene",
                "novel_to_script" => "script_episode",
                _ => "novel_chapter",
            };
            let body = json!({ "workflow_run_id": run, "kind": kind, "ordinal": 1, "title": title, "content_text": text });
            return Some(post("/artifacts".into(), body));
        };
        let body = json!({ "content_text": text, "parent_version_id": artifact["latest_version_id"] });
        Some(post(format!("/artifacts/{}/versions", artifact["id"].as_str()?), body))
    }

    async fn an_artifact(&self, press: &Press, run: &str) -> Option<Value> {
        let artifacts = self.items(press, &format!("/artifacts?workflow_run_id={run}")).await?;
        artifacts.get(press.dice as usize % artifacts.len().max(1)).cloned()
    }

    async fn last_edit(&self, press: &Press, run: &str) -> Option<i64> {
        let steps = self.items(press, &format!("/workflow-runs/{run}/steps?limit=200")).await?;
        steps.iter().rev().find(|step| step["kind"] == "edit" && step["status"] == "succeeded")?["index"].as_i64()
    }

    async fn one(&self, press: &Press, path: &str) -> Option<Value> {
        let (status, body) = self.ask(press.node, &Method::GET, path, &Value::Null).await?;
        (status == 200).then_some(body)
    }

    async fn items(&self, press: &Press, path: &str) -> Option<Vec<Value>> {
        let (status, body) = self.ask(press.node, &Method::GET, path, &Value::Null).await?;
        (status == 200).then(|| body["items"].as_array().cloned().unwrap_or_default())
    }

    fn remember(&self, press: &Press, run: Option<&str>, ask: &Ask, answered: Answered) {
        let mut ledger = self.ledger();
        let count = ledger.counts.entry(press.kind).or_default();
        let Some((status, body)) = answered else {
            count.unanswered += 1;
            return;
        };
        if !(200..300).contains(&status) {
            count.refused += 1;
            let gone = status == 404 && press.kind == Kind::Delete;
            let fate = if gone { Fate::Unknown } else { Fate::Alive };
            if press.kind == Kind::Delete
                && let Some(run) = run
            {
                ledger.set_fate(run, if status >= 500 { Fate::Unknown } else { fate });
            }
            // A model that fails is told as it is by whoever rewrites.
            let is_models = press.kind == Kind::Rewrite && status >= 500;
            if !is_models && status == 500 || status == 400 || body["type"].as_str().is_none() {
                ledger.wrong.push(format!("{} {} was answered with {status}: {body}", ask.method, ask.path));
            }
            return;
        }
        count.accepted += 1;
        let id = body["id"].as_str().unwrap_or_default().to_owned();
        match press.kind {
            Kind::Create | Kind::Script | Kind::Adapt | Kind::Fork => ledger.runs.push((id, Fate::Alive)),
            Kind::Delete => {
                let words_kept = ask.path.ends_with("keep");
                if let Some(run) = run {
                    ledger.set_fate(run, Fate::Deleted { words_kept });
                }
            }
            Kind::Write => {
                let text = body["content_text"].as_str().unwrap_or_default().to_owned();
                ledger.texts.push((run.unwrap_or_default().to_owned(), text));
            }
            _ => {
                let step = &body["step"];
                if let (Some(id), Some(index), Some(status)) = (step["id"].as_str(), step["index"].as_i64(), step["status"].as_str()) {
                    ledger.steps.push((run.unwrap_or_default().to_owned(), id.to_owned(), index, status.to_owned()));
                }
            }
        }
    }
}
