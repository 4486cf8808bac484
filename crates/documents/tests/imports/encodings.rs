use documents::{ImportOptions, import_novel};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, WINDOWS_1252};

use crate::{ALICE, HONGLOUMENG, import, told};

const TRADITIONAL: &str = "第一回 甄士隱夢幻識通靈\n\n卻說士隱聽得明白，但不知所云蠢物係何東西。遂不禁上前施禮，笑問道：「二仙師請了。」\n\n第二回 賈夫人仙逝揚州城\n\n\
    詩云：一局輸贏料不真，香銷茶盡尚逡巡。欲知目下興衰兆，須問旁觀冷眼人。\n";
const ACCENTS: &str =
    "CHAPTER I. Café\n\n“It’s naïve,” said Zoë — the fiancée of André.\n\nCHAPTER II. Après\n\nShe left for Orléans. ‘Déjà vu.’\n";

fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let (bytes, _, lossy) = encoding.encode(text);
    assert!(!lossy, "{}", encoding.name());
    bytes.into_owned()
}

fn utf16(text: &str, big: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

#[test]
fn every_encoding_is_found_and_gives_the_same_chapters() {
    let gbk = HONGLOUMENG.chars().filter(|c| !GBK.encode(c.encode_utf8(&mut [0; 4])).2).collect::<String>();
    let four_bytes = format!("{gbk}\n㐀𠀀𠀁\n");
    let bom = |text: &str| [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    let cases = [
        (HONGLOUMENG, "UTF-8", HONGLOUMENG.as_bytes().to_vec()),
        (HONGLOUMENG, "UTF-8", bom(HONGLOUMENG)),
        (HONGLOUMENG, "UTF-16LE", [&b"\xFF\xFE"[..], &utf16(HONGLOUMENG, false)].concat()),
        (HONGLOUMENG, "UTF-16BE", [&b"\xFE\xFF"[..], &utf16(HONGLOUMENG, true)].concat()),
        (HONGLOUMENG, "UTF-16LE", utf16(HONGLOUMENG, false)),
        (HONGLOUMENG, "UTF-16BE", utf16(HONGLOUMENG, true)),
        (ALICE, "UTF-16LE", utf16(ALICE, false)),
        (ALICE, "UTF-16BE", utf16(ALICE, true)),
        (&gbk, "GBK", encoded(&gbk, GBK)),
        (&four_bytes, "gb18030", encoded(&four_bytes, GB18030)),
        (TRADITIONAL, "Big5", encoded(TRADITIONAL, BIG5)),
        (ACCENTS, "windows-1252", encoded(ACCENTS, WINDOWS_1252)),
    ];
    for (text, name, bytes) in cases {
        let wanted = import(text);
        let found = import_novel(&bytes, &ImportOptions::default()).unwrap();
        assert_eq!(found.encoding, name);
        assert_eq!(found.chapters, wanted.chapters, "{name}");
        let named = import_novel(&bytes, &ImportOptions { encoding: Some(name.to_lowercase()), ..ImportOptions::default() }).unwrap();
        assert_eq!(named.chapters, wanted.chapters, "{name}, named");
    }
    assert_eq!(import_novel(&encoded(TRADITIONAL, BIG5), &ImportOptions::default()).unwrap().language, "zh-Hant");
}

#[test]
fn two_files_that_were_put_together_are_read_each_in_its_own_encoding() {
    let half = HONGLOUMENG.find("第七回").unwrap();
    let bytes = [&HONGLOUMENG.as_bytes()[..half], &GB18030.encode(&HONGLOUMENG[half..]).0].concat();
    let novel = import_novel(&bytes, &ImportOptions::default()).unwrap();
    assert_eq!(novel.chapters, import(HONGLOUMENG).chapters);
    assert_eq!(novel.warnings.len(), 1, "{}", told(&novel));
    assert!(
        novel.warnings[0].to_string().starts_with("lines that were not UTF-8: 121, the first of them line 213;"),
        "{}",
        novel.warnings[0]
    );
}

#[test]
fn a_few_broken_bytes_are_told_and_do_no_more_harm() {
    let mut bytes = ALICE.as_bytes().to_vec();
    bytes[5000] = 0xFF;
    let novel = import_novel(&bytes, &ImportOptions { encoding: Some("utf-8".into()), ..ImportOptions::default() }).unwrap();
    assert_eq!(novel.chapters.len(), 12);
    insta::assert_snapshot!(novel.warnings[0].to_string());
}
