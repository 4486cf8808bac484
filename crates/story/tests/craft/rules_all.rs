use proptest::prelude::*;
use story::{
    extraction::{Death, Presence},
    language::Tongue,
    rules::{aims, paragraphs_to_fix},
    state::Draft,
    text::{Grain, normalize, paragraphs, slice},
};

use crate::bench::Bench;

const RULES: [&str; 6] = ["length", "repeated-paragraph", "dead-character-acts", "meta-text", "truncated-ending", "forbidden-words"];

proptest! {
    #[test]
    fn whatever_a_model_writes_the_evidence_stands_in_the_text(
        text in "[#`{}\"“”「」（）()⟦⟧<|>:：a-c第一章字数好的，以下是完。 \n\n\u{301}😀İß]{0,120}",
        quote in "[a-c第一章 ]{1,4}",
        word in "[a-cß字İ ]{1,3}",
    ) {
        let text = normalize(&text);
        let mut bench = Bench::new(&text).dead("Holt", "q");
        bench.forbidden = vec![word];
        bench.told.presence = vec![Presence { character: "holt".into(), quote: quote.clone(), ..Presence::default() }];
        bench.told.deaths = vec![Death { character: "Mara".into(), quote, ..Death::default() }];
        let findings: Vec<_> = RULES.iter().flat_map(|rule| bench.found(rule)).collect();
        for finding in &findings {
            for evidence in &finding.spans {
                prop_assert_eq!(slice(&text, evidence.span), &evidence.quote);
                prop_assert!(!evidence.quote.is_empty());
            }
        }
        let count = paragraphs(&text).len();
        for tongue in [Tongue::En, Tongue::Zh] {
            let named = paragraphs_to_fix(tongue, &bench.draft, bench.length, Grain::Paragraph, &findings);
            prop_assert!(named.iter().all(|(n, said)| (1..=count).contains(&(*n as usize)) && !said.is_empty()));
            let numbers: Vec<u32> = named.keys().copied().collect();
            prop_assert_eq!(aims(bench.length, Grain::Paragraph, &bench.draft, &numbers).len(), numbers.len());
        }
    }
}

#[test]
fn an_honest_chapter_in_either_language_has_no_findings() {
    for text in [
        "The ferry had stopped running in the spring, and by June nobody bothered to tell strangers. Mara sat on the slip with her \
         boots in the water.\n\n“You’ll catch your death,” said Holt.\n\n“It’ll have to queue.” She didn’t look round. “Did they sign?”\n\n\
         He took a long time over his pipe. Chapter and verse, he had said once, was how he liked his bad news; now he gave her \
         neither.\n\n***\n\nIn the morning the lamp was still burning.",
        "渡船开春就停了，到了六月，也没人再费心去告诉外乡人。阿宁坐在滑道上，靴子泡在水里。\n\n“要着凉的。”老周说。\n\n“那也得排队。”她没回头，\
         “他们签了？”\n\n老周慢慢装他的烟斗，装了很久。他从前说过，坏消息要一五一十地讲；如今他一个字也没有讲。\n\n第二天一早，灯还亮着……",
    ] {
        let bench = Bench::new(text);
        let found: Vec<_> = RULES.iter().flat_map(|rule| bench.found(rule)).collect();
        assert_eq!(found, [], "{text}");
        assert_eq!(Draft::new(7, "", text.into(), 0).text, normalize(text));
    }
}
