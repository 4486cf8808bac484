use std::{
    error::Error,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use reqwest::header::HeaderMap;
use serde_json::Value;
use studio::ports::ModelError;

/// The most characters of a provider's own words that are passed on.
const EXCERPT: usize = 300;

/// What went wrong on the wire.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The service answered with a status that is no success, or said so within the stream.
    Answered { status: u16, body: String, retry_after: Option<Duration> },
    /// No connection came about.
    Unreachable { why: String },
    /// Nothing came for too long.
    Silent { seconds: f64, characters: usize },
    /// The stream ended before the answer did.
    BrokeOff { characters: usize, why: String },
    /// What came is not what the protocol says.
    Unreadable { why: String },
}

impl Failure {
    /// Reads what the library says, after `characters` of the answer have come.
    pub(crate) fn of(error: genai::Error, characters: usize) -> Self {
        match error {
            genai::Error::WebStream { error, .. } => match error.downcast::<genai::Error>() {
                Ok(inner) => Self::of(*inner, characters),
                Err(error) => Self::of_wire(&*error, characters),
            },
            genai::Error::HttpError { status, body, headers, .. } => Self::of_response(status.as_u16(), &headers, body),
            genai::Error::ChatResponse { body, .. } => Self::in_stream(&body),
            genai::Error::StreamParse { serde_error, .. } if serde_error.is_eof() => {
                Self::BrokeOff { characters, why: "the last piece is not whole".into() }
            }
            genai::Error::StreamParse { serde_error, .. } => Self::Unreadable { why: serde_error.to_string() },
            genai::Error::JsonValueExt(error) => Self::Unreadable { why: error.to_string() },
            genai::Error::SerdeJson(error) => Self::Unreadable { why: error.to_string() },
            genai::Error::InvalidJsonResponseElement { info } => Self::Unreadable { why: info.to_owned() },
            other => Self::Answered { status: 400, body: other.to_string(), retry_after: None },
        }
    }

    /// An error that came within a stream that had begun well.
    pub(crate) fn in_stream(body: &Value) -> Self {
        let error = body.get("error").unwrap_or(body);
        let body = Value::from_iter([("error", error.clone())]).to_string();
        Self::Answered { status: status_of(error), retry_after: retry_info(&body), body }
    }

    /// A response whose status is no success.
    pub(crate) fn of_response(status: u16, headers: &HeaderMap, body: String) -> Self {
        Self::Answered { status, retry_after: retry_after(headers).or_else(|| retry_info(&body)), body }
    }

    pub(crate) fn of_wire(error: &(dyn Error + Send + Sync + 'static), characters: usize) -> Self {
        let why = root_of(error);
        if error.is::<std::string::FromUtf8Error>() || error.is::<std::str::Utf8Error>() {
            return Self::Unreadable { why };
        }
        match error.downcast_ref::<reqwest::Error>() {
            Some(e) if e.is_connect() && e.is_timeout() => Self::Unreachable { why: "the connection was not taken in time".into() },
            Some(e) if e.is_connect() || e.is_builder() || e.is_request() && characters == 0 => Self::Unreachable { why },
            _ => Self::BrokeOff { characters, why },
        }
    }

    /// Whether the service refuses the way in which JSON was asked for.
    pub(crate) fn speaks_of_formats(&self) -> bool {
        const WORDS: [&str; 11] = [
            "response_format",
            "response format",
            "output_config",
            "output_format",
            "response_mime_type",
            "responsemimetype",
            "json_object",
            "json mode",
            "structured output",
            "schema",
            "grammar",
        ];
        match self {
            Self::Answered { status: 400 | 422, body, .. } => {
                let body = body.to_lowercase();
                !is_too_long(&body) && WORDS.iter().any(|word| body.contains(word))
            }
            _ => false,
        }
    }

    pub(crate) fn into_error(self, provider: &str, model: &str, redact: &dyn Fn(&str) -> String) -> ModelError {
        let provider = provider.to_owned();
        let unavailable = |provider, detail: String, status, retry_after| ModelError::Unavailable {
            provider,
            detail: shorten(&redact(&detail)),
            status,
            retry_after,
            used: None,
        };
        let (status, body, retry_after) = match self {
            Self::Answered { status, body, retry_after } => (status, body, retry_after),
            Self::Unreachable { why } => return unavailable(provider, why, None, None),
            Self::BrokeOff { characters, why } => {
                return unavailable(provider, format!("the answer broke off after {characters} characters: {why}"), None, None);
            }
            Self::Silent { seconds, characters: 0 } => {
                return unavailable(provider, format!("no word came within {seconds} s"), None, None);
            }
            Self::Silent { seconds, characters } => {
                let detail = format!("the answer broke off after {characters} characters: nothing more came within {seconds} s");
                return unavailable(provider, detail, None, None);
            }
            Self::Unreadable { why } => return ModelError::BadAnswer { provider, detail: shorten(&redact(&why)), used: None },
        };
        let detail = shorten(&redact(&words_of(&body)));
        let detail = if detail.is_empty() { format!("status {status}") } else { detail };
        match status {
            401 | 403 => ModelError::KeyRefused { provider, detail },
            400 if body.contains("API_KEY_INVALID") => ModelError::KeyRefused { provider, detail },
            404 => ModelError::UnknownModel { provider, model: model.to_owned(), detail },
            413 => ModelError::PromptTooLong { model: model.to_owned(), detail },
            400 | 422 if is_too_long(&body.to_lowercase()) => ModelError::PromptTooLong { model: model.to_owned(), detail },
            429 if body.contains("insufficient_quota") => ModelError::Rejected { provider, status, detail },
            429 => ModelError::RateLimited { provider, detail, retry_after },
            // It will want as much the next time.
            500 if body.contains("requires more system memory") => ModelError::Rejected { provider, status, detail },
            408 | 500.. => ModelError::Unavailable { provider, detail, status: Some(status), retry_after, used: None },
            _ => ModelError::Rejected { provider, status, detail },
        }
    }
}

/// The deepest cause, which says the most and names no address.
pub(crate) fn root_of(error: &(dyn Error + 'static)) -> String {
    let mut deepest = error;
    while let Some(cause) = deepest.source() {
        deepest = cause;
    }
    deepest.to_string()
}

/// The status that an error within a stream stands for.
fn status_of(error: &Value) -> u16 {
    let number = error["code"].as_u64().or_else(|| error["status"].as_u64()).and_then(|n| u16::try_from(n).ok());
    let kind = format!("{} {}", error["type"].as_str().unwrap_or_default(), error["code"].as_str().unwrap_or_default());
    match number {
        Some(status @ 400..600) => status,
        _ if kind.contains("rate_limit") || kind.contains("insufficient_quota") => 429,
        _ if kind.contains("overloaded") => 529,
        _ if kind.contains("authentication") || kind.contains("permission") => 401,
        _ if kind.contains("invalid_request") || kind.contains("context_length") => 400,
        _ => 500,
    }
}

fn is_too_long(body: &str) -> bool {
    const WORDS: [&str; 12] = [
        "context_length",
        "context limit",
        "input token count",
        "maximum number of tokens",
        "context length",
        "maximum context",
        "context window",
        "context size",
        "too many tokens",
        "prompt is too long",
        "input is too long",
        "reduce the length",
    ];
    WORDS.iter().any(|word| body.contains(word))
}

/// The provider's own words in an error's body.
fn words_of(body: &str) -> String {
    let json: Value = serde_json::from_str(body).unwrap_or_default();
    let said = ["/error/message", "/error", "/message", "/detail"].iter().find_map(|place| json.pointer(place).and_then(Value::as_str));
    said.unwrap_or(body).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// How long Google asks to wait: `RetryInfo` in an error's details, such as `"retryDelay": "34.07s"`.
fn retry_info(body: &str) -> Option<Duration> {
    let json: Value = serde_json::from_str(body).ok()?;
    let details = json.pointer("/error/details")?.as_array()?;
    let delay = details.iter().find_map(|detail| detail["retryDelay"].as_str())?;
    Duration::try_from_secs_f64(delay.strip_suffix('s')?.parse().ok()?).ok()
}

/// How long the service asks to wait: in milliseconds, in seconds, or until a date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let read = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    if let Some(millis) = read("retry-after-ms").and_then(|text| text.parse::<f64>().ok()) {
        return Duration::try_from_secs_f64(millis / 1_000.0).ok();
    }
    let said = read("retry-after")?;
    if let Ok(seconds) = said.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let then = jiff::fmt::rfc2822::parse(said).ok()?.timestamp();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    Some(Duration::from_secs(u64::try_from(then.as_second()).ok()?).saturating_sub(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(status: u16, body: &str) -> ModelError {
        Failure::Answered { status, body: body.into(), retry_after: None }
            .into_error("openai", "m", &|text| text.replace("sk-1", "[hidden]"))
    }

    #[test]
    fn what_a_service_says_is_passed_on_short_and_without_the_key() {
        let long = "x".repeat(1_000);
        let ModelError::Rejected { status: 418, detail, .. } = error(418, &format!("{{\"error\":{{\"message\":\"sk-1 {long}\"}}}}")) else {
            panic!("not rejected")
        };
        assert!(detail.starts_with("[hidden] xxx"));
        assert_eq!(detail.chars().count(), EXCERPT + 1);
        assert!(
            matches!(error(500, "<html>\n  <b>no</b></html>"), ModelError::Unavailable { detail, .. } if detail == "<html> <b>no</b></html>")
        );
        assert!(matches!(error(502, ""), ModelError::Unavailable { detail, .. } if detail == "status 502"));
    }

    #[test]
    fn a_prompt_that_is_too_long_is_told_from_other_refusals() {
        let body = r#"{"error":{"message":"This model's maximum context length is 8192 tokens","code":"context_length_exceeded"}}"#;
        assert!(matches!(error(400, body), ModelError::PromptTooLong { .. }));
        assert!(matches!(error(400, r#"{"error":{"message":"bad"}}"#), ModelError::Rejected { status: 400, .. }));
        assert!(matches!(error(402, r#"{"error":{"message":"Insufficient Balance"}}"#), ModelError::Rejected { status: 402, .. }));
        let quota = r#"{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}"#;
        assert!(matches!(error(429, quota), ModelError::Rejected { status: 429, .. }));
    }

    #[test]
    fn an_error_within_a_stream_has_a_status_too() {
        assert_eq!(status_of(&serde_json::json!({ "code": 502 })), 502);
        assert_eq!(status_of(&serde_json::json!({ "type": "rate_limit_error" })), 429);
        assert_eq!(status_of(&serde_json::json!({ "code": "context_length_exceeded" })), 400);
        assert_eq!(status_of(&serde_json::json!({ "type": "server_error", "code": null })), 500);
    }

    #[test]
    fn google_says_in_the_body_how_long_to_wait_and_that_a_key_is_wrong() {
        let body = r#"{"error":{"code":429,"message":"Quota exceeded","status":"RESOURCE_EXHAUSTED","details":[
            {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.5s"}]}}"#;
        assert_eq!(retry_info(body), Some(Duration::from_millis(34_500)));
        let body =
            r#"{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}"#;
        assert!(matches!(error(400, body), ModelError::KeyRefused { .. }));
        let body =
            r#"{"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."}}"#;
        assert!(matches!(error(400, body), ModelError::PromptTooLong { .. }));
    }

    #[test]
    fn retry_after_comes_in_seconds_or_as_a_date() {
        let headers = |name: &'static str, value: &str| HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())]);
        assert_eq!(retry_after(&headers("retry-after", "7")), Some(Duration::from_secs(7)));
        assert_eq!(retry_after(&headers("retry-after-ms", "250")), Some(Duration::from_millis(250)));
        assert_eq!(retry_after(&headers("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")), Some(Duration::ZERO));
        let far = retry_after(&headers("retry-after", "Fri, 01 Jan 2100 00:00:00 GMT")).unwrap();
        assert!(far > Duration::from_secs(1_000_000));
        assert_eq!(retry_after(&headers("retry-after", "soon")), None);
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }
}
