use super::{ContextRecord, SectionRecord, lines::say};
use crate::{
    digests::{Digests, shorten_to_tokens},
    language::Tongue,
    plan::UnitKind,
    tasks::Segment,
    text::tokens,
};

/// A line shorter than this, in tokens, says nothing.
const SHORTEST_LINE: u64 = 12;
/// The digests of the last chapters may have so many tokens, the others in detail fewer.
const LAST_CHAPTERS: usize = 3;
const LONG_DIGEST: u64 = 110;
const SHORT_DIGEST: u64 = 50;

/// The sections of a prompt as they are taken in, with the record of them.
pub(super) struct Builder {
    pub(super) sections: Vec<Segment>,
    pub(super) record: ContextRecord,
}

impl Builder {
    pub(super) fn new(room: u64) -> Self {
        Self { sections: Vec::new(), record: ContextRecord { budget: room, ..ContextRecord::default() } }
    }

    /// Keeps the first lines that fit, and the beginning of the one that does not.
    pub(super) fn section(&mut self, name: &str, lines: Vec<String>, share: u64, why: &str) {
        if lines.len() < 2 {
            return;
        }
        let total = lines.len();
        let mut kept: Vec<String> = Vec::new();
        let mut used = 0;
        let mut shortened = false;
        for line in lines {
            let cost = tokens(&line);
            if used + cost > share {
                // One long line, such as a premise, is shortened rather than lost.
                let left = share.saturating_sub(used);
                if left >= SHORTEST_LINE {
                    let short = shorten_to_tokens(&line, left);
                    used += tokens(&short);
                    kept.push(short);
                    shortened = true;
                }
                break;
            }
            used += cost;
            kept.push(line);
        }
        let lost = total - kept.len();
        let cut = (lost > 0 || shortened).then(|| format!("{why}: {lost} of {} lines left out", total - 1));
        self.keep(name, &kept, used, cut);
    }

    /// Keeps a text as it is, however long: what a person asks for is not shortened.
    pub(super) fn whole(&mut self, name: &str, text: String) {
        if !text.is_empty() {
            let used = tokens(&text);
            self.keep(name, &[text], used, None);
        }
    }

    /// Keeps the lines that come first, and shows those in the order of the book.
    pub(super) fn plan(&mut self, name: &str, (heading, lines): (String, Vec<(u32, String)>), share: u64, why: &str) {
        let total = lines.len();
        if total == 0 {
            return;
        }
        let mut used = tokens(&heading);
        let mut kept: Vec<(u32, String)> = Vec::new();
        for (number, line) in lines {
            let left = share.saturating_sub(used);
            // The chapter in hand is never lost.
            let line = if kept.is_empty() { shorten_to_tokens(&line, left) } else { line };
            if tokens(&line) > left {
                break;
            }
            used += tokens(&line);
            kept.push((number, line));
        }
        let lost = total - kept.len();
        let cut = (lost > 0).then(|| format!("{why}: {lost} of {total} lines left out"));
        kept.sort();
        let lines: Vec<String> = std::iter::once(heading).chain(kept.into_iter().map(|(_, line)| line)).collect();
        self.keep(name, &lines, used, cut);
    }

    /// Keeps the newest chapters, and every older stretch of the book in as few words as it takes: a book of 500 chapters
    /// still knows how it began.
    pub(super) fn memory(&mut self, name: &str, memory: Memory, share: u64, why: &str) {
        let total = memory.far.len() + memory.near.len();
        if total == 0 {
            return;
        }
        let mut used = tokens(&memory.heading);
        let for_far = share * 2 / 5;
        let each = for_far / u64::try_from(memory.far.len()).unwrap_or(1).max(1);
        let fit = usize::try_from(for_far / SHORTEST_LINE).unwrap_or(usize::MAX);
        let newest = memory.far.len().saturating_sub(fit);
        let far: Vec<String> = memory.far[newest..].iter().map(|line| shorten_to_tokens(line, each.max(SHORTEST_LINE))).collect();
        used += far.iter().map(|line| tokens(line)).sum::<u64>();
        let mut near = Vec::new();
        for (age, line) in memory.near.iter().rev().enumerate() {
            let line = shorten_to_tokens(line, if age < LAST_CHAPTERS { LONG_DIGEST } else { SHORT_DIGEST });
            let cost = tokens(&line);
            if used + cost > share {
                break;
            }
            used += cost;
            near.push(line);
        }
        near.reverse();
        let lost = total - far.len() - near.len();
        let cut = (lost > 0).then(|| format!("{why}: {lost} of {total} lines left out"));
        let lines: Vec<String> = std::iter::once(memory.heading).chain(far).chain(near).collect();
        self.keep(name, &lines, used, cut);
    }

    fn keep(&mut self, name: &str, lines: &[String], used: u64, cut: Option<String>) {
        self.sections.push(Segment::new(name, lines.join("\n")));
        self.record.sections.push(SectionRecord { name: name.into(), tokens: used, cut });
    }
}

/// What was written so far, a line for every chapter or stretch of chapters.
pub(super) struct Memory {
    heading: String,
    far: Vec<String>,
    near: Vec<String>,
}

impl Memory {
    pub(super) fn of(digests: &Digests, kind: UnitKind, tongue: Tongue) -> Self {
        let far = digests.far.iter().map(|(from, block)| match tongue {
            Tongue::En => format!("{}s {from}–{}: {}", kind.named(), block.to, block.text),
            Tongue::Zh => format!("第{from}至{}{}：{}", block.to, kind.measure(), block.text),
        });
        let near = digests.near.iter().map(|(n, digest)| match (tongue, digest.tone.is_empty()) {
            (Tongue::En, true) => format!("{n}. {}: {}", digest.title, digest.fact),
            (Tongue::En, false) => format!("{n}. {}: {} ({})", digest.title, digest.fact, digest.tone),
            (Tongue::Zh, true) => format!("{n}. {}：{}", digest.title, digest.fact),
            (Tongue::Zh, false) => format!("{n}. {}：{}（{}）", digest.title, digest.fact, digest.tone),
        });
        Self { heading: say(tongue, "# What was written so far", "# 已写内容提要"), far: far.collect(), near: near.collect() }
    }
}
