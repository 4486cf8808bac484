//! Server processes that come and go.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Stdio},
    sync::{
        Mutex, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use crate::support::{
    Writer,
    killing::{Signal, signal},
};

/// A server that is started again whenever it was killed.
pub(crate) struct Node {
    pub(crate) writer: Writer,
    child: Mutex<Option<Child>>,
    url: RwLock<Option<String>>,
    still: AtomicBool,
    log: PathBuf,
}

impl Node {
    pub(crate) fn new(writer: Writer, name: &str) -> Self {
        let log = writer.path(&format!("{name}.log"));
        Self { writer, child: Mutex::default(), url: RwLock::default(), still: AtomicBool::new(false), log }
    }

    /// Where it answers; none while it is down.
    pub(crate) fn url(&self) -> Option<String> {
        self.url.read().unwrap().clone()
    }

    pub(crate) fn stands_still(&self) -> bool {
        self.still.load(Ordering::Acquire)
    }

    /// Starts it, unless it runs. Blocks until it listens.
    pub(crate) fn start(&self) {
        let mut child = self.child.lock().unwrap();
        if child.is_some() {
            return;
        }
        let log = fs::File::options().create(true).append(true).open(&self.log).unwrap();
        let mut command = self.writer.command(&["serve", "--listen", "127.0.0.1:0", "--json"]);
        let mut started = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(started.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
        let Some(url) = told["url"].as_str() else {
            let _ = started.wait();
            panic!("a server did not start: {}", self.said());
        };
        *self.url.write().unwrap() = Some(url.to_owned());
        *child = Some(started);
    }

    /// Kills it; false where it was down.
    pub(crate) fn kill(&self) -> bool {
        let Some(mut child) = self.child.lock().unwrap().take() else { return false };
        *self.url.write().unwrap() = None;
        self.still.store(false, Ordering::Release);
        child.kill().unwrap();
        use std::os::unix::process::ExitStatusExt;
        let status = child.wait().unwrap();
        assert_eq!(status.signal(), Some(9), "a server had ended by itself: {}", self.said());
        true
    }

    /// Makes it stand still; false where it was down, or does so already.
    pub(crate) fn stop(&self) -> bool {
        let child = self.child.lock().unwrap();
        let Some(child) = child.as_ref().filter(|_| !self.stands_still()) else { return false };
        signal(child, Signal::Stop);
        self.still.store(true, Ordering::Release);
        true
    }

    /// Lets it go on.
    pub(crate) fn go_on(&self) {
        let child = self.child.lock().unwrap();
        if let Some(child) = child.as_ref().filter(|_| self.stands_still()) {
            signal(child, Signal::Continue);
            self.still.store(false, Ordering::Release);
        }
    }

    /// Ends it as a system does that shuts down; it must end well.
    pub(crate) fn end(&self) {
        let mut child = self.child.lock().unwrap().take().unwrap();
        signal(&child, Signal::Terminate);
        let begun = Instant::now();
        while child.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < Duration::from_secs(60), "a server does not end: {}", self.said());
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(child.wait().unwrap().success(), "a server ended badly: {}", self.said());
    }

    /// The end of its log.
    pub(crate) fn said(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let from = log.char_indices().rev().nth(4_000).map_or(0, |(at, _)| at);
        log[from..].to_owned()
    }

    /// Lines of its log that tell of a fault of ours.
    pub(crate) fn faults(&self) -> Vec<String> {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        log.lines().filter(|line| line.contains("panicked") || line.contains("a request failed")).map(str::to_owned).collect()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(child) = self.child.lock().unwrap().as_mut() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
