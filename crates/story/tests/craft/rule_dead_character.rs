use story::extraction::{Death, Holding, Knowledge, Move, Possession, Presence, StoryEvent};

use crate::bench::{Bench, quotes};

fn there(character: &str, quote: &str) -> Presence {
    Presence { character: character.into(), quote: quote.into(), ..Presence::default() }
}

fn remembered(character: &str, quote: &str) -> Presence {
    Presence { flashback: true, ..there(character, quote) }
}

fn event(text: &str, characters: &[&str], quote: &str) -> StoryEvent {
    let characters = characters.iter().map(|c| (*c).to_owned()).collect();
    StoryEvent { text: text.into(), characters, quote: quote.into(), ..StoryEvent::default() }
}

fn death(character: &str, quote: &str) -> Death {
    Death { character: character.into(), quote: quote.into(), ..Death::default() }
}

const EN: &str = "Holt pushed the door open with his shoulder.\n\n“You kept the lamp lit,” he said, and took the chart from the wall.";
const ZH: &str = "老周推门进来，肩上落着雪。\n\n“灯还亮着。”他说，伸手取下墙上的海图。";

#[test]
fn a_dead_man_who_opens_the_door_is_found_once_with_every_place() {
    let mut bench = Bench::new(EN).dead("Holt", "the water closed over Holt");
    bench.told.presence = vec![there("Holt", "Holt pushed the door open"), there("holt ", "“You kept the lamp lit,” he said")];
    bench.told.possessions = vec![Possession {
        character: "Holt".into(),
        item: "the chart".into(),
        change: Holding::Gains,
        quote: "took the chart from the wall".into(),
    }];
    let found = bench.found("dead-character-acts");
    assert_eq!(found.len(), 1);
    assert_eq!(quotes(&found), ["Holt pushed the door open", "“You kept the lamp lit,” he said", "took the chart from the wall"]);
    assert_eq!(found[0].against.as_deref(), Some("Chapter 5: “the water closed over Holt”"));
    assert_eq!(found[0].message, "Holt acts or speaks in chapter 7, but died in chapter 5.");
}

#[test]
fn another_name_for_the_dead_does_not_hide_him() {
    let mut bench = Bench::new(ZH).dead("周海生", "海生就这样没了气息").also_called("周海生", "老周");
    bench.told.presence = vec![there("老周", "老周推门进来")];
    let found = bench.found("dead-character-acts");
    assert_eq!(quotes(&found), ["老周推门进来"]);
    assert_eq!(found[0].against.as_deref(), Some("Chapter 5: “海生就这样没了气息”"));

    let mut bench = Bench::new(EN).dead("Edmund Holt", "the water closed over him").also_called("Edmund Holt", "Holt");
    bench.told.knowledge = vec![Knowledge {
        character: "HOLT".into(),
        fact: "The lamp is lit".into(),
        quote: "“You kept the lamp\nlit,” he said".replace('\n', " "),
    }];
    assert_eq!(bench.found("dead-character-acts").len(), 1);
}

#[test]
fn who_dies_in_this_chapter_may_act_before_but_not_after() {
    let text = "Holt laughed and raised his glass.\n\nThe shot took him in the throat. “Tell Mara,” he said, and was gone.\n\n\
                In the morning Holt came down to breakfast.";
    let mut bench = Bench::new(text);
    bench.told.presence = vec![
        there("Holt", "Holt laughed and raised his glass"),
        there("Holt", "“Tell Mara,” he said"),
        there("Holt", "Holt came down to breakfast"),
    ];
    bench.told.deaths = vec![death("Holt", "The shot took him in the throat"), death("Holt", "and was gone")];
    let found = bench.found("dead-character-acts");
    assert_eq!(quotes(&found), ["Holt came down to breakfast"]);
    assert_eq!(found[0].against.as_deref(), Some("Chapter 7: “and was gone”"));
}

#[test]
fn memories_burials_and_robbed_corpses_are_no_deeds() {
    let en = "They carried Holt up the hill before noon and buried him under the thorn.\n\nMara remembered how he had laughed, \
              how he took the helm that night and steered for the light.\n\nShe drew the ring from his finger.";
    let mut bench = Bench::new(en).dead("Holt", "the water closed over Holt");
    bench.told.presence = vec![remembered("Holt", "how he had laughed")];
    bench.told.events = vec![
        event("Holt is buried.", &["Mara", "Holt"], "buried him under the thorn"),
        StoryEvent { flashback: true, ..event("Holt steers for the light.", &["Holt"], "steered for the light") },
    ];
    bench.told.moves = vec![Move {
        character: "Holt".into(),
        from: None,
        to: "the light".into(),
        quote: "he took the helm that night and steered for the light".into(),
    }];
    bench.told.possessions = vec![Possession {
        character: "Holt".into(),
        item: "the ring".into(),
        change: Holding::Loses,
        quote: "She drew the ring from his finger".into(),
    }];
    bench.told.deaths = vec![death("Holt", "They carried Holt up the hill")];
    assert_eq!(bench.found("dead-character-acts"), []);

    let mut bench =
        Bench::new("众人把老周的棺木抬上山，葬在那棵歪脖子树下。\n\n她梦见他回来，坐在灯下不说话。").dead("老周", "老周没了气息");
    bench.told.events = vec![event("老周下葬", &["老周"], "葬在那棵歪脖子树下")];
    bench.told.presence = vec![remembered("老周", "坐在灯下不说话")];
    assert_eq!(bench.found("dead-character-acts"), []);
}

#[test]
fn the_living_are_left_alone() {
    let mut bench = Bench::new(EN).dead("Holtby", "Holtby never woke");
    bench.told.presence = vec![there("Holt", "Holt pushed the door open")];
    bench.told.deaths = vec![Death { flashback: true, ..death("Holt", "took the chart from the wall") }];
    assert_eq!(bench.found("dead-character-acts"), []);
}

#[test]
fn two_dead_are_two_findings() {
    let mut bench = Bench::new(EN).dead("Holt", "a").dead("Mara", "b");
    bench.told.events = vec![event("They come home.", &["Holt", "Mara"], "Holt pushed the door open")];
    assert_eq!(bench.found("dead-character-acts").len(), 2);
}
