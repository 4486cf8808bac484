use story::{language::Tongue, screenplay::scenes::Staged, tasks::DraftEpisode};

use super::{
    keep::{Wanted, fitted},
    letters,
    source::{cast_names, hear, tongue_of},
    written,
};

/// Writes an episode from its stretch of the source.
pub(in crate::rehearsal) fn draft(input: &DraftEpisode) -> String {
    let cast = cast_names(&input.cast, &input.characters);
    let scenes: Vec<Staged> = input.source.iter().flat_map(|part| hear(part, &cast).scenes).filter(|s| !s.beats.is_empty()).collect();
    let keys: Vec<String> = input.key_lines.iter().map(|line| letters(&line.quote)).filter(|k| !k.is_empty()).collect();
    let wanted = Wanted {
        format: input.script_format,
        length: input.length,
        tongue: input.source.first().map_or(Tongue::of(&input.language), tongue_of),
        episode: Some(input.episode.number),
        keys: &keys,
        people: &input.characters,
    };
    written(&fitted(&scenes, &wanted), input.script_format)
}
