//! 短剧: `第N集`, `N-M 日 内 地点`, `人物：`, `△`, `名：（情绪）台词`.

mod check;
mod emit;
mod hooks;
mod parse;

pub use check::check;
pub use hooks::{Hooks, hooks};
pub use parse::{Kind, Row, parse, script_of};

/// The times of day that a heading may bear.
pub(crate) const TIMES: [&str; 18] = [
    "日/夜", "黄昏", "清晨", "傍晚", "凌晨", "早晨", "上午", "中午", "正午", "下午", "午后", "深夜", "晚上", "夜晚", "日", "夜", "晨", "昏",
];
