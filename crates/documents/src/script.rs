//! A finished script, as it goes into files: Fountain, plain text, Markdown.

use story::{
    language::Tongue,
    output_spec::ScriptFormat,
    screenplay::{
        duanju,
        fountain::{Block, Line, TitlePage, blocks_of, emit, parse},
        page,
    },
    text::normalize,
};

use crate::{
    escape::escape_line,
    novel::{in_one_line, rehearsal_notice},
};

/// A script to be exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Play {
    /// Empty where there is none.
    pub title: String,
    /// BCP 47; decides in which language the front is.
    pub language: String,
    /// Whether the offline model wrote it: then the head of the file says so.
    pub rehearsal: bool,
    /// The form that the texts are stored in.
    pub format: ScriptFormat,
    /// What stands in front, where the writer asked for it.
    pub front: Option<Front>,
    /// Scenes or episodes, in order.
    pub units: Vec<PlayUnit>,
}

/// The synopsis and the cast.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Front {
    /// What the story is. May be empty.
    pub synopsis: String,
    /// Names, and who they are; a description may be empty.
    pub cast: Vec<(String, String)>,
}

/// One scene or episode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlayUnit {
    /// From 1; need not be without holes where only some are exported.
    pub ordinal: u32,
    /// An episode bears a heading of its own; a scene has that of its text.
    pub episode: bool,
    /// Empty where there is none.
    pub title: String,
    /// As it is stored.
    pub text: String,
}

impl Play {
    fn tongue(&self) -> Tongue {
        Tongue::of(&self.language)
    }

    fn labels(&self) -> (&'static str, &'static str) {
        match self.tongue() {
            Tongue::En => ("Synopsis", "Cast"),
            Tongue::Zh => ("剧情梗概", "人物"),
        }
    }
}

impl PlayUnit {
    fn heading(&self, tongue: Tongue) -> Option<String> {
        let title = in_one_line(&self.title);
        let number = match tongue {
            Tongue::En => format!("Episode {}", self.ordinal),
            Tongue::Zh => format!("第{}集", self.ordinal),
        };
        self.episode.then(|| match (tongue, title.as_str()) {
            (_, "") => number,
            (Tongue::En, title) => format!("{number}: {title}"),
            (Tongue::Zh, title) => format!("{number} {title}"),
        })
    }

    fn blocks(&self, format: ScriptFormat) -> Vec<Block> {
        match format {
            ScriptFormat::Custom => blocks_of(&duanju::script_of(&self.text)),
            ScriptFormat::Fountain | ScriptFormat::Screenplay => parse(&self.text).into_iter().map(|placed| placed.block).collect(),
        }
    }

    /// The text as it is stored; a 短剧 without its line `第N集`, which the heading says.
    fn body(&self, format: ScriptFormat) -> String {
        let text = normalize(&self.text);
        if format != ScriptFormat::Custom {
            return text;
        }
        let header = |line: &str| duanju::parse(line).iter().any(|row| matches!(row.kind, duanju::Kind::Episode { .. }));
        match text.split_once('\n') {
            Some((first, rest)) if header(first) => rest.trim_start().to_owned(),
            _ => text,
        }
    }
}

/// A script as Fountain: the title page first, then the front, then every unit, an episode as a section.
pub fn script_fountain(play: &Play) -> String {
    let tongue = play.tongue();
    let title = in_one_line(&play.title);
    let untitled = if tongue == Tongue::Zh { "无题" } else { "Untitled" };
    let mut fields = vec![("Title".to_owned(), if title.is_empty() { untitled.to_owned() } else { title })];
    if play.rehearsal {
        fields.push(("Notes".into(), rehearsal_notice(tongue).into()));
    }
    let mut blocks = Vec::new();
    if let Some(front) = &play.front {
        let (synopsis, cast) = play.labels();
        if !front.synopsis.trim().is_empty() {
            blocks.push(Block::Section { level: 1, text: synopsis.into() });
            blocks.extend(front.synopsis.lines().filter(|l| !l.trim().is_empty()).map(|l| Block::Synopsis(l.into())));
        }
        if !front.cast.is_empty() {
            blocks.push(Block::Section { level: 1, text: cast.into() });
            blocks.extend(front.cast.iter().map(|person| Block::Synopsis(cast_line(tongue, person))));
        }
    }
    for unit in &play.units {
        blocks.extend(unit.heading(tongue).map(|text| Block::Section { level: 1, text }));
        blocks.extend(unit.blocks(play.format));
    }
    emit(&TitlePage { fields }, &blocks)
}

fn cast_line(tongue: Tongue, (name, who): &(String, String)) -> String {
    let (name, who) = (in_one_line(name), in_one_line(who));
    match (tongue, who.as_str()) {
        (_, "") => name,
        (Tongue::En, who) => format!("{name}: {who}"),
        (Tongue::Zh, who) => format!("{name}：{who}"),
    }
}

/// What stands before the first unit, as lines of prose.
fn front(play: &Play) -> Vec<(&'static str, Vec<String>)> {
    let Some(front) = &play.front else { return Vec::new() };
    let (synopsis, cast) = play.labels();
    let mut parts = Vec::new();
    if !front.synopsis.trim().is_empty() {
        parts.push((synopsis, front.synopsis.lines().map(in_one_line).filter(|l| !l.is_empty()).collect()));
    }
    if !front.cast.is_empty() {
        parts.push((cast, front.cast.iter().map(|person| cast_line(play.tongue(), person)).collect()));
    }
    parts
}

/// A script as plain text: 短剧 as they are written, everything else laid out as on a US page.
pub fn script_txt(play: &Play) -> String {
    plain(play, play.format != ScriptFormat::Custom)
}

/// A script as plain text, laid out as on a US page, 短剧 too.
pub fn script_screenplay(play: &Play) -> String {
    plain(play, true)
}

fn plain(play: &Play, laid_out: bool) -> String {
    let tongue = play.tongue();
    let mut blocks = Vec::new();
    let title = in_one_line(&play.title);
    if !title.is_empty() {
        blocks.push(if tongue == Tongue::Zh && !laid_out { format!("《{title}》") } else { title });
    }
    if play.rehearsal {
        blocks.push(rehearsal_notice(tongue).to_owned());
    }
    for (label, lines) in front(play) {
        blocks.push(format!("{label}\n{}", lines.join("\n")));
    }
    for unit in &play.units {
        blocks.extend(unit.heading(tongue));
        blocks.push(match laid_out {
            true => page::lay_out(&unit.blocks(play.format)).trim_end().to_owned(),
            false => unit.body(play.format),
        });
    }
    blocks.retain(|b| !b.is_empty());
    if blocks.is_empty() { String::new() } else { blocks.join("\n\n") + "\n" }
}

/// A script as Markdown: headings for episodes and scenes, names in bold, what is done in plain lines.
pub fn script_md(play: &Play) -> String {
    let tongue = play.tongue();
    let mut blocks = Vec::new();
    let title = in_one_line(&play.title);
    if !title.is_empty() {
        blocks.push(format!("# {}", escape_line(&title)));
    }
    if play.rehearsal {
        blocks.push(format!("> {}", rehearsal_notice(tongue)));
    }
    for (label, lines) in front(play) {
        blocks.push(format!("## {label}"));
        blocks.extend(lines.iter().map(|line| escape_line(line)));
    }
    for unit in &play.units {
        blocks.extend(unit.heading(tongue).map(|heading| format!("## {}", escape_line(&heading))));
        blocks.extend(unit.blocks(play.format).iter().map(|block| markdown(block, tongue)));
    }
    blocks.retain(|b| !b.is_empty());
    if blocks.is_empty() { String::new() } else { blocks.join("\n\n") + "\n" }
}

fn markdown(block: &Block, tongue: Tongue) -> String {
    let (colon, open, close) = match tongue {
        Tongue::En => (": ", "(", ") "),
        Tongue::Zh => ("：", "（", "）"),
    };
    let lines = |text: &str| text.lines().map(escape_line).collect::<Vec<_>>().join("\\\n");
    match block {
        Block::Heading { text, number } => {
            let number = number.as_ref().map_or(String::new(), |n| format!("{n} "));
            format!("### {}", escape_line(&format!("{number}{text}")))
        }
        Block::Action(text) | Block::Lyric(text) | Block::Centered(text) | Block::Transition(text) => lines(text),
        Block::Section { text, .. } => format!("## {}", escape_line(text)),
        Block::Synopsis(text) => format!("> {}", escape_line(text)),
        Block::PageBreak => "---".into(),
        Block::Speech { name, extension, lines: said, .. } => {
            let extension = extension.as_ref().map_or(String::new(), |e| format!(" ({e})"));
            let mut out = format!("**{}{}**{colon}", escape_line(name), escape_line(&extension).replace("&nbsp;", " "));
            for (i, line) in said.iter().enumerate() {
                match line {
                    Line::Parenthetical(text) => out.push_str(&format!("{open}{}{close}", escape_line(text))),
                    Line::Words(text) => {
                        out.push_str(&escape_line(text));
                        if i + 1 < said.len() {
                            out.push_str("\\\n");
                        }
                    }
                }
            }
            out.trim_end_matches(['\\', '\n']).to_owned()
        }
    }
}
