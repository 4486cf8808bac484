use std::collections::BTreeSet;

/// The highest ordinal that can be asked for.
pub const MOST_ORDINAL: u32 = 100_000;

/// Why a choice of chapters cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the message of each says what its fields are")]
pub enum RangeError {
    /// Nothing at all.
    #[error("no number is given")]
    Empty,
    /// `3,,5`.
    #[error("there is nothing between two commas in `{whole}`")]
    Gap { whole: String },
    /// `3-`, `-5`.
    #[error("`{part}` lacks one of its ends")]
    HalfOpen { part: String },
    /// `two`, `1-2-3`.
    #[error("`{part}` is neither a number nor a range")]
    NotANumber { part: String },
    /// Counting begins at 1.
    #[error("`{part}` begins at 0, but counting begins at 1")]
    Zero { part: String },
    /// `5-1`.
    #[error("`{part}` runs backwards")]
    Backwards { part: String, from: u32, to: u32 },
    /// More than anybody has.
    #[error("`{part}` goes beyond {MOST_ORDINAL}")]
    TooLarge { part: String },
}

impl RangeError {
    /// What the writer can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Backwards { from, to, .. } => format!("Write {to}-{from}."),
            Self::HalfOpen { .. } => "Write both ends, such as 3-12.".into(),
            Self::Gap { .. } => "Remove one comma.".into(),
            Self::TooLarge { .. } => "Give a smaller number.".into(),
            Self::Empty | Self::NotANumber { .. } | Self::Zero { .. } => {
                "Write numbers and ranges with commas between them, such as 1-5,8.".into()
            }
        }
    }
}

/// Reads a choice such as `1-5,8` as ordinals, ascending and each once.
///
/// Blanks do not matter; the full-width signs of Chinese keyboards and the en dash are taken for the plain ones.
///
/// # Errors
/// The first part that is no number, no range, or out of range.
pub fn parse_ranges(text: &str) -> Result<BTreeSet<u32>, RangeError> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).map(plain).collect();
    if plain.is_empty() {
        return Err(RangeError::Empty);
    }
    let mut chosen = BTreeSet::new();
    for part in plain.split(',') {
        if part.is_empty() {
            return Err(RangeError::Gap { whole: text.trim().to_owned() });
        }
        let (from, to) = match part.split_once('-') {
            None => {
                let n = ordinal(part, part)?;
                (n, n)
            }
            Some(("", _) | (_, "")) => return Err(RangeError::HalfOpen { part: part.to_owned() }),
            Some((from, to)) => (ordinal(from, part)?, ordinal(to, part)?),
        };
        if from > to {
            return Err(RangeError::Backwards { part: part.to_owned(), from, to });
        }
        chosen.extend(from..=to);
    }
    Ok(chosen)
}

/// Ordinals as [`parse_ranges`] reads them: `1-5,8`.
pub fn in_ranges(ordinals: impl IntoIterator<Item = u32>) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for ordinal in ordinals.into_iter().collect::<BTreeSet<u32>>() {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == ordinal => *last = ordinal,
            _ => ranges.push((ordinal, ordinal)),
        }
    }
    let range = |(from, to): &(u32, u32)| if from == to { from.to_string() } else { format!("{from}-{to}") };
    ranges.iter().map(range).collect::<Vec<_>>().join(",")
}

fn plain(c: char) -> char {
    match c {
        '，' | '、' => ',',
        '–' | '—' | '－' | '～' | '~' => '-',
        '０'..='９' => char::from_u32(u32::from(c) - 0xFF10 + 0x30).unwrap_or(c),
        other => other,
    }
}

fn ordinal(number: &str, part: &str) -> Result<u32, RangeError> {
    if !number.bytes().all(|b| b.is_ascii_digit()) {
        return Err(RangeError::NotANumber { part: part.to_owned() });
    }
    match number.parse::<u32>() {
        Ok(0) => Err(RangeError::Zero { part: part.to_owned() }),
        Ok(n) if n <= MOST_ORDINAL => Ok(n),
        _ => Err(RangeError::TooLarge { part: part.to_owned() }),
    }
}
