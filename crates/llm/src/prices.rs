//! What models cost, read and write, as far as it is known: `data/prices.toml`.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use studio::ports::{Money, Usage};

/// The window that is assumed of a model that is not in the file, in tokens.
pub const ASSUMED_WINDOW: u64 = 32_000;

/// What a model costs, in nano-dollars per million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Price {
    /// Of tokens read.
    pub input: Money,
    /// Of tokens read that the provider had in its cache.
    pub cached_input: Money,
    /// Of tokens written.
    pub output: Money,
    /// The longest prompt, in tokens, for which this holds.
    pub up_to: Option<u64>,
}

impl Price {
    /// Nothing at all: a model that runs on the writer's own machine.
    pub const FREE: Self = Self { input: 0, cached_input: 0, output: 0, up_to: None };

    /// What one call costs that used `usage`, rounded to the nearest nano-dollar; none where the prompt is longer than the price holds.
    pub fn of(&self, usage: &Usage) -> Option<Money> {
        if self.up_to.is_some_and(|longest| usage.input_tokens > longest) {
            return None;
        }
        let cached = usage.cached_input_tokens.min(usage.input_tokens);
        let part = |tokens: u64, price: Money| i128::from(tokens) * i128::from(price);
        let millionths =
            part(usage.input_tokens - cached, self.input) + part(cached, self.cached_input) + part(usage.output_tokens, self.output);
        Money::try_from((millionths + 500_000) / 1_000_000).ok()
    }
}

/// What is known of a model's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    /// How many tokens it reads and writes together.
    pub(crate) window: u64,
    /// Its longest answer.
    pub(crate) longest: Option<u64>,
    /// What to allow for thinking, on top of the answer.
    pub(crate) thinking: u64,
}

/// What one call of `model` costs that used `usage`; none where the price is not known.
///
/// `model` is a name as the writer gives it, such as `openai/gpt-4o`; what stands before the last slash does not matter, except that
/// `ollama/…` and `rehearsal` are free.
pub fn cost(model: &str, usage: &Usage) -> Option<Money> {
    price(model)?.of(usage)
}

/// The price of `model`, named as for [`cost`].
pub fn price(model: &str) -> Option<Price> {
    if model == "rehearsal" || model.starts_with("ollama/") {
        return Some(Price::FREE);
    }
    let name = bare(model);
    TABLE.model.iter().filter(|entry| entry.is_named(&name)).max_by_key(|entry| entry.name.len())?.price()
}

/// The date of the price list.
pub fn version() -> &'static str {
    &TABLE.version
}

/// What is known of the size of `model`, also from its family's name.
pub(crate) fn size(model: &str) -> Size {
    let name = bare(model);
    let family = TABLE.model.iter().filter(|entry| name.starts_with(&entry.name)).max_by_key(|entry| entry.name.len());
    family.map_or(Size { window: ASSUMED_WINDOW, longest: None, thinking: 0 }, |entry| Size {
        window: entry.window,
        longest: Some(entry.longest),
        thinking: entry.thinking,
    })
}

fn bare(model: &str) -> String {
    model.rsplit('/').next().unwrap_or(model).to_ascii_lowercase()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    version: String,
    model: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    input: Option<f64>,
    cached: Option<f64>,
    output: Option<f64>,
    up_to: Option<u64>,
    window: u64,
    longest: u64,
    #[serde(default)]
    thinking: u64,
}

impl Entry {
    fn is_named(&self, name: &str) -> bool {
        name.strip_prefix(self.name.as_str()).is_some_and(|rest| rest.is_empty() || rest == "-latest" || is_date(rest))
    }

    fn price(&self) -> Option<Price> {
        let input = nanos(self.input?);
        Some(Price { input, cached_input: self.cached.map_or(input, nanos), output: nanos(self.output?), up_to: self.up_to })
    }
}

/// Whether this is a release's date, such as `-2024-08-06`, `-20251001`, `@20251001` or `-0528`.
fn is_date(rest: &str) -> bool {
    let digits = rest.chars().filter(char::is_ascii_digit).count();
    rest.starts_with(['-', '@']) && (4..=8).contains(&digits) && rest.chars().all(|c| c.is_ascii_digit() || c == '-' || c == '@')
}

#[expect(clippy::cast_possible_truncation, reason = "prices are small, and the file is ours")]
fn nanos(dollars: f64) -> Money {
    (dollars * 1e9).round() as Money
}

/// A file of ours that every test reads: where it cannot be read, no price is known.
static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("../data/prices.toml")).unwrap_or_else(|_| Table { version: String::new(), model: Vec::new() })
});

#[cfg(test)]
mod tests {
    use super::*;

    fn used(input_tokens: u64, cached_input_tokens: u64, output_tokens: u64) -> Usage {
        Usage { calls: 1, input_tokens, cached_input_tokens, output_tokens, cost: None }
    }

    #[test]
    fn the_price_list_can_be_read_and_names_nothing_twice() {
        let table: Table = toml::from_str(include_str!("../data/prices.toml")).unwrap();
        assert!(!table.version.is_empty());
        for (i, entry) in table.model.iter().enumerate() {
            assert!(table.model[i + 1..].iter().all(|other| other.name != entry.name), "{} stands twice", entry.name);
            assert_eq!(entry.input.is_some(), entry.output.is_some(), "{}", entry.name);
            assert!(entry.longest <= entry.window, "{}", entry.name);
        }
    }

    #[test]
    fn a_call_costs_what_its_fresh_cached_and_written_tokens_cost() {
        // 0.15 $ fresh, 0.075 $ cached, 0.60 $ written, each for a million tokens.
        assert_eq!(cost("openai/gpt-4o-mini", &used(1_000_000, 0, 0)), Some(150_000_000));
        assert_eq!(cost("openai/gpt-4o-mini", &used(1_000, 400, 500)), Some(600 * 150 + 400 * 75 + 500 * 600));
        assert_eq!(cost("openai/gpt-4o", &used(1, 0, 1)), Some(2_500 + 10_000));
    }

    #[test]
    fn fractions_of_a_nano_dollar_are_rounded_once() {
        // 0.006 $ a million cached tokens are 6 nano-dollars each, 0.75 $ and a release's date stay exact.
        assert_eq!(cost("openai/deepseek-flash", &used(3, 3, 0)), Some(18));
        assert_eq!(cost("openai/gpt-4.1-nano", &used(0, 0, 0)), Some(0));
        let price = Price { input: 2_800_000, cached_input: 0, output: 0, up_to: None };
        assert_eq!(price.of(&used(1, 0, 0)), Some(3));
        assert_eq!(price.of(&used(2, 0, 0)), Some(6));
    }

    #[test]
    fn a_release_costs_what_its_model_costs_and_another_model_is_unknown() {
        assert_eq!(price("openai/gpt-4o-2024-08-06"), price("openai/gpt-4o"));
        assert_eq!(price("openai/gpt-4o-2024-05-13").map(|p| p.input), Some(5_000_000_000));
        assert_eq!(price("openai/anthropic/claude-sonnet-5-5"), price("anthropic/claude-sonnet-5-5"));
        for unknown in ["openai/gpt-4o-audio-preview", "openai/gpt-7", "openai/gpt-5.7", "openai/qwen3:8b", "openai/deepseek-chat"] {
            assert_eq!(cost(unknown, &used(1, 0, 1)), None, "{unknown}");
        }
    }

    #[test]
    fn a_prompt_beyond_the_price_list_has_no_known_price() {
        assert!(cost("openai/gpt-6-sol", &used(272_000, 0, 1)).is_some());
        assert_eq!(cost("openai/gpt-6-sol", &used(272_001, 0, 1)), None);
    }

    #[test]
    fn local_models_and_rehearsal_are_free() {
        assert_eq!(cost("ollama/qwen3", &used(10_000, 0, 10_000)), Some(0));
        assert_eq!(cost("rehearsal", &used(10_000, 0, 10_000)), Some(0));
    }

    #[test]
    fn a_window_is_known_for_a_family_and_assumed_for_strangers() {
        assert_eq!(size("openai/gpt-4o-audio-preview").window, 128_000);
        assert_eq!(size("openai/gpt-5-codex").longest, Some(128_000));
        assert_eq!(size("openai/my-own").window, ASSUMED_WINDOW);
        assert_eq!(size("openai/my-own").longest, None);
    }
}
