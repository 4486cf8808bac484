//! Numbers as chapters bear them.

use proptest::prelude::*;
use story::text::{english_value, han_number, han_value, roman_number, roman_value};

#[test]
fn chinese_numerals_are_read_as_people_write_them() {
    let cases = [
        ("十二", 12),
        ("十", 10),
        ("二十", 20),
        ("一百", 100),
        ("一百二十", 120),
        ("一百二", 120),
        ("一百零二", 102),
        ("一百〇二", 102),
        ("百二十", 120),
        ("一千零一十", 1010),
        ("两千三", 2300),
        ("廿", 20),
        ("廿三", 23),
        ("卅", 30),
        ("一百廿五", 125),
        ("〇", 0),
        ("零", 0),
        ("二〇", 20),
        ("一二〇", 120),
        ("二〇二四", 2024),
        ("零零七", 7),
        ("壹佰贰拾叁", 123),
        ("一万二", 12_000),
        ("一万零二", 10_002),
        ("三万四千五百六十七", 34_567),
        ("12", 12),
        ("００１", 1),
        ("十2", 12),
    ];
    for (numerals, n) in cases {
        assert_eq!(han_value(numerals), Some(n), "{numerals}");
    }
    for no in ["", "百十千", "一二百", "十十", "万", "廿廿", "第", "一 二", "99999999999"] {
        assert_eq!(han_value(no), None, "{no}");
    }
}

#[test]
fn roman_and_spelled_numbers_are_read_only_as_they_are_written() {
    for (numerals, n) in [("I", 1), ("IV", 4), ("xii", 12), ("XLIX", 49), ("MCMXCIX", 1999)] {
        assert_eq!(roman_value(numerals), Some(n), "{numerals}");
    }
    for no in ["", "IIII", "IC", "VX", "Chapter", "I."] {
        assert_eq!(roman_value(no), None, "{no}");
    }
    for (word, n) in
        [("One", 1), ("TWELVE", 12), ("Twenty-One", 21), ("ninety nine", 99), ("thirty", 30), ("First", 1), ("Twenty-third", 23)]
    {
        assert_eq!(english_value(word), Some(n), "{word}");
    }
    for no in ["", "oneteen", "twenty-eleven", "ten-one", "a"] {
        assert_eq!(english_value(no), None, "{no}");
    }
}

proptest! {
    #[test]
    fn chinese_numerals_round_trip(n in 0_u32..10_000_000) {
        prop_assert_eq!(han_value(&han_number(n)), Some(n));
    }

    #[test]
    fn roman_numerals_round_trip(n in 1_u32..4000) {
        prop_assert_eq!(roman_value(&roman_number(n).unwrap()), Some(n));
    }

    #[test]
    fn no_signs_are_too_much(signs in "[零〇一二两三四五六七八九十百千万廿卅0-9０-９ivxIVX第]{0,24}") {
        let _ = (han_value(&signs), roman_value(&signs), english_value(&signs));
    }
}
