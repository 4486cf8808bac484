use story::{
    language::Tongue,
    output_spec::ScriptFormat,
    screenplay::{Element, Script, duanju, fountain},
    tasks::{CritiqueScript, Loss, ScriptJudgement},
    text::Length,
};

/// Scores a scene or an episode by what can be measured in it. A line that is missing may stay out: there was no room for it.
pub(in crate::rehearsal) fn judge(input: &CritiqueScript) -> ScriptJudgement {
    let custom = input.script_format == ScriptFormat::Custom;
    let script: Script = if custom { duanju::script_of(&input.text) } else { fountain::script_of(&input.text) };
    let spoken: u64 = script.speeches().map(|s| Length::of(&s.text).chars).sum();
    let told: u64 = script
        .scenes
        .iter()
        .flat_map(|s| &s.elements)
        .map(|e| if let Element::Action(text) = e { Length::of(text).chars } else { 0 })
        .sum();
    let share = percent(spoken, spoken + told);
    let speeches = i64::try_from(script.speeches().count()).unwrap_or(0);
    let mean = i64::try_from(spoken).unwrap_or(0) / speeches.max(1);
    let usual = if Tongue::of(&input.language) == Tongue::Zh { 25 } else { 60 };
    // Two thirds spoken reads best in a script.
    let dialogue = (94 - (share - 65).abs()).clamp(30, 94);
    let pace = (92 - (mean - usual).abs() / 3).clamp(30, 92);
    let missing = i64::try_from(input.missing.len()).unwrap_or(0);
    let coverage = (90 - missing * 6).clamp(40, 90);
    let hooks = custom.then(|| duanju::hooks(&input.text));
    let reason = match Tongue::of(&input.language) {
        Tongue::En => "There is no room for it in an episode of this length; what it says is shown.",
        Tongue::Zh => "篇幅所限，其意已由情节交代。",
    };
    ScriptJudgement {
        coverage,
        voice: 75,
        pace,
        dialogue,
        opening_hook: hooks.map(|h| i64::from(h.opening)),
        closing_hook: hooks.map(|h| i64::from(h.closing)),
        losses: (1..=missing).map(|line| Loss { line, reason: reason.into() }).collect(),
        rewrites: Vec::new(),
    }
}

fn percent(part: u64, whole: u64) -> i64 {
    i64::try_from(part * 100 / whole.max(1)).unwrap_or(0)
}
