//! Every prompt as a model reads it: a reviewer sees here what a change says.

use std::fmt::Write as _;

use story::{
    language::Tongue,
    tasks::{Answer, Call, Prompt},
};

use crate::book::{Asked, Book, good_answer, prose};

/// The run up to chapter 41 of 45, with a fix round in chapter 3 and a death in chapter 2.
fn written(mut book: Book, zh: bool) -> Book {
    let mut answers = |call: &Call| match call.task {
        "draft_chapter" if call.input["chapter"]["number"] == 3 => {
            let ending = if zh {
                "\n\n（字数：60字）\n\n她忽然伸手去够栏杆，却"
            } else {
                "\n\nWord count: 60\n\nSuddenly she reached for the rail and"
            };
            Some(Answer::Text(prose(3, zh) + ending))
        }
        "extract_facts" if call.input["chapter"] == 2 => {
            let Answer::Json(mut told) = good_answer(call) else { return None };
            let quote = told["presence"][0]["quote"].clone();
            told["deaths"] = serde_json::json!([{ "character": if zh { "老周" } else { "Holt" }, "flashback": false, "quote": quote }]);
            Some(Answer::Json(told))
        }
        _ => None,
    };
    book.until("novel.chapter.beats", 41, &mut answers);
    book
}

fn shown(asked: &Asked) -> String {
    let prompt = &asked.call.prompt;
    let mut text = format!("{} · {} · at most {} tokens\n", asked.call.task, asked.call.slot, asked.call.max_tokens);
    let _ = write!(text, "\n=== system\n{}\n\n=== user\n{}\n", prompt.system_text(), prompt.user_text());
    text
}

fn snap(language: &str, book: &Book) {
    let pick = |name: &str, chapter: u32, wanted: &dyn Fn(&Call) -> bool| {
        let asked = book.asked.iter().find(|a| a.chapter == chapter && wanted(&a.call)).unwrap();
        insta::assert_snapshot!(format!("{language}_{name}"), shown(asked));
    };
    let task = |task: &'static str| move |call: &Call| call.task == task;
    pick("outline_detailed", 0, &|call| call.slot == "outline/1");
    pick("outline_lines", 0, &|call| call.slot == "outline/2");
    pick("outline_next_window", 41, &task("outline_chapters"));
    pick("beats", 3, &task("plan_beats"));
    pick("draft", 3, &task("draft_chapter"));
    pick("extract", 3, &task("extract_facts"));
    pick("critique", 3, &task("critique_chapter"));
    pick("fix", 3, &task("fix_paragraphs"));
}

#[test]
fn what_a_model_reads_in_english() {
    snap("en", &written(Book::english(45), false));
}

#[test]
fn what_a_model_reads_in_chinese() {
    snap("zh", &written(Book::chinese(45), true));
}

/// What stands behind a prompt when its answer is asked for once more.
fn turns(prompt: &Prompt) -> String {
    prompt.turns.iter().map(|turn| format!("{}: {}\n", if turn.from_model { "model" } else { "user" }, turn.text)).collect()
}

#[test]
fn what_a_model_reads_when_it_is_asked_once_more() {
    let prompt = Prompt::default();
    insta::assert_snapshot!(turns(&prompt.go_on("The lamp went out, and", Tongue::En)), @r"
    model: The lamp went out, and
    user: You were cut off. Go on from exactly where you stopped, without repeating anything and without a word about it.
    ");
    insta::assert_snapshot!(turns(&prompt.go_on("灯灭了，于是", Tongue::Zh)), @r"
    model: 灯灭了，于是
    user: 你的输出被截断了。请从中断之处原样接着写，不要重复任何内容，也不要作任何说明。
    ");
    insta::assert_snapshot!(turns(&prompt.repair("Here you are!", "there is no JSON object in it", Tongue::En)), @r"
    model: Here you are!
    user: Your answer cannot be used: there is no JSON object in it. Answer again with the whole JSON object and nothing else.
    ");
    insta::assert_snapshot!(turns(&prompt.repair("给你！", "there is no JSON object in it", Tongue::Zh)), @r"
    model: 给你！
    user: 你的回答无法使用：there is no JSON object in it。请重新给出完整的 JSON 对象，除此之外什么都不要写。
    ");
}
