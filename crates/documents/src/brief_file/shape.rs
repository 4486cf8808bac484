use serde_json::{Map, Value};
use story::brief::nearest;

use super::Fault;

/// What may stand under a key.
#[derive(Debug)]
pub(super) enum Shape {
    Text,
    /// Years or words.
    Age,
    /// A whole number that fits the type behind it.
    Whole {
        most: u64,
    },
    Number,
    OneOf(&'static [&'static str]),
    Texts,
    Tables(&'static Table),
    Table(&'static Table),
}

/// A table of which every key is known.
#[derive(Debug)]
pub(super) struct Table {
    /// As in "no key of a character".
    pub(super) of: &'static str,
    pub(super) keys: &'static [(&'static str, Shape)],
    pub(super) required: &'static [&'static str],
    /// An example in one line.
    pub(super) example: &'static str,
}

use Shape::{Age, Number, OneOf, Table as TableOf, Tables, Text, Texts, Whole};

const COUNT: Shape = Whole { most: u32::MAX as u64 };

/// The keys of a brief and what stands under them. The order is the one in which a brief is written.
pub(super) const BRIEF: &[(&str, Shape)] = &[
    ("logline", Text),
    ("premise", Text),
    ("genre", Text),
    ("tone", Text),
    ("style", Text),
    ("style_sample", Text),
    ("language", Text),
    ("setting", Text),
    ("pov", OneOf(&["first", "third_limited", "third_omniscient"])),
    ("tense", Text),
    ("characters", Tables(&CHARACTER)),
    ("structure", Text),
    ("rating", Text),
    ("forbidden", Texts),
    ("reference_works", Texts),
    ("output_spec", TableOf(&OUTPUT_SPEC)),
];

pub(super) static CHARACTER: Table = Table {
    of: "a character",
    keys: &[
        ("name", Text),
        ("role", Text),
        ("description", Text),
        ("goal", Text),
        ("secret", Text),
        ("aliases", Texts),
        ("pronouns", Text),
        ("age", Age),
        ("voice", Text),
    ],
    required: &["name"],
    example: "{ name = \"Mara Finch\", role = \"keeper\" }",
};

pub(super) static OUTPUT_SPEC: Table = Table {
    of: "output_spec",
    keys: &[
        ("chapter_count", COUNT),
        ("scene_count", COUNT),
        ("chapter_length", TableOf(&LENGTH)),
        ("script_format", OneOf(&["custom", "fountain", "screenplay"])),
        ("script_format_notes", Text),
        ("max_fix_rounds", COUNT),
        ("auto_step_retries", COUNT),
        ("auto_step_backoff_s", Number),
        ("seed", Whole { most: u64::MAX }),
    ],
    required: &[],
    example: "{ chapter_count = 12 }",
};

pub(super) static LENGTH: Table = Table {
    of: "chapter_length",
    keys: &[("min", Whole { most: u64::MAX }), ("max", Whole { most: u64::MAX }), ("unit", OneOf(&["words", "chars"]))],
    required: &["min", "max", "unit"],
    example: "{ min = 1200, max = 1800, unit = \"words\" }",
};

impl Shape {
    /// Adds what is wrong with `value` and everything in it.
    pub(super) fn check(&self, pointer: &str, value: &Value, faults: &mut Vec<Fault>) {
        match (self, value) {
            (Text, Value::String(_)) | (Age, Value::String(_)) | (Number, Value::Number(_)) => {}
            (Age, Value::Number(n)) if n.as_u64().is_some_and(|years| years <= 1_000_000) => {}
            (Whole { most }, Value::Number(n)) if n.as_u64().is_some_and(|n| n <= *most) => {}
            (OneOf(names), Value::String(found)) => one_of(names, pointer, found, faults),
            (Texts, Value::Array(items)) => {
                items.iter().enumerate().for_each(|(i, item)| Text.check(&format!("{pointer}/{i}"), item, faults))
            }
            (Tables(table), Value::Array(items)) => {
                items.iter().enumerate().for_each(|(i, item)| TableOf(table).check(&format!("{pointer}/{i}"), item, faults));
            }
            (TableOf(table), Value::Object(map)) => table.check(pointer, map, faults),
            (_, found) => faults.push(Fault {
                pointer: pointer.to_owned(),
                detail: format!("must be {}, but is {}", self.expected(), name_of(found)),
                hint: self.hint(found),
            }),
        }
    }

    fn expected(&self) -> String {
        match self {
            Text => "text".into(),
            Age => "a number of years, or text".into(),
            Whole { .. } => "a whole number".into(),
            Number => "a number".into(),
            OneOf(names) => format!("one of {}", list(names)),
            Texts => "a list of texts".into(),
            Tables(_) => "a list of characters".into(),
            TableOf(table) => format!("a table such as {}", table.example),
        }
    }

    fn hint(&self, found: &Value) -> String {
        match (self, found) {
            (Text, Value::Number(_) | Value::Bool(_)) => format!("Put quotes around it: \"{found}\"."),
            (Text, Value::Array(_)) => "Write it as one text; line breaks are kept.".into(),
            (Texts, Value::String(_)) => "Put brackets around it, and a comma between the texts: [\"…\", \"…\"].".into(),
            (Whole { .. } | Number, Value::String(_)) => "Write the number in digits and without quotes.".into(),
            (Tables(table), _) => format!("Write each of them as a table with a name: {}.", table.example),
            _ => format!("Write {}; docs/briefs.md shows every key.", self.expected()),
        }
    }
}

impl Table {
    fn check(&self, pointer: &str, map: &Map<String, Value>, faults: &mut Vec<Fault>) {
        for (key, value) in in_order(map, self.keys) {
            let place = format!("{pointer}/{}", escaped(key));
            match self.keys.iter().find(|(known, _)| known == key) {
                Some((_, shape)) => shape.check(&place, value, faults),
                None => {
                    let known: Vec<&'static str> = self.keys.iter().map(|(known, _)| *known).collect();
                    let hint = match nearest(key, &known) {
                        Some(meant) => format!("Did you mean `{meant}`?"),
                        None => format!("The keys of {} are {}.", self.of, list(&known)),
                    };
                    faults.push(Fault { pointer: place, detail: format!("is no key of {}", self.of), hint });
                }
            }
        }
        for key in self.required.iter().filter(|key| !map.contains_key(**key)) {
            faults.push(Fault {
                pointer: format!("{pointer}/{key}"),
                detail: format!("is missing: {} needs {}", self.of, list(self.required)),
                hint: format!("Write it like this: {}.", self.example),
            });
        }
    }
}

/// The entries of a map in the order of `keys`, then those that nobody knows by name. How the map itself is ordered depends on
/// what else is built into the program.
pub(super) fn in_order<'a>(map: &'a Map<String, Value>, keys: &[(&str, Shape)]) -> Vec<(&'a String, &'a Value)> {
    let mut entries: Vec<_> = map.iter().collect();
    entries.sort_by_key(|(key, _)| (keys.iter().position(|(known, _)| known == key).unwrap_or(keys.len()), *key));
    entries
}

/// A key as a part of a JSON pointer.
pub(super) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn one_of(names: &'static [&'static str], pointer: &str, found: &str, faults: &mut Vec<Fault>) {
    if names.contains(&found) {
        return;
    }
    let hint = match nearest(&found.trim().replace(' ', "_"), names) {
        Some(meant) => format!("Did you mean \"{meant}\"?"),
        None => format!("Choose one of {}, or leave the key out.", list(names)),
    };
    faults.push(Fault {
        pointer: pointer.to_owned(),
        detail: format!("must be one of {}, but is \"{}\"", list(names), short(found)),
        hint,
    });
}

fn name_of(value: &Value) -> String {
    match value {
        Value::Null => "empty".into(),
        Value::Bool(b) => b.to_string(),
        Value::Number(n) => format!("the number {n}"),
        Value::String(text) => format!("the text \"{}\"", short(text)),
        Value::Array(_) => "a list".into(),
        Value::Object(_) => "a table".into(),
    }
}

fn short(text: &str) -> String {
    let line = text.trim().replace('\n', " ");
    if line.chars().count() > 40 { format!("{}…", line.chars().take(40).collect::<String>()) } else { line }
}

/// `a`, `b` and `c`.
pub(super) fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [head @ .., last] => format!("`{}` and `{last}`", head.join("`, `")),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Map, Value, json};
    use story::{
        brief::{BriefContent, KNOWN_KEYS},
        output_spec::OutputSpec,
    };

    use super::{BRIEF, CHARACTER, OUTPUT_SPEC, Shape};

    fn sample(shape: &Shape) -> Value {
        match shape {
            Shape::Text => json!("text"),
            Shape::Age => json!(34),
            Shape::Whole { .. } => json!(7),
            Shape::Number => json!(1.5),
            Shape::OneOf(names) => json!(names[0]),
            Shape::Texts => json!(["text"]),
            Shape::Tables(table) => json!([keys(table.keys)]),
            Shape::Table(table) => Value::Object(keys(table.keys)),
        }
    }

    fn keys(keys: &[(&str, Shape)]) -> Map<String, Value> {
        keys.iter().map(|(key, shape)| ((*key).to_owned(), sample(shape))).collect()
    }

    #[test]
    fn every_key_that_is_checked_here_is_one_that_the_craft_reads() {
        let names: Vec<_> = BRIEF.iter().map(|(key, _)| *key).collect();
        assert_eq!(names, KNOWN_KEYS);
        let whole = keys(BRIEF);
        let content = BriefContent::from_map(whole.clone()).unwrap();
        assert_eq!(content.unknown.len(), 0);
        // Nothing was lost on the way, so no key is checked that is not also stored.
        assert_eq!(serde_json::to_value(&content).unwrap(), Value::Object(whole));
    }

    #[test]
    fn every_key_that_the_craft_reads_is_checked_here() {
        let spec = serde_json::to_value(OutputSpec::resolve(&[], "en")).unwrap();
        let mut stored: BTreeSet<_> = spec.as_object().unwrap().keys().map(String::as_str).collect();
        stored.insert("script_format_notes");
        assert_eq!(stored, OUTPUT_SPEC.keys.iter().map(|(key, _)| *key).collect());
        let denied = BriefContent::from_map(json!({ "characters": [{ "nobody": 1 }] }).as_object().unwrap().clone()).unwrap_err();
        for (key, _) in CHARACTER.keys {
            assert!(denied[0].detail.contains(&format!("`{key}`")), "{}", denied[0].detail);
        }
        assert_eq!(denied[0].detail.matches('`').count(), 2 * (CHARACTER.keys.len() + 1));
    }
}
