//! An instruction of a person: claimed, asked, committed like a step, but thought out by its own function.

use std::{collections::BTreeSet, sync::Arc};

use serde_json::{Value, json};
use story::{
    context::{Context, assemble},
    plan::UnitId,
    state::RunState,
    tasks::Heard,
    workflow::{self, Desk, Instruction, Intervened, Materials},
};
use tokio_util::sync::CancellationToken;

use super::{Job, Runner, Worker, fault::Ended, stored_state::Parts};
use crate::{
    fail_point::fail_point,
    ports::{LoadedRun, Refused, StoreError, Usage, Write},
    run::Run,
    transition::{Claim, Edit, NewAttempt, claim_intervention, fail_intervention, settle_intervention},
};

/// What an instruction comes to.
#[derive(Debug)]
pub(crate) struct Thought {
    pub(crate) state: RunState,
    pub(crate) message: String,
    context: Context,
}

/// The edit that turns the first state, stored as these parts, into the second, telling this.
pub(crate) type Prepare = Box<dyn Fn(&Run, (&RunState, &Parts), &Thought) -> Edit + Send + Sync>;

impl Runner {
    /// Carries an instruction out. Returns the run as it is then, and the id of the instruction's row.
    ///
    /// Refused where a step is in flight, or the run has been given up. An instruction that fails is an answer too: its row says why.
    pub(crate) async fn intervene(
        &self,
        (run_id, step_id): (&str, String),
        asked: &Instruction,
        prepare: Prepare,
        stop: &CancellationToken,
    ) -> Result<(Run, String), StoreError> {
        let attempt = NewAttempt { step_id, ..self.attempt() };
        let run = self.store.change(run_id, Arc::new(move |run| claim_intervention(run, &attempt))).await?;
        fail_point("claimed");
        self.tell(&run);
        let Some(claim) = Claim::of(&run) else { return Err(StoreError::Refused(Refused::ClaimLost)) };
        let done = self.instructed(&claim, asked, prepare, stop).await;
        if done.is_err() || stop.is_cancelled() {
            self.let_go(&claim).await;
        }
        done.map(|run| (run, claim.step_id))
    }

    async fn instructed(&self, claim: &Claim, asked: &Instruction, prepare: Prepare, stop: &CancellationToken) -> Result<Run, StoreError> {
        let job = self.job(self.store.load(&claim.run_id).await?)?;
        let written = self.store.artifacts(&claim.run_id).await?.into_iter().map(|artifact| artifact.unit_id).collect();
        let mut worker = Worker { runner: self, job: &job, stop, used: Usage::NONE, to_journal: Vec::new(), asked: Vec::new() };
        let thought = worker.instructed(asked, &written).await;
        fail_point("performed");
        let (used, answers) = (worker.used, worker.to_journal);
        let (of, now) = (claim.clone(), self.clock.now());
        let mut journal: Vec<Write> = answers.iter().cloned().map(Write::Journal).collect();
        let saved = match thought {
            Ok(thought) => {
                let mut edit = prepare(&job.run, (&job.state, &job.parts), &thought);
                edit.now = now;
                journal.append(&mut edit.writes);
                edit.writes = journal;
                let context = json!(thought.context.record);
                self.persist(&claim.run_id, stop, Arc::new(move |run| settle_intervention(run, &of, &edit, &context, used))).await
            }
            Err(Ended::Fault(fault)) => {
                let fail = move |run: &mut Run| {
                    let mut writes = journal.clone();
                    writes.extend(fail_intervention(run, &of, &fault.problem, &fault.blamed, now)?);
                    Ok(writes)
                };
                self.persist(&claim.run_id, stop, Arc::new(fail)).await
            }
            Err(Ended::Interrupted) => self.store.run(&claim.run_id).await,
            Err(Ended::Store(e)) => Err(e),
        };
        fail_point("committed");
        if saved.is_err() || stop.is_cancelled() {
            self.keep_answers(&job, stop, &answers).await;
        }
        let saved = saved?;
        self.tell(&saved);
        Ok(saved)
    }

    /// What an instruction would come to. Nothing is claimed and nothing changed; its calls are journaled under `owner`.
    pub(crate) async fn consider(
        &self,
        loaded: LoadedRun,
        state: RunState,
        asked: &Instruction,
        written: &BTreeSet<UnitId>,
        owner: String,
    ) -> Result<Thought, Ended> {
        let job = self.aside(loaded, state, owner);
        let stop = CancellationToken::new();
        let mut worker = Worker { runner: self, job: &job, stop: &stop, used: Usage::NONE, to_journal: Vec::new(), asked: Vec::new() };
        worker.instructed(asked, written).await
    }

    /// A job without a claim, whose calls belong to `owner`.
    pub(super) fn aside(&self, loaded: LoadedRun, state: RunState, owner: String) -> Job {
        let claim = Claim {
            run_id: loaded.run.id.clone(),
            epoch: loaded.run.epoch,
            step_id: String::new(),
            index: 0,
            attempt: 0,
            phase: owner.clone(),
            started_at: self.clock.now(),
        };
        Job { run: loaded.run, claim, brief: loaded.brief, state, parts: loaded.state, repeatable: false, owner: Some(owner) }
    }
}

impl Worker<'_> {
    async fn instructed(&mut self, asked: &Instruction, written: &BTreeSet<UnitId>) -> Result<Thought, Ended> {
        let context = assemble(&self.job.brief, &self.job.state, self.job.run.context_budget);
        let materials = Materials::default();
        let desk = Desk { brief: &self.job.brief, state: &self.job.state, context: &context, materials: &materials };
        let mut heard: Vec<Heard> = Vec::new();
        loop {
            match workflow::intervene(desk, asked, written, &heard).map_err(|e| self.out_of_turn(&e))? {
                Intervened::Done { state, message } => return Ok(Thought { state: *state, message, context }),
                Intervened::Ask(call) => {
                    let answer = self.ask(&call).await?;
                    heard.push(Heard { slot: call.slot.clone(), answer });
                }
            }
        }
    }
}

impl Thought {
    /// What the row of the instruction tells besides what has changed.
    pub(crate) fn told(&self, asked: &Value) -> Value {
        let mut told = asked.clone();
        if let Value::Object(told) = &mut told {
            told.insert("assistant_message".into(), json!(self.message));
        }
        told
    }
}
