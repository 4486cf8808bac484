//! Plain sentences without end, the same for the same seed.

use std::collections::BTreeSet;

const WHEN: [&str; 24] = [
    "At first light",
    "Before the rain came",
    "Toward evening",
    "Without a word",
    "For the second time that week",
    "After the bell",
    "Against all advice",
    "In the cold of the morning",
    "Long before supper",
    "As the tide went out",
    "When nobody was looking",
    "On the way back",
    "By candlelight",
    "With both hands",
    "Under a low sky",
    "While the others slept",
    "Past the last house",
    "In spite of the wind",
    "Just once",
    "Slowly at first",
    "With great care",
    "At the turn of the road",
    "During the long silence",
    "Between two trains",
];
const WHO: [&str; 20] = [
    "the ferryman",
    "the younger sister",
    "the schoolmaster",
    "the woman in grey",
    "the old clerk",
    "the baker's boy",
    "the stranger",
    "the night nurse",
    "the captain",
    "the girl from the mill",
    "the postman",
    "the widow next door",
    "the gardener",
    "the piano tuner",
    "the apprentice",
    "the judge",
    "the lodger",
    "the station keeper",
    "the cook",
    "the surveyor",
];
const DID: [&str; 24] = [
    "carried",
    "forgot",
    "found",
    "counted",
    "hid",
    "mended",
    "studied",
    "burned",
    "opened",
    "weighed",
    "cleaned",
    "copied",
    "sold",
    "buried",
    "turned over",
    "gave away",
    "took apart",
    "measured",
    "painted",
    "lost",
    "borrowed",
    "dropped",
    "wrapped",
    "followed",
];
const WHAT: [&str; 28] = [
    "a brass key",
    "the unsigned letter",
    "a box of lamps",
    "the torn map",
    "an empty cage",
    "the blue notebook",
    "a coil of rope",
    "the second ledger",
    "a pair of wet boots",
    "the photograph",
    "a bottle of ink",
    "the broken clock",
    "a sack of barley",
    "the silver spoon",
    "a jar of nails",
    "the folded flag",
    "a tin of matches",
    "the heavy curtain",
    "a crate of oranges",
    "the church register",
    "a bundle of reeds",
    "the spare oar",
    "a coat with one sleeve",
    "the list of names",
    "a bag of salt",
    "the garden gate",
    "a stack of plates",
    "the last telegram",
];
const WHERE: [&str; 24] = [
    "behind the boathouse",
    "in the long corridor",
    "under the stairs",
    "by the frozen pump",
    "near the orchard wall",
    "at the edge of the marsh",
    "on the upper landing",
    "inside the chapel",
    "below the weir",
    "in the back kitchen",
    "beside the rails",
    "on the stone bench",
    "at the foot of the hill",
    "in the map room",
    "between the barns",
    "under the bridge",
    "at the customs shed",
    "in the attic",
    "beyond the lime kiln",
    "on the roof",
    "along the canal",
    "in the reading room",
    "at the far table",
    "outside the infirmary",
];
const WHY: [&str; 16] = [
    "and told no one",
    "and waited for an answer",
    "as if it had always been so",
    "and thought of the winter before",
    "because a promise was a promise",
    "and felt the day grow lighter",
    "though the door stood open",
    "and laughed at last",
    "until the lamp went out",
    "and began again",
    "so that the children would not see",
    "and kept the rest for later",
    "with the dog close behind",
    "and wrote the hour down",
    "before anyone could object",
    "and walked on",
];
const ADJECTIVES: [&str; 20] = [
    "Quiet", "Broken", "Salt", "Northern", "Borrowed", "Hollow", "Second", "Burning", "Unsigned", "Slow", "Winter", "Paper", "Lower",
    "Gilded", "Patient", "Drowned", "Early", "Crooked", "Open", "Last",
];
const NOUNS: [&str; 23] = [
    "Harbour", "Ledger", "Orchard", "Bell", "Crossing", "Lantern", "Verdict", "Garden", "Tide", "Key", "Letter", "Mill", "Road", "Winter",
    "Map", "Window", "Bridge", "Station", "Clock", "Witness", "River", "Debt", "Song",
];

const ZH_WHEN: [&str; 16] = [
    "天刚亮时",
    "雨还没来",
    "傍晚时分",
    "钟声过后",
    "趁着没人留意",
    "回来的路上",
    "灯下",
    "众人睡去以后",
    "过了最后一户人家",
    "起风的时候",
    "沉默许久",
    "第二天清早",
    "退潮之后",
    "临近年关",
    "隔着一道矮墙",
    "转过街角",
];
const ZH_WHO: [&str; 12] = [
    "摆渡的老人",
    "小妹妹",
    "教书先生",
    "穿灰衣的女人",
    "老账房",
    "面包铺的伙计",
    "那个陌生人",
    "夜班护士",
    "船长",
    "磨坊家的姑娘",
    "邮差",
    "园丁",
];
const ZH_DID: [&str; 16] =
    ["捡起", "藏好", "数清", "修好", "细看", "烧掉", "打开", "称过", "擦净", "抄下", "埋下", "翻检", "送走", "拆开", "量过", "收起"];
const ZH_WHAT: [&str; 20] = [
    "一把铜钥匙",
    "那封没署名的信",
    "一箱油灯",
    "撕破的地图",
    "空鸟笼",
    "蓝皮笔记本",
    "一捆麻绳",
    "第二本账簿",
    "一双湿靴子",
    "旧照片",
    "半瓶墨水",
    "停摆的钟",
    "一袋大麦",
    "银汤匙",
    "一罐铁钉",
    "折好的旗子",
    "一盒火柴",
    "厚重的窗帘",
    "一筐橘子",
    "最后一份电报",
];
const ZH_WHERE: [&str; 16] = [
    "在船屋后面",
    "在长廊尽头",
    "在楼梯底下",
    "在结冰的水泵旁",
    "在果园墙边",
    "在沼泽边上",
    "在教堂里",
    "在水坝下",
    "在后厨",
    "在铁轨旁",
    "在石凳上",
    "在山脚下",
    "在阁楼里",
    "在桥下",
    "在运河边",
    "在阅览室里",
];
const ZH_WHY: [&str; 12] = [
    "没有对任何人说起",
    "静静等着回音",
    "想起前一个冬天",
    "终于笑了出来",
    "直到灯灭",
    "又从头来过",
    "把剩下的留到以后",
    "记下了钟点",
    "门却一直开着",
    "像是向来如此",
    "心里慢慢亮起来",
    "继续往前走",
];

pub(super) struct Writer {
    state: u64,
    chinese: bool,
    written: BTreeSet<String>,
}

impl Writer {
    pub(super) fn new(seed: u64, chinese: bool) -> Self {
        Self { state: seed, chinese, written: BTreeSet::new() }
    }

    /// The length of `text` in words, or in characters where it is Chinese.
    pub(super) fn count(&self, text: &str) -> usize {
        if self.chinese { text.chars().filter(|c| !c.is_whitespace()).count() } else { text.split_whitespace().count() }
    }

    /// Paragraphs that together have at least `length` words, and hardly more.
    pub(super) fn prose(&mut self, length: usize) -> String {
        let mut paragraphs = Vec::new();
        let mut have = 0;
        while have < length {
            let usual = if self.chinese { 120 } else { 60 } + self.below(40);
            let paragraph = self.paragraph(usual.min(length - have));
            have += self.count(&paragraph);
            paragraphs.push(paragraph);
        }
        paragraphs.join("\n\n")
    }

    /// One paragraph of at least `length` words that was not written before.
    pub(super) fn paragraph(&mut self, length: usize) -> String {
        let mut sentences = Vec::new();
        let mut have = 0;
        while have < length {
            let sentence = self.sentence();
            have += self.count(&sentence);
            sentences.push(sentence);
        }
        let paragraph = sentences.join(if self.chinese { "" } else { " " });
        if self.written.insert(paragraph.clone()) { paragraph } else { self.paragraph(length) }
    }

    pub(super) fn sentence(&mut self) -> String {
        if self.chinese {
            let [when, who, did] = [self.one(&ZH_WHEN), self.one(&ZH_WHO), self.one(&ZH_DID)];
            let [what, place, why] = [self.one(&ZH_WHAT), self.one(&ZH_WHERE), self.one(&ZH_WHY)];
            return format!("{when}，{who}{place}{did}{what}，{why}。");
        }
        let [when, who, did] = [self.one(&WHEN), self.one(&WHO), self.one(&DID)];
        let [what, place, why] = [self.one(&WHAT), self.one(&WHERE), self.one(&WHY)];
        match self.below(3) {
            0 => format!("{when}, {who} {did} {what} {place} {why}."),
            1 => format!("{when}, {place}, {who} {did} {what} {why}."),
            _ => format!("{when} {who} {did} {what} {place}, {why}."),
        }
    }

    /// A title that no other number has, up to 460.
    pub(super) fn title(&self, number: u64) -> String {
        let number = usize::try_from(number).unwrap_or(0);
        let (adjective, noun) = (ADJECTIVES[number % ADJECTIVES.len()], NOUNS[number % NOUNS.len()]);
        if self.chinese {
            let (who, what) = (ZH_WHO[number % ZH_WHO.len()], ZH_WHAT[(number + number / 60) % ZH_WHAT.len()]);
            return format!("{who}与{what}");
        }
        format!("The {adjective} {noun}")
    }

    pub(super) fn score(&mut self) -> u64 {
        80 + self.below(15) as u64
    }

    fn one(&mut self, of: &[&'static str]) -> &'static str {
        of[self.below(of.len())]
    }

    /// The next number below `end`: SplitMix64.
    fn below(&mut self, end: usize) -> usize {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % end as u64).unwrap_or(0)
    }
}
