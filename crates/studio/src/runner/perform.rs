use story::{
    context::{Context, assemble},
    language::Tongue,
    tasks::{Answer, Heard},
    workflow::{self, Act, Blame, Desk, Materials, OutOfTurn, Reread, StepTurn, novel},
};

use super::{
    Worker,
    fault::{Ended, StepFault},
};
use crate::{
    artifact::{Artifact, Version, VersionSource},
    fail_point::fail_point,
    lock::Lock,
    ports::{Fault, StoreError},
    transition::room_for_prompt,
};

impl Worker<'_> {
    /// Thinks: reads what the step needs, asks until the step is done.
    pub(super) async fn perform(&mut self) -> Result<(StepTurn, Context), Ended> {
        let state = &self.job.state;
        let context = assemble(&self.job.brief, state, self.context_budget().await);
        let needs = workflow::needs(state);
        let mut materials = Materials::default();
        if !needs.prints.is_empty() {
            let ordinal = state.unit_index().unwrap_or(1);
            materials.repeated = self.runner.store.earlier_prints(&self.job.run.id, ordinal, &needs.prints).await?;
            fail_point("materials");
        }
        if !needs.contents.is_empty() {
            materials.contents = self.runner.store.contents(&needs.contents).await?;
            fail_point("contents");
        }
        if needs.readings {
            let committed = workflow::progress(state).done;
            materials.readings = self.runner.store.readings(&self.job.run.id, committed + 1).await?;
            fail_point("readings");
        }
        if self.job.claim.phase == novel::REREAD {
            materials.reread = Some(self.to_reread().await?);
        }
        if needs.locks {
            materials.locked = self.locked().await?;
        }
        if workflow::is_draft(&self.job.claim.phase) {
            materials.candidates = self.job.run.open.as_ref().map_or(0, |open| open.candidates);
        }
        let mut heard: Vec<Heard> = Vec::new();
        loop {
            let desk = Desk { brief: &self.job.brief, state, context: &context, materials: &materials };
            match workflow::act(desk, &heard).map_err(|e| self.out_of_turn(&e))? {
                Act::Done(turn) => return Ok((*turn, context)),
                Act::Ask(call) => {
                    let answer = match self.ask(&call).await {
                        Err(Ended::Fault(fault)) if self.gives_up(&fault) => Answer::NotRead,
                        answer => answer?,
                    };
                    let new = Heard { slot: call.slot.clone(), answer };
                    if materials.candidates > 1 {
                        let (ordinal, prints) = (state.unit_index().unwrap_or(1), workflow::drawn_prints(&new));
                        materials.repeated.extend(self.runner.store.earlier_prints(&self.job.run.id, ordinal, &prints).await?);
                        fail_point("materials");
                    }
                    heard.push(new);
                }
            }
        }
    }

    /// The words of the unit in hand that are locked, in the order of its latest text. A text that is locked whole cannot be written anew.
    async fn locked(&self) -> Result<Vec<String>, Ended> {
        let (run, state) = (&self.job.run, &self.job.state);
        let Some(unit) = state.unit_index().and_then(|n| state.unit_id(n)) else { return Ok(Vec::new()) };
        let Some(artifact) = self.runner.store.artifact_of_unit(&run.id, run.kind.artifact(), unit).await? else { return Ok(Vec::new()) };
        let locks = self.runner.store.locks(&artifact.id).await?;
        fail_point("materials");
        let whole: Vec<Lock> = locks.iter().filter(|lock| lock.words.is_none()).cloned().collect();
        if !whole.is_empty() {
            return Err(StepFault::of_locks(&whole).into());
        }
        Ok(locks.into_iter().filter_map(|lock| lock.words).map(|words| words.text).collect())
    }

    /// Tokens of this step's prompt: what was pinned when nobody had been asked yet, or less where the model says that it reads less.
    pub(super) async fn context_budget(&self) -> u64 {
        let run = &self.job.run;
        let window = self.runner.models.window(&run.model).await;
        fail_point("window");
        window.map_or(run.context_budget, |window| run.context_budget.min(room_for_prompt(window, self.job.state.output_spec())))
    }

    /// The first chapter that a person has changed and nobody has read since, and what was read of the others.
    async fn to_reread(&self) -> Result<Reread, Ended> {
        let (run, store) = (&self.job.run, &self.runner.store);
        let mut first: Option<Artifact> = None;
        for unit in run.unread.keys() {
            let artifact = store.artifact_of_unit(&run.id, run.kind.artifact(), unit).await?;
            if let Some(artifact) = artifact.filter(|a| first.as_ref().is_none_or(|first| a.ordinal < first.ordinal)) {
                first = Some(artifact);
            }
        }
        let artifact = first.ok_or_else(|| StoreError::Database("a chapter that waits to be read again is gone".into()))?;
        let version = store.version(&artifact.latest_version_id).await?;
        let text_before = self.begun_from(&version).await?;
        let readings = store.readings(&run.id, self.job.state.unit_index().unwrap_or(u32::MAX)).await?;
        fail_point("readings");
        Ok(Reread {
            ordinal: artifact.ordinal,
            chapter_id: artifact.unit_id,
            version_id: version.id,
            content_id: version.content_id,
            title: version.title,
            text: version.text,
            text_before,
            readings,
        })
    }

    /// The text that a person has changed: the last one that no person wrote, or the first of all.
    async fn begun_from(&self, version: &Version) -> Result<Option<String>, Ended> {
        let mut text = None;
        let (mut source, mut parent) = (version.source, version.parent_id.clone());
        while let (VersionSource::User, Some(id)) = (source, parent) {
            let before = self.runner.store.version(&id).await?;
            fail_point("readings");
            (source, parent) = (before.source, before.parent_id);
            text = Some(before.text);
        }
        Ok(text)
    }

    /// A state that its step cannot go on from, or answers that it cannot use: those are blamed, and asked for again.
    pub(super) fn out_of_turn(&self, error: &OutOfTurn) -> StepFault {
        match error.blames {
            Blame::State => StepFault::of_turn(error),
            Blame::Answer | Blame::Locks => StepFault::of_turn(error).blaming(self.asked.clone()),
        }
    }

    /// Whether the step goes on without this answer: its attempts are used up and it can do without.
    fn gives_up(&self, fault: &StepFault) -> bool {
        let faults = self.job.run.open.as_ref().map_or(0, |open| open.faults);
        fault.fault == Fault::Answer
            && workflow::may_give_up(&self.job.claim.phase)
            && faults >= i64::from(self.job.state.output_spec().auto_step_retries)
    }

    pub(super) fn tongue(&self) -> Tongue {
        self.job.state.language().map_or_else(|| self.job.brief.content.tongue(), Tongue::of)
    }
}
