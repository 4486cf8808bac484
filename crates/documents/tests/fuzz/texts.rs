use documents::{Book, BookChapter, Replacements, in_ranges, novel_md, novel_txt, parse_ranges, read_brief, read_novel_md};
use story::text::{english_value, han_number, han_value, normalize, roman_number, roman_value};

use crate::{ALICE, HONGLOUMENG, dice::Dice};

/// What Markdown takes for more than words.
const MARKS: [&str; 20] = [
    "\n## ", "\n# ", "\n> ", "\n- ", "\n1. ", "\n```\n", "\n---\n", "\\\n", "\\", "*", "_", "`", "[x](y)", "<b>", "&nbsp;", "\n    ",
    "\n\n\n", "|", "#\n", "\t",
];

/// A novel as Markdown is read as it was; whatever else stands in a file, reading it ends.
pub(crate) fn novel_markdown(dice: &mut Dice) -> bool {
    let book = if dice.roll(2) == 0 { ALICE } else { HONGLOUMENG };
    let chapters = (1..=1 + u32::try_from(dice.roll(3)).unwrap()).map(|ordinal| BookChapter {
        ordinal,
        title: dice.mangled("The Lamp, the lamp, and the unlit hour of it all", &["#", "*", ":", " # ", "\\", "`"]),
        text: normalize(&dice.mangled(book, &MARKS)),
    });
    let mut chapters: Vec<BookChapter> = chapters.collect();
    for chapter in &mut chapters {
        chapter.title = chapter.title.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let book = Book { title: "T".into(), language: "en".into(), rehearsal: dice.roll(2) == 0, chapters };
    let text = novel_md(&book);
    let read = read_novel_md(&text).unwrap();
    assert_eq!(read, book, "{text}");
    assert!(!novel_txt(&book).is_empty());
    if let Err(error) = read_novel_md(&dice.mangled(&text, &MARKS)) {
        assert!(!error.hint().is_empty());
    }
    true
}

const BRIEFS: [(&str, &str); 4] = [
    ("brief.toml", include_str!("../../../../examples/lighthouse.toml")),
    ("brief.toml", include_str!("../../../../examples/longmen.toml")),
    ("brief.json", include_str!("../../../../examples/short.json")),
    ("brief.md", include_str!("../../../../examples/night-ferry.md")),
];

const SYNTAX: [&str; 24] = [
    "\"",
    "'''",
    "\"\"\"",
    "=",
    "[",
    "]",
    "[[characters]]\n",
    "{",
    "}",
    ":",
    ",",
    "\n---\n",
    "\n- ",
    "\n  ",
    "\\u0000",
    "\u{0}",
    "\u{FEFF}",
    "null",
    "1e999",
    "-1",
    "2001",
    "&a *a",
    "!!tag ",
    "\n# ",
];

/// A brief is read or refused with a hint.
pub(crate) fn brief_file(dice: &mut Dice) -> bool {
    let (name, text) = BRIEFS[dice.roll(BRIEFS.len())];
    let whole = dice.roll(8) == 0;
    let text = if whole { text.to_owned() } else { dice.mangled(text, &SYNTAX) };
    match read_brief(name, text.as_bytes()) {
        Ok(_) => true,
        Err(error) => {
            assert!(!whole && !error.to_string().is_empty() && !error.hint().is_empty(), "{error}");
            false
        }
    }
}

const DIGITS: [&str; 26] = [
    "一", "二", "两", "三", "九", "零", "〇", "十", "百", "千", "万", "亿", "廿", "卅", "壹", "I", "V", "X", "L", "C", "M", "twenty", "-",
    "one", "hundred", "7",
];

/// A number is read as it was written, and what is none is none.
pub(crate) fn numeral(dice: &mut Dice) -> bool {
    let n = u32::try_from(dice.roll(100_000_000)).unwrap();
    assert_eq!(han_value(&han_number(n)), Some(n));
    let roman = 1 + n % 3_999;
    assert_eq!(roman_number(roman).and_then(|text| roman_value(&text)), Some(roman));
    let word: String = (0..dice.roll(9)).map(|_| dice.one(&DIGITS)).collect();
    let read = [han_value(&word), roman_value(&word), english_value(&word)];
    read.iter().any(Option::is_some) || n % 4 == 0
}

/// Ranges and replacements: what is read can be written and read again.
pub(crate) fn choice(dice: &mut Dice) -> bool {
    let text: String =
        (0..1 + dice.roll(12)).map(|_| dice.one(&["1", "20", "-", ",", "，", "3-9", "～", " ", "100000", "x", "４"])).collect();
    let ranges = parse_ranges(&text);
    if let Ok(chosen) = &ranges {
        assert_eq!(parse_ranges(&in_ranges(chosen.iter().copied())).as_ref(), Ok(chosen), "{text}");
    }
    let words = dice.mangled("Ann=Bea; Bea=Ann\n林穗=林岁；林=木\n# x\nLee=\n", &["=", ";", "\n", "＝", "é"]);
    if let Ok(words) = Replacements::parse(&words) {
        words.apply(&dice.mangled("Ann and Anna met Ann Lee; 林穗说林穗儿。 É éAnn", &["Ann", "林"]));
    }
    ranges.is_ok()
}
