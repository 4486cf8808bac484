use proptest::prelude::*;
use serde_json::json;
use story::tasks::find_json;

#[test]
fn an_object_is_found_however_a_model_wraps_it() {
    let beats = json!({ "beats": [{ "text": "She {nearly} says \"no\"." }] });
    for answer in [
        r#"{"beats": [{"text": "She {nearly} says \"no\"."}]}"#,
        "```json\n{\"beats\": [{\"text\": \"She {nearly} says \\\"no\\\".\"}]}\n```",
        "Sure! Here are {five} beats:\n\n{\"beats\": [{\"text\": \"She {nearly} says \\\"no\\\".\"}]}\n\nI hope this helps {you}.",
        "<think>\nMaybe {\"beats\": []}? No, {\"a\": 1, \"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\": 2}.\n</think>\n{\"beats\": [{\"text\": \"She {nearly} says \\\"no\\\".\"}]}",
        "thinking without a beginning {\"x\": 1}</think>{\"beats\": [{\"text\": \"She {nearly} says \\\"no\\\".\"}]}",
        "{\"beats\": [{\"text\": \"She {nearly} says \\\"no\\\".\",},],\n}",
        "An empty one first: {} and then {\"beats\": [{\"text\": \"She {nearly} says \\\"no\\\".\"}]}",
    ] {
        assert_eq!(find_json(answer), Some(beats.clone()), "{answer}");
    }
}

#[test]
fn a_line_end_inside_of_a_string_is_forgiven() {
    assert_eq!(find_json("{\"text\": \"one\n\ttwo, }\"}"), Some(json!({ "text": "one\n\ttwo, }" })));
}

#[test]
fn where_there_is_no_whole_object_nothing_is_found() {
    for answer in [
        "",
        "No.",
        "[1, 2]",
        "{",
        "}{",
        "{\"beats\": [{\"text\": \"cut",
        "{\"beats\": [{\"text\": \"whole\"}, {\"text\": \"cut",
        "<think>{\"beats\": []}",
        "{\"a\" 1}",
    ] {
        assert_eq!(find_json(answer), None, "{answer}");
    }
}

proptest! {
    #[test]
    fn garbage_never_panics(text in "\\PC*", braces in "[{}\\[\\]\",:\\\\ \n汉0-9]*") {
        let _ = (find_json(&text), find_json(&braces));
    }

    #[test]
    fn whatever_was_wrapped_comes_out(key in "\\PC*", value in "\\PC*", before in "[a-z .\n]*", after in "[a-z .\n]*") {
        let object = json!({ "key": key, "value": value });
        prop_assert_eq!(find_json(&format!("{before}{object}{after}")), Some(object.clone()));
        prop_assert_eq!(find_json(&format!("{before}\n```json\n{object:#}\n```\n{after}")), Some(object));
    }
}
