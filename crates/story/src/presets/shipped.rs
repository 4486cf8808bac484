//! What comes with the program.

use super::{Catalog, Catalogs, PromptPreset};
use crate::output_spec::ScriptFormat::{self, Custom, Fountain};

struct Form {
    id: &'static str,
    format: ScriptFormat,
    en: (&'static str, &'static str),
    zh: (&'static str, &'static str),
}

/// In the order in which they are shown. Each is shipped in both languages, as `ID-en` and `ID-zh`.
const FORMS: [Form; 6] = [
    Form {
        id: "feature-screenplay",
        format: Fountain,
        en: ("Feature screenplay", include_str!("texts/feature_screenplay.en.md")),
        zh: ("院线长片", include_str!("texts/feature_screenplay.zh.md")),
    },
    Form {
        id: "tv-episode",
        format: Fountain,
        en: ("TV episode", include_str!("texts/tv_episode.en.md")),
        zh: ("电视剧", include_str!("texts/tv_episode.zh.md")),
    },
    Form {
        id: "stage-play",
        format: Fountain,
        en: ("Stage play", include_str!("texts/stage_play.en.md")),
        zh: ("话剧", include_str!("texts/stage_play.zh.md")),
    },
    Form {
        id: "duanju-500-800",
        format: Custom,
        en: ("Vertical micro-drama, 320-500 words", include_str!("texts/duanju_500_800.en.md")),
        zh: ("短剧 500-800字", include_str!("texts/duanju_500_800.zh.md")),
    },
    Form {
        id: "duanju-800-1200",
        format: Custom,
        en: ("Vertical micro-drama, 500-750 words", include_str!("texts/duanju_800_1200.en.md")),
        zh: ("短剧 800-1200字", include_str!("texts/duanju_800_1200.zh.md")),
    },
    Form {
        id: "audio-drama",
        format: Fountain,
        en: ("Audio drama", include_str!("texts/audio_drama.en.md")),
        zh: ("广播剧", include_str!("texts/audio_drama.zh.md")),
    },
];

const ADAPTING_EN: &str = include_str!("texts/adapting.en.md");
const ADAPTING_ZH: &str = include_str!("texts/adapting.zh.md");

/// The default of both catalogs, as long as nobody chooses another.
pub(super) const SHIPPED_DEFAULT: &str = "feature-screenplay-en";

/// Which one is taken for a work in Chinese: its first is the one that fits the default form there, 短剧.
const FIRST_ZH: &str = "duanju-500-800";

impl Catalogs {
    /// The catalogs as they come with the program.
    pub fn shipped() -> Self {
        Self { script: catalog("", ""), novel_to_script: catalog(ADAPTING_EN, ADAPTING_ZH) }
    }
}

fn catalog(adapting_en: &str, adapting_zh: &str) -> Catalog {
    let one = |form: &Form, language: &str, (name, text): (&str, &str), adapting: &str| PromptPreset {
        id: format!("{}-{language}", form.id),
        name: name.to_owned(),
        text: [text.trim_end(), adapting.trim_end()].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("\n\n"),
        script_format: Some(form.format),
        language: Some(language.to_owned()),
    };
    let english = FORMS.iter().map(|form| one(form, "en", form.en, adapting_en));
    let (first, rest): (Vec<_>, Vec<_>) = FORMS.iter().partition(|form| form.id == FIRST_ZH);
    let chinese = first.into_iter().chain(rest).map(|form| one(form, "zh", form.zh, adapting_zh));
    Catalog { presets: english.chain(chinese).collect(), default_id: Some(SHIPPED_DEFAULT.into()) }
}
