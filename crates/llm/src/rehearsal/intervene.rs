use story::{
    language::Tongue,
    tasks::{Intervene, Intervention, NewGuidance, PlanAction, PlanChange},
};

use super::draft::ended;

/// Takes the instruction for what it says: it holds from now on, and where it names chapters, in their plan.
pub(super) fn intervene(input: &Intervene) -> Intervention {
    let zh = input.instruction.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let tongue = if zh { Tongue::Zh } else { Tongue::En };
    let said = input.instruction.trim();
    let open: Vec<u32> = input.named.iter().copied().filter(|n| *n > input.committed).collect();
    let plan: Vec<PlanChange> = input
        .chapters
        .iter()
        .filter(|chapter| open.contains(&chapter.number))
        .map(|chapter| PlanChange {
            chapter: i64::from(chapter.number),
            action: PlanAction::Change,
            summary: Some(
                format!("{}{}{}", ended(&chapter.summary, tongue), if zh { "" } else { " " }, ended(said, tongue)).trim().to_owned(),
            ),
            ..PlanChange::default()
        })
        .collect();
    let one = (plan.len() == 1).then(|| plan[0].chapter);
    let names = |numbers: &[u32]| numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(if zh { "、" } else { ", " });
    let closed: Vec<u32> = input.named.iter().copied().filter(|n| *n <= input.committed).collect();
    let mut message = match (zh, open.is_empty()) {
        (false, true) => "I keep this as a standing instruction.".to_owned(),
        (false, false) => format!("I keep this as a standing instruction and have put it into the plan of chapter {}.", names(&open)),
        (true, true) => "已记为长期要求。".to_owned(),
        (true, false) => format!("已记为长期要求，并写入第{}章的规划。", names(&open)),
    };
    if !closed.is_empty() {
        message.push_str(&if zh {
            format!("第{}章已定稿，未作改动，可用重写。", names(&closed))
        } else {
            format!(" Chapter {} is committed and stays as it is; redo it to have it changed.", names(&closed))
        });
    }
    Intervention { message, guidance: vec![NewGuidance { text: said.to_owned(), chapter: one }], plan, ..Intervention::default() }
}
