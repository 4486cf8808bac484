/// A provider that is built in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Provider {
    OpenAi,
    Anthropic,
    Gemini,
    DeepSeek,
    Ollama,
}

impl Provider {
    pub(crate) const ALL: [Self; 5] = [Self::OpenAi, Self::Anthropic, Self::Gemini, Self::DeepSeek, Self::Ollama];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provider| provider.name() == name)
    }

    /// The part of a model's name before the slash.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::DeepSeek => "deepseek",
            Self::Ollama => "ollama",
        }
    }

    /// The variable that holds the key; none where there is no key.
    pub(crate) fn key_variable(self) -> Option<&'static str> {
        match self {
            Self::OpenAi => Some("OPENAI_API_KEY"),
            Self::Anthropic => Some("ANTHROPIC_API_KEY"),
            Self::Gemini => Some("GEMINI_API_KEY"),
            Self::DeepSeek => Some("DEEPSEEK_API_KEY"),
            Self::Ollama => None,
        }
    }

    /// The variable that holds another address than the provider's own.
    pub(crate) fn address_variable(self) -> &'static str {
        match self {
            Self::OpenAi => "OPENAI_BASE_URL",
            Self::Anthropic => "ANTHROPIC_BASE_URL",
            Self::Gemini => "GEMINI_BASE_URL",
            Self::DeepSeek => "DEEPSEEK_BASE_URL",
            Self::Ollama => "OLLAMA_HOST",
        }
    }

    /// The provider's own address.
    pub(crate) fn official(self) -> &'static str {
        match self {
            Self::OpenAi => "https://api.openai.com/v1",
            Self::Anthropic => "https://api.anthropic.com/v1",
            Self::Gemini => "https://generativelanguage.googleapis.com/v1beta",
            Self::DeepSeek => "https://api.deepseek.com",
            Self::Ollama => "http://127.0.0.1:11434",
        }
    }

    /// A model to show to somebody who has chosen none.
    pub(crate) fn example(self) -> &'static str {
        match self {
            Self::OpenAi => "gpt-5-mini",
            Self::Anthropic => "claude-sonnet-5-5",
            Self::Gemini => "gemini-2.5-pro",
            Self::DeepSeek => "deepseek-flash",
            Self::Ollama => "qwen3",
        }
    }

    /// Calls in flight at most, where nothing else is set: a cloud has room, one's own machine computes two answers at a time at best.
    pub(crate) fn concurrency(self) -> u32 {
        match self {
            Self::Ollama => 2,
            _ => studio::ports::CONCURRENCY,
        }
    }
}
