//! The studio: served by the real binary, and used in a real browser.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests say what went wrong")]

mod support;

use std::{
    collections::BTreeSet,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command},
    sync::Once,
};

use reqwest::{Client, Response, StatusCode, header};
use serde_json::Value;
use support::Writer;

/// The most that a browser may have to fetch before the studio can be used, in bytes.
const FIRST_LOAD: usize = 200_000;

fn web() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web")
}

/// A server process, gone with its story.
struct Server {
    child: Child,
    url: String,
    client: Client,
    _writer: Writer,
}

impl Server {
    fn start() -> Self {
        static CRYPTO: Once = Once::new();
        CRYPTO.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
        let writer = Writer::new();
        let mut child = writer.start(&["serve", "--listen", "127.0.0.1:0", "--json"]);
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        Self { child, url: said["url"].as_str().unwrap().into(), client: Client::new(), _writer: writer }
    }

    async fn get(&self, path: &str, headers: &[(header::HeaderName, &str)]) -> Response {
        let mut asked = self.client.get(format!("{}{path}", self.url));
        for (name, value) in headers {
            asked = asked.header(name, *value);
        }
        asked.send().await.unwrap()
    }

    /// A file as a browser fetches it: its size on the way, and its text.
    async fn fetched(&self, path: &str) -> (usize, String) {
        let packed = self.get(path, &[(header::ACCEPT_ENCODING, "br")]).await;
        assert_eq!(packed.headers()[header::CONTENT_ENCODING], "br", "{path}");
        let size = packed.bytes().await.unwrap().len();
        (size, self.get(path, &[]).await.text().await.unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Paths of scripts and styles that a text names.
fn named(text: &str) -> BTreeSet<String> {
    let words = text.split(['"', '\'', '`', '(', ')']);
    let files = words.filter(|word| word.ends_with(".js") || word.ends_with(".css"));
    files.filter_map(|file| Some(format!("/assets/{}", file.rsplit_once('/')?.1))).filter(|path| path != "/assets/look.js").collect()
}

#[tokio::test]
async fn the_studio_stands_at_the_root_and_finds_its_own_way_from_any_address() {
    let server = Server::start();
    let page = [(header::ACCEPT, "text/html,application/xhtml+xml")];
    let root = server.get("/", &[]).await;
    let policy = root.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self';") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(root.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    let tag = root.headers()[header::ETAG].to_str().unwrap().to_owned();
    let index = root.text().await.unwrap();
    assert!(index.contains("<title>Fabulist</title>") && !index.contains("<script>") && !index.contains("style="), "{index}");
    assert_eq!(server.get("/runs/anything/3", &page).await.text().await.unwrap(), index);
    assert_eq!(server.get("/", &[(header::IF_NONE_MATCH, &tag)]).await.status(), StatusCode::NOT_MODIFIED);
    for (path, headers) in [("/assets/gone.js", &page[..]), ("/nothing", &[]), ("/api/v1/nothing", &page[..])] {
        let missing = server.get(path, headers).await;
        assert_eq!(missing.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(missing.headers()[header::CONTENT_TYPE], "application/problem+json", "{path}");
    }
}

#[tokio::test]
async fn all_of_the_studio_together_is_smaller_than_a_first_load_may_be() {
    let server = Server::start();
    let (mut size, index) = server.fetched("/").await;
    let mut waiting = named(&index);
    let mut seen = BTreeSet::new();
    assert!(!waiting.is_empty(), "{index}");
    while let Some(path) = waiting.pop_first() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let kept = server.get(&path, &[]).await;
        assert_eq!(kept.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable", "{path}");
        let (bytes, text) = server.fetched(&path).await;
        size += bytes;
        waiting.extend(named(&text));
    }
    assert!(seen.len() > 8, "only {seen:?} was found");
    assert!(size < FIRST_LOAD, "{size} bytes, compressed");
}

/// Runs a program of the studio's packages in its folder.
fn node(script: &str, args: &[&str]) -> (bool, String) {
    let mut command = Command::new("node");
    command
        .arg(Path::new("node_modules").join(script))
        .args(args)
        .current_dir(web())
        .env("FABULIST_BINARY", env!("CARGO_BIN_EXE_fabulist"));
    let ended = command.output().expect("Node is not installed: `cargo xtask test` installs it");
    (ended.status.success(), format!("{}{}", String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr)))
}

#[test]
fn the_types_are_those_of_the_api_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let fresh = dir.path().join("api.types.ts");
    let (made, said) = node("openapi-typescript/bin/cli.js", &["../docs/openapi.json", "--output", fresh.to_str().unwrap()]);
    assert!(made, "{said}");
    let kept = std::fs::read_to_string(web().join("src/lib/api.types.ts")).unwrap();
    assert!(kept == std::fs::read_to_string(fresh).unwrap(), "web/src/lib/api.types.ts is not current: run `npm run types` in web/");
}

#[test]
fn the_studio_is_typed_without_a_warning() {
    let (clean, said) = node("svelte-check/bin/svelte-check", &["--fail-on-warnings"]);
    assert!(clean, "{said}");
}

/// Lets the stories of one file be played in a browser.
fn played(stories: &str) {
    let browser = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".into());
    assert!(Path::new(&browser).exists(), "{browser} is not installed: `cargo xtask test` installs it, and CHROMIUM names another one");
    let left = tempfile::tempdir().unwrap();
    let file = format!("tests/{stories}.spec.ts");
    let (told, said) = node("@playwright/test/cli.js", &["test", &file, "--output", left.path().to_str().unwrap()]);
    assert!(told, "{said}");
    println!("{said}");
}

#[test]
fn stories_of_a_first_visit() {
    played("first-visit");
}

#[test]
fn stories_of_a_brief() {
    played("brief");
}

#[test]
fn stories_of_a_run_that_is_watched() {
    played("live");
}

#[test]
fn stories_of_a_run_that_is_driven() {
    played("drive");
}

#[test]
fn stories_of_a_run_that_waits_for_its_person() {
    played("decide");
}

#[test]
fn stories_of_a_page_that_was_away() {
    played("away");
}

#[test]
fn stories_of_what_is_done_once() {
    played("once");
}

#[test]
fn stories_of_what_was_typed() {
    played("kept");
}

#[test]
fn stories_of_passages() {
    played("passages");
}

#[test]
fn stories_of_a_text_that_is_changed() {
    played("change");
}

#[test]
fn stories_of_a_novel_that_becomes_a_script() {
    played("adapt");
}

#[test]
fn what_the_studio_reckons() {
    played("pure");
}

#[test]
fn stories_of_everybody() {
    played("access");
}

#[test]
fn stories_of_long_books() {
    played("smooth");
}

#[test]
fn stories_of_everywhere() {
    played("everywhere");
}
