//! The forms of scripts: written and read again, checked, laid out.

use proptest::prelude::*;
use story::{
    finding::Severity,
    screenplay::{
        Element, Heading, Scene, Script, Side, Speech, Voice, duanju,
        fountain::{self, Block, TitlePage, blocks_of, emit, parse},
        page,
    },
};

fn rules(found: &[story::finding::Finding]) -> Vec<(&str, Severity, usize)> {
    found.iter().map(|f| (f.rule.as_str(), f.severity, f.spans.first().map_or(0, |s| s.span.start))).collect()
}

const EPISODE: &str = "\
第十二集

12-1 日 内 书房
人物：林穗、陆沉
△林穗推开门。
林穗：（低声）你来晚了。
陆沉（OS）：信呢？

12-2 夜 外 码头
人物：林穗
【字幕：三天后】
林穗：谁在那里？！";

#[test]
fn a_short_drama_is_read_line_by_line() {
    let script = duanju::script_of(EPISODE);
    assert_eq!(script.episode, Some(12));
    let heading = &script.scenes[1].heading;
    assert_eq!(
        (heading.side, heading.place.as_str(), heading.time.as_str(), heading.number.as_deref()),
        (Side::Out, "码头", "夜", Some("12-2"))
    );
    let said: Vec<_> = script.speeches().map(|s| (s.name.as_str(), s.voice, s.manner.as_deref(), s.text.as_str())).collect();
    assert_eq!(
        said,
        [("林穗", None, Some("低声"), "你来晚了。"), ("陆沉", Some(Voice::Off), None, "信呢？"), ("林穗", None, None, "谁在那里？！")]
    );
    assert_eq!(duanju::check(12, EPISODE), []);
}

#[test]
fn the_parts_of_a_heading_may_stand_in_any_order() {
    for line in ["1-1 日 内 书房", "1-1 书房 日 内", "1-1 内 日 书房", "1.1　书房　内　日", "1-1 书房 内/日"] {
        let script = duanju::script_of(line);
        let heading = &script.scenes[0].heading;
        assert_eq!((heading.side, heading.place.as_str(), heading.time.as_str()), (Side::In, "书房", "日"), "{line}");
    }
}

#[test]
fn an_episode_in_the_wrong_form_is_told_where_and_why() {
    let errors = |ordinal, text: &str| -> Vec<String> {
        duanju::check(ordinal, text).into_iter().filter(|f| f.severity == Severity::Error).map(|f| f.message).collect()
    };
    assert_eq!(errors(3, EPISODE)[0], "Episode 3 has the header `第十二集`.");
    assert_eq!(errors(1, "△风起。"), ["Episode 1 does not begin with its header, `第1集`.", "Episode 1 has no scene heading."]);
    assert_eq!(errors(1, "第1集\n1-1 日 内 屋\n人物：甲\n甲：走。\n第1集"), ["Episode 1 has 2 headers."]);
    assert_eq!(errors(1, "第1集\n1-1 日 内 屋\n人物：甲\n1-3 夜 外 街\n人物：甲"), ["Episode 1 numbers a scene 1-3; it is 1-2."]);
    assert_eq!(errors(2, "第2集\n1-1 日 内 屋\n人物：甲"), ["Episode 2 numbers a scene 1-1; it is 2-1."]);
    let loose = duanju::check(1, "第1集\n1-1 日 屋\n人物：甲\n乙：走。△他出门。\n1.2 夜 外 街\n甲：好。");
    let text: Vec<char> = "第1集\n1-1 日 屋\n人物：甲\n乙：走。△他出门。\n1.2 夜 外 街\n甲：好。".chars().collect();
    let at = |start: usize| text[start..].iter().take(3).collect::<String>();
    let told: Vec<(&str, String)> = rules(&loose)
        .into_iter()
        .map(|(rule, severity, start)| {
            assert_eq!(severity, Severity::Warning);
            (rule, at(start))
        })
        .collect();
    assert_eq!(
        told,
        [
            ("scene-heading", "1-1".to_owned()),
            ("scene-numbers", "1.2".into()),
            ("scene-people", "乙：走".into()),
            ("scene-form", "乙：走".into()),
            ("scene-people", "1.2".into()),
        ]
    );
}

#[test]
fn a_hook_is_worth_more_than_a_farewell() {
    let strong = duanju::hooks(EPISODE);
    let weak = duanju::hooks("第1集\n1-1 日 内 屋\n人物：甲\n△屋里很静。\n△桌上有茶。\n△窗外有树。\n甲：坐吧。\n△甲喝茶。\n△天黑了。");
    assert!(strong.opening > weak.opening && strong.closing > weak.closing, "{strong:?} {weak:?}");
    assert_eq!(duanju::hooks(""), duanju::Hooks::default());
}

#[test]
fn fountain_is_read_as_the_specification_says() {
    let text = "\
Title: The Lamp
Author:
    Anna
    Ben

FADE IN:

.OPENING TITLES

INT. LAMP ROOM - NIGHT #1A#

The lamp is out. [[who did it?]]
INTERNAL affairs wait.

MARA (O.S.)
(whispering)
Who?
  
Nobody.

TOBIAS ^
Me. /* not
yet */

@McKENNA
Aye.

!SCANNING THE AISLES...
Where is he?

> CUT TO:

> THE END <

~La la

# Act two

= He goes.

===

EXIT
";
    let blocks: Vec<Block> = parse(text).into_iter().map(|p| p.block).collect();
    let names: Vec<String> = blocks
        .iter()
        .map(|b| match b {
            Block::Heading { text, number } => format!("heading {text} {}", number.as_deref().unwrap_or_default()),
            Block::Action(text) => format!("action {text}"),
            Block::Speech { name, extension, dual, lines } => format!("speech {name} {extension:?} {dual} {}", lines.len()),
            Block::Transition(text) => format!("transition {text}"),
            Block::Centered(text) => format!("centred {text}"),
            Block::Lyric(text) => format!("lyric {text}"),
            Block::Section { level, text } => format!("section {level} {text}"),
            Block::Synopsis(text) => format!("synopsis {text}"),
            Block::PageBreak => "page".into(),
        })
        .collect();
    insta::assert_snapshot!("fountain_read", names.join("\n"));
}

#[test]
fn a_stranger_in_a_fountain_script_is_told() {
    let text = "INT. ROOM - DAY\n\nA man called JONAS enters.\n\nJONAS\nHere.\n\nMARA\nWho are you?\n\nPILOT\nLanding.";
    let found = fountain::check(1, text, &["Mara Vane".to_owned()]);
    assert_eq!(
        found.iter().map(|f| f.message.as_str()).collect::<Vec<_>>(),
        ["“PILOT” speaks, whom nobody knows and no action has introduced."]
    );
    assert_eq!(fountain::check(1, "He waits.", &[])[0].rule, "no-scene-heading");
}

#[test]
fn a_screenplay_stands_on_the_page_as_is_usual() {
    let long = "He runs along the quay, past the nets and the barrels and the women who look up from their work and down again.";
    let speech = Speech {
        name: "Mara".into(),
        voice: Some(Voice::Over),
        manner: Some("out of breath".into()),
        text: "I have known for ten years who put out the lamp, and I never said a word.".into(),
    };
    let one = Scene {
        heading: Heading { place: "Quay".into(), time: "Night".into(), side: Side::Out, number: None },
        people: vec![],
        elements: vec![Element::Action(long.into()), Element::Speech(speech), Element::Transition("CUT TO:".into())],
    };
    let script = Script { episode: None, scenes: vec![one.clone()] };
    insta::assert_snapshot!("page", page::lay_out(&blocks_of(&script)));
    let many = Script { episode: None, scenes: vec![one; 12] };
    let pages = page::lay_out(&blocks_of(&many));
    assert!(pages.split('\u{c}').count() > 2);
    assert!(pages.split('\u{c}').all(|p| p.lines().count() <= 57), "{pages}");
    assert!(pages.lines().all(|l| l.trim_start_matches('\u{c}').chars().count() <= 61));
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,8}",
        "[A-Z]{2,6}",
        "[林陆穗沉雨夜灯塔信海]{1,4}",
        Just("INT.".to_owned()),
        Just("TO:".into()),
        Just("@x".into()),
        Just("*a*".into()),
        Just("b_c".into()),
        Just("[[n]]".into()),
        Just("(so)".into()),
        Just("#3".into()),
        Just("~".into()),
        Just("> y <".into()),
        Just("...".into()),
        Just("===".into()),
        Just("Note:".into()),
        Just("/*z*/".into()),
    ]
}

fn line() -> impl Strategy<Value = String> {
    proptest::collection::vec(word(), 1..6).prop_map(|words| words.join(" "))
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Z][a-z]{2,6}",
        "[A-Z][a-z]{2,5} [A-Z][a-z]{2,5}",
        "[林陆穗沉雨]{2,3}",
        Just("McKENNA".to_owned()),
        Just("O'Brien".into())
    ]
}

fn element() -> impl Strategy<Value = Element> {
    prop_oneof![
        line().prop_map(Element::Action),
        (name(), proptest::option::of("[a-z]{3,8}"), line(), proptest::option::of(prop_oneof![Just(Voice::Over), Just(Voice::Off)]))
            .prop_map(|(name, manner, text, voice)| Element::Speech(Speech { name, voice, manner, text })),
        Just(Element::Transition("CUT TO:".into())),
    ]
}

fn script() -> impl Strategy<Value = Script> {
    let heading = (
        prop_oneof![Just(Side::In), Just(Side::Out), Just(Side::Both)],
        "[A-Z]{3,8}|[书房码头]{2,3}",
        prop_oneof![Just("DAY"), Just("夜")],
        1..9_u32,
    )
        .prop_map(|(side, place, time, n)| Heading { side, place, time: time.into(), number: Some(format!("1-{n}")) });
    let scene =
        (heading, proptest::collection::vec(element(), 1..7)).prop_map(|(heading, elements)| Scene { heading, people: vec![], elements });
    proptest::collection::vec(scene, 1..4).prop_map(|scenes| Script { episode: None, scenes })
}

/// Letters and digits: what no mark of the form may add or take.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// Every element by its kind and its letters.
fn gist(script: &Script) -> Vec<String> {
    let mut all = Vec::new();
    for scene in &script.scenes {
        all.push(format!("{:?}", scene.heading));
        for element in &scene.elements {
            all.push(match element {
                Element::Action(text) => format!("action {}", letters(text)),
                Element::Transition(text) => format!("transition {}", letters(text)),
                Element::Speech(s) => {
                    format!("{} {:?} {} {}", letters(&s.name), s.voice, letters(s.manner.as_deref().unwrap_or_default()), letters(&s.text))
                }
            });
        }
    }
    // An action that has no letters is nothing to a reader.
    all.retain(|line| line != "action ");
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_written_as_fountain_is_read_as_it_was_meant(script in script()) {
        let page = TitlePage { fields: vec![("Title".into(), "T".into())] };
        let text = emit(&page, &blocks_of(&script));
        prop_assert_eq!(gist(&fountain::script_of(&text)), gist(&script), "{}", text);
        prop_assert_eq!(emit(&page, &parse(&text).into_iter().map(|p| p.block).collect::<Vec<_>>()), text, "written twice alike");
    }

    #[test]
    fn a_fountain_parser_never_panics_and_its_spans_lie_in_the_text(text in "([ -~\n林（）：△第集]|INT\\. |\n\n){0,120}") {
        let size = text.chars().count();
        for placed in parse(&text) {
            prop_assert!(placed.span.start <= placed.span.end && placed.span.end <= size);
        }
        for row in duanju::parse(&text) {
            prop_assert!(row.span.end <= size);
        }
        page::lay_out(&parse(&text).into_iter().map(|p| p.block).collect::<Vec<_>>());
    }

    #[test]
    fn a_short_drama_is_written_and_read_back(n in 1..200_u32, said in "[你我来去信灯]{1,9}[。？！]", seen in "[林穗推开门雨]{2,9}。") {
        let speech = Speech { name: "林穗".into(), voice: Some(Voice::Over), manner: Some("低声".into()), text: said };
        let heading = Heading { side: Side::In, place: "书房".into(), time: "夜".into(), number: Some(format!("{n}-1")) };
        let scene = Scene { heading, people: vec!["林穗".into()], elements: vec![Element::Action(seen), Element::Speech(speech)] };
        let script = Script { episode: Some(n), scenes: vec![scene] };
        let text = script.to_duanju();
        prop_assert_eq!(&duanju::script_of(&text), &script);
        prop_assert!(duanju::check(n, &text).is_empty());
        let han = text.replacen(&format!("第{n}集"), &format!("第{}集", story::text::han_number(n)), 1);
        prop_assert_eq!(duanju::script_of(&han).episode, Some(n));
    }
}
