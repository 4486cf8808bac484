use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{BriefView, ChapterPlan, Task};
use crate::{language::Tongue, text::normalize};

/// Asks for some paragraphs of a chapter anew. The chapter's text stands before this task in the prompt.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct FixParagraphs {
    /// What the writer wants.
    pub brief: BriefView,
    /// The chapter.
    pub chapter: ChapterPlan,
    /// The paragraphs to rewrite, by number.
    pub paragraphs: Vec<ParagraphToFix>,
    /// Which round of fixing this is, from 1.
    pub round: u32,
    /// Words in these paragraphs that stay as they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<String>,
}

/// One paragraph to rewrite.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ParagraphToFix {
    /// Its number, from 1.
    pub number: u32,
    /// As it stands.
    pub text: String,
    /// What is to be different.
    pub instruction: String,
    /// Its length as it stands, in the unit of the range.
    pub length: u64,
    /// The length to aim at, in the same unit.
    pub aim: u64,
    /// `words` or `chars`.
    pub unit: String,
}

impl Task for FixParagraphs {
    const NAME: &'static str = "fix_paragraphs";
    fn template(tongue: Tongue) -> &'static str {
        match tongue {
            Tongue::En => include_str!("fix_paragraphs.en.md"),
            Tongue::Zh => include_str!("fix_paragraphs.zh.md"),
        }
    }
}

/// Reads rewritten paragraphs, each under its marker `⟦12⟧`, on a line of its own or before the first words.
///
/// A paragraph of `wanted` whose marker is missing is missing in the result too and keeps its old words, as does one with no words
/// under its marker; an unknown marker, a marker given twice or prose before the first marker is rejected, with a sentence that can
/// be sent back to the model.
pub fn read_marked(answer: &str, wanted: &[u32]) -> Result<BTreeMap<u32, String>, String> {
    let mut found: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    let mut current = None;
    for line in answer.lines() {
        let trimmed = line.trim();
        if let Some((number, words)) = trimmed.strip_prefix('⟦').and_then(|rest| rest.split_once('⟧')) {
            let number: u32 =
                number.trim().parse().map_err(|_| format!("`⟦{number}⟧` is no marker: write ⟦number⟧ on a line of its own"))?;
            if !wanted.contains(&number) {
                return Err(format!("paragraph {number} was not asked for"));
            }
            if found.insert(number, vec![words.trim_start()]).is_some() {
                return Err(format!("paragraph {number} stands twice"));
            }
            current = Some(number);
        } else if let Some(number) = current {
            found.entry(number).or_default().push(line);
        } else if !trimmed.is_empty() {
            return Err("the answer must begin with a marker line such as ⟦1⟧".into());
        }
    }
    let texts = found.into_iter().map(|(number, lines)| (number, normalize(&lines.join("\n")))).filter(|(_, text)| !text.is_empty());
    Ok(texts.collect())
}
