//! A reader of Prometheus's text format 0.0.4, which believes nothing: every sample has its HELP and TYPE, no series comes twice, histograms
//! add up.

use std::collections::{BTreeMap, BTreeSet};

/// What was counted: series as they are written, with their values.
#[derive(Debug)]
pub(crate) struct Exposition {
    pub(crate) samples: BTreeMap<String, f64>,
    pub(crate) types: BTreeMap<String, String>,
}

impl Exposition {
    #[track_caller]
    pub(crate) fn read(text: &str) -> Self {
        assert!(text.ends_with('\n'), "the last line ends as all others");
        let (mut samples, mut types, mut helps) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        let mut family = String::new();
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("# HELP ") {
                let (name, help) = rest.split_once(' ').unwrap_or_else(|| panic!("a HELP without words: {line}"));
                assert!(help.ends_with('.') && helps.insert(name.to_owned()), "{line}");
                family = name.to_owned();
            } else if let Some(rest) = line.strip_prefix("# TYPE ") {
                let (name, kind) = rest.split_once(' ').unwrap();
                assert_eq!(name, family, "HELP comes before TYPE");
                assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
                assert!(types.insert(name.to_owned(), kind.to_owned()).is_none(), "{line}");
                assert_eq!(kind == "counter", name.ends_with("_total"), "{name} is a {kind}");
            } else {
                let (series, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("no sample: {line}"));
                let value: f64 = value.parse().unwrap_or_else(|e| panic!("{e}: {line}"));
                let (name, labels) = series.split_once('{').map_or((series, None), |(name, rest)| (name, Some(rest)));
                assert!(name.starts_with("fabulist_") && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{line}");
                check_labels(labels, line);
                let of = if types.get(&family).is_some_and(|kind| kind == "histogram") {
                    ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name)
                } else {
                    name
                };
                assert!(of == family && types.contains_key(of), "a sample without HELP and TYPE before it: {line}");
                assert!(samples.insert(series.to_owned(), value).is_none(), "twice: {series}");
            }
        }
        let found = Self { samples, types };
        found.check_histograms();
        found
    }

    /// The sum of all series of this name that have these labels.
    pub(crate) fn sum(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let wanted: Vec<String> = labels.iter().map(|(key, value)| format!("{key}=\"{value}\"")).collect();
        let fits = |series: &str| series.split('{').next() == Some(name) && wanted.iter().all(|label| series.contains(label));
        self.samples.iter().filter(|(series, _)| fits(series)).map(|(_, value)| value).sum()
    }

    fn check_histograms(&self) {
        for (name, _) in self.types.iter().filter(|(_, kind)| *kind == "histogram") {
            let mut last: BTreeMap<String, f64> = BTreeMap::new();
            let mut buckets: Vec<(String, f64, f64)> = Vec::new();
            for (series, value) in &self.samples {
                let Some(labels) = series.strip_prefix(&format!("{name}_bucket{{")) else { continue };
                let at = labels.find("le=\"").unwrap();
                let edge = labels[at + 4..].split('"').next().unwrap();
                let edge = if edge == "+Inf" { f64::INFINITY } else { edge.parse().unwrap() };
                buckets.push((labels[..at].trim_end_matches(',').to_owned(), edge, *value));
            }
            buckets.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
            for (labels, edge, value) in buckets {
                let before = last.insert(labels.clone(), value).unwrap_or_default();
                assert!(value >= before, "{name}{{{labels}}} falls at {edge}");
            }
            for (labels, all) in last {
                let count = if labels.is_empty() { format!("{name}_count") } else { format!("{name}_count{{{labels}}}") };
                assert_eq!(self.samples.get(&count), Some(&all), "{count}");
            }
        }
    }
}

/// Labels come from short lists: nothing in them names a run, a brief or a path that was asked for.
#[track_caller]
fn check_labels(labels: Option<&str>, line: &str) {
    let Some(labels) = labels else { return };
    let labels = labels.strip_suffix('}').unwrap_or_else(|| panic!("{line}"));
    let mut keys = BTreeSet::new();
    for label in labels.trim_end_matches(',').split("\",") {
        let (key, value) = label.split_once("=\"").unwrap_or_else(|| panic!("{line}"));
        let value = value.trim_end_matches('"');
        assert!(keys.insert(key) && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{line}");
        let hex = value.split(|c: char| !c.is_ascii_hexdigit()).any(|word| word.len() >= 12);
        assert!(!hex && value.len() < 80, "an id in a label: {line}");
    }
}

const FINE: &str = "# HELP fabulist_x_total Things.\n# TYPE fabulist_x_total counter\nfabulist_x_total{a=\"b\"} 1\n";

#[test]
fn what_is_well_formed_is_read() {
    assert_eq!(Exposition::read(FINE).sum("fabulist_x_total", &[("a", "b")]), 1.0);
}

#[test]
#[should_panic(expected = "twice")]
fn a_series_that_comes_twice_is_found() {
    Exposition::read(&format!("{FINE}fabulist_x_total{{a=\"b\"}} 2\n"));
}

#[test]
#[should_panic(expected = "without HELP and TYPE")]
fn a_sample_without_its_type_is_found() {
    Exposition::read(&format!("{FINE}fabulist_y_total 2\n"));
}

#[test]
#[should_panic(expected = "an id in a label")]
fn a_label_that_names_a_run_is_found() {
    Exposition::read("# HELP fabulist_x X.\n# TYPE fabulist_x gauge\nfabulist_x{run=\"01a1fa53-727f-773f-addd-b99e46bfb428\"} 1\n");
}
