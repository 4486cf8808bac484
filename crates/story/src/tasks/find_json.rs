use serde_json::Value;

/// The JSON object in a model's answer: bare, in a fence, with prose around it or with a `<think>` part before it.
///
/// The outermost object is returned, the longest where there are several. Trailing commas and bare line ends inside of strings are
/// forgiven. An object that was cut off is not found, and neither is a part of one: ask again.
pub fn find_json(text: &str) -> Option<Value> {
    let spoken = after_thoughts(text);
    longest_object(spoken)
        .or_else(|| if spoken.len() < text.len() && !text.trim_start().starts_with("<think>") { longest_object(text) } else { None })
}

/// What stands behind the model's thoughts; nothing where they never end.
fn after_thoughts(text: &str) -> &str {
    match text.rfind("</think>") {
        Some(at) => &text[at + "</think>".len()..],
        None if text.trim_start().starts_with("<think>") => "",
        None => text,
    }
}

fn longest_object(text: &str) -> Option<Value> {
    let mut best: Option<(usize, Value)> = None;
    let mut at = 0;
    while let Some(start) = text[at..].find('{').map(|found| at + found) {
        // A brace in running prose is no object.
        if !text[start + 1..].trim_start().starts_with(['"', '}']) {
            at = start + 1;
            continue;
        }
        let Some(end) = closing_brace(&text[start..]).map(|size| start + size) else { break };
        if let Some(object) = read(&text[start..end])
            && best.as_ref().is_none_or(|(size, _)| *size < end - start)
        {
            best = Some((end - start, object));
        }
        at = end;
    }
    best.map(|(_, object)| object)
}

/// How many bytes the object at the start of `text` has; nothing where it never closes.
fn closing_brace(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if in_string {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match c {
            '"' => in_string = true,
            '{' | '[' => depth += 1,
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + c.len_utf8());
                }
            }
            _ => {}
        }
    }
    None
}

fn read(object: &str) -> Option<Value> {
    serde_json::from_str(object).or_else(|_| serde_json::from_str(&forgiven(object))).ok().filter(Value::is_object)
}

/// `object` without commas before a closing bracket, and with control characters in strings written as JSON asks.
fn forgiven(object: &str) -> String {
    let mut out = String::with_capacity(object.len());
    let mut in_string = false;
    let mut escaped = false;
    for c in object.chars() {
        if in_string {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => in_string = false,
                _ => {}
            }
            match c {
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                '\r' => {}
                c => out.push(c),
            }
            continue;
        }
        match c {
            '"' => in_string = true,
            '}' | ']' => {
                let kept = out.trim_end().len();
                if out[..kept].ends_with(',') {
                    out.truncate(kept - 1);
                }
            }
            _ => {}
        }
        out.push(c);
    }
    out
}
