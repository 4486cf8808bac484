use super::{super::page::Page, dates};
use crate::finding::{Finding, Severity};

const RULE: &str = "weekday";

const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const DAYS_ZH: [&str; 7] = ["日", "一", "二", "三", "四", "五", "六"];
/// Since when the calendar is ours nearly everywhere.
const OUR_CALENDAR: std::ops::RangeInclusive<i64> = 1800..=2999;

/// A date falls on another day of the week than the text says, or is in no calendar.
///
/// Only where the weekday stands with the date and the year is told.
pub(super) fn check(page: &Page<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (range, date) in dates(page.text) {
        let words = &page.text[range.clone()];
        if !date.exists() {
            let message = format!("{} names “{words}”, which is in no calendar.", page.named());
            let finding = Finding::new(RULE, Severity::Warning, words, message, "Name a day that there is.".into());
            found.push(page.over(finding, range));
            continue;
        }
        let told = told_before(&page.text[..range.start]).or_else(|| told_after(&page.text[range.end..]));
        let real = date.weekday().filter(|_| date.year.is_some_and(|year| OUR_CALENDAR.contains(&year)));
        let (Some(told), Some(real)) = (told, real) else { continue };
        if told != real {
            let message = format!("{} calls “{words}” a {}; it was a {}.", page.named(), DAYS[told], DAYS[real]);
            let finding =
                Finding::new(RULE, Severity::Warning, &format!("{words}/{}", DAYS[told]), message, "Change the day or the date.".into());
            found.push(page.over(finding, range));
        }
    }
    found
}

/// `Monday, ` and `Monday the ` right before the date.
fn told_before(before: &str) -> Option<usize> {
    let before = before.trim_end_matches([' ', ',', '\n']);
    let before = before.strip_suffix("the").map_or(before, |rest| rest.trim_end_matches([' ', ',']));
    DAYS.iter().position(|day| before.ends_with(day)).or_else(|| {
        let (rest, day) = before.trim_end_matches(['，', '、']).char_indices().next_back().map(|(at, _)| before.split_at(at))?;
        ["星期", "周", "礼拜"].iter().any(|word| rest.ends_with(word)).then(|| zh_day(day.chars().next()?)).flatten()
    })
}

/// `，星期三`, `（周三）` and `, a Wednesday` right behind the date.
fn told_after(after: &str) -> Option<usize> {
    let after = after.trim_start_matches(['，', '、', '（', '(', ' ', ',']);
    if let Some(day) = DAYS.iter().position(|day| after.strip_prefix("a ").unwrap_or(after).starts_with(day)) {
        // “On 4 July, Monday's child …”: a weekday with more behind it is another matter.
        return Some(day).filter(|day| !after.trim_start_matches("a ")[DAYS[*day].len()..].starts_with(['\'', '’', 's']));
    }
    let rest = ["星期", "礼拜", "周"].iter().find_map(|word| after.strip_prefix(word))?;
    zh_day(rest.chars().next()?)
}

fn zh_day(c: char) -> Option<usize> {
    if c == '天' { Some(0) } else { DAYS_ZH.iter().position(|day| day.starts_with(c)) }
}

#[cfg(test)]
mod tests {
    use super::super::date::Date;

    #[test]
    fn days_of_the_week_are_those_of_the_calendar() {
        for (year, month, day, weekday) in [(1776, 7, 4, 4), (1900, 3, 1, 4), (2000, 2, 29, 2), (2024, 12, 25, 3), (1949, 10, 1, 6)] {
            assert_eq!(Date { year: Some(year), month, day }.weekday(), Some(weekday), "{year}-{month}-{day}");
        }
        assert!(!Date { year: Some(1900), month: 2, day: 29 }.exists());
        assert!(Date { year: None, month: 2, day: 29 }.exists());
    }
}
