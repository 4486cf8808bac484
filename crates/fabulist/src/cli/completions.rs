use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use super::{Cli, output::Output};
use crate::failure::Failure;

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

pub(crate) fn completions(args: CompletionsArgs, output: &Output) -> Result<(), Failure> {
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "fabulist", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    output.data(|| serde_json::json!({ "shell": args.shell.to_string(), "script": script }), || vec![script.trim_end().to_owned()]);
    Ok(())
}
