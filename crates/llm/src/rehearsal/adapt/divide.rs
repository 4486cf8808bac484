use story::{
    language::Tongue,
    tasks::{EpisodeProposal, EpisodesAnswer, MomentView, PlanEpisodes, PlanSeason, SeasonAnswer, SeasonEpisode},
};

/// A paragraph of the stretch that is divided.
struct Step<'a> {
    chapter: u32,
    paragraph: u32,
    length: u64,
    moment: &'a MomentView,
}

/// Divides a chapter.
pub(in crate::rehearsal) fn episodes(input: &PlanEpisodes) -> EpisodesAnswer {
    let steps = steps(input.chapter, &input.moments);
    let tongue = Tongue::of(&input.language);
    let episodes = divided(&steps, input.episode_count as usize)
        .into_iter()
        .map(|part| {
            let told = Told::of(&steps[part.0..part.1], tongue);
            let last = steps.get(part.1.saturating_sub(1)).map_or(0, |s| s.paragraph);
            EpisodeProposal {
                title: told.title,
                last_paragraph: i64::from(last),
                core: told.core,
                opening_hook: told.opening,
                closing_hook: told.closing,
            }
        })
        .collect();
    EpisodesAnswer { episodes }
}

/// Lays episodes over a stretch of the book, across its chapters. Nothing is cut: each paragraph belongs to an episode.
pub(in crate::rehearsal) fn season(input: &PlanSeason) -> SeasonAnswer {
    let tongue = Tongue::of(&input.language);
    let all: Vec<Step<'_>> = input
        .chapters
        .iter()
        .flat_map(|c| steps(c.number, &c.moments).into_iter().filter(|s| (c.from..=c.to).contains(&s.paragraph)))
        .collect();
    let count = input.to.saturating_sub(input.from) as usize + 1;
    let episodes = divided(&all, count)
        .into_iter()
        .filter_map(|part| {
            let own = &all[part.0..part.1];
            let (first, last) = (own.first()?, own.last()?);
            let told = Told::of(own, tongue);
            Some(SeasonEpisode {
                title: told.title,
                core: told.core,
                from_chapter: i64::from(first.chapter),
                from_paragraph: i64::from(first.paragraph),
                to_chapter: i64::from(last.chapter),
                to_paragraph: i64::from(last.paragraph),
                opening_hook: told.opening,
                closing_hook: told.closing,
            })
        })
        .collect();
    SeasonAnswer { episodes, cuts: Vec::new() }
}

/// The paragraphs of some moments; each has its share of the moment's length.
fn steps(chapter: u32, moments: &[MomentView]) -> Vec<Step<'_>> {
    let mut found = Vec::new();
    for moment in moments {
        let share = moment.length / u64::from(moment.to.saturating_sub(moment.from) + 1);
        found.extend((moment.from..=moment.to).map(|paragraph| Step { chapter, paragraph, length: share.max(1), moment }));
    }
    found
}

/// Where `count` parts of about one length begin and end. Each has a step as long as there are enough of them.
fn divided(steps: &[Step<'_>], count: usize) -> Vec<(usize, usize)> {
    let count = count.clamp(1, steps.len().max(1));
    let total: u64 = steps.iter().map(|s| s.length).sum();
    let mut sums = vec![0];
    for step in steps {
        sums.push(sums[sums.len() - 1] + step.length);
    }
    let mut ends = Vec::new();
    for k in 1..=count {
        let wanted = total * k as u64 / count as u64;
        let (least, most) = (ends.last().copied().unwrap_or(0) + 1, steps.len().saturating_sub(count - k));
        // A little less fair is better than a cut through a moment.
        let cost = |at: usize| {
            let inside = at < steps.len() && std::ptr::eq(steps[at].moment, steps[at - 1].moment);
            sums[at].abs_diff(wanted) * if inside { 2 } else { 1 }
        };
        let end = if k == count { steps.len() } else { (least..=most.max(least)).min_by_key(|at| cost(*at)).unwrap_or(least) };
        ends.push(end);
    }
    let mut begin = 0;
    ends.into_iter()
        .map(|end| {
            let part = (begin, end);
            begin = end;
            part
        })
        .filter(|(from, to)| to > from)
        .collect()
}

/// What is said of an episode.
struct Told {
    title: String,
    core: String,
    opening: String,
    closing: String,
}

impl Told {
    fn of(steps: &[Step<'_>], tongue: Tongue) -> Self {
        let mut texts: Vec<&str> = steps.iter().map(|s| s.moment.text.as_str()).collect();
        texts.dedup();
        let opening = texts.first().copied().unwrap_or_default();
        let closing = texts.last().copied().unwrap_or_default();
        let middle = texts.get(texts.len() / 2).copied().unwrap_or_default();
        let core = if middle == opening { opening.to_owned() } else { [opening, middle].join(if tongue == Tongue::Zh { "" } else { " " }) };
        let longest = texts.iter().max_by_key(|t| t.chars().filter(|c| c.is_alphabetic()).count().min(40)).copied().unwrap_or(middle);
        Self { title: title(longest, tongue), core, opening: opening.to_owned(), closing: closing.to_owned() }
    }
}

/// A few words of a sentence, as a title.
fn title(sentence: &str, tongue: Tongue) -> String {
    let plain = sentence.trim_start_matches(['“', '"', '\'', '‘', '△']);
    match tongue {
        Tongue::Zh => {
            let clauses = plain.split(['，', '。', '：', '；', '！', '？', '“', '”', ',', '、']).map(str::trim);
            let fit = clauses.clone().filter(|c| (4..=12).contains(&c.chars().count())).max_by_key(|c| c.chars().count().min(9));
            fit.or_else(|| clauses.clone().find(|c| !c.is_empty())).unwrap_or("这一集").chars().take(12).collect()
        }
        Tongue::En => {
            let clause =
                plain.split([',', ';', ':', '.', '!', '?', '“', '”', '(']).find(|c| c.split_whitespace().count() > 2).unwrap_or(plain);
            let words: Vec<&str> = clause.split_whitespace().take(7).collect();
            let small = [
                "the", "a", "an", "of", "to", "and", "in", "with", "by", "for", "at", "on", "that", "was", "as", "but", "or", "very", "so",
                "her", "his", "its", "it", "is",
            ];
            let end = words.iter().rposition(|w| !small.contains(&w.to_lowercase().as_str())).map_or(words.len(), |i| i + 1);
            words[..end].join(" ").trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
        }
    }
}
