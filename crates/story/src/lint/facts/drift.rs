use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use super::{
    super::{Desk, people::is_person},
    contradicts,
};
use crate::{
    finding::{Finding, Severity},
    text::is_own_word,
};

const RULE: &str = "name-drift";

/// Signs of given names that sound alike.
const SOUNDS: [&str; 42] = [
    "慧惠蕙会卉绘汇",
    "穗岁遂",
    "明铭鸣名茗",
    "华桦骅",
    "婷亭庭廷",
    "玲铃灵凌岭琳",
    "燕艳雁彦砚",
    "芳方坊",
    "静婧靖竞敬境",
    "晴清青卿情庆",
    "雪学",
    "梅眉媚美",
    "兰岚蓝澜",
    "英瑛莺颖影",
    "珍真贞振震",
    "志智致至芝之知",
    "伟威维卫巍薇",
    "军君俊钧峻",
    "杰洁捷",
    "涛韬滔",
    "勇永咏泳",
    "峰锋丰风枫",
    "国果",
    "文雯纹闻",
    "宇雨语玉羽禹",
    "欣心新馨鑫昕",
    "佳嘉家加",
    "怡宜仪怡逸毅义艺",
    "悦月岳越",
    "琴勤秦钦",
    "媛缘元远源园圆",
    "莉丽利力立黎",
    "海亥",
    "山珊善",
    "成诚城程承",
    "东冬栋",
    "宁凝柠",
    "辰晨尘臣",
    "轩宣萱暄",
    "浩皓昊",
    "然染苒",
    "绍少邵",
];

/// The chapters that name somebody, and the place that does so first.
type Seen = (BTreeSet<usize>, (usize, Range<usize>));

/// Somebody turns up once under a name that is nearly one of the book's, and the two are never seen together.
///
/// Sisters whose names are alike stand beside each other sooner or later, and so do a father and his son.
pub(super) fn check(desk: &Desk<'_>) -> Vec<Finding> {
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    for (number, page) in desk.pages.iter().enumerate() {
        let Some(told) = page.chapter.extraction else { continue };
        let people = told.entities.iter().filter(|e| is_person(&e.kind)).map(|e| (&e.name, &e.quote));
        for (name, quote) in people.chain(told.presence.iter().map(|p| (&p.character, &p.quote))) {
            if let Some(range) = page.find(quote).filter(|_| page.text.contains(name.trim())) {
                seen.entry(name.trim().to_owned()).or_insert_with(|| (BTreeSet::new(), (number, range))).0.insert(number);
            }
        }
    }
    let cast: BTreeSet<&str> = desk.book.asked.cast.iter().flat_map(|c| c.aliases.iter().chain([&c.name])).map(String::as_str).collect();
    let mut found = Vec::new();
    for (name, (chapters, place)) in &seen {
        if chapters.len() > 1 || cast.contains(name.as_str()) {
            continue;
        }
        let near = seen.iter().find(|(other, (theirs, first))| {
            let known = cast.contains(other.as_str()) || theirs.len() >= 2;
            known
                && first.0 < place.0
                && theirs.is_disjoint(chapters)
                && is_near(name, other)
                && !desk.pages[place.0].text.contains(other.as_str())
        });
        if let Some((other, (_, first))) = near {
            let page = &desk.pages[place.0];
            let message = format!("{} names {name}, who may be {other}.", page.named());
            let hint = "If it is the same person, write the name as it is; else tell the two apart.".into();
            let finding = Finding::new(RULE, Severity::Warning, &format!("{name}/{other}"), message, hint);
            found.push(contradicts(desk, finding, page, place.1.clone(), first));
        }
    }
    found
}

/// One letter apart in one word; in Chinese, one sign that sounds the same.
fn is_near(a: &str, b: &str) -> bool {
    let (x, y): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if x.iter().chain(&y).any(|c| is_own_word(*c)) {
        let apart: Vec<usize> = (0..x.len().min(y.len())).filter(|i| x[*i] != y[*i]).collect();
        let [place] = apart[..] else { return false };
        return x.len() == y.len() && x.len() >= 2 && SOUNDS.iter().any(|group| group.contains(x[place]) && group.contains(y[place]));
    }
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split_whitespace().collect(), b.split_whitespace().collect());
    let apart: Vec<usize> = (0..a.len().min(b.len())).filter(|i| a[*i] != b[*i]).collect();
    let [place] = apart[..] else { return false };
    let (a, b) = (if a.len() == b.len() { a[place] } else { return false }, b[place]);
    let long = a.chars().count().min(b.chars().count());
    let inflected = a.starts_with(b) || b.starts_with(a);
    // `Martin` and `Martina` are two people.
    long >= 5
        && !inflected
        && a.chars().next() == b.chars().next()
        && strsim::damerau_levenshtein(a, b) == 1
        && a.chars().next_back() == b.chars().next_back()
}
