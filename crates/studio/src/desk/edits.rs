//! Changes of a run's state by hand: each is a piece of work of its own, between two steps.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde_json::{Value, json};
use story::{
    brief::FieldError,
    plan::UnitId,
    state::RunState,
    workflow::{self, Undo, edited, undone},
};

use super::{Studio, turn::Wait};
use crate::{
    artifact::Artifact,
    error::Error,
    ids::made_id,
    ports::{LoadedRun, Micros, StepFilter, StoreError, Write},
    run::Run,
    runner::{
        state_value,
        stored_state::{Parts, difference, read},
    },
    status,
    step::{Step, StepKind, StepStatus},
    transition::{self, Edit},
};

impl Studio {
    /// Changes the state by a merge patch (RFC 7396), recorded as a step of kind `edit`. The patched state must be valid.
    ///
    /// A patch that changes nothing is no step.
    pub async fn edit_state(&self, run_id: &str, patch: &Value, wait: Wait) -> Result<(Run, Option<Step>), Error> {
        self.edit_seen_state(run_id, patch, None, wait).await
    }

    /// The same, only of what was `seen`: the last index and the epoch of the run.
    pub async fn edit_seen_state(
        &self,
        run_id: &str,
        patch: &Value,
        seen: Option<(i64, i64)>,
        wait: Wait,
    ) -> Result<(Run, Option<Step>), Error> {
        let mut turn = self.turn(run_id, wait);
        loop {
            match self.edit_now(run_id, patch, seen).await {
                Err(error) => turn.wait_out(error).await?,
                done => return done,
            }
        }
    }

    async fn edit_now(&self, run_id: &str, patch: &Value, seen: Option<(i64, i64)>) -> Result<(Run, Option<Step>), Error> {
        let loaded = self.editable(run_id).await?;
        if seen.is_some_and(|seen| seen != (loaded.run.last_index, loaded.run.epoch)) {
            return Err(Error::Changed);
        }
        let state = read(loaded.run.kind, &loaded.state)?;
        let written = self.written(run_id).await?;
        let next = edited(&state, patch, &units(&written)).map_err(invalid_state)?;
        self.carry_out(run_id, Prepared::new(&loaded.run, &loaded.state, &state, next).renumbering(&written)).await
    }

    /// Takes one intervention or edit back, or the last step where it made no version: recorded as a step of kind `edit`.
    ///
    /// What was changed since besides stays. Refused where what it had changed was changed again.
    pub async fn revert(&self, run_id: &str, index: i64, wait: Wait) -> Result<(Run, Option<Step>), Error> {
        let mut turn = self.turn(run_id, wait);
        loop {
            match self.revert_now(run_id, index).await {
                Err(error) => turn.wait_out(error).await?,
                done => return done,
            }
        }
    }

    async fn revert_now(&self, run_id: &str, index: i64) -> Result<(Run, Option<Step>), Error> {
        let loaded = self.editable(run_id).await?;
        let step = self.success(run_id, index).await?;
        if !step.artifact_version_ids.is_empty() {
            return Err(StoreError::Refused(status::made_versions(&loaded.run)).into());
        }
        let state = read(loaded.run.kind, &loaded.state)?;
        let written = self.written(run_id).await?;
        let was = state_value(&self.store.state_after(run_id, index - 1).await?);
        let became = state_value(&self.store.state_after(run_id, index).await?);
        let next = undone(&state, &was, &became, &units(&written)).map_err(|e| match e {
            Undo::MovedOn(pointers) => StoreError::Refused(status::changed_since(&loaded.run, &pointers)).into(),
            Undo::Faults(errors) => invalid_state(errors),
        })?;
        let prepared = Prepared::new(&loaded.run, &loaded.state, &state, next).telling(json!({ "reverted": index })).renumbering(&written);
        self.carry_out(run_id, prepared).await
    }

    /// The run with its state, where that may be changed now.
    pub(super) async fn editable(&self, run_id: &str) -> Result<LoadedRun, Error> {
        let mut loaded = self.store.load(run_id).await?;
        if self.driver.take_over_from_its_dead(&loaded.run).await? {
            loaded = self.store.load(run_id).await?;
        }
        status::may_edit(&loaded.run).map_err(StoreError::Refused)?;
        Ok(loaded)
    }

    /// The chapters of a run that have a text.
    pub(super) async fn written(&self, run_id: &str) -> Result<Vec<Artifact>, Error> {
        Ok(self.store.artifacts(run_id).await?)
    }

    /// The success of an index.
    pub(super) async fn success(&self, run_id: &str, index: i64) -> Result<Step, Error> {
        let attempts = self.store.steps(run_id, StepFilter { index: Some(index), ..StepFilter::default() }).await?;
        let found = attempts.into_iter().find(|step| step.status == StepStatus::Succeeded);
        found.ok_or_else(|| Error::NotFound { what: "committed step", id: index.to_string() })
    }

    /// Records a change, where it is one.
    pub(super) async fn carry_out(&self, run_id: &str, prepared: Prepared) -> Result<(Run, Option<Step>), Error> {
        if prepared.is_nothing() {
            return Ok((self.store.run(run_id).await?, None));
        }
        self.record(run_id, prepared).await
    }

    /// Records a change.
    pub(super) async fn record(&self, run_id: &str, prepared: Prepared) -> Result<(Run, Option<Step>), Error> {
        let edit = prepared.edit(self.clock.now());
        let id = edit.step_id.clone();
        let run = self.change(run_id, Arc::new(move |run| transition::edit(run, &edit))).await?;
        let steps = self.store.steps(run_id, StepFilter { after: Some(run.last_index - 2), ..StepFilter::default() }).await?;
        Ok((run, steps.into_iter().find(|step| step.id == id)))
    }
}

/// A change that was thought out against a run as it was loaded.
pub(super) struct Prepared {
    edit: Edit,
    next: RunState,
}

impl Prepared {
    /// The edit that turns `old`, as it was loaded, into `next`.
    pub(super) fn new(run: &Run, parts: &Parts, old: &RunState, next: RunState) -> Self {
        let change = difference(old, parts, &next);
        let edit = Edit {
            step_id: made_id(),
            kind: StepKind::Edit,
            // A step in flight commits under the same index: only an idle run's state is the state that the edit was made for.
            read_at: (run.last_index, if run.active_step.is_some() { -1 } else { run.epoch }),
            cursor: json!(next.cursor()),
            progress: workflow::progress(&next),
            patch: change.patch.clone(),
            told: json!({}),
            state_map: change.map(),
            changes: change.values,
            writes: Vec::new(),
            unread: None,
            now: 0,
        };
        Self { edit, next }
    }

    /// The same as work of another kind.
    pub(super) fn of_kind(mut self, kind: StepKind) -> Self {
        self.edit.kind = kind;
        self
    }

    /// Its row tells this too.
    pub(super) fn telling(mut self, told: Value) -> Self {
        self.edit.told = told;
        self
    }

    /// Texts whose chapter has another place in the plan now are numbered anew.
    pub(super) fn renumbering(mut self, written: &[Artifact]) -> Self {
        let places: BTreeMap<&UnitId, u32> = self.next.unit_ids().into_iter().zip(1..).collect();
        let moved: Vec<(String, u32)> = written
            .iter()
            .filter_map(|artifact| Some((artifact.id.clone(), *places.get(&artifact.unit_id).filter(|n| **n != artifact.ordinal)?)))
            .collect();
        if !moved.is_empty() {
            self.edit.writes.push(Write::Renumber(moved));
        }
        self
    }

    /// From now on this version of a unit waits to be read.
    pub(super) fn reading(mut self, unit: String, version: String) -> Self {
        self.edit.unread = Some((unit, version));
        self
    }

    /// Whether it changes anything.
    pub(super) fn is_nothing(&self) -> bool {
        self.edit.changes.is_empty()
    }

    /// The edit, made now.
    pub(super) fn edit(mut self, now: Micros) -> Edit {
        self.edit.now = now;
        self.edit
    }
}

/// The ids that chapters with a text have in the plan.
pub(super) fn units(written: &[Artifact]) -> BTreeSet<UnitId> {
    written.iter().map(|artifact| artifact.unit_id.clone()).collect()
}

/// The changed state would not be valid.
pub(super) fn invalid_state(errors: Vec<FieldError>) -> Error {
    let detail = match errors.first() {
        Some(first) if first.pointer.is_empty() => format!("The patch {}.", first.detail),
        Some(first) => format!("The changed state is not valid: {} {}.", first.pointer, first.detail),
        None => "The changed state is not valid.".into(),
    };
    Error::Fields { detail, hint: "Correct what is named, then try again; nothing was changed.".into(), errors }
}
