use std::collections::BTreeMap;

use proptest::prelude::*;
use story::{
    brief::Character,
    extraction::{
        Death, Entity, Extraction, Holding, Knowledge, Move, Possession, Presence, Relation, StoryEvent, ThreadChange, ThreadMove,
    },
    knowledge::{Fact, Names, ToldChapter, What, anchored, facts, graph, reading_key, world},
    text::slice,
};

const ONE: &str = "On the third day of the thaw Ines carried the lamp down to the quay.\n\n\
    “Oskar is dead,” she told Mrs Vane. “The ice took him\nunder the bridge.”\n\nMrs Vane sat down on the bollard.";
const TWO: &str = "Old Vane gave the lamp back before dark, and Ines walked up to the lighthouse.\n\n\
    In her dream Oskar stood in the door and asked for it.";

fn told_one() -> Extraction {
    let q = |quote: &str| quote.to_owned();
    Extraction {
        story_time: Some("the third day of the thaw".into()),
        events: vec![StoryEvent {
            text: "Ines tells Mrs Vane that Oskar drowned.".into(),
            characters: vec!["Ines".into(), "Mrs Vane".into()],
            place: Some("the quay".into()),
            flashback: false,
            quote: q("“Oskar is dead,” she told Mrs Vane."),
        }],
        presence: vec![Presence {
            character: "Ines".into(),
            place: Some("the quay".into()),
            quote: q("Ines carried the lamp"),
            ..Presence::default()
        }],
        deaths: vec![Death { character: "Oskar".into(), flashback: false, quote: q("The ice took him under the bridge.") }],
        possessions: vec![Possession {
            character: "Ines".into(),
            item: "the lamp".into(),
            change: Holding::Gains,
            quote: q("Ines carried the lamp"),
        }],
        knowledge: vec![Knowledge {
            character: "Mrs Vane".into(),
            fact: "Oskar drowned.".into(),
            quote: q("“Oskar is dead,” she told Mrs Vane."),
        }],
        entities: vec![Entity {
            name: "Mrs Vane".into(),
            kind: "Person".into(),
            aliases: vec!["Old Vane".into()],
            quote: q("Mrs Vane sat down"),
        }],
        relations: vec![Relation { a: "Ines".into(), b: "Oskar".into(), relation: "sister of".into(), quote: q("Oskar is dead") }],
        threads: vec![ThreadMove { title: "Who broke the ice?".into(), change: ThreadChange::Introduced, quote: q("The ice took him") }],
        ..Extraction::default()
    }
}

fn told_two() -> Extraction {
    let q = |quote: &str| quote.to_owned();
    Extraction {
        presence: vec![Presence {
            character: "Oskar".into(),
            place: Some("the door".into()),
            flashback: true,
            quote: q("Oskar stood in the door"),
        }],
        moves: vec![Move {
            character: "Ines".into(),
            from: Some("the quay".into()),
            to: "the lighthouse".into(),
            quote: q("Ines walked up to the lighthouse"),
        }],
        possessions: vec![
            Possession {
                character: "Old Vane".into(),
                item: "the lamp".into(),
                change: Holding::Loses,
                quote: q("Old Vane gave the lamp back"),
            },
            Possession { character: "Ines".into(), item: "the lamp".into(), change: Holding::Gains, quote: q("gave the lamp back") },
        ],
        threads: vec![ThreadMove { title: "Who broke the ice?".into(), change: ThreadChange::Resolved, quote: q("asked for it") }],
        ..Extraction::default()
    }
}

fn chapter(ordinal: u32, text: &str, told: &Extraction) -> ToldChapter {
    ToldChapter { ordinal, version_id: format!("v{ordinal}"), content_id: format!("c{ordinal}"), facts: facts(text, told) }
}

fn cast() -> Vec<Character> {
    vec![Character { name: "Ines".into(), aliases: vec!["the keeper".into()], ..Character::default() }]
}

#[test]
fn every_fact_has_the_words_that_show_it() {
    let told = told_one();
    let facts = facts(ONE, &told);
    assert_eq!(facts.len(), told.count() + 1, "one for each item, and the time");
    for fact in &facts {
        assert_eq!(slice(ONE, fact.span), fact.quote, "{fact:?}");
    }
    assert!(facts.windows(2).skip(1).all(|two| two[0].span.start <= two[1].span.start), "as the text tells them");
    let death = facts.iter().find(|fact| matches!(fact.what, What::Death { .. })).unwrap();
    assert_eq!(death.quote, "The ice took him\nunder the bridge.", "as the text has it, over a line end");
    assert_eq!(facts[0].quote, "the third day of the thaw");

    let mut invented = told;
    invented.deaths[0].quote = "Oskar lay still.".into();
    invented.story_time = Some("early spring".into());
    invented.presence.push(Presence { character: " ".into(), quote: "the lamp".into(), ..Presence::default() });
    let kept = story::knowledge::facts(ONE, &invented);
    assert!(kept.iter().all(|fact| !matches!(fact.what, What::Death { .. })), "what no words show is no fact");
    assert_eq!(
        (kept.len(), kept[0].quote.as_str()),
        (facts.len() - 1, "“Oskar is dead,” she told Mrs Vane."),
        "the first event shows the time"
    );
}

#[test]
fn the_world_is_as_the_chapters_so_far_tell_it() {
    let chapters = [chapter(1, ONE, &told_one()), chapter(2, TWO, &told_two())];
    let first = world(&cast(), &chapters[..1]);
    assert_eq!(first.chapter, 1);
    assert_eq!(first.clock.as_ref().unwrap().text, "the third day of the thaw");
    let oskar = &first.people["Oskar"];
    assert_eq!(oskar.death.as_ref().map(|death| (death.chapter, death.quote.as_str())), Some((1, "The ice took him\nunder the bridge.")));
    assert_eq!(first.items["the lamp"].holder.as_deref(), Some("Ines"));
    assert_eq!(first.people["Ines"].place.as_ref().unwrap().text, "the quay");
    assert_eq!((first.people["Ines"].aliases.as_slice(), first.people["Ines"].seen), (["the keeper".to_owned()].as_slice(), Some((1, 1))));
    assert_eq!(first.people["Mrs Vane"].knows[0].since.chapter, 1);
    assert_eq!(first.open_threads().len(), 1);

    let second = world(&cast(), &chapters);
    let ines = &second.people["Ines"];
    assert_eq!(ines.place.as_ref().map(|place| (place.text.as_str(), place.since.version_id.as_str())), Some(("the lighthouse", "v2")));
    assert_eq!((ines.holding.len(), ines.holding[0].since.chapter), (1, 1), "she never gave it away, so far as the story says");
    assert!(!second.people.contains_key("Old Vane"), "Mrs Vane under another name");
    assert_eq!(
        (second.people["Mrs Vane"].seen, second.people["Oskar"].seen),
        (Some((1, 2)), Some((1, 1))),
        "the ghost of a dream is not there"
    );
    assert!(second.people["Oskar"].death.is_some() && second.people["Oskar"].place.is_none());
    assert!(second.open_threads().is_empty() && !second.threads.values().next().unwrap().open);
    assert_eq!(world(&cast(), &[]).people.len(), 1, "before the first chapter there is the cast");
}

#[test]
fn a_thing_changes_hands_and_a_place_is_known_since_one_came_there() {
    let text = "林穗把玉佩递给陈渡。陈渡收下玉佩，回到渡口。第二天他还在渡口。陈渡把玉佩扔进了江里。";
    let told = |n: usize| {
        let possession = |character: &str, change, quote: &str| Possession {
            character: character.into(),
            item: "玉佩".into(),
            change,
            quote: quote.into(),
        };
        let mut possessions = vec![
            possession("林穗", Holding::Gains, "林穗把玉佩"),
            possession("林穗", Holding::Loses, "把玉佩递给陈渡"),
            possession("陈渡", Holding::Gains, "陈渡收下玉佩"),
            possession("林穗", Holding::Loses, "回到渡口"),
            possession("陈渡", Holding::Loses, "扔进了江里"),
        ];
        possessions.truncate(n);
        let present =
            Presence {
                character: "陈渡".into(), place: Some("渡口".into()), quote: "第二天他还在渡口".into(), ..Presence::default()
            };
        let moves = vec![Move { character: "陈渡".into(), from: None, to: "渡口".into(), quote: "回到渡口".into() }];
        Extraction { possessions, moves, presence: vec![present], ..Extraction::default() }
    };
    let holder = |n: usize| world(&[], &[chapter(1, text, &told(n))]).items["玉佩"].holder.clone();
    let holders = [1, 2, 3, 4, 5].map(holder);
    assert_eq!(holders, [Some("林穗".into()), None, Some("陈渡".into()), Some("陈渡".into()), None], "one who has it not cannot lose it");
    let place = world(&[], &[chapter(1, text, &told(5))]).people["陈渡"].place.clone().unwrap();
    assert_eq!(place.since.quote, "回到渡口", "since he came there, not since it was last said");
}

#[test]
fn a_name_that_two_share_leads_to_neither() {
    let mut names = Names::default();
    names.learn("Mr Lin", &["Lin".into(), "the judge".into()]);
    assert_eq!((names.used("lin"), names.used(" The Judge ")), ("Mr Lin", "Mr Lin"));
    names.learn("Miss Lin", &["Lin".into()]);
    assert_eq!((names.used("Lin"), names.used("the judge"), names.used("Miss lin")), ("Lin", "Mr Lin", "Miss Lin"));
    names.learn("Judge Lin", &["Mr Lin".into()]);
    assert_eq!(names.used("Judge Lin"), "Mr Lin", "a new name for one who is known");
    names.learn("Miss Lin", &["Mr Lin".into()]);
    assert_eq!(names.used("Mr Lin"), "Mr Lin", "who has a name of one's own keeps it");
}

#[test]
fn the_graph_names_everybody_once_and_tells_events_in_order() {
    let graph = graph(&cast(), &[chapter(1, ONE, &told_one()), chapter(2, TWO, &told_two())]);
    let named: Vec<(&str, &str, u32)> = graph.entities.iter().map(|e| (e.name.as_str(), e.sort.as_str(), e.chapters)).collect();
    assert_eq!(
        named,
        [
            ("Ines", "person", 2),
            ("the quay", "place", 2),
            ("the lamp", "thing", 2),
            ("Mrs Vane", "person", 2),
            ("Oskar", "person", 2),
            ("the lighthouse", "place", 1),
            ("the door", "place", 1),
        ]
    );
    let vane = graph.entities.iter().find(|e| e.name == "Mrs Vane").unwrap();
    assert_eq!(vane.aliases, ["old vane"]);
    assert_eq!((graph.relations.len(), graph.events.len()), (1, 1));
    let event = &graph.events[0];
    assert_eq!((event.order, event.story_time.as_deref(), event.by.chapter), (1, Some("the third day of the thaw"), 1));
}

#[test]
fn of_a_text_that_nobody_has_read_what_still_stands_in_it_holds() {
    let before = facts(ONE, &told_one());
    let changed = format!("It was late.\n\n{}", ONE.replace("The ice took him\nunder the bridge.", "He went under the bridge."));
    let now = anchored(&before, &changed);
    assert!(now.iter().all(|fact| !matches!(fact.what, What::Death { .. } | What::Thread { .. })), "his death is not told any more");
    assert_eq!(now.len(), before.len() - 2);
    assert!(now.iter().all(|fact| slice(&changed, fact.span) == fact.quote));
    assert_eq!(anchored(&before, ONE), before);
}

/// A line of chapters in which texts are written, read, and written and read again.
#[derive(Debug, Clone)]
struct Said {
    ordinal: u32,
    person: usize,
    item: usize,
    place: usize,
    dies: bool,
}

const PEOPLE: [&str; 4] = ["Ines", "Oskar", "Mrs Vane", "陈渡"];
const ITEMS: [&str; 3] = ["the lamp", "玉佩", "the key"];
const PLACES: [&str; 3] = ["the quay", "渡口", "the lighthouse"];

fn said() -> impl Strategy<Value = Said> {
    (1..6_u32, 0..4_usize, 0..3_usize, 0..3_usize, any::<bool>()).prop_map(|(ordinal, person, item, place, dies)| Said {
        ordinal,
        person,
        item,
        place,
        dies,
    })
}

fn read(said: &Said) -> (String, Extraction) {
    let (person, item, place) = (PEOPLE[said.person].to_owned(), ITEMS[said.item].to_owned(), PLACES[said.place].to_owned());
    let text = format!("{person} took {item} at {place}.\n\n{}", if said.dies { "Then the end came." } else { "Then it rained." });
    let quote = format!("{person} took {item}");
    let told = Extraction {
        presence: vec![Presence { character: person.clone(), place: Some(place), flashback: false, quote: quote.clone() }],
        possessions: vec![Possession { character: person.clone(), item, change: Holding::Gains, quote: quote.clone() }],
        deaths: vec![Death { character: person.clone(), flashback: false, quote: "the end came".into() }],
        entities: vec![Entity { name: person, kind: "person".into(), aliases: Vec::new(), quote }],
        ..Extraction::default()
    };
    (text, told)
}

proptest! {
    /// What is known of a book is the same whether its facts came chapter by chapter, with texts replaced in between, and through the
    /// database, or are made of the versions that there are.
    #[test]
    fn knowledge_made_anew_from_the_versions_is_the_knowledge_that_grew(history in prop::collection::vec(said(), 1..14)) {
        let mut grown: BTreeMap<u32, (usize, Vec<Fact>)> = BTreeMap::new();
        let mut worlds = Vec::new();
        for (n, said) in history.iter().enumerate() {
            let (text, told) = read(said);
            let stored = serde_json::to_string(&facts(&text, &told)).unwrap();
            grown.insert(said.ordinal, (n, serde_json::from_str(&stored).unwrap()));
            let chapters: Vec<ToldChapter> = grown.iter().map(|(ordinal, (n, facts))| ToldChapter {
                ordinal: *ordinal, version_id: n.to_string(), content_id: n.to_string(), facts: facts.clone(),
            }).collect();
            worlds.push((world(&[], &chapters), graph(&[], &chapters)));
        }
        for upto in 1..=history.len() {
            let mut latest: BTreeMap<u32, (usize, &Said)> = BTreeMap::new();
            for (n, said) in history[..upto].iter().enumerate() {
                latest.insert(said.ordinal, (n, said));
            }
            let chapters: Vec<ToldChapter> = latest.iter().map(|(ordinal, (n, said))| {
                let (text, told) = read(said);
                ToldChapter { ordinal: *ordinal, version_id: n.to_string(), content_id: n.to_string(), facts: facts(&text, &told) }
            }).collect();
            prop_assert_eq!(&(world(&[], &chapters), graph(&[], &chapters)), &worlds[upto - 1]);
            // Nobody has a thing that somebody else has, and the dead are those of whom a chapter says so.
            let world = &worlds[upto - 1].0;
            for (name, item) in &world.items {
                let holders: Vec<&String> =
                    world.people.iter().filter(|(_, p)| p.holding.iter().any(|held| held.text == *name)).map(|(who, _)| who).collect();
                prop_assert_eq!(holders, item.holder.iter().collect::<Vec<_>>());
            }
            let dead: std::collections::BTreeSet<&str> = latest.values().filter(|(_, said)| said.dies).map(|(_, said)| PEOPLE[said.person]).collect();
            prop_assert_eq!(world.people.iter().filter(|(_, p)| p.death.is_some()).map(|(n, _)| n.as_str()).collect::<std::collections::BTreeSet<_>>(), dead);
        }
    }

    #[test]
    fn a_reading_has_one_key(said in said(), other in said()) {
        let (told, another) = (read(&said).1, read(&other).1);
        let again: Extraction = serde_json::from_str(&serde_json::to_string(&told).unwrap()).unwrap();
        prop_assert_eq!(reading_key(&told), reading_key(&again));
        prop_assert_eq!(reading_key(&told) == reading_key(&another), told == another);
    }
}
