use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Read, Write as _},
    sync::Arc,
};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use serde_json::{Value, json};
use studio::{
    artifact::VersionSource,
    ports::{Clock, KeptVersion, Micros, PageOf, StepFilter, Store as _, StoreError, SystemClock, Write},
    project::Holds,
    run::{ActiveStep, ClaimedBy, Run, Status},
    step::StepStatus,
};

use crate::{
    Database,
    desk::{Desk, a_call, a_step, a_told_run, by, by_hand, keep, options},
};

/// A brief with two runs, what a person wrote in one of them, and a manuscript of a third that was deleted.
async fn a_project(desk: &Desk) -> (Run, Vec<KeptVersion>) {
    let (run, chapters) = a_told_run(desk).await;
    desk.write(&run, vec![keep(&by_hand(&chapters[0], "My own words. 我自己的话。"))]).await;
    let step = a_step(&run, 2);
    desk.write(&run, vec![Write::InsertStep(Box::new(step.clone())), Write::Journal(Arc::new(a_call(&step, "repair/1")))]).await;
    desk.write(&run, vec![Write::CloseStep { step_id: step.id, status: StepStatus::Canceled, error: None, finished_at: 12 }]).await;
    let gone = crate::desk::a_run(&run.brief_id, &run.snapshot_id);
    let gone = desk.store.create_run(gone, Vec::new(), Vec::new(), json!({"status": "queued"})).await.unwrap();
    let kept = crate::desk::a_version("ch-1", 1, "Another beginning.");
    desk.write(&gone, vec![keep(&kept), keep(&by_hand(&kept, "Kept words."))]).await;
    desk.store.delete_run(&gone.id, true).await.unwrap();
    while desk.store.sweep().await.unwrap() {}
    (desk.store.run(&run.id).await.unwrap(), chapters)
}

/// The lines of a project file.
fn lines(file: &[u8]) -> Vec<Value> {
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn file(lines: &[Value]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    for line in lines {
        writeln!(gzip, "{line}").unwrap();
    }
    gzip.finish().unwrap()
}

/// Its rows, without what is raised when they are taken in.
fn rows(file: &[u8]) -> Vec<Value> {
    let mut lines = lines(file);
    lines.remove(0);
    for line in &mut lines {
        if let Some(run) = line.get_mut("workflow_runs").and_then(Value::as_object_mut) {
            run.remove("epoch");
        }
    }
    lines
}

fn other(database: Database) -> Database {
    match database {
        Database::Sqlite => Database::Postgres,
        Database::Postgres => Database::Sqlite,
    }
}

pub(crate) async fn a_project_is_the_same_elsewhere_byte_for_byte(database: Database) {
    let desk = Desk::new(database).await;
    let (run, _) = a_project(&desk).await;
    a_told_run(&desk).await;
    let project = desk.store.project(&run.brief_id).await.unwrap();
    for elsewhere in [Desk::new(database).await, Desk::new(other(database)).await] {
        let imported = elsewhere.store.import_project(project.clone(), None).await.unwrap();
        assert_eq!(
            (imported.brief_id.as_str(), imported.snapshots, imported.runs.as_slice()),
            (run.brief_id.as_str(), 1, &[run.id.clone()][..])
        );
        assert_eq!(rows(&elsewhere.store.project(&run.brief_id).await.unwrap()), rows(&project));
        let there = elsewhere.store.run(&run.id).await.unwrap();
        assert_eq!(there, Run { epoch: run.epoch + 1, ..run.clone() });
        assert_eq!(elsewhere.store.brief(&run.brief_id).await.unwrap(), desk.store.brief(&run.brief_id).await.unwrap());
        assert_eq!(elsewhere.store.snapshot(&run.snapshot_id).await.unwrap(), desk.store.snapshot(&run.snapshot_id).await.unwrap());
        for (here, there) in [(&desk, &elsewhere)] {
            let all = StepFilter::default;
            assert_eq!(there.store.steps(&run.id, all()).await.unwrap(), here.store.steps(&run.id, all()).await.unwrap());
            assert_eq!(there.store.latest_versions(&run.id).await.unwrap(), here.store.latest_versions(&run.id).await.unwrap());
            for index in 0..=2 {
                assert_eq!(there.store.calls(&run.id, index).await.unwrap(), here.store.calls(&run.id, index).await.unwrap());
                assert_eq!(there.store.state_after(&run.id, index).await.unwrap(), here.store.state_after(&run.id, index).await.unwrap());
            }
            let told = async |desk: &Desk| -> Vec<_> {
                desk.store.events(&run.id, 0, 99).await.unwrap().into_iter().map(|e| (e.number, e.name, e.data, e.created_at)).collect()
            };
            assert_eq!(told(there).await, told(here).await);
        }
        let alone = elsewhere.raw().await.texts("SELECT id FROM artifacts WHERE run_id IS NULL").await;
        assert_eq!(alone.len(), 1, "the manuscript came along");
        let mine = elsewhere.store.artifact(&alone[0]).await.unwrap();
        assert_eq!(elsewhere.store.version(&mine.latest_version_id).await.unwrap().text, "Kept words.");
        assert_eq!(elsewhere.store.briefs(PageOf::default()).await.unwrap().items.len(), 1, "and nothing of a neighbour");
    }
}

pub(crate) async fn what_is_here_already_is_refused(database: Database) {
    let desk = Desk::new(database).await;
    let (run, _) = a_project(&desk).await;
    let project = desk.store.project(&run.brief_id).await.unwrap();
    let refused = desk.store.import_project(project.clone(), None).await;
    assert!(matches!(&refused, Err(StoreError::Taken { what: "brief", id }) if *id == run.brief_id), "{refused:?}");
    assert_eq!(rows(&desk.store.project(&run.brief_id).await.unwrap()), rows(&project));
    desk.store.delete_brief(&run.brief_id).await.unwrap();
    while desk.store.sweep().await.unwrap() {}
    desk.store.import_project(project.clone(), None).await.unwrap();
    assert_eq!(rows(&desk.store.project(&run.brief_id).await.unwrap()), rows(&project), "once it is gone it can come back");
    let told: Vec<_> = desk.store.events(&run.id, 0, 99).await.unwrap().into_iter().map(|event| event.name).collect();
    assert!(!told.contains(&"run.deleted".to_owned()), "{told:?}");
    desk.write(&run, vec![crate::desk::event("on")]).await;
}

pub(crate) async fn a_file_that_is_no_whole_project_is_refused(database: Database) {
    let desk = Desk::new(database).await;
    let (run, _) = a_project(&desk).await;
    let whole = desk.store.project(&run.brief_id).await.unwrap();
    let good = lines(&whole);
    let elsewhere = Desk::new(database).await;
    let at = |table: &str| good.iter().position(|line| line.get(table).is_some()).unwrap();
    let changed = |table: &str, column: &str, value: Value| {
        let mut lines = good.clone();
        lines[at(table)][table][column] = value;
        file(&lines)
    };
    let without = |index: usize| {
        let mut lines = good.clone();
        lines.remove(index);
        file(&lines)
    };
    let mut newer = good.clone();
    newer[0]["schema"] = json!(999);
    let mut future = good.clone();
    future[0]["format"] = json!(2);
    let mut strange = good.clone();
    strange.insert(1, json!({"recipes": {"id": run.id}}));
    let mut flipped = whole.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x40;
    let stranger = "01900000-0000-7000-8000-000000000000";
    let cases = [
        ("nothing", Vec::new(), "damaged"),
        ("no gzip", b"{\"fabulist\":\"project\"}\n".to_vec(), "damaged"),
        ("half of it", whole[..whole.len() / 2].to_vec(), ""),
        ("without its end", file(&good[..good.len() - 1]), "breaks off"),
        ("without a row", without(at("segments")), "number of rows"),
        ("without its first line", without(0), "first line"),
        ("a bit that fell over", flipped, ""),
        ("a newer database", file(&newer), "version 999"),
        ("a newer format", file(&future), "format 2"),
        ("another table", file(&strange), "unknown table"),
        ("another column", changed("workflow_runs", "colour", json!("red")), "no column `colour`"),
        ("a number for a text", changed("workflow_runs", "status", json!(7)), "another kind of value in `status`"),
        ("a status that there is not", changed("workflow_runs", "status", json!("flying")), "flying"),
        ("a state that cannot be read", changed("workflow_runs", "cursor", json!("{")), "cannot be read"),
        ("a state that is not there", changed("workflow_runs", "base_map", json!("{\"outline\":\"0\"}")), "lacks its key"),
        ("a run of another brief", changed("workflow_runs", "brief_id", json!(stranger)), "`brief_id`"),
        ("a version of other words", changed("artifact_versions", "content_id", json!(stranger)), "`content_id`"),
        ("an id that is none", changed("model_calls", "id", json!("../../etc/passwd")), "an id that is none"),
        ("an event too few", changed("workflow_runs", "last_event", json!(99)), "events"),
        ("no title", changed("briefs", "title", Value::Null), ""),
    ];
    for (what, bytes, word) in cases {
        match elsewhere.store.import_project(bytes, None).await {
            Err(StoreError::Unfit { detail, hint }) => {
                assert!(detail.contains(word), "{what}: {detail}");
                assert!(!hint.is_empty());
            }
            other => panic!("{what}: {other:?}"),
        }
        let raw = elsewhere.raw().await;
        for table in ["briefs", "workflow_runs", "contents", "events"] {
            assert_eq!(raw.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{what} left a row in {table}");
        }
    }
    elsewhere.store.import_project(whole, None).await.unwrap();
}

pub(crate) async fn a_run_at_work_arrives_at_rest(database: Database) {
    let desk = Desk::new(database).await;
    let (run, _) = a_project(&desk).await;
    let step = a_step(&run, 3);
    let begun = step.clone();
    let begin = move |run: &mut Run| {
        run.status = Status::Running;
        run.autorun = true;
        run.last_index = 3;
        run.epoch += 1;
        run.claim = Some(ClaimedBy { node: "there".into(), kind: "step".into() });
        run.active_step = Some(ActiveStep { id: begun.id.clone(), index: 3, attempt: 1, name: begun.name.clone(), started_at: 7 });
        Ok(vec![Write::InsertStep(Box::new(begun.clone())), Write::Journal(Arc::new(a_call(&begun, "draft")))])
    };
    let run = desk.store.change(&run.id, by(begin)).await.unwrap();
    let elsewhere = Desk::new(database).await;
    elsewhere.store.import_project(desk.store.project(&run.brief_id).await.unwrap(), None).await.unwrap();
    let there = elsewhere.store.run(&run.id).await.unwrap();
    assert_eq!(
        (there.status, there.autorun, there.active_step.is_none(), there.claim, there.due_at),
        (Status::Running, false, true, None, None)
    );
    assert!(there.epoch > run.epoch);
    let last = elsewhere.store.steps(&run.id, StepFilter { index: Some(3), ..StepFilter::default() }).await.unwrap().remove(0);
    assert_eq!((last.status, last.error.unwrap().kind.as_str()), (StepStatus::Failed, "/problems/worker-lost"));
    let paid = a_call(&step, "draft");
    assert!(
        elsewhere.store.open_answer(&run.id, "draft", &paid.request_hash).await.unwrap().is_some(),
        "what was paid for is not paid twice"
    );
    assert_eq!(elsewhere.store.events(&run.id, run.last_event, 9).await.unwrap().len(), 2, "it is told");
    assert_eq!(desk.store.run(&run.id).await.unwrap(), run, "where it comes from it goes on");
}

pub(crate) async fn a_file_lies_in_the_bin_before_the_first_row_goes(database: Database) {
    let desk = with_bin(Desk::new(database).await).await;
    let (run, _) = a_told_run(&desk).await;
    let before = (desk.store.run(&run.id).await.unwrap(), rows_of(&desk, &run).await, desk.store.events(&run.id, 0, 99).await.unwrap());
    desk.store.delete_run(&run.id, true).await.unwrap();
    assert!(desk.store.sweep().await.unwrap());
    let bin = desk.store.bin().await.unwrap();
    let [binned] = bin.as_slice() else { panic!("{bin:?}") };
    assert_eq!((binned.id.as_str(), binned.holds, binned.title.as_str()), (run.id.as_str(), Holds::Run, "The Dry Year"));
    assert_eq!(binned.until - binned.deleted_at, 30 * 24 * 3_600 * 1_000_000);
    assert_eq!(rows_of(&desk, &run).await["workflow_steps"], before.1["workflow_steps"], "no row is gone yet");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(desk.folder.path().join("bin").join(format!("{}.fabulist", run.id))).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "it is for nobody else to read");
    }
    let restored = desk.store.restore_from_bin(&run.id, None).await.unwrap();
    assert_eq!((restored.snapshots, restored.runs), (0, vec![run.id.clone()]));
    let there = desk.store.run(&run.id).await.unwrap();
    assert_eq!(there, Run { epoch: there.epoch, updated_at: there.updated_at, ..before.0 });
    assert_eq!(rows_of(&desk, &run).await, before.1);
    let told = |events: Vec<studio::event::Event>| events.into_iter().map(|e| (e.number, e.name, e.data)).collect::<Vec<_>>();
    assert_eq!(told(desk.store.events(&run.id, 0, 99).await.unwrap()), told(before.2));
    assert!(desk.store.bin().await.unwrap().is_empty(), "what is back is in the bin no more");
    let again = desk.store.restore_from_bin(&run.id, None).await;
    assert!(matches!(again, Err(StoreError::NotFound { .. })), "{again:?}");
}

pub(crate) async fn words_that_were_kept_go_back_into_their_run(database: Database) {
    let desk = with_bin(Desk::new(database).await).await;
    let (run, chapters) = a_told_run(&desk).await;
    let mine = by_hand(&chapters[0], "My own words.");
    let later = KeptVersion {
        expected_latest: Some(mine.version_id.clone()),
        source: VersionSource::Agent,
        author: None,
        ..by_hand(&mine, "As the agent said it.")
    };
    desk.write(&run, vec![keep(&mine), keep(&later)]).await;
    desk.store.delete_run(&run.id, true).await.unwrap();
    while desk.store.sweep().await.unwrap() {}
    assert_eq!(desk.store.version(&mine.version_id).await.unwrap().run_id, None);
    let since = by_hand(&mine, "Better words.");
    desk.store.keep_manuscript(since.clone()).await.unwrap();
    desk.store.restore_from_bin(&run.id, None).await.unwrap();
    let versions = desk.store.versions(&mine.artifact_id, PageOf::default()).await.unwrap().items;
    let told: Vec<_> = versions.iter().map(|v| (v.number, v.text.as_str(), v.run_id.as_deref())).collect();
    let of = Some(run.id.as_str());
    assert_eq!(told, [(4, "Better words.", of), (3, "As the agent said it.", of), (2, "My own words.", of), (1, "One.\n\nTwo.", of)]);
    assert_eq!(versions[2].parent_id.as_ref(), Some(&chapters[0].version_id));
    let artifact = desk.store.artifact(&mine.artifact_id).await.unwrap();
    assert_eq!(
        (artifact.latest_version_id, artifact.run_id, artifact.snapshot_id),
        (since.version_id, Some(run.id.clone()), Some(run.snapshot_id.clone()))
    );
    assert_eq!(desk.raw().await.number("SELECT COUNT(*) FROM artifacts WHERE run_id IS NULL").await, 0, "nothing is there twice");
    if database == Database::Sqlite {
        assert_eq!(desk.raw().await.number("SELECT COUNT(*) FROM pragma_foreign_key_check").await, 0);
    }
}

pub(crate) async fn a_deleted_brief_comes_back_with_everything_under_it(database: Database) {
    let desk = with_bin(Desk::new(database).await).await;
    let (run, _) = a_project(&desk).await;
    let before = rows(&desk.store.project(&run.brief_id).await.unwrap());
    desk.store.delete_brief(&run.brief_id).await.unwrap();
    while desk.store.sweep().await.unwrap() {}
    assert_eq!(desk.raw().await.number("SELECT COUNT(*) FROM artifacts").await, 0);
    let bin = desk.store.bin().await.unwrap();
    let held: Vec<_> = bin.iter().map(|binned| (binned.holds, binned.id.as_str())).collect();
    assert_eq!(held[0], (Holds::Brief, run.brief_id.as_str()), "one file, and that of the run that went before: {held:?}");
    assert_eq!(held.len(), 2);
    let restored = desk.store.restore_from_bin(&run.brief_id, None).await.unwrap();
    assert_eq!((restored.snapshots, restored.runs), (1, vec![run.id.clone()]));
    let mut after = rows(&desk.store.project(&run.brief_id).await.unwrap());
    for (line, before) in after.iter_mut().zip(&before) {
        if line.get("workflow_runs").is_some() {
            line["workflow_runs"]["updated_at"] = before["workflow_runs"]["updated_at"].clone();
        }
    }
    assert_eq!(after, before);
}

pub(crate) async fn a_deleted_snapshot_comes_back_with_its_runs(database: Database) {
    let desk = with_bin(Desk::new(database).await).await;
    let (run, chapters) = a_told_run(&desk).await;
    desk.write(&run, vec![keep(&by_hand(&chapters[0], "My own words."))]).await;
    desk.store.delete_snapshot(&run.snapshot_id, true).await.unwrap();
    while desk.store.sweep().await.unwrap() {}
    let bin = desk.store.bin().await.unwrap();
    assert_eq!(
        bin.iter().map(|binned| (binned.holds, binned.id.as_str())).collect::<Vec<_>>(),
        [(Holds::Snapshot, run.snapshot_id.as_str())]
    );
    desk.store.restore_from_bin(&run.snapshot_id, None).await.unwrap();
    let texts: Vec<_> = desk.store.latest_versions(&run.id).await.unwrap().into_iter().map(|(_, v)| v.text).collect();
    assert_eq!(texts, ["My own words.", "Three.\n\nFour."]);
    assert_eq!(desk.store.snapshot(&run.snapshot_id).await.unwrap().brief_id, run.brief_id);
}

pub(crate) async fn the_bin_forgets_after_thirty_days(database: Database) {
    struct Later(Micros);
    impl Clock for Later {
        fn now(&self) -> Micros {
            SystemClock.now() + self.0
        }
    }
    let desk = with_bin(Desk::new(database).await).await;
    let (run, _) = a_told_run(&desk).await;
    desk.store.delete_run(&run.id, true).await.unwrap();
    while desk.store.sweep().await.unwrap() {}
    let day = 24 * 3_600 * 1_000_000;
    for (days, left) in [(29, 1), (31, 0)] {
        let mut options = options(desk.place.clone());
        options.clock = Arc::new(Later(days * day));
        let store = store::Store::open(options).await.unwrap().with_bin(desk.folder.path());
        while store.sweep().await.unwrap() {}
        assert_eq!(store.bin().await.unwrap().len(), left, "after {days} days");
        store.close().await;
    }
}

pub(crate) async fn no_table_is_forgotten_in_a_project(database: Database) {
    let desk = Desk::new(database).await;
    let (run, _) = a_project(&desk).await;
    let raw = desk.raw().await;
    let tables = match database {
        Database::Postgres => "SELECT tablename::TEXT FROM pg_catalog.pg_tables WHERE schemaname = current_schema()",
        Database::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    };
    let mut tables: BTreeSet<String> = raw.texts(tables).await.into_iter().collect();
    tables.retain(|table| !table.starts_with("chunk_words"));
    for not_of_a_brief in ["migrations", "nodes", "requests", "settings", "facts", "unmade", "chunks"] {
        assert!(tables.remove(not_of_a_brief));
    }
    raw.run("INSERT INTO source_pins (run_id, content_id) SELECT r.id, c.id FROM workflow_runs r, contents c WHERE r.deleted_at IS NULL")
        .await;
    let about = "'{}', '{}', '{}', 1 FROM workflow_runs WHERE deleted_at IS NULL";
    raw.run(&format!("INSERT INTO proposals (id, run_id, message, patch, state_map, told, created_at) SELECT id, id, 'Yes.', {about}"))
        .await;
    raw.run("INSERT INTO asides (id, brief_id, owner, call, created_at) SELECT id, brief_id, id, '{}', 1 FROM workflow_runs WHERE deleted_at IS NULL").await;
    raw.run("INSERT INTO artifact_locks (id, artifact_id, reason, created_at) SELECT id, id, 'Mine.', 1 FROM artifacts").await;
    let reading = studio::ports::Write::KeepReading(Arc::new(story::workflow::ChapterReread {
        chapter_id: "ch-1".into(),
        version_id: raw.texts("SELECT id FROM artifact_versions WHERE source = 'user' AND run_id IS NOT NULL").await.remove(0),
        content_id: String::new(),
        extraction: None,
        facts: None,
        digest: story::digests::ChapterDigest { title: "A".into(), fact: "b".into(), tone: "c".into() },
    }));
    desk.write(&run, vec![reading]).await;
    let mut written: BTreeMap<String, usize> = BTreeMap::new();
    for line in rows(&desk.store.project(&run.brief_id).await.unwrap()) {
        *written.entry(line.as_object().unwrap().keys().next().unwrap().clone()).or_default() += 1;
    }
    written.remove("end");
    assert_eq!(written.keys().cloned().collect::<BTreeSet<_>>(), tables, "a table of a brief is no part of its project file");
}

/// The desk with a bin in its folder.
pub(crate) async fn with_bin(desk: Desk) -> Desk {
    let store = store::Store::open(options(desk.place.clone())).await.unwrap().with_bin(desk.folder.path());
    desk.store.close().await;
    Desk { store: Arc::new(store), ..desk }
}

async fn rows_of(desk: &Desk, run: &Run) -> BTreeMap<String, i64> {
    desk.raw().await.rows_of(&run.id).await
}
