//! Help and the errors of the command line in Chinese.
//!
//! The English words stand where clap reads them, beside the commands and options; [`words`] holds the Chinese ones under them. A test
//! walks the whole tree and finds every text that has none.

mod usage;
mod words;

use clap::{Arg, ArgAction, Command, builder::StyledStr};

pub(super) use usage::wrong;

/// How a page of help is laid out.
const WITH_COMMANDS: &str = "{about-with-newline}\n用法：{usage}\n\n命令：\n{subcommands}\n\n选项：\n{options}";
const WITH_ARGUMENTS: &str = "{about-with-newline}\n用法：{usage}\n\n参数：\n{positionals}\n\n选项：\n{options}";
const PLAIN: &str = "{about-with-newline}\n用法：{usage}\n\n选项：\n{options}";

/// The command and everything below it, explained in Chinese.
pub(super) fn command(command: Command) -> Command {
    // Only a built tree has its help options and the options that hold everywhere.
    let mut built = command;
    built.build();
    translated(built)
}

fn translated(mut command: Command) -> Command {
    if let Some(about) = said(command.get_about()) {
        command = command.about(about);
    }
    if let Some(about) = said(command.get_long_about()) {
        command = command.long_about(about);
    }
    let template = if command.has_subcommands() {
        WITH_COMMANDS
    } else if command.get_positionals().next().is_some() {
        WITH_ARGUMENTS
    } else {
        PLAIN
    };
    let usage = command.render_usage().to_string().trim_start_matches("Usage:").trim().replace("[OPTIONS]", "[选项]");
    command
        .override_usage(usage.replace("<COMMAND>", "<命令>").replace("[COMMAND]", "[命令]"))
        .help_template(template)
        .mut_args(argument)
        .mut_subcommands(translated)
}

fn said(english: Option<&StyledStr>) -> Option<&'static str> {
    english.and_then(|text| words::chinese(&text.to_string()))
}

/// An argument with its help, and with what clap would add in English: the default, the variable, the values that there are.
fn argument(arg: Arg) -> Arg {
    let Some(help) = said(arg.get_help()) else { return arg };
    let mut short = help.to_owned();
    let mut long = help.to_owned();
    let takes_values = matches!(arg.get_action(), ArgAction::Set | ArgAction::Append);
    let values = if takes_values { arg.get_possible_values() } else { Vec::new() };
    let names: Vec<&str> = values.iter().filter(|value| !value.is_hide_set()).map(|value| value.get_name()).collect();
    let defaults: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    let mut add = |text: String| {
        short.push_str(&text);
        long.push_str(&text);
    };
    if let Some(variable) = arg.get_env() {
        add(format!(" [环境变量：{}]", variable.to_string_lossy()));
    }
    if !defaults.is_empty() && takes_values {
        add(format!(" [默认：{}]", defaults.join("、")));
    }
    if !names.is_empty() {
        short.push_str(&format!(" [可选：{}]", names.join("、")));
        long.push_str("\n\n可选的值：");
        for value in values.iter().filter(|value| !value.is_hide_set()) {
            let help = said(value.get_help()).map_or(String::new(), |help| format!("：{help}"));
            long.push_str(&format!("\n- {}{help}", value.get_name()));
        }
    }
    arg.help(short).long_help(long).hide_possible_values(true).hide_default_value(true).hide_env(true)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    /// Every English text of the tree, with the way to it.
    fn texts(command: &Command, path: &str, all: &mut Vec<(String, String)>) {
        let path = format!("{path} {}", command.get_name());
        let mut add = |at: String, text: Option<&StyledStr>| all.extend(text.map(|text| (at, text.to_string())));
        add(path.clone(), command.get_about());
        add(path.clone(), command.get_long_about());
        for arg in command.get_arguments() {
            let at = format!("{path} {}", arg.get_id());
            add(at.clone(), arg.get_help());
            add(at.clone(), arg.get_long_help());
            for value in arg.get_possible_values() {
                add(format!("{at} {}", value.get_name()), value.get_help());
            }
        }
        for below in command.get_subcommands() {
            texts(below, &path, all);
        }
    }

    #[test]
    fn every_command_and_every_option_is_explained_in_chinese() {
        let mut tree = Cli::command();
        tree.build();
        let mut all = Vec::new();
        texts(&tree, "", &mut all);
        assert!(all.len() > 150, "{} texts are not the whole tree", all.len());
        let missing: Vec<_> = all.iter().filter(|(_, text)| words::chinese(text).is_none()).collect();
        assert!(missing.is_empty(), "no Chinese words in cli/chinese/words.rs for: {missing:#?}");
        let used = |english: &str| all.iter().any(|(_, text)| text == english);
        let idle: Vec<_> = words::ALL.iter().map(|(english, _)| *english).filter(|english| !used(english)).collect();
        assert!(idle.is_empty(), "nobody says this any more: {idle:#?}");
    }

    #[test]
    fn nothing_of_a_page_of_help_stays_english() {
        let mut pages = vec![command(Cli::command())];
        while let Some(mut page) = pages.pop() {
            for text in [page.render_help().to_string(), page.render_long_help().to_string()] {
                for word in
                    ["Usage", "Options:", "Commands:", "Arguments:", "default:", "possible values", "Possible values", "env:", "Print "]
                {
                    assert!(!text.contains(word), "{word} in\n{text}");
                }
                assert!(text.contains("用法：fabulist"), "{text}");
            }
            pages.extend(page.get_subcommands().cloned());
        }
    }
}
