/// Irregular verbs: past, plain. The third person is made from the plain form.
const IRREGULAR: &[(&str, &str)] = &[
    ("was", "be"),
    ("were", "be"),
    ("had", "have"),
    ("did", "do"),
    ("went", "go"),
    ("said", "say"),
    ("began", "begin"),
    ("bent", "bend"),
    ("beat", "beat"),
    ("blew", "blow"),
    ("broke", "break"),
    ("brought", "bring"),
    ("bought", "buy"),
    ("came", "come"),
    ("cost", "cost"),
    ("could", "can"),
    ("cut", "cut"),
    ("drew", "draw"),
    ("drank", "drink"),
    ("drove", "drive"),
    ("ate", "eat"),
    ("fell", "fall"),
    ("felt", "feel"),
    ("fought", "fight"),
    ("found", "find"),
    ("flew", "fly"),
    ("forgot", "forget"),
    ("gave", "give"),
    ("got", "get"),
    ("held", "hold"),
    ("hung", "hang"),
    ("heard", "hear"),
    ("hid", "hide"),
    ("hit", "hit"),
    ("kept", "keep"),
    ("knew", "know"),
    ("laid", "lay"),
    ("lay", "lie"),
    ("led", "lead"),
    ("left", "leave"),
    ("let", "let"),
    ("lit", "light"),
    ("lost", "lose"),
    ("made", "make"),
    ("meant", "mean"),
    ("met", "meet"),
    ("might", "may"),
    ("paid", "pay"),
    ("put", "put"),
    ("ran", "run"),
    ("read", "read"),
    ("rode", "ride"),
    ("rose", "rise"),
    ("sank", "sink"),
    ("sat", "sit"),
    ("saw", "see"),
    ("sold", "sell"),
    ("sent", "send"),
    ("set", "set"),
    ("shook", "shake"),
    ("shot", "shoot"),
    ("showed", "show"),
    ("shut", "shut"),
    ("slept", "sleep"),
    ("spent", "spend"),
    ("spoke", "speak"),
    ("stole", "steal"),
    ("stood", "stand"),
    ("struck", "strike"),
    ("swore", "swear"),
    ("took", "take"),
    ("taught", "teach"),
    ("thought", "think"),
    ("threw", "throw"),
    ("told", "tell"),
    ("understood", "understand"),
    ("woke", "wake"),
    ("won", "win"),
    ("wore", "wear"),
    ("would", "will"),
    ("wrote", "write"),
    ("fled", "flee"),
    ("chose", "choose"),
    ("caught", "catch"),
    ("bound", "bind"),
    ("became", "become"),
    ("built", "build"),
    ("dug", "dig"),
    ("fed", "feed"),
    ("grew", "grow"),
    ("hurt", "hurt"),
    ("sang", "sing"),
    ("swam", "swim"),
    ("tore", "tear"),
    ("lied", "lie"),
];

/// Regular verbs of the word files and of plans: plain forms.
const REGULAR: &[&str] = &[
    "accept",
    "accuse",
    "admit",
    "agree",
    "answer",
    "appear",
    "approach",
    "arrive",
    "ask",
    "bargain",
    "beg",
    "believe",
    "betray",
    "blur",
    "breathe",
    "burn",
    "call",
    "carry",
    "change",
    "chase",
    "claim",
    "climb",
    "close",
    "compare",
    "confess",
    "confront",
    "consider",
    "convince",
    "cool",
    "count",
    "creak",
    "cross",
    "decide",
    "demand",
    "deny",
    "destroy",
    "discover",
    "disappear",
    "drip",
    "drop",
    "enter",
    "escape",
    "explain",
    "face",
    "fail",
    "fear",
    "fold",
    "follow",
    "force",
    "frown",
    "guess",
    "help",
    "hire",
    "hope",
    "ignore",
    "insist",
    "investigate",
    "join",
    "kill",
    "knock",
    "lean",
    "learn",
    "like",
    "listen",
    "live",
    "lock",
    "look",
    "love",
    "mark",
    "marry",
    "miss",
    "move",
    "need",
    "nod",
    "notice",
    "offer",
    "open",
    "pass",
    "pause",
    "persuade",
    "pick",
    "plan",
    "prepare",
    "promise",
    "prove",
    "pull",
    "push",
    "quarrel",
    "question",
    "reach",
    "realise",
    "realize",
    "receive",
    "recognise",
    "recognize",
    "refuse",
    "remember",
    "repair",
    "repeat",
    "reply",
    "report",
    "rescue",
    "rest",
    "return",
    "reveal",
    "rub",
    "rush",
    "save",
    "search",
    "seem",
    "settle",
    "share",
    "shift",
    "smell",
    "sound",
    "stare",
    "start",
    "stay",
    "step",
    "stir",
    "stop",
    "straighten",
    "suspect",
    "talk",
    "tap",
    "test",
    "threaten",
    "tick",
    "touch",
    "travel",
    "trust",
    "try",
    "turn",
    "uncover",
    "use",
    "visit",
    "wait",
    "walk",
    "want",
    "warm",
    "warn",
    "watch",
    "weigh",
    "wipe",
    "witness",
    "wonder",
    "work",
    "wish",
    "drift",
    "dream",
    "hand",
    "murder",
    "burst",
    "vanish",
    "whisper",
    "shout",
    "drown",
    "die",
    "track",
    "record",
    "vow",
];

/// The verb as it stands with a third person in the present: `turned` gives `turns`.
pub(in crate::rehearsal) fn third(past: &str) -> String {
    match past {
        "was" => "is".into(),
        "were" => "are".into(),
        "had" => "has".into(),
        "could" | "might" | "would" => plain(past, false),
        _ => third_of(&plain(past, false)),
    }
}

/// The verb as it stands with I or with several in the present: `turned` gives `turn`.
pub(in crate::rehearsal) fn plain(past: &str, one: bool) -> String {
    match past {
        "was" if one => "am".into(),
        "was" | "were" => "are".into(),
        _ => base(past),
    }
}

/// The verb in the past, where `word` is one in the third person of the present that is known: `turns` gives `turned`.
pub(in crate::rehearsal) fn past_of(word: &str) -> Option<String> {
    match word {
        "is" => return Some("was".into()),
        "are" => return Some("were".into()),
        "has" => return Some("had".into()),
        "does" => return Some("did".into()),
        _ => {}
    }
    // `lies` is what liars do: nobody in a plan lies down.
    if let Some((past, _)) = IRREGULAR.iter().rev().find(|(_, plain)| third_of(plain) == word) {
        return Some((*past).to_owned());
    }
    REGULAR.iter().find(|plain| third_of(plain) == word).map(|plain| regular_past(plain))
}

/// The past of any verb in the third person, by rule where it is unknown.
pub(in crate::rehearsal) fn past_by_rule(word: &str) -> Option<String> {
    past_of(word).or_else(|| {
        if !word.ends_with('s') || word.ends_with("ss") || word.len() < 4 {
            return None;
        }
        let stem = &word[..word.len() - 1];
        if let Some(root) = stem.strip_suffix("ie") {
            return Some(format!("{root}ied"));
        }
        let hissing = ["she", "che", "sse", "xe"].iter().any(|end| stem.ends_with(end));
        let root = if hissing { &stem[..stem.len() - 1] } else { stem };
        Some(if root.ends_with('e') { format!("{root}d") } else { format!("{root}ed") })
    })
}

/// Whether `word` is the plain form of a verb that is known.
pub(in crate::rehearsal) fn is_plain_verb(word: &str) -> bool {
    REGULAR.contains(&word) || IRREGULAR.iter().any(|(_, plain)| *plain == word)
}

fn base(past: &str) -> String {
    if let Some((_, plain)) = IRREGULAR.iter().find(|(known, _)| *known == past) {
        return (*plain).to_owned();
    }
    if let Some(plain) = REGULAR.iter().find(|plain| regular_past(plain) == past) {
        return (*plain).to_owned();
    }
    past.strip_suffix("ed").unwrap_or(past).to_owned()
}

fn regular_past(plain: &str) -> String {
    const DOUBLED: [&str; 13] = ["admit", "beg", "blur", "drip", "drop", "nod", "plan", "quarrel", "rub", "step", "stir", "stop", "tap"];
    let last = plain.chars().last().unwrap_or('e');
    if DOUBLED.contains(&plain) || plain == "travel" {
        return format!("{plain}{last}ed");
    }
    if last == 'e' {
        return format!("{plain}d");
    }
    match plain.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ied"),
        _ => format!("{plain}ed"),
    }
}

fn third_of(plain: &str) -> String {
    if let Some(stem) = plain.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u'])) {
        return format!("{stem}ies");
    }
    if ["s", "sh", "ch", "x", "o"].iter().any(|end| plain.ends_with(end)) { format!("{plain}es") } else { format!("{plain}s") }
}

/// Whether `word` looks like a verb that says what somebody does: in the past, or in the third person of the present.
pub(in crate::rehearsal) fn is_verb(word: &str) -> bool {
    IRREGULAR.iter().any(|(past, _)| *past == word) || (word.len() > 3 && word.ends_with("ed")) || past_of(word).is_some()
}
