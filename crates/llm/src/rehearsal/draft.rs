use story::{
    extraction::Extraction,
    language::Tongue,
    output_spec::LengthRange,
    plan::Beat,
    tasks::{DraftChapter, ExtractFacts, KnownName},
    text::Unit,
};

use super::{
    dice::Dice,
    fit::{fill, measure},
    grammar::Grammar,
    material::Material,
    read,
    scene::{Para, Stage, Writer},
};

/// Writes the prose of a chapter: beat by beat, within the range.
pub(super) fn draft(input: &DraftChapter, dice: &mut Dice) -> String {
    let mut material = Material::of(&input.brief, &input.dead);
    material.familiar = true;
    // The most paragraphs that a chapter of this length has: numbers of paragraphs never meet.
    let small = if input.length.unit == Unit::Words { 7 } else { 14 };
    let stride = usize::try_from(input.length.max / small).unwrap_or(400).max(24) + 140;
    let mut writer = Writer::new(&material, dice.clone(), input.chapter.number, stride);
    let stages = stages(input, &material, &mut writer);
    let Some(last) = stages.last().cloned() else { return String::new() };
    let range = input.length;
    let aim = varied(input, range);
    let unit = unit_size(range, material.tongue);

    let hook = told_hook(input, &writer);
    let closing = if aim > unit * 80 { writer.closing(&last, &hook) } else { None };
    let end = closing.as_ref().map_or(0, |p| measure(&p.text, range));
    let reserve = (aim / 16).clamp(unit * 30, unit * 90);
    let room = aim.saturating_sub(end + reserve);
    let mut paragraphs = body(input, &mut writer, &stages, range, room);
    paragraphs.extend(closing);
    fill(&mut writer, &last, &mut paragraphs, range, aim);
    let mut texts: Vec<String> = paragraphs.into_iter().map(|p| p.text).collect();
    weave(&mut texts, &input.keep);
    texts.join("\n\n")
}

/// Puts locked passages among the paragraphs, in their order, each in the place of one.
fn weave(texts: &mut Vec<String>, keep: &[String]) {
    let count = texts.len();
    for (n, words) in keep.iter().enumerate() {
        let at = ((n + 1) * count / (keep.len() + 1)).max(n);
        match texts.get_mut(at) {
            Some(text) => words.clone_into(text),
            None => texts.push(words.clone()),
        }
    }
}

/// The length that this chapter is written to: near what is asked, and not the same in every chapter.
fn varied(input: &DraftChapter, range: LengthRange) -> u64 {
    let aim = input.aim.clamp(range.min, range.max);
    let number = input.chapter.number.to_string();
    let mut dice = Dice::of(&[&input.brief.title, &number, "length"]);
    let swing = aim * 8 / 100;
    let turn = u64::try_from(dice.below(2_001)).unwrap_or(1_000);
    // A little is kept free at both ends, for a sentence more or less.
    let free = range.max.saturating_sub(range.min) / 16;
    (aim - swing + swing * 2 * turn / 2_000).clamp(range.min + free, range.max - free)
}

/// How much of the unit an English word or its like takes.
fn unit_size(range: LengthRange, tongue: Tongue) -> u64 {
    match (range.unit, tongue) {
        (Unit::Words, Tongue::En) => 1,
        (Unit::Chars, Tongue::En) => 4,
        (_, Tongue::Zh) => 2,
    }
}

fn told_hook(input: &DraftChapter, writer: &Writer<'_>) -> String {
    let hook = input.chapter.hook.trim();
    if hook.is_empty() || input.dead.iter().any(|d| hook.contains(d.as_str())) {
        String::new()
    } else {
        writer.tell(&ended(hook, writer.material.tongue))
    }
}

/// A sentence with its full stop.
pub(super) fn ended(text: &str, tongue: Tongue) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?', '。', '！', '？', '”', '…']) {
        return text.to_owned();
    }
    let text = text.trim_end_matches([',', ';', ':', '，', '；', '：', '—']);
    format!("{text}{}", if tongue == Tongue::Zh { '。' } else { '.' })
}

/// Each beat as a stage: its people, alive, its place and time, and what is told of it.
fn stages(input: &DraftChapter, material: &Material, writer: &mut Writer<'_>) -> Vec<Stage> {
    let grammar = Grammar::of(material.tongue);
    let times = grammar.list("time");
    let names = material.names();
    let mut gone: Vec<String> = input.dead.clone();
    let chapter_topics: Vec<String> = writer.topics_of(&input.chapter.summary);
    let blank = [Beat { text: input.chapter.summary.clone(), ..Beat::default() }];
    let beats: &[Beat] = if input.beats.is_empty() { &blank } else { &input.beats };
    let count = beats.len();
    let mut stages: Vec<Stage> = Vec::with_capacity(count);
    let cast = writer.dice.below(names.len().max(1));
    for (n, beat) in beats.iter().enumerate() {
        let alive = |i: &usize| !gone.contains(&names[*i]);
        let named: Vec<usize> =
            (0..names.len()).filter(|i| beat.characters.contains(&names[*i]) || beat.text.contains(&names[*i])).filter(alive).collect();
        let lead = material.lead().filter(alive);
        let others: Vec<usize> = (0..names.len()).map(|i| (i + cast + n) % names.len()).filter(alive).collect();
        let a = if named.is_empty() || (material.first && lead.is_some()) {
            lead.or(others.first().copied())
        } else {
            lead.filter(|l| named.contains(l)).or(named.first().copied())
        };
        let b = named.iter().copied().find(|i| Some(*i) != a).or_else(|| others.iter().copied().find(|i| Some(*i) != a && n % 4 != 3));
        let c = others.iter().copied().find(|i| Some(*i) != a && Some(*i) != b);
        let before = stages.last().map(|s| s.place.clone());
        let place = beat
            .place
            .clone()
            .or(before)
            .or_else(|| material.places.get(input.chapter.number as usize % material.places.len().max(1)).cloned())
            .unwrap_or_default();
        let when = beat.time.clone().unwrap_or_else(|| {
            times.get((n * times.len() / count.max(1)).min(times.len().saturating_sub(1))).map_or(String::new(), |t| (*t).to_owned())
        });
        let told: Vec<String> = read::sentences::split(&beat.text)
            .into_iter()
            .filter(|s| !gone.iter().any(|d| s.contains(d.as_str())))
            .map(|s| writer.tell(&ended(s, material.tongue)))
            .collect();
        let mut topics = writer.topics_of(&beat.text);
        topics.extend(chapter_topics.iter().take(3).cloned());
        topics.extend(turned(&material.things, input.chapter.number as usize + n, 3));
        topics.extend(turned(&material.places, input.chapter.number as usize, 1));
        topics.retain(|t| !input.dead.iter().any(|d| t.contains(d.as_str())) && !material.forbids(t));
        topics.dedup();
        let mut things = turned(&material.things, input.chapter.number as usize * 3 + n, 2);
        things.extend(material.things.iter().filter(|t| beat.text.contains(t.as_str())).cloned());
        let far = input.chapter.number.saturating_mul(100) / input.chapter_count.max(1);
        stages.push(Stage { a, b, c, place, when, told, topics, things, far });
        gone.extend(deaths(&beat.text, &input.brief.language, &names));
    }
    stages
}

/// Who dies in a beat: from there on they do nothing any more.
fn deaths(text: &str, language: &str, names: &[String]) -> Vec<String> {
    let known = names.iter().map(|name| KnownName { name: name.clone(), aliases: Vec::new() }).collect();
    let told: Extraction =
        read::extract(&ExtractFacts { language: language.to_owned(), text: text.to_owned(), known, ..ExtractFacts::default() });
    told.deaths.into_iter().filter(|d| !d.flashback).map(|d| d.character).collect()
}

fn turned(list: &[String], by: usize, most: usize) -> Vec<String> {
    (0..list.len().min(most)).filter_map(|i| list.get((i + by) % list.len())).cloned().collect()
}

fn body(input: &DraftChapter, writer: &mut Writer<'_>, stages: &[Stage], range: LengthRange, room: u64) -> Vec<Para> {
    let mut paragraphs: Vec<Para> = Vec::new();
    let mut length = 0;
    let count = u64::try_from(stages.len()).unwrap_or(1).max(1);
    let guides = guides(input, writer);
    for (n, stage) in stages.iter().enumerate() {
        let until = room * (u64::try_from(n).unwrap_or(0) + 1) / count;
        let share = until.saturating_sub(length);
        let roomy = share > unit_size(range, writer.material.tongue) * 130;
        // The story's premise is told once at the beginning, then now and then.
        let premise = writer.material.premise.clone();
        let number = input.chapter.number as usize;
        let told = (n == 0 && (number == 1 || number.is_multiple_of(7)))
            .then(|| premise.get(number / 7 % premise.len().max(1)))
            .flatten()
            .filter(|p| !p.contains('“'));
        let mut scene: Vec<Para> = Vec::new();
        if roomy {
            scene.extend(writer.opening(stage, told.map(String::as_str)));
        }
        scene.extend(writer.event(stage));
        if n == 0 {
            scene.extend(guides.iter().filter_map(|guide| writer.guide(stage, guide)));
        }
        take(&mut paragraphs, &mut length, scene, range, until, true);
        let mut idle = 0;
        let mut turn = 0;
        while length < until && idle < 6 {
            let unit = match turn % 4 {
                0 | 2 => exchange(writer, stage, turn / 2, paragraphs.last().filter(|p| !p.narration).and_then(|p| p.a)),
                1 => writer.reaction(stage).into_iter().collect(),
                _ => writer.detail(stage).into_iter().collect(),
            };
            turn += 1;
            let added = take(&mut paragraphs, &mut length, unit, range, until, false);
            idle = if added { 0 } else { idle + 1 };
        }
        if n + 1 < stages.len() && roomy {
            let link: Vec<Para> = writer.link(stage).into_iter().collect();
            take(&mut paragraphs, &mut length, link, range, until, false);
        }
    }
    paragraphs
}

/// Takes the paragraphs that fit. What must be told may go a little over its share, never over the whole.
fn take(paragraphs: &mut Vec<Para>, length: &mut u64, unit: Vec<Para>, range: LengthRange, until: u64, must: bool) -> bool {
    let allowed = if must { until + until / 20 } else { until };
    let whole = unit.len();
    let mut end = *length;
    let mut fitting: Vec<Para> = Vec::new();
    for para in unit {
        let size = measure(&para.text, range);
        if end + size <= allowed {
            end += size;
            fitting.push(para);
        } else if !must {
            break;
        }
    }
    // A talk of one line is none.
    if fitting.is_empty() || (!must && whole > 1 && fitting.len() < 2) {
        return false;
    }
    *length = end;
    paragraphs.extend(fitting);
    true
}

/// People speak: a question, an answer that is none, an insistence, and what comes of it.
fn exchange(writer: &mut Writer<'_>, stage: &Stage, round: usize, spoke: Option<usize>) -> Vec<Para> {
    let (a, b) = (stage.a, stage.b);
    if b.is_none() {
        return writer.turn(stage, a, None, "muse").into_iter().collect();
    }
    let late = stage.far >= 60;
    // Nobody answers themselves.
    let starts = if matches!(round % 4, 0 | 2) { a } else { b };
    let (a, b) = if spoke.is_some() && spoke == starts { (b, a) } else { (a, b) };
    let lists: &[(&str, bool)] = match (round % 4, late) {
        (0, false) => &[("ask", true), ("evade", false), ("push", true), ("answer", false), ("brief", true)],
        (0, true) => &[("accuse", true), ("evade", false), ("push", true), ("answer", false), ("claim", false)],
        (1, _) => &[("ask", false), ("answer", true), ("brief", false), ("close", true)],
        (2, _) => &[("push", true), ("claim", false), ("ask", true), ("answer", false)],
        _ => &[("claim", false), ("brief", true), ("ask", false), ("evade", true), ("close", false)],
    };
    lists.iter().filter_map(|(list, first)| if *first { writer.turn(stage, a, b, list) } else { writer.turn(stage, b, a, list) }).collect()
}

/// Instructions that can be spoken of in a story; one about chapters and lengths only changes the draw.
fn guides(input: &DraftChapter, writer: &Writer<'_>) -> Vec<String> {
    let told: String = input.beats.iter().map(|b| b.text.as_str()).collect();
    super::beats::speakable(&input.guidance, writer.material)
        .into_iter()
        .filter(|g| !told.contains(g.trim_end_matches(['.', '。'])))
        .collect()
}

impl Writer<'_> {
    /// An instruction, as words that somebody finds.
    fn guide(&mut self, stage: &Stage, guide: &str) -> Option<Para> {
        let mut para = self.detail(stage)?;
        let told = self.noted(stage, guide)?;
        para.text = if self.material.tongue == Tongue::Zh { format!("{}{told}", para.text) } else { format!("{} {told}", para.text) };
        Some(para)
    }
}
