//! The writer's own words: a text put in by hand is a version like any other, and what follows knows of it.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests say what they did, and stop at what they did not expect")]

mod support;

use support::{
    SHORT, Writer,
    killing::{Fate, kill_at},
};

const MINE: &str = "Ines burned the boat.\n\nTomas watched until the keel was gone, and said nothing.";

/// A run with its first chapter committed, and that chapter's artifact.
fn one_chapter() -> (Writer, String, String) {
    let writer = Writer::new();
    writer.file("brief.toml", SHORT);
    writer.file("mine.txt", MINE);
    writer.ok(&["write", "brief.toml", "--plan"]);
    let run = writer.only_run()["id"].as_str().unwrap().to_owned();
    writer.ok(&["runs", "start", &run, "--until-chapter", "1"]);
    let artifact = writer.json(&["artifacts", "list", &run])["items"][0]["id"].as_str().unwrap().to_owned();
    (writer, run, artifact)
}

#[test]
fn a_chapter_changed_by_hand_is_read_before_the_next_step_and_reaches_the_next_chapter() {
    let (writer, run, artifact) = one_chapter();
    let put = writer.json(&["artifacts", "put", &artifact, "mine.txt"]);
    assert_eq!((&put["version"]["number"], &put["version"]["source"]), (&2.into(), &"user".into()));
    let next = writer.json(&["runs", "next", &run]);
    assert_eq!(next["step"]["name"], "novel.chapter.reread");
    assert_eq!(next["step"]["outputs"]["version_id"], put["version"]["id"]);
    assert_eq!(writer.json(&["runs", "next", &run])["step"]["name"], "novel.chapter.beats", "it is read once");
    let drafted = writer.json(&["runs", "next", &run])["step"].clone();
    let shown = writer.ok(&["runs", "show", &run, "--step", &drafted["index"].to_string(), "--json"]).stdout;
    assert!(shown.contains("Ines burned the boat"), "the prompt of the next chapter knows what the hand wrote");
    writer.ok(&["runs", "start", &run]);
    let book = writer.ok(&["export", &run]).stdout;
    assert!(book.contains(MINE), "{book}");
}

#[test]
fn a_sentence_that_a_hand_puts_in_stands_in_the_prompts_of_the_next_chapter() {
    const MINE: &str = "Ines wore the green hat of her mother.";
    let (writer, run, artifact) = one_chapter();
    let text = writer.ok(&["artifacts", "show", &artifact]).stdout;
    let mut paragraphs: Vec<String> = text.trim_end().split("\n\n").map(str::to_owned).collect();
    let middle = paragraphs.len() / 2;
    paragraphs[middle] = format!("{} {MINE}", paragraphs[middle]);
    writer.file("mine.txt", paragraphs.join("\n\n"));
    writer.ok(&["artifacts", "put", &artifact, "mine.txt"]);
    writer.file("again.txt", paragraphs.join("\n\n") + " It was raining by then.");
    writer.ok(&["artifacts", "put", &artifact, "again.txt"]);
    for step in ["novel.chapter.reread", "novel.chapter.beats", "novel.chapter.draft"] {
        let next = writer.json(&["runs", "next", &run])["step"].clone();
        assert_eq!(next["name"], step);
        let shown = writer.ok(&["runs", "show", &run, "--step", &next["index"].to_string()]).stdout;
        assert!(shown.contains(MINE) && shown.contains("It was raining by then."), "{step}: {shown}");
    }
}

#[test]
fn a_text_made_from_an_old_version_is_refused_and_nothing_is_lost() {
    let (writer, _, artifact) = one_chapter();
    let old = writer.json(&["artifacts", "show", &artifact])["version"]["id"].as_str().unwrap().to_owned();
    let new = writer.json(&["artifacts", "put", &artifact, "mine.txt"])["version"]["id"].as_str().unwrap().to_owned();
    writer.file("late.txt", "Too late.");
    writer.run(&["artifacts", "put", &artifact, "late.txt", "--parent", &old]).failed(4, &["newer version", &new]);
    assert_eq!(writer.ok(&["artifacts", "show", &artifact]).stdout.trim_end(), MINE);
    writer.file("blank.txt", " \n\n ");
    writer.run(&["artifacts", "put", &artifact, "blank.txt"]).failed(2, &["text is empty"]);
    writer.file("latin.txt", b"caf\xe9".as_slice());
    writer.run(&["artifacts", "put", &artifact, "latin.txt"]).failed(2, &["UTF-8"]);
    writer.run(&["artifacts", "put", "no-such", "mine.txt"]).failed(5, &["no-such"]);
}

#[test]
fn a_second_change_by_hand_is_read_in_the_place_of_the_first() {
    let (writer, run, first) = one_chapter();
    writer.file("mine2.txt", format!("{MINE}\n\nThen it rained."));
    writer.ok(&["artifacts", "put", &first, "mine.txt"]);
    let last = writer.json(&["artifacts", "put", &first, "mine2.txt"])["version"]["id"].clone();
    let next = writer.json(&["runs", "next", &run]);
    assert_eq!((&next["step"]["name"], &next["step"]["outputs"]["version_id"]), (&"novel.chapter.reread".into(), &last));
    assert_eq!(writer.json(&["runs", "next", &run])["step"]["name"], "novel.chapter.beats");
}

#[test]
fn the_plan_is_changed_and_taken_back_at_the_terminal() {
    let (writer, run, _) = one_chapter();
    writer.file("patch.json", r#"{"outline": {"chapters": {"c0002": {"title": "The Wreck"}}}}"#);
    let edited = writer.json(&["runs", "edit", &run, "patch.json"]);
    assert_eq!(edited["step"]["outputs"]["changed"], serde_json::json!(["/outline/chapters/c0002/title"]));
    let index = edited["step"]["index"].to_string();
    writer.ok(&["runs", "revert", &run, &index]);
    let state = writer.json(&["runs", "show", &run])["run"]["state"].clone();
    assert_ne!(state["outline"]["chapters"]["c0002"]["title"], "The Wreck");
    writer.file("wrong.json", r#"{"outline": {"chapters": {"c0001": null}}}"#);
    writer.run(&["runs", "edit", &run, "wrong.json"]).failed(2, &["/outline/chapters/c0001", "cannot be dropped"]);
    writer.file("broken.json", "{");
    writer.run(&["runs", "edit", &run, "broken.json"]).failed(2, &["no JSON"]);
    writer.run(&["runs", "revert", &run, "77"]).failed(5, &["77"]);
}

#[test]
fn a_command_takes_over_at_once_from_one_that_was_killed() {
    let (writer, run, _) = one_chapter();
    let mut killed = 0;
    for point in ["claimed", "answered", "performed"] {
        assert_eq!(kill_at(&writer, &["runs", "next", &run], point, 1, |_| ()), Fate::Killed, "{point}");
        killed += 1;
        let next = writer.json(&["runs", "next", &run]);
        assert_eq!((&next["step"]["status"], &next["step"]["attempt"]), (&"succeeded".into(), &2.into()), "killed at {point}: {next}");
    }
    // An instruction whose process died is not carried out behind its person's back; another one is.
    assert_eq!(kill_at(&writer, &["runs", "intervene", &run, "It rains."], "claimed", 1, |_| ()), Fate::Killed);
    killed += 1;
    assert_eq!(writer.json(&["runs", "intervene", &run, "It snows."])["step"]["status"], "succeeded");
    assert_eq!(kill_at(&writer, &["runs", "next", &run], "claimed", 1, |_| ()), Fate::Killed);
    killed += 1;
    writer.ok(&["runs", "redo", &run, "1", "Quieter."]);
    println!("{killed} children killed");
    let lost = writer.steps(&run).iter().filter(|step| step.3 == "failed").count();
    assert_eq!((killed, lost), (5, 5));
}

#[test]
fn the_world_after_a_chapter_is_told_in_both_languages_with_the_words_that_say_so() {
    let (writer, run, artifact) = one_chapter();
    writer.file("death.txt", "Ines stood in the boatyard at dawn.\n\nTomas died in the harbour that night.");
    writer.ok(&["artifacts", "put", &artifact, "death.txt"]);
    let waiting = writer.ok(&["world", &run]);
    assert!(waiting.stderr.contains("Nobody has read the latest words of these chapters yet: 1."), "{}", waiting.stderr);
    writer.ok(&["runs", "next", &run]);
    let told = writer.ok(&["world", &run, "--chapter", "1"]).stdout;
    assert!(told.starts_with("The world after chapter 1\n"), "{told}");
    assert!(told.contains("Tomas: dead, chapter 1: “Tomas died in the harbour that night.”"), "{told}");
    assert!(told.contains("Ines: alive, last seen in chapter 1"), "{told}");
    let told = writer.ok(&["world", &run, "--lang", "zh"]).stdout;
    assert!(told.contains("Tomas：已死，第 1 章：“Tomas died in the harbour that night.”"), "{told}");
    assert!(!told.contains("chapter 1"), "{told}");
    let world = writer.json(&["world", &run]);
    let tomas = world["characters"].as_array().unwrap().iter().find(|c| c["name"] == "Tomas").unwrap();
    assert_eq!((&tomas["alive"], &tomas["death"]["chapter"]), (&false.into(), &1.into()));
    writer.run(&["world", &run, "--chapter", "7"]).failed(2, &["no chapter 7", "1 are written"]);
    assert!(writer.run(&["world", &run, "--chapter", "7", "--lang", "zh"]).stderr.contains("没有第 7 章"));
    let facts = writer.json(&["kg", "rebuild", &run])["facts"].as_u64().unwrap();
    assert!(facts > 0);
    assert_eq!(writer.json(&["world", &run]), world);
    let graph = writer.json(&["kg", "show", &run, "--limit", "1"]);
    assert_eq!(graph["entities"].as_array().unwrap().len(), 1);
    assert!(writer.ok(&["kg", "show", &run]).stdout.contains("person   Tomas"));

    let found = writer.ok(&["memory", &run, "Who died in the harbour?", "--limit", "1"]).stdout;
    assert!(found.starts_with("Chapter 1, 0-") && found.contains("Tomas died in the harbour"), "{found}");
    assert!(writer.ok(&["memory", &run, "harbour", "--lang", "zh"]).stdout.starts_with("第 1 章，"));
    let nothing = writer.ok(&["memory", &run, "zeppelin"]);
    assert!(nothing.stdout.is_empty() && nothing.stderr.contains("Nothing that is written"), "{}", nothing.stderr);
    writer.run(&["memory", &run, " "]).failed(2, &["between 1 and 1,000 characters"]);
}
