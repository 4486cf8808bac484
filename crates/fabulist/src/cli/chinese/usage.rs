use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

/// What is wrong with a command line, in one or two sentences, as `(detail, usage)`; none where clap has only a page of help to show.
pub(in crate::cli) fn wrong(error: &Error) -> Option<(String, Option<String>)> {
    let told = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        Some(ContextValue::Number(n)) => n.to_string(),
        _ => String::new(),
    };
    let arg = || told(ContextKind::InvalidArg);
    let value = || told(ContextKind::InvalidValue);
    let mut detail = match error.kind() {
        ErrorKind::UnknownArgument => format!("没有参数 {}。", arg()),
        ErrorKind::InvalidSubcommand => format!("没有命令 {}。", told(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingRequiredArgument => format!("缺少必需的参数：{}。", arg()),
        ErrorKind::MissingSubcommand => "缺少子命令。".into(),
        ErrorKind::ArgumentConflict if error.get(ContextKind::PriorArg).is_none() => format!("参数 {} 只能给出一次。", arg()),
        ErrorKind::ArgumentConflict => format!("参数 {} 不能与 {} 同用。", arg(), told(ContextKind::PriorArg)),
        ErrorKind::InvalidValue if value().is_empty() => format!("参数 {} 需要一个值。", arg()),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => format!("参数 {} 的值 {} 不合要求。", arg(), value()),
        ErrorKind::TooManyValues => format!("参数 {} 给出的值太多。", arg()),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => format!("参数 {} 给出的值个数不对。", arg()),
        ErrorKind::NoEquals => format!("参数 {} 与它的值之间要写等号。", arg()),
        ErrorKind::InvalidUtf8 => "命令行里有不是 UTF-8 的文字。".into(),
        _ => return None,
    };
    if let Some(source) = std::error::Error::source(error).map(ToString::to_string) {
        // `7 is not in 1..=3`: the figures say it in any language.
        if let Some((_, range)) = source.split_once(" is not in ") {
            detail.push_str(&format!("须在 {range} 之内。"));
        }
    }
    let valid = told(ContextKind::ValidValue);
    if !valid.is_empty() {
        detail.push_str(&format!("可选：{valid}。"));
    }
    for kind in [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue] {
        let meant = told(kind);
        if !meant.is_empty() {
            detail.push_str(&format!("是不是想写 {meant}？"));
        }
    }
    let usage = told(ContextKind::Usage);
    let usage = usage.trim().trim_start_matches("Usage:").trim();
    Some((detail, (!usage.is_empty()).then(|| usage.to_owned())))
}
