//! A committed chapter once more, and the choice between a draft and what a person wrote meanwhile.

use std::sync::Arc;

use serde_json::json;
use story::{
    state::RunState,
    workflow::{self, Redoing, keep_theirs, put_over},
};

use super::{Studio, edits::Prepared, interventions::MOST_INSTRUCTION_CHARS, turn::Wait};
use crate::{
    error::Error,
    ports::StoreError,
    run::{Kind, Run},
    runner::stored_state::read,
    status,
    step::Step,
    transition::accept_findings,
};

impl Studio {
    /// Begins a committed chapter, scene or episode anew, with an instruction of its own; recorded as a step of kind `edit`. Its text is written by the steps
    /// that follow; those behind it are marked then, not rewritten.
    pub async fn redo(&self, run_id: &str, ordinal: u32, instruction: Option<&str>, wait: Wait) -> Result<(Run, Option<Step>), Error> {
        if instruction.is_some_and(|text| text.chars().count() > MOST_INSTRUCTION_CHARS) {
            let hint = "Say in a few sentences what is to be different.";
            return Err(Error::field("/instruction", "An instruction has at most 20,000 characters.", hint));
        }
        let mut turn = self.turn(run_id, wait);
        loop {
            match self.redo_now(run_id, ordinal, instruction).await {
                Err(error) => turn.wait_out(error).await?,
                done => return done,
            }
        }
    }

    async fn redo_now(&self, run_id: &str, ordinal: u32, instruction: Option<&str>) -> Result<(Run, Option<Step>), Error> {
        let loaded = self.editable(run_id).await?;
        let state = read(loaded.run.kind, &loaded.state)?;
        let Some(unit) = state.unit_id(ordinal) else {
            return Err(Error::NotFound { what: loaded.run.kind.artifact().unit(), id: ordinal.to_string() });
        };
        if let Some(other) = state.redone() {
            return Err(StoreError::Refused(status::redoing(&loaded.run, other)).into());
        }
        let artifact = self.store.artifact_of_unit(run_id, loaded.run.kind.artifact(), unit).await?;
        let Some(artifact) = artifact.filter(|_| ordinal <= workflow::progress(&state).done) else {
            return Err(StoreError::Refused(status::not_committed(&loaded.run, ordinal)).into());
        };
        self.no_whole_lock(&artifact.id).await?;
        let earlier = self.store.readings(run_id, ordinal).await?;
        let text_before = self.text_before(&loaded.run, &state, ordinal).await?;
        let version_id = &artifact.latest_version_id;
        let of = Redoing { ordinal, instruction, version_id, earlier: &earlier, text_before: text_before.as_deref() };
        let next = workflow::redo(&loaded.brief, &state, of);
        let prepared = Prepared::new(&loaded.run, &loaded.state, &state, next).telling(json!({ "redone": ordinal }));
        self.record(run_id, prepared).await
    }

    /// The text of the episode before this one, which goes on from it; nobody asks for it in another kind of run.
    async fn text_before(&self, run: &Run, state: &RunState, ordinal: u32) -> Result<Option<String>, Error> {
        let before = ordinal.checked_sub(1).filter(|_| run.kind == Kind::NovelToScript).and_then(|n| state.unit_id(n));
        let Some(unit) = before else { return Ok(None) };
        let artifact = self.store.artifact_of_unit(&run.id, run.kind.artifact(), unit).await?;
        Ok(match artifact {
            Some(artifact) => Some(self.store.version(&artifact.latest_version_id).await?.text),
            None => None,
        })
    }

    /// A person wrote a text meanwhile: the draft in hand is put over it, or down.
    pub(super) async fn choose_text(&self, run_id: &str, draft: bool) -> Result<Run, Error> {
        let now = self.clock.now();
        let loaded = self.editable(run_id).await?;
        let state = read(loaded.run.kind, &loaded.state)?;
        let unit = state.unit_index().and_then(|n| state.unit_id(n)).cloned().unwrap_or_default();
        let artifact = self.store.artifact_of_unit(run_id, loaded.run.kind.artifact(), &unit).await?;
        let artifact = artifact.ok_or_else(|| Error::NotFound { what: "artifact", id: unit.clone() })?;
        let version = self.store.version(&artifact.latest_version_id).await?;
        if draft {
            self.no_whole_lock(&artifact.id).await?;
        }
        let next = if draft { put_over(&state, &version.id) } else { keep_theirs(&state, &version.title, &version.text) };
        let mut prepared = Prepared::new(&loaded.run, &loaded.state, &state, next);
        // What a person makes of a scene or an episode stands as it is; no later one is written from it.
        if !draft && loaded.run.kind == Kind::Novel {
            prepared = prepared.reading(unit, version.id.clone());
        }
        let edit = prepared.telling(json!({ "kept": if draft { "draft" } else { "version" }, "version_id": version.id })).edit(now);
        self.change(run_id, Arc::new(move |run| accept_findings(run, &edit))).await
    }
}
