use std::sync::Arc;

use story::{brief::FrozenBrief, state::RunState};

use super::{
    Runner,
    stored_state::{Parts, read_with},
};
use crate::{
    ports::{LoadedRun, StoreError},
    run::Run,
    transition::Claim,
};

/// A claimed step with everything that it needs in memory.
#[derive(Debug)]
pub struct Job {
    /// The row as it was at the claim.
    pub run: Run,
    /// The right to commit.
    pub claim: Claim,
    #[allow(missing_docs)]
    pub brief: Arc<FrozenBrief>,
    #[allow(missing_docs)]
    pub state: RunState,
    /// The state as stored.
    pub parts: Parts,
    /// Whether the model's answers can be had again byte for byte, for nothing.
    pub repeatable: bool,
    /// Whose calls these are, where they belong to no step.
    pub owner: Option<String>,
}

impl Job {
    /// The step that was claimed with this one's commit.
    pub(super) fn next(&self, run: Run, claim: Claim, state: RunState, parts: Parts) -> Self {
        Self { run, claim, brief: self.brief.clone(), state, parts, repeatable: self.repeatable, owner: None }
    }
}

impl Runner {
    /// A job from what was loaded after a claim.
    pub(super) fn job(&self, loaded: LoadedRun) -> Result<Job, StoreError> {
        let unusable = |detail: String| StoreError::Unusable {
            detail,
            hint: "Use the version of Fabulist that wrote this run, or a newer one.".into(),
        };
        let claim = Claim::of(&loaded.run).ok_or(StoreError::Refused(crate::ports::Refused::ClaimLost))?;
        let state = read_with(loaded.run.kind, &loaded.state, &self.outlines).map_err(|e| unusable(e.to_string()))?;
        let repeatable = self.models.info(&loaded.run.model).is_ok_and(|info| info.repeatable);
        Ok(Job { run: loaded.run, claim, brief: loaded.brief, state, parts: loaded.state, repeatable, owner: None })
    }
}
