use std::sync::Arc;

use serde_json::{Value, json};
use story::{state::RunState, workflow};

use super::{Studio, kinds};
use crate::{
    error::Error,
    ids::new_id,
    ports::{LoadedRun, Micros, Transition},
    run::{PauseReason, Run, Until},
    runner::{
        fault::StepFault,
        stored_state::{BadState, difference, read, typed},
    },
    status,
    transition::{self, Edit, accept_findings, command},
};

impl Studio {
    /// The engine goes on by itself, to the end or to `until`.
    pub async fn start_autorun(&self, run_id: &str, until: Option<Until>) -> Result<Run, Error> {
        if let Some(until) = &until {
            kinds::check_until(self.store.run(run_id).await?.kind, until)?;
        }
        let now = self.clock.now();
        self.change(run_id, Arc::new(move |run| command(run, now, |run| status::start_autorun(run, until.clone(), now)))).await
    }

    /// Nothing further starts by itself; the step in flight is finished.
    pub async fn stop_autorun(&self, run_id: &str) -> Result<Run, Error> {
        let now = self.clock.now();
        self.change(run_id, Arc::new(move |run| command(run, now, status::stop_autorun))).await
    }

    /// No further step starts; with `abort` the one in flight ends now and will run again.
    pub async fn pause(&self, run_id: &str, abort: bool) -> Result<Run, Error> {
        let now = self.clock.now();
        let run = self.change(run_id, Arc::new(move |run| command(run, now, |run| status::pause(run, abort)))).await?;
        if abort {
            self.driver.interrupt(run_id);
        }
        Ok(run)
    }

    /// Goes on. With `accept` a chapter that is held for findings is taken as it is.
    pub async fn resume(&self, run_id: &str, accept: bool) -> Result<Run, Error> {
        let now = self.clock.now();
        if accept { self.accept(run_id).await } else { self.resume_plain(run_id, now).await }
    }

    async fn accept(&self, run_id: &str) -> Result<Run, Error> {
        let now = self.clock.now();
        let loaded = self.store.load(run_id).await?;
        if loaded.run.pause.as_ref().is_none_or(|p| p.reason != PauseReason::Findings) {
            return self.resume_plain(run_id, now).await;
        }
        let state = read(loaded.run.kind, &loaded.state)?;
        let accepted = workflow::accept_held(&state).map_err(|e| {
            let fault = StepFault::of_turn(&e);
            Error::Invalid { detail: fault.problem.detail, hint: fault.problem.hint }
        })?;
        let edit = prepare(&loaded, &state, &accepted, now);
        self.change(run_id, Arc::new(move |run| accept_findings(run, &edit))).await
    }

    async fn resume_plain(&self, run_id: &str, now: Micros) -> Result<Run, Error> {
        self.change(run_id, Arc::new(move |run| command(run, now, |run| status::resume(run, now)))).await
    }

    /// Changes the state by hand (RFC 7396), recorded as a step of kind `edit`. The patched state must be valid.
    pub async fn edit_state(&self, run_id: &str, patch: &Value) -> Result<Run, Error> {
        let now = self.clock.now();
        let loaded = self.store.load(run_id).await?;
        let state = read(loaded.run.kind, &loaded.state)?;
        let mut value = crate::runner::state_value(&loaded.state);
        story::patch::apply(&mut value, patch);
        let invalid = |e: BadState| Error::Invalid {
            detail: format!("The changed state is not valid: {e}."),
            hint: "Correct the field that is named, then try again; nothing was changed.".into(),
        };
        let edited = workflow::after_edit(&state, typed(loaded.run.kind, value).map_err(invalid)?);
        let edit = prepare(&loaded, &state, &edited, now);
        self.change(run_id, Arc::new(move |run| transition::edit(run, &edit))).await
    }

    /// Ends the run; what was committed stays.
    pub async fn cancel(&self, run_id: &str) -> Result<Run, Error> {
        let now = self.clock.now();
        let run = self.change(run_id, Arc::new(move |run| command(run, now, status::cancel))).await?;
        self.driver.interrupt(run_id);
        Ok(run)
    }

    pub(super) async fn change(&self, run_id: &str, transition: Transition) -> Result<Run, Error> {
        let run = self.store.change(run_id, transition).await?;
        self.feed.changed(&run);
        self.driver.nudge();
        Ok(run)
    }
}

/// The edit that turns `old`, as it was loaded, into `new`.
fn prepare(loaded: &LoadedRun, old: &RunState, new: &RunState, now: Micros) -> Edit {
    let change = difference(old, &loaded.state, new);
    Edit {
        step_id: new_id(),
        // A step in flight commits under the same index: only an idle run's state is the state that the edit was made for.
        read_at: (loaded.run.last_index, if loaded.run.active_step.is_some() { -1 } else { loaded.run.epoch }),
        cursor: json!(new.cursor()),
        progress: workflow::progress(new),
        patch: change.patch.clone(),
        state_map: change.map(),
        changes: change.values,
        now,
    }
}
