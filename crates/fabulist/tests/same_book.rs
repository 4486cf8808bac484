//! The same book: a process is killed with SIGKILL at every fail point, for every step of the recipe; the next start finishes the run, and
//! the book is byte for byte the uninterrupted one, no step twice, no answered call paid twice.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests say what they did, and stop at what they did not expect")]

mod support;

use std::{collections::BTreeSet, path::Path};

use llm::adversary::{Adversary, Behaviour, Running};
use story::workflow::novel::REREAD;
use support::{
    SHORT, Writer,
    killing::{Fate, Signal, kill_at, signal},
};

const WRITE: [&str; 2] = ["write", "brief.toml"];

/// A model server of its own, as far as its answers go always the same: chapters that are too short at first, so that a fix is needed.
fn server(runtime: &tokio::runtime::Runtime) -> Running {
    runtime.block_on(Adversary::new().with_words(90).start()).expect("a server on loopback")
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime")
}

fn writer_on(server: &Running) -> Writer {
    let writer = Writer::new()
        .with("OPENAI_BASE_URL", &server.base_url())
        .with("OPENAI_API_KEY", "sk-test")
        .with("FABULIST_MODEL", "openai/gpt-5-mini");
    writer.file("brief.toml", format!("{SHORT}auto_step_backoff_s = 0.02\n"));
    writer
}

/// The book and the names of its successful steps, by index.
fn result(writer: &Writer) -> (String, Vec<(i64, String)>) {
    let mut books: Vec<_> = std::fs::read_dir(writer.path("out")).unwrap().map(|e| e.unwrap().path()).collect();
    assert_eq!(books.len(), 1);
    let book = std::fs::read_to_string(books.remove(0)).unwrap();
    let run = writer.only_run();
    assert_eq!(run["status"], "succeeded");
    let steps = writer.steps(run["id"].as_str().unwrap());
    let done: Vec<(i64, String)> = steps.iter().filter(|s| s.3 == "succeeded").map(|s| (s.0, s.2.clone())).collect();
    let indexes: BTreeSet<i64> = done.iter().map(|s| s.0).collect();
    assert_eq!(indexes.len(), done.len(), "no index succeeded twice");
    assert!(steps.iter().all(|s| s.3 != "running"), "nothing is left running");
    (book, done)
}

/// The uninterrupted book.
fn uninterrupted(runtime: &tokio::runtime::Runtime) -> (String, Vec<(i64, String)>) {
    let server = server(runtime);
    let writer = writer_on(&server);
    writer.ok(&WRITE);
    assert!(server.adversary.asked_again().is_empty());
    let (book, steps) = result(&writer);
    let names: BTreeSet<&str> = steps.iter().map(|(_, name)| name.as_str()).collect();
    let recipe: BTreeSet<&str> = story::workflow::novel::STEPS.into_iter().filter(|step| *step != REREAD).collect();
    assert_eq!(names, recipe, "the book goes through every step of the recipe, but for the one that needs a person");
    (book, steps)
}

/// Kills at `point` for the first time, the second, and so on, until the book is finished without coming there. Counts the kills.
fn killed_everywhere_at(point: &str) -> u32 {
    let runtime = runtime();
    let (book, steps) = uninterrupted(&runtime);
    let mut killed = 0;
    loop {
        let server = server(&runtime);
        let writer = writer_on(&server);
        match kill_at(&writer, &WRITE, point, killed + 1, |_| ()) {
            Fate::Ended(code) => {
                assert_eq!(code, 0);
                return killed;
            }
            Fate::Killed => killed += 1,
        }
        writer.ok(&WRITE);
        let (book_after, steps_after) = result(&writer);
        assert_eq!(book_after, book, "killed at {point}, time {killed}: another book");
        assert_eq!(steps_after, steps, "killed at {point}, time {killed}: other steps");
        // An answer that was still on its way into the journal cannot be had back; every one that was written down is used.
        let lost = usize::from(in_hand(point));
        let again = server.adversary.asked_again().len();
        assert!(again <= lost, "killed at {point}, time {killed}: {again} answered calls were paid twice");
    }
}

/// Whether an answer may still be only in hand there: it is written down with its step, or before the next is asked for. The critique's is
/// while the step after it, which asks nobody, is thought out.
fn in_hand(point: &str) -> bool {
    matches!(point, "answered" | "performed" | "window" | "artifact")
}

macro_rules! killed_at {
    ($($test:ident: $point:literal, at least $least:literal;)*) => {
        $(#[test]
        fn $test() {
            let killed = killed_everywhere_at($point);
            println!("{killed} children killed at {}", $point);
            assert!(killed >= $least, "only {killed} children were killed at {}", $point);
        })*

        /// The points that are killed at on the way to a finished book.
        const ON_THE_WAY: &[&str] = &[$($point),*];
    };
}

killed_at! {
    a_kill_after_the_claim: "claimed", at least 1;
    a_kill_after_the_window_was_asked_for: "window", at least 9;
    a_kill_after_earlier_chapters_were_looked_at: "materials", at least 2;
    a_kill_after_the_journal_was_looked_up: "looked-up", at least 9;
    a_kill_after_an_answer_came: "answered", at least 9;
    a_kill_after_a_step_was_performed: "performed", at least 13;
    a_kill_before_a_chapter_is_kept: "artifact", at least 2;
    a_kill_after_a_commit: "committed", at least 11;
}

#[test]
fn a_kill_between_two_answers_of_a_step_pays_neither_twice() {
    let runtime = runtime();
    // The outline, the beats and the extraction are each answered wrongly, written down, and asked for once more.
    let wrongly = [Behaviour::WrongSchema, Behaviour::Competent];
    let script = [&wrongly[..], &wrongly, &[Behaviour::Competent], &wrongly].concat();
    let wrong = || {
        let server = server(&runtime);
        server.adversary.script(script.iter().cloned());
        let writer = writer_on(&server);
        (server, writer)
    };
    let (_server, writer) = wrong();
    writer.ok(&WRITE);
    let (book, _) = result(&writer);
    for nth in 1..=3 {
        let (server, writer) = wrong();
        assert_eq!(kill_at(&writer, &WRITE, "journaled", nth, |_| ()), Fate::Killed, "time {nth}");
        writer.ok(&WRITE);
        assert_eq!(result(&writer).0, book, "time {nth}");
        assert!(server.adversary.asked_again().is_empty(), "time {nth}: paid twice");
    }
}

#[test]
fn a_kill_after_a_failure_was_committed() {
    let runtime = runtime();
    let (book, _) = uninterrupted(&runtime);
    let mut killed = 0;
    // First a fault of the provider at the beats; then also one of the answer, at the extraction and its repair.
    let script = [
        Behaviour::Competent,
        Behaviour::ServerError,
        Behaviour::Competent,
        Behaviour::Competent,
        Behaviour::WrongSchema,
        Behaviour::WrongSchema,
    ];
    for (nth, faults) in [(1, 2), (2, 6)] {
        let server = server(&runtime);
        server.adversary.script(script[..faults].iter().cloned());
        let writer = writer_on(&server);
        assert_eq!(kill_at(&writer, &WRITE, "failed", nth, |_| ()), Fate::Killed);
        killed += 1;
        writer.ok(&WRITE);
        assert_eq!(result(&writer).0, book);
    }
    assert_eq!(killed, 2);
}

#[test]
fn a_kill_after_an_abort_left_its_prose() {
    killed_in_an_abort_at("left-partial");
}

#[test]
fn a_kill_after_a_claim_was_given_back() {
    killed_in_an_abort_at("given-back");
}

/// A draft comes to a halt, the person aborts it, and the process is killed at `point` on its way out.
fn killed_in_an_abort_at(point: &str) {
    let runtime = runtime();
    let (book, _) = uninterrupted(&runtime);
    let server = server(&runtime);
    server.adversary.script([Behaviour::Competent, Behaviour::Competent, Behaviour::StallsAfter(5)]);
    let writer = writer_on(&server);
    let fate = kill_at(&writer, &WRITE, point, 1, |child| {
        while server.adversary.requests().len() < 3 {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        std::thread::sleep(std::time::Duration::from_millis(300));
        signal(child, Signal::Interrupt);
        std::thread::sleep(std::time::Duration::from_millis(300));
        signal(child, Signal::Interrupt);
    });
    assert_eq!(fate, Fate::Killed);
    writer.ok(&WRITE);
    assert_eq!(result(&writer).0, book);
    let run = writer.only_run();
    let shown = writer.json(&["runs", "show", run["id"].as_str().unwrap()]);
    let partial = shown["steps"].as_array().unwrap().iter().filter_map(|s| s["partial_text"].as_str()).next().map(str::to_owned);
    assert!(partial.is_some_and(|text| !text.is_empty()), "the prose so far is kept with the aborted attempt");
}

/// A book with its first chapter changed by hand: the next step is to read it again.
fn changed_by_hand(server: &Running) -> (Writer, String) {
    let writer = writer_on(server);
    writer.ok(&["write", "brief.toml", "--plan"]);
    let run = writer.only_run()["id"].as_str().unwrap().to_owned();
    writer.ok(&["runs", "start", &run, "--until-chapter", "1"]);
    let artifact = writer.json(&["artifacts", "list", &run])["items"][0]["id"].as_str().unwrap().to_owned();
    writer.file("mine.txt", "Ines burned the boat.\n\nTomas watched until the keel was gone, and said nothing.");
    writer.ok(&["artifacts", "put", &artifact, "mine.txt"]);
    (writer, run)
}

#[test]
fn a_kill_while_a_chapter_is_read_again_reads_it_once() {
    let runtime = runtime();
    let read_again = |server: &Running, point: Option<&str>| {
        let (writer, run) = changed_by_hand(server);
        if let Some(point) = point {
            assert_eq!(kill_at(&writer, &["runs", "next", &run], point, 1, |_| ()), Fate::Killed, "{point}");
        }
        writer.ok(&["runs", "start", &run]);
        let shown = writer.json(&["runs", "show", &run]);
        assert_eq!(shown["run"]["status"], "succeeded");
        let book = writer.ok(&["export", &run]).stdout;
        assert!(book.contains("Ines burned the boat."));
        let done: Vec<String> = writer.steps(&run).into_iter().filter(|s| s.3 == "succeeded").map(|s| s.2).collect();
        (book, done)
    };
    let whole = read_again(&server(&runtime), None);
    assert_eq!(whole.1.iter().filter(|name| *name == REREAD).count(), 1, "{:?}", whole.1);
    let mut killed = 0;
    for point in ["claimed", "window", "readings", "looked-up", "answered", "performed", "committed"] {
        let server = server(&runtime);
        assert_eq!(read_again(&server, Some(point)), whole, "killed at {point}");
        assert!(server.adversary.asked_again().len() <= usize::from(in_hand(point)), "killed at {point}: paid twice");
        killed += 1;
    }
    assert_eq!(killed, 7);
}

#[test]
fn a_kill_of_an_adaptation_gives_the_same_script() {
    const ADAPT: [&str; 4] = ["adapt", "novel.md", "--format", "txt"];
    let new = || {
        let writer = Writer::new();
        let chapter = |n: u32| {
            format!("## Chapter {n}: Rain\n\nIt rained on the harbour for {n} days. \"Nobody comes,\" said Ines. She went home.\n\n")
        };
        writer.file("novel.md", format!("# Salt\n\n{}{}", chapter(1), chapter(2)));
        writer
    };
    let script = |writer: &Writer| std::fs::read_to_string(writer.json(&ADAPT)["files"][0]["path"].as_str().unwrap()).unwrap();
    let whole = script(&new());
    let mut killed = 0;
    for (point, nth) in [("contents", 1), ("contents", 3), ("performed", 2), ("committed", 4)] {
        let writer = new();
        assert_eq!(kill_at(&writer, &ADAPT, point, nth, |_| ()), Fate::Killed, "{point}, time {nth}");
        assert_eq!(script(&writer), whole, "killed at {point}, time {nth}");
        killed += 1;
    }
    assert_eq!(killed, 4);
}

#[test]
fn a_kill_of_a_rehearsal_at_every_commit_gives_the_same_book() {
    let book = |writer: &Writer| std::fs::read_to_string(writer.json(&WRITE)["files"][0]["path"].as_str().unwrap()).unwrap();
    let new = || {
        let writer = Writer::new();
        writer.file("brief.toml", SHORT);
        writer
    };
    let whole = book(&new());
    let mut killed = 0;
    for point in ["performed", "committed"] {
        for nth in 1.. {
            let writer = new();
            if kill_at(&writer, &WRITE, point, nth, |_| ()) == Fate::Ended(0) {
                break;
            }
            killed += 1;
            assert_eq!(book(&writer), whole, "killed at {point}, time {nth}");
        }
    }
    println!("{killed} children killed");
    assert!(killed >= 20, "only {killed} children were killed");
}

#[test]
fn every_fail_point_is_killed_at_and_stands_after_an_await_of_the_runner() {
    let killed: BTreeSet<&str> =
        ON_THE_WAY.iter().copied().chain(["journaled", "failed", "left-partial", "given-back", "readings", "contents"]).collect();
    assert_eq!(killed, studio::fail_point::ALL.iter().copied().collect(), "a fail point that no test kills at");

    let runner = Path::new(env!("CARGO_MANIFEST_DIR")).join("../studio/src/runner");
    let (mut awaits, mut named) = (0, BTreeSet::new());
    for file in std::fs::read_dir(&runner).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()) {
        let text = std::fs::read_to_string(runner.join(&file)).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for (n, line) in lines.iter().enumerate() {
            if let Some(name) = line.trim().strip_prefix("fail_point(\"").and_then(|rest| rest.split('"').next()) {
                named.insert(name.to_owned());
            }
            // What is waited for outside of the runner: the store, the model. The runner's own functions hold the awaits that count.
            let outside = ["store.", ".persist(", "model.ask(", "models.window(", ".perform()", ".journal(row, ", ".journal(&row, "]
                .iter()
                .any(|call| line.contains(call));
            let inner = file == "patience.rs" && (line.contains("self.store.change(run_id") || line.contains("self.store.journal("));
            let waits = line.contains(".await") || line.contains("model.ask(");
            if outside && waits && !inner {
                awaits += 1;
                let after = lines[n + 1..].iter().take(14).any(|line| line.contains("fail_point("));
                assert!(after, "{file}:{}: no fail point after: {}", n + 1, line.trim());
            }
        }
    }
    assert_eq!(named.iter().map(String::as_str).collect::<BTreeSet<_>>(), killed, "fail points in the source and in the list");
    assert!(awaits >= killed.len(), "only {awaits} awaits were found");
}
