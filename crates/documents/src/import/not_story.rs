//! What stands in a file and probably is no part of the story.

use std::ops::Range;

use serde::Serialize;
use story::text::Length;

use super::{
    layout::bare,
    lines::{Line, is_blank},
};

/// Why a passage is taken for no part of the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotStoryKind {
    /// Project Gutenberg's words before and after a book.
    Licence,
    /// A table of contents.
    Contents,
    /// Title, author, and what else stands on a title page.
    TitlePage,
    /// A site that speaks for itself, and its buttons.
    Advert,
    /// 求月票 and the like, and an author's note.
    Plea,
    /// A chapter that stands in the file already.
    DoubledChapter,
}

/// A passage that is probably no part of the story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotStory {
    /// See [`NotStoryKind`].
    pub kind: NotStoryKind,
    /// Where it begins in the file, from 1.
    pub line: usize,
    /// The chapter that it stands in or would stand in; none where it is kept from every chapter.
    pub chapter: Option<u32>,
    /// Its first words.
    pub excerpt: String,
    /// How long it is.
    pub length: Length,
    /// Whether it was kept.
    pub kept: bool,
}

/// What Project Gutenberg puts before and after a book, as indices of lines: the book is what is between.
pub(super) fn licence(lines: &[Line]) -> Range<usize> {
    let marks = |line: &Line, word: &str| {
        let upper = line.trimmed().to_ascii_uppercase();
        upper.starts_with("***") && upper.contains(word) && upper.contains("GUTENBERG")
    };
    let start = lines.iter().position(|line| marks(line, "START OF")).map(|at| {
        // The line may be broken, and who made the file stands next.
        let close = |at: usize| {
            lines[at..].iter().position(|line| line.trimmed().ends_with("***")).filter(|n| *n < 3).map_or(at + 1, |n| at + n + 1)
        };
        let mut at = close(at);
        while lines.get(at).is_some_and(|line| line.is_blank() || is_credit(line.trimmed())) {
            at = if lines[at].is_blank() { at + 1 } else { at + lines[at..].iter().take_while(|line| !line.is_blank()).count() };
        }
        at
    });
    let end = lines.iter().position(|line| {
        let text = line.trimmed();
        marks(line, "END OF")
            || text.len() < 120 && (text.starts_with("End of the Project Gutenberg") || text.starts_with("End of Project Gutenberg"))
    });
    let start = start.unwrap_or(0);
    start..end.unwrap_or(lines.len()).max(start)
}

fn is_credit(text: &str) -> bool {
    ["Produced by", "Transcribed from", "E-text prepared", "This eBook was produced", "Credits:"]
        .iter()
        .any(|begin| text.starts_with(begin))
}

/// Whether a line stands above a table of contents.
pub(super) fn is_contents(text: &str) -> bool {
    let folded: String = text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    matches!(folded.as_str(), "contents" | "tableofcontents" | "目录" | "目次" | "目錄" | "本书目录" | "章节目录" | "全文目录")
}

/// What asks for a reader's vote. Such a line is short, and no speech.
const PLEAS: [&str; 22] = [
    "求月票",
    "求推荐",
    "求推薦",
    "求收藏",
    "求订阅",
    "求訂閱",
    "求打赏",
    "求首订",
    "求票",
    "求追读",
    "求鲜花",
    "求评价",
    "求红票",
    "求支持",
    "投月票",
    "投推荐票",
    "月票加更",
    "打赏加更",
    "感谢书友",
    "今日第二更",
    "今天第二更",
    "以下不算字数",
];
/// What a site puts between the lines, wherever it stands in one.
const ADVERTS: [&str; 30] = [
    "笔趣阁",
    "筆趣閣",
    "本章未完",
    "请点击下一页",
    "最新章节",
    "天才一秒记住",
    "记住本站",
    "记住本书",
    "请记住本",
    "手机用户请",
    "手机阅读",
    "手机版阅读",
    "更多精彩小说",
    "无弹窗",
    "加入书签",
    "返回目录",
    "上一章",
    "下一章",
    "推荐本书",
    "首发域名",
    "本书首发",
    "全文免费阅读",
    "txt下载",
    "TXT下载",
    "章节错误",
    "举报本章",
    "下载app",
    "下载APP",
    "免费小说",
    "请大家收藏",
];
/// The same in English, lower-cased; each begins the line.
const ADVERTS_EN: [&str; 14] = [
    "read more at ",
    "read the latest chapter",
    "this chapter was updated by",
    "this chapter is updated by",
    "find this and other great novels",
    "visit ",
    "support the author on",
    "support us on",
    "join our discord",
    "please vote",
    "don't forget to vote",
    "if you find any errors",
    "this story originates from",
    "the author's content has been appropriated",
];

/// What a line is that is no part of the story.
pub(super) fn of_line(line: &str) -> Option<NotStoryKind> {
    let text = bare(line);
    let length = text.chars().count();
    if length == 0 || length > 160 || text.starts_with(['“', '"', '「', '『', '‘']) {
        return None;
    }
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    // A sentence of the story may hold such a word; then it is longer than the plea, and nothing brackets it.
    let bracketed = text.starts_with(['(', '（', '【', '[', '—', '-', '*', '~', '☆', '★', '#']) || note(text);
    if has(&PLEAS) && (bracketed || !text.contains(['“', '”', '「'])) && (length <= 30 || bracketed && length <= 120) {
        return Some(NotStoryKind::Plea);
    }
    if has(&ADVERTS) && (length <= 40 || address(text)) && !text.contains(['“', '”']) {
        return Some(NotStoryKind::Advert);
    }
    let lower = text.to_lowercase();
    let english = ADVERTS_EN.iter().any(|begin| lower.trim_start_matches(['(', '[', '*', ' ']).starts_with(begin))
        && (address(text) || is_site(&lower));
    (english || length <= 80 && address_alone(text)).then_some(NotStoryKind::Advert)
}

/// `PS：`, `A/N:`, as an author begins a note.
fn note(text: &str) -> bool {
    let upper: String = text.chars().take(4).collect::<String>().to_uppercase();
    ["PS:", "PS：", "P.S", "PS.", "ＰＳ", "A/N"].iter().any(|begin| upper.starts_with(begin))
}

fn is_site(lower: &str) -> bool {
    ["patreon", "royalroad", "royal road", "webnovel", "wattpad", "discord", "chapter", "vote"].iter().any(|site| lower.contains(site))
}

/// Whether an address of the web stands in the line.
fn address(text: &str) -> bool {
    let lower = text.to_lowercase();
    let domain = |ending: &str| {
        lower.match_indices(ending).any(|(at, _)| {
            let before = lower[..at].chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric());
            before && lower[at + ending.len()..].chars().next().is_none_or(|c| !c.is_ascii_alphanumeric())
        })
    };
    lower.contains("http://")
        || lower.contains("https://")
        || lower.contains("www.")
        || [".com", ".net", ".org", ".cc", ".cn"].into_iter().any(domain)
}

/// Whether the line is hardly more than an address.
fn address_alone(text: &str) -> bool {
    address(text) && text.split(is_blank).count() <= 4
}

/// The first words of a passage.
pub(super) fn excerpt(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}
