//! The log: what `FABULIST_LOG` asks for, on stderr, as lines for people or as JSON for programs. No secret of the environment goes into it,
//! whoever logs it.

use std::{
    ffi::OsString,
    io::{self, Write},
};

use clap::ValueEnum;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::{
    Layer as _, Registry,
    filter::Targets,
    fmt::{self, MakeWriter},
    layer::SubscriberExt as _,
};

/// How a line of the log looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Logs from now on. `FABULIST_LOG` is a level, or levels by target such as `info,sqlx=warn`; where it says nothing that can be read,
/// `otherwise` holds.
pub(crate) fn start(format: LogFormat, color: bool, otherwise: LevelFilter) {
    let asked = std::env::var("FABULIST_LOG").ok().filter(|text| !text.trim().is_empty());
    let filter: Targets = asked.and_then(|text| text.parse().ok()).unwrap_or_else(|| Targets::new().with_default(otherwise));
    let stderr = Redacted { secrets: secrets(readable(std::env::vars_os())) };
    let lines = fmt::layer().with_writer(stderr);
    // A second subscriber in one process is a test's doing.
    let _ = match format {
        LogFormat::Text => tracing::subscriber::set_global_default(Registry::default().with(lines.with_ansi(color).with_filter(filter))),
        LogFormat::Json => {
            tracing::subscriber::set_global_default(Registry::default().with(lines.json().flatten_event(true).with_filter(filter)))
        }
    };
}

/// Shorter words are no secrets, and would blot out half of the log.
const LEAST_SECRET: usize = 6;

/// What of the environment can be read: the rest cannot be a key, nor stand in a line as it is.
fn readable(env: impl Iterator<Item = (OsString, OsString)>) -> impl Iterator<Item = (String, String)> {
    env.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

/// Keys of providers, and the passwords that stand in addresses.
fn secrets(env: impl Iterator<Item = (String, String)>) -> Vec<String> {
    let mut found = Vec::new();
    for (name, value) in env {
        let value = value.trim();
        if name.ends_with("_KEY") || name.ends_with("_TOKEN") || name.ends_with("PASSWORD") {
            found.push(value.to_owned());
        } else if let Some((user, _)) = value.split_once("://").and_then(|(_, rest)| rest.rsplit_once('@'))
            && let Some((_, password)) = user.split_once(':')
        {
            found.push(password.to_owned());
        }
    }
    // As JSON writes it, too.
    let escaped: Vec<String> =
        found.iter().map(|secret| serde_json::to_string(secret).unwrap_or_default().trim_matches('"').to_owned()).collect();
    found.extend(escaped);
    found.retain(|secret| secret.len() >= LEAST_SECRET);
    found.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    found.dedup();
    found
}

/// Stderr, without the secrets.
struct Redacted {
    secrets: Vec<String>,
}

/// One event's line.
struct Line<'a> {
    secrets: &'a [String],
    text: Vec<u8>,
}

impl<'a> MakeWriter<'a> for Redacted {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line { secrets: &self.secrets, text: Vec::new() }
    }
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line<'_> {
    /// A log that cannot be written is nobody's fault here.
    fn drop(&mut self) {
        let _ = io::stderr().lock().write_all(redact(&self.text, self.secrets).as_bytes());
    }
}

fn redact(text: &[u8], secrets: &[String]) -> String {
    let mut text = String::from_utf8_lossy(text).into_owned();
    for secret in secrets {
        if text.contains(secret) {
            text = text.replace(secret, "[redacted]");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_passwords_of_addresses_are_secrets() {
        let env = [
            ("OPENAI_API_KEY", "sk-very-\"secret"),
            ("FABULIST_DATABASE_URL", "postgres://writer:hush-hush@db/x"),
            ("HOME", "/home/writer"),
            ("XAI_API_KEY", "short"),
        ];
        let secrets = secrets(env.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())));
        let said = redact(br#"sk-very-"secret sk-very-\"secret writer:hush-hush@db short /home/writer"#, &secrets);
        assert_eq!(said, "[redacted] [redacted] writer:[redacted]@db short /home/writer");
    }
}
