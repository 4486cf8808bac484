use super::{Judged, Scripted, lines::headings};
use crate::{
    finding::{Finding, Severity},
    language::Tongue,
    output_spec::ScriptFormat,
    plan::UnitKind,
    screenplay::duanju,
    text::Grain,
};

const HEADER: &str = "episode-header";
const SCENES: &str = "scene-numbers";
const NO_SCENE: &str = "no-scene-heading";

/// The script is written as its form asks: an episode's header, headings of scenes, their numbers.
pub(super) fn check(judged: &Judged<'_>, script: &Scripted<'_>) -> Vec<Finding> {
    let (ordinal, text) = (judged.draft.ordinal, judged.draft.text.as_str());
    if (script.format, judged.unit) == (ScriptFormat::Custom, UnitKind::Episode) {
        let mut found = duanju::check(ordinal, text);
        found.extend(header_first(judged, &found));
        return found;
    }
    let scenes = headings(script.format, text);
    if scenes.is_empty() {
        let message = format!("{} has no scene heading.", judged.named());
        let hint = "Begin each scene with its heading on a line of its own.".into();
        let finding = Finding::new(NO_SCENE, Severity::Error, &judged.named(), message, hint);
        return vec![match Grain::Line.spans(text).first() {
            Some(span) => finding.over(ordinal, text, *span),
            None => finding,
        }];
    }
    // A scene of a 短剧 bears its own number, as a scene of the first episode.
    let wrong = scenes.into_iter().filter_map(|(number, span)| Some((number.filter(|number| *number != (1, ordinal))?, span)));
    wrong
        .map(|((x, y), span)| {
            let message = format!("{} numbers a scene {x}-{y}; it is 1-{ordinal}.", judged.named());
            let hint = format!("Number it 1-{ordinal}.");
            Finding::new(SCENES, Severity::Error, &format!("{ordinal}/{x}-{y}"), message, hint).over(ordinal, text, span)
        })
        .collect()
}

/// The one header that there is stands before everything else.
fn header_first(judged: &Judged<'_>, found: &[Finding]) -> Option<Finding> {
    let (ordinal, text) = (judged.draft.ordinal, judged.draft.text.as_str());
    let rows = duanju::parse(text);
    let at = rows.iter().position(|row| matches!(row.kind, duanju::Kind::Episode { .. }))?;
    if at == 0 || found.iter().any(|finding| finding.rule == HEADER) {
        return None;
    }
    let message = format!("Episode {ordinal} has its header in the middle.");
    let hint = format!("Begin with `第{ordinal}集` on a line of its own, once.");
    Some(Finding::new(HEADER, Severity::Error, &ordinal.to_string(), message, hint).over(ordinal, text, rows[at].span))
}

pub(super) fn instruction(tongue: Tongue, rule: &str, finding: &Finding) -> Option<String> {
    // The hint names the right header or number, which reads alike in both languages.
    let named = finding.hint.split('`').nth(1).unwrap_or_default();
    let number = finding.hint.trim_start_matches("Number it ").trim_end_matches('.');
    Some(match (tongue, rule) {
        (Tongue::En, HEADER | SCENES | NO_SCENE) => finding.hint.clone(),
        (Tongue::Zh, HEADER) => format!("全集第一行是`{named}`，独占一行，只出现一次。"),
        (Tongue::Zh, SCENES) => format!("场号改为{number}。"),
        (Tongue::Zh, NO_SCENE) => "每场以场景标题开头，独占一行。".into(),
        _ => return None,
    })
}
