use serde_json::{Map, Value};

use super::{
    Wrong,
    source::place,
    strict::{Strict, TWICE},
};

/// How a brief is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `.toml`, or Markdown's front matter between `+++` lines.
    Toml,
    /// `.json`.
    Json,
    /// Markdown's front matter between `---` lines.
    Yaml,
    /// `.md`, `.markdown`.
    Markdown,
}

impl Format {
    /// By the extension of a file's name.
    pub(super) fn of(name: &str) -> Result<Self, Wrong> {
        let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let extension = file.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        match extension.as_deref() {
            Some("toml") => Ok(Self::Toml),
            Some("json") => Ok(Self::Json),
            Some("md" | "markdown") => Ok(Self::Markdown),
            found => Err(Wrong::Extension { found: found.map(str::to_owned) }),
        }
    }

    /// What people call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Toml => "TOML",
            Self::Json => "JSON",
            Self::Yaml => "YAML front matter",
            Self::Markdown => "Markdown",
        }
    }

    /// The top level of `text`, untyped.
    pub(super) fn map(self, text: &str) -> Result<Map<String, Value>, Wrong> {
        match self.value(text)? {
            Value::Object(map) => Ok(map),
            Value::Null => Ok(Map::new()),
            _ => Err(Wrong::NotATable { format: self }),
        }
    }

    fn value(self, text: &str) -> Result<Value, Wrong> {
        if self == Self::Yaml
            && let Some(at) = too_deep(text)
        {
            let detail = "brackets are nested far too deeply".into();
            return Err(Wrong::Syntax { format: self, at: Some(place(text, at)), detail, lookalike: None });
        }
        let (at, told) = match self {
            Self::Toml => match toml::from_str::<Strict>(text) {
                Ok(Strict(value)) => return Ok(value),
                Err(e) => (e.span().map(|span| place(text, span.start)), e.message().to_owned()),
            },
            Self::Json => match serde_json::from_str::<Strict>(text) {
                Ok(Strict(value)) => return Ok(value),
                Err(e) => (Some((e.line(), chars_of_column(text, e.line(), e.column()))), e.to_string()),
            },
            Self::Yaml | Self::Markdown => match serde_yaml_ng::from_str::<Strict>(text) {
                Ok(Strict(value)) => return Ok(value),
                Err(e) => (e.location().map(|l| (l.line(), l.column())), e.to_string()),
            },
        };
        let line = at.and_then(|(line, _)| text.lines().nth(line.saturating_sub(1))).unwrap_or_default();
        Err(Wrong::Syntax { format: self, at, detail: in_one_line(&told), lookalike: lookalike(line) })
    }
}

/// Where more brackets are open than any brief has. The YAML reader's work grows with the square of their number, and the
/// other readers stop by themselves.
fn too_deep(text: &str) -> Option<usize> {
    let mut open = 0_i32;
    text.bytes().position(|b| {
        open += i32::from(matches!(b, b'[' | b'{')) - i32::from(matches!(b, b']' | b'}'));
        open > 1_000
    })
}

/// The JSON reader counts bytes; people count characters.
fn chars_of_column(text: &str, line: usize, column: usize) -> usize {
    let Some(line) = text.lines().nth(line.saturating_sub(1)) else { return column };
    line.char_indices().take_while(|(i, _)| *i < column).count().max(1)
}

/// Parsers repeat the place in their message; we say it once.
fn in_one_line(told: &str) -> String {
    let told = told.split(" at line ").next().unwrap_or(told).replace('\n', ", ");
    let told = told.trim_end_matches(['.', ',', ' ']);
    match told.strip_prefix("EOF while parsing") {
        Some(what) => format!("it ends in the middle of{what}"),
        None if told == "duplicate key" => format!("this key {TWICE}"),
        None => told.to_owned(),
    }
}

/// A sign that an input method or a word processor puts where a plain one belongs.
fn lookalike(line: &str) -> Option<(char, char)> {
    line.chars().find_map(|c| match c {
        '“' | '”' | '„' | '＂' => Some((c, '"')),
        '‘' | '’' | '＇' => Some((c, '\'')),
        '：' => Some((c, ':')),
        '＝' => Some((c, '=')),
        '，' => Some((c, ',')),
        '［' | '【' => Some((c, '[')),
        '］' | '】' => Some((c, ']')),
        '｛' => Some((c, '{')),
        '｝' => Some((c, '}')),
        _ => None,
    })
}
