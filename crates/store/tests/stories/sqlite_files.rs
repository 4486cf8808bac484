//! What only SQLite has: a file with its log and its locks, in a folder. PostgreSQL's own matters are in `servers.rs`.

use std::path::Path;

use store::Store;
use studio::{
    ports::{Store as _, Write},
    run::ClaimedBy,
};

use crate::{
    Database,
    desk::{Desk, Raw, a_told_run, by, in_folder, is_unusable, open, options, value},
};

fn at(folder: &Path) -> store::OpenOptions {
    options(in_folder(folder))
}

#[tokio::test]
async fn the_connections_have_the_pragmas_that_were_promised() {
    let desk = Desk::new(Database::Sqlite).await;
    let pragmas = desk.store.pragmas().await.unwrap();
    let writer = |name: &str| pragmas.writer[name].as_str();
    assert_eq!((writer("journal_mode"), writer("synchronous"), writer("foreign_keys")), ("wal", "2", "1"));
    assert_eq!((writer("busy_timeout"), writer("auto_vacuum"), writer("wal_autocheckpoint")), ("0", "2", "0"));
    assert_eq!((pragmas.reader["journal_mode"].as_str(), pragmas.reader["foreign_keys"].as_str()), ("wal", "1"));
    assert_eq!(pragmas.upkeep["synchronous"], "2");
}

#[tokio::test]
async fn somebody_elses_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fabulist.db");
    std::fs::write(&file, "not a database, but long enough to be looked at by somebody who hopes for one. ".repeat(20)).unwrap();
    is_unusable(&Store::open(at(folder.path())).await.unwrap_err(), "not a database");
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("not a database"), "it is left as it was");

    std::fs::write(&file, "").unwrap();
    let raw = Raw::open(&file).await;
    raw.run("CREATE TABLE recipes (id TEXT)").await;
    raw.close().await;
    is_unusable(&Store::open(at(folder.path())).await.unwrap_err(), "not one of Fabulist");
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_is_refused_with_a_hint() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "x").unwrap();
    is_unusable(&Store::open(at(&file)).await.unwrap_err(), "is a file");
    is_unusable(&Store::open(at(&file.join("below"))).await.unwrap_err(), "cannot be made");
    // Nobody can write there, whoever runs this.
    is_unusable(&Store::open(at(std::path::Path::new("/proc/self/fabulist"))).await.unwrap_err(), "cannot be made");
    is_unusable(&Store::open(at(std::path::Path::new("/proc/self"))).await.unwrap_err(), "cannot be");
    std::fs::create_dir(folder.path().join("fabulist.db")).unwrap();
    is_unusable(&Store::open(at(folder.path())).await.unwrap_err(), "is a folder");
}

#[tokio::test]
async fn an_upgrade_begins_with_a_backup() {
    let desk = Desk::new(Database::Sqlite).await;
    let (run, _) = a_told_run(&desk).await;
    // As if its version was older than the first: the upgrade must fail, and nothing may be lost.
    desk.raw().await.run("DELETE FROM migrations").await;
    desk.store.close().await;
    assert!(Store::open(at(desk.folder.path())).await.is_err());
    let backups: Vec<_> = std::fs::read_dir(desk.folder.path().join("backups")).unwrap().map(|file| file.unwrap().path()).collect();
    let [backup] = backups.as_slice() else { panic!("{backups:?}") };
    let raw = Raw::open(backup).await;
    assert_eq!(raw.texts("SELECT id FROM workflow_runs").await, std::slice::from_ref(&run.id));
    assert_eq!(desk.raw().await.texts("SELECT id FROM workflow_runs").await, [run.id], "the upgrade was taken back");
}
#[tokio::test]
async fn a_folder_is_made_for_this_user_alone() {
    let folder = tempfile::tempdir().unwrap();
    let below = folder.path().join("a").join("b");
    let store = Store::open(at(&below)).await.unwrap();
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&below).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o700, "nobody else may read it");
    }
    store.close().await;
    assert!(!below.join("fabulist.db-wal").exists(), "the log is folded in");
}

#[tokio::test]
async fn the_log_is_folded_in_while_we_write() {
    let desk = Desk::new(Database::Sqlite).await;
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

#[tokio::test]
async fn a_backup_is_restored_with_claims_that_nobody_holds() {
    let desk = Desk::new(Database::Sqlite).await;
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
    let store = open(&desk.place).await;
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
    let store = open(&in_folder(elsewhere.path())).await;
    assert!(store.run(&later.id).await.is_ok(), "nothing was lost with the old one");
}

#[tokio::test]
async fn a_backup_replaces_no_file() {
    let desk = Desk::new(Database::Sqlite).await;
    let file = desk.folder.path().join("mine.txt");
    std::fs::write(&file, "mine").unwrap();
    is_unusable(&desk.store.backup(&file).await.unwrap_err(), "exists already");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    is_unusable(&desk.store.backup(&desk.folder.path().join("no/such/folder")).await.unwrap_err(), "cannot be written");
}

#[tokio::test]
async fn a_folder_in_use_is_not_restored_over() {
    let desk = Desk::new(Database::Sqlite).await;
    let run = desk.run().await;
    let file = desk.folder.path().join("copy.db");
    desk.store.backup(&file).await.unwrap();
    is_unusable(&store::restore(&file, desk.folder.path(), 1).await.unwrap_err(), "another fabulist");
    assert_eq!(desk.store.run(&run.id).await.unwrap(), run);
}

#[tokio::test]
async fn what_is_no_backup_is_not_restored() {
    let desk = Desk::new(Database::Sqlite).await;
    let run = desk.run().await;
    let newer = desk.folder.path().join("newer.db");
    desk.store.backup(&newer).await.unwrap();
    desk.store.close().await;
    let raw = Raw::open(&newer).await;
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
    assert_eq!(open(&desk.place).await.run(&run.id).await.unwrap(), run, "the old one is still in its place");
}
