//! A novel that comes in: written in slices that no read sees, then made visible in one.

use std::sync::Arc;

use studio::{
    brief::Snapshot,
    ports::{KeptVersion, Made, Micros, NewImport, StoreError},
    run::Run,
};

use crate::{artifacts, briefs, events, fault::not_found, requests, runs, sql::params, state, steps, tx::Tx, write::Writer};

/// For so long the sweeper leaves alone what is being written: an import that died is swept after it.
const LEASE: Micros = 3_600_000_000;
/// Bytes of text that one slice writes, and rows of prints: about 5 ms.
const SLICE_BYTES: usize = 96 * 1024;
const SLICE_PRINTS: usize = 400;
/// Chapters of one slice.
const SLICE_CHAPTERS: usize = 24;

/// What one transaction writes.
enum Slice {
    /// Whole chapters.
    Chapters(Vec<Arc<KeptVersion>>),
    /// Prints of a chapter that has very many: the rest of them.
    Prints(Arc<KeptVersion>, usize),
}

/// Stores everything of an import, or nothing that anybody sees.
pub(crate) async fn import(writer: &Writer, import: NewImport, now: Micros) -> Result<Run, StoreError> {
    let import = Arc::new(import);
    let begun = import.clone();
    writer.write(async move |tx| begin(tx, &begun, now).await).await?;
    let written = write(writer, &import, now).await;
    if written.is_err() {
        // Left to the sweeper at once; where this fails too, its lease ends.
        let run_id = import.run.id.clone();
        let _ = writer
            .write(async move |tx| {
                tx.run("UPDATE workflow_runs SET deleted_at = $2 WHERE id = $1 AND deleted_at > $2", params![run_id.as_str(), now]).await
            })
            .await;
    }
    written
}

async fn write(writer: &Writer, import: &Arc<NewImport>, now: Micros) -> Result<Run, StoreError> {
    for slice in slices(&import.chapters) {
        let run = import.run.clone();
        writer.write(async move |tx| put(tx, &run, &slice, now)).await?;
    }
    let import = import.clone();
    writer.write(async move |tx| show(tx, &import, now).await).await
}

/// The rows that everything else hangs from, marked as if they had been deleted; half an import is nothing for the bin.
async fn begin(tx: &Tx, import: &NewImport, now: Micros) -> Result<(), StoreError> {
    let Snapshot { id, brief_id, label, brief, .. } = &import.snapshot;
    briefs::hold(tx, brief_id).await?;
    briefs::insert_snapshot(tx, id, brief_id, label.as_deref(), brief, Some(now + LEASE), now)?;
    let run = Run { deleted_at: Some(now + LEASE), created_at: now, updated_at: now, ..import.run.clone() };
    runs::insert(tx, &run, &import.state.iter().map(|(key, value)| (key.clone(), value.hash.clone())).collect())?;
    tx.put("UPDATE brief_snapshots SET binned = 1 WHERE id = $1", params![id.as_str()]);
    tx.put("UPDATE workflow_runs SET binned = 1 WHERE id = $1", params![run.id.as_str()]);
    Ok(())
}

/// Chapters in slices of about the same work.
fn slices(chapters: &[Arc<KeptVersion>]) -> Vec<Slice> {
    let (mut all, mut slice, mut bytes, mut prints) = (Vec::new(), Vec::new(), 0, 0);
    for chapter in chapters {
        let (more_bytes, more_prints) = (chapter.draft.text.len(), chapter.prints.len().min(SLICE_PRINTS));
        let full = slice.len() >= SLICE_CHAPTERS || bytes + more_bytes > SLICE_BYTES || prints + more_prints > SLICE_PRINTS;
        if full && !slice.is_empty() {
            all.push(Slice::Chapters(std::mem::take(&mut slice)));
            (bytes, prints) = (0, 0);
        }
        slice.push(chapter.clone());
        bytes += more_bytes;
        prints += more_prints;
        if chapter.prints.len() > SLICE_PRINTS {
            all.push(Slice::Chapters(std::mem::take(&mut slice)));
            (bytes, prints) = (0, 0);
            all.extend((SLICE_PRINTS..chapter.prints.len()).step_by(SLICE_PRINTS).map(|from| Slice::Prints(chapter.clone(), from)));
        }
    }
    if !slice.is_empty() {
        all.push(Slice::Chapters(slice));
    }
    all
}

fn put(tx: &Tx, run: &Run, slice: &Slice, now: Micros) -> Result<(), StoreError> {
    match slice {
        Slice::Chapters(chapters) => {
            for chapter in chapters {
                artifacts::put(tx, run, chapter, SLICE_PRINTS, now)?;
            }
        }
        Slice::Prints(chapter, from) => artifacts::put_prints(tx, chapter, *from, SLICE_PRINTS),
    }
    Ok(())
}

/// Everything is there: from now on it is seen.
async fn show(tx: &Tx, import: &NewImport, now: Micros) -> Result<Run, StoreError> {
    briefs::hold(tx, &import.snapshot.brief_id).await?;
    tx.run("UPDATE brief_snapshots SET deleted_at = NULL, binned = 0 WHERE id = $1", params![import.snapshot.id.as_str()]).await?;
    let shown = "UPDATE workflow_runs SET deleted_at = NULL, binned = 0, last_event = $2 WHERE id = $1 AND deleted_at > $3";
    let last_event = i64::try_from(import.events.len()).unwrap_or(i64::MAX);
    if tx.run(shown, params![import.run.id.as_str(), last_event, now]).await? == 0 {
        return Err(not_found("run", &import.run.id));
    }
    steps::insert(tx, &import.step)?;
    let changes: Vec<_> = import.state.iter().map(|(key, value)| (key.clone(), Some(value.clone()))).collect();
    state::write(tx, &import.run.id, &changes);
    let told: Vec<_> = import.events.iter().map(|(name, data)| (*name, data)).collect();
    events::append(tx, &import.run.id, 1, &told, import.run.author.as_deref(), now)?;
    if let Some(ticket) = &import.ticket {
        let made = Made::Novel { snapshot_id: import.snapshot.id.clone(), run_id: import.run.id.clone() };
        requests::done(tx, ticket, &made).await?;
    }
    tx.flush().await?;
    runs::read(tx, &import.run.id).await
}
