use serde_json::{Value, json};
use story::state::RunState;

use super::{Studio, change_run::check_priced, inputs::Inputs, kinds};
use crate::{
    brief::Snapshot,
    error::Error,
    event::Event,
    journal::JournaledCall,
    ports::{Page, RunFilter, StepFilter, StoreError},
    run::{Budget, Kind, Run},
    runner::{state_value, stored_state},
    status,
    step::Step,
    transition::{NewRun, new_run, room_for_prompt},
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
    /// What adaptations are made from.
    pub inputs: Inputs,
    /// Whether the engine goes on by itself at once.
    pub autorun: bool,
}

impl RunRequest {
    /// A run of this kind with this model, and nothing else.
    pub fn new(kind: Kind, model: impl Into<String>) -> Self {
        Self {
            kind,
            label: None,
            model: model.into(),
            origin: None,
            budget: None,
            pause_before: Vec::new(),
            inputs: Inputs::default(),
            autorun: false,
        }
    }
}

impl Studio {
    /// The run that is asked for, as it would begin.
    pub(super) async fn thought_out(&self, snapshot: &Snapshot, request: RunRequest) -> Result<(Run, RunState), Error> {
        request.inputs.check(request.kind)?;
        kinds::check_steps(request.kind, &request.pause_before)?;
        if let Some(label) = &request.label {
            super::briefs::check_title("/label", label)?;
        }
        let info = self.model("/model", &request.model)?;
        check_priced(&info, request.budget)?;
        let source = match request.kind {
            Kind::NovelToScript => Some(self.choose_source(snapshot, &request.inputs).await?),
            Kind::Novel | Kind::Script => None,
        };
        let begun = request.inputs.begin(request.kind, snapshot, &self.prompt_presets().await?, source)?;
        let asked = NewRun {
            label: request.label,
            model: request.model,
            context_budget: room_for_prompt(info.window, begun.output_spec()),
            origin: request.origin,
            budget: request.budget,
            pause_before: request.pause_before,
        };
        Ok((new_run(request.kind, snapshot, &begun, asked, self.clock.now()), begun))
    }

    /// Creates a run from a snapshot. No model is called.
    pub async fn create_run(&self, snapshot: &Snapshot, request: RunRequest) -> Result<Run, Error> {
        let autorun = request.autorun;
        let (mut run, begun) = self.thought_out(snapshot, request).await?;
        let values = stored_state::all(&begun).values.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
        if autorun {
            let now = run.created_at;
            status::start_autorun(&mut run, None, now).map_err(StoreError::Refused)?;
        }
        let created = json!({ "run": views::run(&run) });
        let run = self.store.create_run(run, values, pins_of(&begun), created).await?;
        self.feed.changed(&run);
        self.driver.nudge();
        Ok(run)
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

    /// The same as one JSON text, without reading it: values are stored as they are shown.
    pub async fn state_text(&self, run_id: &str, after: i64) -> Result<String, Error> {
        let parts = self.store.state_after(run_id, after).await?;
        let parts: Vec<String> = parts.iter().map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), value.json)).collect();
        Ok(format!("{{{}}}", parts.join(",")))
    }

    /// Events of a run above `after`.
    pub async fn events(&self, run_id: &str, after: i64, limit: u32) -> Result<Vec<Event>, Error> {
        Ok(self.store.events(run_id, after, limit).await?)
    }
}

/// The contents that a run is made from: they stay as long as the run does.
fn pins_of(state: &RunState) -> Vec<String> {
    match state {
        RunState::Adaptation(state) => state.source.chapters.values().map(|chapter| chapter.content_id.clone()).collect(),
        RunState::Novel(_) | RunState::Script(_) => Vec::new(),
    }
}
