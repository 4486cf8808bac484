//! The numbers that headings bear: out of order, twice, missing.

use std::collections::BTreeMap;

use super::{ImportWarning, heading::Heading};

/// More warnings of this kind tell nobody more.
const MOST: usize = 20;

/// Looks at the numbers of the chapters in the order of the file. Each volume begins a count of its own.
pub(super) fn check<'a>(chapters: impl Iterator<Item = (&'a Heading, usize, Option<&'a str>)>, warnings: &mut Vec<ImportWarning>) {
    let mut seen: BTreeMap<(String, String, u32), usize> = BTreeMap::new();
    let mut last: BTreeMap<(String, String), u32> = BTreeMap::new();
    let mut found = Vec::new();
    for (heading, line, volume) in chapters {
        let Some(number) = heading.number else { continue };
        let series = (volume.unwrap_or_default().to_owned(), series(&heading.label));
        let label = heading.label.clone();
        let previous = last.get(&series).copied();
        if let Some(first) = seen.get(&(series.0.clone(), series.1.clone(), number)) {
            found.push(ImportWarning::DoubleNumber { line, heading: label, first: *first });
        } else if let Some(previous) = previous.filter(|previous| number < *previous) {
            found.push(ImportWarning::OutOfOrder { line, heading: label, previous });
        } else if let Some(previous) = previous.filter(|previous| number > *previous + 1) {
            found.push(ImportWarning::MissingNumber { line, heading: label, previous });
        }
        seen.entry((series.0.clone(), series.1.clone(), number)).or_insert(line);
        last.insert(series, number);
    }
    found.truncate(MOST);
    warnings.append(&mut found);
}

/// What is counted: `第…章` apart from `第…回`, letters apart from chapters.
fn series(label: &str) -> String {
    match label.strip_prefix('第') {
        Some(rest) => rest.chars().find(|c| !story::text::is_numeral(*c)).map(String::from).unwrap_or_default(),
        None => label.chars().take_while(|c| c.is_ascii_alphabetic()).collect::<String>().to_lowercase(),
    }
}
