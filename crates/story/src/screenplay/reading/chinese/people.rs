//! Who there is in a Chinese text: names that stand before verbs of speech, and from the cast.

use std::collections::BTreeMap;

use super::clauses::{TOWARDS, verb, without_lead, without_manner};
use crate::screenplay::reading::CastName;

/// People without a name, in any story.
const ROLES: &[&str] = &[
    "众人",
    "大家",
    "众姊妹",
    "众丫鬟",
    "众小厮",
    "丫鬟们",
    "丫头们",
    "丫鬟",
    "丫头",
    "小丫头们",
    "小丫头",
    "小厮们",
    "小厮",
    "婆子们",
    "婆子",
    "嬷嬷",
    "老爷",
    "太太",
    "夫人",
    "公子",
    "小姐",
    "先生",
    "孩子",
    "老人",
    "老头",
    "老太太",
    "女人",
    "男人",
    "少年",
    "少女",
    "姑娘",
    "和尚",
    "道人",
    "道士",
    "店小二",
    "掌柜",
    "士兵",
    "侍卫",
    "太监",
    "皇上",
    "皇后",
    "陛下",
    "将军",
    "警察",
    "医生",
    "护士",
    "老师",
    "司机",
    "老板",
    "秘书",
    "保安",
    "记者",
    "母亲",
    "父亲",
    "妈妈",
    "爸爸",
    "管家",
    "妻子",
    "丈夫",
    "哥哥",
    "姐姐",
    "弟弟",
    "妹妹",
    "爷爷",
    "奶奶",
    "媳妇",
    "家人",
    "下人",
    "仆人",
    "门子",
    "差役",
];

const SURNAMES: &str = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁荀羊甄曲家封芮储靳段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴苍双闻莘党翟谭贡劳姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀浦尚农温别庄晏柴瞿阎连习艾容向古易慎戈廖庾终居衡步都耿满弘匡国文寇广禄东欧沃利蔚越隆师巩聂晁勾敖融冷辛阚那简饶空曾沙养鞠须丰巢关相查后荆红游权";

/// A clause that may name a speaker.
#[derive(Debug, Clone, Copy)]
pub(super) enum Leading<'a> {
    /// It holds the verb of speech.
    Says(&'a str),
    /// It stands right before one that does and names nobody.
    Before(&'a str),
}

/// The people of a text.
#[derive(Debug, Default)]
pub(super) struct People {
    /// Every name in use to the one that the script uses, the longest first.
    names: Vec<(String, String)>,
}

impl People {
    /// From the cast and from the clauses that bring speech in.
    pub(super) fn new(text: &str, cast: &[CastName], clauses: &[Leading<'_>]) -> Self {
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        for person in cast {
            for name in std::iter::once(&person.name).chain(&person.aliases) {
                names.insert(name.clone(), person.name.clone());
            }
        }
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for clause in clauses {
            let name = match clause {
                Leading::Says(clause) => candidate(clause),
                // 邢夫人听说: a clause before the verb names somebody where it goes on with how.
                Leading::Before(clause) => candidate(clause).filter(|name| !clause.ends_with(name.as_str())),
            };
            let alone = |name: &String| {
                name.starts_with(|c| SURNAMES.contains(c))
                    || ROLES.iter().any(|r| name.ends_with(r))
                    || named_so(name)
                    || text.matches(name.as_str()).count() > 1
            };
            if let Some(name) = name.filter(|name| name.chars().count() > 1 && alone(name)) {
                *counts.entry(name).or_default() += 1;
            }
        }
        for name in acting(text) {
            counts.entry(name).or_insert(1);
        }
        let found: Vec<String> = counts.keys().cloned().collect();
        for name in &found {
            // A longer name that only ends in this one, or this one said fondly: 林黛玉 and 黛玉, 凤姐 and 凤姐儿.
            let plain =
                name.strip_suffix('儿').filter(|p| p.chars().count() > 1 && found.iter().any(|f| f == p)).unwrap_or(name).to_owned();
            let shorter = found.iter().find(|f| {
                f.chars().count() > 1
                    && plain.len() > f.len()
                    && plain.ends_with(f.as_str())
                    && plain.starts_with(|c| SURNAMES.contains(c))
                    && !ROLES.contains(&f.as_str())
            });
            let shown = shorter.cloned().unwrap_or(plain);
            // 雨村拍案: whoever is known acts.
            let begun = found.iter().find(|f| {
                f.chars().count() > 1
                    && name.starts_with(f.as_str())
                    && name != *f
                    && counts[*f] >= counts[name]
                    && !ROLES.iter().any(|r| name.ends_with(r))
            });
            let shown = begun.cloned().unwrap_or(shown);
            let shown = names.get(&shown).cloned().unwrap_or(shown);
            names.entry(name.clone()).or_insert(shown);
        }
        // With the surname before it.
        let given: Vec<(String, String)> =
            names.iter().filter(|(n, _)| n.chars().count() == 2).map(|(n, s)| (n.clone(), s.clone())).collect();
        for (name, shown) in given {
            for (at, _) in text.match_indices(name.as_str()) {
                if let Some(surname) = text[..at].chars().next_back().filter(|c| SURNAMES.contains(*c)) {
                    let full = format!("{surname}{name}");
                    let twice = text.matches(full.as_str()).count() > 1
                        && text[..at - surname.len_utf8()]
                            .chars()
                            .next_back()
                            .is_none_or(|c| !crate::text::is_own_word(c) || "那这说是见".contains(c));
                    if twice {
                        names.entry(full).or_insert_with(|| shown.clone());
                    }
                }
            }
            names.entry(format!("{name}儿")).or_insert(shown);
        }
        let mut names: Vec<(String, String)> = names.into_iter().collect();
        names.sort_by_key(|(name, _)| (std::cmp::Reverse(name.len()), name.clone()));
        Self { names }
    }

    /// Who `text` begins with, and the rest.
    pub(super) fn begins<'a>(&self, text: &'a str) -> Option<(String, &'a str)> {
        let named = self.names.iter().find_map(|(name, shown)| text.strip_prefix(name.as_str()).map(|rest| (shown.clone(), rest)));
        let named = named
            .or_else(|| ROLES.iter().filter_map(|r| text.strip_prefix(r).map(|rest| ((*r).to_owned(), rest))).max_by_key(|(r, _)| r.len()));
        let (name, rest) = named?;
        let owner = rest.starts_with("的")
            || rest.starts_with('之')
            || rest.starts_with('家') && !rest.starts_with("家常")
            || rest.starts_with("道：");
        // 和…一起: whoever stands first speaks for both.
        (!owner).then_some((name, rest))
    }

    /// Who does what `clause` tells, and the rest of it.
    pub(super) fn subject<'a>(&self, clause: &'a str) -> Option<(String, &'a str)> {
        let known = |text: &str| self.begins(text).is_some();
        let clause = without_lead(clause, &known);
        if let Some(found) = self.begins(clause) {
            return Some(found);
        }
        let name = candidate(clause)?;
        let at = clause.find(name.as_str())?;
        let rest = &clause[at + name.len()..];
        // One sign alone stands for the name that ends in it.
        if name.chars().count() == 1 {
            let whole =
                self.names.iter().map(|(_, shown)| shown).find(|shown| shown.ends_with(name.as_str()) && shown.chars().count() == 2)?;
            return Some((whole.clone(), rest));
        }
        let known = self.names.iter().find(|(n, _)| *n == name).map(|(_, shown)| shown.clone());
        let shown = known.or_else(|| named_so(&name).then_some(name))?;
        Some((shown, rest))
    }
}

/// Somebody who is no more than one of several: 那些人, 几个人.
fn named_so(name: &str) -> bool {
    ["那些", "这些", "几个", "众"].iter().any(|lead| name.starts_with(lead))
}

/// The words of a clause that stand where a name stands: before a verb of speech, what says how left out.
pub(super) fn candidate(clause: &str) -> Option<String> {
    let clause = without_lead(clause, &|_| false);
    let mut head = verb(clause).map_or(clause, |(before, _)| before);
    for towards in TOWARDS {
        if let Some(at) = head.find(towards) {
            head = &head[..at];
        }
    }
    let mut head = without_manner(head);
    // Of a long phrase only what it comes down to: 一个穿红绫袄的丫鬟, 贾赦之妻邢氏, 二门上小厮们.
    if head.chars().count() > 4 {
        for part in ["的", "之妻", "之子", "之女", "之母", "之父"] {
            if let Some(at) = head.rfind(part)
                && at + part.len() < head.len()
            {
                head = without_manner(&head[at + part.len()..]);
            }
        }
        if let Some(at) = ["几个", "众"].iter().filter_map(|lead| head.find(lead)).min() {
            head = &head[at..];
        }
        // 管家陈伯
        if let Some(name) =
            ROLES.iter().filter_map(|r| head.strip_prefix(*r)).find(|n| n.chars().count() > 1 && n.starts_with(|c| SURNAMES.contains(c)))
        {
            head = name;
        }
        if let Some(role) = ROLES.iter().filter(|r| head.ends_with(**r)).max_by_key(|r| r.len()) {
            head = role;
        }
    }
    let size = head.chars().count();
    let odd = head.chars().any(|c| {
        !crate::text::is_own_word(c)
            || "了着过他她它我你您不是在把被将给就为从到得去来上下里外这哪什么怎样谁何没有会要能可说道问笑想听看见心话声头手眼口气一"
                .contains(c)
    });
    let odd = odd && !named_so(head) && !ROLES.contains(&head);
    ((1..=4).contains(&size) && !odd).then(|| head.to_owned())
}

/// How often a name must begin a clause, and how many different signs must follow it; with a surname twice is enough.
const OFTEN: usize = 4;

/// Names that begin clauses again and again, whatever follows: people who act and may never speak.
fn acting(text: &str) -> Vec<String> {
    let mut seen: BTreeMap<String, BTreeMap<char, usize>> = BTreeMap::new();
    for (_, clause) in super::clauses::split(text) {
        let rest: Vec<char> = without_lead(clause, &|_| false).chars().take(4).collect();
        for size in 2..=3 {
            if let Some(next) = rest.get(size) {
                *seen.entry(rest[..size].iter().collect()).or_default().entry(*next).or_default() += 1;
            }
        }
    }
    let name = |(name, next): (&String, &BTreeMap<char, usize>)| {
        let times: usize = next.values().sum();
        let family = name.starts_with(|c| SURNAMES.contains(c));
        let given = name.chars().count() == 2;
        let alone = candidate(name).is_some_and(|c| c == *name) && verb(name).is_none() && without_manner(name) == name;
        let acts = next.keys().filter(|c| "道说笑问听看见忙便又因也是想只方自拉点起回把将没推站坐走拿抬低转伸".contains(**c)).count();
        // 王小 is no name where 明 always follows.
        let longer = given && next.iter().any(|(c, n)| times > 1 && *n == times && !"道说笑问".contains(*c));
        let enough =
            if family { times > 1 && next.len() > 1 && acts > 1 } else { given && times >= OFTEN && next.len() >= OFTEN && acts > 2 };
        (enough && alone && !longer).then(|| name.clone())
    };
    seen.iter().filter_map(name).collect()
}
