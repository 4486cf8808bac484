//! The words that say who speaks: `said the Hatter`, `Alice replied`, `and then said`.

use super::{
    nouns::{self, Subject},
    verbs::{self, Verb},
    words::Word,
};

/// Who says what stands beside it, and which words told so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attribution {
    /// None where the verb stands alone: whoever acted last.
    pub(super) subject: Option<Subject>,
    pub(super) thought: bool,
    /// The words of the attribution: from, to (exclusive).
    pub(super) from: usize,
    pub(super) to: usize,
    /// How it is said: `in a hoarse, feeble voice`.
    pub(super) manner: Option<(usize, usize)>,
}

/// The longest manner, in words.
const MANNER: usize = 12;

/// What follows a quotation.
pub(super) fn after(words: &[Word<'_>]) -> Option<Attribution> {
    let at = words.iter().take_while(|w| matches!(w.text, "," | ";" | "-" | "--" | "—" | "…")).count();
    let first = words.get(at)?;
    let (subject, thought, core) = match verbs::speech(&first.low()).filter(|v| !v.plain && !first.is_capital()) {
        Some(verb) => {
            let mut next = at + 1;
            while words.get(next).is_some_and(|w| matches!(w.text, "out" | "on" | "in" | "up" | "back" | "aloud" | "again")) {
                next += 1;
            }
            match nouns::phrase(words, next) {
                Some((subject, end)) => (Some(subject), verb.thought, end),
                None if verb.weak => return None,
                None => (None, verb.thought, next),
            }
        }
        None => {
            let (subject, end) = nouns::phrase(words, at)?;
            // A pronoun with a capital begins a sentence of its own.
            let own_sentence = first.is_capital() && !matches!(subject, Subject::Named(_));
            let (verb, verb_at) = verb_after(words, end)?;
            if own_sentence && !introduces(words, verb_at) {
                return None;
            }
            let mut next = verb_at + 1;
            while words.get(next).is_some_and(|w| matches!(w.text, "on" | "out" | "in" | "up" | "aloud" | "again" | "back")) {
                next += 1;
            }
            if verb.weak && next == verb_at + 1 && words.get(next).is_some_and(Word::is_word) {
                return None;
            }
            (Some(subject), verb.thought, next)
        }
    };
    let (manner, to) = manner(words, core);
    let aloud = words[at..to].iter().any(|w| w.text == "aloud");
    Some(Attribution { subject, thought: thought && !aloud, from: at, to, manner })
}

/// `He said nothing.` says nothing: a sentence of its own brings speech in only with a colon or a comma before it.
fn introduces(words: &[Word<'_>], verb: usize) -> bool {
    words.get(verb + 1).is_none_or(|w| matches!(w.text, "," | ":"))
}

/// The verb of speech after a subject, with adverbs and helping verbs between.
fn verb_after(words: &[Word<'_>], from: usize) -> Option<(Verb, usize)> {
    for (i, word) in words.iter().enumerate().skip(from).take(6) {
        let low = word.low();
        if !word.is_word() {
            return None;
        }
        if let Some(verb) = verbs::speech(&low) {
            let led = i > from && matches!(words[i - 1].text, "to" | "did" | "would" | "could" | "must" | "not");
            if !verb.plain || led {
                // She ventured to ask: the second verb says it.
                let second = words.get(i + 1).filter(|w| w.text == "to").and_then(|_| words.get(i + 2));
                let second = second.and_then(|w| verbs::speech(&w.low()).filter(|v| v.plain));
                return Some(second.map_or((verb, i), |verb| (verb, i + 2)));
            }
        }
        let filler = low.ends_with("ly")
            || matches!(
                low.as_str(),
                "was"
                    | "were"
                    | "had"
                    | "did"
                    | "would"
                    | "could"
                    | "then"
                    | "also"
                    | "again"
                    | "only"
                    | "just"
                    | "both"
                    | "all"
                    | "at"
                    | "once"
                    | "last"
                    | "even"
                    | "still"
                    | "now"
                    | "ventured"
                    | "managed"
                    | "to"
                    | "herself"
                    | "himself"
                    | "itself"
                    | "here"
                    | "always"
            );
        if !filler {
            return None;
        }
    }
    None
}

/// How it is said: the words after the attribution, as far as they tell no deed of their own.
fn manner(words: &[Word<'_>], core: usize) -> (Option<(usize, usize)>, usize) {
    let sentence = words.iter().skip(core).position(Word::ends_sentence).map_or(words.len(), |n| core + n);
    let stop = |from: usize| (from..sentence).find(|i| matches!(words[*i].text, "," | ";" | ":" | "(" | "--" | "—")).unwrap_or(sentence);
    let first = core + words[core.min(sentence)..sentence].iter().take_while(|w| w.text == ",").count();
    let own = first < sentence && starts_manner(&words[first]) && !holds_deed(words, first, stop(first));
    if !own || stop(first) - first > MANNER {
        return (None, core);
    }
    let mut end = stop(first);
    // , yawning and rubbing its eyes
    if words.get(end).is_some_and(|w| w.text == ",")
        && words.get(end + 1).is_some_and(|w| participle(&w.low()) || w.text == "not" || w.text == "without")
        && stop(end + 1) - first <= MANNER
    {
        end = stop(end + 1);
    }
    (Some((first, end)), end)
}

fn participle(low: &str) -> bool {
    low.len() > 5 && low.ends_with("ing")
}

fn starts_manner(word: &Word<'_>) -> bool {
    let low = word.low();
    low.ends_with("ly")
        || participle(&low)
        || matches!(
            low.as_str(),
            "in" | "with" | "without" | "very" | "rather" | "quite" | "half" | "not" | "to" | "aloud" | "as" | "again" | "after" | "more"
        )
}

/// `as she picked her way through the wood` tells what happens, not how it is said.
fn holds_deed(words: &[Word<'_>], from: usize, to: usize) -> bool {
    words[from].low() == "as" && words[from..to].iter().any(|w| matches!(w.text, "she" | "he" | "it" | "they"))
        || words[from..to]
            .windows(2)
            .any(|w| w[0].text == "and" && !w[1].low().ends_with("ly") && !participle(&w[1].low()) && w[1].low().ends_with("ed"))
}

/// What stands before a quotation and brings it in: the end of `words`.
pub(super) fn before(words: &[Word<'_>]) -> Option<Attribution> {
    let begin = words.iter().rposition(Word::ends_sentence).map_or(0, |i| i + 1);
    if begin >= words.len() {
        return None;
    }
    let colon = words.last().is_some_and(|w| matches!(w.text, ":" | "," | "--" | "—"));
    let mut pick = None;
    for i in (begin..words.len()).rev().take(16) {
        let low = words[i].low();
        let Some(verb) = verbs::speech(&low) else { continue };
        let led = i > begin && matches!(words[i - 1].text, "to" | "could" | "did" | "would" | "not" | "better");
        let beside =
            i + 1 == words.len() || (i + 2 == words.len() && colon) || words.get(i + 1).is_some_and(|w| matches!(w.text, "on" | "out"));
        if (verb.plain && !led && !is_heard(words, begin, i)) || (verb.weak && !beside) {
            continue;
        }
        pick = Some((i, verb));
        break;
    }
    let (at, verb) = pick?;
    let beside = words.len() - at <= 2;
    if !colon && !beside && words.len() - at > 6 {
        return None;
    }
    let (subject, clause) = subject_before(words, begin, at);
    let tail = at + 1 + words[at + 1..].iter().take_while(|w| matches!(w.text, "on" | "out" | ",")).count();
    let end = words.len() - words[tail.min(words.len())..].iter().rev().take_while(|w| !w.is_word()).count();
    let manner = (end > tail && end - tail <= MANNER && starts_manner(&words[tail])).then_some((tail, end));
    Some(Attribution { subject, thought: verb.thought, from: clause, to: words.len(), manner })
}

/// `to hear the Rabbit say`: whoever stands between the two verbs speaks.
fn is_heard(words: &[Word<'_>], begin: usize, verb: usize) -> bool {
    let hears = (begin..verb).rev().take(5).find(|i| matches!(words[*i].low().as_str(), "hear" | "heard" | "hears"));
    hears.and_then(|i| nouns::phrase(words, i + 1)).is_some_and(|(_, end)| end == verb)
}

/// Who stands before the verb at `verb`, and where its clause begins.
fn subject_before(words: &[Word<'_>], begin: usize, verb: usize) -> (Option<Subject>, usize) {
    let clause =
        (begin..verb).rev().find(|i| matches!(words[*i].text, "," | ";" | ":" | "(" | "—" | "--" | "and" | "but")).map_or(begin, |i| i + 1);
    let skip = |from: usize| {
        from + words[from..verb]
            .iter()
            .take_while(|w| {
                let low = w.low();
                low.ends_with("ly")
                    || matches!(
                        low.as_str(),
                        "then" | "so" | "here" | "and" | "but" | "at" | "last" | "once" | "that" | "when" | "all" | "now" | "after"
                    )
            })
            .count()
    };
    // The nearest that stands right before the verb, adverbs between.
    for from in (begin..verb).rev().take(10) {
        let Some((subject, end)) = nouns::phrase(words, from) else { continue };
        let reaches = end <= verb && (end == verb || verb_after(words, end).is_some_and(|(_, at)| at == verb));
        if reaches {
            let led = from > begin
                && super::nouns::CLOSED.contains(&words[from - 1].low().as_str())
                && !matches!(
                    words[from - 1].text,
                    "and" | "but" | "so" | "then" | "when" | "as" | "while" | "if" | "that" | "all" | "what"
                );
            if !led {
                // The longest that ends there: the Hatter and the March Hare.
                let longest =
                    (begin..from).rev().take(6).filter(|i| nouns::phrase(words, *i).is_some_and(|(_, to)| to == end)).min().unwrap_or(from);
                let subject = nouns::phrase(words, longest).map_or(subject, |(subject, _)| subject);
                return (Some(subject), clause.min(longest));
            }
        }
    }
    // Else whoever the sentence begins with.
    let first = skip(begin);
    (nouns::phrase(words, first).map(|(subject, _)| subject), clause)
}
