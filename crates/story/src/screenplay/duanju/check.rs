use super::parse::{Kind, Row, parse};
use crate::{
    finding::{Finding, Severity},
    text::slice,
};

/// What is wrong with the form of episode `ordinal`.
///
/// Errors: no header, another number in it, or two; no scene; a scene of another episode, out of order, or twice. Warnings: two
/// ways to write scene numbers, a heading without time, side or place, a scene without its people, somebody who speaks and is
/// not among them, an action inside of a speech.
pub fn check(ordinal: u32, text: &str) -> Vec<Finding> {
    let rows = parse(text);
    let mut checker = Checker { ordinal, text, found: Vec::new() };
    checker.header(&rows);
    checker.scenes(&rows);
    checker.people(&rows);
    checker.found
}

struct Checker<'a> {
    ordinal: u32,
    text: &'a str,
    found: Vec<Finding>,
}

impl Checker<'_> {
    fn push(&mut self, rule: &str, severity: Severity, message: String, hint: &str, row: Option<&Row>) {
        let about = format!("{}/{}", self.ordinal, row.map_or("", |r| slice(self.text, r.span)));
        let finding = Finding::new(rule, severity, &about, message, hint.to_owned());
        self.found.push(match row {
            Some(row) => finding.over(self.ordinal, self.text, row.span),
            None => finding,
        });
    }

    fn header(&mut self, rows: &[Row]) {
        let n = self.ordinal;
        let headers: Vec<&Row> = rows.iter().filter(|r| matches!(r.kind, Kind::Episode { .. })).collect();
        let hint = format!("Begin with `第{n}集` on a line of its own, once.");
        match headers.as_slice() {
            [] => self.push(
                "episode-header",
                Severity::Error,
                format!("Episode {n} does not begin with its header, `第{n}集`."),
                &hint,
                rows.first(),
            ),
            [one] => {
                if !matches!(one.kind, Kind::Episode { number, .. } if number == n) {
                    let message = format!("Episode {n} has the header `{}`.", slice(self.text, one.span).trim());
                    self.push("episode-header", Severity::Error, message, &hint, Some(one));
                }
            }
            [_, second, ..] => {
                self.push("episode-header", Severity::Error, format!("Episode {n} has {} headers.", headers.len()), &hint, Some(second));
            }
        }
    }

    fn scenes(&mut self, rows: &[Row]) {
        let n = self.ordinal;
        let mut last = 0;
        let mut style = None;
        for row in rows {
            let Kind::Scene { number: (episode, scene), separator, time, side, place } = &row.kind else { continue };
            let line = slice(self.text, row.span).trim().to_owned();
            if *episode != n || *scene != last + 1 {
                let message = format!("Episode {n} numbers a scene {episode}-{scene}; it is {n}-{}.", last + 1);
                self.push("scene-numbers", Severity::Error, message, &format!("Number it {n}-{}.", last + 1), Some(row));
            }
            last += 1;
            if *style.get_or_insert(*separator) != *separator {
                let hint = "Write all scene numbers alike: 1-1, 1-2.";
                self.push(
                    "scene-numbers",
                    Severity::Warning,
                    format!("`{line}` is numbered in another way than the scene before."),
                    hint,
                    Some(row),
                );
            }
            let missing: Vec<&str> = [(time.is_none(), "time"), (side.is_none(), "内 or 外"), (place.is_none(), "place")]
                .into_iter()
                .filter(|(m, _)| *m)
                .map(|(_, w)| w)
                .collect();
            if !missing.is_empty() {
                let message = format!("`{line}` does not say {}.", missing.join(", "));
                self.push("scene-heading", Severity::Warning, message, "Write it as `1-1 日 内 地点`.", Some(row));
            }
        }
        if last == 0 {
            let hint = format!("Begin each scene with a line such as `{n}-1 日 内 地点`.");
            self.push("no-scene-heading", Severity::Error, format!("Episode {n} has no scene heading."), &hint, rows.first());
        }
    }

    fn people(&mut self, rows: &[Row]) {
        let mut listed: Option<Vec<String>> = None;
        let mut scene: Option<&Row> = None;
        for row in rows {
            match &row.kind {
                Kind::Scene { .. } => {
                    self.unlisted(scene, listed.as_ref());
                    scene = Some(row);
                    listed = None;
                }
                Kind::People(names) => listed = Some(names.clone()),
                Kind::Speech(speech) => {
                    let missing = listed
                        .as_ref()
                        .is_some_and(|names| !names.iter().any(|n| n.contains(&speech.name) || speech.name.contains(n.as_str())));
                    if missing {
                        let message = format!("{} speaks and is not among the people of the scene.", speech.name);
                        self.push("scene-people", Severity::Warning, message, "Add the name to the line 人物：.", Some(row));
                    }
                    if speech.text.contains('△') {
                        let message = format!("An action stands inside of what {} says.", speech.name);
                        self.push("scene-form", Severity::Warning, message, "Give each △ a line of its own.", Some(row));
                    }
                }
                _ => {}
            }
        }
        self.unlisted(scene, listed.as_ref());
    }

    fn unlisted(&mut self, scene: Option<&Row>, listed: Option<&Vec<String>>) {
        if let (Some(row), None) = (scene, listed) {
            let message = format!("The scene `{}` does not say who is there.", slice(self.text, row.span).trim());
            self.push("scene-people", Severity::Warning, message, "Add a line 人物： below its heading.", Some(row));
        }
    }
}
