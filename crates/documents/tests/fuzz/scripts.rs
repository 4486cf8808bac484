use documents::{Play, PlayUnit, script_fountain, script_md, script_screenplay, script_txt};
use story::{
    output_spec::ScriptFormat,
    screenplay::{duanju, fountain, page},
};

use crate::dice::Dice;

const FOUNTAIN: &str = "\
Title: The Unlit Hour

# ACT ONE

INT. LAMP ROOM - NIGHT #1A#

!EXIT SIGN
glows over the door.

Mara climbs the last of the stairs. It is *dark*, **very** dark.

MARA
(out of breath)
Who put out the lamp?

@林穗 (V.O.)
是我。

TOBIAS ^
I did.

CUT TO:

> THE END <

~ a lamp, a lamp

= what it tells

.内 书房 - 日 #1-1#

===

EXT. CAUSEWAY - DAWN
";

const DUANJU: &str = "\
《雨夜来信》
第1集 来信

1-1 日 内 书房
人物：林穗、陆沉
△林穗推开门，雨水顺着伞尖滴下来。
【字幕：三年后】
林穗：（低声）你来晚了。
陆沉（VO）：她怎么会在这里？

1-2 夜 外 码头
人物：林穗
△汽笛响了三声。
林穗（OS）：信呢？*不在*这里！
";

/// What forms of scripts are known by, and what they trip over.
const PIECES: [&str; 36] = [
    "\nINT. ",
    "\n.",
    "\n@",
    "\n!",
    "\n> ",
    " <\n",
    "\n~",
    "\n= ",
    "\n===\n",
    "\n# ",
    "\n[[",
    "]]",
    "/*",
    "*/",
    "\n(",
    ")\n",
    " ^\n",
    "#1#",
    "\n  \n",
    "\n\n",
    "\nTO:\n",
    "\nTitle: ",
    "\n    ",
    "*",
    "_",
    "\\",
    "\n第二集\n",
    "\n第12集",
    "\n2-1 夜 外 码头\n",
    "\n人物：",
    "\n△",
    "：（",
    "）",
    "【",
    "\u{2028}",
    "\u{0}",
];

/// Fountain: whatever it holds can be read, written, read again, judged, and laid out on a page.
pub(crate) fn fountain_text(dice: &mut Dice) -> bool {
    let text = dice.mangled(FOUNTAIN, &PIECES);
    let blocks = |text: &str| fountain::parse(text).into_iter().map(|placed| placed.block).collect::<Vec<_>>();
    let written = |text: &str| fountain::emit(&fountain::TitlePage { fields: vec![("Title".into(), "T".into())] }, &blocks(text));
    // Signs in unlucky places may come to rest only after a second writing; what is written can always be read and written again.
    assert!(written(&written(&text)).starts_with("Title: T"));
    let script = fountain::script_of(&text);
    assert!(script.speakers().len() <= script.speeches().count());
    fountain::check(1, &text, &[]);
    page::lay_out(&blocks(&text));
    exported(ScriptFormat::Fountain, text);
    !script.scenes.is_empty()
}

/// 短剧: whatever it holds, it can be written again as one that has scenes.
pub(crate) fn duanju_text(dice: &mut Dice) -> bool {
    let text = dice.mangled(DUANJU, &PIECES);
    let script = duanju::script_of(&text);
    // What stood in no order is put into one, and can be read and judged like any other.
    let put_right = script.to_duanju();
    duanju::check(1, &put_right);
    assert_eq!(duanju::script_of(&put_right).scenes.is_empty(), script.scenes.is_empty(), "{text:?}");
    duanju::check(1, &text);
    duanju::hooks(&text);
    exported(ScriptFormat::Custom, text);
    !script.scenes.is_empty()
}

fn exported(format: ScriptFormat, text: String) {
    let unit = PlayUnit { ordinal: 1, episode: true, title: String::new(), text };
    let play = Play { title: "T".into(), language: "zh".into(), rehearsal: false, format, front: None, units: vec![unit] };
    for write in [script_fountain, script_md, script_screenplay, script_txt] {
        assert!(!write(&play).is_empty());
    }
}
