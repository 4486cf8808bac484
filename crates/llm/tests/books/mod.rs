//! Two real novels, cut into chapters, and the tasks of an adaptation as the workflow puts them.

#![allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used, reason = "a hand for tests; each story uses some of it")]

use llm::rehearsal::Rehearsal;
use serde::{Serialize, de::DeserializeOwned};
use story::{
    output_spec::{LengthRange, ScriptFormat},
    tasks::{
        BreakDownChapter, BreakdownAnswer, Call, DraftEpisode, EpisodeView, EpisodesAnswer, KeyLine, MomentView, PlanEpisodes, PlanSeason,
        Prompt, SeasonAnswer, SeasonChapter, SourceParagraph, SourcePart, Task, Wanted,
    },
    text::{Length, normalize, paragraphs},
};
use studio::ports::Model;

pub const ALICE: &str = include_str!("../../../../examples/texts/alice.txt");
pub const DREAM: &str = include_str!("../../../../examples/texts/hongloumeng_1-12.txt");

/// A novel in chapters.
pub struct Book {
    pub title: String,
    pub language: &'static str,
    pub chapters: Vec<SourcePart>,
}

/// An episode with the stretch that it comes from.
pub struct Episode {
    pub number: u32,
    pub text: String,
    pub source: Vec<SourcePart>,
}

impl Episode {
    pub fn source_text(&self) -> String {
        self.source.iter().flat_map(|p| &p.paragraphs).map(|p| p.text.as_str()).collect::<Vec<_>>().join("\n")
    }
}

impl Book {
    /// Cuts one of the two texts at its headings; hard-wrapped lines are joined.
    pub fn read(text: &str) -> Self {
        let english = text.starts_with("CHAPTER");
        let mut chapters: Vec<(String, String)> = Vec::new();
        for line in text.lines() {
            let heading = if english {
                line.starts_with("CHAPTER ")
            } else {
                line.starts_with('第') && line.contains("回 ") && line.chars().count() < 26
            };
            match chapters.last_mut() {
                _ if heading => chapters.push((line.split_once(' ').map_or(line, |(_, t)| t).to_owned(), String::new())),
                Some((_, body)) => {
                    body.push_str(line);
                    body.push_str(if english { "\n" } else { "\n\n" });
                }
                None => {}
            }
        }
        let parts = chapters.into_iter().zip(1..).map(|((title, body), chapter)| {
            let body = normalize(&body);
            let paragraphs = paragraphs(&body)
                .into_iter()
                .zip(1..)
                .map(|(text, number)| SourceParagraph { number, text: text.replace('\n', " ") })
                .collect();
            SourcePart { chapter, title, paragraphs }
        });
        Self {
            title: if english { "Alice" } else { "红楼梦" }.into(),
            language: if english { "en" } else { "zh" },
            chapters: parts.collect(),
        }
    }

    pub fn breakdown(&self, chapter: u32) -> BreakdownAnswer {
        let source = self.chapters[chapter as usize - 1].clone();
        ask_json(&BreakDownChapter {
            book: self.title.clone(),
            language: self.language.into(),
            source,
            part: 1,
            parts: 1,
            cast: Vec::new(),
        })
    }

    pub fn draft(
        &self,
        number: u32,
        source: Vec<SourcePart>,
        told: &[BreakdownAnswer],
        length: LengthRange,
        format: ScriptFormat,
    ) -> Episode {
        let text: String = source.iter().flat_map(|p| &p.paragraphs).map(|p| p.text.as_str()).collect();
        let key_lines = told
            .iter()
            .flat_map(|t| &t.key_lines)
            .filter(|line| text.contains(&line.quote))
            .map(|line| KeyLine { speaker: line.speaker.clone(), quote: line.quote.clone() })
            .collect();
        let mut characters: Vec<String> = Vec::new();
        for name in told.iter().flat_map(|t| &t.characters) {
            if !characters.contains(name) {
                characters.push(name.clone());
            }
        }
        let input = DraftEpisode {
            book: self.title.clone(),
            language: self.language.into(),
            script_format: format,
            preset: String::new(),
            episode: EpisodeView { number, ..EpisodeView::default() },
            episode_count: 20,
            source: source.clone(),
            cast: Vec::new(),
            characters,
            key_lines,
            length,
            aim: length.middle(),
            previous_ending: String::new(),
            guidance: Vec::new(),
            redraft: 0,
            keep: Vec::new(),
        };
        Episode { number, text: ask(&input), source }
    }

    /// One episode for each chapter.
    pub fn by_chapter(&self, length: LengthRange, format: ScriptFormat) -> Vec<Episode> {
        (1..).zip(&self.chapters).map(|(n, part)| self.draft(n, vec![part.clone()], &[self.breakdown(n)], length, format)).collect()
    }

    /// A chapter in as many episodes as its length asks for.
    pub fn by_length(&self, chapter: u32, length: LengthRange, format: ScriptFormat) -> Vec<Episode> {
        let part = &self.chapters[chapter as usize - 1];
        let told = self.breakdown(chapter);
        let whole: u64 = part.paragraphs.iter().map(|p| Length::of(&p.text).in_unit(length.unit)).sum();
        let middle = length.middle();
        let most = u64::try_from(part.paragraphs.len()).unwrap();
        let count = u32::try_from(((whole + middle / 2) / middle).clamp(1, most)).unwrap();
        let plan: EpisodesAnswer = ask_json(&PlanEpisodes {
            book: self.title.clone(),
            language: self.language.into(),
            chapter,
            title: part.title.clone(),
            core_plot: told.core_plot.clone(),
            moments: moments(part, &told, length),
            paragraph_count: u32::try_from(part.paragraphs.len()).unwrap(),
            episode_count: count,
            first_episode: 1,
            length,
            before: None,
        });
        assert_eq!(plan.episodes.len(), count as usize, "as many as were asked for");
        let mut from = 1;
        (1..)
            .zip(&plan.episodes)
            .map(|(n, episode)| {
                let to = u32::try_from(episode.last_paragraph).unwrap();
                let source = stretch(part, from, to);
                from = to + 1;
                self.draft(n, vec![source], std::slice::from_ref(&told), length, format)
            })
            .collect()
    }
}

/// Exactly so many episodes over the whole book.
pub fn season(book: &Book, count: u32, length: LengthRange, format: ScriptFormat) -> Vec<Episode> {
    let told: Vec<BreakdownAnswer> = (1..).zip(&book.chapters).map(|(n, _)| book.breakdown(n)).collect();
    let chapters = book.chapters.iter().zip(&told).map(|(part, told)| SeasonChapter {
        number: part.chapter,
        title: part.title.clone(),
        from: 1,
        to: u32::try_from(part.paragraphs.len()).unwrap(),
        core_plot: told.core_plot.clone(),
        moments: moments(part, told, length),
    });
    let plan: SeasonAnswer = ask_json(&PlanSeason {
        book: book.title.clone(),
        language: book.language.into(),
        episode_count: count,
        from: 1,
        to: count,
        chapters: chapters.collect(),
        before: Vec::new(),
        length,
    });
    assert_eq!(plan.episodes.len(), count as usize, "exactly as many as were asked for");
    (1..)
        .zip(&plan.episodes)
        .map(|(n, episode)| {
            let [from, to] = [(episode.from_chapter, episode.from_paragraph), (episode.to_chapter, episode.to_paragraph)];
            let source: Vec<SourcePart> = book
                .chapters
                .iter()
                .filter(|part| (from.0..=to.0).contains(&i64::from(part.chapter)))
                .map(|part| {
                    let own = i64::from(part.chapter);
                    let first = if own == from.0 { u32::try_from(from.1).unwrap() } else { 1 };
                    let last = if own == to.0 { u32::try_from(to.1).unwrap() } else { u32::MAX };
                    stretch(part, first, last)
                })
                .collect();
            let own: Vec<BreakdownAnswer> = source.iter().map(|p| told[p.chapter as usize - 1].clone()).collect();
            book.draft(n, source, &own, length, format)
        })
        .collect()
}

fn stretch(part: &SourcePart, from: u32, to: u32) -> SourcePart {
    let paragraphs = part.paragraphs.iter().filter(|p| (from..=to).contains(&p.number)).cloned().collect();
    SourcePart { paragraphs, ..part.clone() }
}

fn moments(part: &SourcePart, told: &BreakdownAnswer, length: LengthRange) -> Vec<MomentView> {
    let view = |m: &story::tasks::MomentProposal| {
        let [from, to] = [u32::try_from(m.from).unwrap(), u32::try_from(m.to).unwrap()];
        let own = part.paragraphs.iter().filter(|p| (from..=to).contains(&p.number));
        MomentView { from, to, text: m.text.clone(), length: own.map(|p| Length::of(&p.text).in_unit(length.unit)).sum() }
    };
    told.moments.iter().map(view).collect()
}

/// Asks the offline model.
pub fn ask<T: Task + Serialize>(input: &T) -> String {
    let call = Call {
        task: T::NAME,
        slot: "test".into(),
        input: serde_json::to_value(input).unwrap(),
        prompt: Prompt::default(),
        wanted: Wanted::Prose,
        max_tokens: 100_000,
        seed: 0,
        draw: 0,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(Rehearsal.ask(&call, &mut |_| {})).unwrap().text
}

pub fn ask_json<T: Task + Serialize, A: DeserializeOwned>(input: &T) -> A {
    serde_json::from_str(&ask(input)).unwrap()
}

/// Letters and digits alone.
pub fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The sentences of a speech: where it was interrupted, each half ends one or goes on in the next.
pub fn parts(speech: &str) -> Vec<&str> {
    speech
        .split_inclusive(['.', '!', '?', ',', ';', ':', '。', '！', '？', '，', '；', '：', '—', '-'])
        .filter(|p| p.chars().any(char::is_alphanumeric))
        .collect()
}

/// How many runs of eight words of `text` stand in `source`.
pub fn eight_word_runs(text: &str, source: &str) -> usize {
    let words = |text: &str| -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let mut word = String::new();
        for c in text.chars() {
            let own = matches!(c, '\u{3400}'..='\u{9FFF}');
            if own || !c.is_alphanumeric() {
                if !word.is_empty() {
                    found.push(std::mem::take(&mut word));
                }
                if own {
                    found.push(c.into());
                }
            } else {
                word.extend(c.to_lowercase());
            }
        }
        found.extend((!word.is_empty()).then_some(word));
        found
    };
    let source: std::collections::BTreeSet<Vec<String>> = words(source).windows(8).map(<[String]>::to_vec).collect();
    words(text).windows(8).filter(|run| source.contains(*run)).count()
}
