//! A server process, and a client that checks every answer against the published description.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, Once},
    time::{Duration, Instant},
};

use reqwest::{Client, Method, header};
use serde_json::{Value, json};

use crate::{
    schema::Description,
    sse::Stream,
    support::{
        Writer,
        killing::{Signal, signal},
    },
};

/// A server on a port of its own.
pub(crate) struct Server {
    pub(crate) writer: Arc<Writer>,
    pub(crate) child: Child,
    pub(crate) url: String,
    pub(crate) client: Client,
    pub(crate) description: Arc<Description>,
    pub(crate) called: Mutex<Vec<(String, String, u16)>>,
    stderr: Option<std::thread::JoinHandle<String>>,
    /// What it has said so far.
    said: Arc<Mutex<String>>,
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: header::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{}: {e}: {}", self.status, self.text))
    }

    pub(crate) fn header(&self, name: &str) -> String {
        self.headers.get(name).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    /// The body of an answer with this status.
    #[track_caller]
    pub(crate) fn is(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        if self.text.is_empty() { Value::Null } else { self.json() }
    }

    /// The problem of an answer with this status and type.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, name: &str) -> Value {
        let problem = self.is(status);
        assert_eq!(problem["type"], json!(format!("/problems/{name}")), "{}", self.text);
        problem
    }
}

/// A brief of two short chapters.
pub(crate) fn brief() -> Value {
    json!({
        "title": "The Salt Road",
        "content": {
            "premise": "Ines comes home to sell her father's boatyard and finds that his last boat was never meant to float.",
            "setting": "a harbour town on the North Sea",
            "characters": [{"name": "Ines", "goal": "to sell the boatyard"}, {"name": "Tomas", "role": "her brother"}],
            "output_spec": {"chapter_count": 2, "chapter_length": {"min": 120, "max": 260, "unit": "words"}, "auto_step_backoff_s": 0.02},
        },
    })
}

impl Server {
    /// On an empty database.
    pub(crate) fn start() -> Self {
        Self::of(Arc::new(crate::writer()))
    }

    /// On this writer's database.
    pub(crate) fn of(writer: Arc<Writer>) -> Self {
        let command = writer.command(&["serve", "--listen", "127.0.0.1:0", "--json"]);
        Self::by(writer, command)
    }

    /// Started by this command.
    pub(crate) fn by(writer: Arc<Writer>, mut command: Command) -> Self {
        static CRYPTO: Once = Once::new();
        CRYPTO.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let said = Arc::new(Mutex::new(String::new()));
        let saying = said.clone();
        let stderr = std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let mut said = saying.lock().unwrap();
                said.push_str(&line);
                said.push('\n');
            }
            saying.lock().unwrap().clone()
        });
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        if line.is_empty() {
            let _ = child.wait();
            panic!("the server did not start: {}", stderr.join().unwrap());
        }
        let told: Value = serde_json::from_str(&line).unwrap();
        let client = Client::builder().no_proxy().timeout(Duration::from_secs(60)).build().unwrap();
        Self {
            writer,
            child,
            url: told["url"].as_str().unwrap().to_owned(),
            client,
            description: Description::published(),
            called: Mutex::default(),
            stderr: Some(stderr),
            said,
        }
    }

    /// Waits until it stands still at a fail point.
    pub(crate) async fn stands_at(&mut self, point: &str) {
        let begun = Instant::now();
        while !self.said.lock().unwrap().contains(&format!("fail point {point}:")) {
            assert!(begun.elapsed() < Duration::from_secs(60), "it never came to {point}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Host and port.
    pub(crate) fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let mut request = self.client.request(method.clone(), self.at(path));
        if let Some(body) = body {
            request = request.header(header::CONTENT_TYPE, "application/json").body(body.to_string());
        }
        self.send(request).await
    }

    /// Sends a request; its answer must fit the description.
    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let request = request.build().unwrap();
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let response = self.client.execute(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let answer = Answer { status, headers, text: response.text().await.unwrap() };
        if let Some(template) = self.description.check(&method, &path, &answer) {
            self.called.lock().unwrap().push((method.as_str().to_lowercase(), template, status));
        }
        answer
    }

    /// The address of a path, which is below `/api/v1` unless it says otherwise.
    pub(crate) fn at(&self, path: &str) -> String {
        let root = ["/api/", "/healthz", "/readyz", "/metrics"].iter().any(|root| path.starts_with(root)) || path == "/";
        if root { format!("{}{path}", self.url) } else { format!("{}/api/v1{path}", self.url) }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, (!body.is_null()).then_some(&body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::PATCH, path, Some(&body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path, None).await
    }

    /// Follows a stream of events.
    pub(crate) async fn follow(&self, path: &str, last: Option<&str>) -> Stream {
        Stream::open(&self.client, &self.at(path), last).await
    }

    /// A snapshot of a brief of two short chapters.
    pub(crate) async fn snapshot(&self) -> String {
        let kept = self.post("/briefs", brief()).await.is(201);
        let snapshot = self.post(&format!("/briefs/{}/snapshots", id(&kept)), Value::Null).await.is(201);
        id(&snapshot)
    }

    /// A run of a new snapshot.
    pub(crate) async fn run(&self) -> String {
        let snapshot = self.snapshot().await;
        self.run_of(&snapshot).await
    }

    pub(crate) async fn run_of(&self, snapshot: &str) -> String {
        let run = self.post("/workflow-runs", json!({ "kind": "novel", "brief_snapshot_id": snapshot })).await.is(201);
        id(&run)
    }

    /// A run that was written to its end.
    pub(crate) async fn written(&self) -> String {
        let run = self.run().await;
        self.post(&format!("/workflow-runs/{run}/autorun/start"), Value::Null).await.is(202);
        self.until(&run, |run| run["status"] == "succeeded").await;
        run
    }

    /// Waits until a run is as it should be.
    pub(crate) async fn until(&self, run: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            let now = self.get(&format!("/workflow-runs/{run}")).await.is(200);
            if fits(&now) {
                return now;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "it never came to that: {now}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// All attempts of a run.
    pub(crate) async fn steps(&self, run: &str) -> Vec<Value> {
        let page = self.get(&format!("/workflow-runs/{run}/steps?limit=200")).await.is(200);
        page["items"].as_array().unwrap().clone()
    }

    /// Ends the server as a system does that shuts down. Returns its code and what it said.
    pub(crate) fn end(self) -> (i32, String) {
        signal(&self.child, Signal::Terminate);
        self.ended()
    }

    /// Waits for a server that was told to end.
    pub(crate) fn ended(mut self) -> (i32, String) {
        let code = self.child.wait().unwrap().code().unwrap_or(-1);
        (code, self.stderr.take().unwrap().join().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The id of an answer.
#[track_caller]
pub(crate) fn id(of: &Value) -> String {
    of["id"].as_str().unwrap_or_else(|| panic!("no id in {of}")).to_owned()
}
