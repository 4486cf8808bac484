use super::length::is_own_word;

/// How many tokens a model's tokenizer makes of `text`, estimated on the safe side and without a vocabulary.
///
/// A word of the Latin script counts a token for every four letters begun, a Han, kana or hangul character
/// one, any other sign that is no blank one.
pub fn tokens(text: &str) -> u64 {
    let mut count = 0;
    let mut letters = 0_u64;
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || !c.is_ascii() && c.is_alphanumeric() && !is_own_word(c) {
            letters += 1;
            continue;
        }
        count += letters.div_ceil(4);
        letters = 0;
        if !c.is_whitespace() {
            count += 1;
        }
    }
    count + letters.div_ceil(4)
}
