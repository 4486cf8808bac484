//! Which preset holds for a run, and what it decides.

use story::{
    output_spec::{OutputSpec, PartialOutputSpec, ScriptFormat},
    presets::{Asked, Catalog, Catalogs, PromptPreset, Resolved, UnknownPreset, Wanted, for_adaptation, for_script},
};

fn preset(id: &str, format: Option<ScriptFormat>, language: Option<&str>) -> PromptPreset {
    PromptPreset {
        id: id.into(),
        name: id.to_uppercase(),
        text: format!("Write {id}."),
        script_format: format,
        language: language.map(str::to_owned),
    }
}

fn catalog(default_id: Option<&str>, presets: &[PromptPreset]) -> Catalog {
    Catalog { presets: presets.to_vec(), default_id: default_id.map(str::to_owned) }
}

fn asked<'a>(language: &'a str, spec: &'a OutputSpec) -> Asked<'a> {
    Asked { preset: None, language, spec, conversion: None }
}

fn spec(language: &str, own: &PartialOutputSpec) -> OutputSpec {
    OutputSpec::resolve(&[own], language)
}

/// Id, name, format, language, as `id | name | format | language`.
fn told(resolved: &Result<Resolved, UnknownPreset>) -> String {
    match resolved {
        Ok(r) => {
            let (id, name) = r.preset.as_ref().map_or(("-", "-"), |p| (p.id.as_deref().unwrap_or("-"), p.name.as_str()));
            format!("{id} | {name} | {:?} | {}", r.script_format, r.language)
        }
        Err(e) => e.to_string(),
    }
}

#[test]
fn the_runs_preset_comes_before_the_briefs_notes_and_these_before_the_default() {
    let presets = catalog(Some("house"), &[preset("house", None, None), preset("radio", None, None)]);
    let noted = PartialOutputSpec { script_format_notes: Some("Two columns.".into()), ..PartialOutputSpec::default() };
    let (plain, noted) = (spec("en", &PartialOutputSpec::default()), spec("en", &noted));

    let own = preset("whatever", Some(ScriptFormat::Screenplay), None);
    let cases = [
        ("run and brief", Asked { preset: Some(Wanted::Id("radio")), ..asked("en", &noted) }, "radio | RADIO | Fountain | en"),
        ("brief alone", asked("en", &noted), "- | The brief's own notes | Fountain | en"),
        ("nobody", asked("en", &plain), "house | HOUSE | Fountain | en"),
        ("a file", Asked { preset: Some(Wanted::Own(&own)), ..asked("en", &plain) }, "- | WHATEVER | Screenplay | en"),
        ("none such", Asked { preset: Some(Wanted::Id("gone")), ..asked("en", &plain) }, "there is no preset gone"),
    ];
    for (case, asked, wanted) in cases {
        assert_eq!(told(&for_script(&presets, asked)), wanted, "{case}");
    }
    assert_eq!(
        told(&for_adaptation(&presets, asked("en", &noted))),
        "house | HOUSE | Fountain | en",
        "the brief's notes are for its own script"
    );
    assert_eq!(told(&for_script(&catalog(None, &[preset("house", None, None)]), asked("en", &plain))), "- | - | Fountain | en");
}

#[test]
fn a_preset_names_format_and_language_and_the_runs_own_output_spec_wins() {
    let presets = catalog(Some("house"), &[preset("house", None, None), preset("drama", Some(ScriptFormat::Custom), Some("zh"))]);
    let plain = spec("en", &PartialOutputSpec::default());
    let drama = Asked { preset: Some(Wanted::Id("drama")), ..asked("en", &plain) };
    assert_eq!(told(&for_adaptation(&presets, drama)), "drama | DRAMA | Custom | zh");
    let own = PartialOutputSpec { script_format: Some(ScriptFormat::Screenplay), ..PartialOutputSpec::default() };
    assert_eq!(told(&for_adaptation(&presets, Asked { conversion: Some(&own), ..drama })), "drama | DRAMA | Screenplay | zh");
    let taiwan = spec("zh-Hant", &PartialOutputSpec::default());
    let there = Asked { preset: Some(Wanted::Id("drama")), ..asked("zh-Hant", &taiwan) };
    assert_eq!(told(&for_adaptation(&presets, there)), "drama | DRAMA | Custom | zh-Hant");
}

#[test]
fn the_default_is_one_that_fits_the_work() {
    let shipped = Catalogs::shipped();
    let cases = [
        ("en", None, "feature-screenplay-en", ScriptFormat::Fountain),
        ("zh", None, "duanju-500-800-zh", ScriptFormat::Custom),
        ("zh", Some(ScriptFormat::Fountain), "feature-screenplay-zh", ScriptFormat::Fountain),
        ("en", Some(ScriptFormat::Custom), "duanju-500-800-en", ScriptFormat::Custom),
        // None is made for it: the language's first is nearest, and the writer's own word on the form stays.
        ("fr", Some(ScriptFormat::Screenplay), "feature-screenplay-en", ScriptFormat::Screenplay),
    ];
    for (language, script_format, id, form) in cases {
        let spec = spec(language, &PartialOutputSpec { script_format, ..PartialOutputSpec::default() });
        for resolved in
            [for_script(&shipped.script, asked(language, &spec)), for_adaptation(&shipped.novel_to_script, asked(language, &spec))]
        {
            let resolved = resolved.unwrap();
            assert_eq!((resolved.preset.unwrap().id.as_deref(), resolved.script_format), (Some(id), form), "{language} {script_format:?}");
            assert_eq!(resolved.language, language);
        }
    }
    let only = catalog(Some("a"), &[preset("a", Some(ScriptFormat::Custom), Some("zh"))]);
    let english = spec("en", &PartialOutputSpec::default());
    assert_eq!(told(&for_script(&only, asked("en", &english))), "a | A | Custom | en", "better than none");
}

#[test]
fn what_is_shipped_is_whole_in_both_languages() {
    let shipped = Catalogs::shipped();
    assert_eq!(shipped.faults(), []);
    for catalog in [&shipped.script, &shipped.novel_to_script] {
        for language in ["en", "zh"] {
            let names: Vec<&str> =
                catalog.presets.iter().filter(|p| p.language.as_deref() == Some(language)).map(|p| p.name.as_str()).collect();
            insta::with_settings!({ omit_expression => true }, {
                insta::assert_snapshot!(format!("shipped_{language}"), names.join("\n"));
            });
        }
    }
    let text = |id: &str| &shipped.novel_to_script.get(id).unwrap().text;
    assert!(text("duanju-500-800-zh").contains("500-800字") && text("duanju-500-800-zh").contains("改编"));
    assert!(text("duanju-800-1200-zh").contains("800-1200字"));
    assert!(text("duanju-500-800-en").contains("320-500 words"));
    assert!(shipped.novel_to_script.find("短剧 500-800字").is_some());
}

#[test]
fn what_comes_in_is_looked_at_and_unknown_fields_of_a_preset_are_let_go() {
    let told = |json: &str| {
        let catalogs: Catalogs = serde_json::from_str(json).unwrap();
        catalogs.faults().into_iter().map(|f| format!("{} {}", f.pointer, f.detail)).collect::<Vec<_>>().join("\n")
    };
    let json = r#"{"script": {"presets": [{"id": "a", "name": "A", "text": "t", "colour": "red"}, {"id": "a", "name": " ", "text": "t"}], "default_id": "b"},
        "novel_to_script": {"presets": []}}"#;
    insta::assert_snapshot!(told(json), @"
    /script/presets/1/name is empty
    /script/presets/1/id is a, as another preset's
    /script/default_id is b, but there is no such preset in this catalog
    ");
    let again = serde_json::to_string(&Catalogs::shipped()).unwrap();
    assert_eq!(serde_json::from_str::<Catalogs>(&again).unwrap(), Catalogs::shipped(), "what GET gave can be PUT");
}
