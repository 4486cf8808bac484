//! An existing novel is gone on with: read first, then written further, its own words kept.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests say what they did, and stop at what they did not expect")]

mod support;

use documents::{ImportOptions, import_novel};
use support::{Writer, snapshot};

const ALICE: &str = include_str!("../../../examples/texts/alice.txt");
const HONGLOUMENG: &str = include_str!("../../../examples/texts/hongloumeng_1-12.txt");

/// Title and text of each chapter of a file.
fn chapters(text: &str) -> Vec<(String, String)> {
    let novel = import_novel(text.as_bytes(), &ImportOptions::default()).unwrap();
    novel.chapters.into_iter().map(|chapter| (chapter.title, chapter.text)).collect()
}

#[test]
fn a_novel_goes_on_after_its_last_chapter_and_its_own_words_stay() {
    for (file, text, name) in [("alice.txt", ALICE, "Alice"), ("红楼梦.txt", HONGLOUMENG, "宝玉")] {
        let writer = Writer::new();
        writer.file(file, text);
        let written = writer.json(&["write", "--continue", file, "--chapters", "2"]);
        let book = std::fs::read_to_string(writer.path(written["files"][0]["path"].as_str().unwrap())).unwrap();
        let (before, after) = (chapters(text), chapters(&book));
        assert_eq!(after.len(), 14, "{file}");
        assert!(after[..12] == before, "{file}: the writer's chapters are word for word as they were");
        assert!(after[12..].iter().all(|(title, text)| !title.is_empty() && text.contains(name)), "{file}: {:?}", &after[12..]);

        let run = writer.only_run();
        assert_eq!((run["status"].as_str(), run["progress"]["total"].as_u64()), (Some("succeeded"), Some(14)));
        let steps = writer.steps(run["id"].as_str().unwrap());
        let names: Vec<&str> = steps.iter().map(|(_, _, name, _)| name.as_str()).collect();
        assert_eq!(names[..2], ["import", "edit"]);
        assert!(names[2..14].iter().all(|name| *name == "novel.chapter.reread"), "{names:?}");
        assert_eq!(names[14], "novel.outline");
        assert_eq!(names.iter().filter(|name| **name == "novel.chapter.commit").count(), 2);

        let shown = writer.json(&["runs", "show", run["id"].as_str().unwrap()]);
        let state = &shown["run"]["state"];
        let digests = state["digests"].to_string();
        assert!(digests.contains(name), "what was read is remembered: {digests}");
        assert!(state["current_state"]["characters"].as_object().unwrap().contains_key(name), "{}", state["current_state"]);
    }
}

#[test]
fn the_same_command_goes_on_where_it_stopped_and_exports_again_when_it_is_done() {
    let writer = Writer::new();
    writer.file("novel.md", "# Salt\n\n## Chapter 1: Rain\n\nIt rained on the harbour. \"Nobody comes,\" said Ines. She went home.\n\n## Chapter 2: Sun\n\n\"It stopped,\" said Ines.\n");
    let planned = writer.json(&["write", "--continue", "novel.md", "--chapters", "2", "--plan"]);
    let plan = planned["plan"].as_array().unwrap();
    assert_eq!((plan.len(), plan[0]["title"].as_str(), plan[1]["title"].as_str()), (4, Some("Rain"), Some("Sun")));
    assert_eq!(writer.only_run()["status"], "running");
    let first = writer.json(&["write", "--continue", "novel.md", "--chapters", "2"]);
    assert_eq!((first["run"]["id"].clone(), first["run"]["status"].as_str()), (planned["run"]["id"].clone(), Some("succeeded")));
    let files = snapshot(&writer.path("out"));
    let again = writer.ok(&["write", "--continue", "novel.md", "--chapters", "2"]);
    assert!(again.stderr.contains("is finished; exporting it again"), "{}", again.stderr);
    assert_eq!(snapshot(&writer.path("out")).len(), files.len());
    let more = writer.json(&["write", "--continue", "novel.md", "--chapters", "1"]);
    assert_ne!(more["run"]["id"], first["run"]["id"], "another wish is another run");
    assert_eq!(more["book"]["chapters"], 3);
}

#[test]
fn what_we_wrote_ourselves_can_be_gone_on_with_and_a_brief_says_more_about_it() {
    let writer = Writer::new();
    writer.file("brief.toml", support::SHORT);
    let made = writer.json(&["write", "brief.toml"]);
    let path = made["files"][0]["path"].as_str().unwrap().to_owned();
    let book = std::fs::read_to_string(writer.path(&path)).unwrap();
    let more = writer.json(&["write", "--continue", &path, "brief.toml", "--chapters", "1", "--out", "more"]);
    let longer = std::fs::read_to_string(writer.path(more["files"][0]["path"].as_str().unwrap())).unwrap();
    assert_eq!(chapters(&longer)[..2], chapters(&book)[..]);
    assert!(longer.starts_with("# The Salt Road\n") && longer.contains("## Chapter 3: "));
}

#[test]
fn what_cannot_be_gone_on_with_is_said_at_once() {
    let writer = Writer::new();
    writer.file("empty.txt", "");
    writer.file("book.epub", b"PK\x03\x04 and so on");
    writer.run(&["write", "--continue", "empty.txt"]).failed(2, &["the file is empty"]);
    writer.run(&["write", "--continue", "book.epub"]).failed(2, &["ZIP archive"]);
    writer.run(&["write", "--continue", "none.txt"]).failed(2, &["none.txt cannot be read"]);
    assert_eq!(writer.json(&["runs", "list"])["items"], serde_json::json!([]));
}
