//! A script as data: scenes, what is seen in them, who says what. Every form is written from it and read into it.

/// A scene or an episode of a script.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Script {
    /// The episode's number, where the form names it.
    pub episode: Option<u32>,
    /// In order.
    pub scenes: Vec<Scene>,
}

/// What happens at one place at one time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scene {
    /// Where and when.
    pub heading: Heading,
    /// Who is there, where the form says so.
    pub people: Vec<String>,
    /// What is seen and heard, in order.
    pub elements: Vec<Element>,
}

/// Where and when a scene is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heading {
    /// Inside or outside.
    pub side: Side,
    /// `LONG HALL`, 书房.
    pub place: String,
    /// `DAY`, 夜; empty where nobody says.
    pub time: String,
    /// `1-3`, as it is written.
    pub number: Option<String>,
}

/// Inside, outside, or both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Side {
    /// `INT.`, 内.
    #[default]
    In,
    /// `EXT.`, 外.
    Out,
    /// `INT./EXT.`, 内外.
    Both,
}

/// One thing that is seen or heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Element {
    /// What happens.
    Action(String),
    /// What somebody says.
    Speech(Speech),
    /// `CUT TO:`.
    Transition(String),
}

/// What somebody says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Speech {
    /// Who, as the story calls them: `March Hare`, 林穗.
    pub name: String,
    /// Not seen to speak.
    pub voice: Option<Voice>,
    /// How: `whispers`, 冷笑.
    pub manner: Option<String>,
    /// The words.
    pub text: String,
}

/// Whose lips do not move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// Thought, or told over the picture.
    Over,
    /// From beside the picture.
    Off,
}

impl Voice {
    /// `V.O.` or `O.S.`, as US scripts write it.
    pub fn us(self) -> &'static str {
        match self {
            Self::Over => "V.O.",
            Self::Off => "O.S.",
        }
    }

    /// `VO` or `OS`, as 短剧 write it.
    pub fn short(self) -> &'static str {
        match self {
            Self::Over => "VO",
            Self::Off => "OS",
        }
    }

    /// Reads any way of writing it.
    pub fn read(text: &str) -> Option<Self> {
        let letters: String = text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_uppercase).collect();
        match letters.as_str() {
            "VO" | "旁白" | "心声" | "内心" | "独白" | "内心独白" => Some(Self::Over),
            "OS" | "OC" | "画外" | "画外音" => Some(Self::Off),
            _ => None,
        }
    }
}

impl Side {
    /// `INT.`, `EXT.`, `INT./EXT.`.
    pub fn us(self) -> &'static str {
        match self {
            Self::In => "INT.",
            Self::Out => "EXT.",
            Self::Both => "INT./EXT.",
        }
    }

    /// 内, 外, 内外.
    pub fn zh(self) -> &'static str {
        match self {
            Self::In => "内",
            Self::Out => "外",
            Self::Both => "内外",
        }
    }

    /// Reads 内, 外, 内外 and `INT`, `EXT`, `INT/EXT` in any writing.
    pub fn read(text: &str) -> Option<Self> {
        let letters: String = text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_uppercase).collect();
        match letters.as_str() {
            "内" | "INT" | "INTERIOR" | "I" => Some(Self::In),
            "外" | "EXT" | "EXTERIOR" | "E" | "EST" => Some(Self::Out),
            "内外" | "外内" | "INTEXT" | "EXTINT" | "IE" => Some(Self::Both),
            _ => None,
        }
    }
}

impl Script {
    /// Everybody who speaks, once each, in order of their first words.
    pub fn speakers(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for speech in self.speeches() {
            if !names.contains(&speech.name) {
                names.push(speech.name.clone());
            }
        }
        names
    }

    /// Every speech, in order.
    pub fn speeches(&self) -> impl Iterator<Item = &Speech> {
        self.scenes.iter().flat_map(|scene| &scene.elements).filter_map(|element| match element {
            Element::Speech(speech) => Some(speech),
            _ => None,
        })
    }
}
