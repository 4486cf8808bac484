use serde_json::{Map, Value, json};

/// The part of a JSON Schema that every provider with native structured answers takes.
///
/// Every property is required and objects are closed; what may be missing must therefore be nullable in the type it comes from, as an
/// `Option` is. References are written out, except in a type that contains itself. `oneOf` becomes `anyOf`, `const` a list of one, and
/// keywords that some provider refuses (`format`, `minimum`, `pattern`, `default`…) are left out: the whole schema is checked at home.
///
/// A map with free keys cannot be said in this subset and is left as it is: the provider refuses it, and the ladder goes a rung down.
pub fn portable_schema(schema: &Value) -> Value {
    let mut inliner = Inliner { root: schema, open: Vec::new(), kept: Vec::new() };
    let mut portable = inliner.portable(schema);
    let mut done = 0;
    let mut definitions = Map::new();
    while let Some(reference) = inliner.kept.get(done).cloned() {
        done += 1;
        if let Some((name, target)) = inliner.definition(&reference) {
            inliner.open.push(reference);
            definitions.insert(name, inliner.portable(target));
            inliner.open.pop();
        }
    }
    if let (Value::Object(map), false) = (&mut portable, definitions.is_empty()) {
        map.insert("$defs".into(), Value::Object(definitions));
    }
    portable
}

struct Inliner<'a> {
    root: &'a Value,
    /// References that are being written out.
    open: Vec<String>,
    /// References of types that contain themselves.
    kept: Vec<String>,
}

impl<'a> Inliner<'a> {
    fn definition(&self, reference: &str) -> Option<(String, &'a Value)> {
        let pointer = reference.strip_prefix('#')?;
        Some((pointer.rsplit('/').next()?.to_owned(), self.root.pointer(pointer)?))
    }

    fn portable(&mut self, schema: &Value) -> Value {
        let Value::Object(map) = schema else { return schema.clone() };
        if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
            return self.referred(reference, map);
        }
        if let Some([only]) = map.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
            let inner = self.portable(only);
            return described(inner, map);
        }
        let mut out = Map::new();
        for (key, value) in map {
            match key.as_str() {
                "type" | "enum" | "description" => {
                    out.insert(key.clone(), value.clone());
                }
                "const" => {
                    out.insert("enum".into(), json!([value]));
                }
                "items" => {
                    out.insert(key.clone(), self.portable(value));
                }
                "anyOf" | "oneOf" => {
                    let choices = value.as_array().into_iter().flatten().map(|choice| self.portable(choice)).collect();
                    out.insert("anyOf".into(), Value::Array(choices));
                }
                "properties" => {
                    let properties = value.as_object().into_iter().flatten().map(|(name, of)| (name.clone(), self.portable(of))).collect();
                    out.insert(key.clone(), Value::Object(properties));
                }
                "additionalProperties" if value.is_object() => {
                    out.insert(key.clone(), self.portable(value));
                }
                _ => {}
            }
        }
        if out.contains_key("properties") || out.get("type").and_then(Value::as_str) == Some("object") {
            close(&mut out);
        }
        Value::Object(out)
    }

    fn referred(&mut self, reference: &str, from: &Map<String, Value>) -> Value {
        let Some((name, target)) = self.definition(reference) else { return Value::Object(from.clone()) };
        if self.open.iter().any(|open| open == reference) {
            if !self.kept.iter().any(|kept| kept == reference) {
                self.kept.push(reference.to_owned());
            }
            return json!({ "$ref": format!("#/$defs/{name}") });
        }
        self.open.push(reference.to_owned());
        let inner = self.portable(target);
        self.open.pop();
        described(inner, from)
    }
}

/// What a field says of itself counts more than what its type says.
fn described(mut schema: Value, from: &Map<String, Value>) -> Value {
    if let (Some(description), Some(map)) = (from.get("description"), schema.as_object_mut())
        && !map.contains_key("$ref")
    {
        map.insert("description".into(), description.clone());
    }
    schema
}

fn close(object: &mut Map<String, Value>) {
    let names = object.get("properties").and_then(Value::as_object).map(|p| p.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    object.entry("properties").or_insert_with(|| json!({}));
    object.insert("required".into(), json!(names));
    object.entry("additionalProperties").or_insert(Value::Bool(false));
}

#[cfg(test)]
mod tests {
    use schemars::{JsonSchema, schema_for};
    use story::tasks::{CritiqueChapter, ExtractFacts, OutlineChapters, PlanBeats, schema_of};

    use super::*;

    #[derive(JsonSchema)]
    #[allow(dead_code)]
    struct Scene {
        /// What happens.
        #[schemars(length(min = 3))]
        text: String,
        /// Where; null when it does not matter.
        #[serde(default)]
        place: Option<String>,
        #[serde(default)]
        tension: u8,
        /// How it is lit.
        light: Light,
        mood: Option<Mood>,
    }

    #[derive(JsonSchema)]
    #[allow(dead_code)]
    enum Light {
        /// By the sun.
        Day,
        /// By nothing.
        Night,
    }

    /// A feeling.
    #[derive(JsonSchema)]
    #[allow(dead_code)]
    struct Mood {
        name: String,
    }

    #[derive(JsonSchema)]
    #[allow(dead_code)]
    struct Tree {
        name: String,
        branches: Vec<Tree>,
    }

    #[test]
    fn a_derived_schema_is_closed_required_and_stripped() {
        let portable = portable_schema(&schema_for!(Scene).to_value());
        assert_eq!(
            portable,
            json!({
                "type": "object",
                "properties": {
                    "text": { "type": "string", "description": "What happens." },
                    "place": { "type": ["string", "null"], "description": "Where; null when it does not matter." },
                    "tension": { "type": "integer" },
                    "light": {
                        "description": "How it is lit.",
                        "anyOf": [
                            { "type": "string", "enum": ["Day"], "description": "By the sun." },
                            { "type": "string", "enum": ["Night"], "description": "By nothing." }
                        ]
                    },
                    "mood": {
                        "anyOf": [
                            {
                                "type": "object",
                                "description": "A feeling.",
                                "properties": { "name": { "type": "string" } },
                                "required": ["name"],
                                "additionalProperties": false
                            },
                            { "type": "null" }
                        ]
                    }
                },
                "required": portable["required"],
                "additionalProperties": false
            })
        );
        let mut required: Vec<_> = portable["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        required.sort_unstable();
        assert_eq!(required, ["light", "mood", "place", "tension", "text"]);
    }

    #[test]
    fn a_type_that_contains_itself_keeps_its_reference() {
        let portable = portable_schema(&json!({
            "$ref": "#/$defs/Tree",
            "$defs": { "Tree": { "type": "object", "properties": { "branches": { "type": "array", "items": { "$ref": "#/$defs/Tree" } } } } }
        }));
        assert_eq!(portable["type"], "object");
        assert_eq!(portable["properties"]["branches"]["items"], json!({ "$ref": "#/$defs/Tree" }));
        assert_eq!(portable["$defs"]["Tree"]["additionalProperties"], false);
        let derived = portable_schema(&schema_for!(Tree).to_value());
        assert_eq!(derived["type"], "object");
    }

    #[test]
    fn a_map_with_free_keys_is_left_to_be_refused() {
        let map = json!({ "type": "object", "additionalProperties": { "type": "string", "format": "date" } });
        assert_eq!(portable_schema(&map)["additionalProperties"], json!({ "type": "string" }));
    }

    #[test]
    fn every_task_has_a_portable_schema_and_making_it_twice_changes_nothing() {
        for schema in
            [schema_of::<OutlineChapters>(), schema_of::<PlanBeats>(), schema_of::<CritiqueChapter>(), schema_of::<ExtractFacts>()]
        {
            let portable = portable_schema(&schema);
            assert_closed(&portable);
            assert_eq!(portable_schema(&portable), portable);
        }
    }

    fn assert_closed(schema: &Value) {
        const KNOWN: [&str; 8] = ["type", "enum", "description", "items", "anyOf", "properties", "required", "additionalProperties"];
        let Some(map) = schema.as_object() else { return };
        for key in map.keys() {
            assert!(KNOWN.contains(&key.as_str()), "{key} in {schema}");
        }
        if let Some(properties) = map.get("properties").and_then(Value::as_object) {
            assert_eq!(map["additionalProperties"], false);
            assert_eq!(map["required"].as_array().map(Vec::len), Some(properties.len()));
            properties.values().for_each(assert_closed);
        }
        map.get("items").into_iter().for_each(assert_closed);
        map.get("anyOf").and_then(Value::as_array).into_iter().flatten().for_each(assert_closed);
    }
}
