//! Every example is a brief that can be written from, without a warning.

use std::{fs, path::Path};

use documents::read_brief;
use story::{
    brief::{BriefContent, FrozenBrief},
    output_spec::PartialOutputSpec,
    text::{Length, Unit},
};

fn examples() -> Vec<(String, String, BriefContent)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("the folder of examples")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file())
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let file = read_brief(&name, &fs::read(&path).expect("an example")).unwrap_or_else(|e| panic!("{e}\nhint: {}", e.hint()));
            assert_eq!(file.warnings, [], "{name}");
            (name, file.title, file.content)
        })
        .collect()
}

#[test]
fn each_has_a_title_a_premise_and_a_full_cast() {
    let mut lines = Vec::new();
    for (name, title, content) in examples() {
        assert!(content.characters.len() >= 3, "{name}");
        for character in &content.characters {
            assert!(character.goal.is_some() && character.secret.is_some() && character.voice.is_some(), "{name}: {}", character.name);
        }
        let premise = Length::of(content.premise.as_deref().unwrap());
        let frozen = FrozenBrief::freeze(&title, content, &PartialOutputSpec::default());
        let spec = frozen.output_spec();
        let unit = if spec.chapter_length.unit == Unit::Chars { "chars" } else { "words" };
        lines.push(format!(
            "{name}: {title} ({}), {} chapters of {}–{} {unit}, cast of {}, premise of {} words",
            frozen.content.language(),
            spec.chapter_count,
            spec.chapter_length.min,
            spec.chapter_length.max,
            frozen.content.characters.len(),
            premise.words,
        ));
    }
    insta::assert_snapshot!(lines.join("\n"));
}
