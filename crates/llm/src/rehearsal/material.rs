use story::{brief::Character, language::Tongue, tasks::BriefView};

use super::{
    alive,
    dice::Dice,
    en,
    grammar::{Grammar, Scope},
    zh,
};

/// What a brief gives to write from: its people, places, things and the words for them.
#[derive(Debug, Clone)]
pub(super) struct Material {
    pub(super) tongue: Tongue,
    pub(super) people: Vec<Person>,
    /// The brief's own places first, then those of its world.
    pub(super) places: Vec<String>,
    pub(super) things: Vec<String>,
    /// Sentences of premise and logline.
    pub(super) premise: Vec<String>,
    pub(super) world: &'static str,
    pub(super) first: bool,
    pub(super) present: bool,
    /// Whether people go by their short names: in prose, not in plans.
    pub(super) familiar: bool,
    pub(super) forbidden: Vec<String>,
}

/// One of the cast, as the prose needs it.
#[derive(Debug, Clone, Default)]
pub(super) struct Person {
    pub(super) name: String,
    /// Mara for Mara Vane; the whole name where a title leads it.
    pub(super) short: String,
    pub(super) she: String,
    pub(super) her: String,
    pub(super) her_o: String,
    pub(super) herself: String,
    /// After a colon; empty where the brief has none.
    pub(super) goal: String,
    pub(super) secret: String,
    /// A word that the character's voice is known by.
    pub(super) catchword: Option<String>,
    /// Whether the character speaks in few words.
    pub(super) terse: bool,
    pub(super) lead: bool,
}

impl Material {
    /// The material of a brief, without the people who are dead.
    pub(super) fn of(brief: &BriefView, dead: &[String]) -> Self {
        let tongue = Tongue::of(&brief.language);
        let mut all: Vec<Person> = brief.characters_or_default(tongue);
        let leads = all.iter().filter(|p| p.lead).count();
        if leads == 0
            && let Some(first) = all.first_mut()
        {
            first.lead = true;
        }
        for i in 0..all.len() {
            if all.iter().filter(|p| p.short == all[i].short).count() > 1 {
                all[i].short = all[i].name.clone();
            }
        }
        let names: Vec<String> = brief.cast.iter().flat_map(|c| std::iter::once(&c.name).chain(&c.aliases).cloned()).collect();
        // Whoever is dead has no part, by whichever of their names they are called so.
        let is_dead = |person: &Person| {
            brief
                .cast
                .iter()
                .filter(|c| c.name.trim() == person.name)
                .flat_map(|c| std::iter::once(&c.name).chain(&c.aliases))
                .any(|n| dead.contains(n))
                || dead.contains(&person.name)
        };
        all.retain(|p| !is_dead(p));
        let says_dead = |text: &str| dead.iter().any(|d| text.contains(d.as_str()));
        let mut places = Vec::new();
        let mut things = Vec::new();
        let texts = [&brief.setting, &brief.premise, &brief.logline];
        let more: Vec<&String> = brief.cast.iter().flat_map(|c| [&c.goal, &c.secret, &c.description]).flatten().collect();
        for (n, text) in texts.into_iter().chain(more).enumerate() {
            let (some_places, some_things) = match tongue {
                Tongue::Zh => zh::phrases::named(text, &names),
                Tongue::En => {
                    let phrases = en::phrases::noun_phrases(text, &names);
                    let (some_places, rest): (Vec<_>, Vec<_>) = phrases.into_iter().partition(|p| en::phrases::is_place(p));
                    // What a setting names without being a place is no thing that anyone can hold.
                    (some_places, if n == 0 { Vec::new() } else { rest.into_iter().filter(|p| p.starts_with("the ")).collect() })
                }
            };
            add(&mut places, some_places);
            add(&mut things, some_things);
        }
        places.truncate(6);
        things.truncate(10);
        let world = world(brief, tongue);
        let grammar = Grammar::of(tongue);
        let mut spare = Dice::of(&[&brief.title, &brief.premise, &brief.setting, "places"]);
        let mut more: Vec<String> = grammar.list(&format!("places.{world}")).iter().map(|p| (*p).to_owned()).collect();
        spare.shuffle(&mut more);
        let wanted = 7_usize.saturating_sub(places.len()).max(3);
        add(&mut places, more.into_iter().take(wanted).collect());
        if things.len() < 4 {
            let mut more: Vec<String> =
                grammar.list("prop").iter().map(|n| if tongue == Tongue::En { format!("the {n}") } else { (*n).to_owned() }).collect();
            spare.shuffle(&mut more);
            let wanted = 5 - things.len();
            add(&mut things, more.into_iter().take(wanted).collect());
        }
        let premise = sentences(&[&brief.premise, &brief.logline]).into_iter().filter(|s| !says_dead(s)).collect();
        for person in &mut all {
            if says_dead(&person.goal) {
                person.goal.clear();
            }
            if says_dead(&person.secret) {
                person.secret.clear();
            }
        }
        places.retain(|p| !says_dead(p));
        things.retain(|t| !says_dead(t));
        Self {
            tongue,
            people: all,
            places,
            things,
            premise,
            world,
            first: brief.pov == "first",
            present: tongue == Tongue::En && brief.tense.to_lowercase().contains("present"),
            familiar: false,
            forbidden: brief.forbidden.iter().map(|f| f.trim().to_lowercase()).filter(|f| !f.is_empty()).collect(),
        }
    }

    /// The index of the one whom the story follows, if that one lives.
    pub(super) fn lead(&self) -> Option<usize> {
        self.people.iter().position(|p| p.lead)
    }

    /// All names.
    pub(super) fn names(&self) -> Vec<String> {
        self.people.iter().map(|p| p.name.clone()).collect()
    }

    /// Whether `text` says what the brief forbids.
    pub(super) fn forbids(&self, text: &str) -> bool {
        !self.forbidden.is_empty() && {
            let folded = text.to_lowercase();
            self.forbidden.iter().any(|word| folded.contains(word.as_str()))
        }
    }

    fn call<'p>(&self, person: &'p Person) -> &'p str {
        if self.familiar { &person.short } else { &person.name }
    }

    /// The slots for what `a` does, with `b` near and `c` elsewhere.
    pub(super) fn scope(&self, a: Option<&Person>, b: Option<&Person>, c: Option<&Person>) -> Scope {
        let mut scope = Scope { present: self.present, ..Scope::default() };
        let zh = self.tongue == Tongue::Zh;
        scope.set("world", self.world);
        let nobody = Person::nobody(self.tongue);
        let a = a.unwrap_or(&nobody);
        let is_me = self.first && a.lead;
        scope.first = is_me;
        let me = ["I", "I", "my", "me", "myself"];
        let own = [self.call(a), &a.she, &a.her, &a.her_o, &a.herself];
        for (n, slot) in ["a", "she", "her", "her_o", "herself"].into_iter().enumerate() {
            let value = if !is_me {
                own[n]
            } else if zh {
                "我"
            } else {
                me[n]
            };
            scope.set(slot, value);
        }
        let b_me = self.first && b.is_some_and(|b| b.lead);
        match b {
            Some(_) if b_me => {
                scope.set("b", if zh { "我" } else { "I" });
                scope.set("bo", if zh { "我" } else { "me" });
            }
            Some(b) => {
                scope.set("b", self.call(b));
                scope.set("bo", self.call(b));
            }
            None => {
                scope.set("b", if zh { "另一个人" } else { "somebody" });
                scope.set("bo", if zh { "暗处" } else { "the door" });
            }
        }
        scope.set("voc", b.map_or(if zh { "朋友" } else { "friend" }, |b| self.call(b)));
        scope.set("c", c.map_or(if zh { "旁人" } else { "the others" }, |c| self.call(c)));
        scope.set("goal", a.goal.clone());
        scope.set("bgoal", a.goal.clone());
        scope
    }
}

impl Person {
    fn of(character: &Character, tongue: Tongue) -> Self {
        let about = |field: &Option<String>| field.clone().unwrap_or_default();
        let name = character.name.trim().to_owned();
        let hint = format!("{} {} {}", about(&character.pronouns), about(&character.role), about(&character.description)).to_lowercase();
        let (she, her, her_o, herself) = pronouns(&name, &about(&character.pronouns).to_lowercase(), &hint, tongue);
        let goal = about(&character.goal);
        let secret = about(&character.secret);
        let (goal, secret) = match tongue {
            Tongue::En => (en::phrases::as_goal(&goal), en::phrases::as_secret(&secret, &she)),
            Tongue::Zh => (zh::phrases::as_clause(&goal), zh::phrases::as_clause(&secret)),
        };
        let role = about(&character.role).to_lowercase();
        let lead = ["protagonist", "hero", "lead", "main", "主角", "主人公", "男主", "女主"].iter().any(|word| role.contains(word));
        let voice = about(&character.voice);
        let terse = ["terse", "short", "few words", "dry", "clipped", "curt", "寡言", "简短", "话少", "冷"]
            .iter()
            .any(|word| voice.to_lowercase().contains(word));
        let short = short_name(&name, tongue);
        Self { name, short, she, her, her_o, herself, goal, secret, catchword: catchword(&voice), terse, lead }
    }

    fn nobody(tongue: Tongue) -> Self {
        match tongue {
            Tongue::En => Self {
                name: "someone".into(),
                short: "someone".into(),
                she: "whoever it was".into(),
                her: "their".into(),
                her_o: "them".into(),
                herself: "alone".into(),
                ..Self::default()
            },
            Tongue::Zh => Self {
                name: "有人".into(),
                short: "有人".into(),
                she: "那人".into(),
                her: "那人".into(),
                her_o: "那人".into(),
                herself: "那人".into(),
                ..Self::default()
            },
        }
    }
}

/// What people are called once they are known: Lettice for Mayor Lettice Bray, and all of Constable Hale.
pub(super) fn short_name(name: &str, tongue: Tongue) -> String {
    const TITLES: &[&str] = &[
        "admiral",
        "archbishop",
        "aunt",
        "baron",
        "baroness",
        "bishop",
        "brother",
        "captain",
        "chief",
        "colonel",
        "commander",
        "constable",
        "count",
        "countess",
        "dame",
        "detective",
        "doctor",
        "dr",
        "duchess",
        "duke",
        "emperor",
        "empress",
        "father",
        "general",
        "governor",
        "grandfather",
        "grandmother",
        "granny",
        "inspector",
        "judge",
        "king",
        "lady",
        "lieutenant",
        "lord",
        "madam",
        "madame",
        "major",
        "master",
        "mayor",
        "miss",
        "mistress",
        "mother",
        "mr",
        "mrs",
        "ms",
        "nurse",
        "officer",
        "old",
        "pastor",
        "president",
        "prince",
        "princess",
        "private",
        "professor",
        "queen",
        "rev",
        "reverend",
        "saint",
        "senator",
        "sergeant",
        "sheriff",
        "sir",
        "sister",
        "st",
        "the",
        "uncle",
        "widow",
        "young",
    ];
    if tongue == Tongue::Zh {
        return name.to_owned();
    }
    let words: Vec<&str> = name.split_whitespace().collect();
    let titles = words.iter().take_while(|w| TITLES.contains(&w.trim_end_matches('.').to_lowercase().as_str())).count();
    match words.get(titles) {
        // After a title a single word is no first name, and The Grey Man has none.
        Some(_) if titles > 0 && words.len() == titles + 1 => name.to_owned(),
        Some(_) if words.first().is_some_and(|w| w.eq_ignore_ascii_case("the")) => name.to_owned(),
        Some(first) if first.chars().count() > 1 => (*first).to_owned(),
        _ => name.to_owned(),
    }
}

trait Cast {
    fn characters_or_default(&self, tongue: Tongue) -> Vec<Person>;
}

impl Cast for BriefView {
    /// The cast; where the brief names nobody, two people whom the brief's own words choose.
    fn characters_or_default(&self, tongue: Tongue) -> Vec<Person> {
        let mut people: Vec<Person> =
            self.cast.iter().filter(|c| !c.name.trim().is_empty() && !alive::is_dead(c, tongue)).map(|c| Person::of(c, tongue)).collect();
        if people.is_empty() {
            let mut dice = Dice::of(&[&self.title, &self.premise, &self.setting, &self.logline, "cast"]);
            let mut names: Vec<(&str, &str)> = match tongue {
                Tongue::En => vec![
                    ("Anna Reed", "she/her"),
                    ("Thomas Vale", "he/him"),
                    ("Ruth Carey", "she/her"),
                    ("Daniel Marsh", "he/him"),
                    ("Clara Finch", "she/her"),
                ],
                Tongue::Zh => vec![("林舟", "他"), ("苏婉", "她"), ("陈默", "他"), ("许知秋", "她"), ("周砚", "他")],
            };
            dice.shuffle(&mut names);
            people = names
                .iter()
                .take(3)
                .map(|(name, pronouns)| {
                    Person::of(&Character { name: (*name).into(), pronouns: Some((*pronouns).into()), ..Character::default() }, tongue)
                })
                .collect();
        }
        people
    }
}

/// The word that a voice is quoted with: `says “aye”` gives aye.
fn catchword(voice: &str) -> Option<String> {
    let open = voice.find(['“', '"', '‘', '「'])?;
    // A word that is never said is none.
    let lead = voice[..open].to_lowercase();
    if ["never", "not ", "avoids", "不说", "从不", "不提", "绝不", "避"].iter().any(|word| lead.contains(word)) {
        return None;
    }
    let rest = &voice[open..];
    let rest = &rest[rest.chars().next().map_or(0, char::len_utf8)..];
    let word = &rest[..rest.find(['”', '"', '’', '」'])?];
    let word = word.trim().trim_end_matches([',', '.', '，', '。']);
    (1..=16).contains(&word.chars().count()).then(|| word.to_owned())
}

fn pronouns(name: &str, said: &str, hint: &str, tongue: Tongue) -> (String, String, String, String) {
    let words = |list: &[&str]| hint.split(|c: char| !c.is_alphanumeric()).any(|word| list.contains(&word));
    let female = words(&["she", "her", "woman", "girl", "sister", "mother", "daughter", "wife", "widow", "queen", "female", "aunt"])
        || ["她", "女", "姑娘", "妹", "姐", "母亲", "夫人"].iter().any(|w| hint.contains(w));
    let male = words(&["he", "him", "his", "man", "boy", "brother", "father", "son", "husband", "king", "male", "uncle"])
        || ["他", "男", "少年", "父亲", "兄", "弟"].iter().any(|w| hint.contains(w));
    // What the brief says of the pronouns counts before what it says of the person.
    let female = if said.is_empty() { female } else { said.starts_with("she") || said.contains('她') };
    let male = if said.is_empty() { male && !female } else { said.starts_with("he") || said.contains('他') };
    match (tongue, female, male) {
        (Tongue::En, true, _) => ("she".into(), "her".into(), "her".into(), "herself".into()),
        (Tongue::En, _, true) => ("he".into(), "his".into(), "him".into(), "himself".into()),
        (Tongue::En, ..) => (name.into(), "their".into(), "them".into(), "themself".into()),
        (Tongue::Zh, true, _) => ("她".into(), "她".into(), "她".into(), "她自己".into()),
        (Tongue::Zh, ..) => ("他".into(), "他".into(), "他".into(), "他自己".into()),
    }
}

/// The kind of world a brief is set in; `any` where its words are not plain about it.
fn world(brief: &BriefView, tongue: Tongue) -> &'static str {
    let text = format!("{} {} {} {}", brief.genre, brief.setting, brief.premise, brief.logline).to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let has = |list: &[&str]| list.iter().any(|word| if tongue == Tongue::Zh { text.contains(word) } else { words.contains(word) });
    if has(&["spaceship", "starship", "spacecraft", "orbit", "galaxy", "galactic", "飞船", "太空", "星际", "星舰", "空间站", "火星"])
    {
        "space"
    } else if has(&["仙侠", "武侠", "江湖", "修真", "玄幻", "宗门", "王爷", "王朝"]) {
        "old"
    } else if has(&["lighthouse", "island", "harbour", "harbor", "fishing", "sailor", "tide", "灯塔", "海岛", "渔村", "海边", "码头"])
    {
        "coast"
    } else if has(&["castle", "knight", "knights", "medieval", "dragon", "sword", "kingdom", "abbey", "monk"]) {
        "old"
    } else if has(&["phone", "office", "subway", "police", "laptop", "手机", "地铁", "公司", "小区", "都市", "电脑"]) {
        if tongue == Tongue::Zh { "now" } else { "city" }
    } else {
        "any"
    }
}

fn add(list: &mut Vec<String>, more: Vec<String>) {
    for item in more {
        if !list.iter().any(|known| known.eq_ignore_ascii_case(&item)) {
            list.push(item);
        }
    }
}

/// The sentences of some texts, without what would look wrong inside quotation marks.
pub(super) fn sentences(texts: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for text in texts {
        for sentence in super::read::sentences::split(text) {
            let sentence = sentence.split_whitespace().collect::<Vec<_>>().join(" ").replace(['“', '”', '"'], "");
            if sentence.chars().count() >= 4 && !found.contains(&sentence) {
                found.push(sentence);
            }
        }
    }
    found
}
