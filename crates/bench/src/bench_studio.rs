//! A studio on the store that the product opens, with the scripted model.

use std::{path::Path, sync::Arc, time::Duration};

use serde_json::json;
use store::{OpenOptions, Place, Role, Store as SqlStore};
use story::brief::BriefContent;
use studio::{
    Studio,
    brief::Snapshot,
    desk::RunRequest,
    driver::Scope,
    ports::SystemClock,
    run::{Kind, Run, Status},
};

use crate::scripted::Scripted;

pub(crate) type Anyhow<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// The store as the product opens it.
pub(crate) fn options(dir: &Path) -> OpenOptions {
    OpenOptions { place: Place::Folder(dir.to_owned()), role: Role::Command, clock: Arc::new(SystemClock) }
}

pub(crate) async fn open(dir: &Path, model: Scripted, scope: Scope) -> Anyhow<Studio> {
    let store = SqlStore::open(options(dir)).await?;
    Ok(Studio::open(Arc::new(store), Arc::new(model), Arc::new(SystemClock), scope))
}

/// A snapshot of a brief with so many chapters of 300 to 900 words.
pub(crate) async fn snapshot(studio: &Studio, chapters: u32) -> Anyhow<Snapshot> {
    let content = json!({
        "premise": "Mara waits for a boat that never came home.",
        "setting": "the flats",
        "characters": [{ "name": "Mara", "goal": "to find the boat" }, { "name": "Oren", "secret": "he sank it" }],
        "output_spec": { "chapter_count": chapters, "chapter_length": { "min": 300, "max": 900, "unit": "words" } }
    });
    let serde_json::Value::Object(map) = content else { return Err("the brief is an object".into()) };
    let content = BriefContent::from_map(map).map_err(|e| format!("{e:?}"))?;
    let brief = studio.create_brief("The Ebb".into(), content).await?;
    Ok(studio.create_snapshot(&brief, None).await?)
}

pub(crate) async fn new_run(studio: &Studio, snapshot: &Snapshot) -> Anyhow<Run> {
    let request = RunRequest::new(Kind::Novel, "scripted/one");
    Ok(studio.create_run(snapshot, request).await?)
}

/// Waits until all these runs have succeeded; an error when one ended otherwise.
pub(crate) async fn until_all_succeed(studio: &Studio, runs: &[Run]) -> Anyhow<()> {
    for run in runs {
        loop {
            let now = studio.run(&run.id).await?;
            match now.status {
                Status::Succeeded => break,
                Status::Queued | Status::Running => tokio::time::sleep(Duration::from_millis(20)).await,
                other => return Err(format!("run {} is {other:?}: {:?}", run.id, now.error).into()),
            }
        }
    }
    Ok(())
}
