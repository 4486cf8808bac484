//! A screenplay as on a US page: twelve-point Courier, 60 columns of action, 55 lines a page.

use super::fountain::{Block, Line};

const ACTION: usize = 60;
const LINES: usize = 55;

/// Where an element stands: columns from the left margin, and how wide it may be.
#[derive(Clone, Copy)]
struct Box {
    left: usize,
    width: usize,
}

const FULL: Box = Box { left: 0, width: ACTION };
const NAME: Box = Box { left: 22, width: 38 };
const PAREN: Box = Box { left: 16, width: 25 };
const WORDS: Box = Box { left: 10, width: 35 };

/// Lays a script out. Pages are parted by a form feed and numbered at the right from the second on; a heading and a name never stand
/// alone at the foot of a page.
pub fn lay_out(blocks: &[Block]) -> String {
    let mut pages: Vec<Vec<String>> = vec![Vec::new()];
    for block in blocks {
        let lines = lines(block);
        if lines.is_empty() {
            if matches!(block, Block::PageBreak) {
                pages.push(Vec::new());
            }
            continue;
        }
        let keep = match block {
            Block::Heading { .. } => lines.len() + 3,
            Block::Speech { .. } => lines.len().min(4),
            _ => lines.len().min(2),
        };
        for (i, line) in lines.into_iter().enumerate() {
            let page = pages.last().map_or(0, Vec::len);
            let gap = usize::from(i == 0 && page > 0) * if matches!(block, Block::Heading { .. }) { 2 } else { 1 };
            if page + gap + if i == 0 { keep } else { 1 } > LINES {
                pages.push(Vec::new());
            }
            if let Some(page) = pages.last_mut() {
                if !page.is_empty() {
                    page.extend(std::iter::repeat_n(String::new(), gap));
                }
                page.push(line);
            }
        }
    }
    let mut out = String::new();
    for (n, page) in (1..).zip(pages.iter().filter(|p| !p.is_empty())) {
        if n > 1 {
            out.push_str(&format!("\u{c}{:>ACTION$}\n\n", format!("{n}.")));
        }
        for line in page {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

fn lines(block: &Block) -> Vec<String> {
    match block {
        Block::Heading { text, number } => {
            let number = number.as_ref().map_or(String::new(), |n| format!("{n}  "));
            wrap(&format!("{number}{text}"), FULL)
        }
        Block::Action(text) | Block::Lyric(text) => text.lines().flat_map(|l| wrap(l, FULL)).collect(),
        Block::Transition(text) => vec![format!("{}{text}", " ".repeat(ACTION.saturating_sub(columns(text))))],
        Block::Centered(text) => vec![format!("{}{text}", " ".repeat(ACTION.saturating_sub(columns(text)) / 2))],
        Block::Section { text, .. } => vec![format!("{}{text}", " ".repeat(ACTION.saturating_sub(columns(text)) / 2))],
        Block::Synopsis(_) | Block::PageBreak => Vec::new(),
        Block::Speech { name, extension, lines, .. } => {
            let extension = extension.as_ref().map_or(String::new(), |e| format!(" ({e})"));
            let mut out = wrap(&format!("{name}{extension}"), NAME);
            for line in lines {
                out.extend(match line {
                    Line::Parenthetical(text) => wrap(&format!("({text})"), PAREN),
                    Line::Words(text) if text.trim().is_empty() => vec![String::new()],
                    Line::Words(text) => wrap(text, WORDS),
                });
            }
            out
        }
    }
}

/// How many columns `text` takes: Han, kana, hangul and full-width marks take two.
fn columns(text: &str) -> usize {
    text.chars()
        .map(|c| if crate::text::is_own_word(c) || matches!(c, '\u{3000}'..='\u{303F}' | '\u{FF01}'..='\u{FF60}') { 2 } else { 1 })
        .sum()
}

fn wrap(text: &str, place: Box) -> Vec<String> {
    let mut out = Vec::new();
    let mut line = String::new();
    let mut push = |line: &mut String| {
        if !line.trim().is_empty() {
            out.push(format!("{}{}", " ".repeat(place.left), line.trim_end()));
        }
        line.clear();
    };
    for word in text.split(' ') {
        if columns(&line) + columns(word) > place.width && !line.is_empty() {
            push(&mut line);
        }
        // Chinese has no blanks to break at.
        for c in word.chars() {
            let mark = matches!(c, '，' | '。' | '！' | '？' | '；' | '：' | '”' | '’' | '）' | '、' | '…');
            if columns(&line) + columns(&c.to_string()) > place.width && !mark {
                push(&mut line);
            }
            line.push(c);
        }
        line.push(' ');
    }
    push(&mut line);
    out
}
