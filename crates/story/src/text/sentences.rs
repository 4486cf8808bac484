//! Sentences of prose, as far as their signs tell.

/// The sentences of a text in order, without the blanks around them.
pub(crate) fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut from = 0;
        let mut signs = line.char_indices().peekable();
        while let Some((_, sign)) = signs.next() {
            if !ends(sign) {
                continue;
            }
            while signs.next_if(|(_, next)| ends(*next) || closes(*next)).is_some() {}
            let at = signs.peek().map_or(line.len(), |(at, _)| *at);
            let parted = line[at..].chars().next().is_none_or(char::is_whitespace);
            // A point within a word ends nothing; the signs of Chinese need no blank behind them.
            if parted || !sign.is_ascii() {
                found.push(line[from..at].trim());
                from = at;
            }
        }
        found.push(line[from..].trim());
    }
    found.retain(|sentence| !sentence.is_empty());
    found
}

fn ends(sign: char) -> bool {
    matches!(sign, '.' | '!' | '?' | '…' | '。' | '！' | '？')
}

fn closes(sign: char) -> bool {
    matches!(sign, '"' | '\'' | '”' | '’' | '」' | '』' | ')' | '）')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_at_their_signs_and_with_their_lines() {
        let english = "Ines burned 3.5 boats. \"Why?\" said Tomas.\n\nNobody knew…";
        assert_eq!(sentences(english), ["Ines burned 3.5 boats.", "\"Why?\"", "said Tomas.", "Nobody knew…"]);
        assert_eq!(sentences("林穗走了。“灯呢？”陆沉问"), ["林穗走了。", "“灯呢？”", "陆沉问"]);
        assert!(sentences(" \n\n").is_empty());
    }
}
