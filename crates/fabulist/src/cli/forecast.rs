//! `fabulist runs forecast`.

use studio::{
    Studio,
    forecast::Basis,
    views::{self, RangeView},
};

use super::{output::Output, runs::One};
use crate::{failure::Failure, say};

/// Says what is still to come of a run.
pub(crate) async fn forecast(studio: &Studio, one: &One, output: &Output) -> Result<(), Failure> {
    let run = studio.run(&one.run).await?;
    let told = views::forecast(&studio.forecast(&run.id).await?);
    if output.json {
        output.line(&serde_json::json!(told).to_string());
        return Ok(());
    }
    output.line(&say!("{} still to be written, with {}" | "尚待写作：{}（{}）", told.units, told.model));
    output.line(&match told.based_on {
        Basis::OwnUnits => say!("From {} finished units of this run" | "依据：本次运行已完成的 {} 个单元", told.seen),
        Basis::OtherRuns => say!("From {} finished units of other runs with this model" | "依据：同一模型其他运行的 {} 个单元", told.seen),
        Basis::Rule => say!("By rule, from the lengths that are planned" | "依据：按计划篇幅估算"),
    });
    let line =
        |name: String, range: RangeView| output.line(&format!("{name:<16}{:>14}  {:>14}  {:>14}", range.low, range.likely, range.high));
    let [low, likely, high] = [say!("low" | "低"), say!("likely" | "可能"), say!("high" | "高")];
    output.line(&format!("{:<16}{low:>14}  {likely:>14}  {high:>14}", ""));
    line(say!("calls" | "调用次数"), told.calls);
    line(say!("tokens read" | "输入词元"), told.input_tokens);
    line(say!("tokens written" | "输出词元"), told.output_tokens);
    line(say!("seconds" | "秒"), told.seconds);
    match told.cost_usd {
        Some(cost) => line(say!("US$" | "美元"), cost),
        None => output.line(&say!("The price of {} is not known." | "{} 的价格未知。", told.model)),
    }
    Ok(())
}
