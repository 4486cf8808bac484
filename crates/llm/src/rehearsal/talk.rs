use story::language::Tongue;

use super::{
    en,
    grammar::{Scope, capital},
    read::sentences,
    scene::{Para, Stage, Writer},
};

impl Writer<'_> {
    /// Somebody says something of the list `list`. The one who acts in the slots is the one who speaks.
    pub(super) fn turn(&mut self, stage: &Stage, speaker: Option<usize>, listener: Option<usize>, list: &str) -> Option<Para> {
        let (mut scope, gesture) = self.scope(stage, speaker, listener);
        let person = speaker.and_then(|i| self.material.people.get(i));
        if let Some(person) = person {
            let goal = match self.material.tongue {
                Tongue::En => en::person::pronouns_to_first(&person.goal),
                Tongue::Zh => person.goal.replace(['她', '他'], "我"),
            };
            scope.set("bgoal", goal);
        }
        let mut line = self.sentence(list, &scope)?;
        let short = person.is_some_and(|p| p.terse) && self.dice.chance(60);
        if short {
            line = sentences::split(&line).first().map_or(line.clone(), |s| (*s).to_owned());
        }
        if let Some(word) = person.and_then(|p| p.catchword.clone())
            && self.dice.chance(30)
        {
            line = if self.zh() { format!("{word}，{line}") } else { format!("{}. {line}", capital(&word)) };
        }
        let quoted = format!("“{line}”");
        // No line is a paragraph by itself: what the speaker does meanwhile stands in no other paragraph of the book.
        let form = self.dice.below(4);
        let text =
            if self.zh() { self.turn_zh(&quoted, form, gesture, &scope, list) } else { self.turn_en(&line, form, gesture, &scope, list) };
        self.keep(vec![Some(text)], speaker, false)
    }

    fn turn_en(&mut self, line: &str, form: usize, gesture: usize, scope: &Scope, list: &str) -> String {
        let act = self.act(gesture, scope);
        let parts = sentences::split(line);
        if form == 0 {
            return format!("{act} “{line}”");
        }
        if form == 1 {
            return format!("“{line}” {act}");
        }
        let said = self.grammar.say(if line.ends_with('?') { "said" } else { "says" }, scope, &mut self.dice);
        let said = if line.ends_with('?') && list != "claim" {
            said
        } else {
            said.replace("Asked", "Said").replace("Asks", "Says").replace("Ask", "Say")
        };
        let gesture = self.grammar.list("gesture").get(gesture).copied().unwrap_or_default();
        let mut doing = String::new();
        let filled = self.grammar.fill(gesture, scope, &mut self.dice);
        doing.push_str(&small(&filled));
        let who = scope.get("a").unwrap_or_default();
        let said = small(&said);
        match (form, parts.as_slice()) {
            (2, [first, rest @ ..]) if !rest.is_empty() => {
                format!("“{}” {who} {said}, {doing}. “{}”", before_tag(first), rest.join(" "))
            }
            _ => format!("“{}” {who} {said}, {doing}.", before_tag(line)),
        }
    }

    fn turn_zh(&mut self, quoted: &str, form: usize, gesture: usize, scope: &Scope, list: &str) -> String {
        let act = self.act(gesture, scope);
        let who = scope.get("a").unwrap_or_default().to_owned();
        let doing = self.grammar.list("gesture").get(gesture).copied().unwrap_or_default();
        let doing = self.grammar.fill(doing, scope, &mut self.dice);
        let said = self.grammar.say(if list == "ask" { "said" } else { "says" }, scope, &mut self.dice);
        match form {
            0 => format!("{act}{quoted}"),
            1 => format!("{quoted}{act}"),
            2 => format!("{quoted}{who}{said}，{doing}。"),
            _ => format!("{who}{doing}，{said}：{quoted}"),
        }
    }
}

fn before_tag(line: &str) -> String {
    match line.strip_suffix('.') {
        Some(cut) => format!("{cut},"),
        None => line.to_owned(),
    }
}

fn small(text: &str) -> String {
    let mut chars = text.chars();
    let head: String = chars.next().map(|c| c.to_lowercase().collect()).unwrap_or_default();
    format!("{head}{}", chars.as_str())
}
