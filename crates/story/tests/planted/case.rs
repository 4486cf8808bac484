//! How a case is written.

use std::collections::BTreeMap;

use serde::Deserialize;
use story::{
    brief::BriefContent,
    extraction::Extraction,
    language::Tongue,
    lint::{Asked, Book, Chapter},
    text::normalize,
};

/// One fault, or one look-alike.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// The rule that is to find it, or to leave it alone.
    pub(crate) rule: String,
    /// Whether it is to be found.
    pub(crate) found: bool,
    pub(crate) name: String,
    pub(crate) lang: String,
    /// What the brief asks.
    #[serde(default)]
    pub(crate) brief: BriefContent,
    #[serde(default)]
    pub(crate) due: BTreeMap<String, u32>,
    pub(crate) chapters: Vec<Written>,
    /// Whether it was written before the rules were.
    #[serde(skip)]
    pub(crate) blind: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Written {
    pub(crate) number: Option<u32>,
    pub(crate) volume: Option<String>,
    #[serde(default)]
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) facts: Option<toml::Value>,
}

#[derive(Deserialize)]
struct File {
    case: Vec<Case>,
}

/// All of them.
pub(crate) fn cases() -> Vec<Case> {
    const FILES: [(bool, &str); 8] = [
        (true, include_str!("cases/blind_text_en.toml")),
        (true, include_str!("cases/blind_text_zh.toml")),
        (true, include_str!("cases/blind_state_en.toml")),
        (true, include_str!("cases/blind_state_zh.toml")),
        (false, include_str!("cases/text_en.toml")),
        (false, include_str!("cases/text_zh.toml")),
        (false, include_str!("cases/state_en.toml")),
        (false, include_str!("cases/state_zh.toml")),
    ];
    let read = |(blind, text): (bool, &str)| {
        let file: File = toml::from_str(text).unwrap();
        file.case.into_iter().map(move |case| Case { blind, ..case })
    };
    let mut cases: Vec<Case> = FILES.into_iter().flat_map(read).collect();
    for chapter in cases.iter_mut().flat_map(|case| &mut case.chapters) {
        chapter.text = normalize(&chapter.text);
    }
    cases
}

impl Case {
    /// What was read of each chapter.
    pub(crate) fn told(&self) -> Vec<Option<Extraction>> {
        let read = |facts: &toml::Value| facts.clone().try_into().unwrap_or_else(|fault| panic!("{}: {fault}", self.name));
        self.chapters.iter().map(|chapter| chapter.facts.as_ref().map(read)).collect()
    }

    /// The case as the rules look at it.
    pub(crate) fn book<'a>(&'a self, told: &'a [Option<Extraction>]) -> Book<'a> {
        let chapter = |(ordinal, (chapter, told)): (u32, (&'a Written, &'a Option<Extraction>))| Chapter {
            ordinal,
            number: chapter.number,
            volume: chapter.volume.as_deref(),
            title: &chapter.title,
            text: &chapter.text,
            version_id: None,
            extraction: told.as_ref(),
        };
        Book {
            tongue: Some(Tongue::of(&self.lang)),
            chapters: (1..).zip(self.chapters.iter().zip(told)).map(chapter).collect(),
            asked: Asked {
                length: self.brief.output_spec.as_ref().and_then(|spec| spec.chapter_length),
                forbidden: &self.brief.forbidden,
                cast: &self.brief.characters,
                pov: self.brief.pov,
                tense: self.brief.tense.as_deref(),
                due: self.due.clone(),
            },
            ..Book::default()
        }
    }
}
