//! One world: a database, two servers on it, a model, and people.

use std::{
    sync::{Arc, Mutex, MutexGuard, Once, PoisonError},
    time::{Duration, Instant},
};

use reqwest::{Client, Method, header};
use serde_json::{Value, json};
use tokio::{sync::Semaphore, task::JoinSet};

use crate::{
    check::database::Database,
    ledger::Ledger,
    model::Model,
    nodes::Node,
    people::Answered,
    schedule::{Deed, Press, Schedule},
    support::Writer,
};

/// People at the same time.
const PEOPLE: usize = 32;
/// How long somebody waits for an answer.
const PATIENCE: Duration = Duration::from_secs(12);

/// Where the data is.
pub(crate) struct Place {
    name: &'static str,
    /// A PostgreSQL database.
    database: Option<String>,
    /// The longest time that a process stands still.
    longest: Duration,
}

impl Place {
    pub(crate) fn file() -> Self {
        Self { name: "SQLite", database: None, longest: Duration::from_secs(6) }
    }

    /// A process that stands still for longer than 20 s is thought dead, and taken over.
    pub(crate) fn server() -> Self {
        let url = testbed::Postgres::shared().unwrap().new_database().unwrap();
        Self { name: "PostgreSQL", database: Some(url), longest: Duration::from_secs(24) }
    }
}

/// Everything that there is.
pub(crate) struct World {
    place: Place,
    seed: u64,
    time: Duration,
    begun: Instant,
    pub(crate) nodes: [Arc<Node>; 2],
    pub(crate) model: Model,
    /// The brief's snapshot that all runs are made from.
    pub(crate) snapshot: String,
    /// The snapshot of a book that came in before everything, to be adapted.
    pub(crate) source: String,
    ledger: Mutex<Ledger>,
    client: Client,
    /// The first server's data folder is the home of both, where the data is a file.
    _home: tempfile::TempDir,
}

impl World {
    /// Two servers, a brief, and a few runs that write.
    pub(crate) async fn begin(place: Place, seed: u64, time: Duration) -> Arc<Self> {
        static CRYPTO: Once = Once::new();
        CRYPTO.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
        println!("chaos on {}: seed {seed}, {:.0} s", place.name, time.as_secs_f64());
        let model = Model::start(seed).await;
        let home = tempfile::tempdir().unwrap();
        let writer = || {
            let writer = Writer::new()
                .with("OPENAI_BASE_URL", &model.running.base_url())
                .with("OPENAI_API_KEY", "sk-test")
                .with("FABULIST_MODEL", "openai/gpt-5-mini");
            match &place.database {
                Some(url) => writer.with("FABULIST_DATABASE_URL", url),
                None => writer.with("FABULIST_DATA_DIR", home.path().to_str().unwrap()),
            }
        };
        let nodes = [Arc::new(Node::new(writer(), "one")), Arc::new(Node::new(writer(), "other"))];
        for node in &nodes {
            let node = node.clone();
            tokio::task::spawn_blocking(move || node.start()).await.unwrap();
        }
        let client = Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        let mut world = Self {
            place,
            seed,
            time,
            begun: Instant::now(),
            nodes,
            model,
            snapshot: String::new(),
            source: String::new(),
            ledger: Mutex::default(),
            client,
            _home: home,
        };
        let brief = world.make_brief().await;
        world.snapshot = world.make_snapshot(&brief).await;
        world.source = world.bring_in(&brief).await;
        Arc::new(world)
    }

    async fn make_brief(&self) -> String {
        let content = json!({
            "premise": "Mara waits for a boat that never came home.",
            "setting": "the flats",
            "characters": [{ "name": "Mara", "goal": "to find the boat" }, { "name": "Oren", "secret": "he sank it" }],
            "output_spec": {
                "chapter_count": 3, "scene_count": 2, "chapter_length": { "min": 40, "max": 140, "unit": "words" },
                "auto_step_backoff_s": 0.05, "auto_step_retries": 3,
            },
        });
        let brief = self.ask(0, &Method::POST, "/briefs", &json!({ "title": "The Ebb", "content": content })).await.unwrap();
        brief.1["id"].as_str().unwrap().to_owned()
    }

    async fn make_snapshot(&self, brief: &str) -> String {
        let snapshot = self.ask(0, &Method::POST, &format!("/briefs/{brief}/snapshots"), &Value::Null).await.unwrap();
        snapshot.1["id"].as_str().unwrap().to_owned()
    }

    /// A novel of three chapters.
    async fn bring_in(&self, brief: &str) -> String {
        let chapter = |n: u32| {
            let told = format!("On day {n} Mara went down to the flats. \"He is late,\" said Oren. She did not answer him.\n\n");
            format!("Chapter {n}\n\n{told}The boat lay {n} miles out. \"Wait for me,\" she said. Oren waited until dark.\n\n")
        };
        let text: String = (1..=3).map(chapter).collect();
        let form = format!("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"flats.txt\"\r\n\r\n{text}\r\n--x--\r\n");
        let url = format!("{}/api/v1/briefs/{brief}/imports", self.nodes[0].url().unwrap());
        let request = self.client.post(url).header(header::CONTENT_TYPE, "multipart/form-data; boundary=x").body(form);
        let told: Value = serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap();
        told["brief_snapshot_id"].as_str().unwrap_or_else(|| panic!("{told}")).to_owned()
    }

    /// Lets the bad luck happen, then looks at what is left.
    pub(crate) async fn live(self: Arc<Self>) {
        self.bad_luck().await;
        let ended = self.settle().await;
        self.print(&ended);
        let mut wrong = std::mem::take(&mut self.ledger().wrong);
        wrong.extend(ended.stuck);
        let database = self.database().await;
        if let Err(left) = database.until_swept().await {
            wrong.push(left);
        }
        for node in &self.nodes {
            let node = node.clone();
            tokio::task::spawn_blocking(move || node.end()).await.unwrap();
        }
        wrong.extend(self.nodes.iter().flat_map(|node| node.faults()));
        let ledger = std::mem::take(&mut *self.ledger());
        let found = crate::check::all(&database, &ledger).await;
        println!("  losses    {}", found.losses.len());
        wrong.extend(found.losses);
        wrong.extend(found.broken);
        let told = wrong.iter().take(40).map(|line| format!("\n- {line}")).collect::<String>();
        assert!(wrong.is_empty(), "seed {}: {} things are wrong:{told}", self.seed, wrong.len());
        assert!(ledger.kills > 0, "seed {}: nothing was killed", self.seed);
        let never = ledger.never_accepted();
        assert!(never.is_empty(), "seed {}: never accepted: {never:?}", self.seed);
    }

    async fn bad_luck(self: &Arc<Self>) {
        let mut tasks = JoinSet::new();
        let people = Arc::new(Semaphore::new(PEOPLE));
        for (at, deed) in Schedule::new(self.seed, self.place.longest) {
            let over = self.begun.elapsed();
            if over > self.time && (self.has_seen_everything() || over > self.time * 2) {
                break;
            }
            tokio::time::sleep_until((self.begun + at).into()).await;
            let world = self.clone();
            match deed {
                Deed::Press(press) => {
                    let Ok(place) = people.clone().acquire_owned().await else { break };
                    tasks.spawn(async move {
                        world.press(world.at_a_server_that_moves(press)).await;
                        drop(place);
                    });
                }
                Deed::Kill { node, down } => drop(tasks.spawn(async move { world.kill(node, down).await })),
                Deed::Stop { node, still } => drop(tasks.spawn(async move { world.stop(node, still).await })),
            }
            while let Some(ended) = tasks.try_join_next() {
                ended.unwrap();
            }
        }
        for node in &self.nodes {
            node.go_on();
        }
        while let Some(ended) = tasks.join_next().await {
            ended.unwrap();
        }
    }

    fn has_seen_everything(&self) -> bool {
        let ledger = self.ledger();
        ledger.kills > 0 && ledger.never_accepted().is_empty()
    }

    /// Most people do not wait for a server that stands still.
    fn at_a_server_that_moves(&self, press: Press) -> Press {
        let away = |node: usize| self.nodes[node].stands_still() || self.nodes[node].url().is_none();
        let node = if away(press.node) && !press.dice.is_multiple_of(8) { 1 - press.node } else { press.node };
        Press { node, ..press }
    }

    async fn kill(&self, node: usize, down: Duration) {
        let node = self.nodes[node].clone();
        let killed = node.clone();
        if tokio::task::spawn_blocking(move || killed.kill()).await.unwrap() {
            self.ledger().kills += 1;
            tokio::time::sleep(down).await;
            tokio::task::spawn_blocking(move || node.start()).await.unwrap();
        }
    }

    async fn stop(&self, node: usize, still: Duration) {
        let node = &self.nodes[node];
        if node.stop() {
            self.ledger().stops += 1;
            let over = (self.begun + self.time).saturating_duration_since(Instant::now()).max(Duration::from_millis(100));
            tokio::time::sleep(still.min(over)).await;
            node.go_on();
        }
    }

    /// Asks a server; none where nobody answers.
    pub(crate) async fn ask(&self, node: usize, method: &Method, path: &str, body: &Value) -> Answered {
        self.ask_with(node, method, path, body, None).await
    }

    /// The same with a key.
    pub(crate) async fn ask_with(&self, node: usize, method: &Method, path: &str, body: &Value, key: Option<&str>) -> Answered {
        let url = self.nodes[node].url()?;
        let mut request = self.client.request(method.clone(), format!("{url}/api/v1{path}"));
        if !body.is_null() {
            request = request.header(header::CONTENT_TYPE, "application/json").body(body.to_string());
        }
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let response = request.send().await.ok()?;
        let status = response.status().as_u16();
        let text = response.text().await.ok()?;
        Some((status, serde_json::from_str(&text).unwrap_or_default()))
    }

    pub(crate) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn database(&self) -> Database {
        match &self.place.database {
            Some(url) => Database::open(url.clone()).await,
            None => Database::open(format!("sqlite://{}?mode=rw", self._home.path().join("fabulist.db").display())).await,
        }
    }

    fn print(&self, ended: &crate::afterwards::Ended) {
        let ledger = self.ledger();
        let (calls, ways) = self.model.told();
        let failed: usize = ways.values().sum();
        println!("  time      {:.0} s, then {:.0} s until every run had moved", self.time.as_secs_f64(), ended.took.as_secs_f64());
        println!("  kills     {} (SIGKILL), {} times stopped and let go on", ledger.kills, ledger.stops);
        println!("  faults    {failed} of {calls} calls of the model, in {} ways: {ways:?}", ways.len());
        ledger.print_commands();
        println!(
            "  runs      {} left: {} finished, {} moved after one call, {} by themselves",
            ended.left, ended.finished, ended.called, ended.alone
        );
    }
}
