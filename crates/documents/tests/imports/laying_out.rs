use crate::{ALICE, HONGLOUMENG, import, letters};

#[test]
fn lines_that_were_broken_for_the_width_are_joined() {
    let novel = import(ALICE);
    let first = novel.chapters[0].text.split("\n\n").next().unwrap();
    assert_eq!(
        first,
        "Alice was beginning to get very tired of sitting by her sister on the bank, and of having nothing to do: once or twice she had peeped \
         into the book her sister was reading, but it had no pictures or conversations in it, 'and what is the use of a book,' thought Alice \
         'without pictures or conversations?'"
    );
    let prose = novel.chapters.iter().flat_map(|c| c.text.split("\n\n")).filter(|p| !p.starts_with(' '));
    let broken: Vec<&str> = prose.filter(|p| p.contains('\n')).collect();
    assert!(broken.len() <= 2, "{broken:#?}");
}

#[test]
fn verse_and_shaped_text_stay_as_they_are() {
    let novel = import(ALICE);
    let tail = &novel.chapters[2].text;
    let shape = "         'Fury said to a\n         mouse, That he\n        met in the\n       house,\n     \"Let us\n      both go to\n       law: I will\n";
    assert!(tail.contains(shape) && tail.contains("          to\n           death.\"'\n\n'You are not attending!'"), "{tail}");
    let verse = "     'How doth the little crocodile\n      Improve his shining tail,\n     And pour the waters of the Nile\n      On every golden scale!\n\n     'How cheerfully";
    assert!(novel.chapters[1].text.contains(verse));
    assert!(novel.chapters[0].text.contains("  *    *    *    *    *    *    *\n\n    *    *"));
    let stanzas = "Chapter 1\n\nRoses are red,\nViolets are blue,\nSugar is sweet,\nAnd so are you.\n\nShe put the card away.\n\nChapter 2\n\nIt rained.\n";
    assert_eq!(
        import(stanzas).chapters[0].text,
        "Roses are red,\nViolets are blue,\nSugar is sweet,\nAnd so are you.\n\nShe put the card away."
    );
}

#[test]
fn chinese_lines_are_joined_without_a_blank_and_indents_begin_paragraphs() {
    let wrapped: String = HONGLOUMENG
        .lines()
        .map(|line| {
            if line.is_empty() || line.starts_with('第') && line.chars().count() < 25 {
                return format!("{line}\n");
            }
            let signs: Vec<char> = "　　".chars().chain(line.chars().filter(|c| *c != ' ')).collect();
            signs.chunks(34).map(|chunk| chunk.iter().collect::<String>() + "\n").collect()
        })
        .collect();
    let (read, wanted) = (import(&wrapped), import(HONGLOUMENG));
    // The few blanks inside of paragraphs would stand at the end of a line here and there, where nobody sees them.
    let bare = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
    let texts = |novel: &documents::ImportedNovel| {
        novel.chapters.iter().flat_map(|c| c.text.split("\n\n").map(bare).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    let different = texts(&read).into_iter().zip(texts(&wanted)).find(|(read, wanted)| read != wanted);
    assert!(different.is_none(), "{different:?}");
}

#[test]
fn each_line_is_a_paragraph_where_no_empty_ones_part_them() {
    let text = "第一章 风起\n　　下雨了，河水涨上来。\n　　“你是谁？”\n　　没有人答话，只有雨声。\n第二章 云涌\n　　雨停了。\n";
    assert_eq!(import(text).chapters[0].text, "下雨了，河水涨上来。\n\n“你是谁？”\n\n没有人答话，只有雨声。");
}

#[test]
fn no_letter_is_lost_between_the_headings() {
    for (text, head) in [(ALICE, "CHAPTER "), (HONGLOUMENG, "第")] {
        let is_heading = |line: &&str| !(line.starts_with(head) && line.chars().count() < 60 && !line.ends_with(['。', '.']));
        let wanted: String = text.lines().filter(is_heading).collect();
        let found: String = import(text).chapters.iter().map(|chapter| chapter.text.as_str()).collect();
        assert_eq!(letters(&found), letters(&wanted));
    }
}
