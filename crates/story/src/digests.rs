//! What the committed chapters said: near ones in detail, far ones in ever fewer words, append-only for prompt caches.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::text::{paragraphs, tokens};

/// The digest of one chapter.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChapterDigest {
    /// The chapter's title.
    pub title: String,
    /// What happened.
    pub fact: String,
    /// How it was told.
    pub tone: String,
}

impl ChapterDigest {
    /// A chapter that nobody has read, by its own first and last words.
    pub fn of_words(title: &str, text: &str) -> Self {
        let all = paragraphs(text);
        let fact = format!("{} … {}", shorten(all.first().unwrap_or(&""), 160), shorten(all.last().unwrap_or(&""), 160));
        Self { title: title.to_owned(), fact, tone: String::new() }
    }
}

/// The digests of all chapters before the cursor, bounded for any length of book.
///
/// Chapters are merged only when a block of ten is full, so that the text before it stays the same bytes from one chapter to the
/// next: the last full ten and what came since stand in detail, older tens are a block, and ten blocks become one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Digests {
    /// In detail, by ordinal.
    #[serde(default)]
    pub near: BTreeMap<u32, ChapterDigest>,
    /// Merged, by first ordinal.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub far: BTreeMap<u32, Block>,
}

/// Several chapters in a few words.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// The last ordinal that it covers.
    pub to: u32,
    /// What happened.
    pub text: String,
}

/// How many chapters make a block, and how many blocks a larger one.
const TEN: u32 = 10;
/// The scalar values that a block may have.
const BLOCK_CHARS: usize = 420;

impl Digests {
    /// These digests with chapter `ordinal` added, or replaced where it is still in detail. One that was merged already stays as it is.
    #[must_use]
    pub fn with_chapter(&self, ordinal: u32, digest: ChapterDigest) -> Self {
        let mut next = self.clone();
        if self.far.range(..=ordinal).next_back().is_some_and(|(_, block)| ordinal <= block.to) {
            return next;
        }
        next.near.insert(ordinal, digest);
        let full_tens = ordinal / TEN;
        if ordinal.is_multiple_of(TEN) && full_tens >= 2 {
            next.merge_chapters((full_tens - 2) * TEN + 1);
            if (full_tens - 1).is_multiple_of(TEN) && full_tens > TEN {
                next.merge_blocks((full_tens - 1 - TEN) * TEN + 1);
            }
        }
        next
    }

    fn merge_chapters(&mut self, from: u32) {
        let to = from + TEN - 1;
        let merged: Vec<ChapterDigest> = (from..=to).filter_map(|n| self.near.remove(&n)).collect();
        if !merged.is_empty() {
            let share = BLOCK_CHARS / merged.len();
            let text = merged.iter().map(|d| shorten(&d.fact, share)).collect::<Vec<_>>().join(" ");
            self.far.insert(from, Block { to, text });
        }
    }

    fn merge_blocks(&mut self, from: u32) {
        let to = from + TEN * TEN - 1;
        let keys: Vec<u32> = self.far.range(from..=to).map(|(key, _)| *key).collect();
        let merged: Vec<Block> = keys.iter().filter_map(|key| self.far.remove(key)).collect();
        if !merged.is_empty() {
            let share = BLOCK_CHARS / merged.len();
            let text = merged.iter().map(|b| shorten(&b.text, share)).collect::<Vec<_>>().join(" ");
            self.far.insert(from, Block { to, text });
        }
    }
}

/// The beginning of `text`, at most `most` scalar values, cut at a sentence or a blank where there is one.
pub fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most.saturating_sub(1)).collect();
    let ends = |c: char| matches!(c, '.' | '!' | '?' | '。' | '！' | '？');
    if let Some(at) = cut.rfind(ends)
        && cut[..at].chars().count() * 2 >= most
    {
        let end = at + cut[at..].chars().next().map_or(0, char::len_utf8);
        return cut[..end].to_owned();
    }
    let at = cut.rfind(char::is_whitespace).filter(|at| cut[..*at].chars().count() * 2 >= most).unwrap_or(cut.len());
    format!("{}…", cut[..at].trim_end())
}

/// The beginning of `text`, at most `most` tokens, cut as [`shorten`] cuts.
pub(crate) fn shorten_to_tokens(text: &str, most: u64) -> String {
    let mut short = text.to_owned();
    let mut now = tokens(&short);
    while now > most && !short.is_empty() {
        let chars = u64::try_from(short.chars().count()).unwrap_or(u64::MAX);
        // In proportion, and always by one at least.
        let room = (chars.saturating_mul(most) / now).min(chars - 1);
        short = if room < 2 { String::new() } else { shorten(text, usize::try_from(room).unwrap_or(0)) };
        now = tokens(&short);
    }
    short
}
