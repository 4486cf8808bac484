//! A client of the door.

use std::time::Duration;

use reqwest::{Method, Response, header};
use serde_json::{Value, json};

use crate::bench_studio::Anyhow;

/// Asks one server. Clones share its connections.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    url: String,
}

impl Client {
    pub(crate) fn new(url: &str) -> Anyhow<Self> {
        Ok(Self { http: reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(600)).build()?, url: url.to_owned() })
    }

    /// Whether `/readyz` says yes.
    pub(crate) async fn is_ready(&self) -> bool {
        self.http.get(format!("{}/readyz", self.url)).send().await.is_ok_and(|response| response.status().is_success())
    }

    pub(crate) async fn get(&self, path: &str) -> Anyhow<Value> {
        self.ask(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Option<Value>) -> Anyhow<Value> {
        self.ask(Method::POST, path, body).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Anyhow<Value> {
        self.ask(Method::PATCH, path, Some(body)).await
    }

    /// A stream of events.
    pub(crate) async fn stream(&self, path: &str) -> Anyhow<Response> {
        let response = self.http.get(self.at(path)).header(header::ACCEPT, "text/event-stream").send().await?;
        Ok(response.error_for_status()?)
    }

    /// A snapshot of a brief of so many chapters of 300 to 900 words.
    pub(crate) async fn snapshot(&self, chapters: u32) -> Anyhow<String> {
        let content = json!({
            "premise": "Mara waits for a boat that never came home.",
            "setting": "the flats",
            "characters": [{ "name": "Mara", "goal": "to find the boat" }, { "name": "Oren", "secret": "he sank it" }],
            "output_spec": { "chapter_count": chapters, "chapter_length": { "min": 300, "max": 900, "unit": "words" } }
        });
        let brief = self.post("/briefs", Some(json!({ "title": "The Ebb", "content": content }))).await?;
        id(&self.post(&format!("/briefs/{}/snapshots", id(&brief)?), None).await?)
    }

    pub(crate) async fn new_run(&self, snapshot: &str) -> Anyhow<String> {
        id(&self.post("/workflow-runs", Some(json!({ "kind": "novel", "brief_snapshot_id": snapshot }))).await?)
    }

    /// Some new runs of one snapshot, a few at a time.
    pub(crate) async fn new_runs(&self, snapshot: &str, count: usize) -> Anyhow<Vec<String>> {
        let mut runs = Vec::with_capacity(count);
        while runs.len() < count {
            let some = (count - runs.len()).min(32);
            runs.extend(futures::future::try_join_all((0..some).map(|_| self.new_run(snapshot))).await?);
        }
        Ok(runs)
    }

    pub(crate) async fn start_autorun(&self, run: &str) -> Anyhow<Value> {
        self.post(&format!("/workflow-runs/{run}/autorun/start"), None).await
    }

    /// Up to 200 runs of a snapshot.
    pub(crate) async fn runs(&self, snapshot: &str) -> Anyhow<Vec<Value>> {
        let page = self.get(&format!("/workflow-runs?limit=200&brief_snapshot_id={snapshot}")).await?;
        Ok(page["items"].as_array().cloned().unwrap_or_default())
    }

    /// Waits until the runs of a snapshot have succeeded; an error when one ended otherwise. At most 200.
    pub(crate) async fn until_all_succeed(&self, snapshot: &str) -> Anyhow<Vec<Value>> {
        loop {
            let runs = self.runs(snapshot).await?;
            if let Some(run) =
                runs.iter().find(|run| !["queued", "running", "succeeded"].contains(&run["status"].as_str().unwrap_or_default()))
            {
                return Err(format!("a run ended badly: {run}").into());
            }
            if runs.iter().all(|run| run["status"] == "succeeded") {
                return Ok(runs);
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Anyhow<Value> {
        let mut request = self.http.request(method, self.at(path));
        if let Some(body) = body {
            request = request.header(header::CONTENT_TYPE, "application/json").body(body.to_string());
        }
        let response = request.send().await?;
        let (status, bytes) = (response.status(), response.bytes().await?);
        if !status.is_success() {
            return Err(format!("{path}: {status}: {}", String::from_utf8_lossy(&bytes)).into());
        }
        Ok(serde_json::from_slice(&bytes)?)
    }

    fn at(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.url)
    }
}

/// The id of an answer.
fn id(of: &Value) -> Anyhow<String> {
    of["id"].as_str().map(str::to_owned).ok_or_else(|| format!("there is no id in {of}").into())
}

/// Microseconds since 1970 of a time on the wire.
pub(crate) fn micros(time: &str) -> Option<i64> {
    time.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_microsecond)
}
