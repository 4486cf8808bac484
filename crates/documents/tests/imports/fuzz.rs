use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use documents::{ImportOptions, import_novel};
use encoding_rs::{BIG5, GB18030, WINDOWS_1252};
use story::text::normalize;

use crate::{ALICE, HONGLOUMENG};

/// A dice that falls the same way for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below.max(1)
    }
}

/// What is put into the midst of a book.
const PIECES: [&str; 30] = [
    "\n第三章 风起\n",
    "\n第三章",
    "第",
    "\n序章\n",
    "\nCHAPTER IV.\n",
    "\nChapter Twenty",
    "\nCHAPTER MMMMCM\n",
    "\n# \n",
    "\n## 第十\n",
    "\n===\n",
    "\n***\n",
    "\n```\n",
    "\n目录\n",
    "\nContents\n\n1\n2\n3\n",
    "\n1\n",
    "\n二、\n",
    "*** START OF THE PROJECT GUTENBERG",
    "\n*** END OF THE PROJECT GUTENBERG ***\n",
    "\n（求月票）\n",
    "\nwww.x.com\n",
    "\u{FEFF}",
    "\u{0}",
    "\r",
    "\u{2028}",
    "\u{202E}",
    "　　",
    "\t\t\t",
    "\\\n",
    "&nbsp;",
    "e\u{301}\u{301}",
];

/// The end of `at` pushed to where a character begins.
fn cut(text: &str, at: usize) -> usize {
    (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap()
}

fn mutate(dice: &mut Dice) -> Vec<u8> {
    let book = if dice.roll(2) == 0 { ALICE } else { HONGLOUMENG };
    let (start, size) = (dice.roll(book.len()), 40 + dice.roll(9_000));
    let start = cut(book, start);
    let mut text = book[start..cut(book, (start + size).min(book.len()))].to_owned();
    for _ in 0..dice.roll(14) {
        let at = cut(&text, dice.roll(text.len() + 1));
        match dice.roll(4) {
            0 | 1 => text.insert_str(at, PIECES[dice.roll(PIECES.len())]),
            2 => {
                let end = cut(&text, (at + dice.roll(400)).min(text.len()));
                text.replace_range(at..end, "");
            }
            _ => {
                let end = cut(&text, (at + dice.roll(400)).min(text.len()));
                let copy = text[at..end].repeat(1 + dice.roll(4));
                text.insert_str(at, &copy);
            }
        }
    }
    let mut bytes = match dice.roll(8) {
        0 => GB18030.encode(&text).0.into_owned(),
        1 => BIG5.encode(&text).0.into_owned(),
        2 => WINDOWS_1252.encode(&text).0.into_owned(),
        3 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        4 => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => text.into_bytes(),
    };
    for _ in 0..dice.roll(3) * dice.roll(4) {
        let at = dice.roll(bytes.len());
        if let Some(byte) = bytes.get_mut(at) {
            *byte = u8::try_from(dice.roll(256)).unwrap();
        }
    }
    bytes
}

/// `FABULIST_FUZZ_SECONDS` says for how long (3), `FABULIST_FUZZ_SEED` with which seed (the clock's).
#[test]
fn whatever_is_done_to_a_book_it_comes_in_whole_or_is_refused() {
    let told = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let seed = told("FABULIST_FUZZ_SEED")
        .unwrap_or_else(|| u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos()).unwrap_or(1));
    let until = Instant::now() + Duration::from_secs(told("FABULIST_FUZZ_SECONDS").unwrap_or(3));
    println!("FABULIST_FUZZ_SEED={seed}");
    let (mut dice, mut count, mut read) = (Dice(seed), 0_u64, 0_u64);
    while Instant::now() < until {
        let bytes = mutate(&mut dice);
        let options = ImportOptions {
            encoding: [None, None, None, Some("gbk"), Some("utf-8")][dice.roll(5)].map(str::to_owned),
            markdown: [None, Some(true), Some(false)][dice.roll(3)],
            chapter_length: [None, Some(500)][dice.roll(2)],
            keep_not_story: dice.roll(2) == 0,
            language: None,
        };
        let outcome = catch_unwind(AssertUnwindSafe(|| import_novel(&bytes, &options)));
        let case = || format!("seed {seed}, case {count}: {options:?}");
        if let Ok(novel) = outcome.unwrap_or_else(|_| panic!("{}", case())) {
            read += 1;
            assert!(!novel.chapters.is_empty(), "{}", case());
            for chapter in &novel.chapters {
                assert!(!chapter.text.is_empty() && chapter.text == normalize(&chapter.text), "{}", case());
                assert!(
                    !chapter.text.contains('\0') && !chapter.title.contains(['\n', '\0']) && chapter.title.chars().count() <= 300,
                    "{}",
                    case()
                );
            }
        }
        count += 1;
    }
    println!("{count} books, {read} of them read");
    assert!(read * 2 > count, "most of them can be read");
}
