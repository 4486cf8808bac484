/// Words that a file has in the place of others: a glossary of names for another market.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replacements {
    /// What stands in the text, and what takes its place; the longest first.
    pairs: Vec<(String, String)>,
}

/// Why a list of replacements cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplacementError {
    /// There is no sign between the two parts.
    #[error("`{part}` does not say what takes its place")]
    NoSign {
        /// The pair, as it is written.
        part: String,
    },
    /// `=Anna`.
    #[error("`{part}` does not say what is to be replaced")]
    NoWord {
        /// The pair, as it is written.
        part: String,
    },
    /// One word, two words for it.
    #[error("`{word}` is to be replaced by two different words")]
    Twice {
        /// What stands in the text.
        word: String,
    },
}

impl ReplacementError {
    /// What the writer can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::NoSign { .. } | Self::NoWord { .. } => "Write pairs such as Anna=Anne, with ; or a line break between them.".into(),
            Self::Twice { .. } => "Keep one of the two pairs.".into(),
        }
    }
}

impl Replacements {
    /// Reads pairs such as `Anna=Anne; 林穗=林岁`, with `;` or a line break between them; a line that begins with `#` is a remark.
    ///
    /// # Errors
    /// The first part that is no pair, or a word that is named twice.
    pub fn parse(text: &str) -> Result<Self, ReplacementError> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
        for part in lines.flat_map(|line| line.split([';', '；'])).map(str::trim).filter(|part| !part.is_empty()) {
            let whole = || part.to_owned();
            let (from, to) = part.split_once(['=', '＝', '\t']).ok_or_else(|| ReplacementError::NoSign { part: whole() })?;
            let (from, to) = (from.trim(), to.trim());
            if from.is_empty() {
                return Err(ReplacementError::NoWord { part: whole() });
            }
            match pairs.iter().find(|(known, _)| known == from) {
                None => pairs.push((from.to_owned(), to.to_owned())),
                Some((_, known)) if known == to => {}
                Some(_) => return Err(ReplacementError::Twice { word: from.to_owned() }),
            }
        }
        Ok(Self::new(pairs))
    }

    /// The same, and each name in capitals too, as it stands above a speech.
    pub(crate) fn with_capitals(&self) -> Self {
        let capitals = self.pairs.iter().map(|(from, to)| (from.to_uppercase(), to.to_uppercase()));
        let new = capitals.filter(|(from, _)| !self.pairs.iter().any(|(known, _)| known == from));
        Self::new(self.pairs.iter().cloned().chain(new))
    }

    /// Pairs with an empty first part are left out; of two that begin alike the longer one counts.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut pairs: Vec<(String, String)> = pairs.into_iter().filter(|(from, _)| !from.is_empty()).collect();
        pairs.sort_by_key(|(from, _)| std::cmp::Reverse(from.chars().count()));
        Self { pairs }
    }

    /// Whether nothing is replaced.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
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
