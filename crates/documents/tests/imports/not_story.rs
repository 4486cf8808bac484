use documents::{ImportOptions, NotStoryKind, import_novel};

use crate::{ALICE, import, told};

const WEB: &str = "第一章 风起\n\n　　夜里下了雨，河水涨上来，渡口没有一个人。他站在柳树下等船，等了很久很久。\n（求月票！求推荐票！）\n　　他说：“我求收藏，也求个名字。”\n\n\
    第二章 云涌\n第二章 云涌\n\n　　第二天一早，城里传来消息，说北边的人已经过了河，沿路的村子都空了，只剩下狗。\n　　本章未完，请点击下一页继续阅读\n　　www.example.com\n\n\
    第二章 云涌\n\n　　第二天一早，城里传来消息，说北边的人已经过了河，沿路的村子都空了，只剩下狗。\n\n上架感言\n\n　　谢谢大家一路陪我走到今天，明天起每天两更。\n\n\
    第三章 决战\n\n　　天亮的时候，两个人都站在桥上，谁也没有先开口。\n　　PS：今天两更，感谢书友支持，求订阅！\n";

#[test]
fn adverts_pleas_and_doubled_chapters_are_marked_and_left_out() {
    insta::assert_snapshot!(told(&import(WEB)));
}

#[test]
fn what_was_marked_stays_on_request() {
    let kept = import_novel(WEB.as_bytes(), &ImportOptions { keep_not_story: true, ..ImportOptions::default() }).unwrap();
    assert_eq!(kept.chapters.len(), 5);
    assert!(kept.chapters[0].text.contains("\n\n（求月票！求推荐票！）\n\n"));
    assert_eq!(kept.not_story.len(), import(WEB).not_story.len());
    assert!(kept.not_story.iter().all(|aside| aside.kept && aside.chapter.is_some()), "{}", told(&kept));
}

#[test]
fn what_project_gutenberg_puts_around_a_book_is_no_story() {
    let file = format!(
        "The Project Gutenberg eBook of Alice\n\nThis ebook is for the use of anyone anywhere.\n\nTitle: Alice\n\n*** START OF THE PROJECT GUTENBERG EBOOK ALICE ***\n\n\
         Produced by Nobody and others\nin their spare time\n\n{ALICE}\n\n*** END OF THE PROJECT GUTENBERG EBOOK ALICE ***\n\nUpdated editions will replace the previous one.\n"
    );
    let novel = import(&file);
    assert_eq!(novel.not_story.iter().map(|aside| aside.kind).collect::<Vec<_>>(), [NotStoryKind::Licence; 2]);
    let texts = |novel: &documents::ImportedNovel| novel.chapters.iter().map(|c| c.text.clone()).collect::<Vec<_>>();
    assert_eq!(texts(&novel), texts(&import(ALICE)));
    let kept = import_novel(file.as_bytes(), &ImportOptions { keep_not_story: true, ..ImportOptions::default() }).unwrap();
    assert_eq!(kept.chapters.len(), 14);
}

#[test]
fn what_people_say_in_the_story_is_story() {
    let said = [
        "“求月票！”他喊道。",
        "他在心里求月票，求推荐，求一切能求的东西，可是没有一个神仙理他，只有窗外的雨一直下到天亮才停。",
        "She said she would visit the chapter house in the morning.",
        "Visit me when you can.",
        "Write to anna@example.com, he said, and tell her that the ferry has gone and that nobody is waiting at the pier any more.",
    ];
    for line in said {
        let novel = import(&format!("Chapter 1\n\nIt rained.\n\n{line}\n\nChapter 2\n\nIt poured.\n"));
        assert_eq!(novel.not_story, [], "{line}");
    }
}

#[test]
fn words_before_the_first_heading_are_a_title_page_or_a_chapter() {
    insta::assert_snapshot!(told(&import("SALT\n\nby Nobody\n\nFor M.\n\nChapter 1\n\nIt rained.\n\nChapter 2\n\nIt poured.\n")));
    let long = "There was a house by the sea where nobody had lived for years, and every year somebody came and looked at it and went away again. ".repeat(6);
    insta::assert_snapshot!(told(&import(&format!("SALT\n\n{long}\n\nChapter 1\n\nIt rained.\n\nChapter 2\n\nIt poured.\n"))));
}
