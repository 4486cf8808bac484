use clap::Args;
use serde_json::json;
use store::Place;
use story::{
    language::Tongue,
    tasks::{BriefView, ChapterPlan, PlanBeats, Prompt, Segment, ask, render},
    text::Unit,
};
use studio::ports::{Models, Store};

use super::{Globals, output::Output};
use crate::{
    failure::{Exit, Failure},
    say,
    wiring::Wiring,
};

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Do not ask the model anything
    #[arg(long)]
    offline: bool,
}

struct Check {
    name: String,
    fault: Option<(String, String)>,
    said: String,
}

/// Looks at the data folder and the database, and asks the model one small thing. Exits 1 for data, 6 for a provider.
pub(crate) async fn doctor(globals: &Globals, args: DoctorArgs, output: &Output) -> Result<(), Failure> {
    let wiring = Wiring::new(globals)?;
    let mut checks = vec![data(&wiring).await];
    let data_fault = checks[0].fault.is_some();
    if !args.offline {
        checks.push(model(&wiring).await);
        checks.push(providers(&wiring).await);
    }
    output.data(
        || {
            let items: Vec<_> = checks
                .iter()
                .map(|c| json!({ "name": c.name, "ok": c.fault.is_none(), "detail": c.fault.as_ref().map_or(&c.said, |f| &f.0), "hint": c.fault.as_ref().map(|f| &f.1) }))
                .collect();
            json!({ "ok": checks.iter().all(|c| c.fault.is_none()), "checks": items })
        },
        || {
            let mut lines = Vec::new();
            for check in &checks {
                match &check.fault {
                    None => lines.push(format!("{} {}: {}", output.paint("32", "✓"), check.name, check.said)),
                    Some((detail, hint)) => {
                        lines.push(format!("{} {}: {detail}", output.paint("31", "✗"), check.name));
                        lines.push(format!("  {hint}"));
                    }
                }
            }
            lines
        },
    );
    if data_fault {
        return Err(Failure::new(Exit::Failed, "", ""));
    }
    if checks.iter().any(|c| c.fault.is_some()) {
        return Err(Failure::new(Exit::Provider, "", ""));
    }
    Ok(())
}

async fn data(wiring: &Wiring) -> Check {
    let name = match wiring.place {
        Place::Folder(_) => say!("data in {}" | "数据目录 {}", wiring.data_dir.display()),
        Place::Url(_) => say!("data on a server" | "数据库服务器"),
    };
    let opened = async {
        let store = wiring.store().await?;
        let health = store.health().await;
        let about = store.about().await;
        store.close().await;
        health.and(about).map_err(Failure::from)
    };
    match opened.await {
        Ok(about) => {
            let ms = format!("{:.1}", about.latency.as_secs_f64() * 1000.0);
            let said =
                say!("the database can be read and written; {} answers in {} ms" | "数据库读写正常；{}，应答 {} 毫秒", about.database, ms);
            Check { name, fault: None, said }
        }
        Err(e) => Check { name, fault: Some((e.detail, e.hint)), said: String::new() },
    }
}

/// Which providers are in reach. Says it and judges nothing: nobody needs them all. No key is sent anywhere.
async fn providers(wiring: &Wiring) -> Check {
    let rows = wiring.models().look().await;
    let of = |configured: bool| {
        let names = rows.iter().filter(|row| row.configured == configured && row.provider != "rehearsal").map(|row| match &row.needs {
            Some(needs) => say!("{} (set {})" | "{}（请设置 {}）", row.provider, needs),
            None => row.provider.clone(),
        });
        names.collect::<Vec<_>>().join(", ")
    };
    let none = || say!("none" | "无");
    let named = |names: String| if names.is_empty() { none() } else { names };
    let said = say!("ready: {}; not configured: {}" | "可用：{}；未配置：{}", named(of(true)), named(of(false)));
    Check { name: say!("providers" | "模型服务"), fault: None, said }
}

/// One small structured question, as a run would ask it.
async fn model(wiring: &Wiring) -> Check {
    let name = say!("model {}" | "模型 {}", wiring.model);
    let input = PlanBeats {
        brief: BriefView { language: "en".into(), ..BriefView::default() },
        chapter: ChapterPlan {
            number: 1,
            title: "The Visit".into(),
            summary: "A stranger knocks at a door at night.".into(),
            hook: String::new(),
        },
        chapter_count: 1,
        beat_count: 3,
        length: story::output_spec::LengthRange { min: 300, max: 900, unit: Unit::Words },
        dead: Vec::new(),
        guidance: Vec::new(),
    };
    let prompt = Prompt {
        system: vec![Segment::new("system", "You plan stories. Answer with JSON only.")],
        user: vec![render(&input, Tongue::En)],
        turns: Vec::new(),
    };
    let call = ask("doctor", &input, prompt, 800, 0);
    let begun = std::time::Instant::now();
    let asked = async {
        let model = wiring.models().open(&wiring.model)?;
        model.ask(&call, &mut |_| {}).await
    };
    match asked.await {
        Ok(reply) if story::tasks::find_json(&reply.text).is_some() => {
            let ms = begun.elapsed().as_millis();
            Check {
                name,
                fault: None,
                said: say!(
                    "answered in {} ms with {} tokens, as JSON" | "{} 毫秒内作答，{} tokens，JSON 可用",
                    ms,
                    reply.usage.output_tokens
                ),
            }
        }
        Ok(_) => Check {
            name,
            fault: Some((
                say!("it answers, but not with JSON" | "能作答，但不是 JSON"),
                say!("Choose a model that can follow a schema." | "请换用能按模式输出的模型。"),
            )),
            said: String::new(),
        },
        Err(e) => Check { name, fault: Some((e.to_string(), e.hint())), said: String::new() },
    }
}
