use documents::{ImportOptions, MOST_IMPORT_BYTES, import_novel};

use crate::{ALICE, HONGLOUMENG, import, letters};

fn error(bytes: &[u8], options: &ImportOptions) -> String {
    let e = import_novel(bytes, options).unwrap_err();
    format!("{e}\nhint: {}", e.hint())
}

#[test]
fn what_is_no_text_is_said_to_be_none() {
    let any = ImportOptions::default();
    let named = |label: &str| ImportOptions { encoding: Some(label.into()), ..ImportOptions::default() };
    let all: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let controls = "word \u{1}\u{2}".repeat(500);
    let told = [
        error(b"", &any),
        error(b" \r\n\t\n\xE3\x80\x80", &any),
        error(b"\xEF\xBB\xBF", &any),
        error(&all, &any),
        error(b"%PDF-1.7\n", &any),
        error(b"PK\x03\x04\x14\x00", &any),
        error(controls.as_bytes(), &any),
        error(b"Chapter 1\n\nIt rained.", &named("klingon")),
        error(HONGLOUMENG.as_bytes(), &named("utf-16le")),
        error("第一章 风起\n\n第二章 云涌\n".as_bytes(), &any),
        error(&vec![b'a'; MOST_IMPORT_BYTES + 1], &any),
    ];
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn one_line_with_a_whole_book_in_it_is_parted_where_sentences_end() {
    for (book, times) in [(ALICE, 10), (HONGLOUMENG, 5)] {
        let line = book.split_whitespace().collect::<Vec<_>>().join(if book.is_ascii() { " " } else { "" }).repeat(times);
        let novel = import(&line);
        assert_eq!(novel.warnings.len(), 2);
        assert!(novel.warnings[0].to_string().contains("was parted into paragraphs"), "{}", novel.warnings[0]);
        let text = &novel.chapters[0].text;
        assert!(text.split("\n\n").all(|paragraph| paragraph.chars().count() < 25_000));
        assert_eq!(letters(text), letters(&line));
    }
    let endless = "长".repeat(100_000);
    assert_eq!(letters(&import(&endless).chapters[0].text), endless);
}

#[test]
fn signs_that_no_database_takes_are_left_out() {
    let novel = import(&format!("Chapter 1\n\nIt\u{0} rained\u{7}.\n\n{}\n", "It poured all day long. ".repeat(20)));
    assert!(novel.chapters[0].text.starts_with("It rained."));
    assert_eq!(novel.warnings[0].to_string(), "control characters that were left out: 2, the first in line 3");
}
