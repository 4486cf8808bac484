use story::text::is_numeral;

use super::{Told, Unit, number_first, one_line};
use crate::import::{layout::bare, lines::is_blank};

/// Headings that bear a name and no number.
const NAMES: [&str; 36] = [
    "序章",
    "序言",
    "自序",
    "原序",
    "总序",
    "序幕",
    "序曲",
    "序",
    "楔子",
    "引子",
    "引言",
    "引",
    "前言",
    "前传",
    "卷首语",
    "开篇",
    "尾声",
    "后记",
    "後記",
    "终章",
    "終章",
    "终曲",
    "番外篇",
    "番外",
    "外传",
    "外傳",
    "大结局",
    "大結局",
    "后序",
    "跋",
    "附录",
    "附錄",
    "尾聲",
    "結局",
    "结局",
    "后传",
];
/// What somebody writes who talks to his readers.
const TALK: [&str; 9] = ["完本感言", "上架感言", "新书感言", "请假条", "请假", "作者的话", "作者有话说", "求票感言", "致读者"];

/// Words that a sentence goes on with after 第三章, and no title begins with.
const GOES_ON: [&str; 46] = [
    "的", "是", "中", "里", "裡", "内", "就", "也", "都", "还", "了", "和", "与", "及", "至", "到", "以", "之", "后", "前", "时", "说",
    "写", "讲", "所", "曾", "已", "我们", "合", "团", "分", "题", "程", "头", "课", "目", "车", "点", "气", "奏", "拍", "章", "来", "次",
    "末尾", "结束",
];

/// `第四回 …`, `第4章 …`, `卷一 …`, `序章`, `楔子 …`.
pub(super) fn read(label: &str) -> Option<Told> {
    let label = without_prefix(label);
    numbered(label).or_else(|| volume_first(label)).or_else(|| named(label))
}

/// `正文 第一章` and the like.
fn without_prefix(label: &str) -> &str {
    for prefix in ["正文卷", "正文", "VIP章节", "VIP", "公众章节"] {
        if let Some(rest) = label.strip_prefix(prefix) {
            let rest = bare(rest.trim_start_matches([':', '：', '.', '-']));
            if rest.starts_with('第') || named(rest).is_some() {
                return rest;
            }
        }
    }
    label
}

fn unit_of(c: char) -> Option<Unit> {
    Some(match c {
        '章' | '回' => Unit::Chapter,
        '节' | '節' | '话' | '話' | '折' | '幕' => Unit::Section,
        '卷' | '部' | '集' | '篇' | '册' | '冊' => Unit::Volume,
        _ => return None,
    })
}

fn numbered(label: &str) -> Option<Told> {
    let (number, rest) = number_first(label.strip_prefix('第')?.trim_start_matches(is_blank))?;
    let rest = rest.trim_start_matches(is_blank);
    let sign = rest.chars().next()?;
    let unit = unit_of(sign)?;
    let rest = &rest[sign.len_utf8()..];
    if unit == Unit::Volume
        && let Some(inner) = inner_chapter(rest)
    {
        let volume = label[..label.len() - rest.len() + inner.0].trim_end_matches(is_blank);
        return Some(Told { volume: Some(one_line(volume)), ..inner.1 });
    }
    let (title, weak) = title(rest)?;
    Some(Told { unit, number: Some(number), title, volume: None, weak })
}

/// `第一卷 风云 第三章 初见`: the chapter on the volume's line, and where it begins.
fn inner_chapter(rest: &str) -> Option<(usize, Told)> {
    rest.match_indices('第').find_map(|(at, _)| {
        let parted = rest[..at]
            .chars()
            .next_back()
            .is_none_or(|c| is_blank(c) || matches!(c, '】' | ']' | '）' | ')' | '：' | ':' | '·' | '-' | '—' | '|'));
        let told = numbered(&rest[at..]).filter(|told| parted && told.unit != Unit::Volume)?;
        Some((at, told))
    })
}

/// `卷一 风起`, `卷之三`, `部二`.
fn volume_first(label: &str) -> Option<Told> {
    let rest = label.strip_prefix('卷')?;
    let rest = rest.strip_prefix('之').unwrap_or(rest);
    if let Some(tail) = rest.strip_prefix(['上', '中', '下']).filter(|tail| tail.is_empty() || tail.starts_with(is_blank)) {
        return Some(Told { unit: Unit::Volume, number: None, title: one_line(tail), volume: None, weak: false });
    }
    let (number, rest) = number_first(rest)?;
    let (title, weak) = title(rest)?;
    Some(Told { unit: Unit::Volume, number: Some(number), title, volume: None, weak })
}

/// What follows the number: nothing, a title, or a title that nothing parts from it. None where it is a sentence.
fn title(rest: &str) -> Option<(String, bool)> {
    let text = bare(rest);
    if text.is_empty() {
        return Some((String::new(), false));
    }
    let length = text.chars().count();
    let last = text.chars().next_back()?;
    let talks = text.contains(['“', '”', '「', '"']);
    if matches!(last, '。' | '，' | '；' | '：' | '、' | '”' | '」' | ',' | ';' | ':')
        || talks && text.contains(['：', ':'])
        || text.contains('。')
    {
        return None;
    }
    let parted = rest.chars().next().is_some_and(|c| {
        is_blank(c) || matches!(c, ':' | '：' | '.' | '．' | '、' | '·' | '-' | '—' | '–' | '《' | '【' | '（' | '(' | '[' | '|' | '_')
    });
    if parted {
        let title = text
            .trim_start_matches(|c: char| is_blank(c) || matches!(c, ':' | '：' | '.' | '．' | '、' | '·' | '-' | '—' | '–' | '|' | '_'));
        return (length <= 50).then(|| (one_line(without_quotes(title)), false));
    }
    if matches!(text, "上" | "中" | "下" | "终" | "完") {
        return Some((text.to_owned(), false));
    }
    let sentence = text.contains(['，', ',', '；', '：', ':', '“', '”', '、'])
        || GOES_ON.iter().any(|word| text.starts_with(word))
        || text.starts_with(is_numeral) && length > 8;
    (length <= 20 && !sentence).then(|| (one_line(text), true))
}

/// `【风起】` and `《风起》` are titles in quotes.
fn without_quotes(title: &str) -> &str {
    for (open, close) in [('【', '】'), ('《', '》')] {
        if let Some(inner) = title.strip_prefix(open).and_then(|rest| rest.strip_suffix(close))
            && !inner.contains([open, close])
        {
            return bare(inner);
        }
    }
    title
}

fn named(label: &str) -> Option<Told> {
    let name = NAMES.iter().chain(&TALK).find(|name| label.starts_with(**name))?;
    let rest = &label[name.len()..];
    let parted = rest.is_empty()
        || rest.starts_with(|c: char| is_blank(c) || matches!(c, ':' | '：' | '·' | '-' | '—' | '（' | '(' | '《' | '【' | '、'));
    let numbered = *name == "番外" && (rest.starts_with(is_numeral) || rest.starts_with('之'));
    let sentence = rest.contains(['。', '；', '“', '”']) || rest.ends_with(['，', ',', '：', ':', '；']) || rest.chars().count() > 30;
    ((parted || numbered) && !sentence).then(|| Told { unit: Unit::Named, number: None, title: one_line(label), volume: None, weak: false })
}

/// Whether a chapter of this title is its author talking to the readers.
pub(in crate::import) fn is_talk(title: &str) -> bool {
    TALK.iter().any(|talk| title.starts_with(talk))
}
