//! A finished novel becomes a file, and the file can be read again.

use documents::{Book, BookChapter, novel_md, novel_txt, read_novel_md};
use proptest::prelude::*;
use story::text::normalize;

fn chapter(ordinal: u32, title: &str, text: &str) -> BookChapter {
    BookChapter { ordinal, title: title.into(), text: text.into() }
}

fn english() -> Book {
    Book {
        title: "The Keeper: *Volume* 1".into(),
        language: "en-GB".into(),
        rehearsal: true,
        chapters: vec![
            chapter(
                1,
                "Ninety-one Steps",
                "# is the sign that she drew.\n\n> was another. 1 < 2, R&D, and C:\\keys.\n\n- he said, or did not.\n\n* * *\n\n1999. That was the year; 3.5 metres.\n\n12) and +1 more.\n\nThe *real* name_of_it was `lamp` [sic] ~~gone~~ &amp; out.",
            ),
            chapter(
                2,
                "",
                "The light is off,\n  the sea is on,\n===\nand ink\\\nis what the log is written in.\n\n---\n\na | b\n:-|-:\n| c |",
            ),
        ],
    }
}

fn chinese() -> Book {
    Book {
        title: "龙门夜渡".into(),
        language: "zh-Hans".into(),
        rehearsal: true,
        chapters: vec![
            chapter(1, "夜渡", "沈渡把篙往石缝里一插，船就不走了。\n\n　　“今夜风从北来。”他说。\n\n黄河水，\n龙门开。"),
            chapter(12, "", "第三章里说过的话，他又说了一遍。"),
        ],
    }
}

#[test]
fn prose_in_markdown_shows_every_sign_as_it_stands() {
    insta::assert_snapshot!("english_md", novel_md(&english()));
    insta::assert_snapshot!("chinese_md", novel_md(&chinese()));
}

#[test]
fn plain_text_is_what_a_reader_expects_in_either_language() {
    insta::assert_snapshot!("english_txt", novel_txt(&english()));
    insta::assert_snapshot!("chinese_txt", novel_txt(&chinese()));
}

#[test]
fn only_a_rehearsal_says_that_it_is_one_and_only_in_the_head() {
    let book = Book { rehearsal: false, ..english() };
    assert!(!novel_md(&book).contains("rehearsal") && !novel_txt(&book).contains("rehearsal"));
    assert_eq!(novel_md(&english()).matches("rehearsal").count(), 1);
    let bare = Book { title: " ".into(), chapters: Vec::new(), ..book };
    assert_eq!((novel_md(&bare), novel_txt(&bare)), (String::new(), String::new()));
}

#[test]
fn what_was_written_can_be_read_again() {
    for book in [english(), chinese()] {
        let read = read_novel_md(&novel_md(&book)).unwrap();
        assert_eq!((&read.title, read.rehearsal), (&book.title, true));
        assert_eq!(read.chapters, book.chapters);
    }
    for ordinal in [1, 9, 10, 11, 20, 99, 100, 101, 110, 111, 1000, 1001, 1010, 1999, 9999, 10_000] {
        let book = Book { chapters: vec![chapter(ordinal, "灯", "亮。")], ..chinese() };
        assert_eq!(read_novel_md(&novel_md(&book)).unwrap().chapters[0].ordinal, ordinal);
    }
}

#[test]
fn a_novel_that_others_wrote_down_is_read_as_far_as_it_goes() {
    let read = read_novel_md("\u{FEFF}# Salt\r\n\r\n## Prologue\r\n\r\nOne.\r\n\r\n## Chapter 7: Two\n\n## Coda").unwrap();
    let told: Vec<_> = read.chapters.iter().map(|c| (c.ordinal, c.title.as_str(), c.text.as_str())).collect();
    assert_eq!(told, [(1, "Prologue", "One."), (7, "Two", ""), (8, "Coda", "")]);
    let e = read_novel_md("# Salt\n\nNo chapter.").unwrap_err();
    insta::assert_snapshot!(format!("{e}\nhint: {}", e.hint()));
}

/// What a reader of CommonMark sees: headings and paragraphs as plain text, line breaks inside a paragraph kept.
fn seen(markdown: &str) -> Vec<String> {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
    let mut blocks = Vec::new();
    let mut text = String::new();
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES | Options::ENABLE_TASKLISTS;
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Start(Tag::Paragraph | Tag::Heading { .. }) => {}
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_)) => blocks.push(std::mem::take(&mut text)),
            Event::Text(part) => text.push_str(&part),
            Event::HardBreak => text.push('\n'),
            other => panic!("the prose became {other:?} in:\n{markdown}"),
        }
    }
    blocks
}

/// Leading blanks are shown as signs that Markdown does not eat.
fn shown(text: &str) -> Vec<String> {
    let line = |line: &str| {
        let body = line.trim_start_matches([' ', '\t']);
        line[..line.len() - body.len()].replace(' ', "\u{A0}").replace('\t', "\u{2003}") + body
    };
    story::text::paragraphs(text).iter().map(|p| p.split('\n').map(line).collect::<Vec<_>>().join("\n")).collect()
}

/// Prose with every sign that Markdown knows, in every place.
fn prose() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-zA-Z0-9 ,.]{1,8}",
        4 => "[\\\\`*_{}\\[\\]()#+\\-.!<>|~&:=\"'/@^$%]{1,4}",
        2 => Just("\n".to_owned()),
        2 => Just("\n\n".to_owned()),
        1 => "[0-9]{1,3}[.)] ",
        1 => "[ \t]{1,5}",
        1 => "(&amp;|&#35;|&nbsp;|<b>|https://x\\.y|!\\[a\\]\\(b\\)|\\[\\^1\\]:|---|===|~~~|```|第三章|　　|## )",
        1 => "\\PC{1,4}",
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| normalize(&pieces.concat()))
}

fn title() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zA-Z#*_:. ]{0,12}", "\\PC{0,12}"].prop_map(|t| t.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn book() -> impl Strategy<Value = Book> {
    let chapters = proptest::collection::vec((1_u32..3000, title(), prose()), 0..4);
    (title(), any::<bool>(), any::<bool>(), chapters).prop_map(|(title, chinese, rehearsal, chapters)| Book {
        title,
        language: if chinese { "zh".into() } else { "en".into() },
        rehearsal,
        chapters: chapters.into_iter().map(|(ordinal, title, text)| BookChapter { ordinal, title, text }).collect(),
    })
}

proptest! {
    #[test]
    fn any_book_comes_back_as_it_went_out(book in book()) {
        let read = read_novel_md(&novel_md(&book)).unwrap();
        prop_assert_eq!(&read.title, &book.title);
        prop_assert_eq!(read.rehearsal, book.rehearsal);
        prop_assert_eq!(&read.chapters, &book.chapters);
    }

    #[test]
    fn any_prose_renders_literally(text in prose(), title in title()) {
        let book = Book { title: title.clone(), language: "en".into(), rehearsal: false, chapters: vec![chapter(1, "", &text)] };
        let mut wanted = vec!["Chapter 1".to_owned()];
        if !title.is_empty() {
            wanted.insert(0, title);
        }
        wanted.extend(shown(&text));
        prop_assert_eq!(seen(&novel_md(&book)), wanted);
    }
}
