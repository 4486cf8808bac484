//! The bad luck is over: every run is finished, goes on by itself, or goes on with one call.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{ledger::Fate, world::World};

/// How long a run may take to move after its call: a dead node of PostgreSQL is known after 20 s.
const PATIENCE: Duration = Duration::from_secs(75);

/// How it ended.
#[derive(Debug, Default)]
pub(crate) struct Ended {
    pub(crate) left: usize,
    pub(crate) finished: usize,
    pub(crate) called: usize,
    pub(crate) alone: usize,
    pub(crate) stuck: Vec<String>,
    pub(crate) took: Duration,
}

enum Moved {
    Finished,
    Alone,
    Called,
}

impl World {
    /// All servers are up and the model is well: makes the one call for each run that needs it, and sees the run move.
    pub(crate) async fn settle(self: &Arc<Self>) -> Ended {
        let begun = Instant::now();
        self.model.recover();
        for (n, node) in self.nodes.iter().enumerate() {
            let node = node.clone();
            tokio::task::spawn_blocking(move || node.start()).await.unwrap();
            while self.ask(n, &Method::GET, "/workflow-runs?limit=1", &Value::Null).await.is_none_or(|(status, _)| status != 200) {
                assert!(begun.elapsed() < PATIENCE, "a server does not come back: {}", self.nodes[n].said());
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        let mut tasks = JoinSet::new();
        for run in self.all_runs().await {
            let world = self.clone();
            tasks.spawn(async move { world.moves(&run).await });
        }
        let mut ended = Ended { left: tasks.len(), ..Ended::default() };
        while let Some(moved) = tasks.join_next().await {
            match moved.unwrap() {
                Ok(Moved::Finished) => ended.finished += 1,
                Ok(Moved::Alone) => ended.alone += 1,
                Ok(Moved::Called) => ended.called += 1,
                Err(stuck) => ended.stuck.push(stuck),
            }
        }
        ended.took = begun.elapsed();
        ended
    }

    /// Every run that the server shows; those that people know of must be among them.
    async fn all_runs(&self) -> Vec<String> {
        let (mut runs, mut cursor) = (Vec::new(), String::new());
        loop {
            let (_, page) = self.ask(0, &Method::GET, &format!("/workflow-runs?limit=200{cursor}"), &Value::Null).await.unwrap();
            runs.extend(page["items"].as_array().unwrap().iter().filter_map(|run| run["id"].as_str().map(str::to_owned)));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        let mut ledger = self.ledger();
        let mut wrong = Vec::new();
        for (run, fate) in &ledger.runs {
            let shown = runs.contains(run);
            match fate {
                Fate::Alive if !shown => wrong.push(format!("run {run} is not shown any more")),
                Fate::Deleted { .. } if shown => wrong.push(format!("run {run} is shown although it was deleted")),
                _ => {}
            }
        }
        ledger.wrong.extend(wrong);
        runs
    }

    async fn moves(&self, run: &str) -> Result<Moved, String> {
        let begun = Instant::now();
        let path = format!("/workflow-runs/{run}");
        let before = self.seen(run).await?;
        if ["succeeded", "canceled"].contains(&status(&before)) {
            return Ok(Moved::Finished);
        }
        let (mut called, mut refused) = (None, String::new());
        let mut now = before.clone();
        loop {
            if called.is_none() && now["active_step"].is_null() {
                // It has moved by itself, or it waits for somebody.
                let asked = match (status(&now), now["autorun"] == true && now["retry"].is_null()) {
                    ("running" | "queued", true) => None,
                    ("paused", _) => Some((format!("{path}/resume"), json!({ "accept": true }))),
                    _ => Some((format!("{path}/next"), Value::Null)),
                };
                if let Some((path, body)) = asked {
                    let answer = self.ask(0, &Method::POST, &path, &body).await;
                    match &answer {
                        // A person's text is in the way of the draft: now the run waits for a person's word.
                        Some((200, body)) if body["run"]["pause"]["reason"] == "artifact-moved-on" => {}
                        // A model that pays no heed to locks: the step says so, and waits for whoever put them on.
                        Some((200, body)) if body["step"]["error"]["type"] == "/problems/locked" => return Ok(Moved::Called),
                        Some((200, body)) if path.ends_with("/next") && body["step"]["status"] != "succeeded" => {
                            return Err(format!("run {run}: its next step fails although the model is well: {}", body["step"]));
                        }
                        Some((200, _)) => called = Some(now.clone()),
                        // Autorun was faster: it has moved meanwhile, or it is asked again.
                        Some((409, body)) => refused = body["detail"].to_string(),
                        other => return Err(format!("run {run}: {path} was answered with {other:?}; it was {now}")),
                    }
                }
            }
            now = self.seen(run).await?;
            if has_moved(&before, &now) {
                return Ok(if called.is_some() { Moved::Called } else { Moved::Alone });
            }
            if begun.elapsed() > PATIENCE {
                return Err(format!("run {run} does not move (called: {}, refused: {refused}): {now}", called.is_some()));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// The run as it is shown, with the index of its last step that succeeded.
    async fn seen(&self, run: &str) -> Result<Value, String> {
        for _ in 0..5 {
            let shown = self.ask(1, &Method::GET, &format!("/workflow-runs/{run}"), &Value::Null).await;
            let steps = self.ask(1, &Method::GET, &format!("/workflow-runs/{run}/steps?limit=200"), &Value::Null).await;
            if let (Some((200, mut shown)), Some((200, steps))) = (shown, steps) {
                let done = steps["items"].as_array().into_iter().flatten().filter(|step| step["status"] == "succeeded").count();
                shown["succeeded_steps"] = json!(done);
                shown.as_object_mut().unwrap().remove("state");
                return Ok(shown);
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        Err(format!("run {run} cannot be read"))
    }
}

fn status(run: &Value) -> &str {
    run["status"].as_str().unwrap_or_default()
}

/// A step was committed, or it has ended, or it waits for its person no more.
fn has_moved(before: &Value, now: &Value) -> bool {
    before["succeeded_steps"] != now["succeeded_steps"]
        || status(now) == "succeeded"
        || (status(before) == "paused" && status(now) != "paused" && now["autorun"] == false)
}
