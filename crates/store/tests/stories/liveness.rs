use std::{
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use studio::{
    ports::{DeadNode, Store as _},
    run::ClaimedBy,
};

use crate::{
    Database,
    desk::{Desk, always, by, event, open},
};

/// Where the child finds the folder, and the run that it is to claim.
const FOLDER: &str = "STORY_FOLDER";
const RUN: &str = "STORY_RUN";

pub(crate) async fn a_process_that_closed_is_no_dead_one(database: Database) {
    let desk = Desk::new(database).await;
    let neighbour = desk.neighbour().await;
    assert!(desk.store.dead_nodes().await.unwrap().is_empty(), "it lives");
    neighbour.close().await;
    neighbour.close().await;
    assert!(desk.store.dead_nodes().await.unwrap().is_empty(), "it left");
    assert_eq!(std::fs::read_dir(desk.folder.path().join("nodes")).unwrap().count(), 1);
    assert!(neighbour.change("x", always(vec![])).await.is_err(), "a closed store does nothing");
}

pub(crate) async fn a_dead_process_is_found_once_its_lock_is_gone(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "liveness::a_child_that_claims_a_run", "--ignored", "--nocapture"])
        .env(FOLDER, desk.folder.path())
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
    assert!(!desk.folder.path().join("nodes").join(&node).exists());
}

/// Not a story: what the story above starts as another process, and kills.
#[tokio::test]
#[ignore = "started by a story"]
async fn a_child_that_claims_a_run() {
    let (Ok(folder), Ok(run)) = (std::env::var(FOLDER), std::env::var(RUN)) else { return };
    let store = open(Path::new(&folder)).await;
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
    let second = mark().await;
    assert_ne!(second, first);
    desk.write(&run, vec![event("b")]).await;
    assert_ne!(mark().await, second, "our own writes count too");
}
