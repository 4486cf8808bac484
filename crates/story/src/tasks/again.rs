//! What a model is told when its answer broke off, or cannot be used.

use super::Prompt;
use crate::language::Tongue;

impl Prompt {
    /// Asks for the rest of `so_far`, which was cut off by its length.
    #[must_use]
    pub fn go_on(&self, so_far: &str, tongue: Tongue) -> Self {
        let ask = match tongue {
            Tongue::En => "You were cut off. Go on from exactly where you stopped, without repeating anything and without a word about it.",
            Tongue::Zh => "你的输出被截断了。请从中断之处原样接着写，不要重复任何内容，也不要作任何说明。",
        };
        self.and_then(so_far, ask.to_owned())
    }

    /// Asks for the whole answer once more, after `said` was found to have this `fault`.
    #[must_use]
    pub fn repair(&self, said: &str, fault: &str, tongue: Tongue) -> Self {
        let ask = match tongue {
            Tongue::En => format!("Your answer cannot be used: {fault}. Answer again with the whole JSON object and nothing else."),
            Tongue::Zh => format!("你的回答无法使用：{fault}。请重新给出完整的 JSON 对象，除此之外什么都不要写。"),
        };
        self.and_then(said, ask)
    }
}
