use crate::text::is_own_word;

/// A longer word is cut.
const LONGEST: usize = 30;
/// So many words of a question are looked for.
pub const MOST_ASKED: usize = 24;

/// A word of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedWord {
    /// As [`words`] has it.
    pub text: String,
    /// Whether words that only begin so are meant, too: a Han character alone.
    pub begins: bool,
}

impl AskedWord {
    /// Whether `word` is meant.
    pub fn means(&self, word: &str) -> bool {
        if self.begins { word.starts_with(&self.text) } else { word == self.text }
    }
}

/// The words of a text, in order, as they are indexed: lower case and without endings; of Han, kana and hangul every two characters that
/// stand side by side, and one where it stands alone. Letters and digits only.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    let mut found = Vec::new();
    let mut latin = String::new();
    let mut own: Vec<char> = Vec::new();
    for c in text.chars().chain([' ']) {
        let is_own = is_own_word(c);
        let is_letter = c.is_alphanumeric() && !is_own;
        if !is_own && !own.is_empty() {
            if own.len() == 1 {
                found.push(own[0].to_string());
            }
            found.extend(own.windows(2).map(|two| two.iter().collect::<String>()));
            own.clear();
        }
        if !is_letter && !latin.is_empty() {
            found.extend(stem(&latin));
            latin.clear();
        }
        if is_own {
            own.push(c);
        } else if is_letter {
            latin.extend(c.to_lowercase().filter(|c| c.is_alphanumeric()));
        }
    }
    found.into_iter()
}

/// The words of a question, each once, the rarest kinds of words being left: those that stand in every text only where there are no others.
pub fn asked(question: &str) -> Vec<AskedWord> {
    let mut all: Vec<AskedWord> = Vec::new();
    for text in words(question) {
        let begins = text.chars().count() == 1 && text.chars().all(is_own_word);
        if all.iter().all(|known| known.text != text) {
            all.push(AskedWord { text, begins });
        }
    }
    if all.iter().any(|word| !is_common(&word.text)) {
        all.retain(|word| !is_common(&word.text));
    }
    all.truncate(MOST_ASKED);
    all
}

/// A word without the endings that English puts on: whoever asks for `lamps` means `lamp`. None of a lone letter.
fn stem(word: &str) -> Option<String> {
    let mut stem: String = word.chars().take(LONGEST).collect();
    if !stem.is_ascii() || stem.bytes().any(|b| b.is_ascii_digit()) {
        return Some(stem);
    }
    if stem.len() > 4 && stem.ends_with("ies") {
        stem.truncate(stem.len() - 3);
        stem.push('y');
    } else if stem.len() > 3 && stem.ends_with('s') && !stem.ends_with("ss") && !stem.ends_with("us") {
        stem.pop();
    }
    for (ending, longer) in [("ing", 6), ("ied", 4), ("ed", 4)] {
        if stem.len() > longer && stem.ends_with(ending) {
            stem.truncate(stem.len() - ending.len());
            if ending == "ied" {
                stem.push('y');
            }
            let twice = stem.as_bytes().windows(2).next_back().is_some_and(|two| two[0] == two[1] && !matches!(two[0], b'l' | b's' | b'e'));
            if twice {
                stem.pop();
            }
            break;
        }
    }
    if stem.len() > 3 && stem.ends_with('e') {
        stem.pop();
    }
    (stem.len() > 1).then_some(stem)
}

/// Words that say nothing of what a passage is about, as [`words`] has them.
fn is_common(word: &str) -> bool {
    const COMMON: &[&str] = &[
        "the", "and", "of", "to", "in", "is", "it", "that", "was", "he", "she", "his", "her", "him", "had", "has", "hav", "for", "on",
        "with", "as", "at", "by", "be", "been", "but", "not", "no", "from", "they", "them", "their", "ther", "there", "this", "then",
        "than", "an", "or", "are", "wer", "were", "you", "your", "we", "our", "us", "me", "my", "who", "whom", "whos", "what", "when",
        "wher", "which", "why", "how", "if", "so", "do", "doe", "did", "don", "would", "could", "will", "can", "all", "any", "som", "into",
        "out", "up", "down", "about", "said", "say", "one", "own", "its", "thi", "什么", "怎么", "哪里", "在哪", "谁的", "是谁", "为什",
        "没有", "一个", "这个", "那个", "他们", "她们", "我们", "你们", "自己",
    ];
    COMMON.contains(&word)
}
