/// Words that a file has in the place of others: a glossary of names for another market.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replacements {
    /// What stands in the text, and what takes its place; the longest first.
    pairs: Vec<(String, String)>,
}

impl Replacements {
    /// Pairs with an empty first part are left out; of two that begin alike the longer one counts.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut pairs: Vec<(String, String)> = pairs.into_iter().filter(|(from, _)| !from.is_empty()).collect();
        pairs.sort_by_key(|(from, _)| std::cmp::Reverse(from.chars().count()));
        Self { pairs }
    }

    /// `text` with every word replaced once: what was put in is not looked at again. A word of letters stands alone: `Ann` is not
    /// found in `Anna`; Chinese has no such ends.
    pub fn apply(&self, text: &str) -> String {
        if self.pairs.is_empty() {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            let found = self.pairs.iter().find(|(from, _)| rest.starts_with(from.as_str()) && stands_alone(text, at, from));
            match found {
                Some((from, to)) => {
                    out.push_str(to);
                    at += from.len();
                }
                None => {
                    let c = rest.chars().next().map_or(1, char::len_utf8);
                    out.push_str(&rest[..c]);
                    at += c;
                }
            }
        }
        out
    }
}

fn stands_alone(text: &str, at: usize, word: &str) -> bool {
    let joins = |a: Option<char>, b: Option<char>| a.zip(b).is_some_and(|(a, b)| is_latin(a) && is_latin(b));
    let before = text[..at].chars().next_back();
    let after = text[at + word.len()..].chars().next();
    !joins(before, word.chars().next()) && !joins(word.chars().next_back(), after)
}

/// Letters of scripts that part words by blanks.
fn is_latin(c: char) -> bool {
    c.is_alphanumeric() && !matches!(c, '\u{2E80}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}
