//! The last part of the way: the files, and what to do next.

use std::path::Path;

use documents::file_name;
use serde_json::json;
use studio::{Studio, ports::Usage, run::Run, views};

use super::units;
use crate::{
    choice::Chosen,
    cli::{book, follow::cost, output::Output},
    failure::Failure,
    out_files::OutFiles,
    say,
    wiring::Wiring,
};

/// Writes the book's files and says what to do next.
pub(crate) async fn finish(
    studio: &Studio,
    wiring: &Wiring,
    run: &Run,
    formats: &[String],
    out: &Path,
    output: &Output,
) -> Result<(), Failure> {
    let chosen = Chosen::from(studio.book(run).await?);
    let book = &chosen.book;
    let mut files = OutFiles::open(&wiring.data_dir);
    let mut written = Vec::new();
    for format in formats {
        let name = file_name(&book.title, book.label.as_deref(), book::extension(format));
        let file = files.write(out, &name, &run.id, &book::render(run, &chosen, format))?;
        if let Some(left) = &file.left_alone {
            output.warn(&say!(
                "{} was changed by hand and is left as it is; the new text is in {}." | "{} 已被手工修改，保持原样；新文本写入 {}。",
                left.display(),
                file.path.display()
            ));
        }
        written.push(file);
    }
    let length = book::length(book);
    output.data(
        || {
            json!({
                "run": views::run(run),
                "book": { "title": book.title, "chapters": book.chapters.len(), "length": length, "rehearsal": book.rehearsal },
                "files": written.iter().map(|w| json!({ "path": w.path, "changed": w.changed })).collect::<Vec<_>>(),
            })
        },
        || written.iter().map(|w| w.path.display().to_string()).collect(),
    );
    let (chapters, total) = (book.chapters.len(), book::length_words(length, &book.language));
    let (units, measure) = units(run.kind);
    output.note(&say!("Finished: {} {units}, {}, {}." | "完成：{} {measure}，{}，{}。", chapters, total, cost(run)));
    let unit = run.kind.artifact().unit();
    let warnings: usize = book.chapters.iter().map(|c| c.findings.len()).sum();
    for chapter in book.chapters.iter().filter(|c| !c.findings.is_empty()) {
        for (_, message) in &chapter.findings {
            output.note(&say!("  {unit} {}: {}" | "  第 {} {measure}：{}", chapter.ordinal, say::told(message)));
        }
    }
    if warnings > 0 {
        let (stay, s) = if warnings == 1 { ("stays", "") } else { ("stay", "s") };
        output.note(&say!("{} finding{s} {stay} with the text for you to judge." | "{} 条发现随文本保留，由你定夺。", warnings));
    }
    next(wiring, book.rehearsal, run, output).await;
    Ok(())
}

/// What to do next.
async fn next(wiring: &Wiring, rehearsal: bool, run: &Run, output: &Output) {
    if !rehearsal {
        output.note(&say!(
            "Next: read it; `fabulist export {} --format txt` gives plain text."
                | "接下来：通读书稿；`fabulist export {} --format txt` 导出纯文本。",
            run.id
        ));
        return;
    }
    output.note(&say!(
        "This is a rehearsal. To have it written by a real model, give the same command with one:"
            | "这是一次排练。要用真实模型写作，请用同一命令加上："
    ));
    let (input, written) = (run.usage.input_tokens, run.usage.output_tokens);
    for row in wiring.models().look().await {
        if row.provider == "rehearsal" {
            continue;
        }
        // The whole book is priced as if it were one call, whatever the longest prompt of the price is.
        let price = row.price.map(|price| llm::prices::Price { up_to: None, ..price });
        let usage = Usage { calls: 1, input_tokens: input, cached_input_tokens: 0, output_tokens: written, cost: None };
        let price = match price.and_then(|price| price.of(&usage)) {
            Some(cost) => say!("about ${:.2} for a book of this length" | "这样篇幅约 ${:.2}", views::dollars(cost)),
            None => say!("price unknown" | "价格未知"),
        };
        let state = if row.configured { say!("ready" | "可用") } else { say!("not configured" | "未配置") };
        output.note(&format!("  --model {:<24} {state}; {price}", row.example));
    }
}
