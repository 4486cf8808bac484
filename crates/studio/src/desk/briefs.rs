use serde_json::{Map, Value, json};
use story::brief::{BriefContent, FieldError};

use super::Studio;
use crate::{
    brief::Brief,
    error::Error,
    ports::{Micros, NewBrief, Page, PageOf},
};

/// The most characters of a title or a label.
pub const MOST_TITLE_CHARS: usize = 300;
/// How often a change is made anew when somebody else changed the brief meanwhile.
const MOST_TRIES: u32 = 20;

impl Studio {
    /// Keeps a brief.
    pub async fn create_brief(&self, title: String, content: BriefContent) -> Result<Brief, Error> {
        check_title("/title", &title)?;
        Ok(self.store.create_brief(NewBrief { title, content }).await?)
    }

    /// A brief.
    pub async fn brief(&self, id: &str) -> Result<Brief, Error> {
        Ok(self.store.brief(id).await?)
    }

    /// Briefs, newest first.
    pub async fn briefs(&self, page: PageOf) -> Result<Page<Brief>, Error> {
        Ok(self.store.briefs(page).await?)
    }

    /// Changes a brief by a merge patch (RFC 7396) over `{title, content}`. Snapshots that were made of it stay as they are.
    ///
    /// `seen` is the time of change of the brief that the change is wanted of.
    pub async fn change_brief(&self, id: &str, patch: &Value, seen: Option<Micros>) -> Result<Brief, Error> {
        let allowed = ["title", "content"];
        if let Some(key) = patch.as_object().into_iter().flat_map(Map::keys).find(|key| !allowed.contains(&key.as_str())) {
            let pointer = format!("/{}", key.replace('~', "~0").replace('/', "~1"));
            return Err(Error::field(&pointer, format!("There is no field `{key}`."), "A brief has `title` and `content`."));
        }
        if !patch.is_object() {
            return Err(Error::field("", "A merge patch of a brief is an object.", "Send {\"title\": …} or {\"content\": {…}}."));
        }
        for _ in 0..MOST_TRIES {
            let brief = self.store.brief(id).await?;
            if seen.is_some_and(|seen| seen != brief.updated_at) {
                return Err(Error::Changed);
            }
            let mut whole = json!({ "title": brief.title, "content": brief.content });
            story::patch::apply(&mut whole, patch);
            let title = match whole.get_mut("title").map(Value::take) {
                None => String::new(),
                Some(Value::String(title)) => title,
                Some(_) => return Err(Error::field("/title", "The title is a text.", "Send it as a string.")),
            };
            check_title("/title", &title)?;
            let content = match whole.get_mut("content").map(Value::take) {
                None => Map::new(),
                Some(Value::Object(content)) => content,
                Some(_) => return Err(Error::field("/content", "The content is an object.", "Send an object of the brief's keys.")),
            };
            let new = NewBrief { title, content: read_content(content)? };
            if new.title == brief.title && new.content == brief.content {
                return Ok(brief);
            }
            if let Some(saved) = self.store.save_brief(id, brief.updated_at, new).await? {
                return Ok(saved);
            }
        }
        Err(crate::ports::StoreError::Busy { detail: "others keep changing this brief".into() }.into())
    }
}

/// Reads a brief's content; faults are told all at once, with pointers from the root of `{title, content}`.
pub fn read_content(content: Map<String, Value>) -> Result<BriefContent, Error> {
    BriefContent::from_map(content).map_err(|errors| {
        let errors: Vec<FieldError> =
            errors.into_iter().map(|e| FieldError { pointer: format!("/content{}", e.pointer), detail: e.detail }).collect();
        let first = errors.first().map(|e| format!("{}: {}.", e.pointer, e.detail.trim_end_matches('.'))).unwrap_or_default();
        let hint = "Correct the fields that are named; nothing was saved.".into();
        Error::Fields { detail: format!("The brief cannot be kept as it is. {first}"), hint, errors }
    })
}

/// A title, or a label, is one that people can read in a list.
pub(super) fn check_title(pointer: &str, title: &str) -> Result<(), Error> {
    let name = pointer.trim_start_matches('/');
    if title.chars().count() > MOST_TITLE_CHARS {
        return Err(Error::field(
            pointer,
            format!("The {name} has more than {MOST_TITLE_CHARS} characters."),
            format!("Shorten the {name}."),
        ));
    }
    if title.contains('\0') {
        return Err(Error::field(pointer, format!("The {name} holds a NUL character."), "Remove it."));
    }
    Ok(())
}
