//! Events: replayed exactly, and as they happen.

use std::time::Duration;

use futures::future::join_all;
use llm::adversary::Adversary;
use serde_json::{Value, json};

use crate::{
    scenarios::with_model,
    server::Server,
    sse::{Event, durable},
};

fn numbers(events: &[Event]) -> Vec<i64> {
    durable(events).iter().map(|event| event.id.as_ref().unwrap().parse().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_replayed_exactly() {
    let server = Server::start();
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}/events");
    let live = server.follow(&path, None).await;
    let live = tokio::spawn(live.rest());
    server.post(&format!("/workflow-runs/{run}/autorun/start"), Value::Null).await.is(202);
    let seen = durable(&live.await.unwrap());
    assert_eq!(numbers(&seen), (1..=i64::try_from(seen.len()).unwrap()).collect::<Vec<_>>());
    assert_eq!((seen[0].name.as_str(), seen.last().unwrap().data["run"]["status"].as_str()), ("run.created", Some("succeeded")));
    for event in &seen {
        assert_eq!(event.data.pointer("/run/state"), None);
        assert_eq!(event.data.pointer("/step/outputs"), None);
        assert_eq!(event.data.pointer("/step/state_patch"), None);
        assert_eq!(event.data.pointer("/version/content_text"), None);
    }
    assert_eq!(seen.iter().filter(|event| event.name == "artifact.committed").count(), 2);
    // The stream of an ended run is replayed and closed, from wherever it is asked for.
    assert_eq!(server.follow(&path, None).await.rest().await, seen);
    for after in [1, 7, seen.len() - 1, seen.len()] {
        assert_eq!(server.follow(&path, Some(&after.to_string())).await.rest().await, seen[after..]);
        assert_eq!(server.follow(&format!("{path}?after={after}"), None).await.rest().await, seen[after..]);
    }
    assert_eq!(server.follow(&format!("{path}?after=3"), Some("9")).await.rest().await, seen[9..], "the header wins");
    assert_eq!(server.follow(&format!("{path}?after=latest"), None).await.rest().await, []);
    let reset = server.follow(&path, Some("9999")).await.rest().await;
    assert_eq!((reset.len(), reset[0].name.as_str()), (1, "stream.reset"));
    assert_eq!((&reset[0].data["run"]["id"], &reset[0].data["steps_after"]), (&json!(run), &json!(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_reconnects_misses_nothing_and_sees_nothing_twice() {
    let model = Adversary::new().with_words(180).with_pause(Duration::from_millis(2)).start().await.unwrap();
    let server = with_model(&model);
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}/events");
    server.post(&format!("/workflow-runs/{run}/autorun/start"), Value::Null).await.is(202);
    let mut seen: Vec<Event> = Vec::new();
    for piece in 1.. {
        let last = seen.last().and_then(|event| event.id.clone());
        let mut stream = server.follow(&path, last.as_deref()).await;
        let mut got = 0;
        let mut ended = false;
        while got < piece {
            match stream.next().await {
                Some(event) if event.id.is_some() => {
                    got += 1;
                    seen.push(event);
                }
                Some(_) => {}
                None => {
                    ended = true;
                    break;
                }
            }
        }
        if ended {
            break;
        }
    }
    assert_eq!(server.follow(&path, None).await.rest().await, seen);
}

#[tokio::test(flavor = "multi_thread")]
async fn prose_is_streamed_and_who_comes_later_gets_it_from_the_start() {
    let model = Adversary::new().with_words(180).with_pause(Duration::from_millis(15)).start().await.unwrap();
    let server = with_model(&model);
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}");
    server.post(&format!("{path}/autorun/start"), json!({ "until": { "step": "novel.chapter.draft" } })).await.is(202);
    let mut early = server.follow(&format!("{path}/events"), None).await;
    early.until(|event| event.name == "step.delta" && event.data["offset"].as_u64().unwrap() > 40).await;
    let mut late = server.follow(&format!("{path}/events?after=latest"), None).await;
    let mut all = server.follow(&format!("/events?after=latest&deltas={run}"), None).await;
    let done = |event: &Event| event.name == "step.succeeded";
    let prose = |events: &[Event]| {
        let mut text = String::new();
        for event in events.iter().filter(|event| event.name == "step.delta") {
            assert_eq!(event.data["offset"].as_u64().unwrap() as usize, text.chars().count(), "deltas follow each other");
            text.push_str(event.data["text"].as_str().unwrap());
        }
        text
    };
    let (late, all) = (late.until(done).await, all.until(done).await);
    let draft = server.get(&path).await.is(200)["state"]["draft"]["text"].clone();
    let draft = draft.as_str().unwrap();
    assert_eq!(prose(&late).trim(), draft);
    assert_eq!(prose(&all).trim(), draft);
    assert_eq!(late[0].data["offset"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_stream_carries_many_runs() {
    let server = Server::start();
    let runs = join_all((0..4).map(|_| server.run())).await;
    let mut all = server.follow("/events", None).await;
    let mut some = server.follow(&format!("/events?runs={},{}", runs[0], runs[2]), None).await;
    for run in &runs {
        server.post(&format!("/workflow-runs/{run}/autorun/start"), Value::Null).await.is(202);
    }
    for run in &runs {
        server.until(run, |run| run["status"] == "succeeded").await;
    }
    server.delete(&format!("/workflow-runs/{}", runs[2])).await.is(204);
    let gone = |event: &Event| event.name == "run.deleted";
    let (all, some) = (all.until(gone).await, some.until(gone).await);
    assert!(durable(&all).last().unwrap().id.is_some(), "in the feed it has its position");
    let of = |events: &[Event], run: &str| -> Vec<String> {
        let about = |event: &Event| event.data["run_id"] == json!(run) || event.data.pointer("/run/id") == Some(&json!(run));
        events.iter().filter(|event| about(event)).map(|event| event.name.clone()).collect()
    };
    for run in &runs {
        let names = of(&all, run);
        assert_eq!(names.iter().filter(|name| *name == "run.created").count(), 1);
        if *run != runs[2] {
            let own: Vec<String> =
                server.follow(&format!("/workflow-runs/{run}/events"), None).await.rest().await.into_iter().map(|e| e.name).collect();
            assert_eq!(names, own, "the same events in the same order");
        }
    }
    assert_eq!((of(&some, &runs[1]).len(), of(&some, &runs[0])), (0, of(&all, &runs[0])));
    // Replay from any position.
    let at = all[all.len() / 2].id.clone().unwrap();
    let mut again = server.follow("/events", Some(&at)).await;
    let again = again.until(gone).await;
    let rest: Vec<&Event> = all[all.len() / 2 + 1..]
        .iter()
        .filter(|e| e.data["run_id"] != json!(runs[2]) && e.data.pointer("/run/id") != Some(&json!(runs[2])))
        .collect();
    assert_eq!(again.iter().filter(|e| e.name != "run.deleted").collect::<Vec<_>>(), rest);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_run_ends_its_stream() {
    let server = Server::start();
    let run = server.run().await;
    let mut stream = server.follow(&format!("/workflow-runs/{run}/events"), None).await;
    stream.until(|event| event.name == "run.created").await;
    server.delete(&format!("/workflow-runs/{run}")).await.is(204);
    let rest = stream.rest().await;
    assert_eq!(rest, [Event { id: None, name: "run.deleted".into(), data: json!({ "run_id": run }) }]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_writes_is_told_too() {
    let server = Server::start();
    let other = Server::of(server.writer.clone());
    let run = server.run().await;
    let mut stream = other.follow(&format!("/workflow-runs/{run}/events"), None).await;
    let mut all = other.follow("/events", None).await;
    server.post(&format!("/workflow-runs/{run}/next"), Value::Null).await.is(200);
    let done = |event: &Event| event.name == "step.succeeded";
    assert_eq!(durable(&stream.until(done).await).len(), 4);
    assert_eq!(all.until(done).await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_followers_are_told_within_milliseconds() {
    let server = Server::start();
    let runs = join_all((0..20).map(|_| server.run())).await;
    let mut followers = Vec::new();
    for run in &runs {
        for _ in 0..10 {
            let mut stream = server.follow(&format!("/workflow-runs/{run}/events?after=latest"), None).await;
            followers.push(tokio::spawn(async move {
                let mut seen = Vec::new();
                while let Some(event) = stream.next().await {
                    seen.push(event);
                }
                numbers(&seen)
            }));
        }
    }
    for run in &runs {
        server.post(&format!("/workflow-runs/{run}/autorun/start"), Value::Null).await.is(202);
    }
    let told = join_all(followers).await;
    for (n, seen) in told.into_iter().enumerate() {
        let seen = seen.unwrap();
        let last = i64::try_from(seen.len()).unwrap() + 1;
        assert_eq!(seen, (2..=last).collect::<Vec<_>>(), "follower {n} misses nothing");
    }
}
