use serde_json::json;
use studio::views::dollars;

use super::{Globals, output::Output};
use crate::{failure::Failure, say, wiring::Wiring};

/// Lists the models that are in reach, what the others need, and what they cost. Nobody is asked but an Ollama, which needs no key.
pub(crate) async fn models(globals: &Globals, output: &Output) -> Result<(), Failure> {
    let wiring = Wiring::new(globals)?;
    let rows = wiring.models().look().await;
    output.data(
        || {
            let items: Vec<_> = rows
                .iter()
                .map(|row| {
                    json!({
                        "provider": row.provider, "configured": row.configured, "needs": row.needs, "example": row.example,
                        "at_hand": row.at_hand,
                        "input_usd_per_million": row.price.map(|p| dollars(p.input)), "output_usd_per_million": row.price.map(|p| dollars(p.output)),
                    })
                })
                .collect();
            json!({ "items": items, "default": wiring.model, "prices_version": llm::prices::version() })
        },
        || {
            let mut lines = Vec::new();
            for row in &rows {
                let price = match row.price {
                    Some(price) if price == llm::prices::Price::FREE => say!("free" | "免费"),
                    Some(price) => {
                        let (input, output) = (dollars(price.input), dollars(price.output));
                        say!("${} in, ${} out per million tokens" | "每百万 token：输入 ${}，输出 ${}", input, output)
                    }
                    None => say!("price unknown" | "价格未知"),
                };
                let state = if row.configured { say!("ready" | "可用") } else { say!("not configured" | "未配置") };
                lines.push(format!("{:<28} {state}; {price}", row.example));
                if let Some(needs) = &row.needs {
                    lines.push(say!("  set {}" | "  请设置 {}", needs));
                }
                if row.at_hand.len() > 1 {
                    lines.push(say!("  also {}" | "  另有 {}", row.at_hand[1..].join(", ")));
                }
            }
            lines
        },
    );
    if wiring.model_chosen {
        output.note(&say!("Used unless --model says otherwise: {}." | "默认使用：{}。", wiring.model));
    } else {
        output.note(&say!(
            "No model is configured, so rehearsal is used: offline, free, deterministic."
                | "尚未配置模型，使用排练模型：离线、免费、结果固定。"
        ));
    }
    Ok(())
}
