use std::{collections::BTreeMap, sync::Arc};

use serde_json::Value;
use story::workflow::{self, Progress};

use super::{Studio, briefs::check_title};
use crate::{
    error::Error,
    ports::{Fork, Page, PageOf, RunFilter, StoreError, StoredValue},
    run::Run,
    runner::stored_state::read,
    transition::Forked,
};

/// How often a fork is prepared anew because its source went on meanwhile.
const MOST_TRIES: u32 = 20;

impl Studio {
    /// Forks a run as it stood after step `at` (0: as it began), or as it stands now. A step in flight is not part of it.
    ///
    /// The fork shares nothing with its source but contents, which nobody ever changes: both go on alone, and each can be deleted.
    pub async fn fork(&self, run_id: &str, at: Option<i64>, label: Option<String>) -> Result<Run, Error> {
        if let Some(label) = &label {
            check_title("/label", label)?;
        }
        if at.is_some_and(|at| at < 0) {
            return Err(no_such_step(at.unwrap_or_default(), 0));
        }
        for _ in 0..MOST_TRIES {
            let source = self.store.run(run_id).await?;
            let last = self.store.last_success(run_id).await?;
            let index = at.unwrap_or(last);
            let state = match self.store.state_after(run_id, index).await {
                Err(StoreError::NotFound { what: "step", .. }) => return Err(no_such_step(index, last)),
                state => state?,
            };
            let forked = Arc::new(Forked::new(label.clone(), index, cursor(&state), progress(&source, &state)?, self.clock.now()));
            let make = Arc::new(move |source: &Run, inherited: &_| forked.row(source, inherited));
            match self.store.fork_run(Fork { source: run_id.to_owned(), index, now: at.is_none(), make }).await {
                Ok(Some(run)) => {
                    self.feed.changed(&run);
                    self.driver.nudge();
                    return Ok(run);
                }
                Ok(None) => {}
                Err(StoreError::NotFound { what: "step", .. }) => return Err(no_such_step(index, last)),
                Err(other) => return Err(other.into()),
            }
        }
        Err(StoreError::Busy { detail: "the run goes on faster than it can be forked".into() }.into())
    }

    /// Forks of a run, and forks of those, newest first. `forked_from` of each names its own source.
    pub async fn forks(&self, run_id: &str, page: PageOf) -> Result<Page<Run>, Error> {
        self.store.run(run_id).await?;
        let filter = RunFilter { forks_of: Some(run_id.to_owned()), limit: page.limit, cursor: page.cursor, ..RunFilter::default() };
        Ok(self.store.runs(filter).await?)
    }
}

fn no_such_step(index: i64, last: i64) -> Error {
    let hint = match last {
        0 => "No step has succeeded yet: fork at 0, or leave `at_step` out.".to_owned(),
        last => format!("Name a step between 1 and {last} that succeeded, or 0 for the beginning."),
    };
    Error::field("/at_step", format!("The run has no step {index} that succeeded."), hint)
}

fn cursor(state: &BTreeMap<String, StoredValue>) -> Value {
    state.get("cursor").and_then(|stored| serde_json::from_str(&stored.json).ok()).unwrap_or_default()
}

/// How far the state is.
fn progress(source: &Run, state: &BTreeMap<String, StoredValue>) -> Result<Progress, Error> {
    if cursor(state) == source.cursor { Ok(source.progress) } else { Ok(workflow::progress(&read(source.kind, state)?)) }
}
