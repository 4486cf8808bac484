//! Several drafts of a unit: which there were, and another one instead.

use serde_json::json;
use story::{state::Draws, workflow};

use super::{Studio, edits::Prepared, turn::Wait};
use crate::{
    error::Error,
    ports::StoreError,
    run::Run,
    runner::stored_state::read,
    status,
    step::Step,
    views::{self, CandidateView},
};

impl Studio {
    /// Takes another of the drafts of step `index` into the hand, recorded as a step of kind `edit`: it is read and judged anew. Refused where
    /// the unit is not in hand any more. The one that is in hand already is no step.
    pub async fn choose(&self, run_id: &str, index: i64, candidate: u32, wait: Wait) -> Result<(Run, Option<Step>), Error> {
        let mut turn = self.turn(run_id, wait);
        loop {
            match self.choose_now(run_id, index, candidate).await {
                Err(error) => turn.wait_out(error).await?,
                done => return done,
            }
        }
    }

    async fn choose_now(&self, run_id: &str, index: i64, candidate: u32) -> Result<(Run, Option<Step>), Error> {
        let drawn = self.draws(run_id, index).await?;
        if !drawn.candidates.contains_key(&candidate) {
            let detail = format!("Step {index} has no candidate {candidate}; it has {}, counted from 1.", drawn.candidates.len());
            return Err(Error::field("/candidate", detail, "Name one of those that the step lists."));
        }
        let loaded = self.editable(run_id).await?;
        let state = read(loaded.run.kind, &loaded.state)?;
        let next = state.draws().filter(|now| now.candidates == drawn.candidates).and_then(|_| workflow::chosen(&state, candidate));
        let Some(next) = next else { return Err(StoreError::Refused(status::not_in_hand(&loaded.run, index)).into()) };
        let prepared = Prepared::new(&loaded.run, &loaded.state, &state, next);
        self.carry_out(run_id, prepared.telling(json!({ "chosen": candidate, "of_step": index }))).await
    }

    /// The drafts that step `index` had to choose from, and which one was taken: last, as long as the unit is in hand.
    pub async fn candidates(&self, run_id: &str, index: i64) -> Result<Vec<CandidateView>, Error> {
        self.store.run(run_id).await?;
        let drawn = self.draws(run_id, index).await?;
        let loaded = self.store.load(run_id).await?;
        let now = read(loaded.run.kind, &loaded.state)?;
        let chosen = now.draws().filter(|now| now.candidates == drawn.candidates).map_or(drawn.chosen, |now| now.chosen);
        Ok(drawn.candidates.iter().map(|(number, candidate)| views::candidate(*number, chosen, candidate)).collect())
    }

    /// The drafts of a step, as its state has them.
    async fn draws(&self, run_id: &str, index: i64) -> Result<Draws, Error> {
        let step = self.success(run_id, index).await?;
        let none = || Error::Invalid {
            detail: format!("Step {index}, {}, has not written several drafts.", step.name),
            hint: "Ask for several with `next` and `candidates` when a draft comes next.".into(),
        };
        if step.outputs.as_ref().is_none_or(|outputs| outputs["candidates"].is_null()) {
            return Err(none());
        }
        let mut state = self.store.state_after(run_id, index).await?;
        let stored = state.remove("draws").ok_or_else(none)?;
        serde_json::from_str(&stored.json).map_err(|error| Error::State(error.into()))
    }
}
