//! Red when the database, the disk or the driver is in trouble, and green again by itself: on a disk that is really full, with a server that
//! is really gone, with a driver that really stands still.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use llm::adversary::{Adversary, Behaviour, Running};
use serde_json::{Value, json};
use testbed::Postgres;

use crate::{metrics::scrape, server::Server, support::Writer};

/// Waits until `/readyz` says so; every red answer is a problem with all checks.
async fn until_ready(server: &Server, wanted: impl Fn(&Value) -> bool) -> Value {
    let begun = Instant::now();
    loop {
        let answer = server.get("/readyz").await;
        let said = answer.json();
        assert_eq!(answer.status == 200, said["status"] == "ok", "{said}");
        if answer.status != 200 {
            let problem = answer.problem(503, "not-ready");
            assert!(problem["hint"].as_str().is_some_and(|hint| !hint.is_empty()) && !answer.header("retry-after").is_empty());
        }
        if wanted(&said["checks"]) {
            return said;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "it never came to that: {said}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn all_well(checks: &Value) -> bool {
    ["database", "disk", "driver"].iter().all(|check| checks[check] == json!({ "status": "ok" }))
}

/// A server whose data lie on a disk of its own of 80 MB, which nobody else sees and which ends with it.
fn on_a_small_disk(writer: Writer) -> Option<(Server, PathBuf)> {
    let data = writer.data();
    std::fs::create_dir_all(&data).unwrap();
    let within = r#"mount -t tmpfs -o size=80m small "$0" && exec "$@""#;
    let mut namespace = vec!["--mount"];
    if !rustix::process::geteuid().is_root() {
        namespace.extend(["--user", "--map-root-user"]);
    }
    let tried = Command::new("unshare").args(&namespace).args(["sh", "-c", within]).arg(&data).arg("true").output();
    if !tried.as_ref().is_ok_and(|output| output.status.success()) {
        assert!(std::env::var_os("CI").is_none(), "no disk of 80 MB can be mounted here: {tried:?}");
        println!("NOT TESTED: no disk of 80 MB can be mounted here: {tried:?}");
        return None;
    }
    let serve = writer.command(&["serve", "--listen", "127.0.0.1:0", "--json"]);
    let mut command = Command::new("unshare");
    command.args(&namespace).args(["sh", "-c", within]).arg(&data).arg(serve.get_program()).args(serve.get_args());
    command.env_clear().envs(serve.get_envs().filter_map(|(key, value)| Some((key, value?))));
    command.current_dir(writer.dir.path());
    let server = Server::by(Arc::new(writer), command);
    // The disk as the server sees it.
    let disk = Path::new("/proc").join(server.child.id().to_string()).join("root").join(data.strip_prefix("/").unwrap());
    Some((server, disk))
}

/// Leaves so many bytes of a disk free.
fn fill(disk: &Path, leave: u64) {
    let free = || {
        let disk = rustix::fs::statvfs(disk).unwrap();
        disk.f_bavail * disk.f_frsize
    };
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(disk.join("filler")).unwrap();
    while free() > leave {
        let piece = vec![b'x'; usize::try_from((free() - leave).min(1 << 20)).unwrap()];
        if std::io::Write::write_all(&mut file, &piece).is_err() {
            return;
        }
    }
}

fn empty(disk: &Path) {
    std::fs::remove_file(disk.join("filler")).unwrap();
}

fn writer_on(model: &Running) -> Writer {
    Writer::new().with("OPENAI_BASE_URL", &model.base_url()).with("OPENAI_API_KEY", "sk-test").with("FABULIST_MODEL", "openai/gpt-5-mini")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fills_up_turns_it_red_and_a_paid_answer_is_kept_until_there_is_room() {
    let model = Adversary::new().with_words(180).start().await.unwrap();
    let Some((server, disk)) = on_a_small_disk(writer_on(&model)) else { return };
    until_ready(&server, all_well).await;
    let (held, waiting) = (server.run().await, server.run().await);

    // Little room: nothing new is begun, by hand or by itself.
    fill(&disk, 30_000_000);
    let said = until_ready(&server, |checks| checks["disk"]["status"] == "failing").await;
    assert_eq!((&said["checks"]["database"]["status"], &said["checks"]["driver"]["status"]), (&json!("ok"), &json!("ok")), "{said}");
    assert!(said["detail"].as_str().unwrap().contains("MB are free"), "{said}");
    server.post(&format!("/workflow-runs/{waiting}/autorun/start"), Value::Null).await.is(202);
    server.post(&format!("/workflow-runs/{held}/next"), Value::Null).await.problem(503, "not-ready");
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert!(server.steps(&waiting).await.is_empty() && server.steps(&held).await.is_empty(), "nothing was claimed");
    let seen = scrape(&server).await;
    assert_eq!((seen.sum("fabulist_queue_runs", &[]), seen.sum("fabulist_ready", &[("check", "disk")])), (1.0, 0.0));
    server.post(&format!("/workflow-runs/{waiting}/autorun/stop"), Value::Null).await.is(200);
    empty(&disk);
    until_ready(&server, all_well).await;

    // No room at all, with an answer on the wire.
    model.adversary.script([Behaviour::SlowFirstToken(Duration::from_millis(1500))]);
    let path = server.at(&format!("/workflow-runs/{held}/next"));
    let pressed = tokio::spawn(server.client.post(path).send());
    server.until(&held, |run| !run["active_step"].is_null()).await;
    fill(&disk, 0);
    let said = until_ready(&server, |checks| checks["database"]["status"] == "failing").await;
    assert_eq!(said["checks"]["disk"]["status"], "failing", "{said}");
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(model.adversary.answered(), 1, "the answer is in hand");
    assert!(scrape(&server).await.sum("fabulist_store_retries_total", &[]) >= 1.0);
    empty(&disk);
    until_ready(&server, all_well).await;
    let step: Value = pressed.await.unwrap().unwrap().json().await.unwrap();
    assert_eq!(step["step"]["status"], "succeeded", "{step}");
    assert!(model.adversary.asked_again().is_empty(), "nothing was paid twice");

    // What waited goes on by itself.
    server.post(&format!("/workflow-runs/{waiting}/autorun/start"), Value::Null).await.is(202);
    server.until(&waiting, |run| run["status"] == "succeeded").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_server_that_goes_away_turns_it_red_until_it_is_back() {
    let postgres = Postgres::start().unwrap();
    let url = postgres.new_database().unwrap();
    let writer = Writer::new().with("FABULIST_DATABASE_URL", &url);
    let server = Server::of(Arc::new(writer));
    until_ready(&server, all_well).await;
    let run = server.run().await;
    let begun = Instant::now();
    postgres.kill().unwrap();
    let said = until_ready(&server, |checks| checks["database"]["status"] == "failing").await;
    println!("red after {:?}: {said}", begun.elapsed());
    assert_eq!(said["checks"]["disk"]["status"], "ok", "{said}");
    // Probes are answered in time however long it lasts, and the driver goes on coming round.
    let until = Instant::now() + Duration::from_secs(18);
    while Instant::now() < until {
        let asked = Instant::now();
        let answer = server.get("/readyz").await.problem(503, "not-ready");
        assert!(asked.elapsed() < Duration::from_secs(6), "{:?}", asked.elapsed());
        assert_eq!(answer["checks"]["driver"]["status"], "ok", "{answer}");
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    let refused = server.post(&format!("/workflow-runs/{run}/next"), Value::Null).await;
    assert_eq!(refused.status, 503, "{}", refused.text);
    postgres.boot().unwrap();
    let begun = Instant::now();
    until_ready(&server, all_well).await;
    println!("green after {:?}", begun.elapsed());
    server.post(&format!("/workflow-runs/{run}/autorun/start"), Value::Null).await.is(202);
    server.until(&run, |run| run["status"] == "succeeded").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_driver_that_stands_still_turns_it_red() {
    let server = Server::of(Arc::new(Writer::new().with("FABULIST_STOP_AT", "round#20")));
    until_ready(&server, all_well).await;
    let said = until_ready(&server, |checks| checks["driver"]["status"] == "failing").await;
    assert_eq!((&said["checks"]["database"]["status"], &said["checks"]["disk"]["status"]), (&json!("ok"), &json!("ok")), "{said}");
    assert!(said["detail"].as_str().unwrap().contains("has not looked at the rows"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_driver_that_came_to_grief_turns_it_red_and_begins_anew_by_itself() {
    let server = Server::of(Arc::new(Writer::new().with("FABULIST_STOP_AT", "fall#20")));
    until_ready(&server, all_well).await;
    until_ready(&server, |checks| checks["driver"]["detail"] == "The driver has come to grief.").await;
    until_ready(&server, all_well).await;
    server.written().await;
}
