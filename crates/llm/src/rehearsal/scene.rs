use std::collections::BTreeSet;

use story::{
    language::Tongue,
    text::{Length, paragraph_print},
};

use super::{
    dice::Dice,
    en,
    grammar::{Grammar, Scope, capital},
    material::Material,
    zh,
};

/// Where a part of a chapter is set, and with whom.
#[derive(Debug, Clone, Default)]
pub(super) struct Stage {
    pub(super) a: Option<usize>,
    pub(super) b: Option<usize>,
    pub(super) c: Option<usize>,
    pub(super) place: String,
    pub(super) when: String,
    /// What happens, ready to be told.
    pub(super) told: Vec<String>,
    /// What people speak about.
    pub(super) topics: Vec<String>,
    /// What stands out.
    pub(super) things: Vec<String>,
    /// How far the story is, 0 to 100.
    pub(super) far: u32,
}

/// A paragraph, and who acts in it.
#[derive(Debug, Clone)]
pub(super) struct Para {
    pub(super) text: String,
    pub(super) a: Option<usize>,
    pub(super) narration: bool,
}

/// Writes paragraphs none of which stands twice in a book.
///
/// Each paragraph has a number of its own in the book, and what people do while they speak is that number written in lists: no two
/// numbers give the same words.
pub(super) struct Writer<'a> {
    pub(super) material: &'a Material,
    pub(super) grammar: &'static Grammar,
    pub(super) dice: Dice,
    number: usize,
    prints: BTreeSet<String>,
    used: BTreeSet<String>,
}

impl<'a> Writer<'a> {
    /// A writer of chapter `chapter` of a book whose chapters have at most `stride` paragraphs.
    pub(super) fn new(material: &'a Material, dice: Dice, chapter: u32, stride: usize) -> Self {
        let number = usize::try_from(chapter.saturating_sub(1)).unwrap_or(0) * stride;
        Self { material, grammar: Grammar::of(material.tongue), dice, number, prints: BTreeSet::new(), used: BTreeSet::new() }
    }

    pub(super) fn zh(&self) -> bool {
        self.material.tongue == Tongue::Zh
    }

    /// The slots for `a` acting on a stage, with things to handle that no other paragraph has in this way; and the gesture's number.
    pub(super) fn scope(&mut self, stage: &Stage, a: Option<usize>, b: Option<usize>) -> (Scope, usize) {
        let m = self.material;
        let person = |i: Option<usize>| i.and_then(|i| m.people.get(i));
        let mut scope = m.scope(person(a), person(b), person(stage.c));
        let (gesture, obj) = self.object();
        let (_, obj2) = self.spare_object();
        scope.set("obj", obj);
        scope.set("obj2", obj2);
        scope.set("place", stage.place.clone());
        let other = self.dice.pick(&m.places).cloned().unwrap_or_default();
        scope.set("inplace", if self.zh() { stage.place.clone() } else { en::phrases::in_place(&stage.place) });
        scope.set("toplace", if other.is_empty() || self.zh() { other } else { format!("to {other}") });
        scope.set("when", stage.when.clone());
        let topic = self.dice.pick(&stage.topics).cloned().unwrap_or_else(|| stage.place.clone());
        let thing = self.dice.pick(&stage.things).cloned().unwrap_or_else(|| topic.clone());
        scope.set("topic", topic);
        scope.set("thing", thing);
        (scope, gesture)
    }

    /// A gesture's number and an object: the number of the paragraph in the book, written in three lists.
    fn object(&mut self) -> (usize, String) {
        let nouns = self.nouns();
        let adjectives = self.grammar.list("adj");
        let gestures = self.grammar.list("gesture").len().min(self.grammar.list("act").len()).max(1);
        let space = gestures * adjectives.len() * nouns.len();
        self.number += 1;
        // A prime that no list's length shares scatters the numbers and keeps them apart.
        let mut n = self.number.wrapping_mul(7_368_787) % space.max(1);
        let gesture = n % gestures;
        n /= gestures;
        let adjective = adjectives.get(n % adjectives.len().max(1)).copied().unwrap_or_default();
        let noun = nouns.get(n / adjectives.len().max(1)).copied().unwrap_or_default();
        (gesture, self.named(adjective, noun))
    }

    fn spare_object(&mut self) -> (usize, String) {
        let nouns = self.nouns();
        let adjectives = self.grammar.list("adj");
        let adjective = self.dice.pick(adjectives).copied().unwrap_or_default();
        let noun = self.dice.pick(&nouns).copied().unwrap_or_default();
        (0, self.named(adjective, noun))
    }

    fn named(&self, adjective: &str, noun: &str) -> String {
        if self.zh() { format!("{adjective}{noun}") } else { format!("the {adjective} {noun}") }
    }

    fn nouns(&self) -> Vec<&'static str> {
        self.grammar.list("noun").to_vec()
    }

    /// A sentence of a list that fits: nothing forbidden, no slot without a value, not said before in this chapter.
    pub(super) fn sentence(&mut self, list: &str, scope: &Scope) -> Option<String> {
        let items = self.grammar.list(list);
        for attempt in 0..items.len().clamp(1, 12) {
            let template = *items.get(self.dice.deal(list, items.len()))?;
            if ["goal", "bgoal", "secret", "premise", "hook", "guide"]
                .iter()
                .any(|slot| template.to_lowercase().contains(&format!("{{{slot}}}")) && scope.get(slot).unwrap_or_default().is_empty())
            {
                continue;
            }
            let text = self.grammar.fill(template, scope, &mut self.dice);
            if text.is_empty() || self.material.forbids(&text) || (attempt < 6 && self.used.contains(&text)) {
                continue;
            }
            if Length::of(&text).chars > 12 {
                self.used.insert(text.clone());
            }
            return Some(text);
        }
        None
    }

    /// A sentence that says how a stage looks and sounds.
    fn sense(&mut self, scope: &Scope) -> Option<String> {
        let own = format!("sense.{}", self.material.world);
        let list = if self.dice.chance(35) { own.as_str() } else { "sense" };
        self.sentence(list, scope)
    }

    fn join(&self, sentences: Vec<String>) -> String {
        sentences.join(if self.zh() { "" } else { " " })
    }

    /// Someone named at the beginning of one sentence is she or he at the beginning of the next.
    fn with_pronouns(&self, mut sentences: Vec<String>, a: Option<usize>) -> Vec<String> {
        let Some(person) = a.and_then(|i| self.material.people.get(i)) else { return sentences };
        if person.she == person.name || (self.material.first && person.lead) {
            return sentences;
        }
        let zh = self.zh();
        let pronoun = if zh { person.she.clone() } else { capital(&person.she) };
        let mut named = false;
        for sentence in &mut sentences {
            let rest = [&person.name, &person.short]
                .iter()
                .find_map(|name| sentence.strip_prefix(name.as_str()))
                .filter(|rest| zh || rest.starts_with(' '));
            match rest {
                Some(rest) if named => {
                    *sentence = format!("{pronoun}{rest}");
                    named = false;
                }
                Some(_) => named = true,
                None => named = false,
            }
        }
        sentences
    }

    /// Takes a paragraph unless it stands in this chapter already.
    pub(super) fn keep(&mut self, sentences: Vec<Option<String>>, a: Option<usize>, narration: bool) -> Option<Para> {
        let sentences: Vec<String> = sentences.into_iter().flatten().filter(|s| !s.is_empty()).collect();
        if sentences.is_empty() {
            return None;
        }
        let text = self.join(if narration { self.with_pronouns(sentences, a) } else { sentences });
        if self.material.forbids(&text) {
            return None;
        }
        if let Some(print) = paragraph_print(&text)
            && !self.prints.insert(print)
        {
            return None;
        }
        Some(Para { text, a, narration })
    }

    /// Sets the scene.
    pub(super) fn opening(&mut self, stage: &Stage, premise: Option<&str>) -> Option<Para> {
        let (mut scope, _) = self.scope(stage, stage.a, stage.b);
        let open = self.sentence("open", &scope);
        let sense = self.sense(&scope);
        let told = premise.and_then(|premise| {
            scope.set("premise", premise);
            self.sentence("told", &scope)
        });
        // What somebody does here is done in this way in no other paragraph.
        let (next, gesture) = self.scope(stage, stage.a, stage.b);
        let act = self.act(gesture, &next);
        self.keep(vec![open, sense, told, Some(act)], stage.a, true)
    }

    /// Tells what happens.
    pub(super) fn event(&mut self, stage: &Stage) -> Option<Para> {
        let (scope, _) = self.scope(stage, stage.a, stage.b);
        let told: Vec<String> = stage.told.iter().filter(|s| !self.material.forbids(s)).cloned().collect();
        if told.is_empty() {
            return None;
        }
        let around = self.sentence("around", &scope);
        let (next, gesture) = self.scope(stage, stage.a, stage.b);
        let act = self.act(gesture, &next);
        let last = if self.dice.chance(50) { self.sentence("around", &next) } else { None };
        let mut all: Vec<Option<String>> = told.into_iter().map(Some).collect();
        all.extend([around, Some(act), last]);
        self.keep(all, stage.a, true)
    }

    /// What the one whom we follow makes of it.
    pub(super) fn reaction(&mut self, stage: &Stage) -> Option<Para> {
        let (mut scope, gesture) = self.scope(stage, stage.a, stage.b);
        let act = self.act(gesture, &scope);
        let react = self.sentence("react", &scope);
        let m = self.material;
        let a = stage.a.and_then(|i| m.people.get(i));
        let b = stage.b.and_then(|i| m.people.get(i));
        let mut deep = None;
        if let Some(a) = a
            && self.dice.chance(30)
        {
            let goal = self.about(&a.goal, stage.a);
            scope.set("goal", goal);
            deep = self.sentence("want", &scope);
        } else if let Some(a) = a.filter(|a| !a.secret.is_empty())
            && self.dice.chance(25)
            && (a.lead || !m.first)
        {
            let secret = self.about(&a.secret, stage.a);
            if safe(&secret) {
                scope.set("secret", secret);
                deep = self.sentence("own_secret", &scope);
            }
        } else if let Some(b) = b.filter(|b| !b.secret.is_empty())
            && stage.far >= 65
            && self.dice.chance(30)
        {
            let secret = self.about(&b.secret, None);
            if safe(&secret) {
                scope.set("secret", secret);
                deep = self.sentence("other_secret", &scope);
            }
        }
        let (next, _) = self.scope(stage, stage.a, stage.b);
        let more = if self.dice.chance(55) { self.sentence("react", &next) } else { None };
        let lead_in = self.dice.chance(50);
        let all = if lead_in { vec![Some(act), react, deep, more] } else { vec![react, deep, Some(act), more] };
        self.keep(all, stage.a, true)
    }

    /// What a brief says of someone, told by `teller`: the one who tells says I.
    fn about(&self, text: &str, teller: Option<usize>) -> String {
        let m = self.material;
        let me = m.first && teller.is_some() && teller == m.lead();
        match m.tongue {
            Tongue::Zh if me => text.replace(['她', '他'], "我"),
            Tongue::Zh => text.to_owned(),
            Tongue::En => {
                let past = if m.present { text.to_owned() } else { en::phrases::in_past(text, &m.names()) };
                if me { en::person::pronouns_to_first(&past) } else { past }
            }
        }
    }

    /// A look around.
    pub(super) fn detail(&mut self, stage: &Stage) -> Option<Para> {
        let (scope, gesture) = self.scope(stage, stage.a, stage.b);
        let first = self.sense(&scope);
        let act = self.act(gesture, &scope);
        let (next, _) = self.scope(stage, stage.a, stage.b);
        let second = self.sense(&next);
        let around = if self.dice.chance(40) { self.sentence("react", &next) } else { None };
        self.keep(vec![first, Some(act), second, around], stage.a, true)
    }

    /// The way from one part to the next.
    pub(super) fn link(&mut self, stage: &Stage) -> Option<Para> {
        let (scope, gesture) = self.scope(stage, stage.a, stage.b);
        let link = if stage.b.is_some() { self.sentence("link", &scope) } else { self.sentence("around", &scope) };
        let act = self.act(gesture, &scope);
        let (next, _) = self.scope(stage, stage.a, stage.b);
        let sense = self.sense(&next);
        self.keep(vec![link, Some(act), sense], stage.a, true)
    }

    /// The last paragraph.
    pub(super) fn closing(&mut self, stage: &Stage, hook: &str) -> Option<Para> {
        let (mut scope, gesture) = self.scope(stage, stage.a, stage.b);
        let last = if hook.is_empty() || self.material.forbids(hook) {
            self.sentence("tail", &scope)
        } else {
            scope.set("hook", hook);
            self.sentence("hooked", &scope)
        };
        let sense = self.sense(&scope);
        let act = self.act(gesture, &scope);
        self.keep(vec![sense, Some(act), last], stage.a, true)
    }

    /// Words that somebody finds written.
    pub(super) fn noted(&mut self, stage: &Stage, guide: &str) -> Option<String> {
        let (mut scope, _) = self.scope(stage, stage.a, stage.b);
        scope.set("guide", guide);
        self.sentence("guide", &scope)
    }

    /// One sentence to fill a chapter up with.
    pub(super) fn filler(&mut self, stage: &Stage, list: &str) -> Option<String> {
        let (scope, gesture) = self.scope(stage, stage.a, stage.b);
        match list {
            "act" => Some(self.act(gesture, &scope)).filter(|act| !self.material.forbids(act)),
            "sense" => self.sense(&scope),
            _ => self.sentence(list, &scope),
        }
    }

    pub(super) fn act(&mut self, gesture: usize, scope: &Scope) -> String {
        let template = self.grammar.list("act").get(gesture).copied().unwrap_or_default();
        self.grammar.fill(template, scope, &mut self.dice)
    }

    /// What follows from a text for first person and tense.
    pub(super) fn tell(&self, sentence: &str) -> String {
        let m = self.material;
        let lead = m.lead().and_then(|i| m.people.get(i)).filter(|_| m.first);
        match m.tongue {
            Tongue::Zh => match lead {
                Some(lead) => {
                    let others = m.people.iter().any(|p| p.name != lead.name && sentence.contains(&p.name));
                    let told = sentence.replace(&lead.name, "我");
                    if others { told } else { told.replace(['她', '他'], "我") }
                }
                None => sentence.to_owned(),
            },
            Tongue::En => {
                let told = if m.present { sentence.to_owned() } else { en::phrases::in_past(sentence, &m.names()) };
                match lead {
                    Some(lead) => {
                        let others = m.people.iter().any(|p| p.name != lead.name && p.she == lead.she && told.contains(&p.name));
                        en::person::to_first(&told, &lead.name, !others)
                    }
                    None => told,
                }
            }
        }
    }

    /// What people can speak of in a sentence.
    pub(super) fn topics_of(&self, text: &str) -> Vec<String> {
        let names = self.material.names();
        match self.material.tongue {
            Tongue::En => en::phrases::noun_phrases(text, &names),
            Tongue::Zh => {
                let (places, things) = zh::phrases::named(text, &names);
                let known = self.material.things.iter().chain(&self.material.places).filter(|t| text.contains(t.as_str())).cloned();
                known.chain(things).chain(places).collect()
            }
        }
    }
}

/// Whether a text can be told in narration without anybody being taken for dead by it.
fn safe(text: &str) -> bool {
    !["die", "dead", "kill", "murder", "drown", "死", "杀", "亡", "殒"].iter().any(|word| text.to_lowercase().contains(word))
}
