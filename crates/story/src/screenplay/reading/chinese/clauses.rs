//! Clauses of Chinese narration: what leads them, what brings speech in, how it is said.

/// Words that a clause begins with before its subject.
const LEADS: &[&str] = &[
    "一语未了",
    "说话时",
    "说话间",
    "正说着",
    "说着",
    "却说",
    "且说",
    "话说",
    "再说",
    "只见",
    "忽见",
    "又见",
    "早见",
    "却见",
    "只听见",
    "只听得",
    "只听",
    "忽听",
    "听得",
    "听见",
    "一时",
    "一会",
    "当下",
    "于是",
    "因此",
    "所以",
    "这里",
    "那里",
    "这边",
    "那边",
    "此时",
    "此刻",
    "原来",
    "谁知",
    "不料",
    "内中有个",
    "内中",
    "其中",
    "有一个",
    "有个",
    "一个",
    "忽然",
    "突然",
    "随后",
    "然后",
    "接着",
    "终于",
    "果然",
    "方才",
    "早有",
    "就有",
    "又有",
    "忽有",
    "仍旧",
    "连忙",
    "急忙",
    "赶忙",
    "第一个",
    "半日",
    "半天",
    "良久",
    "那",
    "这",
    "时",
    "忽",
    "见",
    "因",
    "便",
    "又",
    "忙",
    "遂",
    "乃",
    "但",
    "而",
    "却",
    "倒",
    "一面",
    "一边",
    "不免",
    "且兼",
    "兼",
    "故",
    "只",
    "正",
    "才",
    "方",
    "也",
    "就",
    "亦",
    "且",
];

/// Words that stand between a subject and its verb of speech, and say how.
const MANNERS: &[&str] = &[
    "笑嘻嘻",
    "笑吟吟",
    "笑眯眯",
    "嘻嘻",
    "哈哈",
    "呵呵",
    "冷笑",
    "陪笑",
    "含笑",
    "微笑",
    "苦笑",
    "一笑",
    "笑",
    "连忙",
    "急忙",
    "赶忙",
    "忙忙",
    "忙",
    "便",
    "又",
    "因",
    "也",
    "方",
    "才",
    "就",
    "遂",
    "乃",
    "即",
    "先",
    "急",
    "慢慢",
    "缓缓",
    "轻轻",
    "低低",
    "低声",
    "轻声",
    "大声",
    "高声",
    "柔声",
    "沉声",
    "厉声",
    "颤声",
    "悄悄",
    "暗暗",
    "长叹",
    "叹气",
    "叹",
    "哭",
    "泣",
    "含羞",
    "含泪",
    "流泪",
    "央告",
    "听了",
    "听说",
    "听罢",
    "听",
    "看罢",
    "看了",
    "见了",
    "见问",
    "想了一想",
    "想了想",
    "点了点头",
    "点点头",
    "点头",
    "摇了摇头",
    "摇摇头",
    "摇头",
    "起身",
    "回头",
    "接口",
    "接声",
    "接过话",
    "接",
    "念佛",
    "红着脸",
    "红了脸",
    "沉吟",
    "沉默",
    "半日",
    "半天",
    "良久",
    "冷冷",
    "淡淡",
    "只得",
    "不禁",
    "不由得",
    "不由",
    "忽然",
    "突然",
    "继续",
    "一齐",
    "齐声",
    "同声",
    "都",
    "亦",
    "却",
    "仍",
    "还",
    "只",
    "上前",
    "向前",
    "过来",
    "进来",
    "走来",
    "走过来",
    "跑来",
    "回来",
    "出来",
    "在内",
    "在旁边",
    "在旁",
    "迎上来",
    "迎出来",
    "一面走",
    "一面",
    "一边",
    "着",
    "的",
    "地",
    "了",
    "回",
    "答",
    "问",
    "说",
    "劝",
    "骂",
    "喊",
    "叫",
    "嚷",
    "哄",
    "止",
    "心中",
    "心里",
    "心下",
    "暗自",
    "正",
    "自",
    "这里",
    "那里",
    "再",
    "才",
    "急急",
    "匆匆",
    "认真",
    "拍掌",
    "拍手",
    "施礼",
    "行礼",
    "作揖",
    "跺脚",
    "咬牙",
    "纳闷",
    "开言",
    "满面堆",
    "反大",
    "自思",
    "央及",
    "啐",
    "喝",
    "吆",
    "纳罕",
    "疑惑",
    "勉强",
    "开口",
    "抢先",
    "插嘴",
    "反问",
    "追问",
];

/// What ends the words that bring speech in, the longest first.
const VERBS: &[&str] = &[
    "回话说",
    "来回",
    "回话",
    "嘱咐",
    "吩咐",
    "告诉",
    "央求",
    "央告",
    "嘀咕",
    "回答",
    "解释",
    "补充",
    "反问",
    "追问",
    "质问",
    "开口",
    "低语",
    "自语",
    "大叫",
    "大喊",
    "惊呼",
    "提醒",
    "命令",
    "安慰",
    "道",
    "曰",
    "云",
    "说",
    "问",
    "答",
    "叫",
    "喊",
    "骂",
    "嚷",
    "唤",
    "想",
    "念",
    "唱",
    "劝",
    "笑",
    "叹",
    "命",
    "催",
    "让",
    "称",
    "喝",
    "哭",
    "吼",
    "应",
    "回",
];

/// Verbs that stand before whom they are said to.
pub(super) const TOWARDS: &[&str] = &[
    "告诉", "回", "嘱咐", "吩咐", "问", "叫", "命", "劝", "催", "骂", "喊", "唤", "让", "求", "推", "指", "拉住", "拉着", "嗔", "向", "对",
    "朝", "冲", "跟", "与", "和", "望着", "看着",
];

/// What a clause ends with.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, ',' | '，' | ';' | '；' | ':' | '：' | '“' | '”') || ends_sentence(c)
}

/// What a sentence ends with.
pub(super) fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | '…')
}

/// Without the words that lead a clause. A name that looks like one is left: `known` says what is a name.
pub(super) fn without_lead<'a>(clause: &'a str, known: &dyn Fn(&str) -> bool) -> &'a str {
    let mut rest = clause.trim();
    loop {
        if known(rest) || rest.starts_with("那些") || rest.starts_with("这些") {
            return rest;
        }
        match LEADS.iter().find_map(|lead| rest.strip_prefix(lead)) {
            Some(more) if !more.is_empty() => rest = more,
            _ => return rest,
        }
    }
}

/// The verb of speech that a clause ends with, and what stands before it.
pub(super) fn verb(clause: &str) -> Option<(&str, &'static str)> {
    let clause = clause.trim().trim_end_matches(['着', '了']);
    VERBS.iter().find_map(|verb| clause.strip_suffix(verb).map(|before| (before, *verb)))
}

/// What is heard, where a clause says that somebody hears it: 又听警幻笑道.
pub(super) fn overheard(clause: &str) -> Option<&str> {
    let heard = ["听见", "听得", "听"].iter().find_map(|word| clause.find(word).map(|at| (at, &clause[at + word.len()..])));
    heard.filter(|(at, rest)| *at <= 9 && !rest.is_empty()).map(|(_, rest)| rest)
}

/// Somebody without a name who is pointed at, and the rest of the clause: 那僧笑道, 炕上那人.
pub(super) fn pointed_at(clause: &str) -> Option<(String, &str)> {
    let (before, _) = verb(clause)?;
    let at = ["那", "这"].iter().filter_map(|word| before.rfind(word)).max()?;
    let rest = &before[at + '那'.len_utf8()..];
    let name = without_manner(rest);
    let odd = "里时日边会回才么样一个些几是不儿说道";
    let size = name.chars().count();
    let fits = (1..=4).contains(&size) && name.chars().all(crate::text::is_own_word) && !name.chars().any(|c| odd.contains(c));
    // A sign that is only pointed at is nobody: 那人 is.
    let shown = if name == "人" { "那人".to_owned() } else { name.to_owned() };
    fits.then(|| (shown, &clause[at + '那'.len_utf8() + name.len()..]))
}

/// Without the words that say how.
pub(super) fn without_manner(text: &str) -> &str {
    let mut rest = text.trim();
    'outer: loop {
        for manner in MANNERS {
            if let Some(less) = rest.strip_suffix(manner) {
                // 周瑞家的: the last sign belongs to the name.
                if *manner == "的" && (less.ends_with('家') || less.ends_with('老')) {
                    return rest;
                }
                rest = less;
                continue 'outer;
            }
        }
        return rest;
    }
}

/// Whether a clause says that its words are only thought.
pub(super) fn is_thought(clause: &str) -> bool {
    let clause = clause.trim().trim_end_matches(['着', '了', '：', ':', ',', '，']);
    let core = clause.strip_suffix("道").or_else(|| clause.strip_suffix('说')).unwrap_or(clause);
    let silent = ["想", "思", "忖", "纳罕", "疑惑", "寻思", "思量", "思忖", "盘算", "心中暗", "暗自", "心", "腹诽", "嘀咕"];
    if clause.ends_with('说') && !core.ends_with("心里") {
        return false;
    }
    silent.iter().any(|s| core.trim_end_matches(['着', '了']).ends_with(s))
        || core.ends_with("心里")
        || core.ends_with("心中")
        || core.ends_with("暗")
}

/// Whether a clause tells of something written: what it brings in is read, not said.
pub(super) fn is_writing(clause: &str) -> bool {
    [
        "小字",
        "大字",
        "个字",
        "写着",
        "写道",
        "写的是",
        "题着",
        "题曰",
        "上书",
        "大书",
        "对联",
        "匾",
        "联云",
        "诗云",
        "诗曰",
        "词曰",
        "其词",
        "刻着",
        "印着",
        "书云",
        "道是",
        "上写",
        "标题",
        "署名",
        "屏幕上",
        "短信",
        "纸条",
    ]
    .iter()
    .any(|word| clause.contains(word))
}

/// Clauses of `text` with their places, marks left out.
pub(super) fn split(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        if is_mark(c) {
            if !text[start..at].trim().is_empty() {
                found.push((start, &text[start..at]));
            }
            start = at + c.len_utf8();
        }
    }
    if !text[start..].trim().is_empty() {
        found.push((start, &text[start..]));
    }
    found
}
