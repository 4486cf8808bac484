//! Nonsense that fits: by the schema and the names in it, never by who asks.

use serde_json::{Map, Value};

use super::{Manner, wire::Request};

/// Properties with these in their names speak of somebody.
const SOMEBODY: [&str; 6] = ["character", "person", "people", "speaker", "who", "cast"];
/// Lists and flags with these in their names say that something is wrong.
const HARM: [&str; 20] = [
    "death",
    "dead",
    "dies",
    "kill",
    "fault",
    "error",
    "issue",
    "problem",
    "conflict",
    "contradict",
    "violat",
    "rewrite",
    "fix",
    "flaw",
    "finding",
    "missing",
    "repair",
    "revis",
    "reject",
    "fail",
];
/// Flags with these in their names say that all is well.
const GOOD: [&str; 6] = ["ok", "pass", "approve", "accept", "valid", "consistent"];
/// Values that do no harm, where there is a choice.
const HARMLESS: [&str; 14] =
    ["ok", "none", "pass", "passed", "accept", "approve", "approved", "keep", "commit", "info", "low", "minor", "alive", "no"];
/// Lists of these are as long as the brief asks, where it does.
const UNITS: [&str; 3] = ["chapter", "scene", "episode"];
/// How deep a schema that refers to itself is followed.
const DEPTH: u32 = 24;

const SUBJECTS: [&str; 16] = [
    "the lamp",
    "a grey horse",
    "the clerk",
    "her brother",
    "the north wind",
    "an old map",
    "the bell",
    "a borrowed coat",
    "the river",
    "the third door",
    "a quiet dog",
    "the ferry",
    "the baker",
    "a paper boat",
    "the winter",
    "the last tram",
];
const VERBS: [&str; 16] = [
    "follows",
    "remembers",
    "counts",
    "paints",
    "forgets",
    "carries",
    "answers",
    "measures",
    "hides",
    "opens",
    "crosses",
    "mends",
    "weighs",
    "borrows",
    "studies",
    "leaves",
];
const OBJECTS: [&str; 16] = [
    "seven stones",
    "the empty street",
    "a jar of salt",
    "the wrong key",
    "every window",
    "the slow clock",
    "a letter",
    "the low wall",
    "two apples",
    "the garden",
    "a broken oar",
    "the far shore",
    "some blue paint",
    "the ledger",
    "a torn ticket",
    "the long stairs",
];
const ENDS: [&str; 16] = [
    "before noon",
    "without a word",
    "in the rain",
    "near the mill",
    "for no reason",
    "as before",
    "under the bridge",
    "with both hands",
    "after supper",
    "by the old road",
    "in plain sight",
    "until dark",
    "at the corner",
    "behind the church",
    "once again",
    "against the light",
];

/// The answer to a request: JSON where a schema is given, else prose.
pub(super) fn answer(request: &Request, manner: &Manner) -> String {
    let mut dice = Dice::of(&request.said);
    match &request.schema {
        Some(schema) => Filler { root: schema, manner, asked: &request.said, dice }.fill("", schema, 0, 0).to_string(),
        None if manner.repeats_itself => prose(&mut Dice::of(&[]), manner.words),
        None => prose(&mut dice, manner.words),
    }
}

/// Paragraphs of five sentences, at least so many words.
fn prose(dice: &mut Dice, words: usize) -> String {
    let mut paragraphs: Vec<Vec<String>> = Vec::new();
    let mut count = 0;
    while count < words {
        let sentence = dice.sentence();
        count += sentence.split(' ').count();
        match paragraphs.last_mut().filter(|sentences| sentences.len() < 5) {
            Some(sentences) => sentences.push(sentence),
            None => paragraphs.push(vec![sentence]),
        }
    }
    paragraphs.iter().map(|sentences| sentences.join(" ")).collect::<Vec<_>>().join("\n\n")
}

struct Filler<'a> {
    root: &'a Value,
    manner: &'a Manner,
    asked: &'a [String],
    dice: Dice,
}

impl Filler<'_> {
    /// A value for the property `name`; `nth` counts the items of the list that it stands in, from 0.
    fn fill(&mut self, name: &str, schema: &Value, nth: u64, depth: u32) -> Value {
        if depth > DEPTH {
            return Value::Null;
        }
        let root = self.root;
        if let Some(target) = schema["$ref"].as_str().and_then(|r| r.strip_prefix('#')).and_then(|r| root.pointer(r)) {
            return self.fill(name, target, nth, depth + 1);
        }
        for choice in ["anyOf", "oneOf", "allOf"] {
            if let Some(choices) = schema[choice].as_array() {
                let null = choices.iter().any(|choice| choice["type"] == "null");
                return choices.first().filter(|_| !null).map_or(Value::Null, |first| self.fill(name, first, nth, depth + 1));
            }
        }
        if let Some(only) = schema.get("const") {
            return only.clone();
        }
        if let Some(values) = schema["enum"].as_array() {
            return harmless(values);
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) if kinds.iter().any(|kind| kind == "null") => "null",
            Value::Array(kinds) => kinds.first().and_then(Value::as_str).unwrap_or_default(),
            kind => kind.as_str().unwrap_or_default(),
        };
        match kind {
            "object" => {
                let properties = schema["properties"].as_object().into_iter().flatten();
                Value::Object(properties.map(|(name, of)| (name.clone(), self.fill(name, of, nth, depth + 1))).collect::<Map<_, _>>())
            }
            "array" => {
                let count = self.length(name, schema);
                (0..count).map(|nth| self.fill(name, &schema["items"], nth, depth + 1)).collect()
            }
            "string" => self.words(name, schema, nth).into(),
            "integer" | "number" => schema["maximum"].as_u64().unwrap_or(if depth > 1 { nth + 1 } else { 80 }).into(),
            "boolean" => (speaks_of(name, &GOOD) && !speaks_of(name, &HARM)).into(),
            _ => Value::Null,
        }
    }

    /// Somebody's name, or a sentence.
    fn words(&mut self, name: &str, schema: &Value, nth: u64) -> String {
        let nth = usize::try_from(nth).unwrap_or_default();
        let somebody =
            (!self.manner.cast.is_empty() && speaks_of(name, &SOMEBODY)).then(|| self.manner.cast[nth % self.manner.cast.len()].clone());
        let text = somebody.unwrap_or_else(|| self.dice.sentence());
        let most = schema["maxLength"].as_u64().and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
        text.chars().take(most).collect()
    }

    fn length(&self, name: &str, schema: &Value) -> u64 {
        if speaks_of(name, &HARM) {
            return 0;
        }
        let unit = UNITS.iter().find(|unit| name.to_lowercase().contains(*unit));
        unit.and_then(|unit| asked_for(self.asked, unit)).or_else(|| schema["minItems"].as_u64()).unwrap_or(2)
    }
}

/// How many chapters, scenes or episodes the whole work is to have: the largest number that stands right before the word.
fn asked_for(said: &[String], unit: &str) -> Option<u64> {
    let numbers = said.iter().flat_map(|text| text.match_indices(unit).filter_map(|(at, _)| number_before(&text[..at])));
    numbers.filter(|n| (1..=2_000).contains(n)).max()
}

/// The number at the end of `text`, with one blank behind it at most.
fn number_before(text: &str) -> Option<u64> {
    let text = text.strip_suffix([' ', '-']).unwrap_or(text);
    let digits = text.len() - text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    text[text.len() - digits..].parse().ok()
}

fn speaks_of(name: &str, words: &[&str]) -> bool {
    let name = name.to_lowercase();
    words.iter().any(|word| name.contains(word))
}

fn harmless(values: &[Value]) -> Value {
    let fits = |value: &&Value| value.as_str().is_some_and(|value| HARMLESS.contains(&value.to_lowercase().as_str()));
    values.iter().find(fits).or(values.first()).cloned().unwrap_or_default()
}

/// The same throws for the same words.
struct Dice(u64);

impl Dice {
    /// FNV-1a over everything that was said.
    fn of(said: &[String]) -> Self {
        let bytes = said.iter().flat_map(|text| text.bytes());
        Self(bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)))
    }

    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        from[usize::try_from(self.0 >> 40).unwrap_or_default() % from.len()]
    }

    fn sentence(&mut self) -> String {
        let (who, what, end) = (self.pick(&SUBJECTS), self.pick(&OBJECTS), self.pick(&ENDS));
        let (other, verb, also) = (self.pick(&SUBJECTS), self.pick(&VERBS), self.pick(&VERBS));
        let mut sentence = format!("{who} {verb} {what} {end}, and {other} {also} it.");
        sentence[..1].make_ascii_uppercase();
        sentence
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(schema: Value, said: &str) -> Value {
        let body = json!({
            "model": "m", "messages": [{ "role": "user", "content": said }],
            "response_format": { "type": "json_schema", "json_schema": { "name": "x", "schema": schema } },
        });
        let request = super::super::wire::read(body.to_string().as_bytes()).unwrap();
        serde_json::from_str(&answer(&request, &Manner::default())).unwrap()
    }

    #[test]
    fn a_schema_that_nobody_has_seen_before_is_filled() {
        let schema = json!({ "type": "object", "properties": {
            "scenes": { "type": "array", "items": { "$ref": "#/$defs/scene" } },
            "deaths": { "type": "array", "items": { "type": "string" } },
            "has_errors": { "type": "boolean" },
            "passed": { "type": "boolean" },
            "verdict": { "enum": ["rewrite", "pass"] },
            "notes": { "type": "array", "minItems": 3, "items": { "type": "string" } },
            "mood": { "anyOf": [{ "type": "string" }, { "type": "null" }] },
        }, "$defs": { "scene": { "type": "object", "properties": {
            "number": { "type": "integer" }, "characters": { "type": "array", "items": { "type": "string" } }, "place": { "type": ["string", "null"] },
        } } } });
        let told = told(schema, "Outline the film. It has 3 scenes.");
        let scenes = told["scenes"].as_array().unwrap();
        assert_eq!(scenes.iter().map(|scene| &scene["number"]).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(scenes[0]["characters"], json!(["Mara", "Oren"]));
        assert_eq!((&scenes[0]["place"], &told["mood"], &told["deaths"]), (&Value::Null, &Value::Null, &json!([])));
        assert_eq!((&told["has_errors"], &told["passed"], &told["verdict"]), (&json!(false), &json!(true), &json!("pass")));
        assert_eq!(told["notes"].as_array().unwrap().len(), 3);
    }

    #[test]
    fn prose_has_the_words_that_were_set_and_is_another_one_for_another_prompt() {
        let ask = |said: &str| prose(&mut Dice::of(&[said.to_owned()]), 400);
        let one = ask("chapter 1");
        assert!((400..=415).contains(&one.split_whitespace().count()), "{one}");
        assert_eq!(one, ask("chapter 1"));
        assert!(one.split("\n\n").all(|paragraph| !ask("chapter 2").contains(paragraph)));
    }
}
