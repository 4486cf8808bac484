use std::ops::Range;

use crate::text::{english_value, han_value, is_numeral};

/// A day as a text names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::lint) struct Date {
    /// Where it says so.
    pub(in crate::lint) year: Option<i64>,
    pub(in crate::lint) month: u32,
    pub(in crate::lint) day: u32,
}

const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
const LENGTHS: [u32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

impl Date {
    /// Whether a calendar has it.
    pub(super) fn exists(self) -> bool {
        let leap = self.year.is_none_or(|year| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
        let month = self.month.checked_sub(1).and_then(|month| LENGTHS.get(usize::try_from(month).ok()?));
        month.is_some_and(|days| (1..=*days).contains(&self.day)) && (leap || (self.month, self.day) != (2, 29))
    }

    /// The day of the week, Sunday 0, by the Gregorian calendar.
    pub(super) fn weekday(self) -> Option<usize> {
        let year = self.year? - i64::from(self.month < 3);
        const SHIFT: [i64; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
        let shift = *SHIFT.get(usize::try_from(self.month.checked_sub(1)?).ok()?)?;
        usize::try_from((year + year / 4 - year / 100 + year / 400 + shift + i64::from(self.day)).rem_euclid(7)).ok()
    }
}

/// The days that a text names by month and day, with where they stand in bytes.
pub(in crate::lint) fn dates(text: &str) -> Vec<(Range<usize>, Date)> {
    let mut found = english(text);
    found.extend(chinese(text));
    found.sort_by_key(|(range, _)| range.start);
    found
}

/// `14 June 1911`, `June 14, 1911`, `the 14th of June`.
fn english(text: &str) -> Vec<(Range<usize>, Date)> {
    let mut found = Vec::new();
    let parts: Vec<(usize, &str)> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
        .collect();
    for (at, (start, word)) in parts.iter().enumerate() {
        if !word.starts_with(char::is_uppercase) {
            continue;
        }
        let Some(month) = MONTHS.iter().position(|name| word.eq_ignore_ascii_case(name)).and_then(|n| u32::try_from(n + 1).ok()) else {
            continue;
        };
        let end = |index: usize| parts[index].0 + parts[index].1.len();
        // What may stand between the parts of one date.
        let joined = |from: usize, to: usize| text[from..to].chars().all(|c| matches!(c, ' ' | ',' | '\n'));
        let day_at = |index: usize| parts.get(index).and_then(|(_, word)| day(word));
        let year_at = |index: usize| parts.get(index).filter(|(_, word)| word.len() == 4).and_then(|(_, word)| word.parse::<i64>().ok());
        let before = match at.checked_sub(1) {
            Some(b) if parts[b].1 == "of" => b.checked_sub(1),
            other => other,
        };
        if let Some((b, day)) = before.and_then(|b| Some((b, day_at(b)?))).filter(|(b, _)| {
            let between = &text[end(*b)..*start];
            between.trim() == "of" || between.chars().all(|c| c == ' ')
        }) {
            let after = year_at(at + 1).filter(|_| joined(end(at), parts[at + 1].0));
            let stop = if after.is_some() { end(at + 1) } else { end(at) };
            found.push((parts[b].0..stop, Date { year: after, month, day }));
        } else if let Some(day) = day_at(at + 1).filter(|_| text[end(at)..parts[at + 1].0].chars().all(|c| c == ' ')) {
            let year = year_at(at + 2).filter(|_| joined(end(at + 1), parts[at + 2].0));
            let stop = if year.is_some() { end(at + 2) } else { end(at + 1) };
            found.push((*start..stop, Date { year, month, day }));
        }
    }
    found
}

/// `14`, `14th`, `fourteenth`.
fn day(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = &word[digits.len()..];
    if !digits.is_empty() {
        return (digits.len() <= 2 && matches!(ending, "" | "st" | "nd" | "rd" | "th")).then(|| digits.parse().ok()).flatten();
    }
    english_value(word).filter(|_| word.ends_with("th") || word.ends_with("first") || word.ends_with("second") || word.ends_with("third"))
}

/// `1949年10月1日`, `一九四九年十月一日`, `十月一日`; a day of the old calendar (初五) is none.
fn chinese(text: &str) -> Vec<(Range<usize>, Date)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('月') {
        let Some((month_at, month)) = number_before(text, at) else { continue };
        let rest = &text[at + '月'.len_utf8()..];
        let size = rest.find(|c: char| !is_numeral(c)).unwrap_or(rest.len());
        let Some(day) = han_value(&rest[..size]) else { continue };
        let after = &rest[size..];
        let Some(mark) = ["日", "号", "號"].iter().find(|mark| after.starts_with(**mark)) else { continue };
        let end = at + '月'.len_utf8() + size + mark.len();
        let year =
            text[..month_at].strip_suffix('年').and_then(|before| number_before(before, before.len())).filter(|(_, year)| *year >= 1000);
        let start = year.map_or(month_at, |(at, _)| at);
        found.push((start..end, Date { year: year.map(|(_, year)| i64::from(year)), month, day }));
    }
    found
}

fn number_before(text: &str, end: usize) -> Option<(usize, u32)> {
    let before = &text[..end];
    let start = before.rfind(|c: char| !is_numeral(c)).map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    han_value(&before[start..]).map(|value| (start, value))
}
