use super::{
    Judged, Scripted,
    lines::{Kind, Line, lines},
};
use crate::{
    finding::{Finding, Severity},
    language::Tongue,
    output_spec::ScriptFormat,
    plan::UnitKind,
};

const HEADER: &str = "episode-header";
const SCENES: &str = "scene-numbers";
const NO_SCENE: &str = "no-scene-heading";

/// The script is written as its form asks: an episode's header, headings of scenes, their numbers.
pub(super) fn check(judged: &Judged<'_>, script: &Scripted<'_>) -> Vec<Finding> {
    let all = lines(script.format, &judged.draft.text);
    let mut found = Vec::new();
    if !all.iter().any(|line| matches!(line.kind, Kind::Scene(_))) {
        let message = format!("{} has no scene heading.", judged.named());
        let hint = "Begin each scene with its heading on a line of its own.".into();
        found.push(at(judged, Finding::new(NO_SCENE, Severity::Error, &judged.named(), message, hint), all.first()));
    }
    if script.format == ScriptFormat::Custom {
        if judged.unit == UnitKind::Episode {
            found.extend(header(judged, &all));
        }
        found.extend(numbers(judged, &all));
    }
    found
}

/// Exactly one header, with the right number, before everything else.
fn header(judged: &Judged<'_>, all: &[Line<'_>]) -> Option<Finding> {
    let ordinal = judged.draft.ordinal;
    let headers: Vec<&Line<'_>> = all.iter().filter(|line| matches!(line.kind, Kind::Episode(_))).collect();
    let right = |line: &&Line<'_>| line.kind == Kind::Episode(Some(ordinal));
    let first = all.first().is_some_and(|line| matches!(line.kind, Kind::Episode(_)));
    if first && headers.len() == 1 && headers.iter().all(right) {
        return None;
    }
    let message = match headers.as_slice() {
        [] => format!("Episode {ordinal} does not begin with its header, `第{ordinal}集`."),
        [one] if right(one) => format!("Episode {ordinal} has its header, `{}`, in the middle.", one.text),
        [one] => format!("Episode {ordinal} has the header `{}`, not `第{ordinal}集`.", one.text),
        more => format!("Episode {ordinal} has {} headers.", more.len()),
    };
    let hint = format!("Begin with `第{ordinal}集` on a line of its own, once.");
    let finding = Finding::new(HEADER, Severity::Error, &ordinal.to_string(), message, hint);
    Some(at(judged, finding, headers.iter().find(|line| !right(line)).copied().or(all.first())))
}

/// Scenes are numbered X-Y: X the episode, Y from 1 without a gap.
fn numbers(judged: &Judged<'_>, all: &[Line<'_>]) -> Vec<Finding> {
    let ordinal = judged.draft.ordinal;
    let scenes = all.iter().filter_map(|line| match line.kind {
        Kind::Scene(Some(numbers)) => Some((numbers, line)),
        _ => None,
    });
    let mut found = Vec::new();
    for (n, ((x, y), line)) in (1_u32..).zip(scenes) {
        let right = match judged.unit {
            UnitKind::Episode => (ordinal, n),
            UnitKind::Scene | UnitKind::Chapter => (1, ordinal),
        };
        if (x, y) != right {
            let message = format!("{} numbers a scene {x}-{y}; it is {}-{}.", judged.named(), right.0, right.1);
            let hint = format!("Number it {}-{}.", right.0, right.1);
            let about = format!("{ordinal}/{n}");
            found.push(at(judged, Finding::new(SCENES, Severity::Error, &about, message, hint), Some(line)));
        }
    }
    found
}

fn at(judged: &Judged<'_>, finding: Finding, line: Option<&Line<'_>>) -> Finding {
    match line {
        Some(line) => finding.over(judged.draft.ordinal, &judged.draft.text, line.span),
        None => finding,
    }
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
