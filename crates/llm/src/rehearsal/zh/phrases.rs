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

/// The places and the things that a text names, in order, none twice.
pub(in crate::rehearsal) fn named(text: &str, people: &[String]) -> (Vec<String>, Vec<String>) {
    let mut places = Vec::new();
    let mut things = Vec::new();
    for piece in text.split(|c| CUTS.contains(c)) {
        let size = piece.chars().count();
        if !(2..=6).contains(&size) || people.iter().any(|name| piece.contains(name.as_str())) || !piece.chars().all(is_han) {
            continue;
        }
        let list = if PLACE.iter().any(|end| piece.ends_with(end)) {
            &mut places
        } else if THING.iter().any(|end| piece.ends_with(end)) {
            &mut things
        } else {
            continue;
        };
        let piece = trim_verb(piece);
        if piece.chars().count() >= 2 && !list.contains(&piece) {
            list.push(piece);
        }
    }
    (places, things)
}

/// A verb that leads a phrase is no part of it: 寻找断剑 names 断剑.
fn trim_verb(piece: &str) -> String {
    const VERBS: &[&str] = &[
        "寻找", "找到", "找回", "找", "寻", "查清", "查明", "夺回", "夺", "偷走", "偷", "藏", "守住", "守", "交出", "毁掉", "打开", "拿走",
        "拿", "取回", "取", "来", "去", "回", "进入", "进", "离开", "当年", "私藏", "带", "持", "炼", "得", "见", "发现", "奔赴", "赶赴",
        "逃出", "住",
    ];
    let mut rest = piece;
    if let Some(cut) = rest.strip_prefix(['柄', '把', '封', '枚', '块', '张', '个', '只', '条', '本', '座', '盏', '支', '面'])
        && cut.chars().count() >= 2
    {
        rest = cut;
    }
    for verb in VERBS {
        if let Some(cut) = rest.strip_prefix(verb)
            && cut.chars().count() >= 2
        {
            rest = cut;
        }
    }
    rest.to_owned()
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}')
}

/// A goal or secret as it stands after a colon.
pub(in crate::rehearsal) fn as_clause(text: &str) -> String {
    text.trim().trim_end_matches(['。', '！', '；', '，', '.', '!']).to_owned()
}
