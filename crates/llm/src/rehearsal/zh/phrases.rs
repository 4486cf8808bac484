/// Characters at which a phrase is cut: particles, prepositions, marks.
const CUTS: &str = "，。、；：！？…—“”‘’（）《》〈〉 的在是与和及有从到被把为了着过也都就却而但又向往对将让给后前里外上下中之位于,.;:!?()\n其这那一每某着此他她它我你们要想得不没能会因所以于若";
/// Endings of places.
const PLACE: &[&str] = &[
    "山", "城", "镇", "村", "谷", "江", "河", "湖", "海", "岛", "寺", "庙", "殿", "宫", "楼", "阁", "院", "府", "峰", "崖", "洞", "渡",
    "渡口", "港", "街", "巷", "塔", "站", "宗", "龙门", "客栈", "码头", "学校", "医院", "公司", "仓库", "村庄", "沙漠", "森林", "草原",
    "关", "寨", "观", "桥", "铺", "坊", "堂", "园", "馆", "楼台", "古城", "王都", "小镇", "基地", "星球", "礁", "湾",
];
/// Endings of things.
const THING: &[&str] = &[
    "剑", "刀", "信", "灯", "玉佩", "令牌", "令", "账本", "账册", "钥匙", "镜", "鼎", "丹", "符", "书", "图", "印", "珠", "琴", "箱", "匣",
    "戒指", "簪", "卷", "日志", "日记", "照片", "录音", "手机", "枪", "地图", "罗盘", "铃", "石", "玉", "鳞", "旗", "笛", "船", "针", "药",
    "秘籍", "碑", "玉简", "龙骨", "龙珠", "灵根", "铁盒", "怀表", "名册", "遗书", "遗物",
];

/// Measure words: one that leads a phrase after a numeral or 这, 那, 每 is no part of the noun.
const MEASURES: &str = "份条封处个位把枚只座间件张块名口盏匹柄道本支面卷幅根艘页串家";
/// What a measure word follows.
const NUMERALS: &str = "一二三四五六七八九十百千万两几半这那每某数多第";
/// Characters of verbs and the like: a phrase with one of them inside is no noun.
const ACTS: &str = "烧查找寻夺偷守交毁拿追讨说唱提掉住送押看听答知叫喊走跑坐站杀死换借还要想肯许再很最更是来去做吃喝买卖";

/// The places and the things that a text names, in order, none twice.
pub(in crate::rehearsal) fn named(text: &str, people: &[String]) -> (Vec<String>, Vec<String>) {
    let mut places = Vec::new();
    let mut things = Vec::new();
    let mut start = 0;
    let cuts = text.char_indices().filter(|(_, c)| CUTS.contains(*c)).chain(std::iter::once((text.len(), '。')));
    for (at, cut) in cuts {
        let piece = &text[start..at];
        let counted = text[..start].chars().next_back().is_some_and(|c| NUMERALS.contains(c));
        start = (at + cut.len_utf8()).min(text.len());
        let size = piece.chars().count();
        if !(2..=8).contains(&size) || people.iter().any(|name| piece.contains(name.as_str())) || !piece.chars().all(is_han) {
            continue;
        }
        let Some(noun) = noun(trim_verb(piece), counted || trim_verb(piece) != piece) else { continue };
        let list = if PLACE.iter().any(|end| noun.ends_with(end)) {
            &mut places
        } else if THING.iter().any(|end| noun.ends_with(end)) {
            &mut things
        } else {
            continue;
        };
        if !list.contains(&noun) {
            list.push(noun);
        }
    }
    (places, things)
}

/// A noun without the number that leads it; a noun of one character keeps its measure word: 那封信. None where it is no noun.
fn noun(piece: &str, counted: bool) -> Option<String> {
    let rest = piece.trim_start_matches(|c| NUMERALS.contains(c));
    let numbered = counted || rest.len() < piece.len();
    let cut = rest.strip_prefix(|c| MEASURES.contains(c)).filter(|cut| numbered || cut.chars().count() >= 2);
    let bare = cut.unwrap_or(rest);
    if ["江湖", "天下", "人海", "脑海"].contains(&bare)
        || bare.chars().any(|c| ACTS.contains(c))
        || bare.starts_with(['开', '封', '过', '修', '渡']) && bare.chars().count() == 2 && !bare.ends_with('口')
    {
        return None;
    }
    match bare.chars().count() {
        2..=6 => Some(bare.to_owned()),
        1 if cut.is_some() && THING.contains(&bare) => Some(format!("那{rest}")),
        _ => None,
    }
}

/// A verb that leads a phrase is no part of it: 寻找断剑 names 断剑, 烧掉账册 the 账册.
fn trim_verb(piece: &str) -> &str {
    const VERBS: &[&str] = &[
        "寻找", "找到", "找回", "找", "寻", "查清", "查明", "夺回", "夺", "偷走", "偷", "藏", "守住", "守", "交出", "交给", "毁掉", "打开",
        "拿走", "拿", "取回", "取", "来", "去", "回", "进入", "进", "离开", "当年", "私藏", "带", "持", "炼", "得", "见", "发现", "奔赴",
        "赶赴", "逃出", "住", "烧掉", "烧毁", "烧", "追回", "追", "讨回", "讨", "接掌", "押", "写完", "写", "誊", "唱", "数", "默写", "背",
        "提", "缠", "搁", "插", "供", "掘", "不许", "许", "再", "提起", "送", "看", "听", "说", "卖掉", "卖", "买", "留下", "丢掉", "丢",
        "放下", "放", "抱", "捧", "握", "握住", "攥", "递", "还", "修", "点", "熄", "用", "是", "随身",
    ];
    let mut rest = piece;
    // One verb may stand before another.
    for _ in 0..4 {
        let longest = VERBS.iter().filter(|verb| rest.starts_with(**verb)).max_by_key(|verb| verb.len());
        let Some(cut) = longest.and_then(|verb| rest.strip_prefix(verb)).filter(|cut| cut.chars().count() >= 2) else { break };
        rest = cut;
    }
    rest
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}')
}

/// A goal or secret as it stands after a colon.
pub(in crate::rehearsal) fn as_clause(text: &str) -> String {
    text.trim().trim_end_matches(['。', '！', '；', '，', '.', '!']).to_owned()
}
