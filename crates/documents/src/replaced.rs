//! Books and scripts with other names in them.

use story::{
    output_spec::ScriptFormat,
    screenplay::fountain::{Block, Line, TitlePage, emit, parse},
};

use crate::{Book, Play, Replacements};

impl Book {
    /// The book with every word replaced, in its titles too.
    #[must_use]
    pub fn replaced(mut self, words: &Replacements) -> Self {
        self.title = words.apply(&self.title);
        for chapter in &mut self.chapters {
            chapter.title = words.apply(&chapter.title);
            chapter.text = words.apply(&chapter.text);
        }
        self
    }
}

impl Play {
    /// The script with every word replaced, in its titles and in front too. Names above speeches follow in capitals.
    #[must_use]
    pub fn replaced(mut self, words: &Replacements) -> Self {
        if words.is_empty() {
            return self;
        }
        let words = if self.format == ScriptFormat::Custom { words.clone() } else { words.with_capitals() };
        self.title = words.apply(&self.title);
        if let Some(front) = &mut self.front {
            front.synopsis = words.apply(&front.synopsis);
            for (name, who) in &mut front.cast {
                (*name, *who) = (words.apply(name), words.apply(who));
            }
        }
        for unit in &mut self.units {
            unit.title = words.apply(&unit.title);
            unit.text = match self.format {
                ScriptFormat::Custom => words.apply(&unit.text),
                // A word that takes another's place may need a sign that its element is known by.
                ScriptFormat::Fountain | ScriptFormat::Screenplay => {
                    let blocks: Vec<Block> = parse(&unit.text).into_iter().map(|placed| block(placed.block, &words)).collect();
                    emit(&TitlePage::default(), &blocks)
                }
            };
        }
        self
    }
}

fn block(block: Block, words: &Replacements) -> Block {
    let new = |text: String| words.apply(&text);
    match block {
        Block::Heading { text, number } => Block::Heading { text: new(text), number },
        Block::Action(text) => Block::Action(new(text)),
        Block::Speech { name, extension, dual, lines } => {
            let line = |line| match line {
                Line::Parenthetical(text) => Line::Parenthetical(new(text)),
                Line::Words(text) => Line::Words(new(text)),
            };
            Block::Speech { name: new(name), extension, dual, lines: lines.into_iter().map(line).collect() }
        }
        Block::Transition(text) => Block::Transition(new(text)),
        Block::Centered(text) => Block::Centered(new(text)),
        Block::Lyric(text) => Block::Lyric(new(text)),
        Block::Section { level, text } => Block::Section { level, text: new(text) },
        Block::Synopsis(text) => Block::Synopsis(new(text)),
        Block::PageBreak => Block::PageBreak,
    }
}
