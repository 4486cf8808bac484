//! Every Fountain file says the same to two parsers that know nothing of us: screenplain and fountain-js. `cargo xtask test` installs them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod books;

use std::{env, path::Path, process::Command};

use books::{ALICE, Book, DREAM, folded, season};
use story::{
    output_spec::{LengthRange, ScriptFormat},
    screenplay::{
        Element, Heading, Scene, Script, Side, Speech, Voice, duanju,
        fountain::{TitlePage, blocks_of, emit, script_of},
    },
    text::Unit,
};

/// What a parser found: kind and words, folded.
fn found(mut command: Command) -> Vec<(String, String)> {
    let out = command.output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let list: Vec<(String, String)> = serde_json::from_slice(&out.stdout).unwrap();
    list.into_iter().map(|(kind, text)| (kind, folded(&text))).collect()
}

/// What we meant.
fn meant(script: &Script) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for scene in &script.scenes {
        let Heading { side, place, time, .. } = &scene.heading;
        all.push(("scene".to_owned(), folded(&format!("{} {place} {time}", side.us()))));
        for element in &scene.elements {
            if let Element::Speech(speech) = element {
                all.push(("character".to_owned(), folded(&format!("{} {}", speech.name, speech.voice.map_or("", Voice::us)))));
                all.push(("speech".to_owned(), folded(&speech.text)));
            }
        }
    }
    all
}

fn tried(name: &str, script: &Script) {
    let page = TitlePage { fields: vec![("Title".into(), name.into()), ("Notes".into(), "第一行\n第二行".into())] };
    let file = env::temp_dir().join(format!("fabulist-{}-{}.fountain", std::process::id(), folded(name)));
    std::fs::write(&file, emit(&page, &blocks_of(script))).unwrap();
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parsers");
    let mut python = Command::new(testbed::tool("python/bin/python"));
    python.arg(scripts.join("screenplain_reads.py")).arg(&file);
    let mut node = Command::new("node");
    let modules = testbed::tool("node/node_modules/fountain-js");
    node.arg(scripts.join("fountain_js_reads.mjs")).arg(modules.parent().unwrap()).arg(&file);
    let (python, node) = (found(python), found(node));
    let meant = meant(script);
    std::fs::remove_file(&file).unwrap();
    for (n, (want, other)) in meant.iter().zip(python.iter().zip(&node)).enumerate() {
        assert_eq!((want, want), other, "{name}, element {n}: screenplain, fountain-js");
    }
    assert_eq!([meant.len(), meant.len()], [python.len(), node.len()], "{name}: as many elements as we meant");
}

/// What exporters get wrong.
fn nasty() -> Script {
    let action = |text: &str| Element::Action(text.into());
    let says = |name: &str, text: &str| Element::Speech(Speech { name: name.into(), text: text.into(), ..Speech::default() });
    let scene = |side, place: &str, time: &str, number: Option<&str>, elements| Scene {
        heading: Heading { side, place: place.into(), time: time.into(), number: number.map(str::to_owned) },
        people: Vec::new(),
        elements,
    };
    Script {
        episode: None,
        scenes: vec![
            scene(
                Side::In,
                "书房",
                "日",
                Some("1-1"),
                vec![
                    action("林穗推开门。\n雨水滴下来。"),
                    says("林穗", "（看着他）你来晚了。"),
                    Element::Speech(Speech {
                        name: "陆沉".into(),
                        voice: Some(Voice::Over),
                        manner: Some("低声（几乎听不见）".into()),
                        text: "她怎么来了？".into(),
                    }),
                    action("EXIT SIGN\nglows over the door."),
                    action("INT. is how the letter begins"),
                    action("THE CLOCK STRIKES. CUT TO:"),
                    action("@home, he says; #3 on the list. > not centred <"),
                ],
            ),
            scene(
                Side::Both,
                "CAR",
                "NIGHT",
                None,
                vec![
                    says("McKENNA", "It is *gone*, the * and the _ in file_name."),
                    says("O'BRIEN", "(which was very likely true.)"),
                    says("7 of 9", "Line one.\nLine two: Note: this."),
                    Element::Transition("CUT TO:".into()),
                    Element::Transition("Slowly, the light goes".into()),
                    action("[[this]] is no note, and /* neither is this"),
                    action("~ a sign, .45 calibre, = sum, === and ...so on"),
                ],
            ),
        ],
    }
}

#[test]
fn what_is_ambiguous_is_forced() {
    tried("nasty", &nasty());
}

#[test]
fn two_real_novels_as_fountain_are_read_as_we_meant() {
    let words = LengthRange { min: 700, max: 1100, unit: Unit::Words };
    for episode in Book::read(ALICE).by_chapter(words, ScriptFormat::Fountain) {
        tried(&format!("alice {}", episode.number), &script_of(&episode.text));
    }
    let chars = LengthRange { min: 500, max: 800, unit: Unit::Chars };
    for episode in season(&Book::read(DREAM), 20, chars, ScriptFormat::Custom) {
        tried(&format!("dream {}", episode.number), &duanju::script_of(&episode.text));
    }
}
