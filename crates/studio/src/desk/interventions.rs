//! Instructions of a person: carried out, or only thought out first.

use serde_json::{Value, json};
use story::workflow::{Instruction, exactly};

use super::{
    Studio,
    edits::{Prepared, invalid_state, units},
    turn::Wait,
};
use crate::{
    error::Error,
    ids::made_id,
    ports::{Proposal, StepFilter, StoreError},
    run::Run,
    runner::{fault::Ended, stored_state::read},
    status,
    step::{Step, StepKind},
};

/// The longest instruction, in scalar values.
pub const MOST_INSTRUCTION_CHARS: usize = 20_000;

/// What an instruction came to, or would come to.
#[derive(Debug, Clone)]
pub struct Intervened {
    #[allow(missing_docs)]
    pub run: Run,
    /// Its row; none for a proposal.
    pub step: Option<Step>,
    /// The proposal's id, where it was only thought out.
    pub proposal_id: Option<String>,
    /// To the person.
    pub assistant_message: String,
    /// RFC 7396.
    pub state_patch: Value,
}

impl Studio {
    /// Carries an instruction out, recorded as a step of kind `intervention`. One that fails is an answer too: its row says why.
    pub async fn intervene(&self, run_id: &str, instruction: &str, step_id: Option<&str>, wait: Wait) -> Result<Intervened, Error> {
        let (asked, told) = self.instruction(run_id, instruction, step_id).await?;
        let mut turn = self.turn(run_id, wait);
        loop {
            match self.intervene_now(run_id, &asked, &told).await {
                Err(error) => turn.wait_out(error).await?,
                done => return done,
            }
        }
    }

    async fn intervene_now(&self, run_id: &str, asked: &Instruction, told: &Value) -> Result<Intervened, Error> {
        let loaded = self.editable(run_id).await?;
        read(loaded.run.kind, &loaded.state)?;
        self.may_begin().await?;
        let (written, told) = (self.written(run_id).await?, told.clone());
        let prepare = Box::new(move |run: &Run, (state, parts): (&_, &_), thought: &crate::runner::intervene::Thought| {
            let prepared = Prepared::new(run, parts, state, thought.state.clone());
            prepared.telling(thought.told(&told)).renumbering(&written).edit(0)
        });
        let done = self.driver.intervene(run_id, made_id(), asked.clone(), prepare).await?;
        let (run, step_id) = done.ok_or(Error::Closing)?;
        let steps = self.store.steps(run_id, StepFilter { after: Some(loaded.run.last_index), ..StepFilter::default() }).await?;
        let step = steps.into_iter().find(|step| step.id == step_id);
        Ok(answer(run, step))
    }

    /// Thinks an instruction out and changes nothing. What it would change can be applied exactly, as long as the state stays as it is.
    pub async fn propose(&self, run_id: &str, instruction: &str, step_id: Option<&str>, wait: Wait) -> Result<Intervened, Error> {
        let (asked, told) = self.instruction(run_id, instruction, step_id).await?;
        let mut turn = self.turn(run_id, wait);
        let loaded = loop {
            match self.editable(run_id).await {
                Err(error) => turn.wait_out(error).await?,
                Ok(loaded) => break loaded,
            }
        };
        turn.end().await;
        let state = read(loaded.run.kind, &loaded.state)?;
        let written = self.written(run_id).await?;
        let id = made_id();
        let considered =
            self.driver.runner().consider(loaded.clone(), state.clone(), &asked, &units(&written), format!("proposal/{id}")).await;
        let thought = considered.map_err(|ended| match ended {
            Ended::Fault(fault) => Error::Failed(fault.problem),
            Ended::Store(error) => error.into(),
            Ended::Interrupted => Error::Closing,
        })?;
        let told = thought.told(&told);
        let message = thought.message.clone();
        let patch = Prepared::new(&loaded.run, &loaded.state, &state, thought.state).edit(0).patch;
        let state_map = loaded.state.iter().map(|(key, value)| (key.clone(), value.hash.clone())).collect();
        let proposal =
            Proposal { id: id.clone(), run_id: run_id.to_owned(), message: message.clone(), patch: patch.clone(), state_map, told };
        self.store.keep_proposal(proposal).await?;
        let run = self.store.run(run_id).await?;
        Ok(Intervened { run, step: None, proposal_id: Some(id), assistant_message: message, state_patch: patch })
    }

    /// Applies exactly what was proposed, recorded as a step of kind `intervention`. Refused where the state has moved on.
    pub async fn apply_proposal(&self, run_id: &str, proposal_id: &str, wait: Wait) -> Result<Intervened, Error> {
        let mut turn = self.turn(run_id, wait);
        loop {
            match self.apply_now(run_id, proposal_id).await {
                // The state that a proposal was made for does not come back by waiting.
                Err(Error::Conflict(conflict)) if conflict.kind == "state-moved-on" => {
                    turn.end().await;
                    return Err(Error::Conflict(conflict));
                }
                Err(error) => turn.wait_out(error).await?,
                done => return done,
            }
        }
    }

    /// What was recorded of an instruction, once it is carried out or has come to grief.
    pub async fn intervened(&self, run_id: &str, index: i64) -> Result<Intervened, Error> {
        let steps = self.store.steps(run_id, StepFilter { index: Some(index), ..StepFilter::default() }).await?;
        Ok(answer(self.store.run(run_id).await?, steps.into_iter().next()))
    }

    /// What was proposed.
    pub async fn proposed(&self, run_id: &str, proposal_id: &str) -> Result<Intervened, Error> {
        let Proposal { id, message, patch, .. } = self.store.proposal(run_id, proposal_id).await?;
        let run = self.store.run(run_id).await?;
        Ok(Intervened { run, step: None, proposal_id: Some(id), assistant_message: message, state_patch: patch })
    }

    async fn apply_now(&self, run_id: &str, proposal_id: &str) -> Result<Intervened, Error> {
        let proposal = match self.store.proposal(run_id, proposal_id).await {
            Err(StoreError::NotFound { .. }) => {
                let detail = format!("The run has no proposal {proposal_id}.");
                return Err(Error::field("/proposal_id", detail, "Have one made with `dry_run`, and name it."));
            }
            proposal => proposal?,
        };
        let loaded = self.editable(run_id).await?;
        let same = loaded.state.len() == proposal.state_map.len()
            && loaded.state.iter().all(|(key, value)| proposal.state_map.get(key) == Some(&value.hash));
        if !same {
            return Err(StoreError::Refused(status::moved_on(&loaded.run)).into());
        }
        let state = read(loaded.run.kind, &loaded.state)?;
        let written = self.written(run_id).await?;
        let next = exactly(&state, &proposal.patch).map_err(invalid_state)?;
        let prepared = Prepared::new(&loaded.run, &loaded.state, &state, next).telling(proposal.told).renumbering(&written);
        let (run, step) = self.record(run_id, prepared.of_kind(StepKind::Intervention)).await?;
        Ok(answer(run, step))
    }

    /// The instruction with the step that it is about, and what its row tells of both.
    async fn instruction(&self, run_id: &str, text: &str, step_id: Option<&str>) -> Result<(Instruction, Value), Error> {
        let run = self.store.run(run_id).await?;
        let hint = "Say in a few sentences what is to be different.";
        if text.trim().is_empty() {
            return Err(Error::field("/instruction", "The instruction is empty.", hint));
        }
        if text.chars().count() > MOST_INSTRUCTION_CHARS {
            return Err(Error::field("/instruction", "An instruction has at most 20,000 characters.", hint));
        }
        let mut told = json!({ "instruction": text });
        let mut about = String::new();
        if let Some(id) = step_id {
            let steps = self.store.steps(&run.id, StepFilter::default()).await?;
            let Some(step) = steps.iter().find(|step| step.id == id) else {
                return Err(Error::field("/step_id", format!("The run has no step {id}."), "Name the id of one of its steps."));
            };
            about = format!("{} {}", step.index, step.name);
            if let Some(outputs) = &step.outputs {
                let outputs: String = outputs.to_string().chars().take(600).collect();
                about.push_str(&format!(" {outputs}"));
            }
            told["step_id"] = json!(id);
            told["step_index"] = json!(step.index);
        }
        Ok((Instruction { text: text.to_owned(), about }, told))
    }
}

/// What the row says.
fn answer(run: Run, step: Option<Step>) -> Intervened {
    let said = step.as_ref().and_then(|step| {
        let told = step.said().map(|said| said.assistant_message);
        told.or_else(|| step.error.as_ref().map(|error| error.detail.clone()))
    });
    let state_patch = step.as_ref().and_then(|step| step.state_patch.clone()).unwrap_or_else(|| json!({}));
    Intervened { run, step, proposal_id: None, assistant_message: said.unwrap_or_default(), state_patch }
}
