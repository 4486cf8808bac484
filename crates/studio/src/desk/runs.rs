use serde_json::{Value, json};
use story::{
    context::{STEP_BUDGET, most_tokens},
    state::NovelState,
    workflow::novel,
};

use super::Studio;
use crate::{
    brief::Snapshot,
    error::Error,
    event::Event,
    journal::JournaledCall,
    ports::{Page, RunFilter, StepFilter},
    run::{Budget, Kind, Run},
    runner::{state_value, stored_state},
    step::Step,
    transition::{NewRun, new_run},
    views,
};

/// What a new run is to be.
#[derive(Debug, Clone)]
pub struct RunRequest {
    #[allow(missing_docs)]
    pub kind: Kind,
    #[allow(missing_docs)]
    pub label: Option<String>,
    /// `rehearsal`, or `provider/model`.
    pub model: String,
    /// See [`Run::origin`].
    pub origin: Option<String>,
    #[allow(missing_docs)]
    pub budget: Option<Budget>,
    /// Steps before which autorun stops.
    pub pause_before: Vec<String>,
}

impl Studio {
    /// Creates a run from a snapshot. No model is called.
    pub async fn create_run(&self, snapshot: &Snapshot, request: RunRequest) -> Result<Run, Error> {
        if request.kind != Kind::Novel {
            return Err(Error::Invalid {
                detail: "Scripts and adaptations are not built yet.".into(),
                hint: "Leave --kind out, or say `--kind novel`.".into(),
            });
        }
        for step in &request.pause_before {
            if !novel::STEPS.contains(&step.as_str()) {
                let hint = format!("The steps of a novel are {}.", novel::STEPS.join(", "));
                return Err(Error::Invalid { detail: format!("There is no step `{step}` to pause before."), hint });
            }
        }
        self.models.ask_around(&request.model).await;
        let info = self.models.info(&request.model)?;
        if request.budget.is_some_and(|b| b.max_cost.is_some()) && !info.priced {
            return Err(Error::Invalid {
                detail: format!("The price of {} is not known, so a budget in money cannot be held.", info.name),
                hint: "Leave --budget out, or choose a model whose price `fabulist models` shows.".into(),
            });
        }
        let spec = snapshot.brief.output_spec();
        let longest_answer = most_tokens(spec.chapter_length) + 400;
        let asked = NewRun {
            label: request.label,
            model: request.model,
            context_budget: STEP_BUDGET.min(info.window.saturating_sub(longest_answer)),
            origin: request.origin,
            budget: request.budget,
            pause_before: request.pause_before,
        };
        let state = NovelState::begin(spec, &snapshot.brief.content.characters);
        let run = new_run(snapshot, &state, asked, self.clock.now());
        let values = stored_state::all(&state).values.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
        let created = json!({ "run": views::run(&run) });
        Ok(self.store.create_run(run, values, created).await?)
    }

    /// A run by its id, or by the beginning of one.
    pub async fn run(&self, id: &str) -> Result<Run, Error> {
        if id.len() == 36 {
            return Ok(self.store.run(id).await?);
        }
        let mut cursor = None;
        let mut found = Vec::new();
        // The last part of an id is as good as the first: ids of one minute begin alike.
        let wanted = |run: &Run| id.len() >= 4 && (run.id.starts_with(id) || run.id.ends_with(id));
        loop {
            let page = self.store.runs(RunFilter { limit: Some(200), cursor, ..RunFilter::default() }).await?;
            found.extend(page.items.into_iter().filter(|run| wanted(run)));
            cursor = page.next_cursor;
            if cursor.is_none() || found.len() > 1 {
                break;
            }
        }
        match found.len() {
            1 => Ok(found.remove(0)),
            0 => Err(Error::NotFound { what: "run", id: id.to_owned() }),
            _ => Err(Error::Invalid { detail: format!("More than one run is called {id}."), hint: "Give more of the id.".into() }),
        }
    }

    /// Runs, newest first.
    pub async fn runs(&self, filter: RunFilter) -> Result<Page<Run>, Error> {
        Ok(self.store.runs(filter).await?)
    }

    /// The steps of a run, by index, then attempt.
    pub async fn steps(&self, run_id: &str, filter: StepFilter) -> Result<Vec<Step>, Error> {
        Ok(self.store.steps(run_id, filter).await?)
    }

    /// What the model saw and said at a step.
    pub async fn calls(&self, run_id: &str, index: i64) -> Result<Vec<JournaledCall>, Error> {
        Ok(self.store.calls(run_id, index).await?)
    }

    /// The whole state, now or after a step.
    pub async fn state(&self, run_id: &str, after: Option<i64>) -> Result<Value, Error> {
        let parts = match after {
            Some(index) => self.store.state_after(run_id, index).await?,
            None => self.store.load(run_id).await?.state,
        };
        Ok(state_value(&parts))
    }

    /// Events of a run above `after`.
    pub async fn events(&self, run_id: &str, after: i64, limit: u32) -> Result<Vec<Event>, Error> {
        Ok(self.store.events(run_id, after, limit).await?)
    }
}
