const CUT: &str = "里中上下外前旁边内，。、！？；：·”“的了着就便又却，";

/// Whether a sentence tells what is remembered, dreamt or told.
pub(super) fn is_memory(narration: &str) -> bool {
    ["想起", "记得", "梦见", "梦到", "梦中", "梦里", "回忆", "忆起", "当年", "从前", "往日", "昔日"]
        .iter()
        .any(|word| narration.contains(word))
}

/// The first place that a sentence is set in.
pub(super) fn place(narration: &str) -> Option<String> {
    for lead in ["来到", "走进", "走到", "回到", "赶到", "到了", "进了", "在", "去"] {
        for (at, _) in narration.match_indices(lead) {
            if let Some(place) = place_at(&narration[at + lead.len()..]) {
                return Some(place);
            }
        }
    }
    None
}

/// The place that some words begin with.
pub(super) fn place_at(text: &str) -> Option<String> {
    let place: String = text.chars().take_while(|c| !CUT.contains(*c) && c.is_alphanumeric()).take(9).collect();
    let size = place.chars().count();
    let odd = [
        "这", "那", "一", "他", "她", "我", "你", "此", "想", "说", "看", "心", "哪", "何", "手", "眼", "身", "原", "找", "问", "见", "听",
        "自", "做", "别",
    ];
    ((2..=6).contains(&size) && !odd.iter().any(|o| place.starts_with(o))).then_some(place)
}

/// The words in which a chapter says when it takes place.
pub(super) fn story_time(text: &str) -> Option<String> {
    const TIMES: [&str; 34] = [
        "天还没亮",
        "天刚蒙蒙亮",
        "天刚亮",
        "清晨",
        "早晨",
        "次日",
        "第二天",
        "翌日",
        "日上三竿",
        "临近正午",
        "正午",
        "午后",
        "日头偏西",
        "傍晚",
        "黄昏",
        "天擦黑时",
        "入夜",
        "当夜",
        "当天夜里",
        "深夜",
        "夜深以后",
        "三更前后",
        "半夜",
        "天快亮的时候",
        "三天后",
        "两天后",
        "几天后",
        "数日后",
        "一月后",
        "一年后",
        "三日后",
        "隔了一日",
        "这日",
        "一日",
    ];
    TIMES
        .iter()
        .filter_map(|time| text.find(time).map(|at| (at, std::cmp::Reverse(time.len()))))
        .min()
        .map(|(at, length)| text[at..at + length.0].to_owned())
}

/// A question worth keeping, without quotation marks.
pub(super) fn question(sentence: &str) -> Option<String> {
    let at = sentence.find('？')?;
    let head = &sentence[..at];
    let start = head.rfind(['。', '！', '？', '“', '：', '”']).map_or(0, |i| i + head[i..].chars().next().map_or(1, char::len_utf8));
    let title = format!("{}？", head[start..].trim());
    let asks = ["谁", "什么", "为什么", "怎么", "哪里", "何", "几时", "哪个", "如何", "多少"].iter().any(|word| title.contains(word));
    (asks && (5..=40).contains(&title.chars().count())).then_some(title)
}
