use serde_json::{Value, json};
use story::brief::{BriefContent, FieldError};

fn read(brief: Value) -> Result<BriefContent, Vec<FieldError>> {
    BriefContent::from_map(brief.as_object().unwrap().clone())
}

#[test]
fn every_fault_of_a_brief_is_told_at_once_with_its_place() {
    let faults = read(json!({
        "logline": 5,
        "pov": "second",
        "forbidden": ["fine", 3],
        "characters": [{"name": "Mara"}, {"name": "Holt", "aliases": "H"}],
        "output_spec": {"chapter_length": {"min": "one"}},
        "tone": "dry\u{0}",
        "notes": {"a/b": ["x", "y\u{0}"]},
    }))
    .unwrap_err();
    let pointers: Vec<&str> = faults.iter().map(|f| f.pointer.as_str()).collect();
    let mut sorted = pointers.clone();
    sorted.sort_unstable();
    assert_eq!(
        sorted,
        ["/characters/1/aliases", "/forbidden/1", "/logline", "/notes/a~1b/1", "/output_spec/chapter_length/min", "/pov", "/tone"]
    );
    let detail = |pointer: &str| &faults.iter().find(|f| f.pointer == pointer).unwrap().detail;
    assert!(detail("/logline").contains("expected a string"), "{}", detail("/logline"));
    assert_eq!(detail("/tone"), "holds a NUL character; remove it");
}

#[test]
fn numbers_out_of_range_and_nameless_people_are_faults_too() {
    let faults = read(json!({"characters": [{"role": "ghost"}], "output_spec": {"chapter_count": 0, "max_fix_rounds": 99}})).unwrap_err();
    let pointers: Vec<&str> = faults.iter().map(|f| f.pointer.as_str()).collect();
    assert_eq!(pointers, ["/output_spec/chapter_count", "/output_spec/max_fix_rounds", "/characters/0/name"]);
}

#[test]
fn an_unknown_key_is_kept_and_the_one_that_was_meant_is_suggested() {
    let brief = read(json!({"premis": "A lamp.", "Gener": "noir", "soundtrack": "tide", "logline": null})).unwrap();
    let unknown: Vec<_> = brief.unknown_keys().into_iter().map(|k| (k.pointer, k.suggestion)).collect();
    assert_eq!(
        unknown,
        [("/Gener".into(), Some("genre")), ("/premis".into(), Some("premise")), ("/soundtrack".into(), None)] as [(String, _); 3]
    );
    assert_eq!(brief.unknown["soundtrack"], "tide");
    assert!(brief.is_empty());
}
