//! `fabulist adapt`: from the file of a novel to the files of a script, through the real binary.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests say what they did, and stop at what they did not expect")]

mod support;

use serde_json::json;
use support::Writer;

/// Three chapters, each with a few spoken lines.
fn novel() -> String {
    let chapter = |n: u32, title: &str, place: &str, thing: &str| {
        format!(
            "Chapter {n}: {title}\n\nMara went down to the {place} before it was light, and Holt was there already, with his back to the water.\n\n\
             “Where is the {thing}?” asked Mara.\n\n“Gone,” said Holt. “Gone before I came, and the door was open.”\n\n\
             She walked once around the {place} and looked at the ground, where the mud had kept the mark of a heel, small and deep.\n\n\
             “Then somebody wanted us to see it,” said Mara. “Nobody leaves a mark like that by chance.”\n\n\
             Holt said nothing for a while. The tide had turned, and the first boats came in under the wall, one after the other.\n\n"
        )
    };
    [chapter(1, "The Quay", "quay", "lamp"), chapter(2, "The Loft", "loft", "ledger"), chapter(3, "The Ferry", "ferry", "key")].concat()
}

#[test]
fn a_novel_becomes_a_script_in_one_command_that_can_be_given_again() {
    let writer = Writer::new();
    writer.file("Lamps.txt", novel());
    let made = writer.json(&["adapt", "Lamps.txt", "--title", "The Lamps"]);
    assert_eq!((&made["run"]["kind"], &made["run"]["status"]), (&json!("novel_to_script"), &json!("succeeded")));
    assert_eq!(made["run"]["progress"], json!({ "done": 3, "total": 3 }));
    let files: Vec<&str> = made["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
    assert!(files.len() == 2 && files[0].ends_with("The Lamps.fountain") && files[1].ends_with("The Lamps.txt"), "{files:?}");
    let script = std::fs::read_to_string(files[0]).unwrap();
    assert!(script.starts_with("Title: The Lamps\n"), "{script}");
    for line in ["Where is the lamp?", "Where is the ledger?", "Where is the key?"] {
        assert!(script.contains(line), "{line} is lost in {script}");
    }
    let again = writer.json(&["adapt", "Lamps.txt", "--title", "The Lamps"]);
    assert_eq!(again["run"]["id"], made["run"]["id"], "the same file and options mean the same run");
    std::fs::write(files[0], "my own words").unwrap();
    let kept = writer.json(&["adapt", "Lamps.txt", "--title", "The Lamps"]);
    assert_eq!(std::fs::read_to_string(files[0]).unwrap(), "my own words", "what a person changed is left alone");
    assert!(kept["files"][0]["path"].as_str().unwrap().ends_with("The Lamps.new.fountain"));
    let other = writer.json(&["adapt", "Lamps.txt", "--title", "The Lamps", "--episodes", "2"]);
    assert_ne!(other["run"]["id"], made["run"]["id"]);
    assert_eq!(other["run"]["progress"]["total"], 2);
    assert_eq!(other["run"]["brief_snapshot_id"], made["run"]["brief_snapshot_id"], "the novel is taken in once");
}

#[test]
fn a_season_is_planned_and_shown_before_a_word_is_drafted() {
    let writer = Writer::new();
    writer.file("Lamps.txt", novel());
    let args = ["adapt", "Lamps.txt", "--episodes", "4"];
    let planned = writer.json(&[&args[..], &["--plan"]].concat());
    let plan = planned["plan"].as_array().unwrap();
    assert_eq!(plan.len(), 4);
    for episode in plan {
        for field in ["id", "title", "from", "to", "core", "opening_hook", "hook"] {
            assert!(!episode[field].is_null(), "{field} in {episode}");
        }
    }
    assert_eq!(planned["run"]["progress"], json!({ "done": 0, "total": 4 }));
    let shown = writer.ok(&[&args[..], &["--plan"]].concat()).stdout;
    assert!(shown.contains("opening hook") && shown.lines().count() == 5, "{shown}");
    let made = writer.json(&args);
    assert_eq!((&made["run"]["id"], &made["run"]["status"]), (&planned["run"]["id"], &json!("succeeded")));
    let said = writer.run(&["adapt", "Lamps.txt", "--plan"]);
    assert!(said.code == 2 && said.stderr.contains("--episodes"), "{}", said.stderr);
}

#[test]
fn a_dry_run_shows_what_would_be_made_and_keeps_nothing() {
    let writer = Writer::new();
    writer.file("Lamps.txt", novel());
    let told = writer.json(&["adapt", "Lamps.txt", "--dry-run", "--split", "length"]);
    assert_eq!(
        (told["chapters"].as_array().unwrap().len(), &told["split_mode"], &told["episodes"]),
        (3, &json!("auto_by_length"), &json!(3))
    );
    assert_eq!((&told["language"], &told["script_format"]), (&json!("en"), &json!("fountain")));
    assert!(writer.json(&["runs", "list"])["items"].as_array().unwrap().is_empty(), "nothing was kept");
}

#[test]
fn what_cannot_be_adapted_says_why() {
    let writer = Writer::new();
    writer.file("Lamps.txt", novel());
    writer.file("empty.txt", "");
    writer.run(&["adapt", "nowhere.txt"]).failed(2, &["nowhere.txt"]);
    writer.run(&["adapt", "empty.txt"]).failed(2, &["empty.txt"]);
    writer.run(&["adapt", "Lamps.txt", "--preset", "no-such"]).failed(2, &["no-such", "duanju-500-800-en"]);
    writer.run(&["adapt", "Lamps.txt", "--format", "epub"]).failed(2, &["epub", "fountain"]);
    let said = writer.run(&["adapt", "Lamps.txt", "--split", "length", "--episodes", "3"]);
    assert!(said.code == 2 && said.stderr.contains("--episodes"), "{}", said.stderr);
    writer.run(&["adapt", "Lamps.txt", "--episodes", "500"]).failed(2, &["paragraphs"]);
}

#[test]
fn a_preset_of_ones_own_and_a_short_drama() {
    let writer = Writer::new();
    writer.file("Lamps.txt", novel());
    writer.file("loud.txt", "Everybody shouts. 60-300 words an episode.");
    let made = writer.json(&["adapt", "Lamps.txt", "--preset", "loud.txt", "--script-format", "duanju", "--format", "txt"]);
    let run = made["run"]["id"].as_str().unwrap();
    let shown = writer.json(&["runs", "show", run]);
    assert_eq!(shown["run"]["state"]["prompt_preset"]["text"], "Everybody shouts. 60-300 words an episode.");
    assert_eq!(shown["run"]["state"]["output_spec"]["chapter_length"], json!({ "min": 60, "max": 300, "unit": "words" }));
    let text = std::fs::read_to_string(made["files"][0]["path"].as_str().unwrap()).unwrap();
    for header in ["1-1 ", "2-1 ", "3-1 "] {
        assert!(text.contains(header), "{text}");
    }
}

#[test]
fn a_script_is_written_from_a_brief() {
    let writer = Writer::new();
    writer.file("brief.toml", support::SHORT);
    let made = writer.json(&["write", "brief.toml", "--kind", "script", "--preset", "Stage play"]);
    assert_eq!((&made["run"]["kind"], &made["run"]["status"]), (&json!("script"), &json!("succeeded")));
    assert!(made["files"][0]["path"].as_str().unwrap().ends_with(".fountain"));
    let run = made["run"]["id"].as_str().unwrap();
    assert_eq!(writer.json(&["runs", "show", run])["run"]["state"]["prompt_preset"]["id"], "stage-play-en");
    writer.run(&["write", "brief.toml", "--preset", "stage-play-en"]).failed(2, &["--kind script"]);
}

#[test]
fn a_script_is_exported_in_part_under_other_names_and_with_its_people_in_front() {
    let writer = Writer::new();
    writer.file("Lamps.txt", novel());
    let made = writer.json(&["adapt", "Lamps.txt", "--title", "The Lamps"]);
    let run = made["run"]["id"].as_str().unwrap();
    let export = |more: &[&str]| writer.run(&[&["export", run], more].concat());

    let second = export(&["--ranges", "2,7-9", "--format", "fountain"]);
    assert!(second.stdout.contains("Where is the ledger?") && !second.stdout.contains("Where is the lamp?"), "{}", second.stdout);
    assert!(second.stderr.contains("7-9"), "what is not written is told: {}", second.stderr);
    assert_eq!(export(&["--episodes", "2", "--format", "fountain"]).stdout, second.stdout, "episodes may be called so");

    writer.file("names.txt", "# for the stage\nMara=玛拉\n");
    let renamed = export(&["--replacements", "names.txt", "--replace", "Holt=Ward", "--format", "fountain"]).stdout;
    assert!(renamed.contains("\n@玛拉\n") && renamed.contains("\nWARD\n"), "names above speeches follow: {renamed}");
    assert!(!renamed.to_lowercase().contains("mara") && !renamed.to_lowercase().contains("holt"), "{renamed}");

    for format in ["fountain", "txt", "md", "screenplay"] {
        let text = export(&["--front", "--format", format]).stdout;
        let (synopsis, cast, first) = (text.find("Synopsis").unwrap(), text.find("Cast").unwrap(), text.find("Episode 1").unwrap());
        assert!(synopsis < cast && cast < first && text[cast..first].to_lowercase().contains("mara"), "{format}: {text}");
    }
    let page = export(&["--format", "screenplay"]).stdout;
    assert!(page.lines().any(|line| line.starts_with("                    ") && line.trim() == "MARA"), "{page}");

    for (wrong, words) in [
        (&["--ranges", "3-1"][..], &["3-1", "1-3"][..]),
        (&["--ranges", "two"], &["two"]),
        (&["--ranges", "8"], &["Written are 1-3"]),
        (&["--replace", "Mara"], &["Mara"]),
        (&["--replace", "=x"], &["=x"]),
        (&["--replace", "a=b", "--replace", "a=c"], &["two different words"]),
        (&["--replacements", "none.txt"], &["none.txt"]),
        (&["--format", "fdx"], &["fdx", "screenplay"]),
    ] {
        export(wrong).failed(2, words);
    }
    writer.file("brief.toml", support::SHORT);
    let book = writer.json(&["write", "brief.toml"]);
    writer.run(&["export", book["run"]["id"].as_str().unwrap(), "--front"]).failed(2, &["novel"]);
    let renamed = writer.ok(&["export", book["run"]["id"].as_str().unwrap(), "--replace", "Chapter=Part", "--ranges", "1"]).stdout;
    assert!(renamed.contains("# "), "{renamed}");
}
