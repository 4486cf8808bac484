use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A stretch of one chapter of the novel that is adapted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourcePart {
    /// The chapter's ordinal in the source, from 1.
    pub chapter: u32,
    /// Its title, without a number.
    pub title: String,
    /// In order; numbers ascend without gaps, and need not begin at 1.
    pub paragraphs: Vec<SourceParagraph>,
}

/// One paragraph of the source, normalised: it holds no empty line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceParagraph {
    /// Its number in the chapter, from 1.
    pub number: u32,
    /// Its words. A single line end inside is verse or shaped text.
    pub text: String,
}

/// A line of the source that the script must keep, or say why not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyLine {
    /// Who says it, by the name in the source; empty for narration.
    #[serde(default)]
    pub speaker: String,
    /// The words, letter for letter as they stand in the source, without quotation marks.
    pub quote: String,
}

/// What happens in a stretch of a source chapter, for a task that plans and does not see the words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MomentView {
    /// The first paragraph, from 1.
    pub from: u32,
    /// The last one.
    pub to: u32,
    /// What happens, in a sentence.
    pub text: String,
    /// The length of these paragraphs, in the unit of the range.
    pub length: u64,
}

/// An episode as the plan has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EpisodeView {
    /// Its ordinal in the whole script, from 1.
    pub number: u32,
    /// Without a number.
    pub title: String,
    /// What it is about, in a sentence or two. Empty where the plan does not say.
    pub core: String,
    /// What it opens with. Empty where the plan does not say.
    pub opening_hook: String,
    /// What it closes on. Empty where the plan does not say.
    pub closing_hook: String,
}

/// A scene as the plan has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SceneView {
    /// Its ordinal, from 1.
    pub number: u32,
    /// Without a number.
    pub title: String,
    /// The heading line of the scene, exactly as the script is to have it: `INT. LAMP ROOM - NIGHT`, `1-3 夜 内 灯塔`.
    pub heading: String,
    /// What happens.
    pub summary: String,
    /// Who is there.
    pub characters: Vec<String>,
}
