//! Local safety, slow clients, and the end of a server.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use llm::adversary::Adversary;
use serde_json::{Value, json};

use crate::{
    scenarios::with_model,
    server::Server,
    support::{
        Writer,
        killing::{Signal, signal},
    },
};

#[tokio::test]
async fn another_host_or_origin_is_refused() {
    let server = Server::start();
    let ask = |headers: &[(&'static str, &str)]| {
        let mut request = server.client.post(server.at("/briefs")).header("content-type", "application/json").body(r#"{"content":{}}"#);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        server.send(request)
    };
    let own = server.url.clone();
    ask(&[("origin", &own)]).await.is(201);
    ask(&[("host", "evil.example")]).await.problem(403, "host-not-allowed");
    ask(&[("origin", "http://evil.example")]).await.problem(403, "origin-not-allowed");
    ask(&[("origin", "null")]).await.problem(403, "origin-not-allowed");
    ask(&[("sec-fetch-site", "cross-site")]).await.problem(403, "origin-not-allowed");
    let reading = server.client.get(server.at("/briefs")).header("origin", "http://evil.example");
    server.send(reading).await.problem(403, "origin-not-allowed");
    let brief = server.get("/briefs").await.is(200);
    assert_eq!(brief["items"].as_array().unwrap().len(), 1, "nothing else was kept");
}

#[test]
fn another_address_is_refused_until_there_are_accounts() {
    let writer = Writer::new();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.7:4747", "nonsense", "127.0.0.1", "localhost:x"] {
        writer.run(&["serve", "--listen", address]).failed(2, &[]);
    }
    writer.run(&["serve", "--listen", "127.0.0.1:0", "--public-url", "studio"]).failed(2, &["no address of a server"]);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    writer.run(&["serve", "--listen", &address]).failed(1, &["Cannot listen", "--listen"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_are_slow_or_never_read_hold_nobody_else() {
    let server = Server::start();
    let run = server.run().await;
    let address = server.address().to_owned();
    let mut slow = Vec::new();
    for _ in 0..50 {
        // Half a head, and nothing more.
        let mut half = TcpStream::connect(&address).unwrap();
        half.write_all(b"GET /api/v1/briefs HTTP/1.1\r\nHost: 127.0.0.1\r\n").unwrap();
        slow.push(half);
        // Half a body, and nothing more.
        let mut half = TcpStream::connect(&address).unwrap();
        half.write_all(
            b"POST /api/v1/briefs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{",
        )
        .unwrap();
        slow.push(half);
        // Asks for all events and never reads one.
        let mut deaf = TcpStream::connect(&address).unwrap();
        let head = format!("GET /api/v1/workflow-runs/{run}/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        deaf.write_all(head.as_bytes()).unwrap();
        slow.push(deaf);
        let mut deaf = TcpStream::connect(&address).unwrap();
        deaf.write_all(b"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").unwrap();
        slow.push(deaf);
    }
    // Takes the events byte by byte, slower than they come.
    let mut sipping = TcpStream::connect(&address).unwrap();
    sipping.write_all(b"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").unwrap();
    let sips = std::thread::spawn(move || {
        let mut taken = Vec::new();
        let mut byte = [0];
        while let Ok(1) = sipping.read(&mut byte) {
            taken.push(byte[0]);
            std::thread::sleep(Duration::from_millis(100));
        }
        taken
    });
    let begun = Instant::now();
    let mut reader = server.follow(&format!("/workflow-runs/{run}/events"), None).await;
    server.post(&format!("/workflow-runs/{run}/autorun/start"), Value::Null).await.is(202);
    reader.until(|event| event.data.pointer("/run/status") == Some(&json!("succeeded"))).await;
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    let asked = Instant::now();
    server.get("/briefs").await.is(200);
    assert!(asked.elapsed() < Duration::from_secs(2));
    let ended = Instant::now();
    let (code, _) = server.end();
    assert_eq!(code, 0, "slow clients do not hold the end either");
    assert!(ended.elapsed() < Duration::from_secs(10), "{:?}", ended.elapsed());
    drop(slow);
    assert!(!sips.is_finished(), "it still has something to take: what was sent before the end");
}

#[test]
fn a_client_that_says_or_takes_nothing_is_let_go() {
    let server = Server::start();
    // An answer that no buffer holds, never read: the head of a request that follows it is never answered.
    let mut deaf = TcpStream::connect(server.address()).unwrap();
    let mut half = TcpStream::connect(server.address()).unwrap();
    half.write_all(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n").unwrap();
    let mut idle = TcpStream::connect(server.address()).unwrap();
    idle.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut answer = [0; 12];
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").unwrap();
    idle.read_exact(&mut answer).unwrap();
    let asked = b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    deaf.set_write_timeout(Some(Duration::from_secs(1))).unwrap();
    while deaf.write_all(asked).is_ok() {}
    let begun = Instant::now();
    deaf.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    std::thread::sleep(Duration::from_secs(33));
    half.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    assert!(matches!(half.read(&mut [0]), Ok(0)), "half a head is not waited for");
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").unwrap();
    let mut rest = String::new();
    idle.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("HTTP/1.1 200"), "a connection may idle: {rest}");
    let mut all = Vec::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match deaf.read(&mut piece) {
            Ok(0) => break,
            Ok(n) => all.extend_from_slice(&piece[..n]),
            Err(e) if matches!(e.kind(), std::io::ErrorKind::ConnectionReset | std::io::ErrorKind::BrokenPipe) => break,
            Err(e) => assert!(begun.elapsed() < Duration::from_secs(60), "the connection is still open: {e}"),
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "the connection is still answered");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_told_to_end_finishes_its_steps_and_goes_on_at_the_next_start() {
    let model = Adversary::new().with_words(180).with_pause(Duration::from_millis(8)).start().await.unwrap();
    let server = with_model(&model);
    let (run, by_hand) = (server.run().await, server.run().await);
    server.post(&format!("/workflow-runs/{run}/autorun/start"), Value::Null).await.is(202);
    let mut stream = server.follow(&format!("/workflow-runs/{run}/events"), None).await;
    stream.until(|event| event.name == "step.delta").await;
    let pressed = server.client.post(server.at(&format!("/workflow-runs/{by_hand}/next"))).send();
    let pressed = tokio::spawn(pressed);
    server.until(&by_hand, |run| !run["active_step"].is_null()).await;
    signal(&server.child, Signal::Terminate);
    let done: Value = pressed.await.unwrap().unwrap().json().await.unwrap();
    assert_eq!(done["step"]["status"], "succeeded", "who waits for a step gets it: {done}");
    stream.rest().await;
    let writer = server.writer.clone();
    let (code, said) = server.ended();
    assert_eq!(code, 0, "{said}");
    let again = Server::of(writer);
    let steps = again.steps(&run).await;
    assert!(steps.iter().all(|step| step["status"] != "canceled" && step["status"] != "failed"), "{steps:?}");
    again.until(&run, |run| run["status"] == "succeeded").await;
    assert_eq!(again.get(&format!("/workflow-runs/{by_hand}")).await.is(200)["cursor"]["phase"], "novel.chapter.beats");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_aborts() {
    let model = Adversary::new().with_words(180).with_pause(Duration::from_millis(500)).start().await.unwrap();
    let mut server = with_model(&model);
    let run = server.run().await;
    server.post(&format!("/workflow-runs/{run}/next?wait=0"), Value::Null).await;
    server.until(&run, |run| !run["active_step"].is_null()).await;
    signal(&server.child, Signal::Terminate);
    tokio::time::sleep(Duration::from_millis(300)).await;
    let begun = Instant::now();
    signal(&server.child, Signal::Terminate);
    let code = server.child.wait().unwrap().code();
    assert_eq!(code, Some(130));
    assert!(begun.elapsed() < Duration::from_secs(5));
}
