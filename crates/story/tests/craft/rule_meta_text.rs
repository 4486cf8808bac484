use story::finding::Severity;

use crate::bench::{Bench, quotes};

/// `line` between two honest paragraphs, at the head, or at the end.
fn inside(line: &str) -> String {
    format!("The kettle had boiled dry.\n\n{line}\n\nNobody spoke of it again.")
}
fn head(line: &str) -> String {
    format!("{line}\n\nThe kettle had boiled dry.\n\nNobody spoke of it again.")
}
fn tail(line: &str) -> String {
    format!("The kettle had boiled dry.\n\nNobody spoke of it again.\n\n{line}")
}

#[test]
fn what_no_reader_is_to_see_is_found_where_it_stands() {
    let leaks = [
        (head("```markdown"), "```markdown"),
        (head("# The Lamp"), "# The Lamp"),
        (head("## 第三章 灯"), "## 第三章 灯"),
        (head("# 任务：写第3章正文"), "# 任务：写第3章正文"),
        (inside("# Task: write chapter 3"), "# Task: write chapter 3"),
        (head("Chapter 3: The Lamp"), "Chapter 3: The Lamp"),
        (head("**CHAPTER XII**"), "**CHAPTER XII**"),
        (head("Chapter Twelve — Dust"), "Chapter Twelve — Dust"),
        (head("第三章"), "第三章"),
        (head("第一百零二章 归船"), "第一百零二章 归船"),
        (head("【第3章：灯】"), "【第3章：灯】"),
        (inside("{\"title\": \"The Lamp\", \"text\": \"Rain.\"}"), "{\"title\": \"The Lamp\", \"text\": \"Rain.\"}"),
        (inside("\"summary\": \"She leaves.\","), "\"summary\": \"She leaves.\","),
        (inside("She put it down. ⟦12⟧ He did not look."), "⟦12⟧"),
        (tail("Nobody answered.<|im_end|>"), "<|im_end|>"),
        (head("</think>"), "</think>"),
        (head("As an AI, I cannot write violence, but I'll do my best."), "As an AI, I cannot write violence, but I'll do my best."),
        (inside("As an AI language model, I must stop here."), "As an AI language model, I must stop here."),
        (head("Here is the chapter:"), "Here is the chapter:"),
        (head("Here’s the revised version of chapter 3, as you asked."), "Here’s the revised version of chapter 3, as you asked."),
        (head("Sure! Here is the complete draft:"), "Sure! Here is the complete draft:"),
        (tail("I hope this chapter meets your expectations!"), "I hope this chapter meets your expectations!"),
        (tail("Let me know if you'd like any changes."), "Let me know if you'd like any changes."),
        (tail("Word count: 2,034"), "Word count: 2,034"),
        (tail("**(Word count: approx. 2,000)**"), "**(Word count: approx. 2,000)**"),
        (tail("The door closed behind her. (continued)"), "(continued)"),
        (tail("(To be continued…)"), "(To be continued…)"),
        (tail("[End of Chapter 3]"), "[End of Chapter 3]"),
        (head("作为一个AI，我无法描写这类场面。"), "作为一个AI，我无法描写这类场面。"),
        (head("以下是第三章正文："), "以下是第三章正文："),
        (head("以下是根据您的要求改写后的段落："), "以下是根据您的要求改写后的段落："),
        (head("好的，以下是本章的完整正文。"), "好的，以下是本章的完整正文。"),
        (tail("（字数：2134字）"), "（字数：2134字）"),
        (tail("字数：2134"), "字数：2134"),
        (tail("（全文约2500字）"), "（全文约2500字）"),
        (tail("她关上了门。（完）"), "（完）"),
        (tail("（本章完）"), "（本章完）"),
        (tail("未完待续"), "未完待续"),
        (tail("希望这一章符合您的要求。"), "希望这一章符合您的要求。"),
        (tail("如需修改，请随时告诉我。"), "如需修改，请随时告诉我。"),
    ];
    for (text, leak) in leaks {
        let found = Bench::new(&text).found("meta-text");
        assert_eq!(quotes(&found), [leak], "{text}");
        assert_eq!(found[0].severity, Severity::Error);
        assert!(found[0].message.contains("Chapter 7 holds"));
    }
}

#[test]
fn people_of_the_story_may_say_all_this() {
    let prose = [
        head("Here is the key, she had written, and here is the door it fits."),
        head("“Here is the chapter,” said the archdeacon, “in which they bury the clock.”"),
        head("Here is the chapter house, and here the stair that nobody climbs."),
        head("Here is the story of how I came to own a lighthouse."),
        head("Chapter one of my life had closed, and I had not even marked the page."),
        head("Chapter by chapter she burned it."),
        inside("“As an AI,” said the ship, “I am not supposed to be afraid.”"),
        inside("As an AI, I had been told, the ship could not lie. It lied to me twice that winter."),
        inside("“Chapter 3,” he read aloud. “The Lamp.”"),
        inside("He was #1 in the town's only chess club, and #2 was his mother."),
        inside("#今日热搜#四个字亮了一下，又灭了。"),
        inside("She typed “{” and waited. The cursor blinked."),
        inside("The words: count them. That was all the note said."),
        tail("I hope this letter finds you before the frost does."),
        tail("I hope you never learn what the harbour sounds like in May."),
        tail("Let me know if she wakes, he had said, and gone out to the boats."),
        tail("He wrote one more line (the last), and put the pen away."),
        tail("“To be continued,” she said, and closed the book."),
        inside("***"),
        inside("—— 以上，都是船长自己写下的。"),
        head("以下是他的遗言：“灯不要灭。”"),
        head("以下是他留下的三件东西：一把钥匙、一封信、半截蜡烛。"),
        head("“好的，”她说，“我这就去。”"),
        head("好的，他想，那就等到天亮。"),
        inside("第三章写得最好，他说，后面就散了。"),
        inside("第三回，他终于敲开了那扇门。"),
        inside("作为一个AI，它本不该懂得害怕，可那天夜里它把灯全打开了。"),
        tail("希望他还活着。"),
        tail("她写道：字数不够，情意来补。"),
        tail("他看了看她（完全不像从前），转身走了。"),
        tail("这是她的最后一章了，她想。"),
    ];
    for text in prose {
        let found = Bench::new(&text).found("meta-text");
        assert!(found.is_empty(), "{text}\n{:?}", quotes(&found));
    }
}

#[test]
fn a_whole_object_is_one_finding_with_a_span_for_every_line() {
    let text = "{\n\"title\": \"The Lamp\",\n\"text\": \"Rain.\"\n}\n\nRain fell on the quay.";
    let found = Bench::new(text).found("meta-text");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].spans.len(), 4);
}
