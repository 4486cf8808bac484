use std::sync::Arc;

use story::workflow;

use super::{Studio, edits::Prepared, kinds};
use crate::{
    error::Error,
    ids::ticket,
    ports::{Micros, Transition, Write},
    run::{PauseReason, Run, Until},
    runner::stored_state::read,
    status::{self, Decision},
    transition::{accept_findings, command},
};

impl Studio {
    /// The engine goes on by itself, to the end or to `until`.
    pub async fn start_autorun(&self, run_id: &str, until: Option<Until>) -> Result<Run, Error> {
        if let Some(until) = &until {
            kinds::check_until(self.store.run(run_id).await?.kind, until)?;
        }
        let now = self.clock.now();
        self.command(run_id, move |run| status::start_autorun(run, until.clone(), now)).await
    }

    /// Nothing further starts by itself; the step in flight is finished.
    pub async fn stop_autorun(&self, run_id: &str) -> Result<Run, Error> {
        self.command(run_id, status::stop_autorun).await
    }

    /// No further step starts; with `abort` the one in flight ends now and will run again.
    pub async fn pause(&self, run_id: &str, abort: bool) -> Result<Run, Error> {
        let run = self.command(run_id, move |run| status::pause(run, abort)).await?;
        if abort {
            self.driver.interrupt(run_id);
        }
        Ok(run)
    }

    /// Goes on. With `accept` a chapter that is held for findings is taken as it is, and a draft put over what a person wrote meanwhile;
    /// without, the person's text stands.
    pub async fn resume(&self, run_id: &str, accept: bool) -> Result<Run, Error> {
        let now = self.clock.now();
        let run = self.store.run(run_id).await?;
        if run.active_step.is_none() && run.pause.as_ref().is_some_and(|pause| pause.reason == PauseReason::ArtifactMovedOn) {
            return self.choose_text(run_id, accept).await;
        }
        if accept { self.accept(run_id).await } else { self.resume_plain(run_id, now).await }
    }

    async fn accept(&self, run_id: &str) -> Result<Run, Error> {
        let now = self.clock.now();
        let loaded = self.store.load(run_id).await?;
        if loaded.run.pause.as_ref().is_none_or(|p| p.reason != PauseReason::Findings) {
            return self.resume_plain(run_id, now).await;
        }
        let state = read(loaded.run.kind, &loaded.state)?;
        // A hand has changed what was held, since: it is read and judged anew.
        let Ok(accepted) = workflow::accept_held(&state) else { return self.resume_plain(run_id, now).await };
        let edit = Prepared::new(&loaded.run, &loaded.state, &state, accepted).edit(now);
        self.change(run_id, Arc::new(move |run| accept_findings(run, &edit))).await
    }

    pub(super) async fn resume_plain(&self, run_id: &str, now: Micros) -> Result<Run, Error> {
        self.command(run_id, move |run| status::resume(run, now)).await
    }

    /// Ends the run; what was committed stays.
    pub async fn cancel(&self, run_id: &str) -> Result<Run, Error> {
        let run = self.command(run_id, status::cancel).await?;
        self.driver.interrupt(run_id);
        Ok(run)
    }

    /// Carries a command out, once for each request with a key.
    async fn command(&self, run_id: &str, decide: impl Fn(&mut Run) -> Decision + Send + Sync + 'static) -> Result<Run, Error> {
        let (now, ticket) = (self.clock.now(), ticket());
        let transition = move |run: &mut Run| {
            let mut writes = command(run, now, &decide)?;
            writes.extend(ticket.clone().map(|ticket| Write::Asked { ticket }));
            Ok(writes)
        };
        self.change(run_id, Arc::new(transition)).await
    }

    pub(super) async fn change(&self, run_id: &str, transition: Transition) -> Result<Run, Error> {
        let run = self.store.change(run_id, transition).await?;
        self.feed.changed(&run);
        self.driver.nudge();
        Ok(run)
    }
}
