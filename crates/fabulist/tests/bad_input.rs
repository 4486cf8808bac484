//! Bad input gets an error that says what was wrong and what to do next, and loses nothing.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests say what they did, and stop at what they did not expect")]

mod support;

use support::{SHORT, Writer};

#[test]
fn a_typo_in_a_key_stops_with_the_key_that_was_meant() {
    let writer = Writer::new();
    writer.file("brief.toml", SHORT.replace("premise =", "premis ="));
    writer.run(&["write", "brief.toml"]).failed(2, &["premis", "premise"]);
    writer.file("brief.toml", SHORT.replace("chapter_count", "chapter_cout"));
    writer.run(&["write", "brief.toml"]).failed(2, &["chapter_cout", "chapter_count"]);
}

#[test]
fn an_unknown_key_that_is_no_typo_is_kept_and_told() {
    let writer = Writer::new();
    writer.file("brief.toml", format!("mood_board = \"grey, salt\"\n{SHORT}"));
    let said = writer.ok(&["write", "brief.toml"]);
    assert!(said.stderr.contains("mood_board"), "{}", said.stderr);
}

#[test]
fn a_wrong_type_is_named_with_its_place() {
    let writer = Writer::new();
    writer.file("brief.toml", SHORT.replace("chapter_count = 2", "chapter_count = \"two\""));
    writer.run(&["write", "brief.toml"]).failed(2, &["/output_spec/chapter_count"]);
    writer.file("brief.json", r#"{"title": "x", "premise": ["not", "a", "text"]}"#);
    writer.run(&["write", "brief.json"]).failed(2, &["/premise"]);
}

#[test]
fn an_empty_file_a_file_that_is_no_text_and_a_nul_are_refused() {
    let writer = Writer::new();
    writer.file("empty.toml", "");
    writer.run(&["write", "empty.toml"]).failed(2, &["empty"]);
    writer.file("latin.toml", b"title = \"caf\xe9\"\npremise = \"x\"\n");
    writer.run(&["write", "latin.toml"]).failed(2, &["UTF-8"]);
    writer.file("nul.json", "{\"title\": \"x\", \"premise\": \"a\\u0000b\"}");
    writer.run(&["write", "nul.json"]).failed(2, &["NUL"]);
    writer.file("broken.toml", "title = \"never closed\npremise = \"x\"\n");
    writer.run(&["write", "broken.toml"]).failed(2, &["broken.toml"]);
    writer.run(&["write", "missing.toml"]).failed(2, &["missing.toml"]);
    assert!(!writer.data().join("fabulist.db").exists(), "a file that cannot be used opens no database");
}

#[test]
fn numbers_out_of_range_are_refused() {
    let writer = Writer::new();
    writer.file("brief.toml", SHORT.replace("chapter_count = 2", "chapter_count = 2001"));
    writer.run(&["write", "brief.toml"]).failed(2, &["2001"]);
    writer.file("brief.toml", SHORT.replace("min = 120, max = 260", "min = 300, max = 260"));
    writer.run(&["write", "brief.toml"]).failed(2, &["min"]);
    writer.file("brief.toml", SHORT);
    writer.run(&["write", "brief.toml", "--budget", "-3"]).failed(2, &["-3"]);
    writer.run(&["write", "brief.toml", "--format", "epub"]).failed(2, &["epub"]);
    assert_eq!(writer.run(&["write", "brief.toml", "--chapters", "0"]).code, 2);
}

#[test]
fn a_model_that_cannot_be_had_is_said_before_anything_is_written() {
    let writer = Writer::new();
    writer.file("brief.toml", SHORT);
    writer.run(&["write", "brief.toml", "--model", "nobody/nothing"]).failed(2, &["nobody"]);
    writer.run(&["write", "brief.toml", "--model", "openai/gpt-5"]).failed(6, &["openai", "OPENAI_API_KEY"]);
    // The address is one that nobody listens on.
    let away = Writer::new().with("OPENAI_BASE_URL", "http://127.0.0.1:9/v1").with("OPENAI_API_KEY", "sk-secret-of-mine");
    away.file("brief.toml", SHORT);
    let said = away.run(&["doctor", "--model", "openai/gpt-5"]);
    assert_eq!(said.code, 6, "{}", said.stdout);
    assert!(!said.stdout.contains("sk-secret-of-mine") && !said.stderr.contains("sk-secret-of-mine"));
}

#[test]
fn a_data_folder_that_cannot_be_used_says_why() {
    let writer = Writer::new();
    writer.file("brief.toml", SHORT);
    let in_the_way = writer.file("in-the-way", "a file");
    writer.run(&["write", "brief.toml", "--data-dir", in_the_way.to_str().unwrap()]).failed(1, &["in-the-way"]);
    std::fs::create_dir(writer.path("other")).unwrap();
    writer.file("other/fabulist.db", "this is no database at all, but a text that is longer than its header");
    writer.run(&["runs", "list", "--data-dir", writer.path("other").to_str().unwrap()]).failed(1, &["fabulist.db"]);
    assert_eq!(writer.run(&["doctor", "--offline", "--data-dir", writer.path("other").to_str().unwrap()]).code, 1);
}

#[test]
fn ids_that_are_none_are_not_found() {
    let writer = Writer::new();
    for args in [["runs", "show", "no-such-run"], ["runs", "next", "01234567-89ab-7def-8123-456789abcdef"], ["runs", "pause", "zzzz"]] {
        writer.run(&args).failed(5, &["no run"]);
    }
    writer.run(&["export", "no-such-run"]).failed(5, &["no run"]);
    writer.run(&["runs", "list", "--status", "sleeping"]).failed(2, &["sleeping"]);
}

#[test]
fn a_title_that_speaks_to_the_terminal_is_not_heard_by_it() {
    let writer = Writer::new();
    writer.file("brief.toml", SHORT.replace("The Salt Road", "Salt\\u001b[2J\\u0007 Road"));
    let said = writer.run(&["write", "brief.toml"]);
    let list = writer.run(&["runs", "list"]);
    for text in [&said.stderr, &said.stdout, &list.stderr, &list.stdout] {
        assert!(!text.contains(['\u{1b}', '\u{7}']), "{text:?}");
    }
}

#[test]
fn a_wrong_command_line_answers_with_a_document_where_one_was_asked_for() {
    let writer = Writer::new();
    for args in [&["runs", "nxt", "--json"][..], &["write", "--json"], &["runs", "list", "--limit", "0", "--json"]] {
        let said = writer.run(args);
        assert_eq!(said.code, 2);
        let document: serde_json::Value = serde_json::from_str(&said.stdout).unwrap_or_else(|e| panic!("{args:?}: {e}: {}", said.stdout));
        assert_eq!(document["error"]["exit"], 2);
        assert!(!document["error"]["detail"].as_str().unwrap().is_empty() && !said.stderr.is_empty());
    }
}

/// What `adapt` says of a file: an error with a hint, or a plan with warnings.
#[test]
fn whatever_a_novel_file_holds_it_is_refused_with_a_hint_or_read_with_a_warning() {
    let writer = Writer::new();
    let image: Vec<u8> = (0_u32..60_000).map(|n| u8::try_from(n * 7919 % 256).unwrap()).collect();
    writer.file("image.txt", image);
    writer.run(&["adapt", "image.txt"]).failed(2, &["image.txt", "not text"]);
    writer.file("empty.txt", "\n  \n\u{3000}\n");
    writer.run(&["adapt", "empty.txt"]).failed(2, &["empty.txt"]);
    writer.file("book.docx", b"PK\x03\x04\x14\x00\x06\x00word/document.xml");
    writer.run(&["adapt", "book.docx"]).failed(2, &["book.docx"]);
    let huge = std::fs::File::create(writer.path("huge.txt")).unwrap();
    huge.set_len(200 << 20).unwrap();
    let begun = std::time::Instant::now();
    writer.run(&["adapt", "huge.txt"]).failed(2, &["209715200", "64 MiB", "in parts"]);
    assert!(begun.elapsed().as_secs() < 5, "it is not read first");

    writer.file("line.txt", "He said “No”, and went on over the hill to where the boats lay. ".repeat(80_000));
    let told = writer.run(&["adapt", "line.txt", "--dry-run"]);
    assert!(told.code == 0 && told.stderr.contains("parted into paragraphs"), "{}", told.stderr);

    let order = "Chapter 2\n\n“The ferry is late,” said Mara. The tide went out, and nobody came down to the quay.\n\n\
                 Chapter 1\n\nIn the loft the lamp was still warm. Holt put his hand on the glass and counted to ten.\n\n\
                 Chapter 1\n\n“Who else has a key?” asked the harbour master, and wrote down every name that she gave.\n\n";
    writer.file("order.txt", order);
    let told = writer.run(&["adapt", "order.txt", "--dry-run"]);
    assert!(told.code == 0 && told.stderr.contains("order of the file") && told.stderr.contains("same number"), "{}", told.stderr);

    let mut mixed = "第一章 灯\n\n林穗问：“灯呢？”他走到码头，天还没有亮，海上没有一只船。\n\n".repeat(20).into_bytes();
    // The same in GB18030: 第二章 门.
    mixed.extend(b"\xb5\xda\xb6\xfe\xd5\xc2 \xc3\xc5\n\n\xc2\xbd\xb3\xc1\xb5\xc0\xa3\xba\xa1\xb0\xc3\xbb\xc1\xcb\xa1\xa3\xa1\xb1\n");
    writer.file("mixed.txt", mixed);
    let told = writer.run(&["adapt", "mixed.txt", "--dry-run"]);
    assert!(told.code == 0 && told.stderr.contains("not UTF-8"), "{}", told.stderr);
}
