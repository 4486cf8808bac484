//! A story read as a play: who says what, in how many pieces, and what is told between.

use story::{
    language::Tongue,
    screenplay::reading::{CastName, Passage, read},
};

/// Every speech as `Name (manner): words`, thoughts marked, narration in brackets.
fn played(text: &str, tongue: Tongue) -> Vec<String> {
    read(text, tongue, &[])
        .into_iter()
        .map(|passage| match passage {
            Passage::Told(told) => format!("[{}]", told.text),
            Passage::Said(said) => {
                let name = said.speaker.clone().unwrap_or_else(|| "?".into());
                let thought = if said.thought { " thinks" } else { "" };
                let manner = said.manner.as_ref().map_or(String::new(), |m| format!(" ({m})"));
                format!("{name}{thought}{manner}: {}", said.text())
            }
        })
        .collect()
}

#[test]
fn an_american_scene_is_heard_with_beats_turns_and_pronouns() {
    let scene = "\
Tom Hale crossed the kitchen and put the lamp on the table. “You’re late,” he said.

“I know.” Mara didn’t look up. “The road was out at Miller’s Crossing.”

“Was it?”

“Ask anyone.”

Tom laughed. “I did. I asked Mrs. Dunne.”

“And what did Mrs. Dunne say?” Mara asked, folding the letter.

“She said, ‘That girl has never told the truth in her life.’”

“Charming,” said Mara. “I wonder what she says about you.”";
    assert_eq!(
        played(scene, Tongue::En),
        [
            "[Tom Hale crossed the kitchen and put the lamp on the table.]",
            "Tom Hale: You’re late.",
            "Mara: I know.",
            "[Mara didn’t look up.]",
            "Mara: The road was out at Miller’s Crossing.",
            "Tom Hale: Was it?",
            "Mara: Ask anyone.",
            "[Tom laughed.]",
            "Tom Hale: I did. I asked Mrs. Dunne.",
            "Mara (folding the letter): And what did Mrs. Dunne say?",
            "Tom Hale: She said, ‘That girl has never told the truth in her life.’",
            "Mara: Charming. I wonder what she says about you.",
        ]
    );
}

#[test]
fn british_marks_apostrophes_and_labels_are_told_apart() {
    let scene = "\
'That's the sisters' bed,' said Ruth, 'and it isn't yours.'

The jar was labelled 'ORANGE MARMALADE', but it was empty. ''Tis a pity,' thought Ruth.

'Who's there?' cried Dan and Ruth together.";
    assert_eq!(
        played(scene, Tongue::En),
        [
            "Ruth: That's the sisters' bed, and it isn't yours.",
            "[The jar was labelled 'ORANGE MARMALADE', but it was empty.]",
            "Ruth thinks: 'Tis a pity.",
            "Dan: Who's there?",
        ]
    );
}

#[test]
fn a_modern_chinese_scene_is_heard_in_every_kind_of_marks() {
    let scene = "\
林穗推开书房的门，雨水顺着伞尖滴下来。
“你来晚了。”陆沉没有抬头。
“路上堵车。”林穗说着把伞放下，“信呢？”
陆沉把抽屉拉开，冷笑道：“信？你还记得有信？”
“我当然记得。”她低声说。
“那你说，谁写的？”
「不知道。」林穗說，「真的不知道。」
墙上写着“禁止吸烟”四个字。
林穗心里一惊，想：“难道是他？”";
    assert_eq!(
        played(scene, Tongue::Zh),
        [
            "[林穗推开书房的门，雨水顺着伞尖滴下来。]",
            "陆沉: 你来晚了。",
            "[陆沉没有抬头。]",
            "林穗: 路上堵车。",
            "[林穗说着把伞放下。]",
            "林穗: 信呢？",
            "[陆沉把抽屉拉开。]",
            "陆沉 (冷笑): 信？你还记得有信？",
            "林穗 (低声): 我当然记得。",
            "陆沉: 那你说，谁写的？",
            "林穗: 不知道。真的不知道。",
            "[墙上写着“禁止吸烟”四个字。]",
            "[林穗心里一惊。]",
            "林穗 thinks: 难道是他？",
        ]
    );
}

#[test]
fn the_cast_gives_the_names_that_the_script_uses() {
    let cast = [CastName { name: "贾宝玉".into(), aliases: vec!["宝玉".into()], pronouns: None }];
    let heard = read("宝玉笑道：“我来了。”", Tongue::Zh, &cast);
    assert!(matches!(&heard[..], [Passage::Said(said)] if said.speaker.as_deref() == Some("贾宝玉") && said.explicit), "{heard:?}");
}

#[test]
fn asides_in_brackets_and_scraps_of_attributions_are_no_deeds() {
    let scene = "\
'Nobody is here,' said Nan.

Nan began to get rather tired. 'Our cat will miss me very much to-night, I should think!' (Whisk was the cat.) 'I hope they remember her milk.'

'I beg your pardon!' said the Heron, frowning, but very politely: 'Did you speak?'

In another moment she was near enough to hear the Otter say to itself, 'Oh dear! I shall be late!'";
    assert_eq!(
        played(scene, Tongue::En),
        [
            "Nan: Nobody is here.",
            "[Nan began to get rather tired.]",
            "Nan: Our cat will miss me very much to-night, I should think! I hope they remember her milk.",
            "Heron (frowning): I beg your pardon! Did you speak?",
            "Otter (to itself): Oh dear! I shall be late!",
        ]
    );
}

#[test]
fn who_is_pointed_at_or_overheard_speaks_and_a_quotation_left_open_ends() {
    let scene = "\
忽见那边来了一僧一道。只听道人问道：“你携了这石头，往哪里去？”那僧笑道：“你放心，如今正有一段公案。使他去经历经历。那道人道：“原来如此。”

又听林穗笑道：“你们快出来迎接客人。”一言未了，房中走出几个人来。

林穗道：“来了就好。”林穗又道：“坐罢。”";
    assert_eq!(
        played(scene, Tongue::Zh),
        [
            "[忽见那边来了一僧一道。]",
            "道人: 你携了这石头，往哪里去？",
            "僧 (笑): 你放心，如今正有一段公案。使他去经历经历。",
            "道人: 原来如此。",
            "林穗 (笑): 你们快出来迎接客人。",
            "[一言未了，房中走出几个人来。]",
            "林穗: 来了就好。",
            "林穗: 坐罢。",
        ]
    );
}
