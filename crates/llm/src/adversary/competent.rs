//! What a good model would answer.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{
    prose::Writer,
    wire::{Format, Request, Role},
};

/// The length of prose where neither the test nor the prompt says one.
const USUAL_WORDS: usize = 300;

/// The answer to `request`: JSON where a schema is given, marked paragraphs where marked paragraphs stand in the task, else prose.
pub(super) fn answer(request: &Request, words: Option<usize>) -> String {
    let asked = Asked::of(request);
    let mut writer = Writer::new(asked.seed, asked.is_chinese());
    if let Some(schema) = schema_of(request, &asked.task) {
        let mut filler = Filler { root: &schema, asked: &asked, writer };
        return filler.fill("", &schema, 0).to_string();
    }
    let marked = asked.marked();
    if marked.is_empty() {
        let aim = words.or_else(|| asked.aim()).unwrap_or(USUAL_WORDS);
        return writer.prose(aim.saturating_sub(writer.count(&asked.so_far)).max(20));
    }
    let rewritten = marked.iter().map(|(number, aim)| format!("⟦{number}⟧\n{}", writer.paragraph(*aim)));
    rewritten.collect::<Vec<_>>().join("\n\n")
}

/// The heading of the task that a request asks for, with all that follows it.
pub(super) fn heading(body: &Value) -> Option<&str> {
    let messages = body["messages"].as_array()?;
    messages.iter().filter_map(|message| message["content"].as_str()).find_map(|text| text.rfind("# Task:").map(|at| &text[at..]))
}

/// The first `words` words of `text`.
pub(super) fn first_words(text: &str, words: usize) -> String {
    text.split_inclusive(char::is_whitespace).take(words).collect()
}

/// What the prompt says, as far as a reader of plain text can tell.
struct Asked {
    task: String,
    so_far: String,
    seed: u64,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let said = |role| request.messages.iter().filter(move |m| m.role == role).map(|m| m.content.as_str()).collect::<Vec<_>>();
        let all = said(Role::User).join("\n\n");
        let begin = ["# Task:", "# 任务："].iter().filter_map(|head| all.rfind(head)).max().unwrap_or(0);
        let digest = Sha256::digest(request.messages.iter().map(|m| m.content.as_str()).collect::<Vec<_>>().join("\u{0}"));
        let seed = digest.iter().take(8).fold(0, |seed, byte| (seed << 8) | u64::from(*byte));
        Self { task: all[begin..].to_owned(), so_far: said(Role::Assistant).concat(), seed }
    }

    fn is_chinese(&self) -> bool {
        self.task.starts_with("# 任务：")
    }

    /// The chapters that are asked for, as in “chapters 1 to 12”.
    fn chapters(&self) -> Option<(u64, u64)> {
        let (from, rest) = number_after(&self.task, "chapters ").or_else(|| number_after(&self.task, "第"))?;
        let to = ["to ", "至第", "到第"].iter().find_map(|word| rest.trim_start_matches(['章', ' ']).strip_prefix(word));
        Some((from, to.and_then(|rest| number_after(rest, "")).map_or(from, |(to, _)| to)))
    }

    fn beats(&self) -> Option<u64> {
        self.task.lines().rev().find_map(|line| {
            let english = line.contains(" beats").then(|| number_after(line, "about ")).flatten();
            english.or_else(|| line.contains("个情节点").then(|| number_after(line, "分成约")).flatten()).map(|(n, _)| n)
        })
    }

    fn aim(&self) -> Option<usize> {
        let (aim, _) = number_after(&self.task, "best about ").or_else(|| number_after(&self.task, "，以"))?;
        usize::try_from(aim).ok()
    }

    /// Paragraphs to rewrite, each with the length to aim at.
    fn marked(&self) -> Vec<(u64, usize)> {
        let mut marked: Vec<(u64, usize)> = Vec::new();
        for line in self.task.lines() {
            let Some((number, rest)) = line.starts_with('⟦').then(|| number_after(line, "⟦")).flatten() else { continue };
            let aim = number_after(rest, "aim at ").or_else(|| number_after(rest, "改后约")).map_or(40, |(aim, _)| aim);
            if marked.iter().all(|(other, _)| *other != number) {
                marked.push((number, usize::try_from(aim).unwrap_or(40).max(8)));
            }
        }
        marked
    }
}

/// The first number that stands right behind `marker`, and what follows it.
fn number_after<'t>(text: &'t str, marker: &str) -> Option<(u64, &'t str)> {
    let places = text.match_indices(marker).map(|(at, _)| &text[at + marker.len()..]);
    places.into_iter().find_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        Some((rest[..end].parse().ok()?, &rest[end..]))
    })
}

/// The schema of the answer: as the request has it, or as it stands in the prompt.
fn schema_of(request: &Request, task: &str) -> Option<Value> {
    if let Some(Format::JsonSchema { json_schema }) = &request.response_format {
        return Some(json_schema.schema.clone());
    }
    let schemas = task.lines().rev().filter(|line| line.starts_with('{')).filter_map(|line| serde_json::from_str::<Value>(line).ok());
    schemas.into_iter().find(|value| value["properties"].is_object())
}

/// Fills a schema with content that fits it.
struct Filler<'a> {
    root: &'a Value,
    asked: &'a Asked,
    writer: Writer,
}

impl Filler<'_> {
    /// A value for the property `name`; `nth` counts the items of the list that it stands in, from 0.
    fn fill(&mut self, name: &str, schema: &Value, nth: u64) -> Value {
        let root = self.root;
        if let Some(target) = schema["$ref"].as_str().and_then(|r| r.strip_prefix('#')).and_then(|r| root.pointer(r)) {
            return self.fill(name, target, nth);
        }
        if let Some(choices) = schema["anyOf"].as_array() {
            let null = choices.iter().any(|choice| choice["type"] == "null");
            return if null { Value::Null } else { choices.first().map_or(Value::Null, |first| self.fill(name, first, nth)) };
        }
        if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
            return first.clone();
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) if kinds.iter().any(|kind| kind == "null") => "null",
            Value::Array(kinds) => kinds.first().and_then(Value::as_str).unwrap_or_default(),
            kind => kind.as_str().unwrap_or_default(),
        };
        match kind {
            "object" => {
                let properties = schema["properties"].as_object().cloned().unwrap_or_default();
                Value::Object(properties.iter().map(|(name, of)| (name.clone(), self.fill(name, of, nth))).collect::<Map<_, _>>())
            }
            "array" => {
                let count = self.length(name, &schema["items"]);
                (0..count).map(|nth| self.fill(name, &schema["items"], nth)).collect()
            }
            "string" if name == "title" => self.writer.title(self.first() + nth).into(),
            "string" => self.writer.sentence().into(),
            "integer" | "number" if name == "number" => (self.first() + nth).into(),
            "integer" | "number" => self.writer.score().into(),
            "boolean" => false.into(),
            _ => Value::Null,
        }
    }

    fn first(&self) -> u64 {
        self.asked.chapters().map_or(1, |(from, _)| from)
    }

    /// How long a list is. Whatever must be proved with the chapter's own words, like a death, stays empty, and so does what a chapter
    /// that can stand does not have, like rewrites.
    fn length(&self, name: &str, items: &Value) -> u64 {
        match name {
            "chapters" => self.asked.chapters().map_or(1, |(from, to)| to.saturating_sub(from) + 1),
            "beats" => self.asked.beats().unwrap_or(3),
            "rewrites" | "deaths" | "characters" => 0,
            _ if items["properties"]["quote"].is_object() || items["$ref"].is_string() => 0,
            _ => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use story::tasks::{OutlineAnswer, OutlineChapters, PlanBeats, Segment, StructuredTask, render, schema_of as task_schema};

    use super::*;

    fn request(task: &str, schema: Option<Value>) -> Request {
        let format = schema.map(
            |s| json!({ "type": "json_schema", "json_schema": { "name": "x", "schema": crate::portable_schema(&s), "strict": true } }),
        );
        let mut body = json!({ "model": "m", "stream": true, "messages": [{ "role": "user", "content": task }] });
        if let Some(format) = format {
            body["response_format"] = format;
        }
        super::super::wire::read(body).unwrap()
    }

    #[test]
    fn an_outline_has_every_chapter_that_the_real_prompt_asks_for() {
        for tongue in [story::language::Tongue::En, story::language::Tongue::Zh] {
            let input = OutlineChapters { chapter_count: 20, from: 5, to: 12, detailed: true, ..OutlineChapters::default() };
            let Segment { text, .. } = render(&input, tongue);
            let answer = answer(&request(&text, Some((*task_schema::<OutlineChapters>()).clone())), None);
            let outline: OutlineAnswer = serde_json::from_str(&answer).unwrap();
            assert_eq!(outline.chapters.iter().map(|c| c.number).collect::<Vec<_>>(), (5..=12).collect::<Vec<_>>());
            let mut titles: Vec<_> = outline.chapters.iter().map(|c| c.title.clone()).collect();
            titles.sort();
            titles.dedup();
            assert_eq!(titles.len(), 8);
        }
    }

    #[test]
    fn beats_come_in_the_number_asked_for_and_also_from_a_schema_in_the_prompt() {
        let schema = crate::portable_schema(&task_schema::<PlanBeats>());
        let task = format!("# Task: the beats of chapter 3\n\nBreak this chapter into about 5 beats, each something.\nJSON:\n{schema}");
        let answer: <PlanBeats as StructuredTask>::Answer = serde_json::from_str(&answer(&request(&task, None), None)).unwrap();
        assert_eq!(answer.beats.len(), 5);
    }

    #[test]
    fn prose_is_as_long_as_asked_the_same_for_the_same_prompt_and_never_repeats_a_paragraph() {
        let ask = |n: u32| format!("# Task: write chapter {n} of 9\n\nWrite the prose: 900 to 1100 words, best about 1000.");
        let one = answer(&request(&ask(1), None), None);
        assert_eq!(one, answer(&request(&ask(1), None), None));
        let words = one.split_whitespace().count();
        assert!((1000..1030).contains(&words), "{words}");
        assert!(one.ends_with('.'));
        let mut paragraphs: Vec<String> =
            (1..=9).flat_map(|n| answer(&request(&ask(n), None), None).split("\n\n").map(str::to_owned).collect::<Vec<_>>()).collect();
        let all = paragraphs.len();
        paragraphs.sort();
        paragraphs.dedup();
        assert_eq!(paragraphs.len(), all);
        assert!(answer(&request(&ask(1), None), Some(50)).split_whitespace().count() < 80);
    }

    #[test]
    fn chinese_prose_is_counted_in_characters() {
        let ask = "# 任务：写第1章《雨》正文（全书共3章）\n\n写出这一章的正文，900至1100字，以1000左右为佳。";
        let prose = answer(&request(ask, None), None);
        let length = prose.chars().filter(|c| !c.is_whitespace()).count();
        assert!((1000..1060).contains(&length), "{length}");
        assert!(prose.ends_with('。'));
    }

    #[test]
    fn paragraphs_to_rewrite_come_back_under_their_markers() {
        let task = "⟦9⟧ of the chapter\n# Task: rewrite these paragraphs\n\n⟦2⟧ Shorter. (It has 80 words; aim at 40.)\nOld words.\n\n⟦7⟧ \
                    Other. (It has 10 words; aim at 60.)\nOld.\n\nGive each under its marker, exactly as here: ⟦2⟧.";
        let answer = answer(&request(task, None), None);
        let read = story::tasks::read_marked(&answer, &[2, 7]).unwrap();
        assert_eq!(read.keys().copied().collect::<Vec<_>>(), [2, 7]);
        assert!(read[&7].split_whitespace().count() >= 60);
    }
}
