//! A stream of events, read as browsers read it.

use std::time::Duration;

use reqwest::Client;
use serde_json::Value;

/// An event.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    pub(crate) id: Option<String>,
    pub(crate) name: String,
    pub(crate) data: Value,
}

/// A stream that is open.
pub(crate) struct Stream {
    response: reqwest::Response,
    rest: String,
    pub(crate) comments: usize,
    pub(crate) bytes: usize,
}

impl Stream {
    pub(crate) async fn open(client: &Client, url: &str, last: Option<&str>) -> Self {
        let mut request = client.get(url).timeout(Duration::from_secs(300)).header("accept", "text/event-stream");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200, "{url}");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, rest: String::new(), comments: 0, bytes: 0 }
    }

    /// The next event; none at the end of the stream.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((block, rest)) = self.rest.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.rest = rest;
                let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned));
                match (field("event"), field("data")) {
                    (Some(name), Some(data)) => {
                        return Some(Event { id: field("id"), name, data: serde_json::from_str(&data).unwrap() });
                    }
                    _ => self.comments += 1,
                }
                continue;
            }
            let chunk = self.response.chunk().await.ok()??;
            self.bytes += chunk.len();
            self.rest.push_str(std::str::from_utf8(&chunk).expect("events are whole characters"));
        }
    }

    /// All events to the end of the stream.
    pub(crate) async fn rest(mut self) -> Vec<Event> {
        let mut events = Vec::new();
        while let Some(event) = self.next().await {
            events.push(event);
        }
        events
    }

    /// Events up to one that fits.
    pub(crate) async fn until(&mut self, fits: impl Fn(&Event) -> bool) -> Vec<Event> {
        let mut events = Vec::new();
        loop {
            let next = tokio::time::timeout(Duration::from_secs(60), self.next()).await.expect("an event within a minute");
            let event = next.expect("the stream goes on");
            let last = fits(&event);
            events.push(event);
            if last {
                return events;
            }
        }
    }
}

/// Only what is replayed: events with an id.
pub(crate) fn durable(events: &[Event]) -> Vec<Event> {
    events.iter().filter(|event| event.id.is_some()).cloned().collect()
}
