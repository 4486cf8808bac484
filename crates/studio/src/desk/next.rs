use std::time::Duration;

use super::Studio;
use crate::{
    error::Error,
    feed::Notice,
    ports::{StepFilter, StoreError},
    run::Run,
    runner::Wake,
    status,
    step::{Step, StepKind, StepStatus},
};

/// How often the rows are looked at while another process works.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Where an expected index stands.
enum Place {
    /// It is the step in flight, which this attempt works on.
    InFlight(String),
    /// It was committed.
    Behind,
    /// It would run next.
    Next,
    /// It is further ahead.
    Ahead,
}

/// The most drafts to choose from.
pub const MOST_CANDIDATES: u32 = 8;

impl Studio {
    /// Executes exactly one step and answers when it is committed; a failed step is an answer too. The step goes on when the caller leaves.
    ///
    /// With `expected` a repeated call joins that step while it is in flight, and gets its result once it is committed.
    pub async fn next(&self, run_id: &str, expected: Option<i64>) -> Result<(Run, Option<Step>), Error> {
        self.draw(run_id, expected, None).await
    }

    /// The same; a draft is written `candidates` times, and the best of them is taken.
    pub async fn draw(&self, run_id: &str, expected: Option<i64>, candidates: Option<u32>) -> Result<(Run, Option<Step>), Error> {
        if candidates.is_some_and(|n| !(1..=MOST_CANDIDATES).contains(&n)) {
            return Err(Error::field("/candidates", "There are between 1 and 8 candidates.", "Correct the number, or leave it out for 1."));
        }
        loop {
            let run = self.store.run(run_id).await?;
            if self.driver.take_over_from_its_dead(&run).await? {
                continue;
            }
            let index = match expected {
                None => {
                    status::next(&run).map_err(StoreError::Refused)?;
                    status::next_index(&run)
                }
                Some(expected) => match place(&run, expected) {
                    Place::InFlight(attempt) => {
                        let run = self.settled(run_id, &attempt).await?;
                        return self.result(run, expected).await;
                    }
                    Place::Behind => return self.result(run, expected).await,
                    Place::Next => {
                        status::next(&run).map_err(StoreError::Refused)?;
                        expected
                    }
                    Place::Ahead => {
                        status::next(&run).map_err(StoreError::Refused)?;
                        return Err(StoreError::Refused(status::step_moved_on(&run)).into());
                    }
                },
            };
            if candidates.is_some_and(|n| n > 1) && !story::workflow::is_draft(run.next_step()) {
                let detail = format!("The next step is {}, which writes no draft: there is nothing to choose from.", run.next_step());
                return Err(Error::field("/candidates", detail, "Leave it out now, and ask for several when a draft comes next."));
            }
            self.may_begin().await?;
            let epoch = run.epoch;
            let wake = Wake { run_id: run.id, epoch, model: run.model, by_hand: true, candidates };
            if let Some((run, step)) = self.driver.step(wake).await? {
                let step = match step {
                    Some(step) => Some(*step),
                    None => self.last_attempt(run_id, index).await?,
                };
                return Ok((run, step));
            }
            // Somebody else was faster, or the claim was taken away: the row says what is true now.
            if self.driver.is_draining() {
                return Err(Error::Closing);
            }
            let now = self.store.run(run_id).await?;
            if expected.is_none() || now.epoch == epoch {
                status::next(&now).map_err(StoreError::Refused)?;
                return Err(StoreError::Refused(status::step_moved_on(&now)).into());
            }
        }
    }

    /// Nothing is begun while the database or the disk is in trouble: a person is told, and looks for themselves whether it has passed.
    pub(super) async fn may_begin(&self) -> Result<(), Error> {
        if self.health.trouble().is_none() {
            return Ok(());
        }
        self.health.probe().await;
        match self.health.trouble() {
            Some(ill) => Err(Error::NotReady { detail: ill.detail, hint: ill.hint }),
            None => Ok(()),
        }
    }

    /// The step that has this index, as it ended.
    async fn result(&self, run: Run, index: i64) -> Result<(Run, Option<Step>), Error> {
        match self.last_attempt(&run.id, index).await? {
            Some(step) if step.kind == StepKind::Step => Ok((run, Some(step))),
            _ => Err(StoreError::Refused(status::step_moved_on(&run)).into()),
        }
    }

    /// The last attempt that has ended: autorun may be at the next one already.
    async fn last_attempt(&self, run_id: &str, index: i64) -> Result<Option<Step>, Error> {
        let attempts = self.store.steps(run_id, StepFilter { index: Some(index), ..StepFilter::default() }).await?;
        Ok(attempts.into_iter().rfind(|step| step.status != StepStatus::Running))
    }

    /// Waits until this attempt is not in flight any more, whichever process works on it.
    async fn settled(&self, run_id: &str, attempt: &str) -> Result<Run, Error> {
        let mut news = self.feed.listen();
        loop {
            let run = self.store.run(run_id).await?;
            if run.active_step.as_ref().is_none_or(|active| active.id != attempt) {
                return Ok(run);
            }
            let told = async {
                loop {
                    match news.recv().await {
                        Ok(Notice::Changed { run_id: of }) if &*of == run_id => return,
                        Ok(_) => {}
                        // It missed something; or nobody tells any more, and the rows are looked at.
                        Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => return,
                        Err(tokio::sync::broadcast::error::RecvError::Closed) => std::future::pending().await,
                    }
                }
            };
            let _ = tokio::time::timeout(LOOK_EVERY, told).await;
        }
    }
}

fn place(run: &Run, expected: i64) -> Place {
    if let Some(active) = &run.active_step {
        return match expected {
            index if index == active.index => Place::InFlight(active.id.clone()),
            index if index < active.index => Place::Behind,
            _ => Place::Ahead,
        };
    }
    match expected.cmp(&status::next_index(run)) {
        std::cmp::Ordering::Less => Place::Behind,
        std::cmp::Ordering::Equal => Place::Next,
        std::cmp::Ordering::Greater => Place::Ahead,
    }
}
