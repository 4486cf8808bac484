use crate::screenplay::script::{Element, Scene, Script, Speech};

impl Script {
    /// The script as 短剧 are written; scenes that bear no number are numbered from 1 in their episode.
    pub fn to_duanju(&self) -> String {
        let mut parts: Vec<String> = self.episode.map(|n| format!("第{n}集")).into_iter().collect();
        parts.extend(self.scenes.iter().zip(1..).map(|(scene, n)| written(scene, self.episode.unwrap_or(1), n)));
        parts.join("\n\n")
    }
}

fn written(scene: &Scene, episode: u32, n: u32) -> String {
    let heading = &scene.heading;
    let number = heading.number.clone().unwrap_or_else(|| format!("{episode}-{n}"));
    let time = if heading.time.is_empty() { "日" } else { heading.time.as_str() };
    let place = one_line(&heading.place);
    let mut lines = vec![format!("{number} {time} {} {}", heading.side.zh(), if place.is_empty() { "未明" } else { &place })];
    let mut people = scene.people.clone();
    for element in &scene.elements {
        if let Element::Speech(speech) = element
            && !people.contains(&speech.name)
        {
            people.push(speech.name.clone());
        }
    }
    lines.push(format!("人物：{}", if people.is_empty() { "无".into() } else { people.join("、") }));
    for element in &scene.elements {
        match element {
            Element::Action(text) => lines.extend(
                text.lines().map(one_line).filter(|l| !l.is_empty()).map(|l| if l.starts_with('【') { l } else { format!("△{l}") }),
            ),
            Element::Transition(text) => lines.push(format!("【{}】", one_line(text))),
            Element::Speech(speech) => lines.push(said(speech)),
        }
    }
    lines.join("\n")
}

fn said(speech: &Speech) -> String {
    let voice = speech.voice.map_or(String::new(), |v| format!("（{}）", v.short()));
    let manner = speech
        .manner
        .as_deref()
        .map(one_line)
        .filter(|m| !m.is_empty())
        .map_or(String::new(), |m| format!("（{}）", m.replace(['（', '）', '(', ')'], "")));
    format!("{}{voice}：{manner}{}", one_line(&speech.name.replace(['：', ':', '（', '）'], "")), one_line(&speech.text))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
