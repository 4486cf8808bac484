/// How much of a text is looked at, in bytes.
const LOOKED_AT: usize = 200_000;

/// The language that a text is written in, as far as its script and its encoding tell: `zh`, `zh-Hant`, `ja`, `ko`, else `en`.
pub(super) fn of(text: &str, encoding: &str) -> &'static str {
    let end = (LOOKED_AT.min(text.len())..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    let (mut han, mut kana, mut hangul, mut all) = (0_usize, 0_usize, 0_usize, 0_usize);
    for c in text[..end].chars().filter(|c| c.is_alphabetic()) {
        all += 1;
        match c {
            '\u{3041}'..='\u{30FF}' => kana += 1,
            '\u{AC00}'..='\u{D7AF}' => hangul += 1,
            '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{323AF}' => han += 1,
            _ => {}
        }
    }
    match () {
        () if kana * 10 > all => "ja",
        () if hangul * 3 > all => "ko",
        () if han * 3 > all && encoding == "Big5" => "zh-Hant",
        () if han * 3 > all => "zh",
        () => "en",
    }
}
