const ROMAN: [(u32, &str); 13] = [
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
];

/// A whole number from 1 to 3,999 in Roman numerals; others have none.
pub fn roman_number(n: u32) -> Option<String> {
    if !(1..4000).contains(&n) {
        return None;
    }
    let (mut left, mut out) = (n, String::new());
    for (value, signs) in ROMAN {
        while left >= value {
            out.push_str(signs);
            left -= value;
        }
    }
    Some(out)
}

/// The number that Roman numerals of either case stand for. Only as they are properly written:
/// IIII and IC are none.
pub fn roman_value(numerals: &str) -> Option<u32> {
    if numerals.is_empty() || numerals.len() > 15 {
        return None;
    }
    let upper = numerals.to_ascii_uppercase();
    let (mut rest, mut sum) = (upper.as_str(), 0);
    for (value, signs) in ROMAN {
        while let Some(after) = rest.strip_prefix(signs) {
            sum += value;
            rest = after;
        }
    }
    (rest.is_empty() && roman_number(sum).as_deref() == Some(upper.as_str())).then_some(sum)
}

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const SMALL_ORDINALS: [&str; 20] = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
];
const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const TENS_ORDINALS: [&str; 10] =
    ["", "", "twentieth", "thirtieth", "fortieth", "fiftieth", "sixtieth", "seventieth", "eightieth", "ninetieth"];

/// The number that an English word or compound below 100 names, in any case: `four`, `Twenty-One`, `THE TENTH` without its article.
pub fn english_value(word: &str) -> Option<u32> {
    let find =
        |list: &[&str], word: &str| list.iter().position(|name| !name.is_empty() && *name == word).and_then(|at| u32::try_from(at).ok());
    let word = word.to_ascii_lowercase();
    if let Some(n) = find(&SMALL, &word).or_else(|| find(&SMALL_ORDINALS, &word)) {
        return Some(n);
    }
    if let Some(n) = find(&TENS, &word).or_else(|| find(&TENS_ORDINALS, &word)) {
        return Some(n * 10);
    }
    let (tens, one) = word.split_once(['-', ' '])?;
    let one = find(&SMALL[1..10], one).or_else(|| find(&SMALL_ORDINALS[1..10], one))? + 1;
    Some(find(&TENS, tens)? * 10 + one)
}
