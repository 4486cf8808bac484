use studio::{
    ports::{Store as _, Write},
    run::ClaimedBy,
};

use crate::{
    Database,
    desk::{Desk, a_told_run, by, is_unusable, open, value},
};

pub(crate) async fn the_log_is_folded_in_while_we_write(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    let mut longest = 0;
    for n in 0..60 {
        let big = format!("\"{n}{}\"", "x".repeat(300_000));
        desk.write(&run, vec![Write::State(vec![("draft".into(), Some(value(&big)))])]).await;
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        longest = longest.max(std::fs::metadata(desk.folder.path().join("fabulist.db-wal")).unwrap().len());
    }
    assert!(longest < 12 << 20, "18 MB were written, and the log grew to {longest} bytes");
}

pub(crate) async fn a_backup_is_restored_with_claims_that_nobody_holds(database: Database) {
    let desk = Desk::new(database).await;
    let (run, _) = a_told_run(&desk).await;
    let claimed = desk
        .store
        .change(
            &run.id,
            by(|run| {
                run.claim = Some(ClaimedBy { node: "n".into(), kind: "step".into() });
                Ok(vec![])
            }),
        )
        .await
        .unwrap();
    let file = desk.folder.path().join("copy.db");
    desk.store.backup(&file).await.unwrap();
    let (later, _) = a_told_run(&desk).await;
    desk.store.close().await;

    let old = store::restore(&file, desk.folder.path(), 77).await.unwrap().unwrap();
    assert_eq!(old.file_name().unwrap(), "fabulist.db.before-restore-77");
    let store = open(desk.folder.path()).await;
    let restored = store.run(&run.id).await.unwrap();
    assert_eq!(restored.epoch, claimed.epoch + 1);
    assert!(store.run(&later.id).await.is_err(), "it came after the backup");
    assert_eq!(store.latest_versions(&run.id).await.unwrap().len(), 2);
    let dead = store.dead_nodes().await.unwrap();
    assert_eq!(dead.iter().map(|d| (d.node.as_str(), d.runs.as_slice())).collect::<Vec<_>>(), [("n", [run.id.clone()].as_slice())]);
    assert_eq!(store.pragmas().await.unwrap().writer["auto_vacuum"], "2");
    store.close().await;

    let elsewhere = tempfile::tempdir().unwrap();
    assert!(store::restore(&old, elsewhere.path(), 78).await.unwrap().is_none());
    let store = open(elsewhere.path()).await;
    assert!(store.run(&later.id).await.is_ok(), "nothing was lost with the old one");
}

pub(crate) async fn a_backup_replaces_no_file(database: Database) {
    let desk = Desk::new(database).await;
    let file = desk.folder.path().join("mine.txt");
    std::fs::write(&file, "mine").unwrap();
    is_unusable(&desk.store.backup(&file).await.unwrap_err(), "exists already");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    is_unusable(&desk.store.backup(&desk.folder.path().join("no/such/folder")).await.unwrap_err(), "cannot be written");
}

pub(crate) async fn a_folder_in_use_is_not_restored_over(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    let file = desk.folder.path().join("copy.db");
    desk.store.backup(&file).await.unwrap();
    is_unusable(&store::restore(&file, desk.folder.path(), 1).await.unwrap_err(), "another fabulist");
    assert_eq!(desk.store.run(&run.id).await.unwrap(), run);
}

pub(crate) async fn what_is_no_backup_is_not_restored(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    let newer = desk.folder.path().join("newer.db");
    desk.store.backup(&newer).await.unwrap();
    desk.store.close().await;
    let raw = crate::desk::Raw::open(&newer).await;
    raw.run("INSERT INTO migrations (version, applied_at) VALUES (999, 0)").await;
    raw.close().await;
    let text = desk.folder.path().join("text");
    std::fs::write(&text, "no database at all, but a text of some length".repeat(50)).unwrap();
    let empty = desk.folder.path().join("empty");
    std::fs::write(&empty, "").unwrap();
    for (file, word) in [(&newer, "version 999"), (&text, "not a database"), (&empty, "empty")] {
        is_unusable(&store::restore(file, desk.folder.path(), 1).await.unwrap_err(), word);
    }
    is_unusable(&store::restore(&desk.folder.path().join("nowhere"), desk.folder.path(), 1).await.unwrap_err(), "cannot be read");
    assert!(!desk.folder.path().join("fabulist.db.restoring").exists());
    assert_eq!(open(desk.folder.path()).await.run(&run.id).await.unwrap(), run, "the old one is still in its place");
}
