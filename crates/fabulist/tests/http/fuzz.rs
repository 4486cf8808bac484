//! Ten thousand requests that nobody would send: none is answered with a 5xx, and the server goes on.

use futures::StreamExt;
use reqwest::Method;
use serde_json::Value;

use crate::server::Server;

const REQUESTS: u64 = 10_000;

/// A dice that falls the same way every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below
    }

    fn of<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }
}

const VALUES: [&str; 26] = [
    "null",
    "true",
    "0",
    "-1",
    "1.5",
    "1e999",
    "99999999999999999999",
    "\"\"",
    "\"x\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\u{202e}文\"",
    "[]",
    "{}",
    "[[[[]]]]",
    "{\"a\":null}",
    "\"novel\"",
    "\"rehearsal\"",
    "[\"novel.outline\"]",
    "{\"max_tokens\":1}",
    "{\"chapter\":1}",
    "{\"characters\":[{\"name\":\"A\"}]}",
    "{\"output_spec\":{\"chapter_count\":-1}}",
    "\"01a1fa14-b54b-76aa-af0d-ea22d564885d\"",
    "-0.0",
    "1E400",
];
const KEYS: [&str; 20] = [
    "title",
    "content",
    "label",
    "kind",
    "brief_snapshot_id",
    "budget",
    "pause_before",
    "model",
    "expected_index",
    "candidates",
    "until",
    "now",
    "accept",
    "content_text",
    "parent_version_id",
    "ordinal",
    "workflow_run_id",
    "autorun",
    "split_mode",
    "\\u0000",
];
const IDS: [&str; 6] = ["01a1fa14-b54b-76aa-af0d-ea22d564885d", "x", "%00", "%ff", "-1", "9999999999999999999999"];
const QUERIES: [&str; 14] = [
    "",
    "",
    "",
    "?limit=5",
    "?limit=x",
    "?cursor=1.1",
    "?cursor=%ff",
    "?after=1",
    "?wait=0",
    "?include=state",
    "?format=txt",
    "?x",
    "?=",
    "?&&&",
];
const KINDS: [&str; 5] = ["application/json", "application/merge-patch+json", "text/plain", "application/json; charset=latin1", ""];

fn body(dice: &mut Dice) -> String {
    match dice.roll(8) {
        0 => String::new(),
        1 => dice.of(&VALUES).to_owned(),
        2 => "[".repeat(dice.roll(400)),
        3 => "{\"content\":".repeat(dice.roll(200)),
        _ => {
            let fields: Vec<String> = (0..dice.roll(4)).map(|_| format!("\"{}\":{}", dice.of(&KEYS), dice.of(&VALUES))).collect();
            let whole = format!("{{{}}}", fields.join(","));
            let cut = if dice.roll(6) == 0 { dice.roll(whole.len()) } else { whole.len() };
            String::from_utf8_lossy(&whole.as_bytes()[..cut]).into_owned()
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_malformed_requests_break_nothing() {
    let server = Server::start();
    let run = server.run().await;
    let shown = server.get(&format!("/workflow-runs/{run}")).await.is(200);
    let known = [run.as_str(), shown["brief_id"].as_str().unwrap(), shown["brief_snapshot_id"].as_str().unwrap()];
    let templates: Vec<String> = server.description.document["paths"].as_object().unwrap().keys().cloned().collect();
    let methods = [Method::GET, Method::POST, Method::PATCH, Method::DELETE, Method::PUT, Method::OPTIONS];
    let mut dice = Dice(20_261_120);
    let mut requests = Vec::new();
    for _ in 0..REQUESTS {
        let id = if dice.roll(2) == 0 { dice.of(&known) } else { dice.of(&IDS) };
        let path = templates[dice.roll(templates.len())]
            .replace("{id}", id)
            .replace("{index}", dice.of(&["0", "1", "-1", "x", "9999999999999999999"]));
        let method = methods[dice.roll(methods.len())].clone();
        // Streams of events do not end; what was made stays for the others to find.
        if (path.ends_with("/events") && method == Method::GET) || (method == Method::DELETE && known.contains(&id)) {
            continue;
        }
        let url = format!("{}{path}{}", server.url, dice.of(&QUERIES));
        let mut request = server.client.request(method, &url).body(body(&mut dice));
        let kind = if dice.roll(3) == 0 { dice.of(&KINDS) } else { KINDS[0] };
        if !kind.is_empty() {
            request = request.header("content-type", kind);
        }
        requests.push((url, request));
    }
    let mut asked = futures::stream::iter(requests)
        .map(async |(url, request)| {
            let response = request.send().await.unwrap_or_else(|e| panic!("{url}: {e}"));
            let (status, kind) = (response.status().as_u16(), response.headers().get("content-type").cloned());
            (url, status, kind, response.text().await.unwrap())
        })
        .buffer_unordered(8);
    let mut statuses = std::collections::BTreeMap::<u16, u32>::new();
    while let Some((url, status, kind, text)) = asked.next().await {
        *statuses.entry(status).or_default() += 1;
        assert!(status < 500, "{url}: {status}: {text}");
        if status >= 400 {
            assert_eq!(kind.unwrap(), "application/problem+json", "{url}: {status}");
            let problem: Value = serde_json::from_str(&text).unwrap();
            assert!(problem["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "{url}: {text}");
        }
    }
    println!("{statuses:?}");
    drop(asked);
    server.get("/readyz").await.is(200);
    let (code, said) = server.end();
    assert_eq!(code, 0);
    assert!(!said.contains("panicked"), "{said}");
}
