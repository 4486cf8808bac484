use std::collections::BTreeSet;

use story::{
    canonical::canonical_json,
    language::Tongue,
    tasks::{OutlineAnswer, OutlineChapters, OutlinedChapter},
};

use super::{
    dice::Dice,
    draft::ended,
    en,
    grammar::{Grammar, Scope},
    material::Material,
    titles::titles,
};

/// Plans a stretch of chapters along the arc of the book.
pub(super) fn outline(input: &OutlineChapters, dice: &mut Dice) -> OutlineAnswer {
    let mut material = Material::of(&input.brief, &[]);
    // A plan is told in the present and by nobody in it.
    material.present = true;
    material.first = false;
    let total = usize::try_from(input.chapter_count.max(input.to)).unwrap_or(2_000);
    let taken: BTreeSet<String> = input.before.iter().chain(&input.lines).map(|c| c.title.to_lowercase()).collect();
    let all = titles(&material, &canonical_json(&input.brief), total + 400);
    let mut spare = all.iter().skip(total).filter(|t| !taken.contains(&t.to_lowercase()));
    let mut chapters = Vec::new();
    for number in input.from..=input.to {
        let line = input.lines.iter().find(|c| c.number == number);
        let place = usize::try_from(number.saturating_sub(1)).unwrap_or(0);
        let title = match line.map(|l| l.title.trim().to_owned()).filter(|t| !t.is_empty()) {
            Some(title) => title,
            None => all
                .get(place)
                .filter(|t| !taken.contains(&t.to_lowercase()))
                .or_else(|| spare.next())
                .cloned()
                .unwrap_or_else(|| format!("{number}")),
        };
        let mut planner = Planner { material: &material, dice: &mut *dice, number, count: input.chapter_count };
        let (summary, hook) = planner.chapter(input.detailed, line.map(|l| l.summary.trim()).filter(|s| !s.is_empty()));
        chapters.push(OutlinedChapter { number, title, summary, hook });
    }
    OutlineAnswer { chapters }
}

/// Plans with the people of a brief.
pub(super) struct Planner<'a> {
    pub(super) material: &'a Material,
    pub(super) dice: &'a mut Dice,
    pub(super) number: u32,
    pub(super) count: u32,
}

impl Planner<'_> {
    fn chapter(&mut self, detailed: bool, line: Option<&str>) -> (String, Option<String>) {
        let scope = self.scope(true);
        let (n, count) = (self.number, self.count.max(1));
        let last = n >= count;
        let far = n * 100 / count;
        let arc = match far {
            _ if last && count > 1 => "sum.end",
            0..=20 => "sum.setup",
            21..=50 => "sum.rising",
            51..=65 => "sum.turn",
            66..=90 => "sum.crisis",
            _ => "sum.end",
        };
        let first = match line {
            Some(line) => ended(line, self.material.tongue),
            None => self.say(arc, &scope),
        };
        if !detailed {
            return (first, None);
        }
        let mut sentences = vec![first];
        let reveal = (far >= 55 && self.dice.chance(45)).then(|| self.say("reveal", &scope)).filter(|s| !s.is_empty());
        sentences.push(reveal.unwrap_or_else(|| self.say("mid", &scope)));
        sentences.push(if last { self.say("ending", &scope) } else { self.say("change", &scope) });
        let mut told = self.material.clone();
        told.present = self.told_in_present();
        let mut hooks = Planner { material: &told, dice: &mut *self.dice, number: n, count };
        let hook_scope = Scope { present: told.present, ..scope };
        let hook = hooks.say(if last { "hook.end" } else { "hook" }, &hook_scope);
        let sentences: Vec<String> = sentences.into_iter().filter(|s| !s.is_empty()).collect();
        (sentences.join(if self.material.tongue == Tongue::Zh { "" } else { " " }), Some(hook))
    }

    /// Hooks are told as the prose will tell them; the prose brings them into its own tense.
    fn told_in_present(&self) -> bool {
        false
    }

    /// Who acts in this chapter, and with what.
    pub(super) fn scope(&mut self, lead_first: bool) -> Scope {
        let m = self.material;
        let size = m.people.len();
        let lead = m.lead().unwrap_or(0);
        let turn = usize::try_from(self.number).unwrap_or(0) + self.dice.below(size.max(1));
        let mut others: Vec<usize> = (0..size).map(|i| (i + turn) % size).filter(|i| *i != lead).collect();
        let a = if lead_first || size < 2 || self.dice.chance(70) { lead } else { others.remove(0) };
        if a != lead {
            others.insert(0, lead);
        }
        let person = |i: Option<&usize>| i.and_then(|i| m.people.get(*i));
        let b = person(others.first());
        let mut scope = m.scope(m.people.get(a), b, person(others.get(1)));
        let zh = m.tongue == Tongue::Zh;
        let place = self.of(&m.places, "place");
        let thing = self.of(&m.things, "thing");
        let mut topics: Vec<String> = m.things.iter().filter(|t| **t != thing).cloned().collect();
        topics.extend(m.places.iter().take(2).filter(|p| **p != place).cloned());
        let topic = self.of(&topics, "topic");
        let to: Vec<String> = m.places.iter().filter(|p| **p != place).cloned().collect();
        let to = self.of(&to, "to");
        scope.set("inplace", if zh { place.clone() } else { en::phrases::in_place(&place) });
        scope.set("place", place);
        scope.set("thing", thing);
        scope.set("topic", topic);
        scope.set("toplace", if zh { to } else { format!("to {to}") });
        scope.set("bgoal", b.map_or(String::new(), |b| b.goal.clone()));
        scope.set("bsecret", b.map_or(String::new(), |b| b.secret.clone()));
        scope
    }

    fn of(&mut self, list: &[String], deck: &str) -> String {
        let at = self.dice.deal(deck, list.len());
        list.get(at).cloned().unwrap_or_default()
    }

    /// A sentence of a list whose slots all have a value and that says nothing forbidden.
    pub(super) fn say(&mut self, list: &str, scope: &Scope) -> String {
        let grammar = Grammar::of(self.material.tongue);
        let items = grammar.list(list);
        let alone = scope.get("c").is_some_and(|c| matches!(c, "the others" | "旁人"));
        for _ in 0..items.len() {
            let template = items.get(self.dice.deal(list, items.len())).copied().unwrap_or_default();
            let folded = template.to_lowercase();
            let empty = ["goal", "bgoal", "bsecret"]
                .iter()
                .any(|slot| folded.contains(&format!("{{{slot}}}")) && scope.get(slot).unwrap_or_default().is_empty());
            if empty || (alone && folded.contains("{c}")) {
                continue;
            }
            let text = grammar.fill(template, scope, self.dice);
            if !self.material.forbids(&text) {
                return text;
            }
        }
        String::new()
    }
}
