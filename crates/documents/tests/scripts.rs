//! A finished script becomes a file that the tools of the trade read.

use documents::{Front, Play, PlayUnit, Replacements, script_fountain, script_md, script_txt};
use story::{
    output_spec::ScriptFormat,
    screenplay::{duanju, fountain},
};

const DUANJU: &str = "\
第1集

1-1 日 内 书房
人物：林穗、陆沉
△林穗推开门，雨水顺着伞尖滴下来。
林穗：（低声）你来晚了。
陆沉（VO）：她怎么会在这里？

1-2 夜 外 码头
人物：林穗
△INT 号汽笛响了三声。
林穗：信呢？*不在*这里！";

const FOUNTAIN: &str = "\
INT. LAMP ROOM - NIGHT

!EXIT SIGN
glows over the door.

Mara climbs the last of the stairs.

MARA
(out of breath)
Who put out the lamp?

TOBIAS (V.O.)
I did.

CUT TO:

EXT. CAUSEWAY - DAWN

@McKENNA
It is *gone*.";

fn play(format: ScriptFormat, language: &str, text: &str) -> Play {
    let (title, cast) = if language == "en" {
        ("The Unlit Hour", vec![("Mara Vane".to_owned(), "a keeper’s daughter".to_owned()), ("Tobias".into(), String::new())])
    } else {
        ("雨夜来信", vec![("林穗".to_owned(), "记者".to_owned()), ("陆沉".into(), String::new())])
    };
    Play {
        title: title.into(),
        language: language.into(),
        rehearsal: true,
        format,
        front: Some(Front { synopsis: if language == "en" { "A lamp goes out." } else { "一封旧信。" }.into(), cast }),
        units: vec![PlayUnit {
            ordinal: 1,
            episode: language != "en",
            title: if language == "en" { "" } else { "来信" }.into(),
            text: text.into(),
        }],
    }
}

#[test]
fn a_script_is_written_in_every_form_for_both_languages() {
    let english = play(ScriptFormat::Screenplay, "en", FOUNTAIN);
    let chinese = play(ScriptFormat::Custom, "zh-Hans", DUANJU);
    insta::assert_snapshot!("english_fountain", script_fountain(&english));
    insta::assert_snapshot!("english_script_txt", script_txt(&english));
    insta::assert_snapshot!("english_script_md", script_md(&english));
    insta::assert_snapshot!("chinese_fountain", script_fountain(&chinese));
    insta::assert_snapshot!("chinese_script_txt", script_txt(&chinese));
    insta::assert_snapshot!("chinese_script_md", script_md(&chinese));
}

#[test]
fn a_short_drama_loses_nothing_on_its_way_to_fountain() {
    let before = duanju::script_of(DUANJU);
    let after = fountain::script_of(&script_fountain(&play(ScriptFormat::Custom, "zh", DUANJU)));
    assert_eq!(before.speeches().collect::<Vec<_>>(), after.speeches().collect::<Vec<_>>());
    let headings = |s: &story::screenplay::Script| s.scenes.iter().map(|s| s.heading.clone()).collect::<Vec<_>>();
    assert_eq!(headings(&before), headings(&after));
    let elements = |s: &story::screenplay::Script| s.scenes.iter().map(|s| s.elements.clone()).collect::<Vec<_>>();
    assert_eq!(elements(&before), elements(&after));
}

#[test]
fn nothing_stands_in_front_unless_it_is_asked_for() {
    let bare = Play { front: None, rehearsal: false, ..play(ScriptFormat::Fountain, "en", FOUNTAIN) };
    assert!(script_fountain(&bare).starts_with("Title: The Unlit Hour\n\nINT. LAMP ROOM - NIGHT\n\n"));
    assert!(!script_txt(&bare).contains("A lamp goes out") && !script_md(&bare).contains("Cast"));
}

#[test]
fn names_are_replaced_whole_the_longest_first_and_only_once() {
    let names = Replacements::new([
        ("Ann".into(), "Bea".into()),
        ("Bea".into(), "Cleo".into()),
        ("Ann Lee".into(), "Li An".into()),
        ("林穗".into(), "林岁".into()),
    ]);
    assert_eq!(names.apply("Ann and Anna met Ann Lee; Bea saw Ann."), "Bea and Anna met Li An; Cleo saw Bea.");
    assert_eq!(names.apply("林穗说林穗儿"), "林岁说林岁儿");
    assert_eq!(Replacements::default().apply("as it is"), "as it is");
}
