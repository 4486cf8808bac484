use super::{
    super::{Desk, page::Page, text::dates},
    Place, contradicts,
};
use crate::{
    finding::{Finding, Severity},
    text::{english_value, han_value, is_numeral},
};

const RULE: &str = "clock-backwards";

/// Words by which a chapter says that it goes back, or that somebody remembers.
const BACK: [&str; 28] = [
    "earlier",
    " ago",
    "before",
    "flashback",
    "remember",
    "back in",
    "back then",
    "recall",
    "once,",
    "in those days",
    "had been",
    "memory",
    "diary",
    "那年",
    "年前",
    "月前",
    "天前",
    "日前",
    "回忆",
    "想起",
    "从前",
    "当年",
    "往事",
    "记得",
    "倒回",
    "早在",
    "原来",
    "日记",
];
/// So much of a chapter's beginning may say so, in bytes.
const BEGINNING: usize = 900;

/// A time that can be held against another one of its kind.
#[derive(Debug, PartialEq, Eq)]
struct Time {
    /// Which calendar: a reign, the days of a journey.
    calendar: String,
    /// Year, month and day, as far as they are told.
    parts: Vec<i64>,
}

/// A chapter takes place before the one that it follows, and does not say that it goes back.
///
/// Held against each other are dates and counted days of one calendar; hours begin anew each morning.
pub(super) fn check(desk: &Desk<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut last: Option<(Time, Place, String)> = None;
    for (number, page) in desk.pages.iter().enumerate() {
        let Some(told) = page.chapter.extraction.and_then(|told| told.story_time.as_deref()) else { continue };
        let Some(time) = read(told) else { continue };
        let place: Place = (number, page.find(told).unwrap_or_else(|| page.opening()));
        if let Some((before, earlier, words)) = &last
            && before.calendar == time.calendar
            && comes_before(&time, before)
        {
            if goes_back(page) {
                continue;
            }
            let message = format!("{} takes place at {told}, before {words}, and does not say that it goes back.", page.named());
            let finding = Finding::new(
                RULE,
                Severity::Warning,
                &format!("{told}/{words}"),
                message,
                "Say that it goes back, or change the time.".into(),
            );
            found.push(contradicts(desk, finding, page, place.1.clone(), earlier));
        }
        last = Some((time, place, told.to_owned()));
    }
    found
}

/// Whether `a` comes before `b` in what both of them tell.
fn comes_before(a: &Time, b: &Time) -> bool {
    let both = a.parts.len().min(b.parts.len());
    a.parts[..both] < b.parts[..both]
}

fn goes_back(page: &Page<'_>) -> bool {
    let end = (BEGINNING.min(page.text.len())..=page.text.len()).find(|at| page.text.is_char_boundary(*at)).unwrap_or(page.text.len());
    let beginning = format!("{} {}", page.chapter.title, &page.text[..end]).to_lowercase();
    let events = page.chapter.extraction.map(|told| &told.events[..]).unwrap_or_default();
    let remembered = !events.is_empty() && events.iter().all(|event| event.flashback);
    remembered || BACK.iter().any(|words| beginning.contains(words))
}

fn read(told: &str) -> Option<Time> {
    if let Some((_, date)) = dates(told).first() {
        let parts = [date.year, Some(i64::from(date.month)), Some(i64::from(date.day))];
        return date.year.map(|_| Time { calendar: "date".into(), parts: parts.into_iter().flatten().collect() });
    }
    iso(told).or_else(|| han(told)).or_else(|| counted_day(told)).or_else(|| year(told))
}

/// `1911-06-14`.
fn iso(told: &str) -> Option<Time> {
    let word = told.split_whitespace().find(|word| word.len() >= 10 && word.as_bytes()[4] == b'-')?;
    let parts: Option<Vec<i64>> = word.get(..10)?.split('-').map(|part| part.parse().ok()).collect();
    Some(Time { calendar: "date".into(), parts: parts.filter(|parts| parts.len() == 3)? })
}

/// `1994年5月`, `光绪二十年三月初五`: the words before the year are its calendar.
fn han(told: &str) -> Option<Time> {
    let (before, after) = told.split_once('年')?;
    let start = before.rfind(|c: char| !is_numeral(c)).map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let year = if before.ends_with('元') { 1 } else { i64::from(han_value(&before[start..])?) };
    let reign = before[..start].trim_end_matches('元').trim();
    let mut parts = vec![year];
    if let Some((month, rest)) = after.split_once('月') {
        let month = match month.trim_start_matches(['，', ' ']) {
            "正" => Some(1),
            "腊" => Some(12),
            "冬" => Some(11),
            other => han_value(other),
        };
        parts.extend(month.map(i64::from));
        let rest = rest.trim_start_matches('初');
        let size = rest.find(|c: char| !is_numeral(c)).unwrap_or(rest.len());
        parts.extend(month.and(han_value(&rest[..size])).map(i64::from));
    }
    let calendar = if reign.is_empty() && year >= 1000 { "date".into() } else { format!("reign {reign}") };
    Some(Time { calendar, parts }).filter(|time| time.calendar != "reign ")
}

/// `Day 9`, `the ninth day`, `第十天`.
fn counted_day(told: &str) -> Option<Time> {
    let lower = told.to_lowercase();
    let day = |n: u32| Time { calendar: "day".into(), parts: vec![i64::from(n)] };
    if let Some(rest) = told.trim().strip_prefix('第') {
        let size = rest.find(|c: char| !is_numeral(c)).unwrap_or(rest.len());
        return matches!(rest[size..].chars().next(), Some('天' | '日')).then(|| han_value(&rest[..size])).flatten().map(day);
    }
    let words: Vec<&str> = lower.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|word| !word.is_empty()).collect();
    match words[..] {
        ["day", n] => n.parse().ok().or_else(|| english_value(n)).map(day),
        ["the", nth, "day"] | [nth, "day"] => {
            english_value(nth).filter(|_| nth.ends_with("th") || nth.ends_with("st") || nth.ends_with("nd") || nth.ends_with("rd")).map(day)
        }
        _ => None,
    }
}

/// `1911`, `June 1911`.
fn year(told: &str) -> Option<Time> {
    const MONTHS: [&str; 12] =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    let lower = told.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let at = words.iter().position(|word| word.len() == 4 && word.chars().all(|c| c.is_ascii_digit()))?;
    let year: i64 = words[at].parse().ok().filter(|year| (1000..3000).contains(year))?;
    let month = at.checked_sub(1).and_then(|before| MONTHS.iter().position(|name| *name == words[before]));
    let month = month.and_then(|n| i64::try_from(n + 1).ok());
    Some(Time { calendar: "date".into(), parts: [Some(year), month].into_iter().flatten().collect() })
}
