use story::{finding::Severity, rules::after_last_round};

use crate::bench::Bench;

#[test]
fn an_ending_that_breaks_off_is_found() {
    for ending in [
        "She reached for the rail and",
        "She reached for the rail,",
        "He had only one thing left to say:",
        "“You never told me the lamp was",
        "“You never told me. I waited all night. And then you came back.",
        "\"You never told me. I waited all night.",
        "她伸手去够栏杆，却",
        "她伸手去够栏杆，",
        "“你从没告诉过我。我等了一整夜。",
        "「你從沒告訴過我。我等了一整夜。",
    ] {
        let text = format!("Everything before was whole.\n\n{ending}");
        let found = Bench::new(&text).found("truncated-ending");
        assert_eq!(found.len(), 1, "{ending}");
        assert!(ending.ends_with(&found[0].spans[0].quote), "{ending}");
        assert_eq!(found[0].severity, Severity::Error);
        assert_eq!(after_last_round(found[0].clone()).severity, Severity::Warning);
    }
}

#[test]
fn every_honest_ending_may_stand() {
    for ending in [
        "She let go.",
        "“You never told me,” she said.",
        "“You never told me.”",
        "\"You never told me.\"",
        "'You never told me.'",
        "The board was six feet by 8\" and nobody had measured it.",
        "And then the light—",
        "Who was it…",
        "It was over (for now)",
        "*It was over.*",
        "„Du hast es nie gesagt.“",
        "« Tu ne me l’as jamais dit. »",
        "她松开了手。",
        "“你从没告诉过我。”",
        "「你從沒告訴過我。」",
        "他想说什么，却——",
        "灯灭了……",
        "他笑了笑（只是一下）",
        "彼女は手を離した。",
    ] {
        let text = format!("“An earlier speech goes on,\n\n{ending}");
        assert!(Bench::new(&text).found("truncated-ending").is_empty(), "{ending}");
    }
}
