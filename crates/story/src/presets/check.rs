use std::collections::BTreeSet;

use super::{Catalog, Catalogs};

/// Presets of one catalog.
pub const MOST_PRESETS: usize = 200;
/// Characters of an id.
pub const MOST_ID_CHARS: usize = 100;
/// Characters of a name.
pub const MOST_NAME_CHARS: usize = 300;
/// Characters of a text.
pub const MOST_TEXT_CHARS: usize = 20_000;

/// What is wrong with catalogs that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// A JSON pointer into the catalogs.
    pub pointer: String,
    /// A sentence whose subject is the field: `is empty`.
    pub detail: String,
}

impl Catalogs {
    /// Everything that is wrong.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (name, catalog) in [("script", &self.script), ("novel_to_script", &self.novel_to_script)] {
            let mut tell = |at: String, detail: String| faults.push(Fault { pointer: format!("/{name}{at}"), detail });
            catalog.check(&mut tell);
        }
        faults
    }
}

impl Catalog {
    fn check(&self, tell: &mut impl FnMut(String, String)) {
        if self.presets.len() > MOST_PRESETS {
            tell("/presets".into(), format!("holds {}, but a catalog has at most {MOST_PRESETS}", self.presets.len()));
            return;
        }
        let mut ids = BTreeSet::new();
        for (i, preset) in self.presets.iter().enumerate() {
            let fields =
                [("id", &preset.id, MOST_ID_CHARS), ("name", &preset.name, MOST_NAME_CHARS), ("text", &preset.text, MOST_TEXT_CHARS)];
            for (field, value, most) in fields {
                let at = format!("/presets/{i}/{field}");
                if value.trim().is_empty() {
                    tell(at, "is empty".into());
                } else if value.chars().count() > most {
                    tell(at, format!("is longer than {most} characters"));
                } else if value.contains('\0') {
                    tell(at, "holds a NUL character; remove it".into());
                }
            }
            if !ids.insert(&preset.id) {
                tell(format!("/presets/{i}/id"), format!("is {}, as another preset's", preset.id));
            }
        }
        if let Some(id) = self.default_id.as_ref().filter(|id| !ids.contains(id)) {
            tell("/default_id".into(), format!("is {id}, but there is no such preset in this catalog"));
        }
    }
}
