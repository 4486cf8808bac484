//! The status table of the engine's rules, row by row, and its invariants under any order of commands.

mod support;

use proptest::prelude::*;
use studio::{
    ports::{Fault, Refused},
    run::{PauseReason, Status, Until},
    status::{self, Conflict},
    step::StepStatus,
};
use support::{NODE, Rows};

/// What a command came to: the run's new status, nothing to change, or the kind of conflict.
fn outcome(result: Result<(), Refused>, rows: &Rows) -> String {
    match result {
        Ok(()) => rows.run.status.word().to_owned(),
        Err(Refused::Unchanged) => "same".to_owned(),
        Err(Refused::Conflict(conflict)) => check_conflict(&conflict),
        Err(Refused::ClaimLost) => "lost".to_owned(),
    }
}

/// A conflict says what was wrong, what to do, and what is allowed.
fn check_conflict(conflict: &Conflict) -> String {
    assert!(!conflict.detail.is_empty() && !conflict.hint.is_empty());
    assert!(!conflict.allowed.is_empty());
    conflict.kind.clone()
}

#[test]
fn each_command_does_in_each_status_what_the_table_says() {
    use Status::{Canceled, Failed, Paused, Queued, Running, Succeeded};
    // Columns: queued, running idle, running active, paused, failed, succeeded, canceled.
    let columns =
        [(Queued, false), (Running, false), (Running, true), (Paused, false), (Failed, false), (Succeeded, false), (Canceled, false)];
    type Command = fn(&mut Rows) -> Result<(), Refused>;
    let table: [(&str, Command, [&str; 7]); 11] = [
        (
            "next",
            |r| r.claim_or_conflict(),
            ["running", "running", "step-in-progress", "run-paused", "running", "run-finished", "run-finished"],
        ),
        (
            "autorun/start",
            |r| {
                let now = r.now;
                r.command(move |run| status::start_autorun(run, None, now))
            },
            ["queued", "running", "running", "run-paused", "running", "run-finished", "run-finished"],
        ),
        ("autorun/stop", |r| r.command(status::stop_autorun), ["same"; 7]),
        (
            "pause",
            |r| r.command(|run| status::pause(run, false)),
            ["paused", "paused", "paused", "same", "run-failed", "run-finished", "run-finished"],
        ),
        (
            "pause now",
            |r| r.command(|run| status::pause(run, true)),
            ["paused", "paused", "paused", "same", "run-failed", "run-finished", "run-finished"],
        ),
        (
            "resume",
            |r| {
                let now = r.now;
                r.command(move |run| status::resume(run, now))
            },
            ["same", "same", "same", "running", "run-failed", "run-finished", "run-finished"],
        ),
        ("cancel", |r| r.command(status::cancel), ["canceled", "canceled", "canceled", "canceled", "canceled", "run-finished", "same"]),
        ("edit", |r| r.edit(false), ["queued", "running", "step-in-progress", "paused", "running", "succeeded", "run-finished"]),
        (
            "edit that moves the cursor",
            |r| r.edit(true),
            ["queued", "running", "step-in-progress", "paused", "running", "running", "run-finished"],
        ),
        (
            "intervention",
            |r| {
                r.intervene()?;
                r.intervened()
            },
            ["queued", "running", "step-in-progress", "paused", "running", "succeeded", "run-finished"],
        ),
        ("a person's version", |r| r.version(), ["queued", "running", "running", "paused", "failed", "succeeded", "canceled"]),
    ];
    for (name, command, expected) in table {
        for ((status, active), expected) in columns.into_iter().zip(expected) {
            let mut rows = Rows::in_status(status, active);
            let result = command(&mut rows);
            assert_eq!(outcome(result, &rows), expected, "{name} when {} {}", status.word(), if active { "and active" } else { "" });
        }
    }
}

impl Rows {
    /// `next` as the desk does it: the table first, then the claim.
    fn claim_or_conflict(&mut self) -> Result<(), Refused> {
        status::next(&self.run)?;
        self.claim()
    }
}

#[test]
fn who_waits_for_a_turn_gets_it_between_two_steps_of_autorun() {
    let mut rows = Rows::new();
    rows.command(|run| status::start_autorun(run, None, 5)).unwrap();
    rows.wake().unwrap();
    rows.hold().unwrap();
    rows.settle("novel.chapter.beats").unwrap();
    assert_eq!((rows.run.status, rows.run.claim.is_some()), (Status::Running, false), "the next step is not claimed with the commit");
    assert!(rows.run.due_at.is_some_and(|at| at > rows.now), "nor at once");
    assert_eq!(rows.wake(), Err(Refused::ClaimLost));
    rows.edit(false).unwrap();
    assert_eq!(rows.run.due_at, Some(rows.now), "and then it goes on");
    rows.wake().unwrap();

    rows.hold().unwrap();
    rows.settle("novel.chapter.draft").unwrap();
    rows.now += 4_000_000;
    rows.wake().expect("a hold that nobody renews is forgotten");
}

#[test]
fn an_instruction_whose_process_dies_is_closed_and_never_carried_out() {
    let mut rows = Rows::new();
    rows.command(|run| status::start_autorun(run, None, 5)).unwrap();
    rows.wake().unwrap();
    rows.settle("novel.chapter.beats").unwrap();
    rows.command(status::stop_autorun).unwrap();
    rows.settle("novel.chapter.draft").unwrap();
    rows.intervene().unwrap();
    let now = rows.now;
    rows.command(move |run| status::start_autorun(run, None, now)).unwrap();
    rows.take_over(NODE).unwrap();
    let row = rows.steps.last().unwrap().clone();
    assert_eq!((row.status, row.error.unwrap().kind.as_str()), (StepStatus::Failed, "/problems/worker-lost"));
    assert_eq!((rows.run.status, rows.run.due_at), (Status::Running, Some(rows.now)), "autorun goes on");
    rows.wake().unwrap();
    let next = rows.steps.last().unwrap();
    assert_eq!((next.name.as_str(), next.index, next.attempt), ("novel.chapter.draft", row.index + 1, 1));
}

#[test]
fn an_edit_that_leaves_nothing_to_write_ends_the_run() {
    let mut rows = Rows::in_status(Status::Paused, false);
    rows.command(|run| status::resume(run, 1)).unwrap();
    rows.settle_next("novel.chapter.beats");
    rows.end_by_edit().unwrap();
    assert_eq!((rows.run.status, rows.run.autorun), (Status::Succeeded, false));
}

#[test]
fn a_persons_version_takes_no_claim_away_and_is_read_before_the_next_step() {
    let mut rows = Rows::in_status(Status::Running, false);
    rows.run.autorun = true;
    rows.settle_next("novel.chapter.draft");
    rows.wake().unwrap();
    let claim = rows.held();
    rows.version().unwrap();
    assert_eq!(rows.held(), claim);
    rows.settle("novel.chapter.extract").unwrap();
    assert_eq!(rows.run.active_step.as_ref().unwrap().name, "novel.chapter.reread", "claimed with the commit");
}

#[test]
fn a_version_that_comes_between_two_attempts_gets_an_index_of_its_own() {
    let mut rows = Rows::in_status(Status::Running, false);
    rows.settle_next("novel.chapter.draft");
    rows.claim().unwrap();
    let failed = rows.held().index;
    rows.fail(Fault::Lasting).unwrap();
    rows.version().unwrap();
    rows.claim().unwrap();
    let reread = rows.run.active_step.clone().unwrap();
    assert_eq!((reread.name.as_str(), reread.index, reread.attempt), ("novel.chapter.reread", failed + 1, 1));
    assert_eq!(status::next_index(&rows.run), failed + 1);
}

#[test]
fn a_step_in_flight_is_finished_by_a_pause_and_aborted_by_pause_now() {
    let mut rows = Rows::in_status(Status::Running, true);
    let claim = rows.held();
    rows.command(|run| status::pause(run, false)).unwrap();
    rows.settle_claim(claim, "novel.chapter.beats", None).unwrap();
    assert_eq!(rows.run.status, Status::Paused);
    assert_eq!(rows.steps.last().unwrap().status, StepStatus::Succeeded);

    let mut rows = Rows::in_status(Status::Running, true);
    let claim = rows.held();
    rows.command(|run| status::pause(run, true)).unwrap();
    assert_eq!(rows.steps.last().unwrap().status, StepStatus::Canceled);
    assert_eq!(rows.settle_claim(claim, "novel.chapter.beats", None), Err(Refused::ClaimLost));
    rows.command(|run| status::resume(run, 0)).unwrap();
    rows.claim().unwrap();
    let again = rows.steps.last().unwrap();
    assert_eq!((again.index, again.attempt), (1, 2), "the same piece of work, its next attempt");
}

#[test]
fn autorun_claims_the_next_step_with_the_commit_and_stops_at_gates_until_and_pauses() {
    let mut rows = Rows::new();
    rows.command(|run| status::start_autorun(run, None, 5)).unwrap();
    rows.wake().unwrap();
    rows.settle("novel.chapter.beats").unwrap();
    assert_eq!(rows.run.active_step.as_ref().unwrap().name, "novel.chapter.beats");

    rows.run.pause_before = vec!["novel.chapter.draft".into()];
    rows.settle("novel.chapter.draft").unwrap();
    assert_eq!(rows.run.pause.as_ref().unwrap().reason, PauseReason::Gate);
    rows.command(|run| status::resume(run, 6)).unwrap();
    assert_eq!(rows.run.due_at, Some(6), "resume passes the gate that the run stands at");
    rows.wake().unwrap();

    rows.run.until = Some(Until { step: Some("novel.chapter.draft".into()), ..Until::default() });
    rows.settle("novel.chapter.extract").unwrap();
    assert!(!rows.run.autorun);
    assert_eq!((rows.run.status, rows.run.claim.is_some()), (Status::Running, false));
}

#[test]
fn autorun_that_is_stopped_finishes_its_step_drops_its_schedule_and_keeps_its_status() {
    let mut rows = Rows::new();
    rows.command(|run| status::start_autorun(run, None, 5)).unwrap();
    rows.wake().unwrap();
    rows.command(status::stop_autorun).unwrap();
    rows.settle("novel.chapter.beats").unwrap();
    assert_eq!((rows.run.status, rows.run.claim.is_some(), rows.run.due_at), (Status::Running, false, None), "off after this step");

    rows.command(|run| status::start_autorun(run, None, 5)).unwrap();
    rows.wake().unwrap();
    rows.fail(Fault::Answer).unwrap();
    assert!(rows.run.retry.is_some());
    rows.command(status::stop_autorun).unwrap();
    assert_eq!((rows.run.status, rows.run.retry.is_some(), rows.run.due_at), (Status::Running, false, None));
}

#[test]
fn a_person_who_starts_autorun_again_does_not_wait_for_the_schedule() {
    let mut rows = Rows::new();
    rows.command(|run| status::start_autorun(run, None, 5)).unwrap();
    rows.wake().unwrap();
    rows.fail(Fault::Provider).unwrap();
    let now = rows.now;
    rows.command(move |run| status::start_autorun(run, None, now)).unwrap();
    assert_eq!((rows.run.due_at, rows.run.retry.is_some()), (Some(now), false));
    assert_eq!(rows.command(move |run| status::start_autorun(run, None, now)), Err(Refused::Unchanged));
}

#[test]
fn a_gate_before_the_first_step_holds_when_autorun_starts() {
    let mut rows = Rows::new();
    rows.run.pause_before = vec!["novel.outline".into()];
    rows.command(|run| status::start_autorun(run, None, 5)).unwrap();
    assert_eq!(rows.run.status, Status::Paused);
    rows.command(|run| status::resume(run, 5)).unwrap();
    assert_eq!((rows.run.status, rows.run.due_at), (Status::Queued, Some(5)));
}

#[test]
fn a_chapter_that_needs_a_person_pauses_the_run_and_no_finding_ever_fails_it() {
    let mut rows = Rows::in_status(Status::Running, true);
    rows.run.autorun = true;
    let claim = rows.held();
    rows.settle_claim(claim, "novel.chapter.draft", Some("Chapter 1: the dead speak.")).unwrap();
    assert_eq!(rows.run.status, Status::Paused);
    assert_eq!(rows.run.pause.as_ref().unwrap().reason, PauseReason::Findings);
}

#[test]
fn a_faulty_answer_is_tried_again_as_often_as_asked_and_then_fails_the_run() {
    let mut rows = Rows::new();
    rows.command(|run| status::start_autorun(run, None, 5)).unwrap();
    for attempt in 1..=3 {
        rows.wake().unwrap();
        rows.fail(Fault::Answer).unwrap();
        let retry = rows.run.retry.as_ref().unwrap();
        assert_eq!((retry.attempt, retry.of), (attempt + 1, 4));
        let wait = retry.at - rows.now;
        let doubled = 2_000_000 << (attempt - 1);
        assert!((wait - doubled).abs() <= doubled / 5, "attempt {attempt} waits {wait} µs");
    }
    rows.wake().unwrap();
    rows.fail(Fault::Answer).unwrap();
    assert_eq!((rows.run.status, rows.run.autorun), (Status::Failed, false));
    assert_eq!(rows.steps.len(), 4);
    rows.claim().unwrap();
    assert_eq!(rows.steps.last().unwrap().attempt, 5, "next by hand is the next attempt of the same work");
}

#[test]
fn a_provider_that_is_away_uses_no_attempt_up_and_is_waited_for_twelve_hours() {
    let mut rows = Rows::new();
    rows.command(|run| status::start_autorun(run, None, 5)).unwrap();
    let begun = rows.now;
    let mut tries = 0;
    while rows.run.status != Status::Failed {
        rows.wake().unwrap();
        rows.fail(Fault::Provider).unwrap();
        tries += 1;
        if let Some(retry) = &rows.run.retry {
            assert!(retry.at - rows.now <= 720_000_000, "at most ten minutes and a fifth");
            rows.now = retry.at;
        }
    }
    assert!(rows.now - begun >= 12 * 3600 * 1_000_000, "gave up after {} s", (rows.now - begun) / 1_000_000);
    assert!(tries > 60);
}

#[test]
fn a_bad_key_is_not_tried_again() {
    let mut rows = Rows::new();
    rows.command(|run| status::start_autorun(run, None, 5)).unwrap();
    rows.wake().unwrap();
    rows.fail(Fault::Lasting).unwrap();
    assert_eq!(rows.run.status, Status::Failed);
}

#[test]
fn a_run_of_a_dead_process_goes_on_and_one_that_kills_its_process_does_not_loop() {
    let mut rows = Rows::new();
    rows.command(|run| status::start_autorun(run, None, 5)).unwrap();
    rows.wake().unwrap();
    let claim = rows.held();
    assert_eq!(rows.take_over("another-node"), Err(Refused::Unchanged));
    rows.take_over(NODE).unwrap();
    assert_eq!(rows.settle_claim(claim, "novel.chapter.beats", None), Err(Refused::ClaimLost), "the dead worker lost its right");
    for _ in 0..3 {
        assert_eq!((rows.run.status, rows.run.due_at.is_some()), (Status::Running, true));
        rows.wake().unwrap();
        rows.take_over(NODE).unwrap();
    }
    assert_eq!(rows.run.status, Status::Failed, "the fourth loss in a row, the last one with nothing beside it");
}

#[test]
fn answers_between_two_losses_show_that_the_step_gets_on() {
    let mut rows = Rows::new();
    rows.command(|run| status::start_autorun(run, None, 5)).unwrap();
    for calls in 0..10 {
        rows.wake().unwrap();
        rows.run.usage.calls = calls;
        rows.take_over(NODE).unwrap();
        assert_eq!(rows.run.status, Status::Running);
    }
}

#[test]
fn a_manual_run_of_a_dead_process_waits_for_its_person() {
    let mut rows = Rows::in_status(Status::Running, true);
    rows.take_over(NODE).unwrap();
    assert_eq!((rows.run.status, rows.run.due_at), (Status::Running, None));
    assert_eq!(rows.steps.last().unwrap().error.as_ref().unwrap().kind, "/problems/worker-lost");
}

#[test]
fn only_one_of_many_wakes_of_one_epoch_claims() {
    let mut rows = Rows::new();
    let epoch = rows.run.epoch;
    rows.claim().unwrap();
    let late = rows.attempt();
    assert_eq!(rows.apply(move |run| studio::transition::claim(run, epoch, true, &late)), Err(Refused::ClaimLost));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_invariants_hold_whatever_people_and_processes_do(moves in proptest::collection::vec(0_u8..17, 1..80)) {
        let mut rows = Rows::new();
        let mut stale: Option<studio::transition::Claim> = None;
        for step in moves {
            rows.now += 1_000;
            let now = rows.now;
            let held = studio::transition::Claim::of(&rows.run);
            let is_step = held.is_some() && rows.run.active_step.as_ref().is_some_and(|step| step.name != "intervention");
            // Every refusal is fine; what is checked after each is the invariants, inside `apply`.
            let _ = match step {
                0 => rows.claim(),
                1 => rows.wake(),
                2 if is_step => { stale = held; rows.settle("novel.chapter.beats") }
                3 if is_step => rows.settle("done"),
                4 if is_step => rows.fail(Fault::Answer),
                5 if is_step => rows.fail(Fault::Provider),
                6 => rows.command(move |run| status::start_autorun(run, None, now)),
                7 => rows.command(status::stop_autorun),
                8 => rows.command(|run| status::pause(run, false)),
                9 => { stale = held; rows.command(|run| status::pause(run, true)) }
                10 => rows.command(move |run| status::resume(run, now)),
                11 => { stale = held; rows.take_over(NODE) }
                12 => match stale.clone() {
                    // A worker that lost its claim comes back with a result: it must never be taken.
                    Some(claim) if Some(&claim) != held.as_ref() => {
                        prop_assert_eq!(rows.settle_claim(claim, "done", None), Err(Refused::ClaimLost));
                        Ok(())
                    }
                    _ => Ok(()),
                },
                13 => rows.edit(false),
                14 => rows.hold(),
                15 => rows.intervene(),
                16 if held.is_some() && rows.run.active_step.as_ref().is_some_and(|s| s.name == "intervention") => rows.intervened(),
                _ => Ok(()),
            };
        }
    }
}
