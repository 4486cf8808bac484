//! What stands before the first heading: a title page, or words that are worth a chapter.

use story::text::{Length, Unit};

use super::{build::Passage, layout::bare, not_story::NotStoryKind};

/// Words that make a text of their own of what stands before the first heading.
pub(super) fn least(unit: Unit) -> u64 {
    match unit {
        Unit::Words => 80,
        Unit::Chars => 160,
    }
}

/// Marks what belongs to a title page; the rest, where it is long enough, is a chapter. The title, if one is told.
pub(super) fn look(passages: &mut [Passage], unit: Unit) -> Option<String> {
    let mut title = None;
    for passage in passages.iter().filter(|passage| passage.aside.is_none()).take(6) {
        title = title.or_else(|| named(&passage.text));
    }
    // On a title page the title stands first, alone on its line.
    let first = passages.iter().find(|passage| passage.aside.is_none()).map(|passage| bare(&passage.text).to_owned());
    let title = title.or_else(|| first.filter(|text| is_short(text) && !text.contains('\n')));
    let prose: u64 = passages.iter().filter(|p| p.aside.is_none() && !is_short(&p.text)).map(|p| Length::of(&p.text).in_unit(unit)).sum();
    let keeps = prose >= least(unit);
    let mut page = true;
    for passage in passages.iter_mut().filter(|passage| passage.aside.is_none()) {
        page = page && is_short(&passage.text);
        if page || !keeps {
            passage.aside = Some(NotStoryKind::TitlePage);
        }
    }
    title
}

/// `《X》`, `书名：X`, `Title: X`.
fn named(text: &str) -> Option<String> {
    let line = bare(text.lines().next()?);
    let told = ["书名：", "书名:", "書名：", "Title:", "TITLE:", "标题："].iter().find_map(|begin| line.strip_prefix(begin));
    let quoted =
        line.strip_prefix('《').and_then(|rest| rest.split_once('》')).map(|(title, _)| title).filter(|title| title.chars().count() <= 40);
    told.or(quoted).map(|title| bare(title).trim_matches(['《', '》']).to_owned()).filter(|title| !title.is_empty())
}

/// As the lines of a title page are: short, and no sentence.
fn is_short(text: &str) -> bool {
    let ends = text.trim_end().ends_with(['.', '。', '！', '？', '!', '?', '”', '"', '…', '，', ',']);
    text.chars().count() <= 80 && !ends
}
