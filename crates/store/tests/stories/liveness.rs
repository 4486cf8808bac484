use std::{
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use store::Place;
use studio::{
    ports::{DeadNode, Store as _},
    run::ClaimedBy,
};

use crate::{
    Database,
    desk::{Desk, always, by, event, open},
};

/// Where the child finds the folder or the server, and the run that it is to claim.
const FOLDER: &str = "STORY_FOLDER";
const URL: &str = "STORY_URL";
const RUN: &str = "STORY_RUN";

pub(crate) async fn a_process_that_closed_is_no_dead_one(database: Database) {
    let desk = Desk::new(database).await;
    let neighbour = desk.neighbour().await;
    assert!(desk.store.dead_nodes().await.unwrap().is_empty(), "it lives");
    neighbour.close().await;
    neighbour.close().await;
    assert!(desk.store.dead_nodes().await.unwrap().is_empty(), "it left");
    assert_eq!(desk.raw().await.number("SELECT COUNT(*) FROM nodes").await, 1);
    if database == Database::Sqlite {
        assert_eq!(std::fs::read_dir(desk.folder.path().join("nodes")).unwrap().count(), 1);
    }
    assert!(neighbour.change("x", always(vec![])).await.is_err(), "a closed store does nothing");
}

pub(crate) async fn a_dead_process_is_found_with_its_runs(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "liveness::a_child_that_claims_a_run", "--ignored", "--nocapture"])
        .env(
            if database == Database::Sqlite { FOLDER } else { URL },
            match &desk.place {
                Place::Folder(folder) => folder.as_os_str(),
                Place::Url(url) => url.as_ref(),
            },
        )
        .env(RUN, &run.id)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let since = Instant::now();
    let node = loop {
        if let Some(claim) = desk.store.run(&run.id).await.unwrap().claim {
            break claim.node;
        }
        assert!(since.elapsed() < Duration::from_secs(30), "the child never came");
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    assert!(desk.store.dead_nodes().await.unwrap().is_empty(), "the child lives");
    child.kill().unwrap();
    child.wait().unwrap();
    if database == Database::Postgres {
        assert!(desk.store.dead_nodes().await.unwrap().is_empty(), "it was heard of just now");
        later(&desk, &node, 21).await;
        desk.store.forget_node(desk.store.node()).await.unwrap();
    }
    let dead = DeadNode { node: node.clone(), runs: vec![run.id.clone()] };
    assert_eq!(desk.store.dead_nodes().await.unwrap(), std::slice::from_ref(&dead));
    desk.store
        .change(
            &run.id,
            by(|run| {
                run.epoch += 1;
                run.claim = None;
                Ok(vec![event("step.failed")])
            }),
        )
        .await
        .unwrap();
    assert_eq!(desk.store.dead_nodes().await.unwrap(), [DeadNode { runs: vec![], ..dead }]);
    desk.store.forget_node(&node).await.unwrap();
    assert!(desk.store.dead_nodes().await.unwrap().is_empty());
    assert_eq!(desk.raw().await.texts("SELECT id FROM nodes").await, [desk.store.node()], "and nobody is forgotten who lives");
    assert!(!desk.folder.path().join("nodes").join(&node).exists());
}

/// So many seconds pass in which nothing is heard of `node`.
pub(crate) async fn later(desk: &Desk, node: &str, seconds: i64) {
    desk.raw().await.run(&format!("UPDATE nodes SET seen_at = seen_at - {seconds}000000 WHERE id = '{node}'")).await;
}

/// Not a story: what the story above starts as another process, and kills.
#[tokio::test]
#[ignore = "started by a story"]
async fn a_child_that_claims_a_run() {
    let folder = std::env::var(FOLDER).map(|folder| Place::Folder(folder.into()));
    let (Ok(place), Ok(run)) = (folder.or_else(|_| std::env::var(URL).map(Place::Url)), std::env::var(RUN)) else { return };
    let store = open(&place).await;
    let node = store.node().to_owned();
    let claim = by(move |run| {
        run.epoch += 1;
        run.claim = Some(ClaimedBy { node: node.clone(), kind: "step".into() });
        Ok(vec![event("step.started")])
    });
    store.change(&run, claim).await.unwrap();
    tokio::time::sleep(Duration::from_secs(60)).await;
}

pub(crate) async fn the_mark_changes_when_another_process_writes(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    let neighbour = desk.neighbour().await;
    let mark = async || desk.store.change_mark().await.unwrap();
    let first = mark().await;
    assert_eq!(mark().await, first, "nobody wrote");
    neighbour.change(&run.id, always(vec![event("a")])).await.unwrap();
    // A server's word may take a moment.
    let mut second = mark().await;
    for _ in 0..200 {
        if second != first {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
        second = mark().await;
    }
    assert_ne!(second, first);
    desk.write(&run, vec![event("b")]).await;
    assert_ne!(mark().await, second, "our own writes count too");
}
