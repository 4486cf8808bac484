//! What every provider is asked in the same way: the turns of the conversation, and JSON in words.

use serde_json::{Map, Value, json};
use story::tasks::{Segment, Turn};

use crate::prices::Size;

/// One turn of the conversation.
#[derive(Debug, PartialEq)]
pub(crate) enum Said {
    ByUs(String),
    ByModel(String),
}

/// The conversation. A schema goes to the very end, so that the beginning stays the same for the provider's cache.
pub(crate) fn turns(first: &[Segment], turns: &[Turn], schema: Option<&Value>) -> Vec<Said> {
    let first = first.iter().map(|s| s.text.as_str()).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n");
    let mut said = vec![Said::ByUs(first)];
    said.extend(turns.iter().map(|turn| if turn.from_model { Said::ByModel(turn.text.clone()) } else { Said::ByUs(turn.text.clone()) }));
    if let Some(schema) = schema {
        let rule = json_in_words(schema);
        match said.last_mut() {
            Some(Said::ByUs(last)) => {
                last.push_str("\n\n");
                last.push_str(&rule);
            }
            _ => said.push(Said::ByUs(rule)),
        }
    }
    said
}

/// Asks for JSON of `schema` where the service does not hold the model to it. DeepSeek wants the word JSON and an example.
fn json_in_words(schema: &Value) -> String {
    let example = example(schema, 0);
    format!(
        "Answer with one JSON object and nothing else, without a code fence. It must fit this JSON Schema:\n{schema}\n\nAn example of its form, not of its content:\n{example}"
    )
}

/// A value that fits `schema`, as far as its shape goes.
fn example(schema: &Value, depth: u32) -> Value {
    if depth > 12 {
        return Value::Null;
    }
    if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
        return first.clone();
    }
    if let Some(choice) = schema["anyOf"].as_array().and_then(|choices| choices.iter().find(|choice| choice["type"] != "null")) {
        return example(choice, depth + 1);
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().find(|kind| *kind != "null").and_then(Value::as_str),
        kind => kind.as_str(),
    };
    match kind {
        Some("object") => {
            let properties = schema["properties"].as_object().into_iter().flatten();
            Value::Object(properties.map(|(name, of)| (name.clone(), example(of, depth + 1))).collect::<Map<_, _>>())
        }
        Some("array") => json!([example(&schema["items"], depth + 1)]),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        Some("string") => json!("…"),
        _ => Value::Null,
    }
}

/// What to allow for an answer of `wanted` tokens: room for thinking on top, and never more than the model can write.
pub(crate) fn answer_tokens(wanted: u64, size: Size) -> u32 {
    let most = wanted.saturating_add(size.thinking).min(size.longest.unwrap_or(u64::MAX));
    u32::try_from(most).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use story::tasks::{CritiqueChapter, ExtractFacts, OutlineChapters, PlanBeats, read_answer, schema_of};

    use super::*;
    use crate::portable_schema;

    #[test]
    fn an_answer_has_room_for_thinking_but_never_more_than_the_model_can_write() {
        let size = |longest, thinking| Size { window: 100_000, longest, thinking };
        assert_eq!(answer_tokens(4_000, size(None, 0)), 4_000);
        assert_eq!(answer_tokens(4_000, size(Some(16_384), 0)), 4_000);
        assert_eq!(answer_tokens(4_000, size(Some(128_000), 16_000)), 20_000);
        assert_eq!(answer_tokens(40_000, size(Some(16_384), 0)), 16_384);
        assert_eq!(answer_tokens(u64::MAX, size(None, 1)), u32::MAX);
    }

    #[test]
    fn the_example_of_every_task_is_an_answer_of_that_task() {
        fn reads<T: story::tasks::StructuredTask>() {
            let example = example(&portable_schema(&schema_of::<T>()), 0);
            read_answer::<T>(&example).unwrap_or_else(|why| panic!("{}: {why}\n{example}", T::NAME));
        }
        reads::<OutlineChapters>();
        reads::<PlanBeats>();
        reads::<CritiqueChapter>();
        reads::<ExtractFacts>();
    }

    #[test]
    fn json_is_asked_for_at_the_very_end() {
        let segments = [Segment::new("brief", "A farm."), Segment::new("task", "Plan.")];
        let later = [Turn { from_model: true, text: "{}".into() }, Turn { from_model: false, text: "Again.".into() }];
        let schema = json!({ "type": "object", "properties": { "n": { "type": ["integer", "null"] } } });
        let said = turns(&segments, &later, Some(&schema));
        assert_eq!(said[0], Said::ByUs("A farm.\n\nPlan.".into()));
        let Said::ByUs(last) = &said[2] else { panic!("{said:?}") };
        assert!(last.starts_with("Again.\n\nAnswer with one JSON object") && last.ends_with("{\"n\":1}"), "{last}");
    }
}
