//! The published description, and whether an answer fits it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, OnceLock},
};

use jsonschema::Validator;
use reqwest::Method;
use serde_json::{Value, json};

use crate::server::Answer;

/// The description as `fabulist openapi` prints it.
pub(crate) struct Description {
    pub(crate) document: Value,
    components: Value,
    validators: Mutex<BTreeMap<String, Arc<Validator>>>,
}

impl Description {
    pub(crate) fn published() -> Arc<Self> {
        static PUBLISHED: OnceLock<Arc<Description>> = OnceLock::new();
        PUBLISHED
            .get_or_init(|| {
                let printed = crate::support::Writer::new().ok(&["openapi"]).stdout;
                let document: Value = serde_json::from_str(&printed).unwrap();
                let mut components = document["components"].clone();
                // What the description does not name must not be there: else the two could drift apart unseen.
                for schema in components["schemas"].as_object_mut().unwrap().values_mut() {
                    if schema.get("properties").is_some() {
                        schema["additionalProperties"] = json!(false);
                    }
                }
                Arc::new(Self { document, components, validators: Mutex::default() })
            })
            .clone()
    }

    /// The path of the description that this path belongs to.
    pub(crate) fn template(&self, path: &str) -> Option<String> {
        let asked: Vec<&str> = path.split('/').collect();
        let fits = |template: &&String| {
            let parts: Vec<&str> = template.split('/').collect();
            parts.len() == asked.len()
                && parts.iter().zip(&asked).all(|(part, word)| part == word || (part.starts_with('{') && !word.is_empty()))
        };
        let mut found: Vec<&String> = self.document["paths"].as_object().unwrap().keys().filter(fits).collect();
        found.sort_by_key(|template| template.matches('{').count());
        found.first().map(|template| (*template).clone())
    }

    /// Fails where an answer to an operation that is described does not fit. Returns the operation's path.
    #[track_caller]
    pub(crate) fn check(&self, method: &Method, path: &str, answer: &Answer) -> Option<String> {
        if answer.status >= 400 {
            assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {path}: {}", answer.text);
            self.fits("Problem", &json!({ "$ref": "#/components/schemas/Problem" }), &answer.json());
        }
        let template = self.template(path)?;
        let method = method.as_str().to_lowercase();
        let operation = self.document["paths"][&template].get(&method)?;
        let Some(response) = operation["responses"].get(answer.status.to_string()) else {
            panic!("{method} {template} answers {}, which is not described: {}", answer.status, answer.text);
        };
        let kind = answer.header("content-type");
        let kind = kind.split(';').next().unwrap_or_default();
        let Some(content) = response.get("content").and_then(Value::as_object) else {
            assert!(answer.text.is_empty(), "{method} {template} {} has a body: {}", answer.status, answer.text);
            return Some(template);
        };
        let described = content.get(kind).unwrap_or_else(|| panic!("{method} {template} {} answers as `{kind}`", answer.status));
        if kind.ends_with("json") {
            self.fits(&format!("{method} {template} {}", answer.status), &described["schema"], &answer.json());
        }
        Some(template)
    }

    #[track_caller]
    fn fits(&self, name: &str, schema: &Value, value: &Value) {
        let validator = self.validators.lock().unwrap().get(name).cloned();
        let validator = validator.unwrap_or_else(|| {
            let whole = json!({ "allOf": [schema], "components": self.components });
            let made = Arc::new(jsonschema::draft202012::new(&whole).unwrap_or_else(|e| panic!("{name}: {e}")));
            self.validators.lock().unwrap().insert(name.to_owned(), made.clone());
            made
        });
        let faults: Vec<String> = validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(faults.is_empty(), "{name} does not fit its description:\n{}\n{value}", faults.join("\n"));
    }
}
