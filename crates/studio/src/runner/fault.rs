use story::workflow::{Blame, OutOfTurn};

use super::stored_state::BadState;
use crate::{
    lock::Lock,
    ports::{Fault, Micros, ModelError, StoreError},
    problem::{Problem, sentence},
};

/// Why a step did not come to its end.
#[derive(Debug)]
pub struct StepFault {
    /// Where the fault lies.
    pub fault: Fault,
    /// As people read it.
    pub problem: Box<Problem>,
    /// Journal rows that it blames.
    pub blamed: Vec<String>,
    /// What the provider asks to wait, in microseconds.
    pub retry_after: Option<Micros>,
    /// Whether the budget is spent.
    pub budget: bool,
}

/// What ends an attempt early.
#[derive(Debug)]
pub enum Ended {
    /// With a fault that is committed.
    Fault(StepFault),
    /// The worker lost its claim, or was told to stop: nothing is committed.
    Interrupted,
    /// The store failed: nothing can be committed now.
    Store(StoreError),
}

impl From<StoreError> for Ended {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<StepFault> for Ended {
    fn from(fault: StepFault) -> Self {
        Self::Fault(fault)
    }
}

impl StepFault {
    fn new(fault: Fault, problem: Problem) -> Self {
        Self { fault, problem: Box::new(problem), blamed: Vec::new(), retry_after: None, budget: false }
    }

    /// The model gave no answer.
    pub fn of_model(error: &ModelError) -> Self {
        let provider_status = match error {
            ModelError::Unavailable { status, .. } => *status,
            ModelError::Rejected { status, .. } => Some(*status),
            ModelError::RateLimited { .. } => Some(429),
            _ => None,
        };
        let problem = Problem {
            kind: error.kind().into(),
            title: title(error.kind()),
            status: 502,
            detail: sentence(&error.to_string()),
            hint: error.hint(),
            provider_status,
            ..Problem::default()
        };
        let mut fault = Self::new(error.fault(), problem);
        fault.retry_after = error.retry_after().map(|d| Micros::try_from(d.as_micros()).unwrap_or(Micros::MAX));
        fault
    }

    /// The answer cannot be used.
    pub fn of_answer(kind: &str, detail: String, hint: &str) -> Self {
        let kind = format!("/problems/{kind}");
        Self::new(Fault::Answer, Problem { title: title(&kind), kind, status: 502, detail, hint: hint.into(), ..Problem::default() })
    }

    /// The next call might pass the budget.
    pub fn of_budget(detail: String) -> Self {
        let kind = "/problems/budget-spent".to_owned();
        let hint = "Raise the budget, then resume the run; nothing that was written is lost.".into();
        let mut fault = Self::new(Fault::Lasting, Problem { title: title(&kind), kind, status: 402, detail, hint, ..Problem::default() });
        fault.budget = true;
        fault
    }

    /// The state does not fit its own step, or the answers that were heard cannot be used.
    pub fn of_turn(error: &OutOfTurn) -> Self {
        match error.blames {
            Blame::State => {}
            Blame::Answer => {
                return Self::of_answer("unusable-answer", sentence(&error.to_string()), "Try again, or choose a stronger model.");
            }
            Blame::Locks => {
                let hint = "Try again, choose a stronger model, or take the lock away.";
                return Self::of_answer("locked", sentence(&error.to_string()), hint);
            }
        }
        let kind = "/problems/out-of-turn".to_owned();
        let hint = "Change the run's state so that the step fits, or start a new run of its brief.".into();
        Self::new(
            Fault::Ours,
            Problem { title: title(&kind), kind, status: 500, detail: sentence(&error.to_string()), hint, ..Problem::default() },
        )
    }

    /// What was to be kept would touch what is locked.
    pub fn of_locks(locks: &[Lock]) -> Self {
        let kind = "/problems/locked".to_owned();
        let hint = "Take the lock away and try the step again, or put the locked words back into the draft. A redo is given up by removing `redo` \
                    from the state."
            .into();
        let detail = format!("The text cannot be kept: {}", crate::lock::told(locks));
        Self::new(Fault::Lasting, Problem { title: title(&kind), kind, status: 409, detail, hint, ..Problem::default() })
    }

    /// The state cannot be read.
    pub fn of_state(error: &BadState) -> Self {
        let kind = "/problems/unreadable-state".to_owned();
        let hint = "Run it with the version of Fabulist that wrote it, or a newer one.".into();
        Self::new(
            Fault::Ours,
            Problem { title: title(&kind), kind, status: 500, detail: sentence(&error.to_string()), hint, ..Problem::default() },
        )
    }

    /// This fault, as one of this call.
    #[must_use]
    pub fn in_call(mut self, task: &str, slot: &str) -> Self {
        self.problem.task = Some(task.to_owned());
        self.problem.slot = Some(slot.to_owned());
        self
    }

    /// This fault, blaming these journal rows.
    #[must_use]
    pub fn blaming(mut self, calls: Vec<String>) -> Self {
        self.problem.call_ids.clone_from(&calls);
        self.blamed = calls;
        self
    }
}

/// `/problems/rate-limited` is titled `Rate limited`.
fn title(kind: &str) -> String {
    let words = kind.rsplit('/').next().unwrap_or_default().replace('-', " ");
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
