//! A run and its rows in memory: what the store does with a transition, for tests of the transitions alone.

use std::sync::Arc;

use story::{
    brief::FrozenBrief,
    state::{Draft, NovelState, RunState},
    workflow::Progress,
};
use studio::{
    artifact::{ArtifactKind, VersionSource},
    brief::Snapshot,
    ports::{Advance, Fault, KeptVersion, Refused, Usage, Write},
    problem::Problem,
    run::{Kind, Run, Status},
    status::{self},
    step::{Step, StepStatus},
    transition::{self, Claim, Edit, Failure, HandVersion, NewAttempt, NewRun, Settled, hand_version},
};

/// One run with its attempts and events.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    pub(crate) run: Run,
    pub(crate) steps: Vec<Step>,
    pub(crate) events: Vec<String>,
    pub(crate) now: i64,
    made: u32,
}

pub(crate) const NODE: &str = "this-node";

impl Rows {
    /// A run that has done nothing.
    pub(crate) fn new() -> Self {
        let brief = FrozenBrief::freeze("A Drought", Default::default(), &Default::default());
        let state = RunState::from(NovelState::begin(brief.output_spec(), &[]));
        let snapshot = Snapshot { id: "s".into(), brief_id: "b".into(), label: None, brief, author: None, created_at: 0 };
        let asked = NewRun { model: "rehearsal".into(), context_budget: 8000, ..NewRun::default() };
        Self {
            run: transition::new_run(Kind::Novel, &snapshot, &state, asked, 0),
            steps: Vec::new(),
            events: Vec::new(),
            now: 1_000_000,
            made: 0,
        }
    }

    /// A run in this status; `active` has a step in flight.
    pub(crate) fn in_status(status: Status, active: bool) -> Self {
        let mut rows = Self::new();
        if active {
            rows.claim().expect("a fresh run can be claimed");
        } else if !matches!(status, Status::Queued) {
            rows.claim().expect("a fresh run can be claimed");
            rows.settle("novel.outline").expect("its claim holds");
        }
        rows.run.status = status;
        if status == Status::Paused {
            rows.run.pause =
                Some(studio::run::Pause { reason: studio::run::PauseReason::Person, detail: String::new(), before_step: None });
        }
        rows
    }

    fn id(&mut self) -> String {
        self.made += 1;
        format!("id-{}", self.made)
    }

    /// Applies a transition as the store does: to a copy, kept when it is not refused.
    pub(crate) fn apply(&mut self, transition: impl Fn(&mut Run) -> Advance) -> Result<(), Refused> {
        let mut run = self.run.clone();
        let writes = transition(&mut run)?;
        self.run = run;
        for write in writes {
            match write {
                Write::InsertStep(step) => self.steps.push(*step),
                Write::UpdateStep(step) => {
                    let row = self.steps.iter_mut().find(|s| s.id == step.id).expect("an update of a row that is there");
                    *row = *step;
                }
                Write::CloseStep { step_id, status, error, finished_at } => {
                    let row = self.steps.iter_mut().find(|s| s.id == step_id).expect("a close of a row that is there");
                    row.status = status;
                    row.error = error.map(|e| *e);
                    row.finished_at = Some(finished_at);
                }
                Write::Event { name, .. } => self.events.push(name.to_owned()),
                _ => {}
            }
        }
        self.check();
        Ok(())
    }

    pub(crate) fn attempt(&mut self) -> NewAttempt {
        NewAttempt { node: NODE.into(), step_id: self.id(), now: self.now, candidates: None }
    }

    /// `next` by hand.
    pub(crate) fn claim(&mut self) -> Result<(), Refused> {
        let attempt = self.attempt();
        let epoch = self.run.epoch;
        self.apply(move |run| transition::claim(run, epoch, true, &attempt))
    }

    /// The driver's own claim.
    pub(crate) fn wake(&mut self) -> Result<(), Refused> {
        let attempt = self.attempt();
        let epoch = self.run.epoch;
        self.apply(move |run| transition::claim(run, epoch, false, &attempt))
    }

    /// The claim that the row holds.
    pub(crate) fn held(&self) -> Claim {
        Claim::of(&self.run).expect("a claim is held")
    }

    /// Changes the state by hand, and with `moves` its cursor.
    pub(crate) fn edit(&mut self, moves: bool) -> Result<(), Refused> {
        let moved = serde_json::json!({ "phase": "novel.chapter.draft", "chapter_index": 2 });
        let cursor = if moves { moved } else { self.run.cursor.clone() };
        self.edit_to(cursor)
    }

    /// Drops what was left of the plan.
    pub(crate) fn end_by_edit(&mut self) -> Result<(), Refused> {
        self.edit_to(serde_json::json!({ "phase": "done" }))
    }

    fn edit_to(&mut self, cursor: serde_json::Value) -> Result<(), Refused> {
        let edit = self.an_edit(cursor);
        self.apply(move |run| transition::edit(run, &edit))
    }

    fn an_edit(&mut self, cursor: serde_json::Value) -> Edit {
        Edit {
            step_id: self.id(),
            kind: studio::step::StepKind::Edit,
            told: serde_json::json!({}),
            writes: Vec::new(),
            unread: None,
            read_at: (self.run.last_index, self.run.epoch),
            cursor,
            progress: self.run.progress,
            patch: serde_json::json!({ "guidance": {} }),
            changes: Vec::new(),
            state_map: Default::default(),
            now: self.now,
        }
    }

    /// A person tells the run something.
    pub(crate) fn intervene(&mut self) -> Result<(), Refused> {
        let attempt = self.attempt();
        self.apply(move |run| transition::claim_intervention(run, &attempt))
    }

    /// The instruction in flight is carried out.
    pub(crate) fn intervened(&mut self) -> Result<(), Refused> {
        let claim = self.held();
        let edit = self.an_edit(self.run.cursor.clone());
        self.apply(move |run| transition::settle_intervention(run, &claim, &edit, &serde_json::json!({}), Usage::NONE))
    }

    /// A person waits for a turn.
    pub(crate) fn hold(&mut self) -> Result<(), Refused> {
        let until = self.now + 3_000_000;
        self.apply(move |run| transition::hold(run, until))
    }

    /// A person writes a version of the first chapter, which was committed before.
    pub(crate) fn version(&mut self) -> Result<(), Refused> {
        let kept = KeptVersion {
            artifact_id: "a".into(),
            kind: ArtifactKind::NovelChapter,
            unit_id: "c0001".into(),
            ordinal: 1,
            version_id: self.id(),
            expected_latest: Some("v".into()),
            source: VersionSource::User,
            step_index: None,
            draft: Arc::new(Draft::new(1, "Rain", "It rained.".into(), 0)),
            content_id: self.id(),
            extraction: None,
            facts: Vec::new(),
            chunks: Vec::new(),
            digest: serde_json::json!({}),
            prints: Vec::new(),
            metadata: serde_json::json!({}),
            author: None,
        };
        let hand = HandVersion { kept: Arc::new(kept), number: 2, now: self.now };
        self.apply(move |run| hand_version(run, &hand))
    }

    /// The run stands at `phase` of its second chapter.
    pub(crate) fn settle_next(&mut self, phase: &str) {
        self.run.cursor = serde_json::json!({ "phase": phase, "chapter_index": 2 });
        self.run.progress.done = 1;
    }

    /// The step in flight succeeds; the cursor moves to `phase`.
    pub(crate) fn settle(&mut self, phase: &str) -> Result<(), Refused> {
        let claim = self.held();
        self.settle_claim(claim, phase, None)
    }

    pub(crate) fn settle_claim(&mut self, claim: Claim, phase: &str, hold: Option<&str>) -> Result<(), Refused> {
        let done = Settled {
            claim,
            outputs: serde_json::json!({ "n": 1 }),
            patch: serde_json::json!({}),
            state_map: Default::default(),
            context: None,
            cursor: serde_json::json!({ "phase": phase, "chapter_index": self.run.cursor.get("chapter_index").and_then(|n| n.as_u64()).unwrap_or(1) }),
            progress: Progress { done: self.run.progress.done, total: 12 },
            hold: hold.map(str::to_owned),
            writes: Vec::new(),
            version_ids: Vec::new(),
            unit: None,
            reread: None,
            usage: Usage::NONE,
            now: self.now,
        };
        let attempt = self.attempt();
        self.apply(move |run| transition::settle(run, &done, Some(&attempt)))
    }

    /// The step in flight fails.
    pub(crate) fn fail(&mut self, fault: Fault) -> Result<(), Refused> {
        let claim = self.held();
        self.fail_claim(claim, fault)
    }

    pub(crate) fn fail_claim(&mut self, claim: Claim, fault: Fault) -> Result<(), Refused> {
        let failure = Failure {
            claim,
            fault,
            problem: Problem { detail: "It did not work.".into(), ..Problem::default() },
            blamed: Vec::new(),
            retry_after: None,
            pause: None,
            retries: 3,
            backoff_s: 2.0,
            now: self.now,
        };
        self.apply(move |run| transition::fail(run, &failure))
    }

    pub(crate) fn take_over(&mut self, node: &str) -> Result<(), Refused> {
        let now = self.now;
        self.apply(|run| transition::take_over(run, node, now))
    }

    pub(crate) fn command(&mut self, decide: impl Fn(&mut Run) -> status::Decision) -> Result<(), Refused> {
        let now = self.now;
        self.apply(|run| transition::command(run, now, &decide))
    }

    /// The invariants of the engine: they hold after every transition.
    fn check(&self) {
        let run = &self.run;
        assert_eq!(run.claim.is_some(), run.active_step.is_some(), "nothing is active without a live claim");
        let running: Vec<_> = self.steps.iter().filter(|s| s.status == StepStatus::Running).collect();
        assert_eq!(running.len(), usize::from(run.claim.is_some()), "nothing is running without a live claim");
        let last = self.steps.iter().map(|s| s.index).max().unwrap_or(0);
        assert_eq!(last, run.last_index);
        for index in 1..=last {
            let of: Vec<_> = self.steps.iter().filter(|s| s.index == index).collect();
            assert!(!of.is_empty(), "index {index} is a hole");
            let successes = of.iter().filter(|s| s.status == StepStatus::Succeeded).count();
            assert!(successes <= 1, "index {index} has {successes} successes");
            let attempts: Vec<i64> = of.iter().map(|s| s.attempt).collect();
            assert_eq!(attempts, (1..=i64::try_from(of.len()).unwrap_or(0)).collect::<Vec<_>>(), "attempts of index {index}");
        }
        if let Some(open) = &run.open {
            assert_eq!(open.index, last, "only the last index may be open");
        }
        if run.due_at.is_some() {
            assert!(run.autorun && run.claim.is_none(), "only an autorun that nobody holds is due");
            assert!(matches!(run.status, Status::Queued | Status::Running), "{:?} is due", run.status);
        }
        if run.status.is_final() {
            assert!(run.claim.as_ref().is_none_or(|claim| claim.kind == "intervention") && !run.autorun);
        }
    }
}
