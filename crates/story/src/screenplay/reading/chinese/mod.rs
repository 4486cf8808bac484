//! Chinese: 道, 说, 问 and their like before the words, in newer books behind them.

mod clauses;
mod people;

use clauses::{ends_sentence, is_thought, is_writing, split, verb, without_lead};
use people::{Leading, People};

use super::{
    Block, CastName, Part, Passage, Said, Told, blocks, full_width, one_line,
    quotes::{Quote, quotes},
};
use crate::{language::Tongue, text::is_own_word};

/// The longest manner, in characters.
const MANNER: usize = 9;

/// What a gap says of the words beside it.
#[derive(Debug, Clone, Default)]
struct Tells {
    subject: Option<String>,
    /// 他, 她: somebody who was named before.
    pronoun: bool,
    /// The clause itself names the speaker, or the one right before it.
    explicit: bool,
    thought: bool,
    manner: Option<String>,
    /// Bytes of the gap that only say so: from, to.
    cut: (usize, usize),
}

pub(super) fn read(text: &str, cast: &[CastName]) -> Vec<Passage> {
    let spoken: Vec<Quote> = quotes(text, Tongue::Zh).into_iter().filter(|q| is_speech(text, *q)).collect();
    let blocks = blocks(text, "\n", spoken);
    let mut leading = Vec::new();
    for block in &blocks {
        let gaps = block.gaps(text);
        for (k, (_, gap)) in gaps.iter().enumerate() {
            let all = split(gap);
            if k < block.quotes.len()
                && let Some((_, last)) = all.last()
                && (verb(last).is_some() || gap.trim_end().ends_with([':', '：']))
            {
                leading.push(Leading::Says(last));
                // 邢夫人听说，笑道: the clause before it names the speaker.
                if all.len() > 1 && people::candidate(last).is_none() {
                    leading.push(Leading::Before(all[all.len() - 2].1));
                }
            }
            if k > 0
                && let Some((_, first)) = all.first()
                && verb(first).is_some()
                && !gap.trim_end().ends_with([':', '：'])
            {
                leading.push(Leading::Says(first));
            }
        }
    }
    let mut reader = Reader { people: People::new(text, cast, &leading), acted: None, spoke: Vec::new() };
    let mut out = Vec::new();
    for (b, block) in blocks.iter().enumerate() {
        reader.block(text, b, block, &mut out);
    }
    out
}

/// A name, an inscription or a form of address is not speech: 写着“荣禧堂”.
fn is_speech(text: &str, quote: Quote) -> bool {
    let before = text[..quote.start].trim_end_matches([' ', '\u{3000}']);
    let line = before.rsplit('\n').next().unwrap_or_default();
    let last = split(line).last().map_or("", |(_, c)| *c);
    let ends = quote
        .words(text)
        .trim_end_matches([' ', '’', '』'])
        .ends_with(|c: char| ends_sentence(c) || matches!(c, '，' | ',' | '—' | '~' | '～'));
    if line.trim().is_empty() {
        return ends || !text[quote.end..].starts_with(is_own_word);
    }
    if line.ends_with([':', '：']) {
        return !is_writing(last);
    }
    if line.ends_with(['”', '」', '』']) || line.ends_with(ends_sentence) {
        return ends;
    }
    let named = ["之句", "二字", "三字", "四字", "一词", "等字", "字样", "两个字", "一声"].iter().any(|w| text[quote.end..].starts_with(w));
    verb(last).is_some() && !named && (ends || line.ends_with([',', '，'])) || ends && line.ends_with([',', '，', '、', '—'])
}

struct Reader {
    people: People,
    /// Who acted last: block and name.
    acted: Option<(usize, String)>,
    spoke: Vec<(usize, String)>,
}

impl Reader {
    fn block(&mut self, text: &str, b: usize, block: &Block, out: &mut Vec<Passage>) {
        let gaps = block.gaps(text);
        let mut previous: Option<Said> = None;
        let mut used_after = 0;
        for (k, (_, gap)) in gaps.iter().enumerate() {
            let last = k == block.quotes.len();
            let lead = if last { None } else { self.before(&gap[used_after..]) };
            let (cut, end) = lead.as_ref().map_or((gap.len(), gap.len()), |l| (l.cut.0 + used_after, l.cut.1 + used_after));
            let told = tidy(&gap[used_after..cut]);
            // 林穗说，把伞放下: the deed is that of whoever spoke.
            let goes_on = used_after > 0 && gap[..used_after].ends_with([',', '，']);
            let doer = previous.as_ref().and_then(|s| s.speaker.clone()).filter(|_| goes_on);
            let told = told.map(|text| match doer {
                Some(name) if self.people.begins(&text).is_none() && !text.starts_with(['他', '她']) => name + &text,
                _ => text,
            });
            self.watch(&gap[used_after..cut], b);
            let silent = told.is_none();
            if let Some(text) = told {
                out.push(Passage::Told(Told { text, paragraph: block.paragraph }));
            }
            debug_assert!(end <= gap.len(), "an attribution lies in its gap");
            used_after = 0;
            let Some(quote) = block.quotes.get(k) else { break };
            let next_gap = gaps[k + 1].1;
            let after = if lead.is_none() { self.after(next_gap, k + 1 < block.quotes.len()) } else { None };
            if let Some(after) = &after {
                used_after = after.cut.1;
            }
            let tells = lead.or(after).unwrap_or_default();
            let within = previous.as_ref().and_then(|s| s.speaker.clone());
            let speaker = match &tells.subject {
                Some(name) => Some(name.clone()),
                None if tells.pronoun => self.meant(b),
                None if k == 0 && silent => self.follows(next_gap).or_else(|| self.turn(b)),
                None => self.acted_in(b).filter(|_| !silent || k == 0).or(within.clone()).or_else(|| self.turn(b)),
            };
            let part = Part {
                start: quote.inner_start,
                end: quote.inner_end,
                text: one_line(quote.words(text)),
                own_sentence: gap.contains(ends_sentence),
            };
            let said = Said {
                speaker,
                explicit: tells.explicit,
                thought: tells.thought,
                manner: tells.manner,
                parts: vec![part],
                paragraph: block.paragraph,
            };
            if let Some(name) = &said.speaker {
                self.spoke.push((b, name.clone()));
                self.acted = Some((b, name.clone()));
            }
            let half = k > 0 && silent && within == said.speaker && !said.explicit && !gap.trim_end().ends_with([':', '：']);
            if half && let Some(Passage::Said(whole)) = out.last_mut() {
                whole.parts.extend(said.parts);
                continue;
            }
            previous = Some(said.clone());
            out.push(Passage::Said(said));
        }
    }

    /// What brings the next words in: the last clause of a gap.
    fn before(&self, gap: &str) -> Option<Tells> {
        let trimmed = gap.trim_end();
        let colon = trimmed.ends_with([':', '：']);
        if trimmed.is_empty() || (!colon && trimmed.ends_with(ends_sentence)) {
            return None;
        }
        let all = split(gap);
        let (at, last) = *all.last()?;
        let said = verb(last);
        if !colon && said.is_none() {
            return None;
        }
        let mut tells = Tells { thought: is_thought(last), cut: (at, gap.len()), ..Tells::default() };
        if let Some((name, rest)) = self.people.subject(last) {
            tells.subject = Some(name);
            tells.explicit = true;
            tells.manner = manner(rest);
            return Some(tells);
        }
        let bare = without_lead(last, &|t| self.people.begins(t).is_some());
        if let Some(rest) = bare.strip_prefix(['他', '她']) {
            tells.pronoun = true;
            tells.manner = manner(rest);
            return Some(tells);
        }
        // 又听警幻笑道: heard, and by name.
        if let Some((name, rest)) = clauses::overheard(last).and_then(|heard| self.people.subject(heard)) {
            (tells.subject, tells.explicit, tells.manner) = (Some(name), true, manner(rest));
            return Some(tells);
        }
        // 那僧笑道: somebody who has no name.
        if let Some((name, rest)) = clauses::pointed_at(last) {
            (tells.subject, tells.explicit, tells.manner) = (Some(name), true, manner(rest));
            return Some(tells);
        }
        // What is left is no manner where it names somebody whom nobody knows.
        tells.manner = manner(bare).filter(|how| clauses::without_manner(how).is_empty());
        // The sentence goes on from a clause that names who acts.
        let sentence = gap[..at].rfind(ends_sentence).map_or(0, |i| i + gap[i..].chars().next().map_or(1, char::len_utf8));
        let mut back = all[..all.len() - 1].iter().rev().filter(|(i, _)| *i >= sentence).enumerate();
        let found = back.find_map(|(n, (_, clause))| self.people.subject(clause).map(|(name, rest)| (n, name, rest)));
        if let Some((n, name, rest)) = found {
            tells.explicit = n == 0 && rest.chars().count() <= 6;
            tells.subject = Some(name);
        }
        Some(tells)
    }

    /// What says who spoke: the first clause after the words, in newer books.
    fn after(&self, gap: &str, more: bool) -> Option<Tells> {
        let (at, first) = *split(gap).first()?;
        let (before, _) = verb(first)?;
        let end = at + first.len();
        let mark = gap[end..].chars().next();
        if gap[..at].chars().any(|c| !c.is_whitespace()) || (more && matches!(mark, Some(':' | '：'))) || before.chars().count() > 14 {
            return None;
        }
        let cut = (0, end + mark.map_or(0, char::len_utf8));
        let mut tells = Tells { thought: is_thought(first), cut, ..Tells::default() };
        let bare = without_lead(first, &|t| self.people.begins(t).is_some());
        if let Some(rest) = bare.strip_prefix(['他', '她']) {
            tells.pronoun = true;
            tells.manner = manner(rest);
            return Some(tells);
        }
        let (name, rest) = self.people.subject(first)?;
        tells.subject = Some(name);
        tells.explicit = true;
        tells.manner = manner(rest);
        Some(tells)
    }

    /// Remembers who acts in some narration.
    fn watch(&mut self, narration: &str, b: usize) {
        for (_, clause) in split(narration) {
            let rest = without_lead(clause, &|t| self.people.begins(t).is_some());
            if let Some((name, _)) = self.people.begins(rest) {
                self.acted = Some((b, name));
            }
        }
    }

    /// Who acts right after the words, where nothing says who spoke.
    fn follows(&self, gap: &str) -> Option<String> {
        let (_, first) = *split(gap).first()?;
        self.people.begins(without_lead(first, &|t| self.people.begins(t).is_some())).map(|(name, _)| name)
    }

    fn acted_in(&self, b: usize) -> Option<String> {
        self.acted.as_ref().filter(|(block, _)| *block == b).map(|(_, name)| name.clone())
    }

    /// Who is meant by 他: whoever acted in this paragraph, else whoever spoke before the last.
    fn meant(&self, b: usize) -> Option<String> {
        self.acted_in(b).or_else(|| self.turn(b)).or_else(|| self.acted.as_ref().map(|(_, name)| name.clone()))
    }

    /// Two people talk by turns.
    fn turn(&self, b: usize) -> Option<String> {
        let (last, name) = self.spoke.last()?;
        let (before, other) = self.spoke.iter().rev().find(|(_, n)| n != name)?;
        (*last + 1 >= b && *before + 3 >= b).then(|| other.clone())
    }
}

/// How something is said, as a script notes it: 笑, 冷笑, 低声.
fn manner(rest: &str) -> Option<String> {
    let how = verb(rest).map_or(rest, |(before, _)| before);
    let how = without_lead(how, &|_| false).trim_matches(['的', '地', '着', '便', '又', '因', '忙', '了', '听', '正']);
    let how = how.trim_end_matches("听了").trim_end_matches('说').trim_end_matches('问');
    let plain = [
        "说", "问", "答", "回", "想", "叫", "人", "在内", "心中", "心下", "心里", "听", "又", "便", "方", "才", "也", "先", "中想", "下想",
        "里想",
    ];
    let to_whom = clauses::TOWARDS.iter().any(|t| how.starts_with(t) && how.len() > t.len());
    let size = how.chars().count();
    (!to_whom && (1..=MANNER).contains(&size) && how.chars().all(is_own_word) && !plain.contains(&how)).then(|| how.to_owned())
}

/// Narration as whole sentences in full-width marks; none where hardly anything is told.
fn tidy(gap: &str) -> Option<String> {
    let text = gap.trim().trim_start_matches(|c: char| clauses::is_mark(c) || c.is_whitespace());
    let text = text.trim_end_matches([',', '，', ';', '；', ':', '：', ' ']);
    // What only led on to verse or speech.
    let led_on = ["正是", "道是", "但听", "便道", "因说", "又道"].iter().find_map(|lead| text.strip_suffix(lead));
    let text = led_on.filter(|less| less.ends_with(clauses::is_mark)).map_or(text, |less| less.trim_end_matches([',', '，', ';', '；']));
    let said_only = ["说着", "因又", "又", "因", "一面", "于是"].contains(&text);
    // 宝玉听了: what follows says more.
    let heard = text.chars().count() <= 7 && ["听了", "听说", "听罢", "看罢", "见问", "见了"].iter().any(|w| text.ends_with(w));
    if text.chars().filter(|c| is_own_word(*c)).count() < 4 || said_only || heard {
        return None;
    }
    let mut out = full_width(&one_line(text)).replace("。。", "。");
    if !out.ends_with(|c: char| ends_sentence(c) || matches!(c, '”' | '’' | '）')) {
        out.push('。');
    }
    Some(out)
}
