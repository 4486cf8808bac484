//! What was changed between two texts, word by word.

use std::time::{Duration, Instant};

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

use super::Studio;
use crate::error::Error;

/// After this long the rest is told as one change: two long texts that share nothing.
const PATIENCE: Duration = Duration::from_millis(500);

/// What turns one version into another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Diff {
    /// The older text's version; null where the text is compared with nothing.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub against: Option<String>,
    /// The version that was asked for.
    pub version_id: String,
    /// In the order of the text. Joined, those that are no `delete` are the version's text, and those that are no `insert` the older one.
    pub changes: Vec<Change>,
}

/// A piece of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[allow(missing_docs)]
pub struct Change {
    pub op: Op,
    pub text: String,
}

/// What became of a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Op {
    /// It stayed.
    Equal,
    /// It is new.
    Insert,
    /// It is gone.
    Delete,
}

impl Studio {
    /// What turns `against`, or else the version's parent, into the version.
    pub async fn diff(&self, version_id: &str, against: Option<&str>) -> Result<Diff, Error> {
        let version = self.version(version_id).await?;
        let older = match against.map(str::to_owned).or_else(|| version.parent_id.clone()) {
            Some(id) => match self.version(&id).await {
                Err(Error::NotFound { .. }) if against.is_some() => {
                    return Err(Error::field("?against", format!("There is no version {id}."), "Name another version of the text."));
                }
                // A parent that went with its run.
                Err(Error::NotFound { .. }) => None,
                older => Some(older?),
            },
            None => None,
        };
        let (old, new) = (older.as_ref().map(|v| v.text.clone()).unwrap_or_default(), version.text);
        let changes = tokio::task::spawn_blocking(move || changes(&old, &new)).await.unwrap_or_default();
        Ok(Diff { against: older.map(|v| v.id), version_id: version.id, changes })
    }
}

/// The pieces that stayed, came and went.
pub fn changes(old: &str, new: &str) -> Vec<Change> {
    let (before, after) = (words(old), words(new));
    let mut changes: Vec<Change> = Vec::new();
    let mut push = |op: Op, words: &[&str]| {
        let text = words.concat();
        match changes.last_mut().filter(|last| last.op == op) {
            _ if text.is_empty() => {}
            Some(last) => last.text.push_str(&text),
            None => changes.push(Change { op, text }),
        }
    };
    for op in capture_diff_slices_deadline(Algorithm::Patience, &before, &after, Some(Instant::now() + PATIENCE)) {
        match op {
            DiffOp::Equal { old_index, len, .. } => push(Op::Equal, &before[old_index..old_index + len]),
            DiffOp::Delete { old_index, old_len, .. } => push(Op::Delete, &before[old_index..old_index + old_len]),
            DiffOp::Insert { new_index, new_len, .. } => push(Op::Insert, &after[new_index..new_index + new_len]),
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                push(Op::Delete, &before[old_index..old_index + old_len]);
                push(Op::Insert, &after[new_index..new_index + new_len]);
            }
        }
    }
    changes
}

/// Words, and each sign between them alone; every character of a script without spaces is a word of its own.
fn words(text: &str) -> Vec<&str> {
    let joins = |c: char| c.is_alphanumeric() && !stands_alone(c) || matches!(c, '\'' | '’');
    let mut words = Vec::new();
    let mut begin = 0;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        if before.is_some_and(|b| !(joins(b) && joins(c))) {
            words.push(&text[begin..at]);
            begin = at;
        }
        before = Some(c);
    }
    if begin < text.len() {
        words.push(&text[begin..]);
    }
    words
}

/// Han, kana, hangul.
fn stands_alone(c: char) -> bool {
    matches!(u32::from(c), 0x2E80..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(changes: &[Change]) -> String {
        let sign = |op| match op {
            Op::Equal => "",
            Op::Insert => "+",
            Op::Delete => "-",
        };
        changes.iter().map(|c| if c.op == Op::Equal { c.text.clone() } else { format!("[{}{}]", sign(c.op), c.text) }).collect()
    }

    #[test]
    fn words_are_compared_not_letters() {
        assert_eq!(told(&changes("It rained on Anna's farm.", "It poured on Anna's farm.")), "It [-rained][+poured] on Anna's farm.");
        assert_eq!(told(&changes("雨下了一夜。", "雪下了一夜。")), "[-雨][+雪]下了一夜。");
        assert_eq!(told(&changes("", "New.")), "[+New.]");
        assert_eq!(changes("", ""), vec![]);
    }

    #[test]
    fn both_texts_can_be_had_back() {
        let (old, new) = ("One two three.\n\nFour five.", "One three, two.\n\nFive four!");
        let changes = changes(old, new);
        let side = |gone: Op| changes.iter().filter(|c| c.op != gone).map(|c| c.text.as_str()).collect::<String>();
        assert_eq!((side(Op::Insert).as_str(), side(Op::Delete).as_str()), (old, new));
    }
}
