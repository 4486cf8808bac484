use crate::language::Tongue;

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// A whole number in Chinese numerals, as chapters are numbered: 12 is 十二, 101 is 一百零一.
///
/// Up to 9,999; beyond that the digits are written.
pub fn han_number(n: u32) -> String {
    if n > 9_999 {
        return n.to_string();
    }
    if n == 0 {
        return "零".into();
    }
    let mut out = String::new();
    let mut skipped = false;
    for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = (n / unit) % 10;
        if digit == 0 {
            skipped = !out.is_empty();
            continue;
        }
        if skipped {
            out.push('零');
            skipped = false;
        }
        if !(unit == 10 && digit == 1 && out.is_empty()) {
            out.push(DIGITS[digit as usize]);
        }
        out.push_str(name);
    }
    out
}

/// The heading of a chapter in a book: `Chapter 3: The Lamp`, `第三章 灯`.
pub fn chapter_heading(tongue: Tongue, ordinal: u32, title: &str) -> String {
    match (tongue, title.trim()) {
        (Tongue::En, "") => format!("Chapter {ordinal}"),
        (Tongue::En, title) => format!("Chapter {ordinal}: {title}"),
        (Tongue::Zh, "") => format!("第{}章", han_number(ordinal)),
        (Tongue::Zh, title) => format!("第{}章 {title}", han_number(ordinal)),
    }
}
