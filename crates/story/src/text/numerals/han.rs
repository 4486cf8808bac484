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

enum Sign {
    Digit(u32),
    /// 十, 百, 千.
    Unit(u32),
    /// 廿, 卅, 卌: tens in one sign.
    Tens(u32),
    Myriad,
}

fn sign(c: char) -> Option<Sign> {
    Some(match c {
        '0'..='9' => Sign::Digit(c.to_digit(10)?),
        '０'..='９' => Sign::Digit(u32::from(c) - u32::from('０')),
        '零' | '〇' | '○' | '◯' | 'Ｏ' => Sign::Digit(0),
        '一' | '壹' | '壱' | '弌' => Sign::Digit(1),
        '二' | '贰' | '貳' | '两' | '兩' | '弍' => Sign::Digit(2),
        '三' | '叁' | '參' | '叄' | '弎' => Sign::Digit(3),
        '四' | '肆' => Sign::Digit(4),
        '五' | '伍' => Sign::Digit(5),
        '六' | '陆' | '陸' => Sign::Digit(6),
        '七' | '柒' => Sign::Digit(7),
        '八' | '捌' => Sign::Digit(8),
        '九' | '玖' => Sign::Digit(9),
        '十' | '拾' => Sign::Unit(10),
        '百' | '佰' => Sign::Unit(100),
        '千' | '仟' => Sign::Unit(1000),
        '廿' | '卄' => Sign::Tens(20),
        '卅' => Sign::Tens(30),
        '卌' => Sign::Tens(40),
        '万' | '萬' => Sign::Myriad,
        _ => return None,
    })
}

/// Whether `c` can stand in a number as [`han_value`] reads it.
pub fn is_numeral(c: char) -> bool {
    sign(c).is_some()
}

/// The whole number that Chinese numerals or digits stand for, below 100,000,000: 十二, 一百二十, 一百二 (120), 廿三, 壹佰, 二〇 (20), 12, １２.
///
/// None where the signs make no number: 百十千, 一二百.
pub fn han_value(numerals: &str) -> Option<u32> {
    let signs: Vec<Sign> = numerals.chars().map(sign).collect::<Option<_>>()?;
    if signs.is_empty() || signs.len() > 16 {
        return None;
    }
    if signs.iter().all(|sign| matches!(sign, Sign::Digit(_))) {
        // Digit by digit, as 二〇二四 or 12.
        return signs.iter().try_fold(0_u32, |sum, sign| match sign {
            Sign::Digit(digit) => sum.checked_mul(10)?.checked_add(*digit).filter(|sum| *sum < 100_000_000),
            _ => None,
        });
    }
    match signs.iter().position(|sign| matches!(sign, Sign::Myriad)) {
        None => below_myriad(&signs, 1),
        Some(at) => {
            let above = below_myriad(&signs[..at], 1).filter(|n| *n > 0)?;
            let below = if at + 1 == signs.len() { 0 } else { below_myriad(&signs[at + 1..], 1000)? };
            Some(above * 10_000 + below)
        }
    }
}

/// `lone` is what a digit counts that stands all alone: after 万, 一万二 is 12,000.
fn below_myriad(signs: &[Sign], lone: u32) -> Option<u32> {
    let (mut sum, mut held, mut last_unit, mut zero) = (0, None, 10_000, false);
    for sign in signs {
        match *sign {
            Sign::Digit(0) if held.is_none() => zero = true,
            Sign::Digit(digit) if held.is_none() => held = Some(digit),
            Sign::Unit(unit) if unit < last_unit => {
                // 十二 begins with its unit; 百二十 is heard too.
                sum += held.take().unwrap_or(1) * unit;
                (last_unit, zero) = (unit, false);
            }
            Sign::Tens(tens) if held.is_none() && last_unit > 10 => {
                sum += tens;
                (last_unit, zero) = (10, false);
            }
            _ => return None,
        }
    }
    Some(match held {
        None => sum,
        // 一百二 leaves the ten away, 一百零二 does not.
        Some(digit) if !zero && last_unit > 10 && last_unit < 10_000 => sum + digit * last_unit / 10,
        Some(digit) if !zero && last_unit == 10_000 => sum + digit * lone,
        Some(digit) => sum + digit,
    })
}
