use crate::text::is_own_word;

/// A word, or a Han, kana or hangul sign, without its case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) hash: u64,
}

/// The words of a text; an apostrophe inside of one belongs to it.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::with_capacity(text.len() / 4);
    let mut open: Option<Token> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        if is_own_word(c) {
            found.extend(open.take());
            found.push(Token { start: at, end, hash: fnv(SEED, c) });
        } else if c.is_alphanumeric() {
            let mut token = open.take().unwrap_or(Token { start: at, end, hash: SEED });
            token.hash = if c.is_ascii() { fnv(token.hash, c.to_ascii_lowercase()) } else { c.to_lowercase().fold(token.hash, fnv) };
            token.end = end;
            open = Some(token);
        } else if !(matches!(c, '\'' | '’') && open.is_some() && chars.peek().is_some_and(|(_, next)| next.is_alphabetic())) {
            found.extend(open.take());
        }
    }
    found.extend(open);
    found
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

fn fnv(hash: u64, c: char) -> u64 {
    (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0000_0100_0000_01b3)
}

/// A hash of each run of `size` words, by the place of its first.
pub(super) fn shingles(tokens: &[Token], size: usize) -> Vec<u64> {
    const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
    if tokens.len() < size {
        return Vec::new();
    }
    let top = (1..size).fold(1_u64, |top, _| top.wrapping_mul(BASE));
    let mut hash = tokens[..size].iter().fold(0_u64, |hash, token| hash.wrapping_mul(BASE).wrapping_add(token.hash));
    let mut found = vec![hash];
    for at in size..tokens.len() {
        hash = hash.wrapping_sub(tokens[at - size].hash.wrapping_mul(top)).wrapping_mul(BASE).wrapping_add(tokens[at].hash);
        found.push(hash);
    }
    found
}
