//! A writer hands in a file and gets a brief, or is told what to do about it.

use documents::{BriefFile, BriefFileError, Wrong, read_brief};

fn told(name: &str, bytes: impl AsRef<[u8]>) -> String {
    match read_brief(name, bytes.as_ref()) {
        Err(e) => format!("{e}\nhint: {}", e.hint()),
        Ok(file) => panic!("{name} was read: {file:?}"),
    }
}

fn read(name: &str, bytes: impl AsRef<[u8]>) -> Result<BriefFile, BriefFileError> {
    read_brief(name, bytes.as_ref())
}

fn wrong(result: Result<BriefFile, BriefFileError>) -> Wrong {
    *result.expect_err("the file was read").wrong
}

#[test]
fn the_same_brief_in_three_formats_is_one_brief() {
    let toml = read("b.toml", b"title = 'Salt'\npremise = 'A feud over a well.'\npov = 'first'\n[output_spec]\nchapter_count = 3\n");
    let json = read("b.json", br#"{"title":"Salt","premise":"A feud over a well.","pov":"first","output_spec":{"chapter_count":3}}"#);
    let wrapped = read_brief(
        "b.json",
        br#"{"title":"Salt","content":{"premise":"A feud over a well.","pov":"first","output_spec":{"chapter_count":3}}}"#,
    );
    let md = read("b.MD", b"---\npov: first\noutput_spec: {chapter_count: 3}\n---\n\n# Salt\n\nA feud over a well.\n");
    let md_toml = read("b.markdown", b"+++\npov = 'first'\noutput_spec.chapter_count = 3\n+++\n# Salt\nA feud over a well.");
    let toml = toml.unwrap();
    assert_eq!(toml.title, "Salt");
    assert_eq!(toml.content.output_spec.as_ref().unwrap().chapter_count, Some(3));
    for other in [json, wrapped, md, md_toml] {
        assert_eq!(other.unwrap(), toml);
    }
}

#[test]
fn a_markdown_premise_joins_the_one_in_the_front_matter_and_keeps_its_own_headings() {
    let file = read("b.md", "---\npremise: First.\n---\nSecond.\n\n# Title #\n\n## Act one\n\n```\n# no title\n```\n").unwrap();
    assert_eq!(file.title, "Title");
    assert_eq!(file.content.premise.as_deref(), Some("First.\n\nSecond.\n\n\n## Act one\n\n```\n# no title\n```"));
    let plain = read("b.md", "Only a premise, no heading, no keys.").unwrap();
    assert_eq!((plain.title.as_str(), plain.content.premise.as_deref()), ("", Some("Only a premise, no heading, no keys.")));
    let two = read("b.md", "\n---\ntitle: One\n---\n# Other\nText.").unwrap();
    assert_eq!((two.title.as_str(), two.content.premise.as_deref()), ("One", Some("Other\n\nText.")));
    assert_eq!(two.warnings.len(), 1);
}

#[test]
fn keys_that_nobody_knows_are_kept_and_told() {
    let file = read("b.toml", b"premise = 'x'\nmoodboard = 'rust and rain'\ndue = 2026-11-20\n").unwrap();
    assert_eq!(file.content.unknown["moodboard"], "rust and rain");
    assert_eq!(file.content.unknown["due"], "2026-11-20");
    insta::assert_debug_snapshot!(file.warnings);
}

#[test]
fn a_byte_order_mark_windows_lines_blank_keys_and_nulls_do_no_harm() {
    let file = read(
        "b.json",
        "\u{FEFF}{\r\n\"premise\": \"x\", \"tone\": \"\", \"genre\": null,\r\n\"characters\": [{\"name\": \"A\", \"goal\": null}]}",
    )
    .unwrap();
    assert_eq!(file.content.tone, None);
    assert_eq!(file.content.characters[0].goal, None);
    let title = read("b.json", r#"{"premise":"x","title":" Two\n  lines "}"#).unwrap().title;
    assert_eq!(title, "Two lines");
}

#[test]
fn slips_of_the_pen_are_named_with_what_was_meant() {
    let all = [
        told("slips.toml", "premis = 'x'\ntitel = 'y'\nOutput-Spec = {}\n"),
        told(
            "deep.toml",
            "premise = 'x'\n[output_spec]\nchapter_cuont = 3\nfont = 'Garamond'\nchapter_length = { min = 3, unit = 'word' }\n[[characters]]\nname = 'A'\ngaol = 'b'\n",
        ),
        told("beside.json", r#"{"content": {"premise": "x"}, "tone": "dry", "id": 3}"#),
    ];
    insta::assert_snapshot!(all.join("\n\n"));
}

#[test]
fn a_wrong_type_is_told_with_what_was_wanted_and_what_was_found() {
    let all = [
        told(
            "types.json",
            r#"{"title": 1984, "premise": ["a"], "pov": "third limited", "forbidden": "bombs", "characters": {"Mara": {}}, "language": "Chinese"}"#,
        ),
        told(
            "cast.json",
            r#"{"characters": ["Mara", {"role": "x"}, {"name": "B", "age": -3, "aliases": ["b", 2]}], "output_spec": {"chapter_count": "12", "seed": 1.5}}"#,
        ),
        told(
            "ranges.json",
            r#"{"premise": "x", "output_spec": {"chapter_count": 0, "chapter_length": {"min": 9, "max": 3, "unit": "words"}}}"#,
        ),
        told("nul.json", r#"{"premise": "a\u0000b"}"#),
        told("title.json", format!(r#"{{"premise": "x", "title": "{}"}}"#, "长".repeat(301))),
    ];
    insta::assert_snapshot!(all.join("\n\n"));
}

#[test]
fn a_file_that_cannot_be_parsed_is_told_with_its_line() {
    let all = [
        told("quotes.toml", "title = 'x'\npremise = “A storm”\n"),
        told("bare.toml", "premise = A storm\n"),
        told("twice.toml", "premise = 'a'\npremise = 'b'\n"),
        told("twice.json", "{\"premise\": \"a\",\n \"premise\": \"b\"}"),
        told("comma.json", "{\"标题\": \"长\", \"premise\": \"a\",}"),
        told("open.json", "{\"premise\": \"a\""),
        told("list.json", "[1]"),
        told("colon.md", "---\ntone: dry\npremise: A storm: again\n---\n# T\n"),
        told("tabs.md", "---\ncharacters:\n\t- name: A\n---\n"),
        told("plus.md", "+++\ntone = 'dry'\npremise = x\n+++\n"),
        told("open.md", "---\ntone: dry\n\n# T\n"),
    ];
    insta::assert_snapshot!(all.join("\n\n"));
}

#[test]
fn a_file_that_is_no_text_is_told_so() {
    let all = [
        told("brief.docx", "x"),
        told("brief", "x"),
        told("gbk.toml", b"title = 'x'\npremise = '\xc1\xfa\xc3\xc5'"),
        told("utf16.toml", b"\xff\xfet\0"),
        told("nul.toml", "premise = 'a'\n x\0"),
        told("empty.toml", "\u{FEFF} \n"),
        told("nothing.toml", "# only a comment\ntitle = 'Salt'\ntone = 'dry'\n"),
        told("large.toml", vec![b' '; documents::MOST_BYTES + 1]),
    ];
    insta::assert_snapshot!(all.join("\n\n"));
}

#[test]
fn files_made_to_hurt_are_refused_without_harm() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    for (name, text) in [
        ("deep.json", format!("{{\"x\": {deep}}}")),
        ("deep.toml", format!("x = {deep}")),
        ("deep.md", format!("---\nx: {deep}\n---\n")),
        ("list.md", format!("---\nx:\n {}\n---\n", "- ".repeat(200_000))),
        (
            "bomb.md",
            format!(
                "---\na: &a [x,x,x,x,x,x,x,x,x]\n{}---\n",
                ('b'..='z')
                    .map(|c| {
                        let before = char::from_u32(u32::from(c) - 1).unwrap();
                        format!("{c}: &{c} [*{before},*{before},*{before},*{before},*{before},*{before},*{before},*{before},*{before}]\n")
                    })
                    .collect::<String>()
            ),
        ),
    ] {
        assert!(matches!(wrong(read(name, text.as_bytes())), Wrong::Syntax { .. }), "{name}");
    }
}

proptest::proptest! {
    #[test]
    fn no_bytes_at_all_make_the_reader_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200), text in "(---\n|[+]{3}\n)?[\\PC\n]{0,80}(---\n)?[\\PC\n]{0,40}") {
        for name in ["a.toml", "a.json", "a.md"] {
            for bytes in [&bytes[..], text.as_bytes()] {
                if let Err(e) = read(name, bytes) {
                    assert!(!e.hint().is_empty() && e.to_string().starts_with(name));
                }
            }
        }
    }
}
