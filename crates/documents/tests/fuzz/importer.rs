use documents::{ImportOptions, import_novel};
use encoding_rs::{BIG5, GB18030, WINDOWS_1252};
use story::text::normalize;

use crate::{ALICE, HONGLOUMENG, dice::Dice};

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

/// A piece of a book, cut, doubled and strewn with what is hard to read, in some encoding, with some bytes wrong.
fn mutate(dice: &mut Dice) -> Vec<u8> {
    let book = if dice.roll(2) == 0 { ALICE } else { HONGLOUMENG };
    let text = dice.mangled(book, &PIECES);
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

/// A book comes in whole or is refused. True where it came in.
pub(crate) fn novel(dice: &mut Dice) -> bool {
    let bytes = mutate(dice);
    let options = ImportOptions {
        encoding: [None, None, None, Some("gbk"), Some("utf-8")][dice.roll(5)].map(str::to_owned),
        markdown: [None, Some(true), Some(false)][dice.roll(3)],
        chapter_length: [None, Some(500)][dice.roll(2)],
        keep_not_story: dice.roll(2) == 0,
        language: None,
    };
    let Ok(novel) = import_novel(&bytes, &options) else { return false };
    assert!(!novel.chapters.is_empty(), "{options:?}");
    for chapter in &novel.chapters {
        assert!(!chapter.text.is_empty() && chapter.text == normalize(&chapter.text), "{options:?}");
        assert!(
            !chapter.text.contains('\0') && !chapter.title.contains(['\n', '\0']) && chapter.title.chars().count() <= 300,
            "{options:?}"
        );
    }
    true
}
