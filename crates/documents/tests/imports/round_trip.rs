use documents::{Book, BookChapter, ImportOptions, import_novel, novel_md, novel_txt};
use proptest::prelude::*;
use story::text::normalize;

use crate::{ALICE, HONGLOUMENG, import, letters, told};

fn book(language: &str, chapters: Vec<(String, String)>) -> Book {
    let chapters = chapters.into_iter().zip(1..).map(|((title, text), ordinal)| BookChapter { ordinal, title, text }).collect();
    Book { title: "Salt".into(), language: language.into(), rehearsal: false, chapters }
}

fn markdown(book: &Book) -> ImportOptions {
    ImportOptions { markdown: Some(true), keep_not_story: true, language: Some(book.language.clone()), ..ImportOptions::default() }
}

#[test]
fn real_books_come_back_from_either_format_as_they_went_out() {
    for text in [ALICE, HONGLOUMENG] {
        let novel = import(text);
        let book = book(&novel.language, novel.chapters.iter().map(|c| (c.title.clone(), c.text.clone())).collect());
        let again = import_novel(novel_md(&book).as_bytes(), &markdown(&book)).unwrap();
        let texts = |novel: &documents::ImportedNovel| novel.chapters.iter().map(|c| (c.title.clone(), c.text.clone())).collect::<Vec<_>>();
        assert!(texts(&again) == texts(&novel), "{}", told(&again));
        assert_eq!(again.title, "Salt");
        let plain = import(&novel_txt(&book));
        let words =
            |novel: &documents::ImportedNovel| novel.chapters.iter().map(|c| (c.title.clone(), letters(&c.text))).collect::<Vec<_>>();
        assert!(words(&plain) == words(&novel), "{}", told(&plain));
    }
}

/// Prose without lines that would be read as headings.
fn prose() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[a-zA-Z ,.]{1,40}",
        3 => "[\\\\`*_{}\\[\\]()+\\-.!<>|~&:='\"/@^$%]{1,4}",
        3 => "[风雨河山人心，。“”！]{1,20}",
        2 => Just("\n".to_owned()),
        3 => Just("\n\n".to_owned()),
        1 => "[ ]{1,5}",
        1 => "\\PC{1,4}",
    ];
    proptest::collection::vec(piece, 1..24).prop_map(|pieces| normalize(&pieces.concat()))
}

fn title() -> impl Strategy<Value = String> {
    "[a-zA-Z风雨河山]{0,12}( [a-zA-Z风雨河山]{1,8})?".prop_map(|t| t.trim().to_owned())
}

#[test]
fn a_line_like_an_address_stays_in_the_paragraph_that_it_was_written_in() {
    let text = "On the card stood\nharbour.com\nand nothing else.\n\nShe turned it over.";
    let book = book("en", vec![("The card".into(), text.into())]);
    let read = import_novel(novel_md(&book).as_bytes(), &markdown(&book)).unwrap();
    assert_eq!(read.chapters[0].text, text);
}

proptest! {
    #[test]
    fn any_novel_in_markdown_comes_in_as_it_went_out(chapters in proptest::collection::vec((title(), prose()), 1..5), chinese in any::<bool>()) {
        let chapters: Vec<_> = chapters.into_iter().filter(|(_, text)| !text.is_empty()).collect();
        prop_assume!(!chapters.is_empty());
        let book = book(if chinese { "zh" } else { "en" }, chapters.clone());
        let read = import_novel(novel_md(&book).as_bytes(), &markdown(&book)).unwrap();
        let told: Vec<_> = read.chapters.into_iter().map(|c| (c.title, c.text)).collect();
        prop_assert_eq!(told, chapters);
    }

    #[test]
    fn splitting_loses_and_repeats_no_paragraph(paragraphs in proptest::collection::vec("[a-z]{1,9}( [a-z]{1,9}){0,60}", 1..60), length in 100_u64..600) {
        let text = paragraphs.iter().map(|p| format!("{p}.")).collect::<Vec<_>>().join("\n\n");
        // Invented words may look like an address, and so like an advert.
        let options = ImportOptions { chapter_length: Some(length), keep_not_story: true, ..ImportOptions::default() };
        let novel = import_novel(text.as_bytes(), &options).unwrap();
        let parts: Vec<&str> = novel.chapters.iter().flat_map(|c| c.text.split("\n\n")).collect();
        prop_assert_eq!(parts.join("\n\n"), text.clone());
        let words: u64 = story::text::Length::of(&text).words;
        let wanted = ((words + length / 2) / length).clamp(1, paragraphs.len() as u64);
        prop_assert_eq!(novel.chapters.len() as u64, wanted);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(novel) = import_novel(&bytes, &ImportOptions::default()) {
            prop_assert!(!novel.chapters.is_empty());
        }
    }
}
