use documents::{ImportOptions, import_novel};
use story::text::han_number;

use crate::{ALICE, HONGLOUMENG, import, told};

fn titles(text: &str) -> Vec<String> {
    import(text).chapters.into_iter().map(|chapter| chapter.title).collect()
}

#[test]
fn alice_has_twelve_chapters_with_their_titles() {
    let wanted = [
        "Down the Rabbit-Hole",
        "The Pool of Tears",
        "A Caucus-Race and a Long Tale",
        "The Rabbit Sends in a Little Bill",
        "Advice from a Caterpillar",
        "Pig and Pepper",
        "A Mad Tea-Party",
        "The Queen's Croquet-Ground",
        "The Mock Turtle's Story",
        "The Lobster Quadrille",
        "Who Stole the Tarts?",
        "Alice's Evidence",
    ];
    let novel = import(ALICE);
    assert_eq!(titles(ALICE), wanted);
    assert_eq!((novel.language.as_str(), novel.encoding.as_str(), novel.not_story.len(), novel.warnings.len()), ("en", "UTF-8", 0, 0));
}

#[test]
fn the_chinese_text_has_twelve_chapters_and_the_paragraph_that_speaks_of_a_chapter_is_none() {
    let novel = import(HONGLOUMENG);
    let titles: Vec<&str> = novel.chapters.iter().map(|chapter| chapter.title.as_str()).collect();
    let wanted: Vec<&str> =
        HONGLOUMENG.lines().filter_map(|line| line.strip_prefix('第')?.split_once("回 ").map(|(_, title)| title)).collect();
    assert_eq!((titles.len(), titles), (12, wanted));
    assert!(novel.chapters[4].text.starts_with("第四回中既将薛家母子在荣府中寄居等事略已表明"));
    assert_eq!((novel.language.as_str(), novel.warnings.len()), ("zh", 0));
}

#[test]
fn every_way_to_head_a_chapter_is_known() {
    let cases: &[(&str, &[&str])] = &[
        ("CHAPTER IV. Down\n\nA.\n\nCHAPTER V. Up\n\nB.\n", &["Down", "Up"]),
        ("Chapter 4\n\nIt rained.\n\nChapter 5\n\nIt poured.\n", &["", ""]),
        ("Chapter Four: The Door\n\nShe knocked.\n\nChapter Twenty-One: The Key\n\nIt turned.\n", &["The Door", "The Key"]),
        ("Chapter 1 - The Door\n\nShe knocked.\n\nChapter 2 — The Key\n\nIt turned.\n", &["The Door", "The Key"]),
        ("CHAPTER I\n\nTHE DOOR\n\nShe knocked.\n\nCHAPTER II\n\nTHE KEY\n\nIt turned.\n", &["THE DOOR", "THE KEY"]),
        ("CHAPTER I.\nThe Door\n\nShe knocked at it.\n\nCHAPTER II.\nThe Key\n\nIt turned.\n", &["The Door", "The Key"]),
        ("Prologue\n\nBefore.\n\nChapter 1\n\nNow.\n\nEpilogue\n\nAfter.\n", &["Prologue", "", "Epilogue"]),
        (
            "STAVE ONE: Marley's Ghost\n\nMarley was dead.\n\nSTAVE TWO: The First of the Spirits\n\nHe awoke.\n",
            &["Marley's Ghost", "The First of the Spirits"],
        ),
        ("Letter 1\n\nYou will rejoice.\n\nLetter 2\n\nHow slowly.\n\nChapter 1\n\nI am by birth.\n", &["", "", ""]),
        ("1\n\nIt rained.\n\n2\n\nIt poured.\n\n3\n\nIt stopped.\n", &["", "", ""]),
        ("1. The Door\n\nShe knocked.\n\n2. The Key\n\nIt turned.\n", &["The Door", "The Key"]),
        ("I.\n\nIt rained.\n\nII.\n\nIt poured.\n\nIII.\n\nIt stopped.\n", &["", "", ""]),
        ("第四回 甄士隐梦幻识通灵\n\n却说。\n\n第五回 贾雨村风尘怀闺秀\n\n话说。\n", &["甄士隐梦幻识通灵", "贾雨村风尘怀闺秀"]),
        ("第4章 风起\n下雨了。\n第5章 云涌\n雨停了。\n", &["风起", "云涌"]),
        ("第一百二十章：风起\n　　下雨了。\n第一百二十一章：云涌\n　　雨停了。\n", &["风起", "云涌"]),
        ("第一章风起\n　　下雨了。\n第二章云涌\n　　雨停了。\n第三章雪落\n　　夜深了。\n", &["风起", "云涌", "雪落"]),
        ("【第一章 风起】\n\n下雨了。\n\n【第二章 云涌】\n\n雨停了。\n", &["风起", "云涌"]),
        ("正文 第一章 风起\n\n下雨了。\n\n正文 第二章 云涌\n\n雨停了。\n", &["风起", "云涌"]),
        ("序章\n\n很久以前。\n\n第一章 风起\n\n下雨了。\n\n尾声\n\n天亮了。\n", &["序章", "风起", "尾声"]),
        ("楔子 旧事\n\n很久以前。\n\n第一回 风起\n\n下雨了。\n", &["楔子 旧事", "风起"]),
        ("第十二集\n下雨了。\n第十三集\n雨停了。\n", &["", ""]),
        ("一、风起\n\n下雨了。\n\n二、云涌\n\n雨停了。\n", &["风起", "云涌"]),
        ("卷一 风起\n\n下雨了。\n\n卷二 云涌\n\n雨停了。\n", &["风起", "云涌"]),
        ("第壹章 风起\n下雨了。\n第贰章 云涌\n雨停了。\n第廿一章 雪落\n夜深了。\n", &["风起", "云涌", "雪落"]),
        ("# Salt\n\n## Chapter 1: The Door\n\nShe knocked.\n\n## Coda\n\nIt turned.\n", &["The Door", "Coda"]),
        ("# 盐\n\n## 第一章 门\n\n她敲门。\n\n## 第二章 钥匙\n\n门开了。\n", &["门", "钥匙"]),
        (
            "The Door\n========\n\nShe knocked.\n\nThe Key\n=======\n\nIt turned.\n\n# The End of It\n\nDone.\n",
            &["The Door", "The Key", "The End of It"],
        ),
    ];
    for (text, wanted) in cases {
        assert_eq!(titles(text), *wanted, "{text}");
    }
}

#[test]
fn a_sentence_that_begins_like_a_heading_is_none() {
    let english = [
        "Chapter 4 was the one she liked best.",
        "Chapter 4, she said, was dull.",
        "Chapter 4's end is sad.",
        "Part of it was true.",
        "Book me a room. Chapter 4 can wait.",
        "Prologues are dull.",
        "Introduction was made, and they sat down.",
        "I. That is all there is of me.",
    ];
    for sentence in english {
        let text = format!("Chapter 3\n\nIt rained.\n\n{sentence}\n\nIt poured.\n\nChapter 4\n\nIt stopped.\n");
        assert_eq!(import(&text).chapters.len(), 2, "{sentence}");
    }
    let chinese = [
        "第四回中既将薛家母子在荣府中寄居等事略已表明,此回暂可不写矣。",
        "第四章写得最好。",
        "第四章 他说，写得最好。",
        "第四回合，他输了。",
        "第四节课下课以后他才来。",
        "第四集团军已经过了河。",
        "第四部分说的是水。",
        "第四章里的那个人",
        "“第四章 风起”",
        "序章结束以后，他走了。",
        "楔子这个词，他不认识。",
    ];
    for sentence in chinese {
        let text = format!("第三章 风起\n　　下雨了。\n　　{sentence}\n　　雨更大了。\n第四章 云涌\n　　雨停了。\n");
        assert_eq!(titles(&text), ["风起", "云涌"], "{sentence}");
    }
    // In mid-paragraph, where the width broke the line.
    let broken = "CHAPTER I. Rain\n\nIt had rained for a week, and nobody could remember how the book began which she had read to them from\n\
        Chapter 2 on every evening of that week until the lamp went out and it\nwas time for all of them to go to bed at last, in the dark.\n\nCHAPTER II. Sun\n\nIt stopped.\n";
    assert_eq!(titles(broken), ["Rain", "Sun"]);
    // A list is no table of chapters.
    let list = "She wrote:\n\n1. Milk\n2. Bread\n3. Salt\n\nThen she went out.\n";
    assert_eq!(import(list).chapters.len(), 1);
}

#[test]
fn a_table_of_contents_is_not_taken_for_chapters() {
    insta::assert_snapshot!(told(&import(
        "《剑起长河》\n作者：无名\n\n目录\n第一章 风起 …… 1\n第二章 云涌 …… 9\n\n第一章 风起\n\n下雨了。\n\n第二章 云涌\n\n雨停了。\n"
    )));
    insta::assert_snapshot!(told(&import(
        "SALT\n\nby Nobody\n\nContents\n\n  1. The Door ........ 3\n  2. The Key ......... 17\n\n\n1. The Door\n\nShe knocked.\n\n2. The Key\n\nIt turned.\n"
    )));
    let heads: String = ALICE.lines().filter(|line| line.starts_with("CHAPTER ")).map(|line| format!(" {line}\n")).collect();
    let novel = import(&format!("ALICE\n\nCONTENTS\n\n{heads}\n\n{ALICE}"));
    assert_eq!(novel.chapters.len(), 12);
    assert_eq!(
        novel.chapters,
        import(ALICE)
            .chapters
            .into_iter()
            .zip(&novel.chapters)
            .map(|(c, n)| documents::ImportedChapter { line: n.line, ..c })
            .collect::<Vec<_>>()
    );
}

#[test]
fn volumes_hold_chapters_and_begin_to_count_anew() {
    insta::assert_snapshot!(told(&import(
        "第一卷 少年\n\n第一章 风起\n\n下雨了。\n\n第二章 云涌\n\n雨停了。\n\n第二卷 长河\n\n河水向东。\n\n第一章 渡口\n\n天亮了。\n"
    )));
    assert_eq!(titles("第一卷 少年 第一章 风起\n下雨了。\n第一卷 少年 第二章 云涌\n雨停了。\n"), ["风起", "云涌"]);
    insta::assert_snapshot!(told(&import("PART ONE\n\nChapter 1\n\nIt rained.\n\nPART TWO\n\nChapter 2\n\nIt poured.\n")));
}

#[test]
fn numbers_out_of_order_twice_or_missing_are_told_and_nothing_is_moved() {
    insta::assert_snapshot!(told(&import(
        "第一章 甲\n第一场雨。\n第三章 丙\n第三场雨。\n第二章 乙\n第二场雨。\n第二章 又\n另一场雨。\n第九章 壬\n最后一场雨。\n第十章 空\n"
    )));
}

#[test]
fn without_headings_a_text_is_one_chapter_or_split_by_length_on_request() {
    let text: String =
        (1..=40).map(|n| format!("这是第{}段，它不长也不短，刚好够用来凑出一点字数，好让这一章有个样子。\n", han_number(n))).collect();
    let whole = import(&text);
    assert_eq!(whole.chapters.len(), 1);
    insta::assert_snapshot!(whole.warnings[0].to_string());
    let split = |length| import_novel(text.as_bytes(), &ImportOptions { chapter_length: Some(length), ..ImportOptions::default() });
    let parts = split(300).unwrap();
    assert_eq!(parts.chapters.len(), 4);
    assert!(parts.chapters.iter().all(|chapter| (250..=400).contains(&chapter.length.chars)), "{:?}", told(&parts));
    let paragraphs = |novel: &documents::ImportedNovel| {
        novel.chapters.iter().flat_map(|c| c.text.split("\n\n").map(str::to_owned).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    assert_eq!(paragraphs(&parts), paragraphs(&whole));
    assert!(split(0).is_err() && split(5_000_000).is_err());
}
