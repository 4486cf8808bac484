use super::Line;

/// Whether the model speaks of its answer here. Only a line of the first or the last paragraph can be that, and none that begins with
/// a quotation mark: elsewhere it is somebody of the story who speaks.
pub(super) fn is_chatter(line: Line<'_>) -> bool {
    let said = fold(line.text);
    said.starts_with("as an ai language model")
        || said.starts_with("作为一个人工智能语言模型")
        || said.starts_with("作为ai语言模型")
        || line.first && (is_preamble(&said) || is_chinese_preamble(&said))
        || line.last && (is_farewell(&said) || is_chinese_farewell(&said))
        || (line.first || line.last) && is_about_itself(&said)
}

/// Straight quotes, small letters, no markup before it.
fn fold(line: &str) -> String {
    line.trim_start_matches(['*', '_', '>', ' ']).replace('’', "'").to_lowercase()
}

fn any(said: &str, words: &[&str]) -> bool {
    words.iter().any(|word| said.contains(word))
}

fn begins(said: &str, words: &[&str]) -> bool {
    words.iter().any(|word| said.starts_with(word))
}

/// “As an AI, I cannot …”, 作为一个AI，我…… A ship's computer says so in the middle of a chapter, and in quotation marks.
fn is_about_itself(said: &str) -> bool {
    const EN: [&str; 3] = ["as an ai,", "as an ai ", "as an artificial intelligence,"];
    const ZH: [&str; 5] = ["作为一个ai", "作为ai", "作为一名ai", "作为一个人工智能", "作为人工智能"];
    begins(said, &EN) && any(said, &["i ", "i'm", "my "]) || begins(said, &ZH)
}

/// “Here is the chapter:”, “Sure! Here's the revised version.” Not “Here is the key,” nor “Here is the chapter house”.
fn is_preamble(said: &str) -> bool {
    const GREETINGS: [&str; 7] = ["sure", "certainly", "of course", "absolutely", "okay", "understood", "great"];
    const WORK: [&str; 6] = ["chapter", "draft", "prose", "rewrite", "revision", "version"];
    const ANSWERS: [&str; 8] =
        ["here is", "here's", "here are", "below is", "i've written", "i have written", "i'll write", "i will write"];
    let greeted = GREETINGS.iter().find_map(|g| said.strip_prefix(g)?.strip_prefix(['!', ',', '.', ':'])).map(str::trim_start);
    let rest = greeted.unwrap_or(said);
    let Some(rest) = ANSWERS.iter().find_map(|a| rest.strip_prefix(a)) else { return false };
    if rest.trim_start().starts_with("the rewritten paragraph") || rest.trim_start().starts_with("the revised paragraph") {
        return true;
    }
    let Some((at, work)) = WORK.iter().filter_map(|w| Some((rest.find(w)?, *w))).min() else { return false };
    // Only articles and adjectives of the trade may stand between.
    let between = rest[..at].split_whitespace().all(|word| {
        const SMALL: [&str; 19] = [
            "the",
            "a",
            "your",
            "my",
            "full",
            "complete",
            "completed",
            "next",
            "new",
            "revised",
            "rewritten",
            "finished",
            "final",
            "requested",
            "updated",
            "expanded",
            "first",
            "polished",
            "of",
        ];
        SMALL.contains(&word)
    });
    let behind = &rest[at + work.len()..];
    let behind = behind.trim_start();
    let numbered = behind.starts_with(|c: char| c.is_ascii_digit());
    between
        && (behind.is_empty()
            || numbered
            || behind.starts_with([':', '.', '!', '—'])
            || begins(
                behind,
                &[
                    "as you",
                    "as requested",
                    "you asked",
                    "you requested",
                    "based on",
                    "of the novel",
                    "of chapter",
                    "of the chapter",
                    "of the scene",
                    "for your",
                    "with the",
                    "below",
                ],
            ))
}

/// 好的，以下是第三章正文： Not “好的，”她说。 nor 以下是他的遗言：
fn is_chinese_preamble(said: &str) -> bool {
    const GREETINGS: [&str; 6] = ["好的", "当然可以", "当然", "没问题", "明白了", "收到"];
    const ANSWERS: [&str; 7] = ["以下是", "以下为", "下面是", "下面为", "这是", "我将", "我会"];
    const WORK: [&str; 15] = [
        "正文",
        "本章",
        "章节",
        "改写后",
        "修改后",
        "重写后",
        "重写的段落",
        "修改的段落",
        "改写的段落",
        "续写",
        "扩写后",
        "根据您",
        "按照您",
        "按您的",
        "您要求",
    ];
    if said.chars().count() > 80 {
        return false;
    }
    let greeted =
        GREETINGS.iter().find_map(|g| said.strip_prefix(g)?.strip_prefix(['，', ',', '。', '！', '!', '：', ':'])).map(str::trim_start);
    let rest = greeted.unwrap_or(said);
    let promised = begins(rest, &ANSWERS) || greeted.is_some() && begins(rest, &["根据", "按照"]);
    let chapter = rest.find('第').is_some_and(|at| rest[at..].chars().take(8).any(|c| c == '章'));
    promised && (any(rest, &WORK) || chapter) && rest.ends_with(['：', ':', '。', '！', '!'])
}

/// “I hope this chapter …”, “Let me know if you'd like any changes!” Not “I hope this letter finds you well.”
fn is_farewell(said: &str) -> bool {
    const WORK: [&str; 9] =
        ["chapter", "draft", "revision", "rewrite", "this version", "your vision", "your expectations", "your requirements", "your needs"];
    if begins(said, &["i hope this", "i hope the", "i hope you", "i hope it"]) {
        return any(said, &WORK) || begins(said, &["i hope this helps."]) && said.len() < 24 || said == "i hope this helps!";
    }
    if begins(said, &["let me know if", "please let me know if", "feel free to"]) {
        return any(said, &WORK) || any(said, &["changes", "adjust", "revis", "edits", "to continue the"]);
    }
    begins(said, &["would you like me to continue", "would you like me to write", "would you like me to revise", "shall i continue with"])
        || begins(said, &["author's note:", "note to editor", "notes on the chapter"])
}

/// 希望这一章符合您的要求。如需修改请告诉我。 Not 希望他还活着。
fn is_chinese_farewell(said: &str) -> bool {
    let wish = begins(said, &["希望这", "希望本章", "希望以上", "希望您"])
        && any(said, &["符合您", "满足您", "您的要求", "您满意", "本章", "章节", "对您有"]);
    let offer = begins(said, &["如需", "如果您", "如有", "若需", "若您", "请问是否", "需要我继续"])
        && any(said, &["修改", "调整", "告诉我", "告知", "续写", "继续写", "下一章"]);
    wish || offer || begins(said, &["作者的话：", "作者有话说", "作者注："])
}

/// Whether the whole line is a note: `Word count: 2,034`, （字数：2034）, （本章完）.
pub(super) fn is_note(line: &str) -> bool {
    let plain = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '—' | '-' | '~' | '='));
    let in_brackets = plain.starts_with(['(', '（', '[', '【']) && plain.ends_with([')', '）', ']', '】']);
    let inner = plain.trim_matches(|c: char| matches!(c, '(' | ')' | '（' | '）' | '[' | ']' | '【' | '】'));
    // Somebody may say 完 or “to be continued” on a line of its own: only brackets make the shortest ones a note.
    is_count(inner)
        || in_brackets && is_tail(inner)
        || matches!(inner, "本章完" | "全文完" | "未完待续")
        || is_end_of_chapter(&inner.to_lowercase())
}

/// A note in brackets after the last sentence of a line, in bytes.
pub(super) fn note_at_the_end(line: &str) -> Option<(usize, usize)> {
    let start = line.rfind(['(', '（', '[', '【'])?;
    line.chars().next_back().filter(|c| matches!(c, ')' | '）' | ']' | '】'))?;
    let inner = line.get(start..)?.trim_matches(|c: char| matches!(c, '(' | ')' | '（' | '）' | '[' | ']' | '【' | '】'));
    (is_tail(inner) || is_count(inner)).then_some((start, line.len()))
}

fn is_end_of_chapter(inner: &str) -> bool {
    inner == "end of chapter"
        || inner.strip_prefix("end of chapter ").is_some_and(|rest| rest.chars().count() <= 12 && !rest.ends_with('.'))
}

fn is_tail(inner: &str) -> bool {
    let said = inner.trim().trim_end_matches(['.', '…', '。']).to_lowercase();
    is_end_of_chapter(&said)
        || matches!(
            said.as_str(),
            "continued"
                | "cont"
                | "to be continued"
                | "continued in the next chapter"
                | "continued in next chapter"
                | "end"
                | "完"
                | "本章完"
                | "全文完"
                | "未完"
                | "未完待续"
                | "待续"
                | "续"
                | "全书完"
                | "第一章完"
                | "章节完"
                | "下章续"
                | "接下章"
        )
}

/// A count of words, with its number.
fn is_count(inner: &str) -> bool {
    let said = inner.trim().to_lowercase();
    let counted = begins(&said, &["word count", "words:", "total words", "character count", "approx. word", "approximate word count"])
        || begins(&said, &["字数", "总字数", "全文字数", "本章字数", "正文字数", "全文约", "本章约", "共计", "全文共", "本章共"])
            && (said.contains(['：', ':']) || said.ends_with('字') || said.ends_with("字左右"));
    counted && said.chars().any(|c| c.is_ascii_digit()) && said.chars().count() <= 40
}
