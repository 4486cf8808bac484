use std::collections::BTreeSet;

use story::language::Tongue;

use super::{
    dice::Dice,
    grammar::{Grammar, capital},
    material::Material,
};

/// Titles of a book in the order of its chapters: at least `count`, no two alike. They follow from the brief alone, so that two
/// windows of one outline never meet.
pub(super) fn titles(material: &Material, brief: &str, count: usize) -> Vec<String> {
    let grammar = Grammar::of(material.tongue);
    let zh = material.tongue == Tongue::Zh;
    let bare = |text: &String| if zh { text.clone() } else { title_case(text.strip_prefix("the ").unwrap_or(text)) };
    let own: Vec<String> =
        material.things.iter().chain(&material.places).filter(|n| zh || n.starts_with("the ")).take(12).map(bare).collect();
    let mut nouns: Vec<String> = own.clone();
    nouns.extend(grammar.list("t_noun").iter().map(|n| (*n).to_owned()));
    let pairs = |first: &[String], second: &[String], join: &dyn Fn(&str, &str) -> String| -> Vec<String> {
        first.iter().flat_map(|a| second.iter().map(move |b| (a, b))).filter(|(a, b)| a != b).map(|(a, b)| join(a, b)).collect()
    };
    let list = |name: &str| -> Vec<String> { grammar.list(name).iter().map(|n| (*n).to_owned()).collect() };
    let first_names: Vec<String> = material.people.iter().map(|p| p.short.clone()).collect();
    let mut families: Vec<Vec<String>> = if zh {
        vec![
            pairs(&list("t_adj"), &nouns, &|a, b| format!("{a}{b}")),
            pairs(&list("t_ing"), &nouns, &|a, b| format!("{a}{b}")),
            pairs(&first_names, &list("t_verb"), &|a, b| format!("{a}{b}")),
            pairs(&nouns, &list("t_time"), &|a, b| format!("{b}的{a}")),
            pairs(&own, &list("t_noun"), &|a, b| format!("{a}与{b}")),
        ]
    } else {
        vec![
            pairs(&list("t_adj"), &nouns, &|a, b| format!("The {a} {b}")),
            pairs(&list("t_ing"), &nouns, &|a, b| format!("{a} the {b}")),
            pairs(&first_names, &list("t_verb"), &|a, b| format!("What {a} {b}")),
            pairs(&nouns, &list("t_time"), &|a, b| format!("The {a} {b}")),
            pairs(&own, &list("t_noun"), &|a, b| format!("The {a} and the {b}")),
        ]
    };
    let mut dice = Dice::of(&[brief, "titles"]);
    for family in &mut families {
        family.retain(|title| !material.forbids(title));
        dice.shuffle(family);
    }
    let mut seen = BTreeSet::new();
    let mut titles = Vec::with_capacity(count);
    let mut at = 0;
    while titles.len() < count && families.iter().any(|f| !f.is_empty()) {
        let family = at % families.len();
        at += 1;
        if let Some(title) = families[family].pop()
            && seen.insert(title.to_lowercase())
        {
            titles.push(title);
        }
    }
    titles
}

fn title_case(text: &str) -> String {
    text.split(' ')
        .map(|word| if matches!(word, "of" | "in" | "on" | "the" | "and" | "at") { word.to_owned() } else { capital(word) })
        .collect::<Vec<_>>()
        .join(" ")
}
