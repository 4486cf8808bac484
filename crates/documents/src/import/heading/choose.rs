//! Which of the lines that look like headings head the chapters.

use super::{Heading, Unit};
use crate::import::lines::Line;

/// The headings of chapters, and those of volumes around them.
#[derive(Debug, Default)]
pub(in crate::import) struct Chosen {
    pub(in crate::import) headings: Vec<Heading>,
    pub(in crate::import) volumes: Vec<Heading>,
}

/// Chapters where there are any, else sections, else volumes; with what bears only a name.
pub(in crate::import) fn choose(found: &[Heading], lines: &[Line]) -> Chosen {
    let believed = believe(found);
    let has = |unit: Unit| believed.iter().any(|heading| heading.unit == unit);
    let unit = [Unit::Chapter, Unit::Section, Unit::Volume].into_iter().find(|unit| has(*unit));
    let headings = believed.iter().filter(|h| Some(h.unit) == unit || h.unit == Unit::Named && stands_alone(h, lines)).cloned().collect();
    let volumes = believed.iter().filter(|h| h.unit == Unit::Volume && unit != Some(Unit::Volume)).cloned().collect();
    Chosen { headings, volumes }
}

/// Without those that could as well begin a sentence, unless the book heads its chapters in this way.
fn believe(found: &[Heading]) -> Vec<Heading> {
    let mut kept: Vec<Heading> = Vec::new();
    for heading in found {
        if heading.weak {
            let alike = found.iter().filter(|other| other.unit == heading.unit);
            let weak = alike.clone().filter(|other| other.weak).count();
            let style = weak * 2 > alike.count() && weak > 1;
            let last = kept.iter().rev().find(|other| other.unit == heading.unit).and_then(|other| other.number);
            let follows = heading.number.is_some_and(|n| n == last.unwrap_or(0) + 1);
            let nearly = heading.number.is_some_and(|n| last.is_none_or(|last| (last + 1..last + 50).contains(&n)));
            // A volume or a contents' entry begins the count anew.
            let anew = heading.number == Some(1);
            if !(follows || style && (nearly || anew)) {
                continue;
            }
        }
        kept.push(heading.clone());
    }
    kept
}

/// A name is a short word: it heads something where it stands alone.
fn stands_alone(heading: &Heading, lines: &[Line]) -> bool {
    let blank = |at: Option<usize>| at.and_then(|at| lines.get(at)).is_none_or(Line::is_blank);
    heading.title.chars().count() > 1 || blank(heading.at.checked_sub(1)) && blank(Some(heading.at + 1))
}

/// Puts titles that stand below their heading's number, and the rest of titles that were broken over lines, into the headings.
pub(super) fn join_titles(found: &mut [Heading], lines: &[Line]) {
    let starts: Vec<usize> = found.iter().map(|heading| heading.at).collect();
    let mut titles: Vec<Option<(usize, String)>> = Vec::new();
    for heading in found.iter() {
        let title = if heading.title.is_empty() && heading.unit != Unit::Named {
            title_below(heading, lines, &starts)
        } else {
            rest_of(heading, lines, &starts)
        };
        titles.push(title);
    }
    let bare = found.iter().filter(|heading| heading.title.is_empty()).count();
    let below = found.iter().zip(&titles).filter(|(heading, title)| heading.title.is_empty() && title.is_some()).count();
    // One short line may be a short paragraph; where most headings have one below them, they are titles.
    let usual = below * 5 >= bare * 3;
    for (heading, title) in found.iter_mut().zip(titles) {
        let Some((end, title)) = title else { continue };
        if !heading.title.is_empty() || usual {
            heading.label = format!("{} {title}", heading.label);
            heading.title = if heading.title.is_empty() { title } else { format!("{} {title}", heading.title) };
            heading.lines = end - heading.at;
        }
    }
}

/// The line or two below a bare number, at most one empty line away, that read like a title.
fn title_below(heading: &Heading, lines: &[Line], starts: &[usize]) -> Option<(usize, String)> {
    let first = heading.at + heading.lines;
    let at = if lines.get(first)?.is_blank() { first + 1 } else { first };
    let block: Vec<&Line> = lines.get(at..)?.iter().take_while(|line| !line.is_blank()).take(3).collect();
    let english = heading.label.is_ascii();
    if block.is_empty() || block.len() > if english { 2 } else { 1 } || starts.iter().any(|start| (at..at + block.len()).contains(start)) {
        return None;
    }
    let title = super::one_line(&block.iter().map(|line| line.trimmed()).collect::<Vec<_>>().join(" "));
    let last = title.chars().next_back()?;
    let first = title.chars().next()?;
    let shouted = !title.chars().any(char::is_lowercase);
    let stops = matches!(last, '.' | '。' | ',' | '，' | ';' | '；' | ':' | '：' | '”' | '"' | '…');
    let titled = if english {
        (shouted || super::english::is_titled(&title) && !stops) && !matches!(first, '"' | '“' | '‘' | '\'')
    } else {
        !stops && title.chars().count() <= 24 && first != '“'
    };
    // Something must be left for the chapter.
    let after = lines.get(at + block.len() + 1).is_some_and(|line| !line.is_blank() && !starts.contains(&(at + block.len() + 1)))
        || lines.get(at + block.len() + 1).is_some_and(Line::is_blank);
    (titled && after && title.chars().count() <= 120).then(|| (at + block.len(), title.trim_end_matches('.').to_owned()))
}

/// What was broken off a long title: the next line, where an empty one follows.
fn rest_of(heading: &Heading, lines: &[Line], starts: &[usize]) -> Option<(usize, String)> {
    let first = heading.at + heading.lines;
    if !heading.label.is_ascii() || lines[heading.at].text.len() < 50 {
        return None;
    }
    let block: Vec<&Line> = lines.get(first..)?.iter().take_while(|line| !line.is_blank()).take(3).collect();
    if block.is_empty() || block.len() > 2 || starts.iter().any(|start| (first..first + block.len()).contains(start)) {
        return None;
    }
    let rest = super::one_line(&block.iter().map(|line| line.trimmed()).collect::<Vec<_>>().join(" "));
    let shouted = !rest.chars().any(char::is_lowercase) && !heading.title.chars().any(char::is_lowercase);
    (shouted || super::english::is_titled(&rest) && !rest.ends_with(['.', ',', '"', '”']))
        .then(|| (first + block.len(), rest.trim_end_matches('.').to_owned()))
}
