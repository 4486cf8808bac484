//! What a step needs of its run.

use std::sync::Arc;

use studio::{
    ports::{LoadedRun, StoreError},
    run::Run,
};

use crate::{briefs, remembered::Remembered, state, tx::Ask};

/// A run that was just read, with its brief and its state. What is at hand is not read again.
pub(crate) async fn beside(ask: &impl Ask, run: Run, remembered: &Remembered) -> Result<LoadedRun, StoreError> {
    let brief = match remembered.brief(&run.snapshot_id) {
        Some(brief) => brief,
        None => {
            let brief = Arc::new(briefs::snapshot(ask, &run.snapshot_id).await?.brief);
            remembered.keep_brief(&run.snapshot_id, &brief);
            brief
        }
    };
    let state = state::read(ask, &run.id, remembered).await?;
    Ok(LoadedRun { run, brief, state })
}
