//! Lines and headings become chapters.

use std::collections::{BTreeMap, BTreeSet};

use story::text::{Length, Unit, normalize, paragraph_print};

use super::{
    ImportError, ImportOptions, ImportWarning, ImportedChapter, MOST_CHAPTERS, NotStory, NotStoryKind, contents, front,
    heading::{self, Heading},
    layout::Layout,
    lines::Line,
    not_story, numbers,
    split::{split_up, unit_name},
};
use crate::{
    escape::{ends_in_break, unescape_line},
    novel::is_notice,
};

/// A paragraph.
#[derive(Debug, Clone)]
pub(super) struct Passage {
    pub(super) line: usize,
    pub(super) text: String,
    /// Why it is probably no part of the story.
    pub(super) aside: Option<NotStoryKind>,
}

/// A heading with what stands below it.
struct Section {
    heading: Option<Heading>,
    volume: Option<String>,
    passages: Vec<Passage>,
    /// Why the whole is probably no part of the story.
    aside: Option<NotStoryKind>,
}

pub(super) struct Built {
    pub(super) title: String,
    pub(super) chapters: Vec<ImportedChapter>,
    pub(super) not_story: Vec<NotStory>,
}

pub(super) fn build(
    mut lines: Vec<Line>,
    markdown: bool,
    unit: Unit,
    options: &ImportOptions,
    warnings: &mut Vec<ImportWarning>,
) -> Result<Built, ImportError> {
    let story = not_story::licence(&lines);
    let tail: Vec<Line> = lines.split_off(story.end);
    let book: Vec<Line> = lines.split_off(story.start);
    let licence = |lines: &[Line]| Section::aside(Layout::of(lines.iter(), false).paragraphs(lines), NotStoryKind::Licence);

    let layout = Layout::of(book.iter(), markdown);
    let chosen = heading::find(&book, &layout, markdown);
    let headed: BTreeSet<usize> = chosen.headings.iter().chain(&chosen.volumes).flat_map(|h| h.at..h.at + h.lines).collect();
    let layout = Layout::of(book.iter().enumerate().filter(|(at, _)| !headed.contains(at)).map(|(_, line)| line), markdown);
    let (mut title, mut sections) = sections(&book, chosen, &layout, markdown);
    let headless = sections.iter().all(|section| section.heading.is_none());
    if !headless && let Some(first) = sections.first_mut().filter(|section| section.heading.is_none() && section.volume.is_none()) {
        let told = front::look(&mut first.passages, unit);
        title = title.or(told);
    }
    give_mottoes(&mut sections, unit);
    mark_doubled(&mut sections);
    sections.insert(0, licence(&lines));
    sections.push(licence(&tail));

    let numbered = sections.iter().filter(|s| s.aside.is_none());
    numbers::check(
        numbered.filter_map(|s| Some((s.heading.as_ref()?, book[s.heading.as_ref()?.at].number, s.volume.as_deref()))),
        warnings,
    );
    let (mut chapters, mut not_story) = (Vec::new(), Vec::new());
    for section in sections {
        keep(section, &book, unit, options.keep_not_story, &mut chapters, &mut not_story, warnings);
    }
    if headless {
        chapters = split_up(chapters, unit, options.chapter_length, warnings);
    } else if options.chapter_length.is_some() {
        warnings.push(ImportWarning::LengthNotNeeded);
    }
    match chapters.len() {
        0 => Err(ImportError::NoStory),
        n if n > MOST_CHAPTERS => Err(ImportError::TooManyChapters { chapters: n }),
        _ => Ok(Built { title: title.unwrap_or_default(), chapters, not_story }),
    }
}

impl Section {
    fn aside(paragraphs: Vec<(usize, String)>, kind: NotStoryKind) -> Self {
        let passages = paragraphs.into_iter().map(|(line, text)| Passage { line, text, aside: None }).collect();
        Self { heading: None, volume: None, passages, aside: Some(kind) }
    }
}

/// The book's title where Markdown says it, and what stands below each heading. The first section has none.
fn sections(book: &[Line], chosen: heading::Chosen, layout: &Layout, markdown: bool) -> (Option<String>, Vec<Section>) {
    let listed = contents::entries(&chosen.headings, &chosen.volumes, book);
    let dropped: Vec<bool> = (0..chosen.headings.len()).map(|at| contents::is_said_again(&chosen.headings, at, book)).collect();
    let first = chosen.headings.iter().zip(&listed).find(|(_, listed)| !**listed).map_or(book.len(), |(heading, _)| heading.at);
    let mut starts: Vec<(usize, usize, Option<Heading>, Option<Heading>)> = Vec::new();
    let mut contents: BTreeMap<usize, usize> = BTreeMap::new();
    let mut title = None;
    for ((heading, listed), dropped) in chosen.headings.into_iter().zip(listed).zip(dropped) {
        if listed {
            contents.insert(heading.at, heading.at + heading.lines);
        } else if !dropped {
            starts.push((heading.at, heading.at + heading.lines, Some(heading), None));
        } else {
            // Said again at once: the second one counts.
            starts.push((heading.at, heading.at + heading.lines, None, None));
        }
    }
    let marked_title = chosen.volumes.iter().filter(|volume| volume.number.is_none()).count() == 1;
    for volume in chosen.volumes {
        if markdown && marked_title && volume.number.is_none() && volume.at < first && title.is_none() {
            title = Some(volume.label.clone());
            contents.insert(volume.at, volume.at + volume.lines);
        } else if contents.range(..volume.at).next_back().is_some_and(|(_, end)| *end <= volume.at)
            && volume.at < first
            && contents.range(volume.at..).next().is_some()
        {
            contents.insert(volume.at, volume.at + volume.lines);
        } else {
            starts.push((volume.at, volume.at + volume.lines, None, Some(volume)));
        }
    }
    starts.sort_by_key(|start| start.0);
    let mut out = vec![Section { heading: None, volume: None, passages: Vec::new(), aside: None }];
    let mut from = 0;
    let mut volume: Option<String> = None;
    for (at, end, heading, opened) in starts {
        out.last_mut()
            .into_iter()
            .for_each(|section| section.passages = passages(book, from, at, &contents, title.as_deref(), layout, markdown));
        from = end;
        if let Some(opened) = opened {
            volume = Some(opened.label);
        }
        let own = heading.as_ref().and_then(|heading| heading.volume.clone());
        out.push(Section { volume: own.or_else(|| volume.clone()), heading, passages: Vec::new(), aside: None });
    }
    out.last_mut()
        .into_iter()
        .for_each(|section| section.passages = passages(book, from, book.len(), &contents, title.as_deref(), layout, markdown));
    (title, out)
}

/// The paragraphs of some lines, with those marked that are probably no part of the story.
fn passages(
    book: &[Line],
    from: usize,
    to: usize,
    contents: &BTreeMap<usize, usize>,
    title: Option<&str>,
    layout: &Layout,
    markdown: bool,
) -> Vec<Passage> {
    let (mut out, mut held) = (Vec::new(), Vec::new());
    let flush = |held: &mut Vec<Line>, out: &mut Vec<Passage>| {
        out.extend(layout.paragraphs(held).into_iter().map(|(line, text)| Passage { line, text, aside: None }));
        held.clear();
    };
    let mut at = from;
    while at < to {
        let (line, number) = (&book[at], book[at].number);
        let mut alone = |text: String, kind| {
            flush(&mut held, &mut out);
            out.push(Passage { line: number, text, aside: Some(kind) });
        };
        if let Some(end) = contents.get(&at) {
            // The book's title is told with the book; a table of contents is shown.
            let label = line.trimmed().trim_start_matches('#').trim_start();
            if title != Some(unescape_line(label).as_str()) {
                alone(label.to_owned(), NotStoryKind::Contents);
            }
            at = *end;
            continue;
        }
        if markdown && is_notice(&line.text) {
            // That a file is a rehearsal is no part of it.
        } else if not_story::is_contents(line.trimmed()) && !contents.is_empty() {
            alone(line.trimmed().to_owned(), NotStoryKind::Contents);
        } else if let Some(kind) = not_story::of_line(line.trimmed()).filter(|_| !(markdown && is_tied(&book[from..to], at - from))) {
            alone(if markdown { plain(line).text } else { line.trimmed().to_owned() }, kind);
        } else {
            held.push(if markdown { plain(line) } else { line.clone() });
        }
        at += 1;
    }
    flush(&mut held, &mut out);
    out
}

/// Whether signs of Markdown make a line part of the paragraph around it: an advert is a line of its own.
fn is_tied(lines: &[Line], at: usize) -> bool {
    let breaks = |line: &Line| line.hard_break || ends_in_break(&line.text);
    breaks(&lines[at]) || at.checked_sub(1).is_some_and(|before| breaks(&lines[before]))
}

/// A line of Markdown as it is read.
fn plain(line: &Line) -> Line {
    let broken = ends_in_break(&line.text);
    let text = if broken { &line.text[..line.text.len() - 1] } else { line.text.as_str() };
    // The heading of a part of a chapter is a line of its text.
    let level = text.bytes().take_while(|b| *b == b'#').count();
    let text = if (1..=6).contains(&level) && text[level..].starts_with(' ') { text[level..].trim_start() } else { text };
    Line { text: unescape_line(text), hard_break: broken || line.hard_break, ..line.clone() }
}

/// A few words below a volume's heading belong to its first chapter.
fn give_mottoes(sections: &mut [Section], unit: Unit) {
    for at in 1..sections.len() {
        let (before, after) = sections.split_at_mut(at);
        let (motto, chapter) = (&mut before[at - 1], &mut after[0]);
        let words: u64 = motto.passages.iter().map(|passage| Length::of(&passage.text).in_unit(unit)).sum();
        if motto.heading.is_none() && motto.volume.is_some() && chapter.heading.is_some() && words < front::least(unit) {
            let own = std::mem::take(&mut chapter.passages);
            chapter.passages = std::mem::take(&mut motto.passages).into_iter().chain(own).collect();
        }
    }
}

/// Marks chapters that stand in the file already, whatever their heading says.
fn mark_doubled(sections: &mut [Section]) {
    let mut seen: Vec<(Option<u32>, BTreeSet<String>)> = Vec::new();
    for section in sections.iter_mut().filter(|section| section.heading.is_some()) {
        let story = section.passages.iter().filter(|passage| passage.aside.is_none());
        let prints: BTreeSet<String> = story.filter_map(|passage| paragraph_print(&passage.text)).collect();
        let number = section.heading.as_ref().and_then(|heading| heading.number);
        let doubled = |(other, old): &(Option<u32>, BTreeSet<String>)| {
            let shared = old.intersection(&prints).count();
            let most = if number.is_some() && number == *other { 9 } else { 10 };
            !prints.is_empty() && shared * 10 >= prints.len().max(old.len()) * most
        };
        if seen.iter().any(doubled) {
            section.aside = Some(NotStoryKind::DoubledChapter);
        } else if section.heading.as_ref().is_some_and(|heading| heading::is_talk(&heading.title)) {
            section.aside = Some(NotStoryKind::Plea);
        } else {
            seen.push((number, prints));
        }
    }
}

/// Makes a chapter of a section, or tells why there is none.
fn keep(
    section: Section,
    book: &[Line],
    unit: Unit,
    keeps: bool,
    chapters: &mut Vec<ImportedChapter>,
    not_story: &mut Vec<NotStory>,
    warnings: &mut Vec<ImportWarning>,
) {
    let Section { heading, volume, passages, aside } = section;
    let line =
        heading.as_ref().map(|heading| book[heading.at].number).or_else(|| passages.first().map(|passage| passage.line)).unwrap_or(1);
    let (label, title, number) = heading.map(|heading| (heading.label, heading.title, heading.number)).unwrap_or_default();
    let (mut texts, mut found, mut story) = (Vec::new(), Vec::new(), false);
    for passage in passages {
        if let Some(kind) = passage.aside.or(aside) {
            found.push((kind, passage.line, passage.text.clone()));
        } else {
            story = true;
        }
        if keeps || passage.aside.or(aside).is_none() {
            texts.push(passage.text);
        }
    }
    let text = normalize(&texts.join("\n\n"));
    let stays = !text.is_empty();
    let ordinal = stays.then(|| u32::try_from(chapters.len() + 1).unwrap_or(u32::MAX));
    not_story.extend(together(found, aside).into_iter().map(|(kind, line, text)| NotStory {
        kind,
        line,
        chapter: ordinal,
        excerpt: not_story::excerpt(if aside.is_some() && !label.is_empty() { &label } else { &text }),
        length: Length::of(&text),
        kept: keeps,
    }));
    if !stays {
        if !label.is_empty() && aside.is_none() {
            warnings.push(ImportWarning::EmptyChapter { line, heading: label });
        }
        return;
    }
    let length = Length::of(&text);
    let untitled = label.is_empty();
    // What stands below a volume's heading, before its first chapter, bears the volume's name.
    let (title, label) = match volume.as_ref().filter(|_| untitled) {
        Some(volume) => (volume.clone(), volume.clone()),
        None => (title, label),
    };
    if untitled && chapters.is_empty() && story && volume.is_none() {
        let unit_name = unit_name(unit);
        warnings.push(ImportWarning::TextBeforeFirstHeading { length: length.in_unit(unit), unit: unit_name });
    }
    chapters.push(ImportedChapter { title, number, text, length, heading: label, volume, line });
}

/// Passages of one kind that follow each other are one; a doubled chapter is one whatever it holds.
fn together(found: Vec<(NotStoryKind, usize, String)>, whole: Option<NotStoryKind>) -> Vec<(NotStoryKind, usize, String)> {
    let mut out: Vec<(NotStoryKind, usize, String)> = Vec::new();
    for (kind, line, text) in found {
        let joins = whole.is_some() || matches!(kind, NotStoryKind::Contents | NotStoryKind::TitlePage | NotStoryKind::Licence);
        match out.last_mut().filter(|last| joins && (last.0 == kind || whole.is_some())) {
            Some(last) => {
                last.2.push_str("\n\n");
                last.2.push_str(&text);
            }
            None => out.push((whole.unwrap_or(kind), line, text)),
        }
    }
    out
}
