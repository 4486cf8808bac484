//! The verbs that English brings speech in with.

/// Regular ones, in their plain form.
const REGULAR: &[&str] = &[
    "ask",
    "reply",
    "answer",
    "cry",
    "exclaim",
    "shout",
    "whisper",
    "mutter",
    "murmur",
    "remark",
    "add",
    "continue",
    "interrupt",
    "repeat",
    "return",
    "observe",
    "inquire",
    "enquire",
    "demand",
    "declare",
    "call",
    "scream",
    "yell",
    "roar",
    "growl",
    "grumble",
    "sigh",
    "sob",
    "groan",
    "moan",
    "gasp",
    "pant",
    "plead",
    "beg",
    "urge",
    "suggest",
    "propose",
    "agree",
    "admit",
    "confess",
    "protest",
    "object",
    "insist",
    "explain",
    "announce",
    "retort",
    "rejoin",
    "respond",
    "ejaculate",
    "snap",
    "bark",
    "hiss",
    "sneer",
    "laugh",
    "chuckle",
    "giggle",
    "snort",
    "sniff",
    "stammer",
    "stutter",
    "falter",
    "mumble",
    "grunt",
    "squeak",
    "squeal",
    "shriek",
    "screech",
    "bawl",
    "bellow",
    "thunder",
    "command",
    "order",
    "warn",
    "promise",
    "assure",
    "persist",
    "pursue",
    "resume",
    "conclude",
    "venture",
    "chime",
    "recite",
    "wail",
    "whimper",
    "whine",
    "croak",
    "drawl",
    "echo",
    "joke",
    "tease",
    "complain",
    "reason",
    "comment",
    "counter",
    "correct",
    "prompt",
    "query",
    "question",
    "rasp",
    "scoff",
    "state",
    "vow",
    "wheeze",
    "blurt",
    "boast",
    "implore",
    "greet",
    "hail",
    "hint",
    "jeer",
    "lisp",
    "note",
    "offer",
    "pipe",
    "pray",
    "quote",
    "reveal",
    "scold",
    "smile",
    "smirk",
    "splutter",
    "sputter",
    "volunteer",
    "yawn",
    "wonder",
    "muse",
    "reflect",
];

/// The others: their past, and their plain form.
const IRREGULAR: &[(&str, &str)] = &[
    ("said", "say"),
    ("told", "tell"),
    ("began", "begin"),
    ("begun", "begin"),
    ("went", "go"),
    ("broke", "break"),
    ("spoke", "speak"),
    ("sang", "sing"),
    ("read", "read"),
    ("swore", "swear"),
    ("put", "put"),
    ("burst", "burst"),
    ("thought", "think"),
    ("wrote", "write"),
];

/// A word that brings speech in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Verb {
    /// Its words are not said aloud.
    pub(super) thought: bool,
    /// Its plain form, as it stands after `to`.
    pub(super) plain: bool,
    /// It tells of speech only where the words stand right beside it, and often with a second word: `went on`.
    pub(super) weak: bool,
}

/// What `word`, in small letters, says of the words beside it.
pub(super) fn speech(word: &str) -> Option<Verb> {
    let (plain_form, plain) = IRREGULAR
        .iter()
        .find_map(|(past, base)| (word == *past || word == third(base) || word == ing(base)).then_some((*base, false)))
        .or_else(|| IRREGULAR.iter().find(|(_, base)| *base == word).map(|(_, base)| (*base, true)))
        .or_else(|| {
            REGULAR.iter().find_map(|base| {
                if word == *base {
                    return Some((*base, true));
                }
                (word == past(base) || word == third(base) || word == ing(base)).then_some((*base, false))
            })
        })?;
    let thought = matches!(plain_form, "think" | "wonder" | "muse" | "reflect");
    let weak =
        matches!(plain_form, "go" | "break" | "put" | "burst" | "read" | "write" | "smile" | "laugh" | "offer" | "note" | "order" | "call");
    Some(Verb { thought, plain, weak })
}

fn past(base: &str) -> String {
    match base {
        "beg" | "snap" | "sob" | "chat" => format!("{base}{}ed", &base[base.len() - 1..]),
        _ if base.ends_with('e') => format!("{base}d"),
        _ => {
            base.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o'])).map_or(format!("{base}ed"), |stem| format!("{stem}ied"))
        }
    }
}

fn third(base: &str) -> String {
    if base == "go" || base.ends_with("sh") || base.ends_with("ss") || base.ends_with("ch") {
        return format!("{base}es");
    }
    base.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o'])).map_or(format!("{base}s"), |stem| format!("{stem}ies"))
}

fn ing(base: &str) -> String {
    match base {
        "begin" | "beg" | "snap" | "sob" | "put" => format!("{base}{}ing", &base[base.len() - 1..]),
        _ if base.ends_with("ee") => format!("{base}ing"),
        _ => base.strip_suffix('e').map_or(format!("{base}ing"), |stem| format!("{stem}ing")),
    }
}
