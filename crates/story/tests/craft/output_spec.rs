use story::{
    output_spec::{LengthRange, OutputSpec, PartialOutputSpec, ScriptFormat},
    text::Unit,
};

#[test]
fn each_key_comes_from_the_first_that_has_it() {
    let brief = PartialOutputSpec { chapter_count: Some(3), ..PartialOutputSpec::default() };
    let settings = PartialOutputSpec {
        chapter_count: Some(9),
        seed: Some(4),
        chapter_length: Some(LengthRange { min: 10, max: 20, unit: Unit::Words }),
        script_format_notes: Some("Short lines.".into()),
        ..PartialOutputSpec::default()
    };
    let spec = OutputSpec::resolve(&[&brief, &settings], "zh-TW");
    assert_eq!((spec.chapter_count, spec.seed, spec.scene_count, spec.max_fix_rounds, spec.auto_step_retries), (3, 4, 12, 2, 3));
    assert_eq!(spec.chapter_length, LengthRange { min: 10, max: 20, unit: Unit::Words });
    assert_eq!(spec.script_format_notes.as_deref(), Some("Short lines."));
    assert_eq!((spec.script_format, spec.auto_step_backoff_s), (ScriptFormat::Custom, 2.0));
}

#[test]
fn lengths_and_forms_follow_the_language() {
    for (language, unit, min, format) in [
        ("en", Unit::Words, 1500, ScriptFormat::Fountain),
        ("de-AT", Unit::Words, 1500, ScriptFormat::Fountain),
        ("ja", Unit::Chars, 2000, ScriptFormat::Fountain),
        ("zh-Hans", Unit::Chars, 2000, ScriptFormat::Custom),
        ("ZH", Unit::Chars, 2000, ScriptFormat::Custom),
    ] {
        let spec = OutputSpec::resolve(&[], language);
        assert_eq!((spec.chapter_length.unit, spec.chapter_length.min, spec.script_format), (unit, min, format), "{language}");
    }
}
