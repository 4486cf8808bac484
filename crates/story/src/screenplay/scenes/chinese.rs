use super::Setting;
use crate::{screenplay::script::Side, text::is_own_word};

const GOES: &[&str] = &[
    "来至",
    "来到",
    "到了",
    "进了",
    "进入",
    "走进",
    "走到",
    "走至",
    "回到",
    "回至",
    "赶到",
    "赶至",
    "直入",
    "转到",
    "奔到",
    "奔向",
    "跑到",
    "跑进",
    "冲进",
    "推开",
    "踏进",
    "绕至",
    "引着",
    "过来",
    "过这边",
    "挪至",
    "送至",
    "逶迤往",
    "来在",
    "搬到",
    "住进",
    "登上",
    "驶入",
    "抵达",
];
const STAYS: &[&str] = &["在", "到", "至", "往", "进"];
/// What a place ends with, and whether it lies outside.
const KINDS: &[(&str, bool)] = &[
    ("书房", false),
    ("客厅", false),
    ("卧室", false),
    ("厨房", false),
    ("办公室", false),
    ("会议室", false),
    ("医院", false),
    ("病房", false),
    ("学校", false),
    ("教室", false),
    ("公司", false),
    ("酒店", false),
    ("宾馆", false),
    ("餐厅", false),
    ("咖啡馆", false),
    ("机场", false),
    ("车站", true),
    ("码头", true),
    ("后院", true),
    ("门前", true),
    ("街头", true),
    ("大街", true),
    ("路边", true),
    ("海边", true),
    ("河边", true),
    ("花园", true),
    ("广场", true),
    ("村口", true),
    ("城外", true),
    ("正室", false),
    ("上房", false),
    ("正房", false),
    ("耳房", false),
    ("下房", false),
    ("倒厅", false),
    ("穿堂", false),
    ("住宅", false),
    ("房中", false),
    ("屋里", false),
    ("家中", false),
    ("房", false),
    ("屋", false),
    ("厅", false),
    ("堂", false),
    ("府", false),
    ("楼", false),
    ("阁", false),
    ("室", false),
    ("店", false),
    ("铺", false),
    ("馆", false),
    ("宫", false),
    ("殿", false),
    ("船", false),
    ("庙", false),
    ("寺", false),
    ("宅", false),
    ("家", false),
    ("炕", false),
    ("院", true),
    ("园", true),
    ("亭", true),
    ("街", true),
    ("路", true),
    ("巷", true),
    ("桥", true),
    ("山", true),
    ("河", true),
    ("江", true),
    ("湖", true),
    ("海", true),
    ("城", true),
    ("村", true),
    ("镇", true),
    ("门", true),
    ("岸", true),
    ("林", true),
    ("庄", true),
    ("京", true),
];
const TIMES: &[(&str, &str, bool)] = &[
    ("次日", "日", true),
    ("第二天", "日", true),
    ("翌日", "日", true),
    ("过了几日", "日", true),
    ("几天后", "日", true),
    ("数日后", "日", true),
    ("三天后", "日", true),
    ("一日", "日", true),
    ("这日", "日", true),
    ("这一日", "日", true),
    ("清晨", "晨", true),
    ("早晨", "晨", true),
    ("天刚亮", "晨", true),
    ("黎明", "晨", true),
    ("是晚", "夜", true),
    ("当晚", "夜", true),
    ("当夜", "夜", true),
    ("是夜", "夜", true),
    ("夜里", "夜", true),
    ("深夜", "夜", true),
    ("晚间", "夜", true),
    ("半夜", "夜", true),
    ("入夜", "夜", true),
    ("三更", "夜", true),
    ("黄昏", "黄昏", true),
    ("傍晚", "黄昏", true),
    ("掌灯", "夜", true),
    ("晚饭", "夜", false),
    ("中秋", "夜", false),
];
/// Signs that no name of a place begins with or holds.
const ODD: &str = "了着过的是不我你他她它这那此其一个们来去又便就都也把将与和在到至往进入说道问想见听看得么什谁何";

/// What Chinese narration says of where and when.
pub(super) fn setting(text: &str) -> Setting {
    let arrival = GOES
        .iter()
        .filter_map(|verb| text.find(verb).and_then(|at| place(&text[at + verb.len()..]).map(|p| (at, p))))
        .min_by_key(|(at, _)| *at);
    let stay = || {
        STAYS
            .iter()
            .filter_map(|verb| text.match_indices(verb).find_map(|(at, _)| place(&text[at + verb.len()..]).map(|p| (at, p))))
            .min_by_key(|(at, _)| *at)
    };
    let arrives = arrival.is_some();
    let place = arrival.or_else(stay).map(|(_, place)| place);
    let head: String = text.chars().take(14).collect();
    let time = TIMES
        .iter()
        .filter_map(|(word, time, leaps)| head.find(word).map(|at| (at, std::cmp::Reverse(word.len()), *time, *leaps)))
        .min()
        .map(|(_, _, time, leaps)| (time.to_owned(), leaps));
    Setting { arrives, place, time }
}

/// The place that some words begin with.
fn place(text: &str) -> Option<(Side, String)> {
    let words: Vec<char> = text.chars().take_while(|c| is_own_word(*c)).take(8).collect();
    // The whole of it first: 贾母处, not 贾.
    for size in (2..=words.len().min(7)).rev() {
        let name: String = words[..size].iter().collect();
        let Some((_, outside)) = KINDS.iter().find(|(kind, _)| name.ends_with(kind)) else { continue };
        if !name.chars().any(|c| ODD.contains(c)) {
            return Some((if *outside { Side::Out } else { Side::In }, name));
        }
    }
    None
}

/// Whether a place lies outside: by its last sign.
pub(super) fn side(place: &str) -> Side {
    match KINDS.iter().find(|(kind, _)| place.ends_with(kind)) {
        Some((_, true)) => Side::Out,
        Some((_, false)) => Side::In,
        None if place.ends_with(['边', '外', '上', '滩', '场', '台']) => Side::Out,
        None => Side::In,
    }
}

/// A speech in full-width marks, its end marked; the doubled stops of files from the web are breaks.
pub(super) fn marks(text: &str) -> String {
    let mut out = crate::screenplay::reading::full_width(text).replace("。。’", "’").replace("。。", "……");
    if out.ends_with(is_own_word) {
        out.push('。');
    }
    out
}
