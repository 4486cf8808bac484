use story::{
    language::Tongue,
    output_spec::LengthRange,
    tasks::{FixParagraphs, ParagraphToFix},
    text::{Length, Unit},
};

use super::{
    dice::Dice,
    fit::{choose, measure},
    material::Material,
    read::sentences,
    scene::{Stage, Writer},
};

/// Writes paragraphs anew, each under its marker and about as long as was asked.
pub(super) fn fix(input: &FixParagraphs, dice: &mut Dice) -> String {
    let mut material = Material::of(&input.brief, &[]);
    material.familiar = true;
    let mut out: Vec<String> = Vec::new();
    let mut owed: i64 = 0;
    for paragraph in &input.paragraphs {
        let aim = i64::try_from(paragraph.aim).unwrap_or(0) + owed;
        let stride = 4_000;
        let mut writer =
            Writer::new(&material, dice.clone(), input.chapter.number + 2_000 * input.round, stride + paragraph.number as usize);
        dice.roll();
        let text = rewrite(paragraph, u64::try_from(aim.max(1)).unwrap_or(1), &mut writer);
        // What one paragraph misses the next makes up for.
        owed = aim - i64::try_from(measure(&text, range(paragraph, 0))).unwrap_or(0);
        out.push(format!("⟦{}⟧\n{text}", paragraph.number));
    }
    out.join("\n\n")
}

fn range(paragraph: &ParagraphToFix, aim: u64) -> LengthRange {
    LengthRange { min: aim - aim / 25, max: aim + aim / 25, unit: if paragraph.unit == "chars" { Unit::Chars } else { Unit::Words } }
}

fn rewrite(paragraph: &ParagraphToFix, aim: u64, writer: &mut Writer<'_>) -> String {
    let material = writer.material;
    let range = range(paragraph, aim);
    let zh = material.tongue == Tongue::Zh;
    let kept = kept(paragraph, writer);
    let stage = stage(paragraph, writer);
    // What stays of the old paragraph comes first: its first sentences, as far as they fit.
    let mut chosen: Vec<String> = Vec::new();
    let mut length = 0;
    let reserve = (aim / 4).max(if range.unit == Unit::Words && !zh { 10 } else { 24 });
    for sentence in kept {
        let size = measure(&sentence, range);
        if length + size + reserve <= aim {
            length += size;
            chosen.push(sentence);
        }
    }
    let little = if range.unit == Unit::Words && !zh { 30 } else { 60 };
    for turn in 0..800 {
        let missing = aim.saturating_sub(length);
        if missing <= little {
            break;
        }
        let list = ["act", "sense", "around", "react"][turn % 4];
        if let Some(sentence) = writer.filler(&stage, list)
            && measure(&sentence, range) + little / 4 <= missing
            && !chosen.contains(&sentence)
        {
            length += measure(&sentence, range);
            chosen.push(sentence);
        }
    }
    let mut short: Vec<String> = Vec::new();
    for n in 0..72 {
        if let Some(sentence) = writer.filler(&stage, if n % 4 == 3 { "act" } else { "short" })
            && !short.contains(&sentence)
            && !chosen.contains(&sentence)
        {
            short.push(sentence);
        }
    }
    let sizes: Vec<u64> = short.iter().map(|s| measure(s, range)).collect();
    let missing = |end: u64| end.saturating_sub(length);
    let last = choose(&sizes, missing(range.min), missing(aim), missing(range.max));
    chosen.extend(last.into_iter().map(|i| short[i].clone()));
    if chosen.is_empty() {
        chosen.extend(short.into_iter().next());
    }
    // A long answer becomes several paragraphs.
    let per = if chosen.len() > 9 { 6 } else { chosen.len().max(1) };
    chosen.chunks(per).map(|part| part.join(if zh { "" } else { " " })).collect::<Vec<_>>().join("\n\n")
}

/// The sentences of the old paragraph that may stay: none that the instruction quotes, none that is forbidden, none that is no sentence
/// of a story. Where the paragraph repeats another one, nothing of it stays.
fn kept(paragraph: &ParagraphToFix, writer: &Writer<'_>) -> Vec<String> {
    let folded = paragraph.instruction.to_lowercase();
    let repeated = ["repeat", "another chapter", "earlier chapter", "重复", "雷同", "一样"].iter().any(|word| folded.contains(word));
    let dead = ["dead", "died", "已死", "死了", "死者"].iter().any(|word| folded.contains(word));
    let meta = ["as an ai", "language model", "chapter", "作为ai", "本章", "以下是"];
    if repeated {
        return Vec::new();
    }
    let names: Vec<String> = writer.material.names().into_iter().filter(|name| paragraph.instruction.contains(name.as_str())).collect();
    let mut found: Vec<String> = sentences::split(&paragraph.text)
        .into_iter()
        .filter(|s| !writer.material.forbids(s))
        .filter(|s| !(dead && names.iter().any(|name| s.contains(name.as_str()))))
        .filter(|s| !meta.iter().any(|word| s.to_lowercase().contains(word)))
        .filter(|s| s.ends_with(['.', '!', '?', '。', '！', '？', '”', '…']))
        .filter(|s| !paragraph.instruction.contains(*s) || Length::of(s).chars < 6)
        .map(str::to_owned)
        .collect();
    // Without an instruction to the contrary, the paragraph keeps its matter and loses one sentence of its wording.
    if found.len() > 1 {
        found.remove(found.len() / 2);
    } else if paragraph.aim >= paragraph.length && found.len() == 1 {
        return found;
    } else {
        found.clear();
    }
    found
}

/// Who is there: those whom the old paragraph names, unless the instruction speaks of them as dead.
fn stage(paragraph: &ParagraphToFix, writer: &Writer<'_>) -> Stage {
    let material = writer.material;
    let folded = paragraph.instruction.to_lowercase();
    let dead = ["dead", "died", "已死", "死了", "死者"].iter().any(|word| folded.contains(word));
    let free: Vec<usize> =
        (0..material.people.len()).filter(|i| !(dead && paragraph.instruction.contains(&material.people[*i].name))).collect();
    let named: Vec<usize> = free.iter().copied().filter(|i| paragraph.text.contains(&material.people[*i].name)).collect();
    // A paragraph about the dead is told anew without anyone else taking their part.
    let a = if dead { None } else { named.first().copied().or_else(|| material.lead()) };
    let b = if dead { None } else { named.get(1).copied() };
    let mut topics = writer.topics_of(&paragraph.text);
    topics.extend(material.things.iter().take(3).cloned());
    Stage {
        a,
        b,
        place: material.places.first().cloned().unwrap_or_default(),
        things: material.things.clone(),
        topics,
        when: String::new(),
        ..Stage::default()
    }
}
